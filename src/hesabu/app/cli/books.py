"""The books: a document's entries, and the proof of all of them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hesabu.app import config as configuration


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list of heads that was mailed: are they all still in their chains?",
)
def verify(as_json: bool, against: Path | None) -> None:
    """Compute every sum and every hash of every book and of every record of acts again; non-zero if one does not hold."""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    from hesabu.app import verify as verifying

    status = verifying.main(as_json=as_json)
    if against is not None:
        status = max(status, verifying.against(against.read_text(), as_json=as_json))
    sys.exit(status)


@click.command()
@click.argument("number")
@click.option("--business", help="Only this business, by its id.")
def books(number: str, business: str | None) -> None:
    """Print the journal entries of a document: hesabu books INV-0007"""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    from hesabu.app import books as entries

    sys.exit(entries.main(number, business=business))
