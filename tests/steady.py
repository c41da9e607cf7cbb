"""What keeps a test from depending on the machine: waiting for what shall come about, and ports that stay one's own.

A wait here ends as soon as what is waited for is so. How long it may take is only an upper bound, generous enough for a
machine on which everything else runs too.
"""

from __future__ import annotations

import itertools
import random
import socket
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 60
"""Within this, whatever does not come about will not: it is a fault."""
LOOK_AGAIN_SECONDS = 0.02
PORTS = range(20_000, 30_000)
"""None of them is ever given to an outgoing connection, nor to whoever asks for any port (both begin at 32768)."""

STRIDE = 61_803_399
"""Shares no divisor with ten, so that it leads through every number before it comes back; and neighbours look unlike."""

T = TypeVar("T")
_begins_at = random.randrange(10**15)
_serial = itertools.count()
_kept: list[socket.socket] = []


def eventually(what: Callable[[], T], within: float = PATIENCE_SECONDS) -> T:
    """What it says, once that is true of it."""
    give_up_at = time.monotonic() + within
    while not (found := what()):
        assert time.monotonic() < give_up_at, f"it did not come about within {within} s"
        time.sleep(LOOK_AGAIN_SECONDS)
    return found


def seal_all(window: int = 1000) -> int:
    """Seal every fact there is, none of them a minute later; how many. A seal ends with the last whole millisecond, so the
    one in which the last of them was made goes by first."""
    from hesabu.kit import ids
    from hesabu.store import seals

    latest_ms = ids.new_id().int >> 80
    eventually(lambda: time.time_ns() // 1_000_000 > latest_ms)
    return seals.seal(behind_seconds=0, window=window)


def fresh_digits(count: int) -> str:
    """So many figures, which this process is given once: two people of one file never have the same number by chance."""
    return f"{(_begins_at + next(_serial) * STRIDE) % 10**count:0{count}}"


def free_port() -> int:
    """A port where nobody listens, which no other test process is given until this one ends."""
    for port in random.sample(PORTS, len(PORTS)):
        if _is_kept(port) and _is_free(port):
            return port
    raise AssertionError("every port is taken")


def _is_kept(port: int) -> bool:
    """Whether it is this process's now. The name vanishes with the process that holds it."""
    holding = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        holding.bind(f"\0hesabu-test-port-{port}")
    except OSError:
        holding.close()
        return False
    _kept.append(holding)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
