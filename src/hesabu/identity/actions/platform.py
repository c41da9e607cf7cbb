"""Roles on the platform, and support's looking: asked for, consented to by an owner for some hours, ended at will, on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import connection

from hesabu.identity import across, platform
from hesabu.identity.actions.beyond_role import end_beyond_role
from hesabu.identity.actions.refusals import NO_CONSENT, note_refusal
from hesabu.identity.errors import (
    AgentNotFound,
    AgentRefused,
    BadDetail,
    ConsentNotFound,
    InvitationNotFound,
    LastAdmin,
    PersonNotFound,
)
from hesabu.identity.facts import (
    BusinessBrought,
    ChainBroken,
    InvitationAccepted,
    MemberLeft,
    PlatformLooked,
    PlatformRoleGranted,
    PlatformRoleTaken,
    SupportAllowed,
    SupportAsked,
    SupportEnded,
    SupportLooked,
)
from hesabu.identity.models import (
    Business,
    Consent,
    Invitation,
    Listing,
    Member,
    Person,
    PlatformMember,
)
from hesabu.identity.permissions import AGENT_NAME, SUPPORT_ALLOW, anybody, inner, needs
from hesabu.identity.platform import MEMBER_KEEP, SUPPORT_LOOK, Allowed
from hesabu.identity.types import PlatformRole, Role
from hesabu.kit import clock, ids
from hesabu.store import pace, tenancy
from hesabu.store.facts import publish

HOURS_MAX = 72
ASKED_FOR = timedelta(days=7)
NAMED_WITHIN = timedelta(days=30)
ALARMED_EVERY_SECONDS = 20 * 3600


@inner
def grant_platform(person_id: UUID, role: PlatformRole) -> None:
    """Give somebody a role on the platform. For operators. Again: nothing changes."""
    with tenancy.house():
        if not Person.objects.filter(id=person_id).exists():
            raise PersonNotFound(str(person_id))
        _, is_new = PlatformMember.objects.get_or_create(
            person_id=person_id,
            role=PlatformRole(role).value,
            defaults={"id": ids.new_id(), "granted_at": clock.now()},
        )
        if is_new:
            publish(
                PlatformRoleGranted(
                    business_id=tenancy.HOUSE, subject_id=person_id, role=PlatformRole(role).value
                )
            )


@inner
def take_platform(person_id: UUID, role: PlatformRole) -> None:
    """Take it back, at once; whoever is a partner no more leaves their clients. For operators, and for admins through
    `let_platform_go`. Again: nothing changes. Raises LastAdmin."""
    with tenancy.house():
        if role == PlatformRole.ADMIN:
            require_another_admin(person_id)
        rows = PlatformMember.objects.filter(person_id=person_id, role=PlatformRole(role).value)
        if rows.delete()[0]:
            publish(
                PlatformRoleTaken(
                    business_id=tenancy.HOUSE, subject_id=person_id, role=PlatformRole(role).value
                )
            )
            if role == PlatformRole.PARTNER:
                _leave_clients(person_id)


def require_another_admin(person_id: UUID) -> None:
    """Raises LastAdmin. One at a time, so that two admins cannot go at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('identity.platform'))")
    admins = PlatformMember.objects.filter(role=PlatformRole.ADMIN.value)
    if set(admins.values_list("person_id", flat=True)) == {person_id}:
        raise LastAdmin()


def _leave_clients(person_id: UUID) -> None:
    with tenancy.as_person(person_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id FROM identity_membership WHERE person_id = %s AND role = %s",
            (person_id, Role.PARTNER.value),
        )
        business_ids = [row[0] for row in cursor.fetchall()]
    for business_id in business_ids:
        with tenancy.bound(business_id):
            Member.objects.filter(business_id=business_id, person_id=person_id).delete()
            tenancy.forget_read()
            end_beyond_role(person_id)
            publish(MemberLeft(business_id=business_id, subject_id=person_id))


def join_platform(invitation: Invitation, person_id: UUID) -> None:
    """Whoever was invited joins. Not where the admin who invited them is none any more. Raises InvitationNotFound."""
    inviter_id = invitation.invited_by_id
    if inviter_id is None or not platform.may(inviter_id, MEMBER_KEEP):
        raise InvitationNotFound()
    grant_platform(person_id, PlatformRole(invitation.role))
    publish(
        InvitationAccepted(business_id=tenancy.HOUSE, subject_id=invitation.id, person_id=person_id)
    )


@anybody("the permission on the platform is required here")
def note_platform_look(person_id: UUID, what: Allowed, page: str) -> None:
    """Somebody of the platform is about to look at one of its pages: on record before they see it. Opens its own transaction.
    Raises NotAllowed."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        platform.require(person_id, what)
        publish(PlatformLooked(business_id=tenancy.HOUSE, subject_id=person_id, page=page[:60]))


@needs(AGENT_NAME)
def name_agent(code: str) -> None:
    """An owner says which agent brought the one bound business: once, in its first days, and nobody who belongs to it. The same
    again: nothing changes. Raises AgentNotFound, AgentRefused."""
    business_id = tenancy.only()
    agent = across.agent_of_code(code)
    if agent is None:
        raise AgentNotFound()
    row = Listing.objects.select_for_update().get(business_id=business_id)
    if row.brought_by_id == agent.person_id:
        return
    belongs = Member.objects.filter(business_id=business_id, person_id=agent.person_id).exists()
    if row.brought_by_id or belongs or row.created_at <= clock.now() - NAMED_WITHIN:
        raise AgentRefused()
    row.brought_by_id = agent.person_id
    row.save(update_fields=["brought_by_id"])
    publish(BusinessBrought(business_id=business_id, subject_id=agent.person_id))


@inner
def tell_broken(business_id: UUID, fault_count: int) -> None:
    """A proof found faults in a business's books or log, or, for the house's id, in the house's: told once a day. Opens its own
    transaction."""
    with tenancy.house():
        name = "identity.chain_broken"
        if pace.count(name, str(business_id), seconds=ALARMED_EVERY_SECONDS) > 1:
            return
        publish(
            ChainBroken(business_id=tenancy.HOUSE, subject_id=business_id, fault_count=fault_count)
        )


@anybody("support's own permission on the platform is required here")
def ask_consent(business_id: UUID, person_id: UUID, reason: str) -> UUID:
    """Support asks an owner to let them look; the id of what is asked. Opens its own transaction. Raises NotAllowed."""
    said = " ".join(reason.split())[:300]
    if len(said) < 3:
        raise BadDetail("say why", field="reason")
    with _as_support(business_id, person_id):
        if not Business.objects.filter(id=business_id).exists():
            raise ConsentNotFound()
        now = clock.now()
        waiting = Consent.objects.filter(
            business_id=business_id, person_id=person_id, granted_at=None, ended_at=None
        )
        known = waiting.filter(asked_at__gt=now - ASKED_FOR).first()
        if known is not None:
            return known.id
        row = Consent(
            id=ids.new_id(),
            business_id=business_id,
            person_id=person_id,
            reason=said,
            asked_at=now,
        )
        row.save(force_insert=True)
        publish(
            SupportAsked(business_id=business_id, subject_id=row.id, person_id=person_id),
            _looked(person_id, "support-ask", business_id),
        )
        return row.id


@needs(SUPPORT_ALLOW)
def allow_support(consent_id: UUID, hours: int = 24) -> None:
    """An owner lets support look, for so many hours. Again while it lasts: nothing changes. Raises ConsentNotFound."""
    if not 1 <= hours <= HOURS_MAX:
        raise BadDetail("1 to 72 hours", field="hours")
    row, now = _locked(consent_id), clock.now()
    if row.ended_at is not None or row.asked_at <= now - ASKED_FOR:
        raise ConsentNotFound()
    if row.granted_at is not None:
        return
    row.granted_by_id, row.granted_at = tenancy.current().actor.id, now
    row.expires_at = now + timedelta(hours=hours)
    row.save(update_fields=["granted_by_id", "granted_at", "expires_at"])
    publish(
        SupportAllowed(
            business_id=row.business_id,
            subject_id=row.id,
            person_id=row.person_id,
            until=row.expires_at,
        )
    )


@needs(SUPPORT_ALLOW)
def end_support(consent_id: UUID) -> None:
    """Say no, or no longer. At once. Again: nothing changes."""
    row = _locked(consent_id)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        publish(SupportEnded(business_id=row.business_id, subject_id=row.id))


@anybody("the consent is looked at here")
def note_look(business_id: UUID, person_id: UUID, page: str) -> None:
    """Support is about to look at a page: on record before they see it. Opens its own transaction. Raises ConsentNotFound
    without a consent that lasts, which the business reads of too, NotAllowed for who is of support no more."""
    with _as_support(business_id, person_id):
        row = Consent.objects.filter(
            business_id=business_id,
            person_id=person_id,
            ended_at=None,
            expires_at__gt=clock.now(),
        ).first()
        if row is None:
            is_there = Business.objects.filter(id=business_id).exists()
            where = business_id if is_there else tenancy.HOUSE
            note_refusal(SUPPORT_LOOK.name, NO_CONSENT, business_id=where)
            raise ConsentNotFound()
        publish(
            SupportLooked(
                business_id=business_id, subject_id=row.id, person_id=person_id, page=page[:60]
            ),
            _looked(person_id, page, business_id),
        )


@contextmanager
def _as_support(business_id: UUID, person_id: UUID) -> Iterator[None]:
    """Bound to a business as somebody of support. Whoever is not is refused before that, on the house's own record."""
    actor = tenancy.Actor("support", person_id)
    with tenancy.house(actor=actor):
        platform.require(person_id, SUPPORT_LOOK)
        with tenancy.bound(business_id, actor=actor):
            yield


def _looked(person_id: UUID, page: str, business_id: UUID) -> PlatformLooked:
    """The same for the platform's own log, which says where they looked."""
    return PlatformLooked(
        business_id=tenancy.HOUSE,
        subject_id=person_id,
        page=page[:60],
        at_business_id=business_id,
    )


def _locked(consent_id: UUID) -> Consent:
    rows = Consent.objects.select_for_update().filter(business_id=tenancy.only(), id=consent_id)
    row = rows.first()
    if row is None:
        raise ConsentNotFound()
    return row
