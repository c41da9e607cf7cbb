"""The PIN: counted before it is looked at, in every process, whatever becomes of the caller."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from hesabu.identity import actions, queries
from hesabu.identity.errors import BadPin, PersonNotFound, PinLocked, PinNeeded, PinNotSet, WrongPin
from hesabu.kit import clock, ids
from hesabu.store import facts, tenancy

PIN, WRONG = "7391", "8264"


@pytest.fixture
def person_id(database: str) -> UUID:
    person = actions.register_person("Jane Wanjiku")
    actions.set_pin(person, PIN)
    return person


def _wrong(person_id: UUID) -> int:
    with pytest.raises(WrongPin) as caught:
        actions.check_pin(person_id, WRONG)
    return caught.value.tries_left


def test_the_right_pin_is_right(person_id: UUID) -> None:
    actions.check_pin(person_id, PIN)
    actions.check_pin(person_id, f" {PIN} ")


def test_a_wrong_one_says_how_many_tries_are_left_and_the_fifth_locks(person_id: UUID) -> None:
    assert [_wrong(person_id) for _ in range(4)] == [4, 3, 2, 1]
    with pytest.raises(PinLocked) as caught:
        actions.check_pin(person_id, WRONG)
    assert caught.value.wait_seconds == 60


def test_while_locked_even_the_right_one_is_not_looked_at(person_id: UUID) -> None:
    for _ in range(4):
        _wrong(person_id)
    with pytest.raises(PinLocked):
        actions.check_pin(person_id, WRONG)
    with pytest.raises(PinLocked) as caught:
        actions.check_pin(person_id, PIN)
    assert 0 < caught.value.wait_seconds <= 61
    with clock.moved(seconds=62):
        actions.check_pin(person_id, PIN)
        assert _wrong(person_id) == 4


def test_after_the_wait_each_wrong_try_doubles_it(person_id: UUID) -> None:
    for _ in range(4):
        _wrong(person_id)
    waits, later = [], 0
    for _ in range(3):
        with clock.moved(seconds=later), pytest.raises(PinLocked) as caught:
            actions.check_pin(person_id, WRONG)
        waits.append(caught.value.wait_seconds)
        later += caught.value.wait_seconds + 2
    assert waits == [60, 120, 240]


def test_a_wrong_try_counts_although_the_caller_fails(person_id: UUID, business_id: UUID) -> None:
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongPin) as caught, tenancy.bound(business_id):
            actions.check_pin(person_id, WRONG)
        assert caught.value.tries_left == left
    with pytest.raises(PinLocked), tenancy.bound(business_id):
        actions.check_pin(person_id, WRONG)


def test_many_tries_at_once_are_five_tries(person_id: UUID) -> None:
    def one_try(_: int) -> type[Exception]:
        try:
            actions.check_pin(person_id, WRONG)
        except (WrongPin, PinLocked) as error:
            return type(error)
        finally:
            connection.close()
        raise AssertionError("a wrong PIN was taken")

    with ThreadPoolExecutor(8) as pool:
        caught = list(pool.map(one_try, range(12)))
    assert caught.count(WrongPin) == 4
    assert caught.count(PinLocked) == 8


def test_a_pin_is_changed_only_with_the_present_one(person_id: UUID) -> None:
    with pytest.raises(PinNeeded):
        actions.set_pin(person_id, "480215")
    with pytest.raises(WrongPin):
        actions.set_pin(person_id, "480215", current=WRONG)
    with pytest.raises(BadPin):
        actions.set_pin(person_id, "1234", current=PIN)
    actions.set_pin(person_id, "480215", current=PIN)
    actions.check_pin(person_id, "480215")
    with pytest.raises(WrongPin):
        actions.check_pin(person_id, PIN)


def test_an_operator_can_take_a_forgotten_one_away(person_id: UUID) -> None:
    actions.clear_pin(person_id)
    with pytest.raises(PinNotSet):
        actions.check_pin(person_id, PIN)
    with tenancy.house():
        assert not queries.person(person_id).has_pin
        kinds = [fact.kind for fact in facts.timeline(person_id)]
    assert kinds == ["identity.PersonRegistered", "identity.PinSet", "identity.PinCleared"]


def test_nobody_has_no_pin(database: str) -> None:
    with pytest.raises(PersonNotFound):
        actions.check_pin(ids.new_id(), PIN)
    with pytest.raises(PersonNotFound):
        actions.set_pin(ids.new_id(), PIN)


def test_the_kept_hash_is_argon2_over_a_mark_that_needs_our_key(
    person_id: UUID, admin_url: str, new_business: Callable[..., UUID]
) -> None:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerifyMismatchError

    with psycopg.connect(admin_url) as admin:
        row = admin.execute(
            "SELECT pin_hash FROM identity_person WHERE id = %s", (person_id,)
        ).fetchone()
    assert row is not None
    assert row[0].startswith("$argon2id$")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(row[0], PIN)
