"""Whoever is refused leaves a line, and no more than a line a minute."""

from __future__ import annotations

from uuid import UUID

import pytest

from hesabu.identity import actions, queries
from hesabu.identity.errors import NotAllowed, WrongPin
from hesabu.identity.models import Refusal
from hesabu.identity.types import Role
from hesabu.kit import clock
from hesabu.store import audit, origins, seals, tenancy
from hesabu.store.audit import Act, Asked


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
    with clock.fixed(clock.now().replace(second=1)):
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
    seals.seal(behind_seconds=0)
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
