"""M-PESA: the paybills and tills that businesses collect by, and where Safaricom brings tidings of money sent by hand."""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from hesabu.app import config as configuration

KINDS = {"paybill": "stk_paybill", "till": "stk_till"}


@click.group()
def mpesa() -> None:
    """Collecting by M-PESA's prompts: keys, and the addresses that Safaricom writes to."""


@mpesa.command("add")
@click.argument("business_id", type=click.UUID)
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("number")
@click.option("--store", default="", help="A till's store (head office) number.")
@click.option(
    "--books/--no-books",
    default=False,
    help="Ask for an operator's keys, too: with them M-PESA's books are asked for lost answers.",
)
@click.option(
    "--check/--no-check",
    default=True,
    help="Ask M-PESA whether the keys are right before keeping them.",
)
def add(business_id: UUID, kind: str, number: str, store: str, books: bool, check: bool) -> None:
    """Let a business collect by its paybill or till. The keys are asked for, and never shown.

    They stand in Safaricom's Daraja portal. The same number with other keys gets those.
    """
    _begin()
    from hesabu.payments import actions
    from hesabu.payments.providers.port import Rejected, Works
    from hesabu.store import tenancy

    keys = {"shortcode": store}
    for name in ("consumer_key", "consumer_secret", "passkey"):
        keys[name] = _secret(name)
    for name in ("initiator", "security_credential") if books else ():
        keys[name] = _secret(name)
    if check:
        _, said = actions.check_keys(KINDS[kind], number, None, keys)
        if isinstance(said, Rejected):
            raise click.ClickException(f"{said.words} Nothing was kept. (M-PESA: {said.code})")
        if not isinstance(said, Works):
            raise click.ClickException(
                f"M-PESA did not answer ({said.why}), so nothing was kept. Run this again, or with --no-check."
            )
    with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
        account_id = actions.add_account(KINDS[kind], number, credentials=keys)
    click.echo(f"Added. Its id is {account_id}")
    click.echo(f"To hear of money sent by hand: hesabu mpesa register {business_id} {account_id}")


def _secret(name: str) -> str:
    return str(click.prompt(name.replace("_", " ").capitalize(), hide_input=True))


@mpesa.command("register")
@click.argument("business_id", type=click.UUID)
@click.argument("account_id", type=click.UUID)
@click.option(
    "--phone", default="", help="Whom M-PESA may call about its list; else the business's own."
)
def register(business_id: UUID, account_id: UUID, phone: str) -> None:
    """Tell Safaricom where to write when money is sent to a paybill or till by hand.

    In production Safaricom takes the addresses once; to change them, ask its support to delete them first. Whoever else listens
    at that number hears nothing any more.
    """
    _begin()
    from hesabu.payments import actions
    from hesabu.payments.providers.port import Registered, Rejected

    listed = actions.open_list(business_id, account_id, phone)
    if isinstance(listed, Registered):
        click.echo(
            "M-PESA's list is open to us: money whose tidings are lost is found within the hour."
        )
    else:
        why = (
            f"{listed.words} (M-PESA: {listed.code})"
            if isinstance(listed, Rejected)
            else listed.why
        )
        click.echo(f"M-PESA's list is not open to us: {why}", err=True)
    outcome = actions.register_account(business_id, account_id)
    if isinstance(outcome, Registered) and outcome.is_new:
        click.echo("Safaricom writes to us from now on when money is sent by hand.")
    elif isinstance(outcome, Registered):
        raise click.ClickException(
            "Addresses are registered already. If money sent by hand does not show here, they are"
            " somebody else's: ask Safaricom's API support to delete them, and register again."
        )
    elif isinstance(outcome, Rejected):
        raise click.ClickException(f"{outcome.words} (M-PESA: {outcome.code})")
    else:
        raise click.ClickException(
            f"M-PESA did not answer ({outcome.why}). Run this again: it is harmless."
        )


@mpesa.command("pull")
@click.argument("business_id", type=click.UUID)
@click.argument("account_id", type=click.UUID)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="Take in what came since then (Nairobi's time), at most two days back.",
)
def pull(business_id: UUID, account_id: UUID, since: datetime | None) -> None:
    """Read M-PESA's list of what came to a paybill or till now, and take in what nobody has told of.

    A worker does that every hour by itself. What came before the list was opened to us is left out, unless --since says
    otherwise.
    """
    _begin()
    from hesabu.payments import actions, queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        number = queries.list_index_of(account_id)
        if queries.hearing(account_id).list_opened_at is None:
            raise click.ClickException("The list is not open to us. Run: hesabu mpesa register")
    if number in queries.shared_numbers():
        raise click.ClickException("Another business here collects by that number, too.")
    start = since.replace(tzinfo=ZoneInfo("Africa/Nairobi")) if since else None
    rows = filed = 0
    read = actions.read_list(business_id, account_id, start)
    while True:
        rows, filed = rows + read.rows, filed + read.filed
        if read.is_done:
            break
        time.sleep(1)
        read = actions.read_list(business_id, account_id)
    if read.refused_code:
        raise click.ClickException(f"M-PESA did not show it ({read.refused_code}). Run this again.")
    click.echo(
        f"{rows} payments listed, {filed} of them told of by nobody: they are being counted."
    )


def _begin() -> None:
    from hesabu.app import postgres, wiring

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
    wiring.connect()
