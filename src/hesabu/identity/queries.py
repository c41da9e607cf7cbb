"""Questions about people and businesses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.identity import models, permissions, rules
from hesabu.identity.across import agent_code_of as agent_code_of
from hesabu.identity.across import agent_of_code as agent_of_code
from hesabu.identity.across import alert_count as alert_count
from hesabu.identity.across import alerts as alerts
from hesabu.identity.across import business_count as business_count
from hesabu.identity.across import businesses_asked_by as businesses_asked_by
from hesabu.identity.across import choice_of as choice_of
from hesabu.identity.across import digest_timezone as digest_timezone
from hesabu.identity.across import listed_businesses as listed_businesses
from hesabu.identity.across import mail_of as mail_of
from hesabu.identity.across import names_of as names_of
from hesabu.identity.across import notice as notice
from hesabu.identity.across import notice_choices as notice_choices
from hesabu.identity.across import notice_readers as notice_readers
from hesabu.identity.across import notice_words as notice_words
from hesabu.identity.across import platform_acts as platform_acts
from hesabu.identity.across import platform_invitations as platform_invitations
from hesabu.identity.across import platform_places as platform_places
from hesabu.identity.errors import (
    AppNotFound,
    BusinessNotFound,
    PersonNotFound,
)
from hesabu.identity.held import held_on_person as held_on_person
from hesabu.identity.held import person_ids_of as person_ids_of
from hesabu.identity.held import proved_emails_of as proved_emails_of
from hesabu.identity.leaving import closing_of as closing_of
from hesabu.identity.leaving import closings_due as closings_due
from hesabu.identity.leaving import export as export
from hesabu.identity.leaving import exports_on as exports_on
from hesabu.identity.proofs import attempts_of as attempts_of
from hesabu.identity.proofs import due_first_proofs as due_first_proofs
from hesabu.identity.proofs import due_restorations as due_restorations
from hesabu.identity.proofs import fellow_owners_of as fellow_owners_of
from hesabu.identity.proofs import first_proof_of as first_proof_of
from hesabu.identity.proofs import has_come_from as has_come_from
from hesabu.identity.proofs import is_pin_doubted as is_pin_doubted
from hesabu.identity.proofs import needs_first_proof as needs_first_proof
from hesabu.identity.proofs import pin_counts_from as pin_counts_from
from hesabu.identity.proofs import restoration_of as restoration_of
from hesabu.identity.proofs import restorations_waiting as restorations_waiting
from hesabu.identity.proofs import takings as takings
from hesabu.identity.proofs import text_factor_of as text_factor_of
from hesabu.identity.proofs import untold_first_pins as untold_first_pins
from hesabu.identity.types import (
    AppView,
    Business,
    BusinessChangeView,
    GrantView,
    InvitationView,
    InvitationWay,
    KeyView,
    Membership,
    Person,
    PlatformRole,
    Programs,
    Role,
)
from hesabu.identity.words_awaited import approval as approval
from hesabu.identity.words_awaited import approvals_answered as approvals_answered
from hesabu.identity.words_awaited import approvals_waiting as approvals_waiting
from hesabu.identity.words_awaited import approvals_waiting_counts as approvals_waiting_counts
from hesabu.identity.words_awaited import consents as consents
from hesabu.identity.words_awaited import consents_of as consents_of
from hesabu.identity.words_awaited import last_consents_of as last_consents_of
from hesabu.identity.words_awaited import may_answer as may_answer
from hesabu.kit import clock, crypto, ids
from hesabu.kit.errors import HesabuError
from hesabu.store import tenancy


def business(business_id: UUID) -> Business:
    """Inside its binding. Raises BusinessNotFound."""
    if not tenancy.is_bound() or business_id not in tenancy.current().business_ids:
        return _business(business_id)  # the database refuses
    return tenancy.once(("business", business_id), lambda: _business(business_id))


def _business(business_id: UUID) -> Business:
    row = models.Business.objects.filter(id=business_id).first()
    if row is None:
        raise BusinessNotFound(str(business_id))
    return Business(
        id=row.id,
        name=row.name,
        legal_name=row.legal_name or row.name,
        country=row.country,
        currency=row.currency,
        timezone=row.timezone,
        language=row.language,
        tax_id=row.tax_id,
        is_vat_registered=row.is_vat_registered,
        address=row.address,
        phone=row.phone,
        vat_number=row.vat_number,
        registration_number=row.registration_number,
        signatory=row.signatory,
        email=row.email,
        logo_id=row.logo_id,
        pin_for_payments=row.pin_for_payments,
    )


def detail_faults(changes: Mapping[str, Any], country: str) -> dict[str, HesabuError]:
    """What is wrong with each of these details of a business, before any is changed."""
    faults = {}
    for field, value in changes.items():
        try:
            rules.checked_detail(field, value, country)
        except HesabuError as error:
            faults[field] = error
    return faults


def business_changes(limit: int = 20) -> list[BusinessChangeView]:
    """What changed of the one bound business's details, the newest first."""
    rows = models.BusinessChange.objects.filter(business_id=tenancy.only()).order_by("-id")
    return [_change(row) for row in rows[:limit]]


def business_changes_with(change_ids: Collection[UUID]) -> list[BusinessChangeView]:
    """Those of the one bound business's changes."""
    if not change_ids:
        return []
    rows = models.BusinessChange.objects.filter(business_id=tenancy.only(), id__in=change_ids)
    return [_change(row) for row in rows]


def _change(row: models.BusinessChange) -> BusinessChangeView:
    return BusinessChangeView(
        row.id,
        row.person_id,
        row.before,
        row.after,
        row.at,
        row.at + rules.UNDO_WITHIN,
        row.undone_at is not None,
    )


def person(person_id: UUID) -> Person:
    """Inside any binding. Raises PersonNotFound."""
    row = models.Person.objects.filter(id=person_id).first()
    if row is None:
        raise PersonNotFound(str(person_id))
    return _person(row)


def names_of_people(person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """What these people are called, asked at once. Inside any binding."""
    wanted = {one for one in person_ids if one is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in models.Person.objects.filter(id__in=wanted)}


def has_pin(person_id: UUID) -> bool:
    """Whether they have chosen a PIN. Inside any binding, or none."""
    return models.Person.objects.filter(id=person_id).exclude(pin_hash="").exists()


def _person(row: models.Person) -> Person:
    return Person(row.id, row.name, row.language, bool(row.pin_hash), row.created_at)


def tidy_name(text: str) -> str:
    """A person's name as it would be kept. Raises BadName."""
    return rules.checked_name(text)


def person_by_email(email: str) -> Person | None:
    """Inside any binding."""
    index = crypto.blind(f"email:{email.strip().lower()}")
    row = models.Person.objects.filter(email_index=index).first()
    return _person(row) if row else None


def memberships_of(person_id: UUID) -> list[Membership]:
    """The businesses a person belongs to, oldest first. Outside of any business's binding."""
    if not tenancy.is_bound():
        return _memberships_of(person_id)
    found = list(tenancy.once(("memberships", person_id), lambda: _memberships_of(person_id)))
    for one in found:
        permissions.known(person_id, one.business_id, one.role)
    return found


def _memberships_of(person_id: UUID) -> list[Membership]:
    with tenancy.as_person(person_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.business_id, b.name, m.role FROM identity_membership m"
            " JOIN identity_business b ON b.id = m.business_id WHERE m.person_id = %s ORDER BY m.id",
            (person_id,),
        )
        return [Membership(row[0], row[1], person_id, Role(row[2])) for row in cursor.fetchall()]


def is_trusted_with_danger(roles: Iterable[Role]) -> bool:
    """Whether one of these roles may do what is dangerous or moves money: count it, send it elsewhere, bring people in, make
    keys. Whoever may needs a second factor."""
    held = set(roles)
    return any(one.needs_factor and held & one.to for one in permissions.declared())


def members(business_id: UUID) -> list[Membership]:
    """Everybody in the business, oldest first. Inside its binding."""
    name = business(business_id).name
    rows = models.Member.objects.filter(business_id=business_id).order_by("id")
    return [Membership(business_id, name, row.person_id, Role(row.role)) for row in rows]


def role_of(person_id: UUID) -> Role | None:
    """The person's role in the one bound business."""
    role = (
        models.Member.objects.filter(business_id=tenancy.only(), person_id=person_id)
        .values_list("role", flat=True)
        .first()
    )
    return Role(role) if role else None


def keys() -> list[KeyView]:
    """The keys of the one bound business, newest first; those taken back last."""
    rows = models.Key.objects.filter(business_id=tenancy.only()).order_by("-id")
    return sorted(map(_key, rows), key=lambda key: key.revoked_at is not None)


def names_of_programs() -> Programs:
    """What keys and apps of the one bound business are called, those of what people let act there too; asked at once."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRAMS, {"business_id": tenancy.only()})
        rows = cursor.fetchall()
    keys = {one: name for kind, one, name in rows if kind == "key"}
    return Programs(keys, {one: name for kind, one, name in rows if kind == "app"})


_PROGRAMS = """
SELECT 'key', id, name FROM identity_key WHERE business_id = %(business_id)s
UNION ALL SELECT 'app', id, name FROM identity_app WHERE business_id = %(business_id)s
UNION ALL SELECT 'app', id, app_name FROM identity_grant WHERE business_id = %(business_id)s
ORDER BY 2 DESC
"""


def apps() -> list[GrantView]:
    """What people let act for them at the one bound business, newest first."""
    rows = models.Grant.objects.filter(business_id=tenancy.only()).select_related("app")
    return [_grant(row) for row in rows.order_by("-id")]


def apps_of(person_id: UUID) -> list[GrantView]:
    """What the person let act for them, at any business, newest first. In a house transaction, or its own."""
    with tenancy.house():
        rows = models.Grant.objects.filter(person_id=person_id).select_related("app")
        return [_grant(row) for row in rows.order_by("-id")]


def registered_apps() -> list[AppView]:
    """The apps that the one bound business keeps, newest first."""
    rows = models.App.objects.filter(business_id=tenancy.only(), dropped_at=None).order_by("-id")
    return [_app(row) for row in rows]


def app_asking(client_id: str, redirect_uri: str) -> AppView:
    """The app that sends somebody to agree. Raises AppNotFound where there is none, or none that may be answered there. In a
    house transaction, or its own."""
    try:
        app_id = ids.read("app", client_id[:60])
    except ids.BadId as error:
        raise AppNotFound() from error
    with tenancy.house():
        row = models.App.objects.filter(id=app_id, dropped_at=None).first()
        if row is None or redirect_uri not in row.redirect_uris:
            raise AppNotFound()
        return _app(row)


def _app(row: models.App) -> AppView:
    with tenancy.bound(row.business_id):
        made_by = business(row.business_id).name
    return AppView(
        row.id,
        ids.show("app", row.id),
        row.name,
        tuple(row.redirect_uris),
        tuple(row.scopes),
        row.secret_hash is not None,
        row.is_for_others,
        row.business_id,
        made_by,
        row.created_at,
    )


def _grant(row: models.Grant) -> GrantView:
    is_over = row.ends_at is not None and row.ends_at <= clock.now()
    is_dropped = row.app is not None and row.app.dropped_at is not None
    return GrantView(
        row.id,
        row.business_id,
        row.app_name,
        row.person_id,
        tuple(row.scopes),
        row.created_at,
        row.last_used_at,
        row.ends_at,
        row.revoked_at is None and not is_over and not is_dropped,
        row.revoked_why or ("dropped" if is_dropped else "over" if is_over else ""),
    )


def _key(row: models.Key) -> KeyView:
    return KeyView(
        row.id,
        row.name,
        f"hsb_{ids.short(row.id)[:8]}…",
        tuple(row.scopes),
        tuple(row.addresses),
        row.made_by_id,
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.last_used_from or "",
        row.revoked_at,
    )


def invitations() -> list[InvitationView]:
    """Those of the one bound business that may still be accepted, newest first."""
    rows = models.Invitation.objects.filter(
        business_id=tenancy.only(),
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=clock.now(),
    ).order_by("-id")
    return [
        InvitationView(
            row.id,
            Role(row.role),
            InvitationWay(row.way),
            row.address or "",
            row.invited_by_id,
            row.created_at,
            row.expires_at,
        )
        for row in rows
    ]


def platform_roles_of(person_id: UUID) -> set[PlatformRole]:
    """What somebody is on the platform. In any binding, or its own house transaction."""
    if not tenancy.is_bound():
        with tenancy.house():
            return platform_roles_of(person_id)
    rows = models.PlatformMember.objects.filter(person_id=person_id)
    return {PlatformRole(role) for role in rows.values_list("role", flat=True)}


def owned_alone(person_id: UUID) -> list[str]:
    """Names of the businesses that somebody is the only owner of. In a house transaction, or its own."""
    with tenancy.house():
        places = [one for one in memberships_of(person_id) if one.role is Role.OWNER]
        if not places:
            return []
        with tenancy.bound(*(one.business_id for one in places)):
            others = models.Member.objects.filter(
                business_id__in=tenancy.current().business_ids, role=Role.OWNER.value
            ).exclude(person_id=person_id)
            shared = set(others.values_list("business_id", flat=True))
        return [one.business_name for one in places if one.business_id not in shared]
