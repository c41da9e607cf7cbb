"""Pages that change by themselves while somebody looks, with the live process beside the pages and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Page, expect

from app.live_process import Live, live_process
from browser.conftest import served, violations
from browser.test_business import alone, signed_in
from doors.web.test_people import at, joined
from steady import eventually

Visit = Callable[..., Page]
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.timeout(300)]


@contextmanager
def known_to_pages(site: str, live: str) -> Iterator[None]:
    """As in development: the stream has a port of its own, and the policy of the pages names it."""
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"connect-src": ["'self'", live]}
    with override_settings(
        CONFIG=settings.CONFIG.model_copy(update={"public_url": site}),
        LIVE_ORIGIN=live,
        CONTENT_SECURITY_POLICY={"DIRECTIVES": policy},
    ):
        yield


@contextmanager
def started(folder: Path) -> Iterator[tuple[str, Live]]:
    """The pages, and the live process that knows where they are."""
    with (
        served(WSGIHandler()) as site,
        live_process(folder, HESABU_PUBLIC_URL=site) as live,
        known_to_pages(site, live.url),
    ):
        yield site, live


@pytest.fixture(scope="module")
def both(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Live]]:
    with started(tmp_path_factory.mktemp("live")) as found:
        yield found


def pay_page(site: str, issued: Any) -> str:
    return f"{site}/p/{issued.pay_url.rpartition('/')[2]}"


def waits_to_be_told(page: Page) -> None:
    """Its own question every few seconds would hide whether it was told."""
    page.evaluate(
        """() => {
            const poll = document.getElementById("poll");
            poll.outerHTML = poll.outerHTML.replace(/hx-trigger="[^"]*"/, 'hx-trigger="news from:document"');
            htmx.process(document.getElementById("poll"));
        }"""
    )


def is_followed(live: Live) -> None:
    eventually(lambda: live.figure("hesabu_live_streams") >= 1, 60)


def test_the_pay_page_turns_to_paid_because_it_is_told(
    both: tuple[str, Live], visit: Visit, shop: Any
) -> None:
    site, live = both
    invoice = shop.invoiced()
    page = visit(pay_page(site, invoice))
    waits_to_be_told(page)
    is_followed(live)
    shop.paid(invoice.id, "75000")
    expect(page.get_by_role("heading", name="Paid.")).to_be_visible()
    assert page.locator("#poll").get_attribute("hx-get") is None
    eventually(lambda: live.figure("hesabu_live_streams") == 0, 60)


def test_it_turns_without_the_live_process_too(visit: Visit, shop: Any, tmp_path: Path) -> None:
    invoice = shop.invoiced()
    with started(tmp_path) as (site, live):
        page = visit(pay_page(site, invoice))
        is_followed(live)
        live.process.kill()
        live.process.wait()
        shop.paid(invoice.id, "75000")
        expect(page.get_by_role("heading", name="Paid.")).to_be_visible()


def test_an_owner_sees_an_invoice_and_its_payment_come_in(
    both: tuple[str, Live], visit: Visit, new_shop: Callable[..., Any]
) -> None:
    site, live = both
    shop = new_shop()
    invoice = shop.invoiced()
    page = visit(f"{site}/account/login/")
    signed_in(page, site, alone(shop.id))
    page.goto(site + at(shop.id))
    rows = page.locator("#invoices tbody tr")
    expect(rows).to_have_count(1)
    is_followed(live)
    assert violations(page) == []
    page.get_by_role("link", name=invoice.number).first.focus()
    shop.paid(invoice.id, "75000")
    expect(rows.first).to_contain_text("Paid")
    expect(page.locator("#payments")).to_contain_text("Cash")
    expect(page.get_by_role("status")).to_have_text("Something new came in, and is on this page.")
    expect(page.get_by_role("link", name=invoice.number).first).to_be_focused()
    shop.invoiced("1200")
    expect(rows).to_have_count(2)
    assert violations(page) == []


def test_whoever_is_let_go_is_told_kindly(
    both: tuple[str, Live], visit: Visit, business_id: UUID
) -> None:
    from hesabu.identity import actions
    from hesabu.store import tenancy

    site, live = both
    seller, person_id, _ = joined(business_id, "seller")
    page = visit(f"{site}/account/login/")
    signed_in(page, site, seller)
    page.goto(site + at(business_id))
    is_followed(live)
    expect(page.get_by_role("alert")).to_be_hidden()
    with tenancy.bound(business_id):
        actions.change_role(person_id, "viewer")
    expect(page.get_by_role("alert")).to_contain_text("What you may see here has changed.")
    assert violations(page) == []
    page.get_by_role("link", name="Load it again").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    is_followed(live)


def test_a_page_that_is_looked_at_no_more_follows_nothing(
    both: tuple[str, Live], visit: Visit, shop: Any
) -> None:
    site, live = both
    page = visit(pay_page(site, shop.invoiced()))
    is_followed(live)
    page.goto("about:blank")
    eventually(lambda: live.figure("hesabu_live_streams") == 0, 60)
