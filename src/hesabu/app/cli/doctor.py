"""The doctor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from hesabu.app import config as configuration

if TYPE_CHECKING:
    from hesabu.app.doctor.findings import Finding

MARKS = {"fine": ("✓", "green"), "watch": ("!", "yellow"), "wrong": ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option(
    "--public", "from_outside", is_flag=True, help="Go to the public address, as a visitor would."
)
def doctor(as_json: bool, from_outside: bool) -> None:
    """Look at everything and say what to do about what is wrong; exit 1 if something is."""
    from hesabu.app import postgres
    from hesabu.app.doctor.findings import Finding

    findings: list[Finding] = []
    is_told = as_json
    try:
        config = configuration.load()
        if not from_outside:
            postgres.ensure_running(config)
    except configuration.ConfigRefused as refused:
        findings = [
            Finding("settings", "wrong", f"{fault.setting} {fault.wrong}", fault.remedy)
            for fault in refused.faults
        ]
    except postgres.PostgresError as error:
        findings = [Finding("database", "wrong", str(error), "See docs/operations/postgres.md.")]
    else:
        is_told = True
        for finding in _looks(config, from_outside=from_outside):
            findings.append(finding)
            if not as_json:
                _print(finding)
    if as_json:
        wrong = sum(finding.grade == "wrong" for finding in findings)
        click.echo(json.dumps({"ok": not wrong, "findings": [one.as_json() for one in findings]}))
    if not is_told:
        for finding in findings:
            _print(finding)
    sys.exit(1 if any(finding.grade == "wrong" for finding in findings) else 0)


def _looks(config: configuration.Config, *, from_outside: bool) -> Iterator[Finding]:
    if from_outside:
        from hesabu.app.doctor import public

        yield from public.examine(config)
        return
    import django

    django.setup()
    from hesabu.app.doctor import report

    yield from report.examine(config)


def _print(finding: object) -> None:
    from hesabu.app.doctor.findings import Finding

    assert isinstance(finding, Finding)
    mark, colour = MARKS[finding.grade]
    click.echo(f"{click.style(mark, fg=colour)} {finding.check:<11} {finding.said}")
    if finding.remedy and finding.grade != "fine":
        click.echo(f"  {'':<11} → {finding.remedy}")
