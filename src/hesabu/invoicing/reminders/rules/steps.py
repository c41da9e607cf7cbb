"""Steps: on which days, counted from the due day, a customer is reminded of an invoice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LATE_DAYS_MAX = 7
"""A step that is later than this is let go: after a long silence nobody is reminded of a day nobody remembers."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of an invoice so far: the steps, and the last day on which anything was."""

    steps: Collection[int] = ()
    last_on: date | None = None


def due_step(
    steps: Sequence[int], issued_on: date, due_on: date, told: Told, today: date
) -> int | None:
    """The newest step that is due and was not said; None where there is none. Older ones are passed over for good, and
    where a step was said already nothing before it is, whatever the clock did."""
    for days in sorted(steps, reverse=True):
        on_day = due_on + timedelta(days=days)
        if days in told.steps:
            return None
        if on_day > today:
            continue
        if not _counts(on_day, issued_on, told) or (today - on_day).days > LATE_DAYS_MAX:
            return None
        return days
    return None


def next_step_day(
    steps: Sequence[int], issued_on: date, due_on: date, told: Told, today: date
) -> date | None:
    """The first day after today on which a step is due; None where there is none."""
    days = [due_on + timedelta(days=step) for step in steps if step not in told.steps]
    return min((day for day in days if day > today and day > issued_on), default=None)


def _counts(on_day: date, issued_on: date, told: Told) -> bool:
    """The invoice itself came on the day of issue, and what was said since that day said it."""
    return on_day > issued_on and (told.last_on is None or on_day > told.last_on)
