"""The command: `hesabu simulate`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hesabu.app.settings")

if TYPE_CHECKING:
    from hesabu.app.simulate.play import Outcome


@click.command()
@click.option("--seed", default=1, show_default=True, help="Everything follows from it.")
@click.option("--months", default=1, show_default=True, help="Of thirty days.")
@click.option("--businesses", default=4, show_default=True, type=click.IntRange(1, 40))
@click.option("--faults/--no-faults", default=True, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The outcome as one JSON object.")
def main(seed: int, months: int, businesses: int, faults: bool, as_json: bool) -> None:
    """Play months of business with faults and hold every step against a model."""
    from hesabu.app import scratch

    with scratch.databases([f"hesabu_simulation_{os.getpid()}"]):
        import logging

        import django

        django.setup()
        logging.getLogger().setLevel("CRITICAL")  # faults are the point here; what matters is said
        from hesabu.app.simulate.play import Plan, play

        outcome = play(Plan(seed, months, businesses, faults))
    click.echo(json.dumps(asdict(outcome), default=str) if as_json else said(outcome))
    sys.exit(1 if outcome.fault else 0)


def said(outcome: Outcome) -> str:
    """The outcome for people."""
    plan = outcome.plan
    lines = [
        f"seed {plan.seed}: {plan.businesses} businesses, {plan.day_count} days,"
        f" {'with' if plan.faults else 'without'} faults, {outcome.took_seconds:.1f} seconds",
        *(f"  {name:<18}{count:>9,}" for name, count in outcome.counts.items()),
    ]
    if outcome.fault:
        lines += ["", f"A FAULT at step {outcome.step} of seed {plan.seed}. The steps before it:"]
        lines += [*outcome.trail, "", outcome.fault]
    else:
        lines.append(
            "Every step agreed with the model; every book is sound; every shilling is counted once."
        )
    return "\n".join(lines)
