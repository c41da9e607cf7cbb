"""Ids: made here without asking a sequence, ordered by time, and readable when shown.

A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then 12 bits that count within the millisecond, then 62 random
bits. Ordered by time, so that an index grows at its right edge; made by the client, so that a retry can repeat it. People
and programs see it with a visible prefix in Crockford's base 32: `inv_01k9z3c0s8e5r9hd2mbx6v4t7q`.
"""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

from hesabu.kit.errors import NotFound

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUE = {letter: value for value, letter in enumerate(_ALPHABET)}
_lock = threading.Lock()
_last_ms = 0
_count = 0


class BadId(NotFound):
    code = "id.malformed"
    title = "That is not one of our references."
    hint = "Copy it again, whole."


def new_id() -> UUID:
    """A fresh id, greater than every id this process made before."""
    global _last_ms, _count
    with _lock:
        now_ms = time.time_ns() // 1_000_000
        if now_ms > _last_ms:
            _last_ms, _count = now_ms, int.from_bytes(os.urandom(2), "big") & 0x3FF
        else:
            _count += 1
            if _count > 0xFFF:
                _last_ms, _count = _last_ms + 1, 0
        stamp, count = _last_ms, _count
    random_bits = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    return UUID(int=(stamp << 80) | (0x7 << 76) | (count << 64) | (0b10 << 62) | random_bits)


def show(prefix: str, value: UUID) -> str:
    """`inv_` and 26 letters of Crockford's base 32."""
    return f"{prefix}_{short(value)}"


def short(value: UUID) -> str:
    """The 26 letters alone, as buttons and links carry them."""
    number = value.int
    letters = []
    for _ in range(26):
        letters.append(_ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(letters))


def read(prefix: str, text: str) -> UUID:
    """The id in `text`, which must carry `prefix`. Raises BadId."""
    given, _, letters = text.strip().partition("_")
    if given.lower() != prefix:
        raise BadId(text[:40])
    return read_short(letters)


def read_short(letters: str) -> UUID:
    if len(letters) != 26:
        raise BadId(letters[:40])
    number = 0
    for letter in letters.lower().replace("o", "0").replace("i", "1").replace("l", "1"):
        value = _VALUE.get(letter)
        if value is None:
            raise BadId(letters[:40])
        number = (number << 5) | value
    if number >> 128:
        raise BadId(letters[:40])
    return UUID(int=number)
