"""Hands the tasks that the rooms declared to procrastinate, for the worker."""

from __future__ import annotations

from collections.abc import Callable

import procrastinate
from django.db import close_old_connections

from hesabu.store import jobs


def application(dsn: str) -> procrastinate.App:
    """A procrastinate app with every declared task and everything that runs by the clock. The wiring is made by then."""
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=4)
    )
    for declared in jobs.tasks.values():
        app.task(
            name=declared.name,
            queue=declared.queue,
            retry=procrastinate.RetryStrategy(max_attempts=declared.retries, exponential_wait=2),
        )(_with_fresh_connections(declared.run))
    for periodic in jobs.periodic:
        name = f"{periodic.name}.tick"
        tick = app.task(name=name, queue="clock", queueing_lock=name)(
            _tick(jobs.tasks[periodic.name].run)
        )
        app.periodic(cron=periodic.cron, periodic_id=periodic.name)(tick)
    return app


def _with_fresh_connections(run: Callable[..., None]) -> Callable[..., None]:
    def task(**args: object) -> None:
        close_old_connections()
        run(**args)

    return task


def _tick(run: Callable[..., None]) -> Callable[[int], None]:
    """procrastinate hands periodic tasks the instant they were due, which ours do not need."""

    def tick(timestamp: int) -> None:
        close_old_connections()
        run()

    return tick
