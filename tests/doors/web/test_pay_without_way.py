"""The pay page of a business that has not said how it is paid: said plainly, and the business is told once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest


@pytest.fixture
def client() -> Any:
    from django.test import Client

    return Client()


def issued(business_id: UUID) -> tuple[UUID, str]:
    from hesabu.invoicing import actions
    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit.money import Money
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        customer_id = actions.keep_customer("Jane Wanjiku")
        line = LineInput("logo design", Decimal(1), Money.parse("75000", "KES"))
        invoice_id, version = actions.draft(DraftInput(customer_id=customer_id, lines=[line]))
        url = actions.issue(invoice_id, version).pay_url
    return invoice_id, f"/p/{str(url).rpartition('/')[2]}"


def asked(business_id: UUID, invoice_id: UUID) -> int:
    from hesabu.store import facts, tenancy

    with tenancy.bound(business_id):
        told = facts.timeline(invoice_id)
    return len([one for one in told if one.kind == "invoicing.WayToPayMissing"])


def test_a_page_without_a_way_says_so_and_the_business_hears_it_once(
    new_business: Callable[..., UUID], client: Any
) -> None:
    business_id = new_business(country="KE")
    invoice_id, path = issued(business_id)
    page = client.get(path).content.decode()
    assert "has not said yet how to pay." in page
    assert "Please ask" in page
    assert asked(business_id, invoice_id) == 0  # a preview of the link asks for the page alone
    for turn in range(3):
        client.get(f"{path}/state?turn={turn}")
    assert asked(business_id, invoice_id) == 1


def test_a_page_with_a_way_tells_nobody(new_business: Callable[..., UUID], client: Any) -> None:
    from hesabu.payments import actions as payments
    from hesabu.store import tenancy

    business_id = new_business(country="KE")
    with tenancy.bound(business_id):
        payments.add_account("till", "123456")
    invoice_id, path = issued(business_id)
    assert "has not said yet" not in client.get(path).content.decode()
    client.get(f"{path}/state?turn=1")
    assert asked(business_id, invoice_id) == 0
