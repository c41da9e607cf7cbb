"""The other channels on sockets, Africa's Talking and Mailgun in their own words; people who can be reached by all three; and a
worker that does the jobs which are due."""

from __future__ import annotations

import itertools
import json
import re
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import Message as Mime
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from django.db import connection

from hesabu.kit import clock, ids
from hesabu.messaging import actions, queries
from hesabu.messaging.types import (
    Buttons,
    Category,
    Channel,
    Contact,
    Content,
    Letter,
    Outbound,
    Template,
)
from hesabu.store import facts, jobs, letters, tenancy
from hesabu.store.ingress import Ingress
from messaging.counterpart import Meta, wamid_of
from providers.mail.events import event, signed
from providers.whatsapp import envelopes
from steady import fresh_digits

Answer = tuple[int, bytes] | None
"""Status and body; None hangs up, after having taken what was asked."""
LETTER = Letter(
    "Invoice INV-7 from Kamau", "Kamau asks you for KES 1,500.", "https://pay.example.com/i/tok"
)
SHOWN = Buttons("Kamau asks you for *KES 1,500*.", [("pay", "Pay"), ("view", "View")])
OUTSIDE = Template("invoice_ready", "en", ["Jane"], "tok123")
SIGNING_KEY = "ladder signing key"


@dataclass
class Texts:
    """Africa's Talking."""

    answers: deque[Callable[[str], Answer]] = field(default_factory=deque)
    sent: list[dict[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def will(self, *answers: Callable[[str], Answer]) -> None:
        self.answers.extend(answers)

    def to(self, phone: str) -> list[str]:
        return [form["message"] for form in self.sent if form["to"] == f"+{phone}"]


@dataclass
class Mails:
    """Mailgun."""

    answers: deque[Callable[[str], Answer]] = field(default_factory=deque)
    sent: list[dict[str, str]] = field(default_factory=list)
    files: list[dict[str, bytes]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def will(self, *answers: Callable[[str], Answer]) -> None:
        self.answers.extend(answers)

    def to(self, email: str) -> list[dict[str, str]]:
        return [mail for mail in self.sent if mail["to"] == email]


def text_taken(message_id: str) -> Answer:
    one = {"statusCode": 101, "status": "Success", "cost": "KES 0.8000", "messageId": message_id}
    return 201, json.dumps({"SMSMessageData": {"Message": "", "Recipients": [one]}}).encode()


def text_refused(code: int) -> Callable[[str], Answer]:
    one = {"statusCode": code, "status": "No", "cost": "0", "messageId": "None"}
    body = json.dumps({"SMSMessageData": {"Message": "", "Recipients": [one]}}).encode()
    return lambda _: (201, body)


def mail_taken(message_id: str) -> Answer:
    return 200, json.dumps({"id": f"<{message_id}>", "message": "Queued. Thank you."}).encode()


def mail_refused(_: str) -> Answer:
    return 400, b'{"message": "to parameter is not a valid address"}'


def hangs_up(_: str) -> Answer:
    return None


_numbers = itertools.count(1)


def handler(texts: Texts, mails: Mails) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told: Texts | Mails = texts if "/at/" in self.path else mails
            if isinstance(told, Texts):
                told.sent.append({k: v[0] for k, v in parse_qs(body.decode()).items()})
            else:
                fields, files = _fields(self.headers["Content-Type"], body)
                told.sent.append(fields)
                told.files.append(files)
            number = f"{secrets.token_hex(6)}{next(_numbers)}"
            message_id = f"ATPid_{number}" if told is texts else f"{number}@mg.example.com"
            told.ids.append(message_id)
            taken = text_taken if told is texts else mail_taken
            answer = told.answers.popleft() if told.answers else taken
            said = answer(message_id)
            if said is None:
                self.close_connection = True
                return
            self.send_response(said[0])
            self.send_header("Content-Length", str(len(said[1])))
            self.end_headers()
            self.wfile.write(said[1])

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Answers


def _fields(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    if "urlencoded" in content_type:
        return {k: v[0] for k, v in parse_qs(body.decode()).items()}, {}
    whole: Mime = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields, files = {}, {}
    for part in whole.get_payload():
        assert isinstance(part, Mime)
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        filename = part.get_filename()
        if filename:
            files[filename] = content
        else:
            fields[name] = content.decode()
    return fields, files


@dataclass
class Town:
    """A business, somebody it writes to, and the three channels between them."""

    business_id: UUID
    meta: Meta
    texts: Texts
    mails: Mails
    ingress: Ingress
    phone: str = field(default_factory=lambda: f"2547{fresh_digits(8)}")
    email: str = field(default_factory=lambda: f"jane{secrets.token_hex(5)}@example.com")
    contact_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        with tenancy.house():
            self.contact_id = actions.meet(f"+{self.phone}", email=self.email)

    def contact(self) -> Contact:
        with tenancy.house():
            return queries.contact(self.contact_id)

    # the house speaks

    def send(
        self,
        content: Content = SHOWN,
        *,
        letter: Letter | None = LETTER,
        category: Category = Category.TRANSACTION,
        channel: Channel | None = None,
        outside: Template | None = OUTSIDE,
        cause: str = "",
    ) -> UUID:
        with tenancy.bound(self.business_id):
            return actions.send(
                self.contact_id,
                content,
                cause or f"test:{ids.new_id()}",
                outside_window=outside,
                letter=letter,
                category=category,
                channel=channel,
            )

    def sent(self, **how: Any) -> UUID:
        """Sent, and everything done that is due."""
        message_id = self.send(**how)
        self.work()
        return message_id

    def work(self, *, later_seconds: int = 0) -> None:
        """Do what is due by now, or will be so much later, until nothing is."""
        with clock.moved(seconds=later_seconds):
            while due := self._due():
                for job_id, name, args in due:
                    jobs.tasks[name].run(**args)
                    self._done(job_id)

    def _due(self) -> list[tuple[int, str, dict[str, Any]]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo'"
                " AND task_name LIKE 'messaging.%%' AND args->>'business_id' = %s"
                " AND (scheduled_at IS NULL OR scheduled_at <= %s) ORDER BY id",
                (str(self.business_id), clock.now()),
            )
            return [
                (row[0], row[1], json.loads(row[2]) if isinstance(row[2], str) else row[2])
                for row in cursor.fetchall()
            ]

    def _done(self, job_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", (job_id,))

    def look(self, message_id: UUID) -> Outbound:
        with tenancy.bound(self.business_id):
            return queries.message(message_id)

    def stood(self, message_id: UUID) -> list[str]:
        """Every rung, as `channel state code`."""
        return [
            " ".join(filter(None, (leg.channel, leg.state, leg.code)))
            for leg in self.look(message_id).legs
        ]

    def told(self, message_id: UUID) -> list[str]:
        with tenancy.bound(self.business_id):
            found = facts.timeline(message_id)
        return [
            " ".join(
                filter(
                    None,
                    (
                        one.kind.removeprefix("messaging.Message"),
                        one.payload.get("channel", ""),
                        one.payload.get("code", ""),
                    ),
                )
            )
            for one in found
        ]

    # the world speaks

    def post(self, provider: str, body: bytes, ref: str = "", **headers: str) -> int:
        """A letter at our door; the status it is answered with. Taken, it is read."""
        status = self._at_the_door(
            f"{actions.open_channel(provider)}/{ref}".rstrip("/"), body, headers
        )
        while letters.drain(provider, actions.read_letters):
            pass
        return status

    def _at_the_door(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        said: list[str] = []
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/hooks/{path}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "REMOTE_ADDR": "203.0.113.9",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        list(self.ingress(environ, lambda status, _: said.append(status)))
        return int(said[0].split()[0])

    def whatsapp_says(self, word: str, *, nth: int = -1, code: int = 131026, **more: Any) -> int:
        """A status of one of the messages to this person."""
        mark = self.marks()[nth]
        if word == "failed":
            more["errors"] = [{"code": code}]
        one = envelopes.status(word, wamid_of(mark), biz_opaque_callback_data=mark, **more)
        return self.post_meta(envelopes.envelope(statuses=[one]))

    def post_meta(self, body: bytes) -> int:
        from hesabu.messaging.providers.whatsapp.intake import signature_of

        return self.post("whatsapp", body, x_hub_signature_256=signature_of("app secret", body))

    def marks(self) -> list[str]:
        to = [m for m in self.meta.sent if m.get("to") == self.phone]
        return [message["biz_opaque_callback_data"] for message in to]

    def sms_says(self, status: str, *, nth: int = -1, message_id: str = "", **more: str) -> int:
        mine = [i for i, form in enumerate(self.texts.sent) if form["to"] == f"+{self.phone}"]
        known = message_id or self.texts.ids[mine[nth]]
        said = {
            "id": known,
            "status": status,
            "phoneNumber": f"+{self.phone}",
            "networkCode": "63902",
        }
        return self.post("africastalking", urlencode(said | more).encode(), "delivery")

    def mail_says(self, word: str, *, nth: int = -1, **more: Any) -> int:
        mine = [i for i, mail in enumerate(self.mails.sent) if mail["to"] == self.email]
        one = self.mails.sent[mine[nth]]
        said = event(word, message_id=self.mails.ids[mine[nth]], mark=one["v:hesabu-mark"], **more)
        return self.post("mailgun", signed(said, token=secrets.token_hex(25), key=SIGNING_KEY))

    def writes_sms(self, words: str, message_id: str = "") -> None:
        said = {
            "date": f"{clock.now():%Y-%m-%d %H:%M:%S}",
            "from": f"+{self.phone}",
            "id": message_id or secrets.token_hex(8),
            "text": words,
            "to": "20880",
        }
        assert self.post("africastalking", urlencode(said).encode(), "inbound") == 200

    def writes_whatsapp(self, words: str = "Hi") -> None:
        said = envelopes.text(
            words,
            message_id=f"wamid.{secrets.token_hex(8)}",
            sender=self.phone,
            at=int(clock.now().timestamp()),
        )
        assert self.post_meta(envelopes.envelope(messages=[said])) == 200

    # what came out

    def went(self) -> Sequence[int]:
        """How often something was handed over for this person, by WhatsApp, SMS and mail."""
        return (
            len(self.marks()),
            len(self.texts.to(self.phone)),
            len(self.mails.to(self.email)),
        )


def numbered(words: str) -> list[str]:
    return re.findall(r"^\d .*$", words, re.M)
