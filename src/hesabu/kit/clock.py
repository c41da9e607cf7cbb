"""The clock: the one place that asks what time it is, so that tests and the simulation can move it.

Instants are timezone-aware UTC. A day is always somebody's day: `today` asks whose.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("hesabu_clock_fixed", default=None)
_moved: ContextVar[timedelta] = ContextVar("hesabu_clock_moved", default=timedelta(0))


def now() -> datetime:
    """This instant, in UTC, to the microsecond (what PostgreSQL keeps)."""
    fixed_at = _fixed.get()
    return (fixed_at or datetime.now(UTC)) + _moved.get()


def today(timezone: str) -> date:
    """The calendar day it is in `timezone` (an IANA name, "Africa/Nairobi")."""
    return now().astimezone(ZoneInfo(timezone)).date()


@contextmanager
def fixed(instant: datetime) -> Iterator[None]:
    """Inside, time stands still at `instant`. `moved` adds to it inside; what moved it before does not count."""
    if instant.tzinfo is None:
        raise ValueError("an instant carries its timezone")
    token, before = _fixed.set(instant.astimezone(UTC)), _moved.set(timedelta(0))
    try:
        yield
    finally:
        _moved.reset(before)
        _fixed.reset(token)


@contextmanager
def moved(*, seconds: int = 0, days: int = 0) -> Iterator[None]:
    """Inside, it is that much later (or earlier, if negative). Nests."""
    token = _moved.set(_moved.get() + timedelta(seconds=seconds, days=days))
    try:
        yield
    finally:
        _moved.reset(token)
