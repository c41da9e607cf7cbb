"""Roles on the platform, and support's looking: asked for, consented to by an owner for some hours, ended at will, on record."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.identity import platform
from hesabu.identity.errors import BadDetail, ConsentNotFound, PersonNotFound
from hesabu.identity.facts import (
    PlatformRoleGranted,
    PlatformRoleTaken,
    SupportAllowed,
    SupportAsked,
    SupportEnded,
    SupportLooked,
)
from hesabu.identity.models import Business, Consent, Person, PlatformMember
from hesabu.identity.permissions import SUPPORT_ALLOW, anybody, inner, needs
from hesabu.identity.platform import SUPPORT_LOOK
from hesabu.identity.types import PlatformRole
from hesabu.kit import clock, ids
from hesabu.store import tenancy
from hesabu.store.facts import publish

HOURS_MAX = 72
ASKED_FOR = timedelta(days=7)


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
    """Take it back, at once. For operators. Again: nothing changes."""
    with tenancy.house():
        rows = PlatformMember.objects.filter(person_id=person_id, role=PlatformRole(role).value)
        if rows.delete()[0]:
            publish(
                PlatformRoleTaken(
                    business_id=tenancy.HOUSE, subject_id=person_id, role=PlatformRole(role).value
                )
            )


@anybody("support's own permission on the platform is required here")
def ask_consent(business_id: UUID, person_id: UUID, reason: str) -> UUID:
    """Support asks an owner to let them look; the id of what is asked. Opens its own transaction. Raises NotAllowed."""
    said = " ".join(reason.split())[:300]
    if len(said) < 3:
        raise BadDetail("say why", field="reason")
    with tenancy.bound(business_id, actor=tenancy.Actor("support", person_id)):
        platform.require(person_id, SUPPORT_LOOK)
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
        publish(SupportAsked(business_id=business_id, subject_id=row.id, person_id=person_id))
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
    without a consent that lasts, NotAllowed for who is of support no more."""
    with tenancy.bound(business_id, actor=tenancy.Actor("support", person_id)):
        platform.require(person_id, SUPPORT_LOOK)
        row = Consent.objects.filter(
            business_id=business_id,
            person_id=person_id,
            ended_at=None,
            expires_at__gt=clock.now(),
        ).first()
        if row is None:
            raise ConsentNotFound()
        publish(
            SupportLooked(
                business_id=business_id, subject_id=row.id, person_id=person_id, page=page[:60]
            )
        )


def _locked(consent_id: UUID) -> Consent:
    rows = Consent.objects.select_for_update().filter(business_id=tenancy.only(), id=consent_id)
    row = rows.first()
    if row is None:
        raise ConsentNotFound()
    return row
