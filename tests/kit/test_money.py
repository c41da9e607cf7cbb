"""Money: exact, whole, and refused where it is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.kit.money import (
    LARGEST_MINOR,
    BadAmount,
    CurrencyMismatch,
    Money,
    exponent,
    say,
    split,
)

minors = st.integers(-LARGEST_MINOR, LARGEST_MINOR)
currencies = st.sampled_from(["KES", "UGX", "TND", "USD"])
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=40).filter(any)


def test_each_currency_has_its_own_number_of_decimals() -> None:
    assert (exponent("KES"), exponent("UGX"), exponent("TND")) == (2, 0, 3)


@given(minors, weights)
def test_the_parts_of_a_split_add_up_to_the_whole(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)


@given(minors, weights)
def test_no_part_is_a_whole_unit_away_from_its_exact_share(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    for part, weight in zip(split(total, weights), weights, strict=True):
        assert abs(part * whole - total * weight) < whole


@given(minors, st.integers(1, 30))
def test_equal_weights_get_parts_that_differ_by_one_unit_at_most(total: int, count: int) -> None:
    parts = split(total, [1] * count)
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=total >= 0), "the earlier parts get the odd units"


@given(minors, weights)
def test_a_split_of_the_opposite_is_the_opposite_split(total: int, weights: list[int]) -> None:
    assert split(-total, weights) == [-part for part in split(total, weights)]


@pytest.mark.parametrize("bad", [[], [0], [0, 0], [1, -1], [2, -1]])
def test_weights_that_share_nothing_out_are_refused(bad: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, bad)


@given(minors, currencies)
def test_what_is_written_as_a_decimal_is_read_back_the_same(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert Money.parse(amount.decimal, currency) == amount
    assert Money.parse(f"{amount.decimal:f}", currency) == amount


@given(st.integers(0, 10**15), currencies)
def test_what_is_said_to_people_holds_the_same_digits(minor: int, currency: str) -> None:
    said = say(Money(minor, currency))
    code, figures = said.split(" ")
    assert code == currency
    assert Money.parse(figures.replace(",", ""), currency).minor == minor


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("75000", "KES", 7_500_000),
        ("75000.5", "KES", 7_500_050),
        (" 75000.50 ", "KES", 7_500_050),
        ("0.0000000000", "KES", 0),
        ("-1.10", "KES", -110),
        (".5", "KES", 50),
        ("5.", "KES", 500),
        (75000, "KES", 7_500_000),
        (Decimal("1E+2"), "KES", 10_000),
        ("50000", "UGX", 50_000),
        ("1.234", "TND", 1_234),
        ("92233720368547758.07", "KES", LARGEST_MINOR),
    ],
)
def test_an_amount_is_read_to_the_minor_unit(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "NaN",
        "sNaN",
        "inf",
        "-Infinity",
        "1e9",
        "1e30",
        "1E-3",
        "0e-40",
        "1_000",
        "1,000",
        "٣",
        "abc",
        "--1",
        "1.2.3",
        "0x10",
        "1.0000000001",
        "1.999",
        "1.99999999999999999999999999999999999999",
        "92233720368547758.08",
        "9" * 40,
        "9" * 10_000,
        "-" + "9" * 20,
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount) as refused:
        Money.parse(text, "KES")
    assert len(refused.value.detail) <= 40


@pytest.mark.parametrize("number", [Decimal("nan"), Decimal("inf"), Decimal("1e30"), 10**30])
def test_numbers_that_are_no_amount_are_refused(number: Decimal | int) -> None:
    with pytest.raises(BadAmount):
        Money.parse(number, "KES")


def test_a_currency_without_cents_takes_none() -> None:
    with pytest.raises(BadAmount):
        Money.parse("50000.5", "UGX")
    assert Money.parse("50000.0", "UGX") == Money(50_000, "UGX")


@pytest.mark.parametrize("given_value", [0.5, 75000.0, True])
def test_a_float_is_a_mistake_of_the_code(given_value: float) -> None:
    with pytest.raises(TypeError):
        Money.parse(given_value, "KES")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(given_value, "KES")  # type: ignore[arg-type]


@given(st.integers(0, LARGEST_MINOR), st.integers(0, 10_000))
def test_a_share_is_rounded_half_up_and_less_than_a_unit_away(minor: int, bps: int) -> None:
    share = Money(minor, "KES").share(bps).minor
    assert -5_000 < share * 10_000 - minor * bps <= 5_000


@pytest.mark.parametrize(
    ("minor", "bps", "expected"), [(1, 5_000, 1), (-1, 5_000, -1), (3, 1_600, 0), (100, 1_600, 16)]
)
def test_a_half_goes_away_from_nothing(minor: int, bps: int, expected: int) -> None:
    assert Money(minor, "KES").share(bps).minor == expected


def test_currencies_do_not_mix() -> None:
    shillings, dollars = Money(1, "KES"), Money(1, "USD")
    for mix in (
        lambda: shillings + dollars,
        lambda: shillings - dollars,
        lambda: shillings < dollars,
        lambda: shillings >= dollars,
    ):
        with pytest.raises(CurrencyMismatch):
            mix()
    assert shillings != dollars


def test_amounts_compare_add_and_take_away() -> None:
    five, two = Money(500, "KES"), Money(200, "KES")
    assert five + two == Money(700, "KES")
    assert five - two == Money(300, "KES")
    assert -five == Money(-500, "KES")
    assert max(five, two) == five
    assert not Money.zero("KES")
    assert five.times(Decimal("1.5")) == Money(750, "KES")
    assert sum((part.minor for part in five.allocate([1, 1, 1])), 0) == 500
    assert str(five) == "KES 5.00"
