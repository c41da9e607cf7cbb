"""The books: a document's entries, and the proof of all of them."""

from __future__ import annotations

import sys

import click

from hesabu.app import config as configuration


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def verify(as_json: bool) -> None:
    """Compute every sum and every hash of every book again; non-zero if one does not hold."""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    from hesabu.app import verify as verifying

    sys.exit(verifying.main(as_json=as_json))


@click.command()
@click.argument("number")
@click.option("--business", help="Only this business, by its id.")
def books(number: str, business: str | None) -> None:
    """Print the journal entries of a document: hesabu books INV-0007"""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    from hesabu.app import books as entries

    sys.exit(entries.main(number, business=business))
