"""The database server: the embedded one, and the passwords of any."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hesabu.app import config as configuration


@click.group()
def postgres() -> None:
    """The embedded PostgreSQL server (where DATABASE_URL is not set), and the passwords of any."""


def _embedded() -> configuration.Config:
    config = configuration.load()
    if not config.is_embedded:
        raise click.UsageError("HESABU_DATABASE_URL names a server; this one is not ours to run.")
    return config


@postgres.command()
@click.option("--show-urls", is_flag=True, help="Print the addresses with their passwords.")
def start(show_urls: bool) -> None:
    """Start it; make it first if there is none."""
    from hesabu.app import postgres as server

    config = _embedded()
    urls = server.ensure_running(config)
    click.echo(f"PostgreSQL {server.described(config)} is running.")
    if show_urls:
        for role in ("app", "owner", "staff", "admin"):
            click.echo(f"  {role:<6} {getattr(urls, role)}")


@postgres.command()
def stop() -> None:
    """Stop it; open transactions are rolled back."""
    from hesabu.app import postgres as server

    click.echo("Stopped." if server.stop(_embedded()) else "It was not running.")


@postgres.command()
def status() -> None:
    """Say whether it answers; exit code 3 when it does not."""
    from hesabu.app import postgres as server

    config = _embedded()
    alive = server.is_alive(config)
    click.echo(f"PostgreSQL {server.described(config)}: {'answers' if alive else 'is stopped'}")
    sys.exit(0 if alive else 3)


@postgres.command()
@click.option(
    "--from",
    "old_binaries",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="bin directory of the version that wrote the data, if it is no longer where it was.",
)
def upgrade(old_binaries: Path | None) -> None:
    """Move the data to the PostgreSQL that is found now, by dump and restore. The old data are kept."""
    from hesabu.app.embedded import upgrade as upgrading

    config = _embedded()
    from hesabu.app.postgres import embedded_place

    place = embedded_place(config)
    click.echo(upgrading.upgrade(place, config.postgres, old_binaries, say=click.echo))


@postgres.command()
def passwords() -> None:
    """Give every role of the database a new password. Start every process again right after it."""
    from hesabu.app import postgres as server
    from hesabu.app import role_passwords

    config = configuration.load()
    server.ensure_running(config)
    for setting, url in role_passwords.renew(config):
        click.echo(f"HESABU_{setting.upper()}={url}")
    if config.is_embedded:
        click.echo(f"Changed; they stand in {server.embedded_place(config).passwords_file}.")
    click.echo("Start every process again: open connections stay, new ones need the new passwords.")
