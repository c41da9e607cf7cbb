"""What the outside world says to Hesabu, as both the sender and the model know it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class About(StrEnum):
    """What a letter is about."""

    PROMPT = "prompt"
    HAND = "hand"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to the address of one business. `path` is the secret end of the address it came to."""

    shop: int
    about: About
    path: str = ""
    is_vouched: bool = True
    checkout: str = ""
    code: int = 0
    receipt: str = ""
    amount_minor: int = 0
    phone: str | None = None
    """Who paid; None where Safaricom hides it."""
    paid_at: datetime | None = None
    typed: str = ""
    """What the payer typed as account."""
    number: str = ""
    """The paybill that the money came to."""
    blanks: int = 0
    """The same words with more blanks between them are other bytes."""
    is_true: bool = True
    """Whether Safaricom wrote it. Only the audit may know."""


class Said(StrEnum):
    """Safaricom's answer to "what became of it?"."""

    PAID = "paid"
    NOT_PAID = "not_paid"
    PENDING = "pending"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and its code."""

    said: Said
    code: str = ""
