"""The house's secrets."""

from __future__ import annotations

import json

import click

from hesabu.app import config as configuration


@click.group()
def secrets() -> None:
    """All secrets but the field keys: what they open, how old they are, how they are changed."""


@secrets.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def list_secrets(as_json: bool) -> None:
    """Every secret that is set, by age; never what it is."""
    config = _begin()
    from hesabu.app import house_secrets

    found = house_secrets.aged(config)
    if as_json:
        ages = {one.name: {"days": one.days, "is_old": one.is_old} for one in found}
        click.echo(json.dumps({"secrets": ages}))
        return
    for one in found:
        colour = "yellow" if one.is_old else None
        note = "  (the one before is still taken)" if one.has_before else ""
        click.secho(f"{one.name:<26} {one.days:>4} days  opens {one.secret.opens}{note}", fg=colour)
        click.echo(
            f"    in HESABU_{one.name.upper()}; two may hold at once: {'yes' if one.overlaps else 'no'}"
        )
        click.echo(click.wrap_text(one.secret.rotating, 100, "    ", "    "))
    for name, where, rotating in house_secrets.IN_THE_DATABASE:
        click.echo(f"{name}  {where}")
        click.echo(click.wrap_text(rotating, 100, "    ", "    "))
    old = sum(one.is_old for one in found)
    if old:
        click.secho(f"{old} should be changed.", fg="yellow")


@secrets.command("rotate")
@click.argument("name")
def rotate(name: str) -> None:
    """Make another, and say what to do with it."""
    config = _begin()
    from hesabu.app import house_secrets

    made = house_secrets.rotate(config, name)
    if made.is_written:
        click.echo(
            f"{name} is another from the next start on; it stands in {config.keys_dir / 'dev.env'}."
        )
        return
    click.echo("Set this, and restart every process:")
    click.echo(f"   HESABU_{name.upper()}={made.value}")
    if made.before:
        click.echo(f"   HESABU_SECRETS_BEFORE={made.before}")
    click.echo(house_secrets.SECRETS[name].rotating)


def _begin() -> configuration.Config:
    from hesabu.app import postgres

    config = configuration.load()
    postgres.ensure_running(config)
    import django

    django.setup()
    return config
