"""The pure part: derived ids, the canonical bytes of an entry, the chain, and what balances."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from hesabu.ledger.errors import Unbalanced
from hesabu.ledger.types import Posting

VERSION = 1
GENESIS = bytes(32)


@lru_cache(maxsize=65_536)
def account_id(business_id: UUID, role: str) -> UUID:
    """The id of a business's account of a role: made from both, so that nobody has to look it up
    (a UUID of version 8, RFC 9562)."""
    seed = hashlib.sha256(b"hesabu.account\x00" + business_id.bytes + role.encode()).digest()
    bits = int.from_bytes(seed[:16], "big")
    return UUID(int=(bits & ~(0xF << 76) & ~(0x3 << 62)) | (0x8 << 76) | (0x2 << 62))


def canonical(
    business_id: UUID,
    seq: int,
    entry_id: UUID,
    booked_on: date,
    posted_at: datetime,
    kind: str,
    purpose_kind: str,
    purpose_id: UUID,
    reverses_id: UUID | None,
    postings: Iterable[tuple[UUID, int, str]],
) -> bytes:
    """Version 1: one line of fields, then a line per posting (account, amount, currency) in the order of account and amount."""
    head = (
        f"{VERSION}|{business_id.hex}|{seq}|{entry_id.hex}|{booked_on.isoformat()}|{_microseconds(posted_at)}"
        f"|{kind}|{purpose_kind}|{purpose_id.hex}|{reverses_id.hex if reverses_id else ''}"
    )
    lines = sorted(f"{account.hex}|{amount}|{currency}" for account, amount, currency in postings)
    return "\n".join((head, *lines)).encode()


def _microseconds(instant: datetime) -> int:
    epoch = instant - datetime(1970, 1, 1, tzinfo=instant.tzinfo)
    return (epoch.days * 86_400 + epoch.seconds) * 1_000_000 + epoch.microseconds


def link(previous: bytes, content: bytes) -> bytes:
    """The hash of an entry: SHA-256 over the hash before it and its canonical bytes."""
    return hashlib.sha256(previous + content).digest()


def require_balanced(postings: Sequence[Posting]) -> None:
    """Two postings or more, none of nothing, each currency adding up to nothing. Raises Unbalanced."""
    if len(postings) < 2:
        raise Unbalanced("an entry has two postings or more")
    sums: dict[str, int] = {}
    for posting in postings:
        if type(posting.amount_minor) is not int or posting.amount_minor == 0:
            raise Unbalanced("a posting moves a whole amount that is not nothing")
        sums[posting.currency] = sums.get(posting.currency, 0) + posting.amount_minor
    for currency, left in sums.items():
        if left:
            raise Unbalanced(f"{currency} is off by {left} minor units")


def open_day(booked_on: date, locked_on: date | None) -> date:
    """The day itself, or the first one after the lock: money that came late is booked, never dropped."""
    if locked_on is None or booked_on > locked_on:
        return booked_on
    return locked_on + timedelta(days=1)
