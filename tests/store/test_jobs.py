"""Jobs: there if and only if what they are about is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from hesabu.app import jobs as worker
from hesabu.kit import clock, ids
from hesabu.store import jobs, tenancy
from hesabu.store.tenancy import Unbound

QUEUE = "tested"


@pytest.fixture
def task() -> Iterator[Callable[..., str]]:
    """`task(run)` declares a task of this test's own and says its name."""
    before = dict(jobs.tasks)

    def declare(run: Callable[..., None] = lambda **_: None, retries: int = 2) -> str:
        name = f"test.{ids.new_id().hex}"
        jobs.task(name, retries=retries, queue=QUEUE)(run)
        return name

    yield declare
    jobs.tasks.clear()
    jobs.tasks.update(before)


def rows(name: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, args::text, lock, queueing_lock, queue_name, scheduled_at, attempts"
            " FROM procrastinate_jobs WHERE task_name = %s ORDER BY id",
            (name,),
        )
        return cursor.fetchall()


def states(name: str) -> list[str]:
    return [row[0] for row in rows(name)]


def work(database: str) -> None:
    """A real worker, until nothing is due."""
    app = worker.application(database)

    def run() -> None:
        with app.open():
            app.run_worker(
                queues=[QUEUE], wait=False, install_signal_handlers=False, listen_notify=False
            )

    with ThreadPoolExecutor(max_workers=1) as thread:  # a browser's loop may be in this one
        thread.submit(run).result()


def test_a_job_commits_with_the_data(business_id: UUID, task: Any) -> None:
    name = task()
    with tenancy.bound(business_id):
        jobs.defer(name, business_id=business_id, lock="a", run_at=clock.now())
        assert rows(name) == [], "noted, not written, while the transaction is open"
    ((status, args, lock, key, queue, at, _),) = rows(name)
    assert (status, lock, key, queue) == ("todo", "a", None, QUEUE)
    assert json.loads(args) == {"business_id": str(business_id)}
    assert abs(at - clock.now()) < timedelta(seconds=10)


def test_a_job_is_rolled_back_with_the_data(business_id: UUID, task: Any) -> None:
    name = task()

    def act() -> None:
        with tenancy.bound(business_id):
            jobs.defer(name)
            raise KeyError

    with pytest.raises(KeyError):
        act()
    assert rows(name) == []


def test_jobs_of_a_nested_binding_wait_for_the_outermost(business_id: UUID, task: Any) -> None:
    name = task()
    with tenancy.house():
        with tenancy.bound(business_id):
            jobs.defer(name)
        assert rows(name) == []
    assert states(name) == ["todo"]


def test_a_key_that_is_waiting_is_not_queued_twice(business_id: UUID, task: Any) -> None:
    name, other = task(), task()
    for _ in range(2):
        with tenancy.bound(business_id):
            jobs.defer(name, key=name)
            jobs.defer(name, key=name)
            jobs.defer(other, key=other)
    assert states(name) == ["todo"]
    assert states(other) == ["todo"], "one job that is there already hides no other"


def test_a_key_is_free_again_once_its_job_is_done(
    business_id: UUID, task: Any, database: str
) -> None:
    name = task()
    for _ in range(2):
        with tenancy.bound(business_id):
            jobs.defer(name, key=name)
        work(database)
    assert states(name) == ["succeeded", "succeeded"]


def test_a_worker_runs_it_outside_of_any_transaction(
    business_id: UUID, task: Any, database: str
) -> None:
    ran: list[tuple[str, bool, bool]] = []

    def run(thing_id: str) -> None:
        ran.append((thing_id, tenancy.is_bound(), connection.in_atomic_block))

    name = task(run)
    thing_id = ids.new_id()
    with tenancy.bound(business_id):
        jobs.defer(name, thing_id=thing_id)
        jobs.defer(name, thing_id=thing_id, run_at=clock.now() + timedelta(days=1))
    work(database)
    assert ran == [(str(thing_id), False, False)]
    assert states(name) == ["succeeded", "todo"]


def test_a_task_that_fails_is_tried_again_later(
    business_id: UUID, task: Any, database: str
) -> None:
    def run() -> None:
        raise OSError

    name = task(run)
    before = clock.now()
    with tenancy.bound(business_id):
        jobs.defer(name)
    work(database)
    ((status, *_, at, attempts),) = rows(name)
    assert (status, attempts) == ("todo", 1)
    assert at > before


def test_a_task_nobody_declared_is_refused_where_it_is_asked_for(business_id: UUID) -> None:
    with pytest.raises(LookupError, match=r"test\.nothing"), tenancy.bound(business_id):
        jobs.defer("test.nothing")


def test_a_job_needs_a_transaction_to_commit_with(task: Any) -> None:
    name = task()
    with pytest.raises(Unbound):
        jobs.defer(name)
