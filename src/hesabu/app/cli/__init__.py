"""The command line: `hesabu --help`. One file per group; each imports what it needs only when it runs.

A command stands in the list when the module behind it can be found, so that an installation without, say, the bench shows
no bench. Whatever refuses (settings, the database, a rule of the trade) is printed in its own words, without a trace.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys

import click

COMMANDS = {
    "up": ("running", "up", ""),
    "down": ("running", "down", ""),
    "web": ("running", "web", ""),
    "worker": ("running", "worker", "hesabu.app.worker"),
    "live": ("running", "live", "hesabu.app.live"),
    "migrate": ("running", "migrate", ""),
    "demo": ("running", "demo", "hesabu.app.demo"),
    "settings": ("settings", "settings", ""),
    "webhook": ("webhook", "webhook", ""),
    "message": ("messages", "message", ""),
    "messages": ("messages", "messages", ""),
    "mpesa": ("mpesa", "mpesa", ""),
    "doctor": ("doctor", "doctor", ""),
    "person": ("person", "person", ""),
    "people": ("people", "people", ""),
    "retention": ("retention", "retention", ""),
    "keys": ("keys", "keys", ""),
    "secrets": ("house_secrets", "secrets", ""),
    "flags": ("flags", "flags", ""),
    "postgres": ("postgres", "postgres", ""),
    "backup": ("backup", "backup", ""),
    "verify": ("books", "verify", "hesabu.app.verify"),
    "books": ("books", "books", "hesabu.app.books"),
    "chat": ("chat", "chat", "hesabu.doors.chat.grammar"),
    "story": ("proof", "story", "hesabu.app.story"),
    "bench": ("proof", "bench", "hesabu.app.bench"),
    "simulate": ("proof", "simulate", "hesabu.app.simulate"),
}
"""Command → (file, function, the module it cannot do without)."""


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [
            name for name, (_, _, needed) in COMMANDS.items() if not needed or _is_there(needed)
        ]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(context):
            return None
        file, function, _ = COMMANDS[name]
        command = getattr(importlib.import_module(f"{__name__}.{file}"), function)
        assert isinstance(command, click.Command)
        return command


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hesabu")
def commands() -> None:
    """Hesabu: from a chat message to an invoice, a payment and the books."""


def main() -> None:
    from django.db import ProgrammingError
    from psycopg.errors import UndefinedTable

    from hesabu.app.config import ConfigRefused
    from hesabu.app.embedded.binaries import PostgresError
    from hesabu.kit.errors import HesabuError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")
    try:
        commands()
    except (ConfigRefused, PostgresError) as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(2)
    except HesabuError as error:
        click.secho(f"{error.title} {error.detail}".rstrip(), fg="red", err=True)
        click.echo(error.hint, err=True)
        sys.exit(1)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        click.secho("The database has no tables of this version yet.", fg="red", err=True)
        click.echo("Run: hesabu migrate (hesabu up does it by itself)", err=True)
        sys.exit(2)
    except BrokenPipeError:  # `hesabu … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
