"""Proof: who writes a text message is not known from it. Anybody can send one in another's name, through the network or to
the address that the provider calls, which signs nothing. But what is answered goes to the true phone.

    a text message ─▶ heard in doubt ─▶ nothing that needs proof: answered
                                     └▶ `need` stops it: all is as it was, the words are held, a code goes to the phone
    the code ───────▶ the held words are heard as if they had been proven, once
    anything else ──▶ what was held is forgotten

In doubt somebody may read (the answer goes to the phone) and draft. What leaves the house in their name, moves money or
changes where it goes, changes a price or whom an invoice reaches, or tries a PIN, needs proof: each time anew, so that
nobody can wait for an hour in which they are believed. A guess is one in a million, and after `UNANSWERED_MAX` codes that
nobody answered none is sent for an hour; so nobody can make us write hundreds of text messages, either.

WhatsApp says who writes: there nothing of this is asked.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hesabu.identity.permissions import BUSINESS_READ, MEMBER_READ, Declared
from hesabu.invoicing.permissions import (
    CUSTOMER_KEEP,
    CUSTOMER_READ,
    INVOICE_DRAFT,
    INVOICE_READ,
    ITEM_READ,
)
from hesabu.kit import clock
from hesabu.payments.permissions import PAYMENT_READ

CODE_DIGITS, GOOD_FOR = 6, timedelta(minutes=10)
UNANSWERED_MAX, UNANSWERED_FOR = 5, timedelta(hours=1)

FREE = frozenset(
    [
        BUSINESS_READ,
        CUSTOMER_KEEP,
        CUSTOMER_READ,
        INVOICE_DRAFT,
        INVOICE_READ,
        ITEM_READ,
        MEMBER_READ,
        PAYMENT_READ,
    ]
)
"""What may be done in doubt. Who is known by name only gets no number in doubt, and no price changes: see `need`'s callers."""

GUARDED_FLOWS = frozenset(["change_way"])
"""Flows in which no answer is taken in doubt, so that nobody can slip a word of theirs into a conversation about money."""

_in_doubt: ContextVar[bool] = ContextVar("in_doubt", default=False)


class Unproven(Exception):
    """Stops an act that was asked for in doubt. No refusal of a room: no flow may catch it and go on."""


@dataclass(frozen=True, slots=True)
class Held:
    """Words that wait for their code. `text` is empty once the code was used or the words were forgotten."""

    text: str
    code: str
    at: datetime
    unanswered: int
    """How many codes were sent in a row that nobody answered, and since when."""
    since: datetime

    def plain(self) -> list[Any]:
        return [
            self.text,
            self.code,
            self.at.isoformat(),
            self.unanswered,
            self.since.isoformat(),
        ]

    @classmethod
    def of(cls, plain: Sequence[Any]) -> Held:
        text, code, at, unanswered, since = plain
        return cls(
            text, code, datetime.fromisoformat(at), unanswered, datetime.fromisoformat(since)
        )


@contextmanager
def doubted() -> Iterator[None]:
    token = _in_doubt.set(True)
    try:
        yield
    finally:
        _in_doubt.reset(token)


def need() -> None:
    """Called before whatever only the person themselves may do. Raises Unproven in doubt."""
    if _in_doubt.get():
        raise Unproven


def need_for(permission: Declared) -> None:
    if permission not in FREE:
        need()


def is_answered(held: Held | None, text: str) -> bool:
    """Whether these words are the code that was asked for."""
    if held is None or not held.text or clock.now() - held.at > GOOD_FOR:
        return False
    said = "".join(text.split()).rstrip(".")
    return hmac.compare_digest(said.encode(), held.code.encode())


def hold(text: str, before: Held | None) -> Held | None:
    """The words with a fresh code; None where too many codes were sent for nothing."""
    now = clock.now()
    if before is None or now - before.since > UNANSWERED_FOR:
        return Held(text, _code(), now, 1, now)
    if before.unanswered >= UNANSWERED_MAX:
        return None
    return Held(text, _code(), now, before.unanswered + 1, before.since)


def forgotten(held: Held | None) -> Held | None:
    """Nothing is held any more; that codes went unanswered is remembered."""
    return held and Held("", "", held.at, held.unanswered, held.since)


def _code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
