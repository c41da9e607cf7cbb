"""Secrets that lie in files or are told by a command: believed, in their order, and never repeated."""

from __future__ import annotations

import json
import secrets
import shlex
import sys
from pathlib import Path

import pytest

from hesabu.app import config as configuration
from hesabu.app import secret_places
from hesabu.app.cli.settings import table
from hesabu.app.config import Config, ConfigRefused

OURS = ("HESABU_SECRETS_DIR", "HESABU_SECRETS_COMMAND", "CREDENTIALS_DIRECTORY")


@pytest.fixture(autouse=True)
def _without_the_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*OURS, "HESABU_SECRET_KEY", "HESABU_METRICS_TOKEN", "HESABU_MAILGUN_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def word() -> str:
    return secrets.token_urlsafe(48)


def saying(told: str, *, code: int = 0) -> str:
    """A command that prints this."""
    program = f"import sys; sys.stdout.write({told!r}); sys.exit({code})"
    return shlex.join([sys.executable, "-c", program])


def load(var_dir: Path, **given: object) -> Config:
    return configuration.load(ignore_env_file=True, env="test", var_dir=var_dir, **given)


def refused(var_dir: Path, **given: object) -> dict[str, str]:
    with pytest.raises(ConfigRefused) as error:
        load(var_dir, **given)
    return {fault.setting: fault.wrong for fault in error.value.faults}


def test_a_secret_is_read_from_a_file_of_its_own(
    var_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = word()
    (tmp_path / "key").write_text(f"{kept}\n")
    monkeypatch.setenv("HESABU_SECRET_KEY_FILE", str(tmp_path / "key"))
    config = load(var_dir)
    assert config.secret_key == kept
    assert config.secret_places == {"secret_key": "a file of its own"}


@pytest.mark.parametrize(
    "called", ["HESABU_METRICS_TOKEN", "hesabu_metrics_token", "metrics_token"]
)
def test_secrets_are_read_from_a_directory_of_files(
    var_dir: Path, tmp_path: Path, called: str
) -> None:
    kept = word()
    (tmp_path / called).write_text(kept)
    (tmp_path / "of_somebody_else").write_text("x")
    assert load(var_dir, secrets_dir=str(tmp_path)).metrics_token == kept


def test_where_systemd_lays_credentials_is_looked_at_by_itself(
    var_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = word()
    (tmp_path / "metrics_token").write_text(kept)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load(var_dir).metrics_token == kept


@pytest.mark.parametrize("shape", ["flat", "nested", "lines", "exported"])
def test_secrets_are_told_by_a_command(var_dir: Path, shape: str) -> None:
    """As one object, as HashiCorp's vault wraps it, and as lines."""
    kept = word()
    pair = {"HESABU_METRICS_TOKEN": kept, "HESABU_WEB_PORT": "1"}
    told = {
        "flat": json.dumps(pair),
        "nested": json.dumps({"data": {"data": pair, "metadata": {"version": 3}}}),
        "lines": f"# of ours\nHESABU_METRICS_TOKEN={kept}\n",
        "exported": f"export HESABU_METRICS_TOKEN='{kept}'\n",
    }[shape]
    config = load(var_dir, secrets_command=saying(told))
    assert config.metrics_token == kept
    assert config.secret_places == {"metrics_token": "the command"}
    assert config.web_port == Config.model_fields["web_port"].default, (
        "what is no secret is not its to say"
    )


def test_the_environment_comes_before_a_file_a_directory_and_a_command(
    var_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {name: word() for name in ("environment", "file", "directory", "command")}
    (tmp_path / "file").write_text(told["file"])
    (tmp_path / "metrics_token").write_text(told["directory"])
    command = saying(f"HESABU_METRICS_TOKEN={told['command']}")
    monkeypatch.setenv("HESABU_SECRETS_COMMAND", command)
    assert load(var_dir).metrics_token == told["command"]
    monkeypatch.setenv("HESABU_SECRETS_DIR", str(tmp_path))
    assert load(var_dir).metrics_token == told["directory"]
    monkeypatch.setenv("HESABU_METRICS_TOKEN_FILE", str(tmp_path / "file"))
    assert load(var_dir).metrics_token == told["file"]
    monkeypatch.setenv("HESABU_METRICS_TOKEN", told["environment"])
    assert load(var_dir).metrics_token == told["environment"]


def test_a_file_that_cannot_be_read_stops_the_start(
    var_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not passed over: another value than the one that is meant would be worse."""
    monkeypatch.setenv("HESABU_METRICS_TOKEN_FILE", str(tmp_path / "nowhere"))
    assert "FileNotFoundError" in refused(var_dir)["HESABU_METRICS_TOKEN_FILE"]
    (tmp_path / "empty").write_text("\n")
    monkeypatch.setenv("HESABU_METRICS_TOKEN_FILE", str(tmp_path / "empty"))
    assert "empty" in refused(var_dir)["HESABU_METRICS_TOKEN_FILE"]
    (tmp_path / "large").write_text("x" * (secret_places.BYTES_MAX + 1))
    monkeypatch.setenv("HESABU_METRICS_TOKEN_FILE", str(tmp_path / "large"))
    assert "too large" in refused(var_dir)["HESABU_METRICS_TOKEN_FILE"]


def test_a_directory_that_is_none_stops_the_start(var_dir: Path, tmp_path: Path) -> None:
    assert "HESABU_SECRETS_DIR" in refused(var_dir, secrets_dir=str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    "command",
    ["/nowhere/vault kv get", saying("HESABU_METRICS_TOKEN=hush-hush-hush", code=2), "a 'b", "' '"],
)
def test_a_command_that_fails_stops_the_start_and_is_not_repeated(
    var_dir: Path, command: str
) -> None:
    wrong = refused(var_dir, secrets_command=command)["HESABU_SECRETS_COMMAND"]
    assert "does not say the secrets" in wrong
    assert "hush" not in wrong


def test_a_command_is_no_line_for_a_shell(var_dir: Path, tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    command = f"{saying('HESABU_METRICS_TOKEN=' + word())} ; touch {planted}"
    load(var_dir, secrets_command=command)
    assert not planted.exists()


def test_a_command_that_does_not_end_is_given_up(
    var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret_places, "COMMAND_SECONDS", 0.2)
    waits = shlex.join([sys.executable, "-c", "import time; time.sleep(60)"])
    assert "did not end" in refused(var_dir, secrets_command=waits)["HESABU_SECRETS_COMMAND"]


def test_production_keeps_to_its_rules_for_secrets_from_elsewhere(
    var_dir: Path, tmp_path: Path
) -> None:
    """A placeholder in a vault is a placeholder."""
    (tmp_path / "secret_key").write_text("change-me")
    with pytest.raises(ConfigRefused) as error:
        configuration.load(
            ignore_env_file=True, env="production", var_dir=var_dir, secrets_dir=str(tmp_path)
        )
    wrong = {fault.setting: fault.wrong for fault in error.value.faults}
    assert wrong["HESABU_SECRET_KEY"] == "still holds a placeholder"


def test_what_says_where_a_secret_is_is_no_misspelt_setting(
    var_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(word())
    monkeypatch.setenv("HESABU_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("HESABU_WEB_PORT_FILE", str(tmp_path / "key"))
    with pytest.raises(ConfigRefused) as error:
        configuration.load(ignore_env_file=True, env="production", var_dir=var_dir)
    named = {fault.setting for fault in error.value.faults}
    assert "HESABU_SECRET_KEY_FILE" not in named
    assert "HESABU_WEB_PORT_FILE" in named, "a port is no secret"


def test_the_list_of_settings_shows_none_of_it(var_dir: Path, tmp_path: Path) -> None:
    kept = word()
    (tmp_path / "metrics_token").write_text(kept)
    config = load(var_dir, secrets_dir=str(tmp_path))
    assert kept not in table(config) + repr(config)
    assert "HESABU_METRICS_TOKEN = (set, hidden)" in table(config)
