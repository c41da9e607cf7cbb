"""Somebody asks what is held on them, or to be forgotten."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from hesabu.app import config as configuration


@click.group()
def person() -> None:
    """What is held on somebody: take it out for them, or forget it."""


@person.command("export")
@click.argument("address")
@click.option(
    "--to", type=click.Path(path_type=Path), required=True, help="Directory to write it to."
)
def export(address: str, to: Path) -> None:
    """Write everything held on a telephone number or mail address: one JSON file, and their papers."""
    _begin()
    from hesabu.app import holding

    written = holding.write(holding.held_on(address), to)
    click.echo(f"{len(written)} files are in {to}. Give them to nobody but the person.")


@person.command("erase")
@click.argument("address")
@click.option("--business", type=click.UUID, help="Only at this business, by its id.")
@click.option("--yes", is_flag=True, help="Do it; without this it is only said what would be done.")
def erase(address: str, business: UUID | None, yes: bool) -> None:
    """Forget a customer, by telephone number or mail address, as far as the law lets a business forget."""
    _begin()
    from hesabu.app import erasing

    found = erasing.customers_of(address, business)
    for business_id, name, customer_id in found:
        if not yes:
            click.echo(f"{business_id}  {name}: customer {customer_id} would be forgotten")
            continue
        done = erasing.erase(business_id, customer_id)
        click.echo(
            f"{business_id}  {name}: forgotten; so are {done.message_count} messages"
            f" and {done.letter_count} webhooks"
        )
        if done.documents:
            kept = ", ".join(done.documents)
            click.echo(f"  {kept}: kept until {done.kept_until}, as the law wants, then forgotten")
    if not found:
        click.echo("No business has such a customer.")
    elif not yes:
        click.echo("Nothing was changed. Add --yes to do it.")


def _begin() -> None:
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
