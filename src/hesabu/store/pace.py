"""Pace: how often one visitor may do one thing, counted across all processes.

A counter per name, visitor and slot of time, raised by one statement that says what it is now, so that two processes never
both see the last place free. It lies in a table that is not written to the log: after a crash it begins anew, which costs
nobody anything. Who it counts is kept as a digest, never in clear. With `HESABU_REDIS_URL` the counters are there.

It is polite, not a wall: money is guarded where it moves.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

from django.db import connection

from hesabu.kit import clock, crypto
from hesabu.kit.errors import HesabuError

SWEEP_ONE_IN = 500


class TooOften(HesabuError):
    code, status = "pace.too_often", 429
    title = "That was a little too often."
    hint = "Wait a minute, then try again. Nothing was lost."

    @property
    def retry_after_seconds(self) -> int:
        return int(self.extra.get("retry_after_seconds", 60))


def count(name: str, who: str, *, seconds: int) -> int:
    """Count one more; how many there are in this slot of `seconds` now."""
    now = int(clock.now().timestamp())
    slot = now // seconds
    ends_at = datetime.fromtimestamp((slot + 1) * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_pace AS p (name, who, slot, count, ends_at) VALUES (%s, %s, %s, 1, %s)"
            " ON CONFLICT (name, who, slot) DO UPDATE SET count = p.count + 1 RETURNING count",
            (name, crypto.digest(who), slot, ends_at),
        )
        found = int(cursor.fetchone()[0])
        if random.randrange(SWEEP_ONE_IN) == 0:
            cursor.execute("DELETE FROM store_pace WHERE ends_at < %s", (clock.now(),))
    return found


def keep(name: str, who: str, *, times: int, seconds: int) -> None:
    """Count one more. Raises TooOften beyond `times` in this slot of `seconds`."""
    if count(name, who, seconds=seconds) > times:
        now = int(clock.now().timestamp())
        raise TooOften(retry_after_seconds=(now // seconds + 1) * seconds - now)


def forget(name: str, who: str) -> None:
    """Begin anew: they have shown who they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM store_pace WHERE name = %s AND who = %s", (name, crypto.digest(who))
        )
