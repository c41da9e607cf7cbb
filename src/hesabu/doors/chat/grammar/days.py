"""A day that was read, and the arithmetic of the calendar around it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

PAST = "date_past"
TOO_FAR = "date_too_far"
IMPOSSIBLE = "date_impossible"
UNCLEAR = "date_unclear"

AHEAD_MAX_DAYS = 366
_LIKELY_PAST_DAYS = 300
"""A day without a year that would be this far ahead has more likely just passed."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was read: how many tokens it took, and the day or the problem."""

    length: int
    on: date | None
    problem: str | None = None
    is_soft: bool = False
    """Said in a way that is hardly ever a part of a description: in 7 days, end of month."""
    is_named: bool = False
    """Only a weekday's or a month's name, which may be a person's."""


def dated(length: int, year: int, month: int, day: int) -> Day:
    if month > 12 and day <= 12:
        return Day(length, None, UNCLEAR)  # written month first
    try:
        return Day(length, date(year, month, day))
    except ValueError:
        return Day(length, None, IMPOSSIBLE)


def coming(length: int, month: int, day: int, today: date) -> Day:
    """A day without a year."""
    if month > 12 and day <= 12:
        return Day(length, None, UNCLEAR)
    for year in range(today.year, today.year + 2):
        try:
            on = date(year, month, day)
        except ValueError:
            if not (month == 2 and day == 29):
                return Day(length, None, IMPOSSIBLE)
            continue
        if on < today:
            continue
        if (on - today).days > _LIKELY_PAST_DAYS:
            return Day(length, None, PAST if day != 29 or month != 2 else IMPOSSIBLE)
        return Day(length, on)
    return Day(length, None, IMPOSSIBLE)


def last_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def month_after(day: date, ahead: int) -> tuple[int, int]:
    months = day.year * 12 + day.month - 1 + ahead
    return months // 12, months % 12 + 1


def months_on(day: date, months: int) -> date:
    """The same day that many months on; the last of the month where it has no such day."""
    year, month = month_after(day, months)
    if year > 9998:
        return date(9998, 12, 31)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
