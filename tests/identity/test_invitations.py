"""Invitations: single use, for seven days, to whom they were sent, and taken back at will."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from hesabu.identity import actions, queries
from hesabu.identity.actions import invitations as module
from hesabu.identity.errors import (
    ApprovalAskerGone,
    BadEmail,
    InvitationElsewhere,
    InvitationNotFound,
    LastOwner,
    NotAllowed,
    RoleBad,
)
from hesabu.identity.models import Invitation
from hesabu.identity.types import InvitationWay, Invited, Role
from hesabu.kit import clock
from hesabu.store import facts, tenancy
from hesabu.store.tenancy import Actor


def owner_of(business_id: UUID) -> UUID:
    with tenancy.bound(business_id):
        return queries.members(business_id)[0].person_id


def invited(
    business_id: UUID, way: InvitationWay = InvitationWay.CODE, address: str = "", **more: Role
) -> Invited:
    with tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))):
        return actions.invite(more.get("role", Role.SELLER), way, address)


def role_in(business_id: UUID, person_id: UUID) -> Role | None:
    with tenancy.bound(business_id):
        return queries.role_of(person_id)


@pytest.fixture
def guest(database: str) -> UUID:
    return actions.register_person("Achieng Atieno")


def test_somebody_joins_by_a_code_typed_as_people_type(business_id: UUID, guest: UUID) -> None:
    made = invited(business_id)
    assert actions.accept_invitation(f" {made.secret.lower()} ", guest) == business_id
    assert role_in(business_id, guest) is Role.SELLER


def test_the_secret_lies_nowhere(business_id: UUID) -> None:
    made = invited(business_id, InvitationWay.EMAIL, "Achieng@Example.com")
    with tenancy.house():
        row = Invitation.objects.get(id=made.id)
    assert made.secret.encode() not in bytes(row.secret_hash)
    assert row.address == "achieng@example.com"


def test_a_second_use_opens_nothing(business_id: UUID, guest: UUID) -> None:
    made = invited(business_id)
    actions.accept_invitation(made.secret, guest)
    other = actions.register_person("Somebody Else")
    with pytest.raises(InvitationNotFound):
        actions.accept_invitation(made.secret, other)
    assert role_in(business_id, other) is None


def test_after_seven_days_it_opens_nothing(
    business_id: UUID, guest: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = invited(business_id)
    later = clock.now() + timedelta(days=7)
    monkeypatch.setattr(module.clock, "now", lambda: later)
    with pytest.raises(InvitationNotFound):
        actions.accept_invitation(made.secret, guest)


def test_one_that_was_taken_back_opens_nothing(business_id: UUID, guest: UUID) -> None:
    made = invited(business_id)
    with tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))):
        assert [one.id for one in queries.invitations()] == [made.id]
        actions.revoke_invitation(made.id)
        actions.revoke_invitation(made.id)
        assert queries.invitations() == []
    with pytest.raises(InvitationNotFound):
        actions.accept_invitation(made.secret, guest)


def test_a_forwarded_mail_lets_nobody_else_in(business_id: UUID, guest: UUID) -> None:
    made = invited(business_id, InvitationWay.EMAIL, "achieng@example.com")
    for emails in ((), ("thief@example.com",)):
        with pytest.raises(InvitationElsewhere):
            actions.accept_invitation(made.secret, guest, emails=emails)
    assert actions.accept_invitation(made.secret, guest, emails=["Achieng@example.com"])


def test_another_number_does_not_join_by_it(business_id: UUID, guest: UUID) -> None:
    made = invited(business_id, InvitationWay.WHATSAPP, "+254712345678")
    with pytest.raises(InvitationElsewhere):
        actions.accept_by_number(made.id, guest, "+254712345679")
    with pytest.raises(InvitationElsewhere):
        actions.accept_invitation(made.secret, guest, emails=["+254712345678"])
    assert actions.accept_by_number(made.id, guest, "+254712345678") == business_id


def test_the_id_of_a_code_is_no_way_in(business_id: UUID, guest: UUID) -> None:
    made = invited(business_id)
    with pytest.raises(InvitationNotFound):
        actions.accept_by_number(made.id, guest, "+254712345678")


@pytest.mark.parametrize("secret", ["", "A" * 10_000, "AAAA-AAAA-AAAA", "\x00", "😀", "‮"])
def test_what_is_no_invitation_opens_nothing(guest: UUID, secret: str) -> None:
    with pytest.raises(InvitationNotFound):
        actions.accept_invitation(secret, guest)


def test_nobody_is_invited_as_an_owner_or_to_no_address(business_id: UUID) -> None:
    with pytest.raises(RoleBad):
        invited(business_id, role=Role.OWNER)
    with pytest.raises(BadEmail):
        invited(business_id, InvitationWay.EMAIL, "nobody")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SELLER, Role.BOOKKEEPER, Role.VIEWER])
def test_only_an_owner_invites(business_id: UUID, guest: UUID, role: Role) -> None:
    with tenancy.bound(business_id):
        actions.add_member(guest, role)
    with tenancy.bound(business_id, actor=Actor("person", guest)), pytest.raises(NotAllowed):
        actions.invite(Role.SELLER, InvitationWay.CODE)


def test_an_invitation_of_another_business_is_not_taken_back(
    new_business: Callable[..., UUID],
) -> None:
    mine, theirs = new_business(), new_business()
    made = invited(theirs)
    with (
        tenancy.bound(mine, actor=Actor("person", owner_of(mine))),
        pytest.raises(InvitationNotFound),
    ):
        actions.revoke_invitation(made.id)


def test_somebody_who_belongs_already_keeps_their_role(business_id: UUID) -> None:
    made = invited(business_id)
    owner = owner_of(business_id)
    actions.accept_invitation(made.secret, owner)
    assert role_in(business_id, owner) is Role.OWNER


def test_the_last_owner_does_not_leave_and_anybody_else_does(
    business_id: UUID, guest: UUID
) -> None:
    with tenancy.bound(business_id):
        actions.add_member(guest, Role.VIEWER)
    with tenancy.bound(business_id, actor=Actor("person", guest)):
        actions.leave()
    assert role_in(business_id, guest) is None
    with (
        tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))),
        pytest.raises(LastOwner),
    ):
        actions.leave()


def test_ownership_goes_over_when_both_have_said_so(business_id: UUID, guest: UUID) -> None:
    owner = owner_of(business_id)
    with tenancy.bound(business_id):
        actions.add_member(guest, Role.MANAGER)
    with tenancy.bound(business_id, actor=Actor("person", owner)):
        offered = actions.offer_ownership(guest)
    assert role_in(business_id, guest) is Role.MANAGER
    with tenancy.bound(business_id, actor=Actor("person", guest)):
        actions.approve(offered)
        actions.approve(offered)
    assert role_in(business_id, guest) is Role.OWNER
    assert role_in(business_id, owner) is Role.MANAGER


def test_ownership_is_taken_by_nobody_else(business_id: UUID, guest: UUID) -> None:
    owner, other = owner_of(business_id), actions.register_person("Mwangi Njoroge")
    with tenancy.bound(business_id):
        actions.add_member(guest, Role.MANAGER)
        actions.add_member(other, Role.OWNER)
    with tenancy.bound(business_id, actor=Actor("person", owner)):
        offered = actions.offer_ownership(guest)
    with tenancy.bound(business_id, actor=Actor("person", other)), pytest.raises(NotAllowed):
        actions.approve(offered)
    assert role_in(business_id, guest) is Role.MANAGER


def test_a_giver_who_is_no_owner_any_more_gives_nothing(business_id: UUID, guest: UUID) -> None:
    owner, other = owner_of(business_id), actions.register_person("Mwangi Njoroge")
    with tenancy.bound(business_id):
        actions.add_member(guest, Role.SELLER)
        actions.add_member(other, Role.OWNER)
    with tenancy.bound(business_id, actor=Actor("person", owner)):
        offered = actions.offer_ownership(guest)
        actions.change_role(owner, Role.VIEWER)
    with tenancy.bound(business_id, actor=Actor("person", guest)), pytest.raises(ApprovalAskerGone):
        actions.approve(offered)
    assert role_in(business_id, guest) is Role.SELLER


# --- who may bring people in no more


def second_owner(business_id: UUID) -> UUID:
    other = actions.register_person("Mwangi Njoroge")
    with tenancy.bound(business_id):
        actions.add_member(other, Role.OWNER)
    return other


def invited_by(business_id: UUID, person_id: UUID) -> Invited:
    with tenancy.bound(business_id, actor=Actor("person", person_id)):
        return actions.invite(Role.MANAGER, InvitationWay.CODE)


def goes(business_id: UUID, person_id: UUID) -> None:
    with tenancy.bound(business_id, actor=Actor("person", person_id)):
        actions.leave()


def is_removed(business_id: UUID, person_id: UUID) -> None:
    with tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))):
        actions.remove_member(person_id)


def becomes_a_seller(business_id: UUID, person_id: UUID) -> None:
    with tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))):
        actions.change_role(person_id, Role.SELLER)


@pytest.mark.parametrize("ends", [goes, is_removed, becomes_a_seller])
def test_nobody_comes_in_by_an_invitation_of_who_may_bring_nobody_in_any_more(
    business_id: UUID, guest: UUID, ends: Callable[[UUID, UUID], None]
) -> None:
    """The one who was removed the least: they would be back in as a manager."""
    other = second_owner(business_id)
    made = invited_by(business_id, other)
    ends(business_id, other)
    for person_id in (other, guest):
        with pytest.raises(InvitationNotFound):
            actions.accept_invitation(made.secret, person_id)
    assert role_in(business_id, guest) is None
    assert role_in(business_id, other) in (None, Role.SELLER)
    with tenancy.bound(business_id):
        assert queries.invitations() == []
        assert [one.kind for one in facts.timeline(made.id)] == [
            "identity.PersonInvited",
            "identity.InvitationRevoked",
        ]


def test_an_invitation_left_open_by_who_had_gone_before_opens_nothing(
    business_id: UUID, guest: UUID
) -> None:
    """One that was not taken back when they went, whatever the reason."""
    other = second_owner(business_id)
    made = invited_by(business_id, other)
    is_removed(business_id, other)
    with tenancy.house():
        Invitation.objects.filter(id=made.id).update(revoked_at=None)
    with pytest.raises(InvitationNotFound):
        actions.accept_invitation(made.secret, guest)
    assert role_in(business_id, guest) is None


def test_what_the_other_owner_or_the_house_invited_stands(business_id: UUID, guest: UUID) -> None:
    other = second_owner(business_id)
    theirs = invited(business_id)
    with tenancy.bound(business_id):
        of_the_house = actions.invite(Role.VIEWER, InvitationWay.CODE)
    is_removed(business_id, other)
    assert actions.accept_invitation(theirs.secret, guest) == business_id
    assert actions.accept_invitation(of_the_house.secret, other) == business_id
    assert role_in(business_id, other) is Role.VIEWER


def test_who_is_invited_by_a_key_comes_by_its_maker(business_id: UUID, guest: UUID) -> None:
    other = second_owner(business_id)
    with tenancy.bound(business_id, actor=Actor("person", other)):
        key_id, _ = actions.make_key("People", ["member:add"])
    key = Actor("key", key_id, frozenset({"member:add"}))
    with tenancy.bound(business_id, actor=key):
        first = actions.invite(Role.SELLER, InvitationWay.CODE)
        second = actions.invite(Role.SELLER, InvitationWay.CODE)
    assert actions.accept_invitation(first.secret, guest) == business_id
    is_removed(business_id, other)
    with pytest.raises(InvitationNotFound):
        actions.accept_invitation(second.secret, other)
