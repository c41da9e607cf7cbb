"""Where money goes: approved by a second person, frozen for two days, and stopped by a word."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import (
    ApprovalAskerGone,
    ApprovalExpired,
    ApprovalIsOwn,
    ApprovalNeeded,
    NotAllowed,
)
from hesabu.identity.types import ApprovalState, Role
from hesabu.kit import clock
from hesabu.kit.errors import HesabuError
from hesabu.kit.moves import MoveRefused
from hesabu.payments import actions, queries
from hesabu.payments.errors import ChangeNotFrozen
from hesabu.payments.models import PaymentAccount
from hesabu.payments.providers.port import keys_of
from hesabu.store import facts, tenancy
from hesabu.store.tenancy import Actor


def owner_of(business_id: UUID) -> Actor:
    with tenancy.bound(business_id):
        return Actor("person", people.members(business_id)[0].person_id)


def joined(business_id: UUID, role: Role) -> Actor:
    person_id = identity.register_person("Achieng Atieno")
    with tenancy.bound(business_id):
        identity.add_member(person_id, role)
    return Actor("person", person_id)


def offered(business_id: UUID) -> list[str]:
    with tenancy.bound(business_id):
        return [way.number for way in queries.ways_to_pay()]


def add(business_id: UUID, actor: Actor, number: str) -> UUID:
    with tenancy.bound(business_id, actor=actor):
        return actions.add_account("till", number)


def asked(business_id: UUID, actor: Actor, number: str) -> UUID:
    """What a door does: the refusal leaves nothing, and is put before a second person."""
    with tenancy.bound(business_id, actor=actor):
        try:
            with tenancy.attempt():
                actions.add_account("till", number)
        except ApprovalNeeded as needed:
            return identity.ask_approval(needed)
    raise AssertionError("no approval was needed")


def later(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    real, ahead = clock.now, timedelta(**by)
    monkeypatch.setattr(clock, "now", lambda: real() + ahead)


@pytest.fixture
def shop(business_id: UUID) -> UUID:
    """Paid to till 111111 since it began."""
    add(business_id, owner_of(business_id), "111111")
    return business_id


def test_the_first_way_of_all_is_offered_at_once(shop: UUID) -> None:
    assert offered(shop) == ["111111"]


def test_another_is_offered_after_two_days_and_not_before(
    shop: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(shop, owner_of(shop), "222222")
    assert offered(shop) == ["111111"]
    later(monkeypatch, hours=47)
    assert offered(shop) == ["111111"]
    later(monkeypatch, hours=2)
    assert offered(shop) == ["111111", "222222"]


def test_one_that_is_closed_is_offered_for_two_days_more(
    shop: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenancy.bound(shop, actor=owner_of(shop)):
        actions.close_account(queries.ways_to_pay()[0].account_id)
    assert offered(shop) == ["111111"]
    later(monkeypatch, hours=49)
    assert offered(shop) == []


def test_a_stopped_change_never_takes_effect(shop: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    account_id = add(shop, owner_of(shop), "222222")
    with tenancy.bound(shop, actor=owner_of(shop)):
        [change] = queries.changes_frozen()
        assert (change.way.account_id, change.verb) == (account_id, "added")
        actions.stop_change(account_id)
        assert queries.changes_frozen() == []
        with pytest.raises(ChangeNotFrozen):
            actions.stop_change(account_id)
    later(monkeypatch, hours=49)
    assert offered(shop) == ["111111"]


def test_a_stopped_close_goes_on(shop: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenancy.bound(shop, actor=owner_of(shop)):
        account_id = queries.ways_to_pay()[0].account_id
        actions.close_account(account_id)
        actions.stop_change(account_id)
    later(monkeypatch, hours=49)
    assert offered(shop) == ["111111"]


def test_a_change_that_took_effect_is_not_stopped(
    shop: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = add(shop, owner_of(shop), "222222")
    later(monkeypatch, hours=49)
    with tenancy.bound(shop, actor=owner_of(shop)), pytest.raises(ChangeNotFrozen):
        actions.stop_change(account_id)


def test_a_seller_stops_nothing_and_changes_nothing(shop: UUID) -> None:
    account_id = add(shop, owner_of(shop), "222222")
    with tenancy.bound(shop, actor=joined(shop, Role.SELLER)):
        with pytest.raises(NotAllowed):
            actions.stop_change(account_id)
        with pytest.raises(NotAllowed):
            actions.add_account("till", "333333")


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_a_second_owner_or_manager_approves_and_it_is_frozen_all_the_same(
    shop: UUID, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, second = owner_of(shop), joined(shop, role)
    approval_id = asked(shop, owner, "222222")
    assert asked(shop, owner, "222222") == approval_id
    with tenancy.bound(shop, actor=second):
        assert queries.changes_frozen() == []
        identity.approve(approval_id)
        identity.approve(approval_id)
        assert [change.way.number for change in queries.changes_frozen()] == ["222222"]
        assert people.approval(approval_id).state is ApprovalState.DONE
    assert offered(shop) == ["111111"]
    later(monkeypatch, hours=49)
    assert offered(shop) == ["111111", "222222"]


def test_whoever_asked_does_not_approve(shop: UUID) -> None:
    owner = owner_of(shop)
    joined(shop, Role.MANAGER)
    approval_id = asked(shop, owner, "222222")
    with tenancy.bound(shop, actor=owner), pytest.raises(ApprovalIsOwn):
        identity.approve(approval_id)


def test_a_seller_a_key_and_a_stranger_do_not_approve(
    shop: UUID, new_business: Callable[..., UUID]
) -> None:
    joined(shop, Role.MANAGER)
    approval_id = asked(shop, owner_of(shop), "222222")
    key = Actor("key", approval_id, frozenset({"payment_account:approve"}))
    for actor in (joined(shop, Role.SELLER), key, owner_of(new_business())):
        with tenancy.bound(shop, actor=actor), pytest.raises(NotAllowed):
            identity.approve(approval_id)


def test_one_of_another_business_is_not_found(
    shop: UUID, new_business: Callable[..., UUID]
) -> None:
    joined(shop, Role.MANAGER)
    approval_id = asked(shop, owner_of(shop), "222222")
    other = new_business()
    with (
        tenancy.bound(other, actor=owner_of(other)),
        pytest.raises(HesabuError, match="approval_not_found"),
    ):
        identity.approve(approval_id)


def test_what_nobody_answered_in_three_days_is_not_approved(
    shop: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = joined(shop, Role.MANAGER)
    approval_id = asked(shop, owner_of(shop), "222222")
    later(monkeypatch, days=3)
    with tenancy.bound(shop, actor=second):
        assert people.approvals_waiting() == []
        with pytest.raises(ApprovalExpired):
            identity.approve(approval_id)


def test_what_was_refused_or_withdrawn_is_not_approved_after(shop: UUID) -> None:
    owner, second = owner_of(shop), joined(shop, Role.MANAGER)
    refused, withdrawn = asked(shop, owner, "222222"), asked(shop, owner, "333333")
    with tenancy.bound(shop, actor=owner):
        identity.withdraw_approval(withdrawn)
    with tenancy.bound(shop, actor=second):
        with pytest.raises(NotAllowed):
            identity.withdraw_approval(refused)
        identity.refuse(refused)
        for one in (refused, withdrawn):
            with pytest.raises(MoveRefused):
                identity.approve(one)
        assert queries.changes_frozen() == []


def test_one_approval_does_not_open_another_change(shop: UUID) -> None:
    """An approval of one till is not one of any till."""
    owner, second = owner_of(shop), joined(shop, Role.MANAGER)
    approval_id = asked(shop, owner, "222222")
    with tenancy.bound(shop, actor=second):
        identity.approve(approval_id)
    with tenancy.bound(shop, actor=owner), pytest.raises(ApprovalNeeded):
        actions.add_account("till", "333333")


def test_two_who_approve_at_the_same_moment_do_it_once(shop: UUID) -> None:
    seconds = [joined(shop, Role.MANAGER), joined(shop, Role.MANAGER)]
    approval_id = asked(shop, owner_of(shop), "222222")
    failed: list[Exception] = []

    def approve(actor: Actor) -> None:
        from django.db import connection

        try:
            with tenancy.bound(shop, actor=actor):
                identity.approve(approval_id)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(one,)) for one in seconds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with tenancy.bound(shop):
        assert len(queries.changes_frozen()) == 1


def test_a_key_changes_nothing_where_a_second_person_is_there(shop: UUID) -> None:
    joined(shop, Role.MANAGER)
    key = Actor("key", owner_of(shop).id, frozenset({"payment_account:change"}))
    with tenancy.bound(shop, actor=key):
        with pytest.raises(ApprovalNeeded) as caught, tenancy.attempt():
            actions.add_account("till", "222222")
        with pytest.raises(NotAllowed):
            identity.ask_approval(caught.value)


def test_a_refusal_tells_no_account_number(shop: UUID) -> None:
    joined(shop, Role.MANAGER)
    with (
        tenancy.bound(shop, actor=owner_of(shop)),
        pytest.raises(ApprovalNeeded) as caught,
    ):
        actions.add_account("till", "222222")
    assert "222222" not in str(caught.value.problem())


# --- who asked is there no more


@pytest.mark.parametrize("role", [None, Role.SELLER])
def test_what_somebody_asked_who_may_not_do_it_any_more_is_not_approved(
    shop: UUID, role: Role | None
) -> None:
    """A naive manager gives a thief who was thrown out what they asked for before."""
    asker, second = joined(shop, Role.OWNER), joined(shop, Role.MANAGER)
    assert asker.id is not None
    approval_id = asked(shop, asker, "999999")
    with tenancy.bound(shop, actor=owner_of(shop)):
        if role is None:
            identity.remove_member(asker.id)
        else:
            identity.change_role(asker.id, role)
    with tenancy.bound(shop, actor=second):
        with pytest.raises(ApprovalAskerGone):
            identity.approve(approval_id)
        assert queries.changes_frozen() == []
        identity.refuse(approval_id)
        assert people.approval(approval_id).state is ApprovalState.REFUSED


# --- new keys of the provider for a way that is there

KEYS = {"consumer_key": "ck", "consumer_secret": "cs", "passkey": "pk", "shortcode": "174379"}
THIEFS = KEYS | {"consumer_key": "thief", "consumer_secret": "thief", "shortcode": "999999"}


def keyed(business_id: UUID, actor: Actor, keys: dict[str, str]) -> UUID:
    with tenancy.bound(business_id, actor=actor):
        return actions.add_account("stk_till", "832909", credentials=keys)


def used(business_id: UUID, account_id: UUID) -> str:
    """The consumer key that a customer is asked with now."""
    with tenancy.bound(business_id):
        return keys_of(PaymentAccount.objects.get(id=account_id)).credentials["consumer_key"]


def told(business_id: UUID, account_id: UUID) -> list[tuple[str, object]]:
    with tenancy.bound(business_id):
        timeline = facts.timeline(account_id)
        return [(one.kind.partition(".")[2], one.payload.get("verb")) for one in timeline]


def test_new_keys_count_after_two_days_and_are_told(
    business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = owner_of(business_id)
    account_id = keyed(business_id, owner, KEYS)
    assert keyed(business_id, owner, KEYS | {"consumer_key": "next"}) == account_id
    assert told(business_id, account_id) == [
        ("PaymentAccountAdded", None),
        ("PaymentAccountRekeyed", None),
        ("PaymentAccountFrozen", "rekeyed"),
    ]
    with tenancy.bound(business_id):
        [change] = queries.changes_frozen()
        assert (change.way.account_id, change.verb) == (account_id, "rekeyed")
        assert "832909" in offered_numbers()
    assert used(business_id, account_id) == "ck"
    later(monkeypatch, hours=47)
    assert used(business_id, account_id) == "ck"
    later(monkeypatch, hours=2)
    assert used(business_id, account_id) == "next"
    with tenancy.bound(business_id):
        assert queries.changes_frozen() == []
    keyed(business_id, owner, KEYS | {"consumer_key": "third"})
    assert used(business_id, account_id) == "next"


def offered_numbers() -> list[str]:
    return [way.number for way in queries.ways_to_pay()]


def test_new_keys_that_an_owner_stops_never_count(
    business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = keyed(business_id, owner_of(business_id), KEYS)
    keyed(business_id, owner_of(business_id), THIEFS)
    with tenancy.bound(business_id, actor=owner_of(business_id)):
        actions.stop_change(account_id)
        with pytest.raises(ChangeNotFrozen):
            actions.stop_change(account_id)
    assert told(business_id, account_id)[-1] == ("PaymentAccountChangeStopped", "rekeyed")
    later(monkeypatch, hours=49)
    assert used(business_id, account_id) == "ck"
    assert offered(business_id)[-1] == "832909"


def test_new_keys_for_what_is_not_offered_yet_hold_it_up_two_days_more(
    shop: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else they would slip in at the end of the two days in which the first ones were looked at."""
    account_id = keyed(shop, owner_of(shop), KEYS)
    later(monkeypatch, hours=47)
    keyed(shop, owner_of(shop), THIEFS)
    later(monkeypatch, hours=2)
    assert offered(shop) == ["111111"]
    assert told(shop, account_id)[-1] == ("PaymentAccountFrozen", "added")
    with tenancy.bound(shop, actor=owner_of(shop)):
        actions.stop_change(account_id)
    later(monkeypatch, hours=49)
    assert offered(shop) == ["111111"]


def test_one_word_stops_a_close_and_new_keys_of_the_same_way(
    business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = keyed(business_id, owner_of(business_id), KEYS)
    keyed(business_id, owner_of(business_id), THIEFS)
    with tenancy.bound(business_id, actor=owner_of(business_id)):
        actions.close_account(account_id)
        assert sorted(one.verb for one in queries.changes_frozen()) == ["closed", "rekeyed"]
        actions.stop_change(account_id)
        assert queries.changes_frozen() == []
    later(monkeypatch, hours=49)
    assert (used(business_id, account_id), offered(business_id)[-1]) == ("ck", "832909")


def test_the_present_keys_again_take_back_new_ones_that_wait(
    business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = keyed(business_id, owner_of(business_id), KEYS)
    keyed(business_id, owner_of(business_id), THIEFS)
    keyed(business_id, owner_of(business_id), KEYS)
    later(monkeypatch, hours=49)
    assert used(business_id, account_id) == "ck"


def test_new_keys_that_were_approved_are_frozen_all_the_same(
    business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = keyed(business_id, owner_of(business_id), KEYS)
    second = joined(business_id, Role.MANAGER)
    with tenancy.bound(business_id, actor=owner_of(business_id)):
        with pytest.raises(ApprovalNeeded) as caught, tenancy.attempt():
            actions.add_account("stk_till", "832909", credentials=THIEFS)
        approval_id = identity.ask_approval(caught.value)
    with tenancy.bound(business_id, actor=second):
        identity.approve(approval_id)
    assert used(business_id, account_id) == "ck"
    later(monkeypatch, hours=49)
    assert used(business_id, account_id) == "thief"


def test_new_keys_are_unreadable_in_the_database(business_id: UUID) -> None:
    account_id = keyed(business_id, owner_of(business_id), KEYS)
    keyed(business_id, owner_of(business_id), THIEFS)
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT next_credentials FROM payments_account WHERE id = %s", (account_id,))
        assert b"thief" not in bytes(cursor.fetchone()[0])
