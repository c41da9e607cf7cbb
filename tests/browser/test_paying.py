"""Paying an invoice in a browser, against the real product: real pages, real rooms, a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import Page, expect

from browser.conftest import served, violations
from hesabu.payments.providers.port import Accepted, NotPaid

Visit = Callable[..., Page]
TAKEN = Accepted("ws_CO_231120260900", "mr-1")


@pytest.fixture
def site(database: str) -> Iterator[str]:
    with served(WSGIHandler()) as url:
        yield url


def opened(visit: Visit, site: str, invoice: object, look: str = "narrow") -> Page:
    return visit(site + urlsplit(invoice.pay_url).path, look)  # type: ignore[attr-defined]


def test_a_customer_taps_pay_and_the_page_turns_to_paid(shop, site, visit) -> None:
    invoice = shop.invoiced("75000")
    page = opened(visit, site, invoice)
    page.get_by_role("button", name="Pay KES 75,000.00").click()
    expect(page.get_by_role("heading", name="Check your phone.")).to_be_visible()
    assert violations(page) == []
    shop.paid(invoice.id, "75000")
    expect(page.get_by_role("heading", name="Paid.")).to_be_visible()
    assert violations(page) == []


def test_two_quick_taps_are_one_prompt(shop, site, visit) -> None:
    invoice = shop.invoiced()
    page = opened(visit, site, invoice)
    page.get_by_role("button", name="Pay KES").dblclick()
    expect(page.get_by_role("heading", name="Check your phone.")).to_be_visible()
    assert len(shop.collections(invoice.id)) == 1


def test_a_wrong_pin_is_told_while_one_waits_and_trying_again_works(shop, site, visit) -> None:
    invoice = shop.invoiced()
    page = opened(visit, site, invoice)
    page.get_by_role("button", name="Pay KES").click()
    expect(page.get_by_role("heading", name="Check your phone.")).to_be_visible()
    shop.answered(invoice.id, TAKEN, NotPaid("2001"))
    expect(
        page.locator("#panel").get_by_text("M-PESA says the PIN was wrong. Nothing was taken.")
    ).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Check your phone.")).to_be_visible()
    assert len(shop.collections(invoice.id)) == 2


def test_a_wrong_number_is_kept_and_mended(shop, site, visit) -> None:
    invoice = shop.invoiced()
    page = opened(visit, site, invoice)
    page.get_by_label("Another number").check()
    page.get_by_label("M-PESA number").fill("0712 34")
    page.get_by_role("button", name="Pay KES").click()
    field = page.get_by_label("M-PESA number")
    expect(field).to_have_value("0712 34")
    expect(field).to_be_focused()
    field.fill("0712 345 678")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Check your phone.")).to_be_visible()


def test_i_have_paid_reaches_the_merchant_and_is_confirmed_before_their_eyes(
    shop, site, visit
) -> None:
    from hesabu.payments import actions

    invoice = shop.invoiced("1500")
    page = opened(visit, site, invoice)
    page.get_by_text("I have paid").click()
    page.get_by_label("M-PESA code, or the whole message").fill("skl4t7qx2p")
    page.get_by_role("button", name="Tell Kamau Designs").click()
    expect(page.get_by_text("You said that you have paid.")).to_be_visible()
    (claim,) = shop.claims(invoice.id)
    with shop.bound():
        actions.confirm(claim.id)
    expect(page.get_by_role("heading", name="Paid.")).to_be_visible()
    expect(page.get_by_text("SKL4T7QX2P").first).to_be_visible()


def test_the_paper_opens_from_the_page(shop, site, visit) -> None:
    page = opened(visit, site, shop.invoiced())
    address = page.get_by_role("link", name="Download the invoice (PDF)").get_attribute("href")
    answer = page.request.get(site + str(address))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_the_page_can_be_paid_from_with_the_keyboard_alone(shop, site, visit) -> None:
    page = opened(visit, site, shop.invoiced(), "light")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('button.primary')"):
            break
    expect(page.get_by_role("button", name="Pay KES")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your phone.")).to_be_visible()
