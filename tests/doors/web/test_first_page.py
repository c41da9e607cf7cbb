"""The first page of a business: what is late, owed and came in, the last of both; and what to write where there is nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from doors.web.conftest import Shop
from doors.web.test_people import at, joined
from hesabu.doors.web.home import figures as figures_room
from hesabu.identity.permissions import OWNERS
from hesabu.kit import clock, ids
from hesabu.kit.money import Money

pytestmark = pytest.mark.usefixtures("database", "on_the_hour")
ZONE = "Africa/Nairobi"


@pytest.fixture
def keeper(shop: Shop) -> Client:
    return joined(shop.id, "seller")[0]


def figures(browser: Client, business_id: UUID) -> dict[str, tuple[str, str, str]]:
    """Each figure by its title: where it leads, the sum, what is said of it."""
    page = html.unescape(browser.get(at(business_id)).content.decode())
    found = re.findall(
        r'class="figure[^"]*" href="(#\w+)"><small>(.*?)</small><strong>(.*?)</strong><em>(.*?)</em>',
        page,
    )
    return {title: (to, total, said) for to, title, total, said in found}


def test_what_is_owed_late_and_came_in_is_summed(shop: Shop, keeper: Client) -> None:
    today = clock.today(ZONE)
    shop.invoiced("1000", due_on=today + timedelta(days=3))
    with clock.moved(days=-41):
        old = shop.invoiced("500.50", due_on=clock.today(ZONE))
    shop.paid(old.id, "200")
    assert figures(keeper, shop.id) == {
        "Overdue": ("#owing", "KES 300.50", "1 unpaid invoice · oldest 41 days"),
        "Owed to you": ("#owing", "KES 1,300.50", "2 unpaid invoices"),
        "Came in this month": ("#payments", "KES 200.00", before(today, "KES 0.00")),
    }
    page = html.unescape(keeper.get(at(shop.id)).content.decode())
    assert "41 days late" in page
    assert "Due in 3 days" in page
    for to in ("owing", "payments", "invoices"):
        assert f'id="{to}"' in page
    assert old.pay_url in page


def before(today: Any, total: str) -> str:
    last = today.replace(day=1) - timedelta(days=1)
    return f"{last:%B}: {total}"


def test_money_of_last_month_stands_beside_this_one(shop: Shop, keeper: Client) -> None:
    today = clock.today(ZONE)
    kept = shop.invoiced("5000")
    with clock.moved(days=-today.day):
        shop.paid(kept.id, "700")
    shop.paid(kept.id, "300")
    assert figures(keeper, shop.id)["Came in this month"] == (
        "#payments",
        "KES 300.00",
        before(today, "KES 700.00"),
    )


def test_money_without_an_owner_comes_before_what_is_owed(shop: Shop, keeper: Client) -> None:
    shop.paid(ids.new_id(), "70")
    found = figures(keeper, shop.id)
    assert list(found) == ["Money without an owner", "Owed to you", "Came in this month"]
    assert found["Money without an owner"] == ("#stray", "KES 70.00", "1 payment to place")
    assert "Write “place” in the chat" in keeper.get(at(shop.id)).content.decode()


def test_another_currency_is_never_added_to_the_own_one(shop: Shop, keeper: Client) -> None:
    from hesabu.payments import actions
    from hesabu.payments.types import Purpose

    kept = shop.invoiced("1000")
    shop.paid(kept.id, "300")
    with shop.bound():
        actions.record(Purpose("invoice", kept.id), Money.parse("250", "USD"), "cash")
    found = figures(keeper, shop.id)["Came in this month"]
    assert found[1] == "KES 300.00"
    assert found[2].startswith("USD 250.00 · ")


def test_a_new_business_is_told_what_to_write_and_its_owner_where_to_be_paid(
    new_business: Callable[..., UUID],
) -> None:
    business_id = new_business()
    owner, seller = joined(business_id, "owner")[0], joined(business_id, "seller")[0]
    for browser in (owner, seller):
        page = browser.get(at(business_id)).content.decode()
        assert "Invoice Jane 0712 345 678" in page
        assert 'class="figure' not in page
    assert "Nobody can pay you yet" in owner.get(at(business_id)).content.decode()
    assert "Nobody can pay you yet" not in seller.get(at(business_id)).content.decode()


def test_the_rail_has_only_groups_with_places_one_may_go_to(business_id: UUID) -> None:
    owner, seller = joined(business_id, "owner")[0], joined(business_id, "seller")[0]
    page = owner.get(at(business_id)).content.decode()
    assert re.findall(r'<small id="places-\d">(.*?)</small>', page) == [
        *("Money", "People and programs", "The business", "Yourself"),
    ]
    page = seller.get(at(business_id)).content.decode()
    assert f'href="{at(business_id, "/keys")}"' not in page
    assert 'href="/account/data"' in page


NARROWED = {
    "INVOICE_READ": ("1,000.00", 'id="invoices"', 'id="owing"', "Owed to you", "Overdue"),
    "PAYMENT_READ": (">70.00", 'id="payments"', 'id="stray"', "Came in this month"),
    "CUSTOMER_READ": ("Jane Wanjiku", 'id="owing"'),
}


@pytest.mark.parametrize("name", NARROWED)
def test_a_section_that_may_not_be_read_is_neither_shown_nor_asked_for(
    shop: Shop, keeper: Client, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every role of today may read all of them; a role that may not sees the rest of the page."""
    kept = shop.invoiced("1000")
    shop.paid(kept.id, "300")
    shop.paid(ids.new_id(), "70")
    with clock.moved(days=-41):
        shop.invoiced("2000", due_on=clock.today(ZONE))
    whole = html.unescape(keeper.get(at(shop.id)).content.decode())
    assert all(one in whole for one in NARROWED[name])
    monkeypatch.setattr(figures_room, name, replace(getattr(figures_room, name), to=OWNERS))
    page = html.unescape(keeper.get(at(shop.id)).content.decode())
    assert [one for one in NARROWED[name] if one in page] == []
    others = {"INVOICE_READ": 'id="payments"', "PAYMENT_READ": 'id="invoices"'}
    assert others.get(name, "1,000.00") in page
    owner = joined(shop.id, "owner")[0]
    page = html.unescape(owner.get(at(shop.id)).content.decode())
    assert all(one in page for one in NARROWED[name])
