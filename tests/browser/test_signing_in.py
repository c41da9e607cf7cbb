"""Signing in as somebody does: in a browser, with a passkey that a virtual authenticator holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from browser.conftest import served, violations
from doors.web.people import PASSWORD, code_sent_to, new_address
from doors.web.test_signing_in_attacked import figures

LOOKS = ("light", "dark", "narrow")


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    from hesabu.app.wsgi import application

    with served(application) as url:
        yield url.replace("127.0.0.1", "localhost")


def kept(page: Page, name: str) -> None:
    """A picture of the page in each look, where somebody wants to see them."""
    place = os.environ.get("HESABU_TEST_PICTURES")
    if not place:
        return
    Path(place).mkdir(parents=True, exist_ok=True)
    for look, scheme, width in (
        ("light", "light", 1280),
        ("dark", "dark", 1280),
        ("narrow", "light", 360),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=f"{place}/{name}-{look}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def looked_at(page: Page, name: str) -> None:
    kept(page, name)
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 360)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == [], (name, scheme, width)
        assert fits(page), (name, width)


def from_menu(page: Page, role: Any, name: str) -> None:
    """In the hand the places are in the menu."""
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()
    page.get_by_role(role, name=name).click()


def signed_up(page: Page, site: str, address: str) -> None:
    page.goto(f"{site}/account/signup/")
    looked_at(page, "sign-up")
    page.get_by_label("Your name").fill("Wanjiku Kamau")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_label("Code").wait_for()
    looked_at(page, "code")
    page.get_by_label("Code").fill(code_sent_to(address))
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Welcome, Wanjiku").wait_for()


def with_authenticator(page: Page) -> Any:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools


def test_somebody_signs_up_adds_a_passkey_and_comes_back_by_it_alone(
    visit: Callable[..., Page], site: str
) -> None:
    page = visit(f"{site}/account/login/")
    looked_at(page, "sign-in")
    with_authenticator(page)
    address = new_address()
    signed_up(page, site, address)
    page.goto(f"{site}/account/2fa/")
    looked_at(page, "security")
    page.goto(f"{site}/account/2fa/webauthn/add/")
    looked_at(page, "add-passkey")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("I have kept them").wait_for()
    looked_at(page, "recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_text("1 passkey").first.wait_for()
    looked_at(page, "security-with-passkey")
    page.goto(f"{site}/account/sessions/")
    looked_at(page, "sessions")
    page.goto(f"{site}/account/tries")
    looked_at(page, "tries")
    from_menu(page, "button", "Sign out")
    page.wait_for_url("**/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("Welcome, Wanjiku").wait_for()


def test_an_authenticator_app_is_set_up_and_asked_for(
    visit: Callable[..., Page], site: str
) -> None:
    from django.core.cache import cache

    page = visit(f"{site}/account/login/")
    address = new_address()
    signed_up(page, site, address)
    page.goto(f"{site}/account/2fa/totp/activate/")
    looked_at(page, "authenticator")
    secret = page.locator(".secret").inner_text()
    page.get_by_label("The six figures").fill(figures(secret))
    page.get_by_role("button", name="Set up").click()
    page.get_by_text("I have kept them").wait_for()
    from_menu(page, "button", "Sign out")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second step").wait_for()
    looked_at(page, "second-step")
    cache.clear()
    page.get_by_label("Code").fill(figures(secret))
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Welcome, Wanjiku").wait_for()


def test_the_pages_of_the_other_ways_fit_and_can_be_read(
    visit: Callable[..., Page], site: str
) -> None:
    page = visit(f"{site}/account/password/reset/")
    looked_at(page, "reset")
    page.goto(f"{site}/account/login/code/")
    looked_at(page, "code-by-mail")
    page.goto(f"{site}/account/telephone")
    looked_at(page, "telephone")
    page.get_by_label("Your number").fill("+254 712 345 678")
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Look at your phone").wait_for()
    looked_at(page, "telephone-wait")
