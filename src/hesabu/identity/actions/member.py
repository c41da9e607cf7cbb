"""Who belongs to a business."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.errors import LastOwner, PersonNotFound
from hesabu.identity.facts import MemberJoined, MemberLeft, RoleChanged
from hesabu.identity.models import Business, Member, Person
from hesabu.identity.types import Role
from hesabu.kit import clock
from hesabu.store import facts, tenancy


def add_member(person_id: UUID, role: Role) -> None:
    """Bring a person into the one bound business. Somebody who is there already keeps their role."""
    business_id = tenancy.only()
    if not Person.objects.filter(id=person_id).exists():
        raise PersonNotFound(str(person_id))
    _, is_new = Member.objects.get_or_create(
        business_id=business_id,
        person_id=person_id,
        defaults={"role": Role(role), "created_at": clock.now()},
    )
    if is_new:
        tenancy.forget_read()
        facts.publish(
            MemberJoined(business_id=business_id, subject_id=person_id, role=Role(role).value)
        )


def change_role(person_id: UUID, role: Role) -> None:
    """Give a member of the one bound business another role."""
    business_id = tenancy.only()
    row = _member(business_id, person_id)
    if row.role == role:
        return
    if row.role == Role.OWNER:
        _require_another_owner(business_id, person_id)
    row.role = Role(role)
    row.save(update_fields=["role"])
    tenancy.forget_read()
    facts.publish(RoleChanged(business_id=business_id, subject_id=person_id, role=Role(role).value))


def remove_member(person_id: UUID) -> None:
    """Take a person out of the one bound business."""
    business_id = tenancy.only()
    row = _member(business_id, person_id)
    if row.role == Role.OWNER:
        _require_another_owner(business_id, person_id)
    row.delete()
    tenancy.forget_read()
    facts.publish(MemberLeft(business_id=business_id, subject_id=person_id))


def _member(business_id: UUID, person_id: UUID) -> Member:
    """The member's row, with the business locked, so that two owners cannot leave at once."""
    Business.objects.select_for_update().filter(id=business_id).first()
    row = Member.objects.filter(business_id=business_id, person_id=person_id).first()
    if row is None:
        raise PersonNotFound(str(person_id))
    return row


def _require_another_owner(business_id: UUID, person_id: UUID) -> None:
    others = Member.objects.filter(business_id=business_id, role=Role.OWNER).exclude(
        person_id=person_id
    )
    if not others.exists():
        raise LastOwner()
