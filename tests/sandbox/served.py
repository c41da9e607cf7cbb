"""A box on a real port, a product that listens on another, and a browser before them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from sandbox.box import NUMBER, push_body
from steady import PATIENCE_SECONDS, eventually, free_port

BEARER = {"Authorization": "Bearer sandbox-token"}
INSIDE_TOKEN = "inside-token"


@dataclass
class Asked:
    """A question to look inside."""

    path: str
    authorization: str


@dataclass
class Product:
    """A listener on a real port: notes what it hears and answers 200; shows what is `inside`."""

    heard: list[tuple[str, bytes, str]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    inside: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        product = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signature = self.headers.get("X-Hub-Signature-256", "")
                product.heard.append((self.path, body, signature))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                product.asked.append(Asked(self.path, self.headers.get("Authorization", "")))
                body = json.dumps(product.inside).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Silence: the tests read what was heard."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path: str) -> list[bytes]:
        return [body for at, body, _ in self.heard if at == path]

    def wait_for(self, path: str) -> list[Any]:
        return [json.loads(body) for body in eventually(lambda: self.at(path))]

    def messages(self) -> list[dict[str, Any]]:
        """What people said, as Meta tells it."""
        values = [json.loads(b)["entry"][0]["changes"][0]["value"] for b in self.at("/whatsapp")]
        return [message for value in values for message in value.get("messages", ())]

    def wait_for_message(self, kind: str) -> dict[str, Any]:
        return eventually(lambda: [one for one in self.messages() if one["type"] == kind])[-1]

    def wait_for_words(self, words: str) -> dict[str, Any]:
        """The newest message, once it says this."""
        eventually(lambda: [one.get("text") for one in self.messages()][-1:] == [{"body": words}])
        return self.messages()[-1]


def is_open(url: str) -> bool:
    """Whether a box answers there."""
    try:
        return httpx.get(f"{url}/control/dials", timeout=PATIENCE_SECONDS).is_success
    except httpx.TransportError:
        return False


@contextmanager
def opened_box(product: Product, **told: str) -> Iterator[str]:
    """A box in a process of its own that tells this product; its address."""
    port = free_port()
    env = {
        **os.environ,
        "HESABU_SANDBOX_PORT": str(port),
        "HESABU_SANDBOX_WHATSAPP_WEBHOOK": f"{product.url}/whatsapp",
        "HESABU_SANDBOX_AFRICASTALKING_INBOUND_WEBHOOK": f"{product.url}/sms",
        "HESABU_SANDBOX_MAILGUN_WEBHOOK": f"{product.url}/mailgun",
        **{f"HESABU_SANDBOX_{name}": value for name, value in told.items()},
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "hesabu.sandbox"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: is_open(url))
        yield url
    finally:
        server.terminate()
        assert server.wait(PATIENCE_SECONDS) is not None


def send(desk: httpx.Client, to: str, kind: str, content: dict[str, Any]) -> str:
    answer = desk.post(
        f"/whatsapp/v23.0/{NUMBER}/messages",
        headers=BEARER,
        json={"messaging_product": "whatsapp", "to": to, "type": kind, kind: content},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["messages"][0]["id"])


def push(desk: httpx.Client, callback_url: str) -> None:
    url = "/daraja/oauth/v1/generate?grant_type=client_credentials"
    token = desk.get(url, auth=("sandbox-key", "sandbox-secret")).json()["access_token"]
    answer = desk.post(
        "/daraja/mpesa/stkpush/v1/processrequest",
        headers={"Authorization": f"Bearer {token}"},
        json=push_body(CallBackURL=callback_url),
    )
    assert answer.status_code == 200, answer.text
