"""Days, read on awkward days: month ends, leap years, the turn of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hesabu.doors.chat.grammar.answers import parse_due


@pytest.mark.parametrize(
    ("today", "said", "due_on"),
    [
        (date(2026, 11, 27), "Friday", date(2026, 12, 4)),  # on a Friday, the next one
        (date(2026, 11, 27), "this Friday", date(2026, 11, 27)),
        (date(2026, 11, 29), "next Friday", date(2026, 12, 4)),  # Sunday: next week begins tomorrow
        (date(2026, 12, 30), "Friday", date(2027, 1, 1)),
        (date(2026, 12, 30), "15 Jan", date(2027, 1, 15)),
        (date(2026, 12, 31), "tomorrow", date(2027, 1, 1)),
        (date(2026, 12, 31), "end of month", date(2026, 12, 31)),
        (date(2027, 1, 31), "in a month", date(2027, 2, 28)),
        (date(2028, 1, 31), "in a month", date(2028, 2, 29)),
        (date(2028, 2, 1), "end of month", date(2028, 2, 29)),
        (date(2028, 2, 1), "29 Feb", date(2028, 2, 29)),
        (date(2026, 11, 15), "15th", date(2026, 11, 15)),
        (date(2026, 11, 16), "15th", date(2026, 12, 15)),
        (date(2026, 11, 16), "31st", date(2026, 12, 31)),
        (date(2026, 11, 16), "15th of next month", date(2026, 12, 15)),
        (date(2026, 12, 16), "the 5th of next month", date(2027, 1, 5)),
        (date(2026, 12, 16), "end of next month", date(2027, 1, 31)),
        (date(2026, 11, 25), "end of week", date(2026, 11, 29)),
        (date(2026, 11, 25), "in a fortnight", date(2026, 12, 9)),
        (date(2026, 11, 25), "day after tomorrow", date(2026, 11, 27)),
        (date(2026, 11, 25), "Friday, 27 November 2026", date(2026, 11, 27)),
    ],
)
def test_a_day_is_counted_from_today(today: date, said: str, due_on: date) -> None:
    assert parse_due(said, today) == (due_on, None)


@pytest.mark.parametrize(
    ("today", "said", "code"),
    [
        (date(2027, 2, 1), "29 Feb", "date_impossible"),
        (date(2027, 2, 1), "30 Feb", "date_impossible"),
        (date(2026, 11, 25), "this Monday", "date_past"),
        (date(2026, 11, 25), "24/11", "date_past"),
        (date(2026, 11, 25), "in 2 years", "date_too_far"),
        (date(2026, 11, 25), "13/13", "date_impossible"),
        (date(2026, 11, 25), "Monday 27 November", "date_unclear"),
    ],
)
def test_a_day_that_cannot_be_is_a_problem(today: date, said: str, code: str) -> None:
    day, problem = parse_due(said, today)

    assert day is None
    assert problem is not None
    assert problem.code == code


@settings(max_examples=400, deadline=None)
@given(today=st.dates(date(2020, 1, 1), date(2080, 12, 31)), ahead=st.integers(0, 366))
def test_every_date_of_the_coming_year_is_read_as_it_is_written(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)

    for written in (
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d-%m-%Y}",
        f"{day.day} {day:%B} {day.year}",
        f"{day:%b} {day.day}, {day.year}",
        f"in {ahead} days",
    ):
        assert parse_due(written, today) == (day, None), written


@settings(max_examples=200, deadline=None)
@given(today=st.dates(date(2020, 1, 1), date(2080, 12, 31)), weekday=st.integers(0, 6))
def test_a_weekday_is_within_the_next_seven_days(today: date, weekday: int) -> None:
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday]

    day, problem = parse_due(name, today)

    assert problem is None
    assert day is not None
    assert day.weekday() == weekday
    assert 1 <= (day - today).days <= 7
