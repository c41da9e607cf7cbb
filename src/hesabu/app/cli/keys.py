"""The keys that seal personal data and credentials."""

from __future__ import annotations

import json
import sys

import click

from hesabu.app import config as configuration
from hesabu.app.config import Config


@click.group()
def keys() -> None:
    """The keys that seal personal data: list them, make a new one, seal everything again under it."""


@keys.command("list")
def list_keys() -> None:
    """Every key of the ring, and how many values only it opens."""
    _begin()
    from hesabu.kit import crypto
    from hesabu.store import resealing

    standings = resealing.standings()
    ring = crypto.keyring().key_ids
    for key_id in ring:
        count = sum(one.by_key.get(key_id, 0) for one in standings)
        word = click.style("seals", fg="green") if key_id == ring[0] else "opens"
        click.echo(f"{key_id:<12} {word}  {count:>9} values")
    for key_id in sorted({name for one in standings for name in one.by_key} - set(ring)):
        count = sum(one.by_key.get(key_id, 0) for one in standings)
        click.secho(
            f"{key_id or '?':<12} is NOT in the ring: {count} values cannot be read", fg="red"
        )


@keys.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def status(as_json: bool) -> None:
    """How far sealing again is: values done and left, by table."""
    _begin()
    from hesabu.store import resealing

    standings = [one for one in resealing.standings() if one.by_key]
    if as_json:
        columns = {str(one.column): {"done": one.done, "left": one.left} for one in standings}
        click.echo(json.dumps({"left": sum(one.left for one in standings), "columns": columns}))
        return
    for one in standings:
        colour = "yellow" if one.left else "green"
        click.secho(f"{one.column!s:<40} {one.done:>9} done {one.left:>9} left", fg=colour)
    left = sum(one.left for one in standings)
    click.echo(f"{left} left" if left else "Everything is sealed by the first key.")


@keys.command("rotate")
def rotate() -> None:
    """Make a new key that seals from now on, and seal everything again under it."""
    config = _begin()
    from hesabu.app import keys as ring

    made = ring.rotate(config)
    if made.is_written:
        click.echo(f"{made.new_id} seals from now on; it stands in {config.keys_dir / 'dev.env'}.")
        _reseal()
        return
    click.echo(
        f"A new key, {made.new_id}. Keep it where you keep the others, apart from backups.\n"
    )
    click.echo("1. Set this and restart every web and worker process: all can open with it.")
    click.echo(f"   HESABU_FIELD_KEYS={made.first}")
    click.echo("2. Then set this and restart them again: it seals.")
    click.echo(f"   HESABU_FIELD_KEYS={made.then}")
    click.echo("3. Workers now seal everything again by themselves; or run: hesabu keys reseal")
    click.echo("4. When hesabu keys status has nothing left: hesabu keys retire <the old one>")


@keys.command("reseal")
def reseal() -> None:
    """Seal whatever older keys sealed again under the first. May be stopped, and begun again, at any time."""
    _begin()
    _reseal()


@keys.command("retire")
@click.argument("key_id")
def retire(key_id: str) -> None:
    """Take a key out of the ring; refused while anything needs it."""
    config = _begin()
    from hesabu.app import keys as ring

    left = ring.retire(config, key_id)
    if left.is_written:
        click.echo(f"{key_id} has left {config.keys_dir / 'dev.env'}.")
    else:
        click.echo("Nothing in the database needs it. Set this and restart every process:")
        click.echo(f"   HESABU_FIELD_KEYS={left.first}")
    click.echo(
        f"Backups made before still need {key_id}: keep it with them, as long as you keep them."
    )


def _begin() -> Config:
    from hesabu.app import postgres

    config = configuration.load()
    postgres.ensure_running(config)
    import django

    django.setup()
    return config


def _reseal() -> None:
    from hesabu.store import resealing

    last = ""
    for step in resealing.run():
        if str(step.column) != last and last:
            click.echo()
        last = str(step.column)
        click.echo(f"\r{step.column!s:<40} {step.resealed:>9} sealed again", nl=False)
    if last:
        click.echo()
    standings = resealing.standings()
    left = {str(one.column): one.left for one in standings if one.left}
    if not left:
        resealing.note_finished()
        click.echo("Everything is sealed by the first key.")
        return
    for column, count in left.items():
        click.secho(
            f"{column}: {count} values could not be opened with the keys of the ring", fg="red"
        )
    click.echo(
        "Put the missing key behind the first in HESABU_FIELD_KEYS, and run: hesabu keys reseal"
    )
    sys.exit(1)
