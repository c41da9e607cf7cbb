"""Jobs: work that commits with the data and runs after it, on procrastinate.

    @jobs.task("payments.ask", retries=5)
    def ask(business_id: str, collection_id: str) -> None: ...

    jobs.defer("payments.ask", business_id=business_id, collection_id=collection_id)

`defer` only notes the job in the open binding; it is inserted just before the commit, so a job exists if and only if what
it is about does. A task runs outside of any transaction and opens its own. Arguments are ids: a job's row is no place for
personal data. A worker that dies leaves its jobs to be fetched again, so a task may run twice and must be written for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from hesabu.store import sql, tenancy

log = structlog.get_logger(__name__)
Task = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Declared:
    """A task as its room declared it. `retries` counts further tries after the first, with growing waits."""

    name: str
    run: Task
    retries: int
    queue: str
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task that runs by itself. `cron` has six fields where seconds matter, the seconds last."""

    name: str
    cron: str


@dataclass(frozen=True, slots=True)
class _Noted:
    name: str
    args: dict[str, Any]
    run_at: datetime | None
    lock: str | None
    key: str | None


tasks: dict[str, Declared] = {}
periodic: list[Periodic] = []


def task(
    name: str, *, retries: int = 5, queue: str = "default", priority: int = 0
) -> Callable[[Task], Task]:
    """Declare a task under a name that will outlive the function's. Of what waits, the higher `priority` goes first."""

    def declare(run: Task) -> Task:
        tasks[name] = Declared(name, run, retries, queue, priority)
        return run

    return declare


def every(name: str, *, cron: str) -> None:
    """Run a declared task by the clock."""
    periodic.append(Periodic(name, cron))


def defer(
    name: str,
    *,
    run_at: datetime | None = None,
    lock: str | None = None,
    key: str | None = None,
    **args: Any,
) -> None:
    """Note a job in the open binding. Jobs of one `lock` run one at a time, in order; a `key` that is already waiting is
    not queued twice."""
    defer_into(tenancy.current().root, name, run_at=run_at, lock=lock, key=key, **args)


def defer_into(
    binding: tenancy.Binding,
    name: str,
    *,
    run_at: datetime | None = None,
    lock: str | None = None,
    key: str | None = None,
    **args: Any,
) -> None:
    if name not in tasks:
        raise LookupError(f"no task is called {name}")
    binding.jobs.append(_Noted(name, _plain(args), run_at, lock, key))


def _plain(args: Mapping[str, Any]) -> dict[str, Any]:
    return {k: str(v) if isinstance(v, UUID) else v for k, v in args.items()}


def _write(binding: tenancy.Binding) -> None:
    noted: list[_Noted] = binding.jobs
    if not noted:
        return
    with sql.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)"
            " SELECT q, n, p, l, k, a::jsonb, at FROM unnest(%b::text[], %b::text[], %b::int[], %b::text[], %b::text[],"
            " %b::text[], %s::timestamptz[]) AS t (q, n, p, l, k, a, at) ON CONFLICT DO NOTHING",
            (
                [tasks[j.name].queue for j in noted],
                [j.name for j in noted],
                [tasks[j.name].priority for j in noted],
                [j.lock for j in noted],
                [j.key for j in noted],
                [json.dumps(j.args, separators=(",", ":")) for j in noted],
                [j.run_at for j in noted],
            ),
        )


tenancy.before_commit(_write, last=True)
