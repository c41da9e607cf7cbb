"""Meta's side of the wire, on a socket: it answers as it is told and remembers what it was asked. And a talk over it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.kit import ids
from hesabu.messaging import actions, queries
from hesabu.messaging.types import Content, Outbound, Template, Text
from hesabu.store import facts, tenancy
from providers.whatsapp import envelopes

Deliver = Callable[..., list[UUID]]
REMINDER = Template("invoice_ready", "en", ["Jane"], "tok123")
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


def handler(meta: Meta) -> type[BaseHTTPRequestHandler]:
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


@dataclass
class Talk:
    """A business, somebody it writes to, and what it is about."""

    business_id: UUID
    contact_id: UUID
    phone: str
    invoice_id: UUID
    meta: Meta
    letters: Deliver

    def say(
        self, content: Content | None = None, cause: str = "", fallback: Template | None = REMINDER
    ) -> UUID:
        with tenancy.bound(self.business_id):
            return actions.send(
                self.contact_id,
                content or Text("Hello"),
                cause or f"test:{ids.new_id()}",
                outside_window=fallback,
                subject=("invoice", self.invoice_id),
            )

    def deliver(self, message_id: UUID) -> Outbound:
        actions.deliver(self.business_id, message_id)
        return self.look(message_id)

    def look(self, message_id: UUID) -> Outbound:
        with tenancy.bound(self.business_id):
            return queries.outbound(message_id)

    def told(self) -> list[str]:
        with tenancy.bound(self.business_id):
            found = facts.timeline(self.invoice_id)
        return [
            f.kind.removeprefix("messaging.Message")
            + ":" * ("code" in f.payload)
            + f.payload.get("code", "")
            for f in found
        ]

    def hear(self, word: str, mark: str, wamid: str | None = None, **more: object) -> None:
        wamid = wamid or wamid_of(mark)
        self.letters(
            envelopes.envelope(
                statuses=[
                    envelopes.status(word, wamid_of(mark), biz_opaque_callback_data=mark, **more)
                ]
            )
        )


def jobs_of(message_id: UUID, task: str = "messaging.deliver") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND args->>'message_id' = %s",
            (task, str(message_id)),
        )
        return int(cursor.fetchone()[0])
