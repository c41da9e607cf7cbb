"""Installations of their own, away from the one the other tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hesabu.app import config as configuration
from hesabu.app import postgres
from hesabu.app.config import Config

OWN_DATABASE = {"database_url": "", "owner_database_url": "", "staff_database_url": ""}


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """A directory that a server's user can reach, with a path short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="hesabu-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def load(var_dir: Path) -> Callable[..., Config]:
    """Settings of an installation of its own, with an embedded server that is stopped at the end."""

    def load_with(**given: object) -> Config:
        return configuration.load(
            ignore_env_file=True,
            **{"var_dir": var_dir, "env": "development", **OWN_DATABASE, **given},
        )

    return load_with


@pytest.fixture
def installation(load: Callable[..., Config]) -> Iterator[Config]:
    config = load()
    yield config
    postgres.stop(config)


@pytest.fixture
def hesabu(var_dir: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line as a user has it: nothing of the tests' own settings is seen."""

    def run(*args: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hesabu.app.cli", *args],
            env=environment(var_dir, **settings),
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run


def environment(var_dir: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HESABU_")}
    source = str(Path(configuration.__file__).parents[2])
    return kept | {"PYTHONPATH": source, "HESABU_VAR_DIR": str(var_dir)} | settings
