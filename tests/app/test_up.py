"""`hesabu up` as a newcomer runs it: everything, then nothing left."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.app.conftest import environment

from hesabu.app import supervisor
from steady import PATIENCE_SECONDS, eventually, free_port

Hesabu = Callable[..., "subprocess.CompletedProcess[str]"]
pytestmark = pytest.mark.slow


@pytest.fixture
def ports() -> dict[str, str]:
    return {f"HESABU_{name}_PORT": str(free_port()) for name in ("WEB", "LIVE", "SANDBOX")} | {
        "HESABU_WEB_WORKERS": "1"
    }


@pytest.fixture
def down_at_last(hesabu: Hesabu, ports: dict[str, str]) -> Iterator[None]:
    yield
    hesabu("down", **ports)


def running_in(var_dir: Path) -> dict[str, int]:
    return supervisor.recorded(var_dir / "run" / "up.json")


def body_of(url: str) -> dict[str, str]:
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as response:
        return dict(json.load(response))


@pytest.mark.timeout(200)
def test_up_serves_and_a_signal_stops_it_to_the_last_process(
    var_dir: Path, ports: dict[str, str], down_at_last: None
) -> None:
    command = [sys.executable, "-m", "hesabu.app.cli", "up"]
    process = subprocess.Popen(
        command,
        env=environment(var_dir, **ports),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C stops everything" in line:
            break
    web = f"http://127.0.0.1:{ports['HESABU_WEB_PORT']}"
    assert web in "".join(said), "".join(said)
    assert body_of(f"{web}/readyz")["status"] == "ready"
    started = running_in(var_dir)
    assert {"up", "web", "worker", "live"} <= set(started)

    os.kill(started["worker"], signal.SIGKILL)
    eventually(lambda: running_in(var_dir).get("worker") not in (None, started["worker"]))

    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert "Stopped." in rest
    assert process.returncode == 0
    assert running_in(var_dir) == {}
    assert not [name for name, pid in started.items() if supervisor.born(pid)]
    assert not list(var_dir.glob("postgres/*/postmaster.pid"))


@pytest.mark.timeout(200)
def test_up_detached_returns_when_ready_and_down_stops_what_even_a_kill_left(
    hesabu: Hesabu, var_dir: Path, ports: dict[str, str], down_at_last: None
) -> None:
    first = hesabu("up", "--detach", **ports)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "hesabu down" in first.stdout
    again = hesabu("up", "--detach", **ports)
    assert again.returncode == 1
    assert "up already" in again.stdout

    started = running_in(var_dir)
    os.kill(started["up"], signal.SIGKILL)
    eventually(lambda: "up" not in running_in(var_dir))
    assert supervisor.born(started["web"])
    stopped = hesabu("down", **ports)
    assert stopped.returncode == 0
    assert "web" in stopped.stdout
    assert "PostgreSQL" in stopped.stdout
    assert not [name for name, pid in started.items() if supervisor.born(pid)]
    assert hesabu("down", **ports).stdout == "Nothing was running.\n"


def test_a_taken_port_is_named_with_its_setting_and_nothing_is_started(
    hesabu: Hesabu, var_dir: Path, ports: dict[str, str]
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", int(ports["HESABU_WEB_PORT"])))
        listener.listen()
        refused = hesabu("up", **ports)
    assert refused.returncode == 1
    assert f"Port {ports['HESABU_WEB_PORT']} on 127.0.0.1" in refused.stdout
    assert "HESABU_WEB_PORT=" in refused.stdout
    assert not list(var_dir.glob("postgres/*"))


def test_what_is_wrong_with_the_settings_is_all_that_is_said(hesabu: Hesabu) -> None:
    refused = hesabu("up", HESABU_ENV="production")
    assert refused.returncode == 2
    assert refused.stderr.startswith("11 settings are wrong:")
    assert "Traceback" not in refused.stderr
