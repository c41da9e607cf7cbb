"""The command line: what it lists, prints and refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from hesabu.app import cli, dev_secrets
from hesabu.app.cli import COMMANDS, commands

Hesabu = Callable[..., "subprocess.CompletedProcess[str]"]


def invoke(*args: str) -> str:
    result = CliRunner().invoke(commands, args)
    assert result.exit_code == 0, result.output
    return result.output


def test_help_lists_every_command_whose_module_is_there() -> None:
    listed = invoke("--help")
    there = [
        name for name, (_, _, needed) in COMMANDS.items() if not needed or cli._is_there(needed)
    ]
    assert len(there) > 10
    assert [name for name in there if f"\n  {name} " not in listed] == []


def test_every_command_and_its_parts_explain_themselves() -> None:
    silent = []
    for name in commands.list_commands(None):  # type: ignore[arg-type]
        command = commands.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        parts = getattr(command, "commands", {})
        silent += [one.name for one in [command, *parts.values()] if not one.help]
    assert silent == []


def test_a_command_whose_module_is_not_there_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "fly", ("running", "up", "hesabu.app.wings"))
    assert "fly" not in invoke("--help")
    assert CliRunner().invoke(commands, ["fly"]).exit_code == 2


def test_fresh_keys_are_fresh_and_pass_the_settings_own_rules(hesabu: Hesabu) -> None:
    first, second = invoke("settings", "--new-keys"), invoke("settings", "--new-keys")
    assert first != second
    pairs = dict(line.split("=", 1) for line in first.splitlines())
    assert set(pairs) == {"HESABU_SECRET_KEY", "HESABU_FIELD_KEYS", "HESABU_BLIND_KEY"}
    assert hesabu("settings", "--check", **pairs).stdout == "The settings are sound.\n"


def test_the_settings_are_printed_without_their_secrets(hesabu: Hesabu, var_dir: Path) -> None:
    shown = hesabu("settings", HESABU_WEB_PORT="8123").stdout
    assert "HESABU_WEB_PORT = 8123\n" in shown
    assert "HESABU_SECRET_KEY = (set, hidden)" in shown
    for value in dev_secrets.kept(var_dir / "keys" / "dev.env").values():
        assert value not in shown or value.isdigit()  # the phone number's id is no secret


def test_what_the_grammar_understood_is_printed_as_json() -> None:
    said = "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday"
    options = ["--country", "KE", "--lang", "en", "--today", "2026-11-23", "--json"]
    understood = json.loads(invoke("chat", "parse", said, *options))
    assert understood["intent"] == "invoice"
    assert understood["customer"] == {"name": "Jane Wanjiku", "phone": "+254712345678"}
    assert understood["total"] == {"amount": "75000.00", "currency": "KES"}
    assert understood["due_on"] == "2026-11-27"
    assert understood["missing"] == understood["problems"] == []


def test_what_the_grammar_understood_is_printed_for_people() -> None:
    said = invoke("chat", "parse", "who owes me")
    assert said == "intent     who_owes\n"


def test_an_option_that_makes_no_sense_is_named() -> None:
    result = CliRunner().invoke(commands, ["chat", "parse", "hi", "--today", "friday"])
    assert result.exit_code == 2
    assert "--today" in result.output


def test_a_refusal_is_said_in_its_own_words(hesabu: Hesabu) -> None:
    refused = hesabu("chat", "parse", "hi", "--country", "XX")
    assert refused.returncode == 1
    assert "does not know that country" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.timeout(200)
def test_the_database_is_migrated_switched_examined_and_proved(hesabu: Hesabu) -> None:
    assert "applied" in hesabu("migrate").stdout
    assert (
        "payments.money_out is off"
        in hesabu("flags", "off", "payments.money_out", "--reason", "tried").stdout
    )
    examined = json.loads(hesabu("doctor", "--json").stdout)
    assert examined["ok"] is True
    assert [one["said"] for one in examined["findings"] if one["check"] == "flags"] == [
        "payments.money_out is off: tried"
    ]
    assert hesabu("verify").returncode == 0
    assert hesabu("postgres", "status").returncode == 0
    assert hesabu("down").stdout == "Stopped: PostgreSQL.\n"
    assert hesabu("postgres", "status").returncode == 3
