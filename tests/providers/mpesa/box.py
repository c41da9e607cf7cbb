"""The sandbox as a process of its own, and the product's ingress at an address that it can call."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
from django.conf import settings
from django.test import override_settings

from hesabu.app import wiring
from hesabu.kit import http
from hesabu.store.ingress import Ingress
from sandbox.served import is_open
from steady import PATIENCE_SECONDS, eventually, free_port


@dataclass
class Box:
    """What a test does in the outside world."""

    url: str
    desk: httpx.Client

    def dials(self, **turned: object) -> None:
        self._sent("PUT", "/control/dials", {"daraja": turned})

    def calm(self) -> None:
        self._sent("PUT", "/control/dials", {"preset": "calm"})

    def answer(self, phone: str, action: str = "pin", **more: object) -> None:
        """A person answers the prompt, as soon as it rings."""
        eventually(lambda: self.ringing(phone))
        self._sent("POST", f"/control/phones/{phone}/prompt", {"action": action, **more})
        self.quiet()

    def ringing(self, phone: str) -> list[dict[str, Any]]:
        prompts = self.phone(phone)["prompts"]
        return [prompt for prompt in prompts if prompt["state"] == "ringing"]

    def phone(self, phone: str) -> dict[str, Any]:
        return self._sent("GET", f"/control/phones/{phone}")

    def settle(self, phone: str, **changes: object) -> None:
        """Add a person, or change one."""
        self._sent("POST", "/control/phones", {"phone": phone, **changes})

    def advance(self, seconds: int) -> None:
        self._sent("POST", "/control/advance", {"seconds": seconds})
        self.quiet()

    def quiet(self) -> None:
        assert self._sent("POST", "/control/quiet", {"timeout_seconds": PATIENCE_SECONDS})[
            "is_quiet"
        ]

    def requests(self, path: str) -> list[dict[str, Any]]:
        """What the product asked of M-PESA at this path, oldest first."""
        entries = self._sent("GET", "/control/log")["entries"]
        return [each for each in entries if str(each.get("url", "")).endswith(path)]

    def _sent(self, method: str, path: str, body: object = None) -> Any:
        answer = self.desk.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()


@contextmanager
def box() -> Iterator[Box]:
    """The sandbox on a free port, and the product told to use it and to be called back by it."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "hesabu.sandbox"],
        env={**os.environ, "HESABU_SANDBOX_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    before = set(http._allowed_private)
    http.allow_private([*before, f"127.0.0.1:{port}"])
    try:
        with (
            httpx.Client(base_url=url, timeout=2 * PATIENCE_SECONDS) as desk,
            ingress() as public_url,
        ):
            eventually(lambda: is_open(url))
            changed = settings.CONFIG.model_copy(
                update={"mpesa_base_url": f"{url}/daraja", "public_url": public_url}
            )
            with override_settings(CONFIG=changed):
                yield Box(url, desk)
    finally:
        http.allow_private(before)
        process.terminate()
        process.wait(PATIENCE_SECONDS)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@contextmanager
def ingress() -> Iterator[str]:
    """The product's own front door for letters, at an address of this machine."""
    front = Ingress(settings.APP_URL, wiring.intakes(), wiring.answers())
    server = make_server("127.0.0.1", 0, front, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        front._pool.close()
