"""chat_reply_ms: from the webhook that brings a message to the request that carries its answer, at twenty messages a second.

Forty merchants write in turn, as Meta would bring it: signed webhooks to the ingress, at an even pace. A listener in place of
the WhatsApp API notes when the first answer to each arrives. The web process and two workers run as in production; all of
it, load and database too, shares this machine.
"""

from __future__ import annotations

import json
import re
import secrets
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings

from hesabu.app.bench import serving
from hesabu.identity import actions as identity
from hesabu.messaging import actions as messaging
from hesabu.messaging.providers.whatsapp.intake import signature_of
from hesabu.store import tenancy

PER_SECOND, SECONDS, MERCHANTS = 20, 20, 40
SAYINGS = (
    "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday",
    "who owes me",
    "help",
    "invoice rice palace 3 bags at 850 each, 2 x 1,500 transport due tomorrow",
    "status INV-0001",
    "Mtumie Jane ankara ya elfu tano kwa nembo, alipe Ijumaa",
    "list",
    "Invoice Jane elfu tano for nywele kesho, 50% deposit",
    "nani ananidai",
    "products",
    "how did I do today",
)
"""What people write in a day, in both languages and in both at once."""


class _Listener(BaseHTTPRequestHandler):
    """Takes messages as the WhatsApp API does and notes when."""

    protocol_version = "HTTP/1.1"
    heard: dict[str, list[float]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sent_to = re.search(rb'"to":\s*"\+?(\d+)"', body)
        if sent_to:
            self.heard.setdefault(sent_to[1].decode(), []).append(time.monotonic())
        answer = json.dumps(
            {
                "messaging_product": "whatsapp",
                "contacts": [],
                "messages": [{"id": f"wamid.{secrets.token_hex(12)}"}],
                "success": True,
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        """Nothing to standard error."""


@contextmanager
def _listening() -> Iterator[tuple[int, dict[str, list[float]]]]:
    heard: dict[str, list[float]] = {}
    handler = type("Listener", (_Listener,), {"heard": heard})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], heard
    finally:
        server.shutdown()
        server.server_close()


def merchants() -> list[str]:
    """Owners of a business each, by telephone number without a plus."""
    made = []
    for number in range(MERCHANTS):
        phone = f"2547330{number:05}"
        with tenancy.house():
            contact_id = messaging.meet(phone=f"+{phone}", name=f"Owner {number}")
            person_id = identity.register_person(f"Owner {number}")
            messaging.introduce(contact_id, person_id)
        identity.register_business(f"Chat shop {number}", "KE", person_id)
        made.append(phone)
    return made


def measure() -> dict[str, Any]:
    phones = merchants()
    token = messaging.open_channel()
    with _listening() as (listener, heard):
        environ = {
            "HESABU_WHATSAPP_BASE_URL": f"http://127.0.0.1:{listener}/v23.0",
            "HESABU_ALLOWED_PRIVATE_HOSTS": f"127.0.0.1:{listener}",
        }
        worker = [sys.executable, "-m", "hesabu.app.worker"]
        with (
            serving.web("hesabu.app.wsgi:application", **environ) as port,
            serving.running(worker, **environ),
            serving.running(worker, **environ),
        ):
            _talk(port, token, phones, 5)
            heard.clear()
            took = _latencies(_talk(port, token, phones, SECONDS), heard)
    return {
        "p50": round(statistics.median(took), 1),
        "p99": round(statistics.quantiles(took, n=100)[98], 1),
        "worst": round(max(took), 1),
        "messages": len(took),
        "per_second": PER_SECOND,
    }


def _talk(port: int, token: str, phones: list[str], seconds: int) -> list[tuple[str, float]]:
    """(who, when) of each message, sent on the beat; what is not answered by 200 ends the run."""
    said = []
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for turn in range(seconds * PER_SECOND):
            time.sleep(max(0.0, began + turn / PER_SECOND - time.monotonic()))
            phone = phones[turn % len(phones)]
            request = _webhook(token, phone, SAYINGS[turn % len(SAYINGS)])
            said.append((phone, time.monotonic()))
            connection.sendall(request)
            answer = connection.recv(4096)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"a webhook was answered by {answer[:60]!r}")
    time.sleep(3)
    return said


def _webhook(token: str, phone: str, text: str) -> bytes:
    message = {
        "from": phone,
        "id": f"wamid.{secrets.token_hex(12)}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": settings.CONFIG.whatsapp_phone_number_id},
        "contacts": [{"profile": {"name": "Owner"}, "wa_id": phone}],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    signature = signature_of(settings.CONFIG.whatsapp_app_secret, body)
    return (
        f"POST /hooks/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def _latencies(said: list[tuple[str, float]], heard: dict[str, list[float]]) -> list[float]:
    """Milliseconds to the first thing each heard after they spoke. A silence ends the run: it is no latency."""
    took = []
    for phone, at in said:
        after = [moment for moment in heard.get(phone, []) if moment > at]
        if not after:
            raise SystemExit("a message was never answered")
        took.append((min(after) - at) * 1000)
    return took
