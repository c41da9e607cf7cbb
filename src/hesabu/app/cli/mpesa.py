"""M-PESA: the paybills and tills that businesses collect by, and where Safaricom brings tidings of money sent by hand."""

from __future__ import annotations

from uuid import UUID

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
def add(business_id: UUID, kind: str, number: str, store: str, books: bool) -> None:
    """Let a business collect by its paybill or till. The keys are asked for, and never shown.

    They stand in Safaricom's Daraja portal. The same number with other keys gets those.
    """
    _begin()
    from hesabu.payments import actions
    from hesabu.store import tenancy

    keys = {"shortcode": store}
    for name in ("consumer_key", "consumer_secret", "passkey"):
        keys[name] = _secret(name)
    for name in ("initiator", "security_credential") if books else ():
        keys[name] = _secret(name)
    with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
        account_id = actions.add_account(KINDS[kind], number, credentials=keys)
    click.echo(f"Added. Its id is {account_id}")
    click.echo(f"To hear of money sent by hand: hesabu mpesa register {business_id} {account_id}")


def _secret(name: str) -> str:
    return str(click.prompt(name.replace("_", " ").capitalize(), hide_input=True))


@mpesa.command("register")
@click.argument("business_id", type=click.UUID)
@click.argument("account_id", type=click.UUID)
def register(business_id: UUID, account_id: UUID) -> None:
    """Tell Safaricom where to write when money is sent to a paybill or till by hand.

    In production Safaricom takes the addresses once; to change them, ask its support to delete them first. Whoever else listens
    at that number hears nothing any more.
    """
    _begin()
    from hesabu.payments import actions
    from hesabu.payments.providers.port import Registered, Rejected

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


def _begin() -> None:
    from hesabu.app import postgres, wiring

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
    wiring.connect()
