"""The worker: reads letters, runs jobs, keeps the clock. Any number of them, on any number of machines.

One thread per drain empties a kind of letters in batches; procrastinate fetches jobs and what is due by the clock. A worker
that is killed leaves nothing half done: letters are read in one transaction with what they cause, and the jobs it had
taken are fetched again by another worker once its heartbeat has stopped.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

import django
import procrastinate
import structlog
from django.db import DatabaseError, close_old_connections, connection

log = structlog.get_logger(__name__)
HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 15
JOBS_AT_ONCE = 8
"""Mostly they wait for a provider; one that hangs must not hold up the others."""


def run() -> None:
    """Until SIGTERM or SIGINT; what is running is finished first."""
    django.setup()
    from django.conf import settings

    from hesabu.app import house_secrets, jobs, wiring

    house_secrets.aged(
        settings.CONFIG
    )  # since when each is in use is known from the first worker on
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threads = [
        threading.Thread(target=_drain, args=(name, take, stopping), name=f"drain-{name}")
        for name, take in wiring.drains().items()
    ]
    for thread in threads:
        thread.start()
    log.info("worker.started", drains=[thread.name for thread in threads])
    try:
        asyncio.run(_run_jobs(jobs.application(settings.APP_URL), stopping))
    finally:
        stopping.set()
        for thread in threads:
            thread.join(timeout=20)
    log.info("worker.stopped")


def _drain(name: str, take: Callable[[], int], stopping: threading.Event) -> None:
    """Empty one kind of letters; rest a little, growing to 20 ms, while there are none."""
    rest_seconds = 0.005
    while not stopping.is_set():
        try:
            taken = take()
        except DatabaseError:
            log.error("drain.database_away", drain=name, exc_info=True)
            close_old_connections()
            taken, rest_seconds = 0, 1.0
        except Exception:
            log.error("drain.failed", drain=name, exc_info=True)
            taken, rest_seconds = 0, 1.0
        if taken:
            rest_seconds = 0.005
        else:
            stopping.wait(rest_seconds)
            rest_seconds = min(0.02, rest_seconds * 1.5)
    connection.close()


async def _run_jobs(app: procrastinate.App, stopping: threading.Event) -> None:
    threads = ThreadPoolExecutor(JOBS_AT_ONCE + 2, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
    async with app.open_async():
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                fetch_job_polling_interval=2,
                shutdown_graceful_timeout=20,
            )
        )
        rescuing = asyncio.create_task(_rescue(app))
        asked_to_stop = asyncio.create_task(asyncio.to_thread(stopping.wait))
        await asyncio.wait({working, asked_to_stop}, return_when=asyncio.FIRST_COMPLETED)
        if working.done() and not working.cancelled() and working.exception():
            log.error("worker.jobs_ended", error=type(working.exception()).__name__)
        stopping.set()
        rescuing.cancel()
        working.cancel()
        await asyncio.gather(working, rescuing, return_exceptions=True)


async def _rescue(app: procrastinate.App) -> None:
    """Give the jobs of workers that died to those that live."""
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=STALLED_SECONDS
            )
            for job in stalled:
                log.warning("job.rescued", job_id=job.id, task=job.task_name)
                await app.job_manager.retry_job(job)
        except Exception:
            log.error("rescue.failed", exc_info=True)
        await asyncio.sleep(HEARTBEAT_SECONDS)


if __name__ == "__main__":
    run()
