"""Hours of somebody's day: when they are awake, and when the clock next shows an hour where they are.

Everything is asked of the wall clock in their zone, so days of 23 and 25 hours need no rule of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STEP = timedelta(minutes=15)


def is_quiet(at: datetime, zone: str, quiet: tuple[time, time] | None) -> bool:
    """Whether they are left alone. From the first hour to the second, over midnight where the first is later."""
    if quiet is None or quiet[0] == quiet[1]:
        return False
    since, until = quiet
    here = at.astimezone(ZoneInfo(zone)).time()
    return since <= here < until if since < until else here >= since or here < until


def next_awake(at: datetime, zone: str, quiet: tuple[time, time] | None) -> datetime:
    """`at` itself where they are awake, else the instant their quiet hours end."""
    if quiet is None or not is_quiet(at, zone, quiet):
        return at
    here = at.astimezone(ZoneInfo(zone))
    days = [here.date(), here.date() + timedelta(days=1)]
    ends = [on_clock(day, quiet[1], zone) for day in days]
    awake = min(end for end in ends if end > at)
    while is_quiet(awake, zone, quiet):  # an hour that the clock showed twice
        awake += _STEP
    return awake


def first_awake(day: date, zone: str, quiet: tuple[time, time] | None) -> datetime:
    """The first instant of a day on which they are not left alone."""
    return next_awake(on_clock(day, time(0), zone), zone, quiet)


def next_hour(
    after: datetime, hour: time, zone: str, weekdays: Collection[str] = WEEK
) -> datetime | None:
    """The next instant after `after` at which the clock shows `hour` on one of these days of the week."""
    day = after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for ahead in range(9):
        on_day = day + timedelta(days=ahead)
        at = on_clock(on_day, hour, zone)
        if at > after and WEEK[on_day.weekday()] in weekdays:
            return at
    return None


def on_clock(day: date, hour: time, zone: str) -> datetime:
    """The instant at which the clock shows this hour; where it skips it, the instant it would have."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)
