"""Idempotency: one key, one act, one answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from hesabu.kit.errors import Refused
from hesabu.store import files, tenancy
from hesabu.store.idempotency import KeyReused, once
from steady import PATIENCE_SECONDS


class Act:
    """Counts how often it was done."""

    def __init__(self, error: Exception | None = None) -> None:
        self.count = 0
        self.error = error

    def __call__(self) -> dict[str, Any]:
        self.count += 1
        files.keep(b"x", "text/plain", "acted.txt")
        if self.error is not None:
            raise self.error
        return {"number": f"INV-{self.count}", "nothing": None, "list": [1]}


def kept(business_id: UUID) -> int:
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_file WHERE filename = 'acted.txt'")
        return int(cursor.fetchone()[0])


def ask(
    business_id: UUID, act: Act, key: str = "k", scope: str = "test", **request: Any
) -> dict[str, Any]:
    with tenancy.bound(business_id):
        return once(scope, key, request, act)


def test_the_same_key_and_input_give_the_first_answer_again(business_id: UUID) -> None:
    act = Act()
    answers = [ask(business_id, act, amount=1, who="j") for _ in range(3)]
    answers.append(ask(business_id, act, who="j", amount=1))
    assert answers == [{"number": "INV-1", "nothing": None, "list": [1]}] * 4
    assert (act.count, kept(business_id)) == (1, 1)


def test_the_same_key_with_another_input_is_refused(business_id: UUID) -> None:
    act = Act()
    ask(business_id, act, amount=1)
    with pytest.raises(KeyReused) as refused:
        ask(business_id, act, amount=2)
    assert refused.value.status == 409
    assert act.count == 1


def test_a_key_belongs_to_its_business_and_its_act(new_business: Callable[..., UUID]) -> None:
    left, right = new_business(), new_business()
    act = Act()
    ask(left, act, amount=1)
    ask(right, act, amount=2)
    ask(left, act, scope="other", amount=3)
    ask(left, act, key="K", amount=4)
    assert act.count == 4


def test_an_act_that_failed_leaves_its_key_free(business_id: UUID) -> None:
    with pytest.raises(OSError, match="away"):
        ask(business_id, Act(OSError("away")), amount=1)
    assert ask(business_id, Act(), amount=2)["number"] == "INV-1"


def test_an_act_that_failed_leaves_its_key_free_though_its_caller_goes_on(
    business_id: UUID,
) -> None:
    with tenancy.bound(business_id):
        with pytest.raises(Refused):
            once("test", "k", {}, Act(Refused("no")))
        assert once("test", "k", {"other": 1}, Act())["number"] == "INV-1"
    assert kept(business_id) == 1


def both_at_once(business_id: UUID, act: Act) -> list[Any]:
    barrier = threading.Barrier(2)

    def run(_: int) -> Any:
        try:
            barrier.wait(PATIENCE_SECONDS)
            return ask(business_id, act, amount=1)
        except OSError as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def test_two_at_once_act_once_and_get_one_answer(business_id: UUID) -> None:
    act = Act()
    first, second = both_at_once(business_id, act)
    assert first == second
    assert (act.count, kept(business_id)) == (1, 1)


def test_of_two_at_once_the_second_acts_where_the_first_failed(business_id: UUID) -> None:
    class FailsFirst(Act):
        def __call__(self) -> dict[str, Any]:
            self.error = OSError("away") if self.count == 0 else None
            return super().__call__()

    act = FailsFirst()
    answers = both_at_once(business_id, act)
    assert "away" in answers
    assert {"number": "INV-2", "nothing": None, "list": [1]} in answers
    assert kept(business_id) == 1


def test_it_needs_one_business(new_business: Callable[..., UUID]) -> None:
    left, right = new_business(), new_business()
    with pytest.raises(tenancy.Unbound), tenancy.bound(left, right):
        once("test", "k", {}, Act())
