"""How much was done each day, as small bars: drawn here, with the numbers in a table behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hesabu.kit import clock
from hesabu.store import audit as log
from hesabu.store.audit import Asked

DAYS = 30
MOST_DAYS = 92
WIDTH, GAP, HEIGHT = 9, 3, 48


@dataclass(frozen=True, slots=True)
class Bar:
    """A day. `is_more`: there are more than are counted."""

    day: date
    count: int
    is_more: bool
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    bars: list[Bar]
    width: int
    height: int
    total: int

    @property
    def first(self) -> date:
        return self.bars[0].day

    @property
    def last(self) -> date:
        return self.bars[-1].day


def picture(asked: Asked, timezone: str) -> Picture:
    """Of the days that are asked for, or the last thirty; at most three months, up to the last of them."""
    zone = ZoneInfo(timezone)
    until = asked.until.astimezone(zone).date() - timedelta(days=1) if asked.until else None
    last = until or clock.today(timezone)
    first = asked.since.astimezone(zone).date() if asked.since else last - timedelta(days=DAYS - 1)
    first = max(min(first, last), last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    bounds = [(_midnight(day, zone), _midnight(day + timedelta(days=1), zone)) for day in days]
    counts = log.counts(replace(asked, since=None, until=None), bounds)
    most = max(counts, default=0) or 1
    bars = []
    for number, (day, count) in enumerate(zip(days, counts, strict=True)):
        height = max(2, round(count / most * HEIGHT)) if count else 1
        is_more = count >= log.COUNTED_MOST
        bars.append(Bar(day, count, is_more, number * (WIDTH + GAP), HEIGHT - height, height))
    return Picture(bars, len(bars) * (WIDTH + GAP) - GAP, HEIGHT, sum(counts))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)
