"""What the tests of the store share: the wiring opened for facts of their own, and jobs as the worker would run them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from hesabu.store import jobs
from hesabu.store.wiring import Wiring, wiring


@pytest.fixture
def new_business(new_business: Callable[..., UUID]) -> Callable[..., UUID]:
    """As everywhere, with nothing of its beginning left to be done: what waits here, the test made."""

    def register(*args: Any, **named: Any) -> UUID:
        business_id = new_business(*args, **named)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE args::text LIKE %s", (f"%{business_id}%",)
            )
        return business_id

    return register


@pytest.fixture
def rewired() -> Iterator[Wiring]:
    """The wiring, which afterwards is as it was."""
    before = {name: copy.copy(value) for name, value in vars(wiring).items()}
    for table in ("_now", "_later"):
        before[table] = {kind: list(readers) for kind, readers in before[table].items()}
    yield wiring
    vars(wiring).update(before)
    with connection.cursor() as cursor:  # nobody else knows the readers of these tests
        cursor.execute("DELETE FROM procrastinate_jobs WHERE args->>'reader' LIKE 'tests.%'")


@pytest.fixture
def unsealed(business_id: UUID, rewired: Wiring) -> Wiring:
    """The wiring as it is before the app seals it."""
    rewired._is_sealed = False
    return rewired


@pytest.fixture
def wire(rewired: Wiring) -> Callable[..., None]:
    """`wire(Fact, now=reader, later=reader, unbound=reader)`: declared, and sealed again."""

    def declare(kind: type, now: Any = None, later: Any = None, unbound: Any = None) -> None:
        rewired._is_sealed = False
        if now:
            rewired.now(kind, now)
        if later:
            rewired.later(kind, later)
        if unbound:
            rewired.later(kind, unbound, unbound=True)
        rewired.seal([kind])

    return declare


def waiting_jobs(business_id: UUID, name: str = "store.read") -> list[dict[str, Any]]:
    """Jobs about a business that have not been fetched: id, args, scheduled_at, lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, args::text, scheduled_at, lock, queueing_lock FROM procrastinate_jobs"
            " WHERE status = 'todo' AND task_name = %s AND strpos(args::text, %s) > 0 ORDER BY id",
            (name, str(business_id)),
        )
        return [
            {"id": row[0], "args": json.loads(row[1]), "at": row[2], "lock": row[3], "key": row[4]}
            for row in cursor.fetchall()
        ]


def run_waiting(business_id: UUID, name: str = "store.read") -> int:
    """Run what waits now, each once, whenever it is due. How many ran."""
    found = waiting_jobs(business_id, name)
    for job in found:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", (job["id"],))
        jobs.tasks[name].run(**job["args"])
    return len(found)


@pytest.fixture
def job_list(database: str) -> Callable[..., list[dict[str, Any]]]:
    return waiting_jobs


@pytest.fixture
def run_jobs(database: str) -> Callable[..., int]:
    return run_waiting
