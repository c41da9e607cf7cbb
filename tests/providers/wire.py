"""A server at the other end of the socket that says exactly what a test tells it to, and remembers
what it was asked. Fakes stop here: everything above the socket is the product."""

from __future__ import annotations

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hesabu.kit import http
from steady import PATIENCE_SECONDS


@dataclass(frozen=True)
class Says:
    """An answer: a status and a body (an object becomes JSON)."""

    status: int
    body: Any = b""


@dataclass(frozen=True)
class HangsUp:
    """Takes the request whole and closes without a word."""


@dataclass(frozen=True)
class SaysNothing:
    """Takes the request whole and is silent for as long as it is waited for."""


Answer = Says | HangsUp | SaysNothing


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Wire:
    """What each path answers: one after another, the last one for ever."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    _answers: dict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))

    def says(self, path: str, *answers: Answer) -> None:
        self._answers[path] = deque(answers)

    def asked_at(self, path: str) -> list[Asked]:
        return [each for each in self.asked if each.path.partition("?")[0] == path]

    def next_answer(self, path: str) -> Answer:
        waiting = self._answers[path.partition("?")[0]]
        if not waiting:
            return Says(404, b"<html>no such page</html>")
        return waiting.popleft() if len(waiting) > 1 else waiting[0]


def _read(raw: bytes) -> Any:
    """JSON where it is some, else the bytes."""
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw


@contextmanager
def wire() -> Iterator[Wire]:
    """A server on a free port of this machine, reachable by the product's own client."""
    told = Wire()

    class Answers(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = _read(raw)
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.asked.append(Asked(self.command, self.path, headers, body))
            answer = told.next_answer(self.path)
            if isinstance(answer, SaysNothing):
                self.connection.settimeout(PATIENCE_SECONDS)
                assert self.connection.recv(1) == b""
            if not isinstance(answer, Says):
                self.close_connection = True
                return
            content = answer.body
            if not isinstance(content, bytes):
                content = json.dumps(content).encode()
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 (the names that the base class calls)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    host = f"127.0.0.1:{server.server_port}"
    told.url = f"http://{host}"
    before = set(http._allowed_private)
    http.allow_private([*before, host])
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        http.allow_private(before)
