"""People with basic phones: what they write comes to the door as Africa's Talking posts it, and what they read is what Africa's
Talking was asked to send. WhatsApp knows none of them."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.store import jobs
from hesabu.store.ingress import Ingress
from messaging.ladder import Texts
from steady import fresh_digits


@dataclass
class Network:
    """The door, the worker behind it, and the text messages that came out."""

    ingress: Ingress
    texts: Texts
    first_job: int

    def brings(self, kind: str, form: dict[str, str]) -> None:
        body = urlencode(form).encode()
        token = messaging.open_channel("africastalking")
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/hooks/{token}/{kind}",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "wsgi.input": BytesIO(body),
            "REMOTE_ADDR": "203.0.113.9",
        }
        said: list[str] = []
        list(self.ingress(environ, lambda status, _: said.append(status)))
        assert said == ["200 OK"]

    def works(self, *, later_seconds: int = 0) -> None:
        """Letters are read, and all jobs done that are due by now, or will be so much later."""
        with clock.moved(seconds=later_seconds):
            while messaging.read_waiting() + self._work():
                pass

    def _work(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND id > %s"
                " AND (scheduled_at IS NULL OR scheduled_at <= %s) RETURNING id, task_name, args::text",
                (self.first_job, clock.now()),
            )
            due = sorted(cursor.fetchall())
        for _, name, args in due:
            jobs.tasks[name].run(**json.loads(args))
        return len(due)


@dataclass
class BasicPhone:
    """A phone with twelve keys and a prepaid card."""

    network: Network
    number: str = field(default_factory=lambda: f"2547{fresh_digits(8)}")
    seen: int = 0

    @property
    def local(self) -> str:
        return f"0{self.number[3:]}"

    def sends(self, text: str, **changes: str) -> None:
        """A text message to the clerk's number; nobody has worked on it yet."""
        form = {
            "date": f"{clock.now():%Y-%m-%d %H:%M:%S}",
            "from": f"+{self.number}",
            "id": secrets.token_hex(12),
            "linkId": "",
            "text": text,
            "to": "20880",
            "networkCode": "63902",
        }
        self.network.brings("inbound", form | changes)

    def says(self, text: str, **changes: str) -> str:
        """Send it, and read what comes back: all of it, a message after the other."""
        self.sends(text, **changes)
        return self.reads()

    def proves(self, text: str) -> str:
        """Say it, and answer with the code that comes: a text message alone proves nothing."""
        asked = self.says(text)
        code = re.search(r"answer (\d{6}) and it is done", asked)
        assert code, asked
        return self.says(code[1])

    def reads(self) -> str:
        return "\n".join(self.inbox())

    def inbox(self) -> list[str]:
        """The messages that came since the last look."""
        self.network.works()
        mine = self.network.texts.to(self.number)
        new, self.seen = mine[self.seen :], len(mine)
        return new


def unknown_to_whatsapp(said: dict[str, Any]) -> tuple[int, bytes]:
    """Meta's answer for a number that has no WhatsApp."""
    return 400, json.dumps({"error": {"code": 131026, "message": "no", "type": "O"}}).encode()
