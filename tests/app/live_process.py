"""A live process of its own, spoken to over its socket, beside the tests' database."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hesabu.app import config as configuration

SOURCE = str(Path(configuration.__file__).parents[2])
PATIENCE_SECONDS = 60
START_SECONDS = 150
"""For what is awaited on a busy machine; nothing is slept for."""


@dataclass
class Event:
    name: str
    told: dict[str, Any]
    id: str = ""


@dataclass
class Reader:
    """One connection that asked for a stream, read as a browser would."""

    socket: socket.socket
    heard: list[Event] = field(default_factory=list)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    is_closed: bool = False
    raw: bytes = b""
    text: str = ""

    def read(self, seconds: float) -> bool:
        """More, if some comes within that time. Whether it did."""
        if self.is_closed or not select.select([self.socket], [], [], seconds)[0]:
            return False
        try:
            more = self.socket.recv(65536)
        except ConnectionError:
            more = b""
        self.is_closed = not more
        self.raw += more
        self._understand()
        return True

    def _understand(self) -> None:
        head, gap, body = self.raw.partition(b"\r\n\r\n")
        if not gap:
            return
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {
            name.lower(): value for name, _, value in (one.partition(": ") for one in lines[1:])
        }
        is_chunked = self.headers.get("transfer-encoding") == "chunked"
        self.text = (_unchunked(body) if is_chunked else body).decode()
        self.heard = [event for one in self.text.split("\n\n")[:-1] if (event := _event(one))]
        if body.endswith(b"0\r\n\r\n") or "content-length" in self.headers:
            self.is_closed = True

    def until(self, met: Callable[[Reader], Any], seconds: float = PATIENCE_SECONDS) -> Reader:
        """Read on until it is so."""
        ends_at = time.monotonic() + seconds
        while not met(self):
            left = ends_at - time.monotonic()
            assert left > 0, f"never so within {seconds} s; heard {self.heard}, {self.raw[-300:]!r}"
            assert not self.is_closed, f"closed; heard {self.heard}, {self.raw[-300:]!r}"
            self.read(min(left, 1))
        return self

    def opened(self) -> Reader:
        return self.until(lambda one: b": follows" in one.raw)

    def hears(self, name: str = "changed", **told: Any) -> Event:
        """The first such event."""

        def fits(event: Event) -> bool:
            return event.name == name and told.items() <= event.told.items()

        self.until(lambda one: any(fits(event) for event in one.heard))
        return next(event for event in self.heard if fits(event))

    def close(self) -> None:
        self.socket.close()


def _unchunked(body: bytes) -> bytes:
    text = b""
    while (match := re.match(rb"([0-9a-fA-F]+)\r\n", body)) and int(match[1], 16):
        size = int(match[1], 16)
        text += body[match.end() : match.end() + size]
        body = body[match.end() + size + 2 :]
    return text


def _event(block: str) -> Event | None:
    found = dict(
        line.split(": ", 1)
        for line in block.split("\n")
        if ": " in line and not line.startswith(":")
    )
    if "event" not in found:
        return None
    said = found["data"]
    told = {"why": said} if found["event"] == "ended" else json.loads(said)
    return Event(found["event"], told, found.get("id", ""))


@dataclass
class Live:
    """The process, and the port that is kept for it."""

    process: subprocess.Popen[bytes]
    port: int
    log_file: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, *, cookie: str = "", **headers: str) -> Reader:
        """A stream, as a browser opens it. Header names with _ for -."""
        said = {"Host": f"127.0.0.1:{self.port}", "Accept": "text/event-stream"}
        if cookie:
            said["Cookie"] = f"sessionid={cookie}"
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)
        connection.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        return Reader(connection)

    def follow(self, path: str, **given: str) -> Reader:
        return self.ask(path, **given).opened()

    def status(self, path: str, **given: str) -> int:
        reader = self.ask(path, **given).until(lambda one: one.status)
        reader.close()
        return reader.status

    def figure(self, name: str) -> float:
        """Of its own metrics."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=PATIENCE_SECONDS) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.split()[1])
        return 0.0

    def said(self) -> str:
        return self.log_file.read_text()


@contextmanager
def live_process(folder: Path, **settings: str) -> Iterator[Live]:
    """A port is bound here first, and so nobody else's, while the process listens there beside us."""
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        kept.bind(("127.0.0.1", 0))
        port = kept.getsockname()[1]
        log_file = folder / "live.log"
        with open(log_file, "wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "hesabu.app.live"],
                env={**os.environ, "PYTHONPATH": SOURCE, "HESABU_LIVE_PORT": str(port), **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        live = Live(process, port, log_file)
        try:
            _await_ready(live)
            yield live
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_SECONDS)
            finally:
                process.kill()


def _await_ready(live: Live) -> None:
    ends_at = time.monotonic() + START_SECONDS
    while time.monotonic() < ends_at:
        assert live.process.poll() is None, live.said()
        try:
            with urllib.request.urlopen(f"{live.url}/readyz", timeout=60):
                return
        except (urllib.error.HTTPError, OSError):
            select.select([], [], [], 0.1)
    raise AssertionError(f"not ready within {START_SECONDS} s:\n{live.said()}")
