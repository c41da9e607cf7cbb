"""Servers and workers of a measure, as processes of their own on free loopback ports."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hesabu.app.bench import load


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def web(target: str, **environ: str) -> Iterator[int]:
    """granian as production runs it, with one worker of eight threads. Its port."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "8", "--log-level", "warning", target,
    ]  # fmt: skip
    with running(command, **environ) as process:
        _wait_for(port)
        _pids[port] = process.pid
        yield port


_pids: dict[int, int] = {}


def pid_on(port: int) -> int:
    """The process that `web` started on a port."""
    return _pids[port]


@contextmanager
def running(command: Sequence[str], **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    process = subprocess.Popen(
        command, env={**os.environ, **environ}, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing came up on port {port}")


def send(port: int, requests: Sequence[bytes], connections: int = 16) -> float:
    """Send them all from a process of its own; seconds. Ends the run if one was not answered by 200."""
    with tempfile.NamedTemporaryFile(suffix=".requests", delete=False) as file:
        file.write(load.pack(requests))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "hesabu.app.bench.load", str(port), file.name, str(connections)],
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        Path(file.name).unlink()
    seconds, failures = done.stdout.split()
    if int(failures):
        raise SystemExit(f"{failures} of {len(requests)} requests were not answered by 200")
    return float(seconds)
