"""`hesabu keys` and `hesabu secrets`, as an operator has them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hesabu.app import dev_secrets
from hesabu.app.config import Config
from hesabu.kit import crypto

Hesabu = Callable[..., "subprocess.CompletedProcess[str]"]


def ring(var_dir: Path) -> list[str]:
    return list(crypto.read_keys(dev_secrets.kept(var_dir / "keys" / "dev.env")["field_keys"]))


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_key_is_made_and_the_old_one_retired(
    hesabu: Hesabu, installation: Config, var_dir: Path
) -> None:
    assert hesabu("migrate").returncode == 0
    others = dev_secrets.kept(var_dir / "keys" / "dev.env")
    said = hesabu("keys", "rotate")
    assert said.returncode == 0, said.stderr
    assert "k2 seals from now on" in said.stdout
    assert "Everything is sealed by the first key." in said.stdout
    assert ring(var_dir) == ["k2", "k1"]
    assert dev_secrets.kept(var_dir / "keys" / "dev.env").keys() == others.keys()
    assert oct((var_dir / "keys" / "dev.env").stat().st_mode)[-3:] == "600"
    assert hesabu("keys", "retire", "k2").returncode == 1
    assert "k1 has left" in hesabu("keys", "retire", "k1").stdout
    assert ring(var_dir) == ["k2"]
    assert "k2" in hesabu("keys", "list").stdout
    assert '"left": 0' in hesabu("keys", "status", "--json").stdout
