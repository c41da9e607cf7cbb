"""What must be true before the processes start: migrated tables, the WhatsApp address, in development a demo business.

Run as a process of its own by `hesabu up`, so that Django is loaded once for all three and the supervisor stays small.
Prints one JSON object a line: {"step", "took_seconds", "remark"}.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")


def main() -> None:
    import django

    django.setup()
    _tell("migrations", migrate)
    _tell("webhook", open_channel)
    if "--seed" in sys.argv[1:] and importlib.util.find_spec("hesabu.app.demo") is not None:
        _tell("demo", seed)


def _tell(step: str, act: Callable[[], str]) -> None:
    began = time.monotonic()
    remark = act()
    took = time.monotonic() - began
    print(json.dumps({"step": step, "took_seconds": took, "remark": remark}), flush=True)


def migrate() -> str:
    """Bring the tables to this version, as the role that owns them. Several at once wait for each other."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('hesabu.migrate'))")
        try:
            executor = MigrationExecutor(owner)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                call_command("migrate", database="owner", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('hesabu.migrate'))")
    return f"{len(plan)} applied" if plan else "up to date"


def open_channel() -> str:
    """The path Meta (or the sandbox) sends its webhooks to."""
    from hesabu.messaging import actions

    return f"/hooks/{actions.open_channel()}"


def seed() -> str:
    return str(importlib.import_module("hesabu.app.demo").seed() or "")


if __name__ == "__main__":
    main()
