"""Databases made for one run of the benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from hesabu.app import config as configuration
from hesabu.app import postgres
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


def on(url: str, name: str) -> str:
    """The same server and role, another database."""
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + name + (f"?{query}" if query else "")


@contextmanager
def databases() -> Iterator[Scratch]:
    """Both, empty but migrated; dropped at the end."""
    config = configuration.load()
    urls = postgres.ensure_running(config)
    if not urls.admin:
        raise SystemExit("The benchmark needs the embedded server: unset HESABU_DATABASE_URL.")
    for name in (PRODUCT, BASELINE):
        _drop(urls.admin, name)
        with psycopg.connect(urls.admin, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} OWNER hesabu_owner TEMPLATE template0")
    scratch = Scratch(
        on(urls.app, PRODUCT),
        on(urls.owner, PRODUCT),
        on(urls.staff, PRODUCT),
        on(urls.owner, BASELINE),
        find(config.postgres).program("pgbench"),
    )
    os.environ["HESABU_DATABASE_URL"] = scratch.app
    os.environ["HESABU_OWNER_DATABASE_URL"] = scratch.owner
    os.environ["HESABU_STAFF_DATABASE_URL"] = scratch.staff
    os.environ["HESABU_LOG_LEVEL"] = "ERROR"
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--database=owner", "--verbosity=0"],
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hesabu.app.settings"},
    )
    try:
        yield scratch
    finally:
        from django.db import connections

        connections.close_all()
        for name in (PRODUCT, BASELINE):
            _drop(urls.admin, name)


def _drop(admin_url: str, name: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def tidy(url: str) -> None:
    """VACUUM ANALYZE, so that each run starts from the same statistics."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
