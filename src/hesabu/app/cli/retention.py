"""What is kept for how long, and forgetting what is over."""

from __future__ import annotations

import json

import click

from hesabu.app import config as configuration


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say how many would be forgotten.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def retention(dry_run: bool, as_json: bool) -> None:
    """Forget what was kept for as long as it was to be kept. A worker does it every night; it may be stopped anywhere, and
    begun again."""
    from hesabu.app import postgres

    config = configuration.load()
    postgres.ensure_running(config)
    import django

    django.setup()
    from hesabu.app import retention as keeping
    from hesabu.app import wiring

    wiring.connect()
    if dry_run:
        _say(keeping.over(config), "would be forgotten", as_json)
        return
    done = {period.name: 0 for period in keeping.PERIODS}
    for step in keeping.run(config):
        done[step.period.name] += step.count
        if not as_json:
            click.echo(
                f"\r{step.period.name:<14} {done[step.period.name]:>9} forgotten",
                nl=False,
                err=True,
            )
    if not as_json:
        click.echo(err=True)
    _say(done, "forgotten", as_json)


def _say(counts: dict[str, int], word: str, as_json: bool) -> None:
    from hesabu.app import retention as keeping

    if as_json:
        click.echo(json.dumps(counts))
        return
    config = configuration.load()
    for period in keeping.PERIODS:
        days = period.days(config)
        kept = f"{days} days" if days is not None else "as the law says"
        click.echo(
            f"{period.name:<14} {kept:>16}  {counts[period.name]:>9} {word}  ({period.what})"
        )
    for name, what, why in keeping.KEPT:
        click.echo(f"{name:<14} {'for ever':>16}  {what}: {why}")
