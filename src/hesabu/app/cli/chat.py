"""The grammar of chat messages."""

from __future__ import annotations

import json
from datetime import date

import click


@click.group()
def chat() -> None:
    """What the clerk understands."""


@chat.command("parse")
@click.argument("text")
@click.option("--country", default="KE", show_default=True)
@click.option("--lang", default="en", show_default=True)
@click.option("--today", metavar="YYYY-MM-DD", help="Read the message as if it were this day.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def parse(text: str, country: str, lang: str, today: str | None, as_json: bool) -> None:
    """Print what the grammar understands of TEXT."""
    from hesabu.doors.chat.grammar.parser import parse as understand
    from hesabu.doors.chat.grammar.wire import to_json
    from hesabu.kit import clock, countries

    try:
        day = (
            date.fromisoformat(today) if today else clock.today(countries.country(country).timezone)
        )
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--today") from error
    understood = understand(text, country=country, language=lang, today=day)
    shape = to_json(understood, countries.country(country).currency)
    if as_json:
        click.echo(json.dumps(shape, ensure_ascii=False))
        return
    for name, value in shape.items():
        for line in _lines(name, value):
            click.echo(line)


def _lines(name: str, value: object) -> list[str]:
    if value in (None, [], {}):
        return []
    if isinstance(value, dict):
        said = ", ".join(f"{key} {one}" for key, one in value.items() if one is not None)
        return [f"{name:<10} {said}"] if said else []
    if isinstance(value, list):
        return [
            line
            for one in value
            for line in (_lines(name, one) if isinstance(one, dict) else [f"{name:<10} {one}"])
        ]
    return [f"{name:<10} {value}"]
