"""Every test runs on a real PostgreSQL, connected as the application's own role.

A throw-away server is shared by all test processes; each process migrates a database once, as the owner role, and every
file of tests gets a copy of it that is dropped behind it, so that no file can depend on which ran before. Within a file
nothing is rolled back or truncated: a test that needs a business registers one, and row-level security keeps it apart
from every other test's.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import hypothesis
import psycopg
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

os.environ["HESABU_ENV"] = "test"
UNHURRIED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("same", derandomize=True, **UNHURRIED)
hypothesis.settings.register_profile("search", **UNHURRIED)
# the same examples in every run, or, where somebody looks for faults at leisure, new ones each time
hypothesis.settings.load_profile("search" if os.environ.get("HESABU_TEST_SEARCH") else "same")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

CHROMIUM = os.environ.get("HESABU_TEST_CHROMIUM", "/usr/bin/chromium")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000
"""How long a page may take to show what is awaited: a busy machine is not a fault."""

DATABASE = f"hesabu_test_{os.getpid()}"
TEMPLATE = f"{DATABASE}_template"
OF_THE_RUNNER = {"PYTEST_CURRENT_TEST", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def _on(url: str, name: str) -> str:
    """The same server and role, another database."""
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + name + (f"?{query}" if query else "")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--touching-database",
        action="store_true",
        help="only tests that touch the database: all that another PostgreSQL could decide otherwise",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--touching-database"):
        return
    untouched = [item for item in items if "template" not in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=untouched)
    items[:] = [item for item in items if item not in set(untouched)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """However many processes there are, a file runs in one of them, whole and in its order, as it does when run alone."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log)


def pytest_configure() -> None:
    """Django is set up before tests are collected, since rooms import models; the server starts when a test needs it."""
    import django

    from hesabu.app import config
    from hesabu.app.embedded.place import place_of

    urls = place_of(config.load(ignore_env_file=True).var_dir, "postgres-test").urls()
    os.environ["HESABU_DATABASE_URL"] = _on(urls.app, DATABASE)
    os.environ["HESABU_OWNER_DATABASE_URL"] = _on(urls.owner, DATABASE)
    os.environ["HESABU_STAFF_DATABASE_URL"] = _on(urls.staff, DATABASE)
    django.setup()


def _left_behind() -> dict[str, object]:
    """What a test of this process could leave to the next: settings, the clock, who is acting, the log, the language."""
    from django.conf import settings
    from django.utils import translation

    from hesabu.kit import http

    root = logging.getLogger()
    bound = {var.name: value for var, value in copy_context().items() if "hesabu" in var.name}
    environ = {name: text for name, text in os.environ.items() if name not in OF_THE_RUNNER}
    return {
        **{f"the context's {name}": value for name, value in bound.items() if value},
        **{f"the environment's {name}": text for name, text in environ.items()},
        "settings.CONFIG": id(settings.CONFIG),
        "settings.ROOT_URLCONF": settings.ROOT_URLCONF,
        "the hosts that may be asked": frozenset(http._allowed_private | http._listed),
        "the log": (root.level, tuple(root.handlers)),
        "the language": translation.get_language(),
    }


@pytest.fixture(autouse=True)
def _leaves_nothing_behind() -> Iterator[None]:
    """No test changes what the next one in its process finds."""
    before = _left_behind()
    yield
    after = _left_behind()
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert not changed, f"left behind: {', '.join(sorted(changed))}"


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """The superuser's address of a database that is migrated and has seen nobody, to be copied for every file of tests."""
    from django.core.management import call_command
    from django.db import connections

    from hesabu.app import config, postgres

    admin_url = postgres.test_server(config.load(ignore_env_file=True)).admin
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE} OWNER hesabu_owner TEMPLATE template0")
        call_command("migrate", database="owner", verbosity=0)
        connections.close_all()
        admin.execute(f"ALTER DATABASE {DATABASE} RENAME TO {TEMPLATE}")
        yield admin_url
        admin.execute(f"DROP DATABASE {TEMPLATE} WITH (FORCE)")


@pytest.fixture(scope="module")
def admin_url(template: str) -> Iterator[str]:
    """The superuser's address of this file's database, for what no role of ours may do."""
    from django.db import connections

    with psycopg.connect(template, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {DATABASE} OWNER hesabu_owner TEMPLATE {TEMPLATE}")
        yield _on(template, DATABASE)
        connections.close_all()
        admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture(scope="module")
def database(admin_url: str) -> str:
    """Migrated by the owner. Connections made through Django are the application's role."""
    return os.environ["HESABU_DATABASE_URL"]


@pytest.fixture(scope="module")
def owner_url(database: str) -> str:
    return os.environ["HESABU_OWNER_DATABASE_URL"]


@pytest.fixture(scope="module")
def staff_url(database: str) -> str:
    return os.environ["HESABU_STAFF_DATABASE_URL"]


@pytest.fixture
def new_business(database: str) -> Callable[..., UUID]:
    """Registers a business with an owner of its own and opens its book."""

    def register(name: str = "Kamau Designs", country: str = "KE", **changes: object) -> UUID:
        from hesabu.identity import actions as identity
        from hesabu.store import tenancy

        with tenancy.house():
            owner_id = identity.register_person(f"Owner {secrets.token_hex(3)}")
        business_id = identity.register_business(name, country, owner_id)
        if changes:
            with tenancy.bound(business_id):
                identity.update_business(business_id, **changes)
        return business_id

    return register


@pytest.fixture
def business_id(new_business: Callable[..., UUID]) -> UUID:
    """A fresh business in Kenya."""
    return new_business()


@pytest.fixture
def on_the_hour() -> Iterator[None]:
    """It is a full hour, and goes on from there: no minute, hour, day, month or year ends while the test runs, and nothing
    that is counted by the minute or the hour begins anew. For what happens in the test's own thread."""
    from hesabu.kit import clock

    now = clock.now()
    with clock.moved(seconds=-(60 * now.minute + now.second)):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the host (`HESABU_TEST_CHROMIUM`, else /usr/bin/chromium), one for all tests of this process.

    Playwright's event loop stays in this thread from then on, so a second one cannot be started, Django has to be told that
    the database may be used, and a test that brings a loop of its own runs it in a thread of its own.
    """
    from playwright.sync_api import expect, sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield running
        running.close()
