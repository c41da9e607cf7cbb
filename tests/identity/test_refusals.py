"""Whoever is refused leaves a line, and no more than a line a minute."""

from __future__ import annotations

import ast
from pathlib import Path
from uuid import UUID

import pytest

import hesabu
from hesabu.identity import actions, queries
from hesabu.identity.errors import (
    ApprovalIsOwn,
    ConsentNotFound,
    InvitationElsewhere,
    NotAllowed,
    NotPartner,
    WrongPin,
)
from hesabu.identity.models import Refusal
from hesabu.identity.platform import PLATFORM_READ
from hesabu.identity.types import InvitationWay, PlatformRole, Role
from hesabu.kit import clock, ids
from hesabu.store import audit, origins, seals, tenancy
from hesabu.store.audit import Act, Asked
from steady import seal_all

pytestmark = pytest.mark.usefixtures("on_the_hour")  # what is refused is counted by the minute


def told(business_id: UUID) -> list[Act]:
    with tenancy.bound(business_id):
        return [
            act
            for act in audit.acts(Asked(kind="identity.ActRefused"))
            if act.fact.business_id == business_id
        ]


def a_minute_later() -> None:
    with clock.moved(seconds=121):
        actions.tell_refusals()


@pytest.fixture
def seller(business_id: UUID) -> UUID:
    person_id = actions.register_person("Akinyi Odhiambo")
    with tenancy.bound(business_id):
        actions.add_member(person_id, Role.SELLER)
    return person_id


def refused(business_id: UUID, person_id: UUID, *, address: str = "") -> None:
    with (
        pytest.raises(NotAllowed),
        origins.came_from(address),
        tenancy.bound(business_id, actor=tenancy.Actor("person", person_id)),
    ):
        actions.change_role(person_id, Role.OWNER)


def test_a_refused_act_is_a_fact_with_who_what_why_and_from_where(
    business_id: UUID, seller: UUID
) -> None:
    refused(business_id, seller, address="196.201.214.7")
    a_minute_later()
    (act,) = told(business_id)
    assert (act.fact.actor_kind, act.fact.actor_id) == ("person", seller)
    assert act.address == "196.201.214.7"
    said = dict(act.fact.payload)
    assert said.pop("since")
    assert said == {"permission": "member:change", "why": "not_allowed", "count": 1}


def test_a_thousand_refusals_in_a_minute_are_one_line_that_counts_them(
    business_id: UUID, seller: UUID
) -> None:
    for _ in range(60):
        refused(business_id, seller)
    with tenancy.bound(business_id):
        assert Refusal.objects.filter(actor_id=seller).count() == 1
    a_minute_later()
    assert [act.fact.payload["count"] for act in told(business_id)] == [60]


def test_what_they_tried_left_nothing_else(business_id: UUID, seller: UUID) -> None:
    refused(business_id, seller)
    with tenancy.bound(business_id):
        assert queries.role_of(seller) is Role.SELLER
        assert Refusal.objects.filter(actor_id=seller).count() == 1


def test_told_twice_or_killed_between_it_is_told_once(business_id: UUID, seller: UUID) -> None:
    refused(business_id, seller)
    a_minute_later()
    a_minute_later()
    assert len(told(business_id)) == 1
    with tenancy.bound(business_id):
        assert not Refusal.objects.filter(actor_id=seller).exists()


def test_a_minute_that_is_not_over_is_not_told_yet(business_id: UUID, seller: UUID) -> None:
    refused(business_id, seller)
    actions.tell_refusals()
    assert told(business_id) == []


def test_a_refusal_stands_in_the_chain_like_every_fact(business_id: UUID, seller: UUID) -> None:
    refused(business_id, seller)
    a_minute_later()
    seal_all()
    with tenancy.bound(business_id):
        assert seals.verify(business_id).faults == []
        assert seals.standing(business_id).unsealed_count == 0


def test_a_wrong_pin_is_on_record(database: str) -> None:
    person_id = actions.register_person("Jane Wanjiku")
    actions.set_pin(person_id, "7391")
    with pytest.raises(WrongPin):
        actions.check_pin(person_id, "1111")
    with tenancy.house():
        row = Refusal.objects.get(actor_id=person_id)
    assert (row.permission, row.why) == ("pin:check", "not_proved")


def test_too_late_to_stop_a_change_of_where_money_goes_is_on_record(business_id: UUID) -> None:
    from hesabu.payments import actions as payments
    from hesabu.payments.errors import ChangeNotFrozen

    with tenancy.bound(business_id):
        owner = queries.members(business_id)[0].person_id
        account_id = payments.add_account("till", "832909")
    actor = tenancy.Actor("person", owner)
    with pytest.raises(ChangeNotFrozen), tenancy.bound(business_id, actor=actor):
        payments.stop_change(account_id)
    with tenancy.bound(business_id):
        row = Refusal.objects.get(actor_id=owner)
    assert row.why == "frozen"


def test_another_business_does_not_see_it(
    business_id: UUID, seller: UUID, new_business: object
) -> None:
    refused(business_id, seller)
    other = new_business()  # type: ignore[operator]
    with tenancy.bound(other):
        assert not Refusal.objects.filter(actor_id=seller).exists()


def noted(actor_id: UUID, business_id: UUID = tenancy.HOUSE) -> list[tuple[str, str]]:
    """What a person was refused lately, and why, as it stands on the record of the business or the house."""
    with tenancy.house() if business_id == tenancy.HOUSE else tenancy.bound(business_id):
        rows = Refusal.objects.filter(actor_id=actor_id, business_id=business_id)
        return sorted(rows.values_list("permission", "why"))


def owner_of(business_id: UUID) -> UUID:
    with tenancy.bound(business_id):
        return queries.members(business_id)[0].person_id


def test_who_approves_what_they_asked_themselves_is_on_record(
    business_id: UUID, seller: UUID
) -> None:
    owner = owner_of(business_id)
    as_owner = tenancy.Actor("person", owner)
    with tenancy.bound(business_id, actor=as_owner):
        approval_id = actions.offer_ownership(seller)
    with pytest.raises(ApprovalIsOwn), tenancy.bound(business_id, actor=as_owner):
        actions.approve(approval_id)
    assert noted(owner, business_id) == [("member:change", "own")]


def test_who_answers_or_takes_back_what_is_anothers_is_on_record(
    business_id: UUID, seller: UUID
) -> None:
    other = actions.register_person("Baraka Mwangi")
    with tenancy.bound(business_id):
        actions.add_member(other, Role.MANAGER)
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_of(business_id))):
        approval_id = actions.offer_ownership(seller)
    for act in (actions.approve, actions.refuse, actions.withdraw_approval):
        with (
            pytest.raises(NotAllowed),
            tenancy.bound(business_id, actor=tenancy.Actor("person", other)),
        ):
            act(approval_id)
    assert noted(other, business_id) == [
        ("approval:withdraw", "not_allowed"),
        ("member:change", "not_allowed"),
    ]


def test_a_key_that_wants_to_leave_or_to_answer_is_on_record(
    business_id: UUID, seller: UUID
) -> None:
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_of(business_id))):
        approval_id = actions.offer_ownership(seller)
    key_id = ids.new_id()
    key = tenancy.Actor("key", key_id, frozenset({"member:change"}))
    for act in (
        actions.leave,
        lambda: actions.approve(approval_id),
        lambda: actions.offer_ownership(seller),
    ):
        with pytest.raises(NotAllowed), tenancy.bound(business_id, actor=key):
            act()
    with tenancy.bound(business_id):
        rows = Refusal.objects.filter(actor_id=key_id, actor_kind="key")
        assert [(row.permission, row.count) for row in rows] == [("member:change", 3)]


def test_who_makes_a_partner_of_somebody_unknown_is_on_record(
    business_id: UUID, seller: UUID
) -> None:
    owner = owner_of(business_id)
    with (
        pytest.raises(NotPartner),
        tenancy.bound(business_id, actor=tenancy.Actor("person", owner)),
    ):
        actions.change_role(seller, Role.PARTNER)
    assert noted(owner, business_id) == [("client:join", "unknown_partner")]


def test_who_acts_on_the_platform_without_leave_is_on_the_houses_record(
    business_id: UUID, seller: UUID
) -> None:
    with (
        pytest.raises(NotAllowed),
        tenancy.house(actor=tenancy.Actor("person", seller)),
    ):
        actions.invite_platform(PlatformRole.ADMIN, "akinyi@example.org")
    with pytest.raises(NotAllowed):
        actions.ask_consent(business_id, seller, "An invoice that does not arrive")
    with pytest.raises(NotAllowed):
        actions.note_look(business_id, seller, "people")
    with pytest.raises(NotAllowed):
        actions.note_platform_look(seller, PLATFORM_READ, "platform")
    assert noted(seller) == [
        ("platform:read", "not_allowed"),
        ("platform_member:keep", "not_allowed"),
        ("support:look", "not_allowed"),
    ]
    assert noted(seller, business_id) == []


def test_support_that_looks_without_consent_is_on_the_businesss_record(business_id: UUID) -> None:
    person_id = actions.register_person("Wanja Support")
    actions.grant_platform(person_id, PlatformRole.SUPPORT)
    with pytest.raises(ConsentNotFound):
        actions.note_look(business_id, person_id, "people")
    with pytest.raises(ConsentNotFound):
        actions.note_look(ids.new_id(), person_id, "people")
    assert noted(person_id, business_id) == [("support:look", "no_consent")]
    assert noted(person_id) == [("support:look", "no_consent")]
    a_minute_later()
    (act,) = told(business_id)
    assert (act.fact.actor_kind, act.fact.actor_id) == ("support", person_id)


def test_who_takes_up_anothers_invitation_is_on_record(business_id: UUID, seller: UUID) -> None:
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_of(business_id))):
        invited = actions.invite(Role.SELLER, InvitationWay.EMAIL, "baraka@example.org")
    with pytest.raises(InvitationElsewhere):
        actions.accept_invitation(invited.secret, seller, emails=["akinyi@example.org"])
    assert noted(seller, business_id) == [("invitation:accept", "elsewhere")]


def test_nobody_is_refused_for_what_they_are_without_a_line_on_record() -> None:
    """`permissions.refusal` makes the error and notes it; who makes it by hand forgets the record. Support's writing is noted
    beside it, and what the chat did not declare is nobody's act but a mistake in the code."""
    source = Path(hesabu.__file__).parent
    by_hand = sorted(
        f"{path.relative_to(source)}:{node.lineno}"
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
        and node.exc.func.id == "NotAllowed"
    )
    assert [one.partition(":")[0] for one in by_hand] == [
        "doors/chat/desk.py",
        "doors/web/desk.py",
    ]
