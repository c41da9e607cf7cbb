"""On which days a customer is reminded, and at which hours: the pure rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.invoicing import errors
from hesabu.invoicing.reminders.rules import habits, hours, steps
from hesabu.invoicing.reminders.rules.steps import Told
from hesabu.invoicing.reminders.rules.zones import zone_of

USUAL = (-2, 0, 3, 7, 14)
ISSUED = date(2026, 11, 2)
DUE = date(2026, 11, 20)
NIGHT = (time(20), time(8))


def due(today: date, told: Told | None = None, *, issued: date = ISSUED, due_on: date = DUE):  # type: ignore[no-untyped-def]
    return steps.due_step(USUAL, issued, due_on, told or Told(), today)


def day(number: int) -> date:
    return DUE + timedelta(days=number)


def test_each_step_is_due_on_its_day() -> None:
    told: set[int] = set()
    said = {}
    for number in range(-17, 40):
        last = max((day(one) for one in told), default=None)
        step = due(day(number), Told(frozenset(told), last))
        if step is not None:
            said[number] = step
            told.add(step)
    assert said == {-2: -2, 0: 0, 3: 3, 7: 7, 14: 14}


def test_late_only_the_newest_is_due() -> None:
    assert due(day(5)) == 3
    assert due(day(9), Told({-2}, day(-2))) == 7
    assert due(day(10), Told({-2, 7}, day(9))) is None
    assert due(day(14), Told({-2, 7}, day(9))) == 14


def test_what_is_more_than_a_week_late_is_let_go() -> None:
    assert due(day(21)) == 14
    assert due(day(22)) is None
    assert due(day(400)) is None


def test_the_day_of_issue_is_no_step() -> None:
    assert due(DUE, issued=DUE) is None
    assert due(day(3), issued=DUE) == 3
    assert due(day(-1), issued=day(-1)) is None
    assert due(day(-1), issued=day(-2)) is None
    assert due(day(-1), issued=day(-3)) == -2


def test_what_was_said_since_its_day_said_it() -> None:
    assert due(day(3), Told({0}, day(2))) == 3
    assert due(day(4), Told({0}, day(3))) is None
    assert due(day(4), Told({0}, day(4))) is None


def test_the_next_day_is_the_next_step_that_was_not_said() -> None:
    assert steps.next_step_day(USUAL, ISSUED, DUE, Told(), day(-10)) == day(-2)
    assert steps.next_step_day(USUAL, ISSUED, DUE, Told({-2}), day(-2)) == DUE
    assert steps.next_step_day(USUAL, ISSUED, DUE, Told(), day(14)) is None
    assert steps.next_step_day((), ISSUED, DUE, Told(), day(-10)) is None


@given(st.lists(st.integers(-30, 60), min_size=1, max_size=60), st.integers(0, 30))
def test_whatever_the_clock_does_no_step_is_said_twice(days: list[int], credit_days: int) -> None:
    told: list[tuple[int, date]] = []
    issued = DUE - timedelta(days=credit_days)
    for number in days:  # the clock jumps to and fro
        today = day(number)
        last = max((on for _, on in told if on <= today), default=None)
        step = due(today, Told({one for one, _ in told}, last), issued=issued)
        if step is not None:
            assert all(step > one for one, _ in told)
            assert today >= day(step) > issued
            told.append((step, today))


@pytest.mark.parametrize(
    ("clock", "is_quiet"),
    [("07:59", True), ("08:00", False), ("19:59", False), ("20:00", True), ("00:00", True)],
)
def test_quiet_hours_reach_over_midnight(clock: str, is_quiet: bool) -> None:
    at = datetime.fromisoformat(f"2026-11-20T{clock}").replace(tzinfo=ZoneInfo("Africa/Nairobi"))
    assert hours.is_quiet(at, "Africa/Nairobi", NIGHT) is is_quiet
    assert not hours.is_quiet(at, "Africa/Nairobi", None)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert hours.is_quiet(noon, "UTC", (time(11), time(13)))
    assert not hours.is_quiet(noon, "UTC", (time(12), time(12)))
    assert hours.next_awake(noon, "UTC", (time(11), time(13))) == noon + timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "awake"),
    [
        ("2026-03-28T23:00", "2026-03-29T08:00+02:00"),  # the clocks go forward that night
        ("2026-03-29T01:30", "2026-03-29T08:00+02:00"),
        ("2026-10-24T23:00", "2026-10-25T08:00+01:00"),  # and back that night
        ("2026-10-25T02:30", "2026-10-25T08:00+01:00"),
        ("2026-11-20T12:00", "2026-11-20T12:00+01:00"),
    ],
)
def test_the_night_ends_at_eight_whichever_way_the_clocks_go(at: str, awake: str) -> None:
    skopje = ZoneInfo("Europe/Skopje")
    here = datetime.fromisoformat(at).replace(tzinfo=skopje)
    assert hours.next_awake(here, "Europe/Skopje", NIGHT) == datetime.fromisoformat(awake)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from(["Europe/Skopje", "Africa/Nairobi", "America/New_York", "Australia/Lord_Howe"]),
    st.tuples(st.integers(0, 95), st.integers(0, 95)),
)
def test_whoever_is_written_to_is_awake(at: datetime, zone: str, quiet: tuple[int, int]) -> None:
    since, until = (time(quarter // 4, quarter % 4 * 15) for quarter in quiet)
    now = at.replace(tzinfo=UTC)
    awake = hours.next_awake(now, zone, (since, until))
    assert now <= awake <= now + timedelta(hours=26)
    assert not hours.is_quiet(awake, zone, (since, until))


def test_the_next_hour_is_on_the_next_of_its_days() -> None:
    monday_noon = datetime(2026, 11, 23, 9, tzinfo=UTC)
    thursday = hours.next_hour(monday_noon, time(8), "Africa/Nairobi", ("mon", "thu"))
    assert thursday == datetime(2026, 11, 26, 5, tzinfo=UTC)
    assert hours.next_hour(monday_noon, time(19), "Africa/Nairobi") == datetime(
        2026, 11, 23, 16, tzinfo=UTC
    )
    assert hours.next_hour(monday_noon, time(8), "Africa/Nairobi", ()) is None


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+254712345678", "Africa/Nairobi"),
        ("+38970123456", "Europe/Skopje"),
        ("+27821234567", "Africa/Johannesburg"),
        ("+2348031234567", "Africa/Lagos"),
        ("+14155552671", "America/Los_Angeles"),
        ("+79161234567", "Asia/Novosibirsk"),  # a country of many: somewhere in the middle
        ("+999", "Africa/Nairobi"),
        (None, "Africa/Nairobi"),
    ],
)
def test_a_number_tells_the_time_zone(phone: str | None, zone: str) -> None:
    assert zone_of(phone, "Africa/Nairobi", datetime(2026, 11, 23, tzinfo=UTC)) == zone


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("reminders", "14, 3 0 -2 3", "-2,0,3,14"),
        ("reminders", "2 days before, on the day, and 3, 7, and 14 days after", "-2,0,3,7,14"),
        ("reminders", "siku 5 na 2 kabla, siku yenyewe", "-5,-2,0"),
        ("unpaid_list", "Monday and Thursday at 08:00", "mon,thu 08:00"),
        ("unpaid_list", "Jumatatu na Ijumaa saa 7:30", "mon,fri 07:30"),
        ("quiet_hours", "9pm to 7:30am", "21:00-07:30"),
        ("quiet_hours", "22.00 – 06.00", "22:00-06:00"),
        ("evening_summary", "6 pm", "18:00"),
        ("evening_summary", "19", "19:00"),
        ("unpaid_list", "Friday, monday 9", "mon,fri 09:00"),
        ("ticks", "SEEN", "seen"),
    ],
)
def test_a_habit_is_kept_in_one_way_of_writing(name: str, given: str, kept: str) -> None:
    assert habits.checked(habits.usual(name), given) == kept
    assert habits.checked(habits.usual(name), kept) == kept


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("reminders", ""),
        ("reminders", "soon"),
        ("reminders", "366"),
        ("reminders", "1,2,3,4,5,6,7,8,9,10,11"),
        ("quiet_hours", "20:00"),
        ("quiet_hours", "8-8"),
        ("evening_summary", "25:00"),
        ("evening_summary", "13 pm"),
        ("unpaid_list", "08:00"),
        ("unpaid_list", "someday 08:00"),
        ("ticks", "always"),
        ("receipts", "yes"),
    ],
)
def test_what_a_habit_can_not_be_is_refused(name: str, given: str) -> None:
    with pytest.raises(errors.HabitBad):
        habits.checked(habits.usual(name), given)


def test_the_usual_values_are_written_as_they_are_kept() -> None:
    for habit in habits.HABITS.values():
        assert habits.checked(habit, habit.value) == habit.value
