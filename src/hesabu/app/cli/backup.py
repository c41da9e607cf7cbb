"""Backups."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hesabu.app import config as configuration

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def backup() -> None:
    """Make a backup, prove it by restoring it, restore it."""


def _say(text: str) -> None:
    click.echo(f"  {text}")


def _fail(error: Exception) -> None:
    click.secho(str(error), fg="red", err=True)
    sys.exit(2)


@backup.command("create")
@click.option(
    "--to", type=click.Path(path_type=Path), help="File or directory; default var/backups."
)
def create(to: Path | None) -> None:
    """Write one file with the whole database. The keys are not in it: keep them apart."""
    from hesabu.app import postgres
    from hesabu.app.backup import create as making
    from hesabu.app.backup.archive import BackupError

    config = configuration.load()
    postgres.ensure_running(config)
    try:
        path, manifest = making.create(config, to, _say)
    except BackupError as error:
        _fail(error)
        return
    size = path.stat().st_size / 1e6
    click.echo(
        f"{path}  {size:.1f} MB, {manifest.row_count} rows, {len(manifest.census.books)} books"
    )
    needed = ", ".join(key.id for key in manifest.census.keys) or "none"
    click.echo(f"Keys needed to read it (kept apart from it): {needed} and the blind index key.")
    click.echo(f"Prove it: hesabu backup verify {path}")


@backup.command("verify")
@click.argument("file", type=FILE)
@click.option(
    "--without-keys", is_flag=True, help="Do not ask for the keys, where they are kept elsewhere."
)
def verify(file: Path, without_keys: bool) -> None:
    """Restore FILE on a throw-away server, count everything, prove every book. Exit 0: it can be relied on."""
    from hesabu.app.backup import drill
    from hesabu.app.backup.archive import BackupError

    config = configuration.load()
    try:
        faults = drill.verify(config, file, _say, with_keys=not without_keys)
    except BackupError as error:
        _fail(error)
        return
    for fault in faults:
        click.secho(f"  {fault}", fg="red")
    click.echo("This backup can be relied on." if not faults else f"{len(faults)} faults.")
    sys.exit(1 if faults else 0)


@backup.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Throw away what the database holds now.")
@click.option("--without-keys", is_flag=True, help="Restore although sealed values cannot be read.")
def restore(file: Path, replace: bool, without_keys: bool) -> None:
    """Restore FILE into this installation's database, which must be empty."""
    from hesabu.app import postgres
    from hesabu.app.backup import restore as restoring
    from hesabu.app.backup.archive import BackupError

    config = configuration.load()
    postgres.ensure_running(config)
    if replace:
        click.echo("Everything in the database will be replaced by what the backup holds.")
        if click.prompt('Type "replace everything" to go on', default="") != "replace everything":
            click.echo("Nothing was done.")
            sys.exit(1)
    try:
        manifest = restoring.restore(
            config, file, _say, replace=replace, with_keys=not without_keys
        )
    except BackupError as error:
        _fail(error)
        return
    click.echo(f"Restored what was backed up on {manifest.made_at}: {manifest.row_count} rows.")
    click.echo("Next: hesabu migrate, then hesabu verify.")
