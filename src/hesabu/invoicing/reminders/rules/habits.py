"""Habits as a table: what the clerk does by itself, how it is usually set, and what it may be set to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from babel.dates import get_day_names

from hesabu.invoicing import errors
from hesabu.invoicing.reminders.rules.hours import WEEK
from hesabu.invoicing.types import HabitKind, HabitName, Ticks

REMINDERS = HabitName.REMINDERS.value
QUIET_HOURS = HabitName.QUIET_HOURS.value
RECEIPTS = HabitName.RECEIPTS.value
PAYMENT_NEWS = HabitName.PAYMENT_NEWS.value
TICKS = HabitName.TICKS.value
EVENING_SUMMARY = HabitName.EVENING_SUMMARY.value
EVERY_EVENING = HabitName.EVERY_EVENING.value
UNPAID_LIST = HabitName.UNPAID_LIST.value

ONCE, SEEN, BOTH = (value.value for value in Ticks)
STEPS_MAX, STEP_DAYS_MAX = 10, 365


@dataclass(frozen=True, slots=True)
class Usual:
    """A habit and how it is usually set. `for_customers` says whether one customer may have it otherwise."""

    name: str
    kind: HabitKind
    value: str = ""
    is_on: bool = True
    choices: tuple[str, ...] = ()
    for_customers: bool = False


HABITS: dict[str, Usual] = {
    habit.name: habit
    for habit in (
        Usual(REMINDERS, HabitKind.DAYS, "-2,0,3,7,14", for_customers=True),
        Usual(QUIET_HOURS, HabitKind.HOURS, "20:00-08:00"),
        Usual(RECEIPTS, HabitKind.SWITCH, for_customers=True),
        Usual(PAYMENT_NEWS, HabitKind.SWITCH),
        Usual(TICKS, HabitKind.CHOICE, ONCE, choices=(ONCE, SEEN, BOTH)),
        Usual(EVENING_SUMMARY, HabitKind.HOUR, "19:00"),
        Usual(EVERY_EVENING, HabitKind.SWITCH, is_on=False),
        Usual(UNPAID_LIST, HabitKind.WEEK, "mon,thu 08:00"),
    )
}
TIMED = (EVENING_SUMMARY, UNPAID_LIST)
"""Habits that have an hour of their own."""


def usual(name: str) -> Usual:
    """Raises HabitUnknown."""
    try:
        return HABITS[name]
    except KeyError:
        raise errors.HabitUnknown(name[:40], field="name") from None


def checked(habit: Usual, value: str) -> str:
    """The value as it is kept. Raises HabitBad."""
    text = " ".join(value.lower().split())
    kept = _CHECKS[habit.kind](habit, text)
    if kept is None:
        raise errors.HabitBad(text[:40], field=habit.name)
    return kept


def days_of(value: str) -> tuple[int, ...]:
    """The steps of a value of DAYS."""
    return tuple(int(day) for day in value.split(","))


def hour_of(value: str) -> time:
    """The hour of a value of HOUR, and of one of WEEK."""
    return time.fromisoformat(value.split()[-1])


def hours_of(value: str) -> tuple[time, time]:
    since, until = value.split("-")
    return time.fromisoformat(since), time.fromisoformat(until)


def weekdays_of(value: str) -> tuple[str, ...]:
    """The days of a value of WEEK; all of them where it names none."""
    days, _, hour = value.rpartition(" ")
    return tuple(days.split(",")) if hour and days else WEEK


def _days(habit: Usual, text: str) -> str | None:
    """ "-2, 0, 3" and "2 days before, on the day and 3 days after" are the same."""
    parts = [part for part in re.split(r"[,\s]+", _ON_THE_DAY.sub(" 0 ", text)) if part]
    days: set[int] = set()
    pending: list[int] = []
    for part in parts:
        if re.fullmatch(r"[+-]?\d{1,3}", part):
            pending.append(int(part))
        elif part in _BEFORE:
            days |= {-abs(day) for day in pending}
            pending = []
        elif part in _AFTER:
            days |= set(pending)
            pending = []
        elif part not in _BETWEEN:
            return None
    days |= set(pending)
    if not days or len(days) > STEPS_MAX or max(map(abs, days)) > STEP_DAYS_MAX:
        return None
    return ",".join(map(str, sorted(days)))


def _hour(habit: Usual, text: str) -> str | None:
    """ "19", "7:30 pm" and "19.30" are hours too."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2}))? ?(am|pm)?", text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _hours(habit: Usual, text: str) -> str | None:
    parts = re.split(r" ?(?:-|–|\b(?:to|until|till|and|hadi|mpaka|na)\b) ?", text)
    hours = [_hour(habit, part) for part in parts]
    if len(hours) != 2 or None in hours or hours[0] == hours[1]:
        return None
    return "-".join(hour for hour in hours if hour)


def _week(habit: Usual, text: str) -> str | None:
    days, _, hour_text = text.replace(", ", ",").rpartition(" ")
    hour = _hour(habit, hour_text)
    words = [word for word in re.split(r"[,\s]+", days) if word and word not in _BETWEEN]
    named = [_WEEKDAYS.get(word, "") for word in words]
    if hour is None or not named or "" in named:
        return None
    return f"{','.join(day for day in WEEK if day in named)} {hour}"


def _choice(habit: Usual, text: str) -> str | None:
    return text if text in habit.choices else None


def _switch(habit: Usual, text: str) -> str | None:
    return None if text else ""


_BEFORE, _AFTER = ("before", "kabla"), ("after", "baada")
_ON_THE_DAY = re.compile(r"\b(on the day|on the due day|siku yenyewe)\b")
_BETWEEN = ("and", "day", "days", "on", "at", "na", "siku", "ya", "saa")
_LANGUAGES = ("en", "sw")
_WEEKDAYS = {
    str(get_day_names(width, locale=language)[place]).lower(): day
    for language in _LANGUAGES
    for width in ("wide", "abbreviated")
    for place, day in enumerate(WEEK)
}
"""What days of the week are called, in the languages that are spoken."""

_CHECKS = {
    HabitKind.SWITCH: _switch,
    HabitKind.DAYS: _days,
    HabitKind.HOUR: _hour,
    HabitKind.HOURS: _hours,
    HabitKind.WEEK: _week,
    HabitKind.CHOICE: _choice,
}
