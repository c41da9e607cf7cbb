"""The sandbox as a test plays with it: people act, the house reads its letters, a phone is looked at."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from uuid import UUID

import httpx

from hesabu.messaging import actions, queries
from hesabu.messaging.types import Contact, Content, Inbound, Outbound, Template
from hesabu.store import letters, tenancy
from steady import PATIENCE_SECONDS, fresh_digits


class Box:
    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=2 * PATIENCE_SECONDS)

    def turn(self, dials: dict[str, Any]) -> None:
        self._http.put("/control/dials", json=dials).raise_for_status()

    def somebody(self, **more: Any) -> str:
        """A new person with a phone; the number's digits."""
        phone = f"2547{fresh_digits(8)}"
        asked = {"phone": phone, "name": "Jane Wanjiku", **more}
        self._http.post("/control/phones", json=asked).raise_for_status()
        return phone

    def say(self, phone: str, **what: Any) -> str:
        """The person says something, and the house reads it."""
        answer = self._http.post(f"/control/phones/{phone}/say", json=what)
        answer.raise_for_status()
        self.settle()
        return str(answer.json()["id"])

    def photo(self, phone: str, content: bytes) -> None:
        encoded = base64.b64encode(content).decode()
        self.say(phone, media={"base64": encoded, "mime_type": "image/jpeg", "filename": "a.jpg"})

    def read(self, phone: str) -> None:
        """The person looks at the chat, and the house hears of it."""
        self._http.post(f"/control/phones/{phone}/read", json={}).raise_for_status()
        self.settle()

    def advance(self, seconds: int) -> None:
        self._http.post("/control/advance", json={"seconds": seconds}).raise_for_status()

    def settle(self) -> None:
        """Until nothing is on its way in either direction."""
        asked = {"timeout_seconds": PATIENCE_SECONDS}
        assert self._http.post("/control/quiet", json=asked).json()["is_quiet"]
        while letters.drain("whatsapp", actions.read_letters):
            pass

    def chat(self, phone: str) -> dict[str, Any]:
        chats = self._http.get(f"/control/phones/{phone}").json()["chats"]
        return dict(chats[0]) if chats else {"lines": [], "is_typing": False}

    def shown(self, phone: str) -> list[dict[str, Any]]:
        """What the house said, as the phone shows it."""
        return [line for line in self.chat(phone)["lines"] if line["from"] == "business"]

    def handshake(self) -> bool:
        return bool(self._http.post("/control/handshake", json={}).json()["is_verified"])


def contact_at(phone: str) -> Contact:
    with tenancy.house():
        found = queries.contact_by_phone(f"+{phone}")
    assert found is not None
    return found


def unanswered(contact_id: UUID) -> list[Inbound]:
    with tenancy.house():
        return queries.unanswered(contact_id)


def queue(contact_id: UUID, content: Content, fallback: Template | None = None) -> UUID:
    with tenancy.house():
        cause = f"test:{secrets.token_hex(8)}"
        return actions.send(contact_id, content, cause, outside_window=fallback)


def look(message_id: UUID) -> Outbound:
    with tenancy.house():
        return queries.outbound(message_id)


def deliver(message_id: UUID) -> Outbound:
    actions.deliver(tenancy.HOUSE, message_id)
    return look(message_id)
