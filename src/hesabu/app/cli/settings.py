"""The settings: what there is, what is set, what is wrong."""

from __future__ import annotations

import os

import click

from hesabu.app import config as configuration


@click.command()
@click.option("--new-keys", is_flag=True, help="Print fresh keys for an environment file.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the reference for the docs.")
@click.option("--check", is_flag=True, help="Say only what is wrong.")
def settings(new_keys: bool, as_markdown: bool, check: bool) -> None:
    """Print every setting, its value (secrets hidden) and its meaning."""
    if new_keys:
        from hesabu.app import dev_secrets

        for name, value in dev_secrets.new_keys().items():
            click.echo(f"{configuration.PREFIX}{name.upper()}={value}")
        return
    if as_markdown:
        click.echo(markdown(), nl=False)
        return
    config = configuration.load()
    if check:
        click.echo("The settings are sound.")
        return
    click.echo(table(config), nl=False)


def table(config: configuration.Config) -> str:
    """Every setting as it stands. Secrets are never among it."""
    lines = []
    for variable, field in configuration.settings_in_order().items():
        value = getattr(config, variable.removeprefix(configuration.PREFIX).lower())
        if configuration.is_secret(field):
            value = "(set, hidden)" if value else ""
        mark = "" if variable in os.environ else "  (not from the environment)"
        lines.append(f"{variable} = {value if value != '' else '(empty)'}{mark}")
        lines.append(click.wrap_text(field.description or "", 96, "    ", "    "))
    return "\n".join(lines) + "\n"


def markdown() -> str:
    """The reference in docs/operations/settings.md, from the fields themselves."""
    parts = []
    for variable, field in configuration.settings_in_order().items():
        default = field.get_default()
        shown = f"`{default}`" if default not in ("", None) else "empty"
        kind = " A secret." if configuration.is_secret(field) else ""
        if variable == "HESABU_VAR_DIR":
            shown = "`var` beside the checkout, else in the working directory"
        parts.append(f"### {variable}\n\n{field.description}\n\nDefault: {shown}.{kind}\n")
    return "\n".join(parts)
