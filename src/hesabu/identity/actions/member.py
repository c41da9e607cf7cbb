"""Who belongs to a business."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_noop

from hesabu.identity import approvals, permissions, platform
from hesabu.identity.actions.approvals import ask
from hesabu.identity.actions.beyond_role import end_beyond_role
from hesabu.identity.actions.refusals import UNKNOWN_PARTNER, note_refusal
from hesabu.identity.errors import (
    ApprovalNeeded,
    LastOwner,
    NotPartner,
    PersonNotFound,
    RoleBad,
)
from hesabu.identity.facts import MemberJoined, MemberLeft, OwnershipHandedOver, RoleChanged
from hesabu.identity.models import Business, Member, Person
from hesabu.identity.permissions import MEMBER_ADD, MEMBER_CHANGE, anybody, needs
from hesabu.identity.types import Role
from hesabu.kit import clock
from hesabu.store import facts, tenancy


@needs(MEMBER_ADD)
def add_member(person_id: UUID, role: Role) -> None:
    """Bring a person into the one bound business. Somebody who is there already keeps their role. Raises NotPartner."""
    business_id = tenancy.only()
    if not Person.objects.filter(id=person_id).exists():
        raise PersonNotFound(str(person_id))
    _require_known_partner(person_id, role)
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


@needs(MEMBER_CHANGE)
def change_role(person_id: UUID, role: Role) -> None:
    """Give a member of the one bound business another role. Raises LastOwner, NotPartner."""
    business_id = tenancy.only()
    row = _member(business_id, person_id)
    if row.role == role:
        return
    _require_known_partner(person_id, role)
    if row.role == Role.OWNER:
        _require_another_owner(business_id, person_id)
    row.role = Role(role)
    row.save(update_fields=["role"])
    tenancy.forget_read()
    end_beyond_role(person_id)
    facts.publish(RoleChanged(business_id=business_id, subject_id=person_id, role=Role(role).value))


@needs(MEMBER_CHANGE)
def remove_member(person_id: UUID) -> None:
    """Take a person out of the one bound business."""
    let_go(person_id)


def let_go(person_id: UUID) -> None:
    """Take their place away. Raises LastOwner."""
    business_id = tenancy.only()
    row = _member(business_id, person_id)
    if row.role == Role.OWNER:
        _require_another_owner(business_id, person_id)
    row.delete()
    tenancy.forget_read()
    end_beyond_role(person_id)
    facts.publish(MemberLeft(business_id=business_id, subject_id=person_id))


def _member(business_id: UUID, person_id: UUID) -> Member:
    """The member's row, with the business locked, so that two owners cannot leave at once."""
    Business.objects.select_for_update().filter(id=business_id).first()
    row = Member.objects.filter(business_id=business_id, person_id=person_id).first()
    if row is None:
        raise PersonNotFound(str(person_id))
    return row


def _require_known_partner(person_id: UUID, role: Role) -> None:
    """A partner accountant sees the books of many: only whom the platform knows is one, and they have a second factor."""
    if role == Role.PARTNER and not platform.may(person_id, platform.CLIENT_JOIN):
        note_refusal(platform.CLIENT_JOIN.name, UNKNOWN_PARTNER)
        raise NotPartner()


def _require_another_owner(business_id: UUID, person_id: UUID) -> None:
    others = Member.objects.filter(business_id=business_id, role=Role.OWNER).exclude(
        person_id=person_id
    )
    if not others.exists():
        raise LastOwner()


HAND_OVER = approvals.kind(
    "identity.hand_over",
    words=gettext_noop("Hand the business over: you become its owner"),
    asks=MEMBER_CHANGE,
    approves=MEMBER_CHANGE,
)


@needs(MEMBER_CHANGE)
def offer_ownership(person_id: UUID) -> UUID:
    """An owner offers their place to a member: the approval that waits for that member alone. Both have to say so. As the
    owner, in the binding of the one business."""
    actor = tenancy.current().actor
    if actor.kind != "person" or actor.id is None or actor.id == person_id:
        raise permissions.refusal(MEMBER_CHANGE.name)
    row = _member(tenancy.only(), person_id)
    if row.role == Role.OWNER:
        raise RoleBad(field="role")
    given = {"from_person_id": str(actor.id), "to_person_id": str(person_id)}
    return ask(HAND_OVER, ApprovalNeeded(HAND_OVER.name, given), for_person_id=person_id)


@approvals.does(HAND_OVER)
def _hand_over(given: approvals.Given) -> None:
    """Refused where the giver is no owner any more."""
    giver_id, taker_id = UUID(given["from_person_id"]), UUID(given["to_person_id"])
    business_id = tenancy.only()
    giver, taker = _member(business_id, giver_id), _member(business_id, taker_id)
    if giver.role != Role.OWNER:
        raise permissions.refusal(MEMBER_CHANGE.name)
    taker.role, giver.role = Role.OWNER, Role.MANAGER
    for row in (taker, giver):
        row.save(update_fields=["role"])
        tenancy.forget_read()
    end_beyond_role(giver_id)
    facts.publish(
        RoleChanged(business_id=business_id, subject_id=taker_id, role=Role.OWNER.value),
        RoleChanged(business_id=business_id, subject_id=giver_id, role=Role.MANAGER.value),
        OwnershipHandedOver(business_id=business_id, subject_id=taker_id, from_person_id=giver_id),
    )


@anybody("a person may go by themselves; the last owner cannot")
def leave() -> None:
    """The bound person leaves the one bound business. Raises LastOwner."""
    actor = tenancy.current().actor
    if actor.kind != "person" or actor.id is None:
        raise permissions.refusal(MEMBER_CHANGE.name)
    let_go(actor.id)
