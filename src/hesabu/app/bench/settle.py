"""settle_vs_pgbench: callbacks already filed, two workers, all the way to booked, allocated, facts and jobs written, per
second ÷ pgbench's TPC-B-like transactions per second (scale 10, 8 clients, simple protocol) on the same server."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hesabu.app.bench import load, seed, serving
from hesabu.app.bench.scratch import Scratch, tidy

PGBENCH_SECONDS = 5


def prepare_baseline(scratch: Scratch) -> None:
    subprocess.run(
        [scratch.pgbench, "-i", "-q", "-s", "10", scratch.baseline], check=True, capture_output=True
    )


def baseline(scratch: Scratch) -> float:
    """pgbench's transactions per second."""
    done = subprocess.run(
        [scratch.pgbench, "-n", "-M", "simple", "-c", "8", "-j", "2", "-T", str(PGBENCH_SECONDS), scratch.baseline],
        check=True,
        capture_output=True,
        text=True,
    )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def measure(scratch: Scratch, shops: list[seed.Shop], count: int) -> float:
    """Payments settled per second by two workers, from letters that are filed."""
    seed.file_all(seed.prompts(shops, count))
    tidy(scratch.owner)
    with _drainers(2) as drainers:
        started = time.monotonic()
        taken, ended = _let_them_drain(drainers, lambda: None)
    require_all_settled()
    return taken / (ended - started)


def measure_posted(scratch: Scratch, shops: list[seed.Shop], count: int, port: int) -> float:
    """Payments per second from the first HTTP request to the last booking, with two workers settling meanwhile."""
    callbacks = seed.prompts(shops, count)
    requests = [load.post(f"/hooks/{c.shop.token}/{c.ref}", c.body) for c in callbacks]
    tidy(scratch.owner)
    with _drainers(2) as drainers:
        started = time.monotonic()
        _, ended = _let_them_drain(drainers, lambda: serving.send(port, requests))
    require_all_settled()
    return count / (ended - started)


@contextmanager
def _drainers(count: int) -> Iterator[list[subprocess.Popen[str]]]:
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "hesabu.app.bench.drainer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    try:
        for worker in workers:
            assert worker.stdout
            assert worker.stdout.readline() == "ready\n"
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def _let_them_drain(
    workers: list[subprocess.Popen[str]], meanwhile: Callable[[], object]
) -> tuple[int, float]:
    """(letters taken, when the last was) once nothing has waited for half a second."""
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("0.5\n")
        worker.stdin.flush()
    meanwhile()
    taken, ended = 0, 0.0
    for worker in workers:
        assert worker.stdout
        some, last = worker.stdout.readline().split()
        taken += int(some)
        ended = max(ended, float(last))
    return taken, ended


def require_all_settled() -> None:
    """A rate of what was not done is no rate."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, count(*), min(reason) FROM store_letter WHERE state <> 'read' GROUP BY 1"
        )
        left = cursor.fetchall()
    if left:
        raise SystemExit(f"letters were left: {left}")
