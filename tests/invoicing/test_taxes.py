"""Rates are dated: the tax point chooses."""

from __future__ import annotations

from datetime import date

import pytest

from hesabu.invoicing import errors
from hesabu.invoicing.rules import taxes


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
