"""Meta's side of the wire, on a socket: it answers as it is told and remembers what it was asked."""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest

from providers.whatsapp import envelopes

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


@dataclass
class Meta:
    """`answers` are used up first; after them every message is accepted."""

    base_url: str = ""
    host: str = ""
    answers: deque[Answer | None] = field(default_factory=deque)
    sent: list[dict[str, Any]] = field(default_factory=list)
    uploaded: list[bytes] = field(default_factory=list)
    courtesies: list[dict[str, Any]] = field(default_factory=list)

    def will(self, *answers: Answer | None) -> None:
        """Answer the next messages like this; None hangs up without a word, after having taken the message."""
        self.answers.extend(answers)

    def marks(self) -> list[str]:
        return [message["biz_opaque_callback_data"] for message in self.sent]


def refuses(code: int, status: int = 400) -> Answer:
    body = json.dumps({"error": {"code": code, "message": "no", "type": "OAuthException"}})
    return lambda _: (status, body.encode())


def says(status: int, body: bytes) -> Answer:
    return lambda _: (status, body)


def wamid_of(mark: str) -> str:
    """The id that Meta gives the message that carries this mark."""
    return f"wamid.of-{mark}"


def accepts(said: dict[str, Any], user_id: str | None = None) -> tuple[int, bytes]:
    to = said.get("to") or said.get("recipient")
    contact = {"input": to, "wa_id": to} | ({"user_id": user_id} if user_id else {})
    answer = {
        "contacts": [contact],
        "messages": [{"id": wamid_of(said["biz_opaque_callback_data"])}],
    }
    return 200, json.dumps(answer).encode()


def _handler(meta: Meta) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path.endswith("/media"):
                meta.uploaded.append(body)
                self._say(200, json.dumps({"id": f"media{len(meta.uploaded)}"}).encode())
                return
            said = json.loads(body)
            if "status" in said:
                meta.courtesies.append(said)
                self._say(200, b'{"success":true}')
                return
            meta.sent.append(said)
            answer = meta.answers.popleft() if meta.answers else accepts
            if answer is None:
                self.close_connection = True
                return
            self._say(*answer(said))

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Answers


@pytest.fixture
def meta(database: str) -> Iterator[Meta]:
    """The counterpart, and settings that lead there."""
    from django.conf import settings
    from django.test import override_settings

    import hesabu.messaging.jobs  # noqa: F401  (declares the jobs)
    from hesabu.kit import http

    found = Meta()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(found))
    found.host = f"127.0.0.1:{server.server_port}"
    found.base_url = f"http://{found.host}/v23.0"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    before = set(http._allowed_private)
    http.allow_private({*before, found.host})
    config = settings.CONFIG.model_copy(
        update={
            "whatsapp_base_url": found.base_url,
            "whatsapp_token": "token",
            "whatsapp_phone_number_id": envelopes.PHONE_NUMBER_ID,
        }
    )
    with override_settings(CONFIG=config):
        yield found
    http.allow_private(before)
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone() -> str:
    """A number nobody else in this run has."""
    return f"2547{secrets.randbelow(10**8):08}"


@pytest.fixture
def deliver_letters(meta: Meta) -> Callable[..., list[UUID]]:
    """Files letters as the ingress does, and drains them."""
    from django.db import connection

    from hesabu.messaging import actions
    from hesabu.store import letters, tenancy

    token = actions.open_channel()

    def deliver(*bodies: bytes, drained: bool = True) -> list[UUID]:
        from hesabu.kit import crypto

        filed = []
        with tenancy.house(), connection.cursor() as cursor:
            cursor.execute(letters.FIND_ENDPOINT, (crypto.digest(token),))
            endpoint = letters.opened(cursor.fetchone())
            for body in bodies:
                request = letters.HookRequest("POST", {}, "", body, "127.0.0.1", "")
                values = letters.filing(endpoint, request, letters.Verdict(is_vouched=True))
                cursor.execute(letters.FILE, values)
                filed += [values[0]] if cursor.rowcount else []
        if drained:
            while letters.drain("whatsapp", actions.read_letters):
                pass
        return filed

    return deliver
