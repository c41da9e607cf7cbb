"""The clock: stands still, moves, and knows whose day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from hesabu.kit import clock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_it_tells_the_time_in_utc() -> None:
    before = datetime.now(UTC)
    told = clock.now()
    assert before <= told <= datetime.now(UTC)
    assert told.tzinfo is UTC


def test_it_stands_still_only_inside() -> None:
    with clock.fixed(NOON):
        assert clock.now() == clock.now() == NOON
    assert clock.now() > NOON - timedelta(days=3650)
    assert clock.now() != clock.now() or clock.now() != NOON


def test_what_moved_it_before_does_not_count_where_it_stands_still() -> None:
    with clock.moved(days=1):
        with clock.fixed(NOON):
            assert clock.now() == NOON
        assert clock.now() - datetime.now(UTC) > timedelta(hours=23)


def test_moves_add_up_and_are_taken_back() -> None:
    with clock.fixed(NOON), clock.moved(days=1):
        with clock.moved(seconds=-60):
            assert clock.now() == NOON + timedelta(days=1, seconds=-60)
        assert clock.now() == NOON + timedelta(days=1)


def test_an_error_inside_sets_it_right_again() -> None:
    with pytest.raises(KeyError), clock.fixed(NOON), clock.moved(days=9):
        raise KeyError
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_an_instant_without_a_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"), clock.fixed(datetime(2026, 11, 23)):
        raise AssertionError("not reached")


def test_an_instant_from_elsewhere_is_the_same_instant() -> None:
    with clock.fixed(datetime(2026, 11, 23, 15, 0, tzinfo=timezone(timedelta(hours=3)))):
        assert clock.now() == NOON


def test_the_day_is_the_day_of_the_place() -> None:
    with clock.fixed(datetime(2026, 11, 23, 21, 30, tzinfo=UTC)):
        assert clock.today("Africa/Nairobi") == date(2026, 11, 24)
        assert clock.today("Africa/Lagos") == date(2026, 11, 23)
