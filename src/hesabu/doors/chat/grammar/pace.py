"""How fast messages are read: for `hesabu bench`."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import date

from hesabu.doors.chat.grammar.parser import parse

MAIN_EXAMPLE = "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday"
MESSAGES = (
    MAIN_EXAMPLE,
    "Invoice Jane Wanjiku\nLogo design 75,000\n2 x business cards 1,500\ndue Friday",
    "invoice 75k to jane for logo less 10% plus VAT, 50% deposit, due end of month",
    "Jane has paid 5000 cash",
    "who owes me",
    "remind INV-0007 by sms",
    "change due to Monday",
    "I'll pay Friday",
    "Invoice Jane elfu tano for nywele kesho",
    "SKL4T7QX2P Confirmed. Ksh75,000.00 sent to KAMAU DESIGNS for account INV-0007 on 27/11/26 at 9:12 AM",
    "Hi, how do I send an invoice?",
    "yes",
)
"""What comes in a day, where no table is at hand."""
_TODAY = date(2026, 11, 23)
_NANOSECONDS = 1_000_000_000


def messages_of(table: str) -> tuple[str, ...]:
    """The first column of a published table (docs/phrases)."""
    rows = (line for line in table.splitlines() if line.startswith("| "))
    cells = (re.split(r"(?<!\\)\|", row)[1].strip() for row in rows)
    return tuple(cell.replace("\\|", "|").replace("⏎", "\n") for cell in cells if cell != "message")


def parses_per_second(messages: Sequence[str] = MESSAGES, *, seconds: int = 2) -> int:
    """All of them in turn, again and again, for so long; by this thread's processor, so that others do not count."""
    for message in messages:
        parse(message, today=_TODAY)
    count = 0
    started = time.thread_time_ns()
    until = started + seconds * _NANOSECONDS
    while (now := time.thread_time_ns()) < until:
        for message in messages:
            parse(message, today=_TODAY)
        count += len(messages)
    return count * _NANOSECONDS // max(now - started, 1)
