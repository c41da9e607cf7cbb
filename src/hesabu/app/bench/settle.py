"""settle_vs_pgbench: callbacks already filed, two workers, all the way to booked, allocated, facts and jobs written, per
second ÷ pgbench's TPC-B-like transactions per second (scale 10, 8 clients, simple protocol) on the same server."""

from __future__ import annotations

import re
import subprocess
import sys
import time

from hesabu.app.bench import seed
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
    """Payments settled per second by two workers."""
    seed.file_all(seed.prompts(shops, count))
    tidy(scratch.owner)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "hesabu.app.bench.drainer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    # The first call of each worker settles one batch while it warms up; those are not counted.
    for worker in workers:
        assert worker.stdout and worker.stdout.readline() == "ready\n"
    started = time.monotonic()
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("0.5\n")
        worker.stdin.flush()
    taken, ended = 0, started
    for worker in workers:
        assert worker.stdout
        some, last = worker.stdout.readline().split()
        taken += int(some)
        ended = max(ended, float(last))
        worker.wait()
    require_all_settled()
    return taken / (ended - started)


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
