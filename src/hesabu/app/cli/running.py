"""Starting and stopping: everything at once, or one process."""

from __future__ import annotations

import importlib
import os
import sys

import click

from hesabu.app import config as configuration


@click.command()
@click.option("--detach", "-d", is_flag=True, help="Return as soon as everything is ready.")
@click.option("--verbose", "-v", is_flag=True, help="Show every log line, not only the loud ones.")
def up(detach: bool, verbose: bool) -> None:
    """Run everything here: database, web, worker and, in development, the sandbox."""
    from hesabu.app import processes
    from hesabu.app.terminal import Terminal

    config, terminal = configuration.load(), Terminal(verbose=verbose)
    sys.exit(processes.up_detached(config, terminal) if detach else processes.up(config, terminal))


@click.command()
def down() -> None:
    """Stop what `hesabu up` started."""
    from hesabu.app import processes
    from hesabu.app.terminal import Terminal

    sys.exit(processes.down(configuration.load(), Terminal()))


@click.command()
def web() -> None:
    """Run the web process alone: pages, pay links, webhooks."""
    from hesabu.app import postgres, processes

    config = configuration.load()
    postgres.ensure_running(config)
    command = processes.web_command(config)
    os.execv(command[0], command)  # noqa: S606 - no shell


@click.command()
def live() -> None:
    """Run the live process alone: server-sent events."""
    from hesabu.app import postgres, processes

    postgres.ensure_running(configuration.load())
    command = processes.live_command()
    os.execv(command[0], command)  # noqa: S606 - no shell


@click.command()
def worker() -> None:
    """Run a worker alone: it reads letters and does jobs. Any number may run."""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    from hesabu.app import worker as the_worker

    the_worker.run()


@click.command()
def migrate() -> None:
    """Bring the database to this version, as the role that owns its tables."""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
    from hesabu.app import prepare

    click.echo(f"migrations: {prepare.migrate()}")


@click.group()
def demo() -> None:
    """A business to look at."""


@demo.command("seed")
def seed() -> None:
    """Make the demo business, once; a second time changes nothing."""
    from hesabu.app import postgres

    config = configuration.load()
    if config.is_production:
        raise click.UsageError("Production keeps real books; there is no demo here.")
    postgres.ensure_running(config)
    import django

    django.setup()
    click.echo(importlib.import_module("hesabu.app.demo").seed() or "done")
