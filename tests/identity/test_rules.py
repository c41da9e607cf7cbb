"""Who may do what, which PINs are too easy, how long to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.identity import rules
from hesabu.identity.errors import BadEmail, BadName, BadPin

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "pin",
    ["1234", "4321", "0000", "9999", "1212", "123123", "012345", "67890", "1990", "2026", "12345"],
)
def test_a_pin_that_anybody_would_try_first_is_refused(pin: str) -> None:
    with pytest.raises(BadPin):
        rules.checked_pin(pin)


@pytest.mark.parametrize("pin", ["123", "1234567", "12a4", "", "١٢٣٩", "-123", "12.5"])
def test_a_pin_is_four_to_six_digits(pin: str) -> None:
    with pytest.raises(BadPin):
        rules.checked_pin(pin)


@pytest.mark.parametrize("pin", ["2580", "7391", "90312", "480215", " 7391 "])
def test_other_pins_are_taken(pin: str) -> None:
    assert rules.checked_pin(pin) == pin.strip()


def test_the_wait_grows_after_the_fifth_wrong_try_and_ends_at_a_day() -> None:
    assert [rules.wait_seconds(n) for n in range(1, 9)] == [0, 0, 0, 0, 60, 120, 240, 480]
    assert rules.wait_seconds(500) == 24 * 60 * 60
    assert rules.locked_until(4, NOW) is None
    assert rules.locked_until(6, NOW) == NOW + timedelta(seconds=120)


@given(st.integers(min_value=1, max_value=10_000))
def test_a_further_wrong_try_never_shortens_the_wait(wrong_count: int) -> None:
    assert rules.wait_seconds(wrong_count + 1) >= rules.wait_seconds(wrong_count)


def test_names_are_put_right_or_refused() -> None:
    assert rules.checked_name("  Jane   Wanjiku ") == "Jane Wanjiku"
    for bad in ("", "J", "--", "x" * 81, "Jane\x07Doe"):
        with pytest.raises(BadName):
            rules.checked_name(bad)


def test_addresses_are_compared_in_lower_case() -> None:
    assert rules.checked_email(" Jane@Example.CO.KE ") == "jane@example.co.ke"
    for bad in ("jane", "jane@", "@example.com", "jane@example", "a b@example.com"):
        with pytest.raises(BadEmail):
            rules.checked_email(bad)
