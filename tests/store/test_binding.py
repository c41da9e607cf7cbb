"""Bindings: the transaction, whose rows it sees, and what is written when it closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hesabu.kit import ids
from hesabu.store import files, jobs, sql, tenancy
from hesabu.store.tenancy import HOUSE, SYSTEM, Actor, Crossing, Unbound


def seen() -> set[UUID]:
    """Whose files the open transaction can see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT business_id FROM store_file")
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def two(new_business: Callable[..., UUID]) -> tuple[UUID, UUID]:
    """Two businesses with a file each."""
    pair = new_business(), new_business()
    for business_id in pair:
        with tenancy.bound(business_id):
            files.keep(b"x", "text/plain", "x.txt")
    return pair


def test_a_binding_sees_its_businesses_and_no_other(two: tuple[UUID, UUID]) -> None:
    left, right = two
    with tenancy.bound(left):
        assert seen() == {left}
        assert tenancy.only() == left
    with tenancy.bound(left, right):
        assert seen() == {left, right}
        with pytest.raises(Unbound):
            tenancy.only()


def test_a_binding_nests_inward_only(two: tuple[UUID, UUID]) -> None:
    left, right = two
    with tenancy.bound(left, right):
        with tenancy.bound(right):
            assert seen() == {right}
            with pytest.raises(Crossing), tenancy.bound(left):
                raise AssertionError("not reached")
            assert seen() == {right}
        assert seen() == {left, right}


def test_an_error_inside_a_narrower_binding_does_not_leave_it_narrow(
    two: tuple[UUID, UUID],
) -> None:
    left, right = two
    with tenancy.bound(left, right):
        with pytest.raises(KeyError), tenancy.bound(left):
            raise KeyError
        assert seen() == {left, right}
        assert tenancy.current().business_ids == (left, right)


def test_an_error_inside_a_business_does_not_leave_the_house_bound_to_it(
    two: tuple[UUID, UUID],
) -> None:
    with tenancy.house():
        with pytest.raises(KeyError), tenancy.bound(two[0]):
            raise KeyError
        assert seen() & set(two) == set()


def test_after_an_error_of_the_database_the_first_error_is_the_one_that_is_told(
    two: tuple[UUID, UUID],
) -> None:
    with (
        pytest.raises(DatabaseError, match="no_such_table"),
        tenancy.bound(*two),
        tenancy.bound(two[0]),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 FROM no_such_table")
    with tenancy.bound(two[1]):
        assert seen() == {two[1]}


def test_the_house_takes_one_business_after_another_into_one_transaction(
    two: tuple[UUID, UUID],
) -> None:
    with tenancy.house():
        assert tenancy.current().business_ids == (HOUSE,)
        for business_id in two:
            with tenancy.bound(business_id):
                assert seen() == {business_id}
                files.keep(b"y", "text/plain", "y.txt")
        assert seen() & set(two) == set()


def test_the_house_and_a_person_are_not_opened_inside_a_business(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        with pytest.raises(Crossing), tenancy.house():
            raise AssertionError("not reached")
        with pytest.raises(Crossing), tenancy.as_person(ids.new_id()):
            raise AssertionError("not reached")


def test_the_house_nests_in_itself(database: str) -> None:
    with tenancy.house() as outer, tenancy.house() as inner:
        assert inner is outer


def test_without_a_binding_nothing_that_needs_one_works(database: str) -> None:
    assert not tenancy.is_bound()
    with pytest.raises(Unbound):
        tenancy.current()
    with pytest.raises(Unbound):
        files.keep(b"x", "text/plain", "x.txt")
    with pytest.raises(Unbound), tenancy.bound():
        raise AssertionError("not reached")


def test_who_acts_is_inherited_unless_another_is_named(business_id: UUID) -> None:
    person = Actor("person", ids.new_id())
    with tenancy.bound(business_id):
        assert tenancy.current().actor == SYSTEM
    with tenancy.bound(business_id, actor=person, cause_id=business_id), tenancy.bound(business_id):
        assert tenancy.current().actor == person
        assert tenancy.current().cause_id == business_id
        with tenancy.bound(business_id, actor=SYSTEM):
            assert tenancy.current().actor == SYSTEM
        assert tenancy.current().actor == person


def keep_and_defer(business_id: UUID, kept: list[UUID]) -> None:
    kept.append(files.keep(b"lost", "text/plain", "x.txt"))
    jobs.defer("store.read", reader="nobody", facts=[[str(business_id), str(kept[-1])]])


def test_an_error_takes_rows_and_jobs_with_it(business_id: UUID, job_list: Any) -> None:
    kept: list[UUID] = []

    def fail() -> None:
        with tenancy.bound(business_id):
            keep_and_defer(business_id, kept)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert job_list(business_id) == []
    with tenancy.bound(business_id), pytest.raises(files.FileNotFound):
        files.read(kept[0])


def test_a_failed_attempt_leaves_nothing_and_the_rest_goes_on(
    two: tuple[UUID, UUID], job_list: Any
) -> None:
    left, right = two
    lost: list[UUID] = []

    def fail() -> None:
        with tenancy.attempt(), tenancy.bound(right):
            keep_and_defer(right, lost)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

    with tenancy.bound(left, right):
        with tenancy.bound(left):
            kept = files.keep(b"kept", "text/plain", "x.txt")
        with pytest.raises(DatabaseError):
            fail()
        assert seen() == {left, right}
        with tenancy.bound(left):
            assert files.read(kept).content == b"kept"
    assert job_list(right) == []
    with tenancy.bound(right), pytest.raises(files.FileNotFound):
        files.read(lost[0])
    with tenancy.bound(left):
        assert files.read(kept).content == b"kept"


def test_a_binding_is_the_outermost_transaction(business_id: UUID) -> None:
    """A commit that a wider transaction could still take back would be no commit."""
    from django.db import transaction

    with (
        pytest.raises(RuntimeError, match="durable"),
        transaction.atomic(),
        tenancy.bound(business_id),
    ):
        raise AssertionError("not reached")


def test_a_view_told_inside_a_savepoint_is_told_again_when_that_is_taken_back(
    two: tuple[UUID, UUID],
) -> None:
    left, right = two

    def look_and_give_up(business_id: UUID) -> None:
        with tenancy.bound(business_id):
            assert seen() == {business_id}
            raise RuntimeError("given up")

    def look_and_give_up_in_a_savepoint() -> None:
        with transaction.atomic():
            assert not seen() & {left, right}
            raise RuntimeError("given up")

    with tenancy.house():
        with tenancy.bound(left):
            assert seen() == {left}
        with pytest.raises(RuntimeError), tenancy.attempt():
            look_and_give_up(right)
        assert not seen() & {left, right}
        with tenancy.bound(right):
            assert seen() == {right}
        with pytest.raises(RuntimeError):
            look_and_give_up_in_a_savepoint()
        assert not seen() & {left, right}


def test_a_plain_cursor_sees_the_same(two: tuple[UUID, UUID]) -> None:
    left, right = two
    with tenancy.bound(left, right), sql.cursor() as plain:
        for business_id in (left, right):
            with tenancy.bound(business_id):
                plain.execute("SELECT DISTINCT business_id FROM store_file")
                assert plain.fetchall() == [(business_id,)]


def test_a_binding_that_asks_nothing_tells_nothing(two: tuple[UUID, UUID]) -> None:
    left, _right = two
    with CaptureQueriesContext(connection) as asked, tenancy.house():
        for _ in range(3):
            with tenancy.bound(left):
                pass
    assert [query["sql"] for query in asked.captured_queries] == ["BEGIN", "COMMIT"]
