"""Rates are dated: the tax point chooses."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.invoicing import errors
from hesabu.invoicing.rules import taxes
from hesabu.invoicing.rules.taxes import half_up
from hesabu.kit.countries import COUNTRIES


@pytest.mark.parametrize(
    ("on", "rate_bps"),
    [
        (date(2013, 9, 2), 1600),
        (date(2020, 3, 31), 1600),
        (date(2020, 4, 1), 1400),
        (date(2020, 12, 31), 1400),
        (date(2021, 1, 1), 1600),
        (date(2026, 11, 23), 1600),
    ],
)
def test_kenyas_standard_rate_is_the_one_in_force_on_the_tax_point(on: date, rate_bps: int) -> None:
    assert taxes.rate("KE", "standard", on).rate_bps == rate_bps


def test_zero_rated_and_exempt_are_both_nothing_and_are_not_the_same() -> None:
    zero = taxes.rate("KE", "zero", date(2026, 1, 1))
    exempt = taxes.rate("KE", "exempt", date(2026, 1, 1))
    assert zero.rate_bps == exempt.rate_bps == 0
    assert (zero.uncl5305, exempt.uncl5305) == ("Z", "E")


def test_a_day_before_the_law_has_no_rate() -> None:
    with pytest.raises(errors.TaxRateUnknown):
        taxes.rate("KE", "standard", date(2013, 9, 1))


def test_an_unknown_code_or_country_is_refused() -> None:
    with pytest.raises(errors.TaxCodeUnknown):
        taxes.rate("KE", "luxury", date(2026, 1, 1))
    with pytest.raises(errors.TaxCodeUnknown):
        taxes.rate("XX", "standard", date(2026, 1, 1))


def test_no_tax_is_no_tax_anywhere() -> None:
    assert taxes.rate("XX", "none", date(2026, 1, 1)).rate_bps == 0


def test_every_row_names_its_law_and_no_two_rows_begin_on_one_day() -> None:
    assert all(row.law and row.label for row in taxes.RATES)
    begins = [(row.country, row.code, row.since_on) for row in taxes.RATES]
    assert len(begins) == len(set(begins))


def test_the_usual_code_comes_first() -> None:
    assert taxes.codes("KE") == ["standard", "zero", "exempt"]


@pytest.mark.parametrize(
    ("country", "on", "rate_bps"),
    [
        ("NG", date(2020, 1, 31), 500),
        ("NG", date(2020, 2, 1), 750),
        ("NG", date(2026, 1, 1), 750),
        ("MK", date(2015, 1, 1), 1800),
        ("ZW", date(2019, 12, 31), 1500),
        ("ZW", date(2020, 1, 1), 1450),
        ("ZW", date(2022, 12, 31), 1450),
        ("ZW", date(2023, 1, 1), 1500),
        ("ZW", date(2025, 12, 31), 1500),
        ("ZW", date(2026, 1, 1), 1550),
        ("TZ", date(2015, 6, 30), 1800),
        ("TZ", date(2026, 11, 23), 1800),
        ("UG", date(2026, 11, 23), 1800),
        ("GH", date(2018, 7, 31), 1750),
        ("GH", date(2018, 8, 1), 1813),
        ("GH", date(2021, 5, 1), 1925),
        ("GH", date(2023, 1, 1), 2190),
        ("GH", date(2026, 1, 1), 2000),
        ("RW", date(2026, 11, 23), 1800),
        ("ZA", date(2018, 3, 31), 1400),
        ("ZA", date(2018, 4, 1), 1500),
        ("ZA", date(2025, 5, 1), 1500),  # the rise that was announced for this day was withdrawn
        ("ZA", date(2026, 11, 23), 1500),
    ],
)
def test_the_standard_rate_of_a_country_is_the_one_in_force_on_the_tax_point(
    country: str, on: date, rate_bps: int
) -> None:
    assert taxes.rate(country, "standard", on).rate_bps == rate_bps


def test_north_macedonia_has_a_rate_for_food_on_the_spot_since_2021() -> None:
    assert taxes.codes("MK") == [
        "standard",
        "reduced",
        "hospitality",
        "zero",
        "exempt",
        "reverse",
    ]
    assert taxes.rate("MK", "reduced", date(2026, 1, 1)).rate_bps == 500
    assert taxes.rate("MK", "hospitality", date(2021, 1, 1)).rate_bps == 1000
    with pytest.raises(errors.TaxRateUnknown):
        taxes.rate("MK", "hospitality", date(2020, 12, 31))
    assert taxes.rate("MK", "reverse", date(2026, 1, 1)).uncl5305 == "AE"


def test_every_country_has_every_rate_since_2015_with_its_law_and_source() -> None:
    for code in COUNTRIES:
        known = taxes.codes(code)
        assert known[0] == "standard"
        assert {"zero", "exempt"} <= set(known)
        assert taxes.rate(code, "standard", date(2015, 1, 1)).rate_bps > 0
    assert all(row.source for row in taxes.RATES)
    assert {row.country for row in taxes.RATES} == set(COUNTRIES)


@pytest.mark.parametrize(
    ("on", "exactly"),
    [
        (date(2015, 1, 1), Fraction(175, 1000)),
        (date(2018, 8, 1), Fraction(18125, 100_000)),
        (date(2021, 5, 1), Fraction(1925, 10_000)),
        (date(2023, 1, 1), Fraction(219, 1000)),
        (date(2026, 1, 1), Fraction(20, 100)),
    ],
)
def test_ghanas_levies_come_to_what_its_revenue_authority_says(on: date, exactly: Fraction) -> None:
    row = taxes.rate("GH", "standard", on)
    assert taxes.effective(row) == exactly
    assert row.rate_bps == half_up(exactly.numerator * 10_000, exactly.denominator)


def test_levies_are_reckoned_and_rounded_each_by_itself() -> None:
    row = taxes.rate("GH", "standard", date(2024, 6, 1))
    parts = taxes.parts_of(row, 100_000, taxes.tax_on(row, 100_000))
    assert [(part.code, part.base_minor, part.tax_minor) for part in parts] == [
        ("nhil", 100_000, 2_500),
        ("getfund", 100_000, 2_500),
        ("covid", 100_000, 1_000),
        ("vat", 106_000, 15_900),
    ]
    today = taxes.rate("GH", "standard", date(2026, 11, 23))
    assert [
        part.tax_minor for part in taxes.parts_of(today, 33_33, taxes.tax_on(today, 33_33))
    ] == [
        83,
        83,
        500,
    ]


GHANAIAN = [row for row in taxes.RATES if row.levies]


@given(st.sampled_from(GHANAIAN), st.integers(0, 10**14))
def test_levies_always_add_up_to_the_tax_on_top_and_within(
    row: taxes.TaxRate, amount_minor: int
) -> None:
    on_top = taxes.tax_on(row, amount_minor)
    parts = taxes.parts_of(row, amount_minor, on_top)
    assert sum(part.tax_minor for part in parts) == on_top
    assert abs(on_top - amount_minor * taxes.effective(row)) < 4
    within = taxes.tax_within(row, amount_minor)
    parts = taxes.parts_of(row, amount_minor - within, within)
    assert sum(part.tax_minor for part in parts) == within
    assert all(part.tax_minor >= 0 for part in parts)
    assert abs(within - amount_minor * taxes.effective(row) / (1 + taxes.effective(row))) <= 1


@given(st.sampled_from(GHANAIAN), st.integers(0, 500), st.integers(0, 500))
def test_what_is_credited_of_a_few_cents_still_adds_up(
    row: taxes.TaxRate, net_minor: int, tax_minor: int
) -> None:
    parts = taxes.parts_of(row, net_minor, tax_minor)
    assert sum(part.tax_minor for part in parts) == tax_minor
    assert all(part.tax_minor >= 0 for part in parts)
