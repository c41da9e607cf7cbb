"""Messages: what became of one, and what they cost. Never a name, a number or a word of what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import click

from hesabu.app import config as configuration

if TYPE_CHECKING:
    from hesabu.messaging.types import ChannelCosts, Leg, Outbound


@click.group()
def messages() -> None:
    """What messages cost."""


@messages.command("costs")
@click.option("--months", default=3, show_default=True, help="This month and how many before it.")
def costs(months: int) -> None:
    """Print what messages cost, by month and channel, as far as providers say it."""
    _begin()
    from hesabu.kit import clock
    from hesabu.messaging import queries
    from hesabu.store import tenancy

    to_on = clock.now().date()
    from_on = to_on.replace(day=1)
    for _ in range(max(0, months - 1)):
        from_on = (from_on - timedelta(days=1)).replace(day=1)
    with tenancy.house(actor=tenancy.Actor("operator")):
        found = queries.costs(from_on, to_on)
    if not found:
        click.echo(f"No message was sent since {from_on:%d %B %Y}.")
        return
    click.echo(f"{'month':<9}{'channel':<10}{'category':<16}{'messages':>9}{'billable':>10}  cost")
    for one in found:
        click.echo(_cost_line(one))
    click.echo(
        "\nSMS: as the provider named the price of each. WhatsApp names no price: billable messages of a\n"
        "category cost what Meta's price list says for the country. Mail: by your contract with the provider."
    )


def _cost_line(one: ChannelCosts) -> str:
    said = ", ".join(f"{cost.currency} {cost.amount:.4f}" for cost in one.costs) or "not told"
    category = one.price_category or "-"
    return (
        f"{one.month_on:%Y-%m}  {one.channel:<10}{category:<16}{one.message_count:>9}"
        f"{one.billable_count:>10}  {said}"
    )


@click.group()
def message() -> None:
    """What became of a message."""


@message.command("show")
@click.argument("message_id", type=click.UUID)
def show(message_id: UUID) -> None:
    """Print how a message fared on each channel: by its id, or by the id of what it is about."""
    _begin()
    from hesabu.messaging import queries
    from hesabu.store import tenancy

    found = _owners_of(message_id)
    if not found:
        raise click.ClickException("There is no such message, and none about such a thing.")
    for business_id, one in found:
        is_house = business_id == tenancy.HOUSE
        binding = tenancy.house() if is_house else tenancy.bound(business_id)
        with binding:
            _print(queries.message(one))


def _owners_of(wanted: UUID) -> list[tuple[UUID, UUID]]:
    """(business, message) of the message, or of all messages about a thing, oldest first. Asked as the role that owns the
    tables: whoever runs the house does not know whose message it is."""
    import psycopg

    with psycopg.connect(configuration.load().owner_database_url, connect_timeout=5) as owner:
        rows = owner.execute(
            "SELECT business_id, id FROM messaging_message WHERE direction = 'out'"
            " AND (id = %(wanted)s OR subject_id = %(wanted)s) ORDER BY id",
            {"wanted": wanted},
        ).fetchall()
    return [(row[0], row[1]) for row in rows]


def _print(found: Outbound) -> None:
    kind, subject_id = found.subject or ("message", found.message_id)
    click.echo(f"Message {found.message_id}")
    click.echo(f"  {found.category} about {kind} {subject_id}, because of {found.cause}")
    click.echo(f"  business {found.business_id}, contact {found.contact_id}")
    click.echo(f"  {click.style(found.state, bold=True)} by {found.channel}")
    for leg in found.legs:
        _print_leg(leg)


def _print_leg(leg: Leg) -> None:
    from hesabu.messaging import queries

    began = f"{leg.began_at:%Y-%m-%d %H:%M:%S}" if leg.began_at else "-"
    moved = f", last word {leg.settled_at:%Y-%m-%d %H:%M:%S}" if leg.settled_at else ""
    tries = "1 try" if leg.attempt_count == 1 else f"{leg.attempt_count} tries"
    price = f", {leg.cost.currency} {leg.cost.amount:.4f}" if leg.cost else ""
    if leg.is_billable is not None:
        price += (
            f", {'billed' if leg.is_billable else 'free'} ({leg.price_category or 'no category'})"
        )
    click.echo(f"    {leg.channel:<9} {leg.state:<10} from {began} UTC{moved}, {tries}{price}")
    if leg.code:
        meaning, remedy = queries.reason_of(leg.code, leg.channel)
        click.echo(f"              {leg.code}: {meaning} {remedy}")


def _begin() -> None:
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
