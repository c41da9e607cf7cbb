"""Databases made for one run of the benchmark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from hesabu.app import config as configuration
from hesabu.app import scratch
from hesabu.app.embedded.binaries import find

PRODUCT, BASELINE = "hesabu_bench", "hesabu_bench_baseline"


@dataclass(frozen=True, slots=True)
class Scratch:
    """Addresses of the two databases, by role."""

    app: str
    owner: str
    staff: str
    baseline: str
    pgbench: str


@contextmanager
def databases() -> Iterator[Scratch]:
    """Both, empty but migrated; dropped at the end."""
    with scratch.databases([PRODUCT, BASELINE]) as urls:
        yield Scratch(
            urls.app,
            urls.owner,
            urls.staff,
            scratch.on(urls.owner, BASELINE),
            find(configuration.load().postgres).program("pgbench"),
        )


def tidy(url: str) -> None:
    """VACUUM ANALYZE, so that each run starts from the same statistics."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
