"""The sums of an invoice: exact, and never in disagreement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.invoicing import errors
from hesabu.invoicing.rules.totals import Totals, clean, half_up, reckon
from hesabu.invoicing.types import LineInput, TaxMode
from hesabu.kit.errors import HesabuError
from hesabu.kit.money import Money

TODAY = date(2026, 11, 23)


def line(
    price: str, quantity: str = "1", code: str | None = None, what: str = "logo design"
) -> LineInput:
    return LineInput(what, Decimal(quantity), Money.parse(price, "KES"), code)


def sums(
    *lines: LineInput,
    mode: TaxMode = TaxMode.EXCLUSIVE,
    discount: Money | int | None = None,
    on: date = TODAY,
    is_vat_registered: bool = True,
) -> Totals:
    return reckon(
        lines,
        currency="KES",
        tax_mode=mode,
        discount=discount,
        country="KE",
        on=on,
        is_vat_registered=is_vat_registered,
    )


def test_tax_on_top_of_a_price() -> None:
    totals = sums(line("75000"))
    assert (totals.net_minor, totals.tax_minor, totals.total_minor) == (
        7_500_000,
        1_200_000,
        8_700_000,
    )


def test_a_price_with_the_tax_in_it_stays_what_was_typed() -> None:
    totals = sums(line("75000"), mode=TaxMode.INCLUSIVE)
    assert (totals.net_minor, totals.tax_minor, totals.total_minor) == (
        6_465_517,
        1_034_483,
        7_500_000,
    )


def test_without_tax_the_total_is_the_price_and_no_tax_is_named() -> None:
    totals = sums(line("75000"), mode=TaxMode.NONE, is_vat_registered=False)
    assert (totals.net_minor, totals.tax_minor, totals.total_minor) == (7_500_000, 0, 7_500_000)
    assert totals.taxes == ()


def test_a_business_that_is_not_registered_may_not_charge_tax() -> None:
    with pytest.raises(errors.TaxNotRegistered):
        sums(line("75000"), is_vat_registered=False)


def test_the_rate_is_the_one_of_the_day() -> None:
    assert sums(line("100"), on=date(2020, 6, 1)).tax_minor == 1_400


def test_a_half_cent_is_rounded_up() -> None:
    assert sums(line("0.25", "0.5"), mode=TaxMode.NONE).total_minor == 13  # 12.5 cents
    assert [half_up(5, 2), half_up(4, 3), half_up(0, 7)] == [3, 1, 0]


def test_each_rate_has_its_own_sum() -> None:
    totals = sums(line("100"), line("50", code="zero"), line("10", code="exempt"), line("100"))
    assert [(tax.code, tax.net_minor, tax.tax_minor) for tax in totals.taxes] == [
        ("standard", 20_000, 3_200),
        ("zero", 5_000, 0),
        ("exempt", 1_000, 0),
    ]


def test_a_discount_is_split_over_the_lines_without_losing_a_cent() -> None:
    totals = sums(
        line("10"), line("10"), line("10"), discount=Money(1_000, "KES"), mode=TaxMode.NONE
    )
    assert [one.discount_minor for one in totals.lines] == [334, 333, 333]
    assert totals.total_minor == 2_000


def test_a_discount_as_a_share_comes_off_before_the_tax() -> None:
    totals = sums(line("200"), discount=1_000)
    assert (totals.discount_minor, totals.net_minor, totals.tax_minor) == (2_000, 18_000, 2_880)


@pytest.mark.parametrize(
    ("bad", "error", "field"),
    [
        ([], errors.LinesMissing, "lines"),
        ([line("1")] * 101, errors.LinesTooMany, "lines"),
        ([line("1", what="  \x00 ")], errors.DescriptionBad, "lines.0.description"),
        ([line("1", what="x" * 501)], errors.DescriptionBad, "lines.0.description"),
        ([line("1"), line("1", "0")], errors.QuantityBad, "lines.1.quantity"),
        ([line("1", "-2")], errors.QuantityBad, "lines.0.quantity"),
        ([line("1", "nan")], errors.QuantityBad, "lines.0.quantity"),
        ([line("1", "Infinity")], errors.QuantityBad, "lines.0.quantity"),
        ([line("1", "1e9")], errors.QuantityBad, "lines.0.quantity"),
        ([line("1", "0.0000000001")], errors.QuantityBad, "lines.0.quantity"),
        ([line("-1")], errors.PriceBad, "lines.0.unit_price"),
        ([line("9999999999999")], errors.PriceBad, "lines.0.unit_price"),
        ([LineInput("x", Decimal(1), Money(1, "USD"))], errors.CurrencyBad, "lines.0.unit_price"),
        ([line("1", code="luxury")], errors.TaxCodeUnknown, "lines.0.tax_code"),
        ([line("0")], errors.TotalBad, "lines"),
        ([line("1000000000000", "1000000")], errors.TotalBad, "lines"),
    ],
)
def test_what_cannot_stand_on_an_invoice_is_refused_at_its_field(
    bad: list[LineInput], error: type[HesabuError], field: str
) -> None:
    with pytest.raises(error) as refused:
        sums(*bad)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "discount", [Money(100, "KES"), Money(-1, "KES"), 10_000, -1, Money(1, "USD")]
)
def test_a_discount_that_takes_all_or_adds_or_is_foreign_is_refused(discount: Money | int) -> None:
    with pytest.raises((errors.DiscountBad, errors.CurrencyBad)) as refused:
        sums(line("1"), discount=discount)
    assert refused.value.field == "discount"


def test_a_description_is_one_clean_line() -> None:
    assert clean("  Logo\n\tdesign\x00 \u200d ") == "Logo design \u200d"


lines_of = st.lists(
    st.builds(
        LineInput,
        st.just("thing"),
        st.decimals(min_value=Decimal("0.000001"), max_value=1_000, places=6),
        st.builds(Money, st.integers(0, 10**9), st.just("KES")),
        st.sampled_from([None, "standard", "zero", "exempt"]),
    ),
    min_size=1,
    max_size=12,
)


@given(
    lines=lines_of,
    mode=st.sampled_from(TaxMode),
    discount=st.one_of(
        st.none(), st.integers(0, 9_999), st.builds(Money, st.integers(0, 10**6), st.just("KES"))
    ),
    on=st.dates(date(2013, 9, 2), date(2030, 1, 1)),
)
def test_the_sums_always_agree(
    lines: list[LineInput], mode: TaxMode, discount: Money | int | None, on: date
) -> None:
    try:
        totals = sums(*lines, mode=mode, discount=discount, on=on)
    except (errors.TotalBad, errors.DiscountBad):
        return  # nothing to add up
    for one in totals.lines:
        assert one.net_minor + one.tax_minor == one.gross_minor
        assert 0 <= one.discount_minor <= one.amount_minor
        assert min(one.net_minor, one.tax_minor) >= 0
    assert sum(one.discount_minor for one in totals.lines) == totals.discount_minor
    assert sum(one.gross_minor for one in totals.lines) == totals.total_minor
    assert totals.net_minor + totals.tax_minor == totals.total_minor
    assert sum(tax.tax_minor for tax in totals.taxes) == totals.tax_minor
    typed_minor = sum(one.amount_minor for one in totals.lines) - totals.discount_minor
    if mode is TaxMode.EXCLUSIVE:
        assert totals.net_minor == typed_minor
    else:
        assert totals.total_minor == typed_minor


@given(st.integers(1, 10**12))
def test_an_inclusive_total_is_what_was_typed(minor: int) -> None:
    totals = sums(LineInput("thing", Decimal(1), Money(minor, "KES")), mode=TaxMode.INCLUSIVE)
    assert totals.total_minor == minor
    assert (
        abs(totals.net_minor * 16 - totals.tax_minor * 100) <= 58
    )  # the tax is right to half a cent
