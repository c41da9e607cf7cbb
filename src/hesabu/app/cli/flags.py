"""Kill switches."""

from __future__ import annotations

import click

from hesabu.app import config as configuration


@click.group(invoke_without_command=True)
@click.pass_context
def flags(context: click.Context) -> None:
    """Kill switches: what may be done at the moment. Without a word: list them."""
    from hesabu.app import postgres

    postgres.ensure_running(configuration.load())
    import django

    django.setup()
    if context.invoked_subcommand is None:
        from hesabu.store import flags as switches

        for one in switches.switches():
            state = click.style("on ", fg="green") if one.is_on else click.style("OFF", fg="red")
            reason = f"  ({one.reason})" if one.reason else ""
            click.echo(f"{state}  {one.name:<24} {one.meaning}{reason}")


@flags.command("on")
@click.argument("name")
def on(name: str) -> None:
    """Allow it again."""
    _switch(name, on=True, reason="")


@flags.command("off")
@click.argument("name")
@click.option("--reason", required=True, help="Why, for those who find it off.")
def off(name: str, reason: str) -> None:
    """Forbid it at once, everywhere."""
    _switch(name, on=False, reason=reason)


def _switch(name: str, *, on: bool, reason: str) -> None:
    from hesabu.store import flags as switches
    from hesabu.store import tenancy

    if name not in switches.KNOWN:
        raise click.UsageError(f"no switch is called {name}: {', '.join(switches.KNOWN)}")
    with tenancy.house(actor=tenancy.Actor("operator")):
        switches.switch(name, on=on, reason=reason)
    click.echo(f"{name} is {'on' if on else 'off'}.")
