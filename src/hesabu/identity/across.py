"""Questions across businesses, for the platform's own people: that a business is there, who is of the platform, what they are
told of, what they did. Nothing inside a business is read here; its name comes from its own row, bound with those of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from hesabu.identity import models, notices, platform
from hesabu.identity.types import (
    InvitationWay,
    Listed,
    NoticeChoice,
    NoticeView,
    NoticeWay,
    PlatformInvitation,
    PlatformPlace,
    PlatformRole,
    When,
)
from hesabu.kit import clock, crypto, ids
from hesabu.store import audit, tenancy

TIMEZONE = "UTC"
"""Of a reader who has not said where they are."""
LISTED_MOST = 50
ABOUT_THE_PLATFORM = (
    "identity.PlatformInvited",
    "identity.PlatformInvitationRevoked",
    "identity.PlatformLooked",
    "identity.PlatformNoticesChosen",
    "identity.PlatformRoleGranted",
    "identity.PlatformRoleTaken",
    "identity.PlatformTakingAsked",
    "identity.PlatformTakingStopped",
    "identity.RestorationAsked",
    "identity.RestorationAgreed",
    "identity.RestorationDone",
    "identity.RestorationStopped",
)


def platform_places() -> list[PlatformPlace]:
    """Everybody with a role on the platform, admins first. In a house transaction."""
    order = list(PlatformRole)
    taking = models.Taking.objects.filter(
        person_id=OuterRef("person_id"), stopped_at=None, done_at=None
    )
    rows = models.PlatformMember.objects.select_related("person").annotate(
        taking_id=Subquery(taking.values("id")[:1]), taken_at=Subquery(taking.values("due_at")[:1])
    )
    found = [
        replace(_place(row), taking_id=row.taking_id, taken_at=row.taken_at)
        if row.role == PlatformRole.ADMIN
        else _place(row)
        for row in rows
    ]
    return sorted(found, key=lambda one: (order.index(one.role), one.granted_at))


def _place(row: models.PlatformMember) -> PlatformPlace:
    return PlatformPlace(
        row.person_id, row.person.name, PlatformRole(row.role), row.granted_at, ids.short(row.id)
    )


def agent_of_code(code: str) -> PlatformPlace | None:
    """The agent who hands that code out, while they are one. In any binding."""
    try:
        member_id = ids.read_short(code)
    except ids.BadId:
        return None
    rows = models.PlatformMember.objects.filter(id=member_id, role=PlatformRole.AGENT.value)
    row = rows.select_related("person").first()
    return _place(row) if row else None


def agent_code_of(person_id: UUID) -> str | None:
    """What an agent hands out. In any binding."""
    rows = models.PlatformMember.objects.filter(person_id=person_id, role=PlatformRole.AGENT.value)
    found = rows.values_list("id", flat=True).first()
    return ids.short(found) if found else None


def platform_invitations() -> list[PlatformInvitation]:
    """Those that may still be accepted, newest first. In a house transaction."""
    rows = models.Invitation.objects.filter(
        business_id=tenancy.HOUSE,
        way=InvitationWay.EMAIL.value,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=clock.now(),
    )
    return [
        PlatformInvitation(
            row.id, PlatformRole(row.role), row.address or "", row.created_at, row.expires_at
        )
        for row in rows.order_by("-id")
    ]


def business_count(*, since_days: int | None = None) -> int:
    """How many businesses there are, or began within so many days. In any binding."""
    rows = models.Listing.objects.all()
    if since_days is not None:
        rows = rows.filter(created_at__gt=clock.now() - timedelta(days=since_days))
    return rows.count()


def listed_businesses(
    *,
    before: UUID | None = None,
    brought_by_id: UUID | None = None,
    most: int = LISTED_MOST,
) -> list[Listed]:
    """Businesses as the platform sees them, newest first, those before `before`. In a house transaction."""
    rows = models.Listing.objects.order_by("-created_at", "-business_id")
    if brought_by_id is not None:
        rows = rows.filter(brought_by_id=brought_by_id)
    last = models.Listing.objects.filter(business_id=before).first() if before else None
    if last is not None:
        older = Q(created_at__lt=last.created_at)
        rows = rows.filter(older | Q(created_at=last.created_at, business_id__lt=last.business_id))
    found = list(rows[: min(most, LISTED_MOST)])
    names = names_of([row.business_id for row in found])
    return [
        Listed(
            row.business_id,
            names.get(row.business_id, ""),
            row.country,
            row.created_at,
            row.brought_by_id,
        )
        for row in found
    ]


def names_of(business_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What these businesses are called, and nothing else of them. In a house transaction."""
    wanted = [one for one in dict.fromkeys(business_ids) if one != tenancy.HOUSE][: LISTED_MOST * 4]
    if not wanted:
        return {}
    with tenancy.bound(*wanted):
        return dict(models.Business.objects.filter(id__in=wanted).values_list("id", "name"))


def alert_count(*, since_days: int) -> int:
    """In any binding."""
    kinds = [kind.name for kind in notices.kinds() if kind.is_alert]
    since = clock.now() - timedelta(days=since_days)
    return models.Notice.objects.filter(kind__in=kinds, at__gt=since).count()


def alerts(most: int = 20) -> list[NoticeView]:
    """The last alerts, newest first. In any binding."""
    kinds = [kind.name for kind in notices.kinds() if kind.is_alert]
    rows = models.Notice.objects.filter(kind__in=kinds).order_by("-at", "-id")
    return [notice_view(row) for row in rows[:most]]


def notice(notice_id: UUID) -> NoticeView:
    """In any binding."""
    return notice_view(models.Notice.objects.get(id=notice_id))


def notice_view(row: models.Notice) -> NoticeView:
    kind = notices.named(row.kind)
    return NoticeView(
        row.id,
        kind.name,
        kind.words,
        kind.is_alert,
        row.business_id,
        row.subject_kind,
        row.subject_id,
        row.at,
    )


def notice_readers() -> list[UUID]:
    """Who may be told of anything: those of the platform with `notice:read`. In any binding."""
    roles = [role.value for role in platform.NOTICE_READ.to]
    rows = models.PlatformMember.objects.filter(role__in=roles)
    return sorted(set(rows.values_list("person_id", flat=True)))


def choice_of(person_id: UUID, kind: str) -> NoticeChoice:
    """What somebody chose for a kind, or what counts until they do. In any binding."""
    row = models.NoticeChoice.objects.filter(person_id=person_id, kind=kind).first()
    return _choice(notices.named(kind), row, _roles(person_id))


def notice_choices(person_id: UUID) -> list[NoticeChoice]:
    """Of every kind, alerts first. In any binding."""
    chosen = {row.kind: row for row in models.NoticeChoice.objects.filter(person_id=person_id)}
    roles = _roles(person_id)
    return [_choice(kind, chosen.get(kind.name), roles) for kind in notices.kinds()]


def notice_words() -> dict[str, str]:
    """What each kind of notice tells of, by its name."""
    return {kind.name: kind.words for kind in notices.kinds()}


def _choice(
    kind: notices.Kind, row: models.NoticeChoice | None, roles: set[PlatformRole]
) -> NoticeChoice:
    when = When(row.timing) if row else notices.unless_chosen(roles, kind)
    way = NoticeWay(row.way) if row else NoticeWay.EMAIL
    return NoticeChoice(kind.name, kind.words, kind.is_alert, when, way)


def digest_timezone(person_id: UUID) -> str:
    """Whose 08:00 somebody's digest goes out at. In any binding."""
    row = models.NoticeReader.objects.filter(person_id=person_id).first()
    return row.timezone if row else TIMEZONE


def platform_acts(*, before: UUID | None = None, most: int = 50) -> list[audit.Act]:
    """What the platform's people did, newest first. In a house transaction."""
    return audit.acts(audit.Asked(kinds=ABOUT_THE_PLATFORM), before=before, most=most)


def businesses_asked_by(person_id: UUID, *, days: int) -> list[UUID]:
    """The businesses that somebody of support asked to let them look, lately. In a house transaction."""
    asked = audit.Asked(
        kind="identity.PlatformLooked",
        actor_id=person_id,
        since=clock.now() - timedelta(days=days),
    )
    found = [
        act.fact.payload.get("at_business_id")
        for act in audit.acts(asked, most=500)
        if act.fact.payload.get("page") == "support-ask"
    ]
    return [UUID(one) for one in dict.fromkeys(found) if one]


def mail_of(person_id: UUID) -> str | None:
    """The address at which somebody signs in, where they proved it. In any binding."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT email FROM account_emailaddress WHERE user_id = %s AND verified ORDER BY "primary" DESC, id LIMIT 1',
            (person_id,),
        )
        found = cursor.fetchone()
    if found is None:
        return None
    kept = str(found[0])
    return crypto.reveal(kept) if kept.startswith(crypto.HIDDEN) else kept


def _roles(person_id: UUID) -> set[PlatformRole]:
    rows = models.PlatformMember.objects.filter(person_id=person_id)
    return {PlatformRole(role) for role in rows.values_list("role", flat=True)}
