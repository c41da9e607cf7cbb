"""Chats: one between each person and each business number, with every line and its ticks."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from hesabu.sandbox.config import SandboxConfig
from hesabu.sandbox.whatsapp.media import MediaShelf
from hesabu.sandbox.whatsapp.numbers import NoSuchNumber, Number, number_of
from hesabu.sandbox.whatsapp.templates import Template, approved

LINES_MAX = 500
FOUND_MAX = 50_000
WINDOW_SECONDS = 24 * 3600
TYPING_SECONDS = 25
PAIR_BURST = 45
PAIR_SECONDS = 6


@dataclass(frozen=True)
class Mark:
    """One status of a message, with the reason if it failed."""

    status: str
    at: float
    error: dict[str, Any] | None = None


@dataclass
class Line:
    id: str
    at: float
    is_mine: bool
    """Said by the person whose phone this is; otherwise by the business."""
    type: str
    shown: dict[str, Any]
    """What the phone shows: text, buttons, rows, a file. The same whatever form it was sent in."""
    context_id: str = ""
    marks: list[Mark] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    opaque: str = ""
    """The product's own mark, echoed in every status."""
    by_phone: bool = True
    """Addressed by number, so statuses may name the number."""
    category: str = "service"
    is_seen: bool = False
    """The phone's owner has looked at it, whether or not WhatsApp tells."""

    @property
    def status(self) -> str:
        return self.marks[-1].status if self.marks else ""

    def is_marked(self, status: str) -> bool:
        return any(mark.status == status for mark in self.marks)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "at": self.at,
            "from": "person" if self.is_mine else "business",
            "type": self.type,
            **self.shown,
            "context_id": self.context_id,
            "status": self.status,
            "statuses": [
                {"status": mark.status, "at": mark.at, "error": mark.error} for mark in self.marks
            ],
            "reactions": dict(self.reactions),
        }


@dataclass
class Chat:
    number: Number
    phone: str
    lines: list[Line] = field(default_factory=list)
    heard_at: float | None = None
    """When the person last wrote: the 24-hour window counts from here."""
    typing_until: float = 0.0
    tokens: float = PAIR_BURST
    """What is left of the pair limit's burst."""
    tokens_at: float = 0.0

    def add(self, line: Line) -> None:
        self.lines.append(line)
        del self.lines[:-LINES_MAX]

    def line(self, message_id: str) -> Line | None:
        return next((line for line in reversed(self.lines) if line.id == message_id), None)

    @property
    def unread(self) -> int:
        """What arrived on the phone and nobody has looked at."""
        return sum(
            1
            for line in self.lines
            if not line.is_mine and not line.is_seen and line.is_marked("delivered")
        )

    def is_window_open(self, now: float) -> bool:
        return self.heard_at is not None and now - self.heard_at < WINDOW_SECONDS

    def takes_one_more(self, now: float) -> bool:
        """The pair limit: a bucket of 45 that fills by one every six seconds."""
        self.tokens = min(PAIR_BURST, self.tokens + (now - self.tokens_at) / PAIR_SECONDS)
        self.tokens_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Chats:
    """Every chat, and what they share: business numbers, templates, files."""

    def __init__(self, config: SandboxConfig, numbers: dict[str, Number] | None = None) -> None:
        first = number_of(config)
        self.numbers = numbers or {first.phone_number_id: first}
        self.templates: dict[str, Template] = approved(config.product_url)
        self.media = MediaShelf()
        self._chats: dict[tuple[str, str], Chat] = {}
        self._of_phone: dict[str, list[Chat]] = {}
        self._where: OrderedDict[str, Chat] = OrderedDict()

    def number(self, phone_number_id: str = "") -> Number:
        """That number, or the first one where none is named."""
        if not phone_number_id:
            return next(iter(self.numbers.values()))
        found = self.numbers.get(phone_number_id)
        if found is None:
            raise NoSuchNumber(phone_number_id)
        return found

    def set_number(self, number: Number) -> None:
        self.numbers[number.phone_number_id] = number
        for (number_id, _), chat in self._chats.items():
            if number_id == number.phone_number_id:
                chat.number = number

    def between(self, number: Number, phone: str) -> Chat:
        key = (number.phone_number_id, phone)
        if key not in self._chats:
            self._chats[key] = Chat(number, phone)
            self._of_phone.setdefault(phone, []).append(self._chats[key])
        return self._chats[key]

    def of(self, phone: str) -> list[Chat]:
        return list(self._of_phone.get(phone, ()))

    def add(self, chat: Chat, line: Line) -> None:
        chat.add(line)
        self._where[line.id] = chat
        while len(self._where) > FOUND_MAX:
            self._where.popitem(last=False)

    def with_line(self, number: Number, message_id: str) -> tuple[Chat, Line] | None:
        chat = self._where.get(message_id)
        line = chat.line(message_id) if chat is not None else None
        if chat is None or line is None or chat.number is not number:
            return None
        return chat, line
