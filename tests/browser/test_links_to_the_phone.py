"""Links that went to a phone, opened in a browser: a form on a page with a secret address is sent like any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import served, violations
from doors.web.test_signing_in_attacked import figures
from doors.web.test_signing_in_by_telephone import merchant, messages_to, new_phone


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    from hesabu.app.wsgi import application

    with served(application) as url:
        yield url


def asked(page: Page, site: str, phone: str) -> str:
    """The address of the link that went to the number."""
    page.goto(f"{site}/account/telephone")
    page.get_by_role("textbox").fill(phone)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look at your phone")).to_be_visible()
    return site + "/account/t/" + re.findall(r"/account/t/(\S+)", messages_to(phone)[-1])[0]


def test_a_link_from_whatsapp_lets_in_the_browser_that_asked(
    site: str, visit: Callable[..., Page]
) -> None:
    phone = new_phone()
    merchant(phone)
    page = visit(site, "narrow")
    page.goto(asked(page, site, phone))
    assert violations(page) == []
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Welcome, Wanjiku")).to_be_visible()


def test_opened_on_the_phone_it_lets_in_the_computer_that_asked(
    site: str, visit: Callable[..., Page]
) -> None:
    phone = new_phone()
    merchant(phone)
    desk, handset = visit(site), visit(site, "narrow")
    handset.goto(asked(desk, site, phone))
    letters = desk.locator("strong").filter(has_text=re.compile(r"^[A-Z0-9]{4,6}$")).inner_text()
    handset.get_by_role("textbox").fill(letters)
    handset.keyboard.press("Enter")
    expect(handset.get_by_role("heading")).not_to_have_text("Sign in here")
    desk.get_by_role("button", name="I have typed it there").click()
    expect(desk.get_by_text("Welcome, Wanjiku")).to_be_visible()


def test_who_came_from_whatsapp_sets_up_an_app_and_sees_the_recovery_codes_at_once(
    site: str, visit: Callable[..., Page]
) -> None:
    phone = new_phone()
    merchant(phone)
    page = visit(site)
    page.goto(asked(page, site, phone))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Welcome, Wanjiku")).to_be_visible()
    page.goto(f"{site}/account/2fa/totp/activate/")
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_role("textbox").fill(figures(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
