"""The settings: what there is, what is set, what is wrong."""

from __future__ import annotations

import os
import sys

import click

from hesabu.app import config as configuration


@click.command()
@click.option("--new-keys", is_flag=True, help="Print fresh keys for an environment file.")
@click.option("--check", is_flag=True, help="Say only what is wrong.")
def settings(new_keys: bool, check: bool) -> None:
    """Print every setting, its value (secrets hidden) and its meaning."""
    if new_keys:
        from hesabu.app import dev_secrets

        for name, value in dev_secrets.new_keys().items():
            click.echo(f"{configuration.PREFIX}{name.upper()}={value}")
        return
    config = configuration.load()
    if check:
        click.echo("The settings are sound.")
        return
    click.echo(table(config), nl=False)


def table(config: configuration.Config) -> str:
    lines = []
    for variable, field in configuration.settings_in_order().items():
        name = variable.removeprefix(configuration.PREFIX).lower()
        value = getattr(config, name)
        shown = (
            ("(set, hidden)" if value else "(not set)") if configuration.is_secret(field) else value
        )
        mark = "" if variable in os.environ else click.style("  by default", dim=True)
        lines.append(
            f"{click.style(variable, bold=True)} = {shown if shown != '' else '(empty)'}{mark}"
        )
        lines.append(click.wrap_text(field.description or "", 96, "    ", "    "))
    if not sys.stdout.isatty():
        lines = [click.unstyle(line) for line in lines]
    return "\n".join(lines) + "\n"
