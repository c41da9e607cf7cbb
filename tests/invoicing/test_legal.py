"""What the law asks of an invoice with tax: a registered seller is held to it, an unregistered one is let alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from hesabu.invoicing import errors
from hesabu.invoicing.rules import legal
from hesabu.kit.countries import COUNTRIES

DETAILS: dict[str, dict[str, str]] = {
    "KE": {"tax_id": "P051365947M"},
    "NG": {"tax_id": "12345678-0001", "address": "12 Allen Avenue, Ikeja"},
    "MK": {"tax_id": "4030000375897", "address": "Партизанска 1, Скопје"},
    "ZW": {"vat_number": "220123456", "address": "5 Samora Machel Ave, Harare"},
    "TZ": {"tax_id": "123-456-789", "vat_number": "40-012345-A"},
    "UG": {"tax_id": "1000123456", "address": "Plot 3, Kampala Road"},
    "GH": {"tax_id": "C0000803561", "address": "Oxford Street, Osu"},
    "RW": {"tax_id": "101234567", "address": "KN 4 Ave, Kigali"},
    "ZA": {"tax_id": "4123456789", "address": "1 Long Street, Cape Town"},
}


def test_every_country_says_what_its_law_asks_and_by_which_law() -> None:
    assert set(legal.TAX_INVOICES) == set(COUNTRIES) == set(DETAILS)
    for code, asked in legal.TAX_INVOICES.items():
        assert asked.law
        assert asked.source
        assert asked.needed
        assert set(asked.needed) == set(DETAILS[code])
        assert legal.asked(code) == (*asked.needed, *asked.printed)
    for place in COUNTRIES.values():
        asked_names = legal.asked(place.code)
        assert ("vat_number" in asked_names) == (place.vat_number_name is not None)


@pytest.mark.parametrize("code", list(DETAILS))
def test_each_needed_detail_that_is_missing_is_named(code: str) -> None:
    legal.check_seller(code, DETAILS[code])
    for name in legal.needed(code):
        with pytest.raises(errors.Refused) as refused:
            legal.check_seller(code, DETAILS[code] | {name: None})
        assert refused.value.field == name
        assert "settings" in refused.value.hint


def test_a_buyer_is_hinted_at_only_where_the_law_wants_to_know() -> None:
    nobody = {"name": "Thandi", "address": None, "tax_id": None}
    assert legal.wanted_of_buyer("ZA", nobody, 500_000) == []
    assert legal.wanted_of_buyer("ZA", nobody, 500_001) == ["address", "tax_id"]
    assert legal.wanted_of_buyer("NG", nobody, 10**9) == []
    assert legal.wanted_of_buyer("XX", nobody, 10**9) == []


def draft_in(new_business: Callable[..., Any], country: str, tax_mode: str, **changes: Any) -> Any:
    """A business of a country with one draft: (issue it, how the business is changed)."""
    from hesabu.identity import actions as identity
    from hesabu.invoicing import actions
    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit.money import Money
    from hesabu.store import tenancy

    business_id = new_business(country=country, is_vat_registered=tax_mode != "none", **changes)
    currency = COUNTRIES[country].currency
    with tenancy.bound(business_id):
        customer_id = actions.keep_customer("Jane Wanjiku")
        price = Money.parse("1000", currency)
        lines = [LineInput("Work", Decimal(1), price)]
        invoice_id, version = actions.draft(
            DraftInput(customer_id=customer_id, lines=lines, tax_mode=tax_mode)
        )

    def issue() -> Any:
        with tenancy.bound(business_id):
            return actions.issue(invoice_id, version)

    def change(**details: str) -> None:
        with tenancy.bound(business_id):
            identity.update_business(business_id, **details)

    return issue, change


@pytest.mark.parametrize("country", list(DETAILS))
def test_tax_is_charged_only_once_the_law_is_satisfied(
    new_business: Callable[..., Any], country: str
) -> None:
    issue, change = draft_in(new_business, country, "exclusive")
    with pytest.raises(errors.Refused):
        issue()
    change(**DETAILS[country])
    invoice = issue()
    assert invoice.number == "INV-0001"
    assert invoice.tax.minor > 0
    assert invoice.total.currency == COUNTRIES[country].currency


@pytest.mark.parametrize("country", list(DETAILS))
def test_a_small_seller_who_is_not_registered_is_asked_for_nothing(
    new_business: Callable[..., Any], country: str
) -> None:
    issue, _ = draft_in(new_business, country, "none")
    invoice = issue()
    assert invoice.tax.minor == 0
    assert invoice.total.decimal == 1000
