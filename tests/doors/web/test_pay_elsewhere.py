"""The pay page of a business outside Kenya: its bank account, its currency as it is written, and no word of M-PESA."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from hesabu.kit.countries import COUNTRIES


@pytest.fixture
def client() -> Any:
    from django.test import Client

    return Client()


def page_of(new_business: Callable[..., UUID], client: Any, country: str) -> str:
    from hesabu.invoicing import actions
    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit.money import Money
    from hesabu.payments import actions as payments
    from hesabu.store import tenancy

    business_id = new_business(country=country)
    price = Money.parse("75000", COUNTRIES[country].currency)
    with tenancy.bound(business_id):
        payments.add_account("bank", "0123456789", label="GTBank")
        customer_id = actions.keep_customer("Jane Wanjiku")
        line = LineInput("logo design", Decimal(1), price)
        invoice_id, version = actions.draft(DraftInput(customer_id=customer_id, lines=[line]))
        url = actions.issue(invoice_id, version).pay_url
    return str(client.get(f"/p/{str(url).rpartition('/')[2]}").content.decode())


@pytest.mark.parametrize("country", [code for code in COUNTRIES if code != "KE"])
def test_the_page_shows_the_bank_account_and_never_speaks_of_mpesa(
    new_business: Callable[..., UUID], client: Any, country: str
) -> None:
    page = page_of(new_business, client, country)
    assert "0123456789" in page
    assert COUNTRIES[country].currency in page
    assert "M-PESA" not in page


@pytest.mark.parametrize(
    ("country", "figures"), [("UG", "75,000"), ("RW", "75,000"), ("NG", "75,000.00")]
)
def test_amounts_have_the_decimals_of_their_currency(
    new_business: Callable[..., UUID], client: Any, country: str, figures: str
) -> None:
    page = page_of(new_business, client, country)
    assert figures in page
    assert ("75,000.00" in page) == (figures == "75,000.00")
