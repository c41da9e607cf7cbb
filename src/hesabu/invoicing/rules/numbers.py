"""How a number of a document is written, and how people write it back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hesabu.invoicing.types import DocumentKind

PREFIXES = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}
WIDTH = 4
_WRITTEN = re.compile(
    r"^\s*(?:no\.?\s*|#\s*)?(?:(?P<prefix>[A-Za-z]{1,8})\s*[-–—/#.:\s]*\s*)?(?P<value>\d{1,12})\s*[.!?]?\s*$"
)
_WORDS_FOR_INVOICE = {"INVOICE", "INV", "I", "BILL", "NO"}
_WORDS_FOR_NOTHING_ELSE = {"INVOICE", "INV"}


@dataclass(frozen=True, slots=True)
class Written:
    """A number as somebody wrote it: `prefix` is None where only the figures were given."""

    prefix: str | None
    value: int


def show(prefix: str, value: int) -> str:
    """INV-0007; more digits where four are not enough."""
    return f"{prefix}-{value:0{WIDTH}d}"


def read(text: str) -> Written | None:
    """What "INV-0007", "inv 7", "inv7", "#7", "invoice 7" and "7" mean. None where it is no number."""
    found = _WRITTEN.match(text)
    if found is None or int(found["value"]) == 0:
        return None
    prefix = (found["prefix"] or "").upper()
    if prefix in _WORDS_FOR_INVOICE:
        prefix = PREFIXES[DocumentKind.INVOICE]
    return Written(prefix or None, int(found["value"]))


def read_in_full(text: str) -> int | None:
    """The figures of what is an invoice's number and nothing else: "INV-0007", "inv 7", "Invoice 7". Where nobody is asked what
    they meant, "7", "no 7", "I7" and "bill 7" may as well be a house, a room or another's bill."""
    found = _WRITTEN.match(text)
    if found is None or (found["prefix"] or "").upper() not in _WORDS_FOR_NOTHING_ELSE:
        return None
    return int(found["value"]) or None
