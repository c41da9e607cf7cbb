"""Proofs: the story, the bench, the simulation. Their own modules read the rest of the line."""

from __future__ import annotations

import sys

import click

from hesabu.app import config as configuration

OWN_OPTIONS = {"ignore_unknown_options": True, "help_option_names": []}


def _hand_over(module: str, args: tuple[str, ...]) -> None:
    """Call the module's `main(args)`: a click command, or a function that returns an exit code."""
    import importlib

    main = importlib.import_module(module).main
    if isinstance(main, click.Command):
        main.main(args=list(args), prog_name=f"hesabu {module.rpartition('.')[2]}")
        return
    sys.exit(main(list(args)) or 0)


@click.command(context_settings=OWN_OPTIONS, add_help_option=False)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def story(args: tuple[str, ...]) -> None:
    """Play a whole path through the sandbox: hesabu story chat-to-cash [--json] [--faults SEED], or one act of the
    conversation: hesabu story remind [--language sw]; hesabu story --list names them all."""
    _hand_over("hesabu.app.story", args)


@click.command()
@click.option(
    "--rounds", type=click.IntRange(1, 50), default=5, help="How often each measure takes its turn."
)
@click.option("--only", default="", help="Only measures with this in their name.")
def bench(rounds: int, only: str) -> None:
    """Measure, and write var/bench.json."""
    from hesabu.app import bench as benchmark

    sys.exit(benchmark.main(rounds, only))


@click.command(context_settings=OWN_OPTIONS, add_help_option=False)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def simulate(args: tuple[str, ...]) -> None:
    """Run seeded months with faults and check the invariants after every step."""
    configuration.load()
    _hand_over("hesabu.app.simulate", args)
