"""The grammar reads money as its countries write it, and its countries are the house's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hesabu.doors.chat.grammar.countries import COUNTRIES, CURRENCIES, country_named, decimals_of
from hesabu.doors.chat.grammar.parser import parse
from hesabu.kit.countries import COUNTRIES as KEPT
from hesabu.kit.money import exponent

TODAY = date(2026, 11, 23)


def test_every_country_we_keep_books_in_is_read_with_its_own_currency_and_mark() -> None:
    for code, place in KEPT.items():
        found = country_named(code)
        assert (found.currency, found.calling_code) == (place.currency, place.calling_code)
        assert found.decimal_mark == place.decimal_mark
        for currency in place.currencies:
            assert currency in CURRENCIES
    assert set(COUNTRIES) == {*KEPT, "ZM"}  # a neighbour whose numbers and kwachas turn up


def test_decimals_are_those_of_money_itself() -> None:
    assert all(decimals_of(code) == exponent(code) for code in CURRENCIES)
    assert (decimals_of("UGX"), decimals_of("RWF"), decimals_of("TZS")) == (0, 0, 2)


@pytest.mark.parametrize(
    ("country", "text", "amount", "phone"),
    [
        ("UG", "Invoice Jane 0772 123 456 75,000 for hair", "75000", "+256772123456"),
        ("RW", "Invoice Jane 0788 123 456 RWF 75,000 for hair", "75000", "+250788123456"),
        ("NG", "Invoice Ade 0803 123 4567 ₦75,000 for hair", "75000", "+2348031234567"),
        ("GH", "Invoice Ama 024 123 4567 GHS 1,250.50 for hair", "1250.50", "+233241234567"),
        ("ZA", "Invoice Thandi 082 123 4567 ZAR 1,250.50 for hair", "1250.50", "+27821234567"),
        ("ZW", "Invoice Tendai 0712 345 678 $250.50 for hair", "250.50", "+263712345678"),
        ("TZ", "Invoice Asha 0754 123 456 75,000 for hair", "75000", "+255754123456"),
        ("MK", "Invoice Ana 070 345 678 1.250,50 for hair", "1250.50", "+38970345678"),
    ],
)
def test_one_line_from_each_country(country: str, text: str, amount: str, phone: str) -> None:
    found = parse(text, today=TODAY, country=country)
    assert found.total is not None
    assert found.total.amount == Decimal(amount)
    assert found.total.currency == KEPT[country].currency
    assert found.customer.phone == phone
    assert found.problems == ()
