"""Somebody asks what is held on them, or to be forgotten."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from hesabu.app import config as configuration


@click.group()
def person() -> None:
    """What is held on somebody, and where they are signed in: take it out, forget it, end it, restore them."""


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


@person.command("sessions")
@click.argument("address")
@click.option("--end", is_flag=True, help="End all of them.")
def sessions(address: str, end: bool) -> None:
    """Where somebody is signed in, by their telephone number or mail address; end it."""
    _begin()
    from hesabu.app import holding
    from hesabu.doors.web.account import operating
    from hesabu.store import tenancy

    for person_id in holding.people_at(address):
        found = operating.sessions_of(person_id)
        for one in found:
            click.echo(
                f"{one.since:%Y-%m-%d %H:%M}  seen {one.last_seen_at:%Y-%m-%d %H:%M}"
                f"  {one.address}  {one.agent}"
            )
        if not found:
            click.echo("They are signed in nowhere.")
        elif end:
            with tenancy.house(actor=tenancy.Actor("operator")):
                count = operating.end_sessions(person_id)
            click.echo(f"Ended: {count}.")


@person.command("restore")
@click.argument("address")
@click.option("--stop", is_flag=True, help="Do not do it after all.")
def restore(address: str, stop: bool) -> None:
    """Somebody lost all second factors: take them off after a day, in which they are told everywhere and can stop it.

    Where the platform has two admins or more, one of them has to agree as well."""
    _begin()
    from hesabu.app import holding
    from hesabu.doors.web.account import operating
    from hesabu.identity import actions as identity
    from hesabu.store import tenancy

    operator = tenancy.Actor("operator")
    for person_id in holding.people_at(address):
        if stop:
            with tenancy.house(actor=operator):
                is_stopped = identity.stop_restoration(person_id, "operator")
            click.echo("Stopped." if is_stopped else "Nothing of that kind is under way.")
            continue
        with tenancy.house(actor=operator):
            begun = operating.begin_restoration(person_id)
        if begun.waits_for_word:
            click.echo(
                "An admin of the platform, and not they themselves, has to agree within three days, on the"
                " page Lost factors of the platform; else nothing is done."
            )
        click.echo(
            f"They are told. Their second factors go at {begun.due_at:%Y-%m-%d %H:%M} UTC, unless they stop it."
            " Be sure by other means that it is they who ask."
        )


def _begin() -> None:
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
