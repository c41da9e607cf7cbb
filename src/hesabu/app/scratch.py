"""Databases made for one run (a benchmark, a simulation) on the embedded server, and dropped after it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from hesabu.app import config as configuration
from hesabu.app import postgres
from hesabu.app.embedded.place import Urls


def on(url: str, name: str) -> str:
    """The same server and role, another database."""
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + name + (f"?{query}" if query else "")


@contextmanager
def databases(names: Sequence[str], *, log_level: str = "ERROR") -> Iterator[Urls]:
    """All of them empty; the first one migrated, and from here on the one that the product's settings name. Enter it before
    Django is set up. The server is left running, as it was found or not: somebody else may use it by now."""
    urls = postgres.ensure_running(configuration.load())
    if not urls.admin:
        raise SystemExit("This needs the embedded server: unset HESABU_DATABASE_URL.")
    for name in names:
        _drop(urls.admin, name)
        with psycopg.connect(urls.admin, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} OWNER hesabu_owner TEMPLATE template0")
    first = names[0]
    made = Urls(on(urls.app, first), on(urls.owner, first), on(urls.staff, first), urls.admin)
    os.environ["HESABU_DATABASE_URL"] = made.app
    os.environ["HESABU_OWNER_DATABASE_URL"] = made.owner
    os.environ["HESABU_STAFF_DATABASE_URL"] = made.staff
    os.environ["HESABU_LOG_LEVEL"] = log_level
    try:
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--database=owner", "--verbosity=0"],
            check=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "hesabu.app.settings"},
        )
        yield made
    finally:
        from django.db import connections

        connections.close_all()
        for name in names:
            _drop(urls.admin, name)


def _drop(admin_url: str, name: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
