"""What must be true before the processes start: migrated tables, the WhatsApp address, in development a demo business.

Run as a process of its own by `hesabu up`, so that Django is loaded once for all three and the supervisor stays small.
Prints one JSON object a line: {"step", "took_seconds", "remark"}; that of the webhooks has "paths", too, by the names of
the sandbox's variables.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Mapping

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")


def main() -> None:
    import django

    django.setup()
    _tell("migrations", migrate)
    _tell("webhook", open_channel, paths=webhook_paths)
    if "--seed" in sys.argv[1:] and importlib.util.find_spec("hesabu.app.demo") is not None:
        _tell("demo", seed)


def _tell(step: str, act: Callable[[], str], **more: Callable[[], Mapping[str, str]]) -> None:
    began = time.monotonic()
    told: dict[str, object] = {"step": step, "remark": act()}
    told |= {name: find() for name, find in more.items()}
    told["took_seconds"] = time.monotonic() - began
    print(json.dumps(told), flush=True)


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
    """The path that WhatsApp's webhooks come to."""
    from hesabu.messaging import actions

    return actions.open_channels()[0].path


def webhook_paths() -> dict[str, str]:
    """Where each provider brings its letters, by the name of the sandbox's variable for it."""
    from hesabu.messaging import actions

    return {
        "_".join(filter(None, (each.provider, each.purpose, "webhook"))).upper(): each.path
        for each in actions.open_channels()
    }


def seed() -> str:
    return str(importlib.import_module("hesabu.app.demo").seed() or "")


if __name__ == "__main__":
    main()
