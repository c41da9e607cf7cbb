"""Signing in by a provider on another host, and by codes by text message, in a real browser with our content policy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page

from browser.test_signing_in import from_menu, looked_at, signed_up, site
from doors.web.people import PASSWORD, new_address, person_id_of
from doors.web.test_signing_in_by_others import Provider, provider, somebody
from doors.web.test_signing_in_by_telephone import new_phone
from doors.web.test_signing_in_by_text import code_texted_to
from doors.web.test_signing_in_sessions import configured
from hesabu.messaging import actions as messaging
from hesabu.store import tenancy

__all__ = ["provider", "site"]


@pytest.fixture
def page_of_provider(provider: Provider) -> Iterator[str]:
    """Where the provider takes people in: another host than its issuer. It sends them straight back, as one does who is
    signed in there already."""

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: one[0] for name, one in parse_qs(urlsplit(self.path).query).items()}
            provider.nonce = query["nonce"]
            back = f"{query['redirect_uri']}?code=given&state={query['state']}"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<a href="{back}">I am Achieng</a>'.encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.2", 0), Asked)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    ).start()
    origin = f"http://127.0.0.2:{server.server_port}"
    provider.metadata = {"authorization_endpoint": f"{origin}/authorize"}
    yield origin
    server.shutdown()
    server.server_close()


def test_a_provider_on_another_host_lets_in_through_the_policy(
    visit: Callable[..., Page], site: str, provider: Provider, page_of_provider: str
) -> None:
    somebody(provider)
    page = visit(f"{site}/account/login/")
    page.get_by_role("button", name="Sign in with Keycloak").click()
    page.wait_for_url(f"{page_of_provider}/**")
    page.get_by_role("link", name="I am Achieng").click()
    page.get_by_text("Welcome, Achieng").wait_for()


def test_codes_by_text_are_set_up_and_asked_for(visit: Callable[..., Page], site: str) -> None:
    with configured(sms_provider="africastalking"):
        page = visit(f"{site}/account/login/")
        address, phone = new_address(), new_phone()
        signed_up(page, site, address)
        page.goto(f"{site}/account/2fa/text/")
        page.get_by_text("No number of yours is proven").wait_for()
        looked_at(page, "text-no-number")
        with tenancy.house():
            messaging.introduce(messaging.meet(phone), person_id_of(address))
        page.goto(f"{site}/account/2fa/")
        page.get_by_role("link", name="Use text messages").click()
        page.get_by_text("weakest second step").wait_for()
        looked_at(page, "text-set-up")
        page.get_by_role("button", name="Send a code").click()
        page.get_by_label("The six figures").wait_for()
        looked_at(page, "text-confirm")
        page.get_by_label("The six figures").fill(code_texted_to(phone))
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("I have kept them").wait_for()
        page.goto(f"{site}/account/2fa/")
        looked_at(page, "security-with-text")
        page.goto(f"{site}/account/2fa/text/remove")
        looked_at(page, "text-remove")
        from_menu(page, "button", "Sign out")
        page.wait_for_url("**/account/login/")
        page.get_by_label("E-mail address").fill(address)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Show").click()
        assert page.get_by_label("Password").get_attribute("type") == "text"
        looked_at(page, "sign-in-shown")
        page.get_by_role("button", name="Hide").click()
        assert page.get_by_label("Password").get_attribute("type") == "password"
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", name="Second step").wait_for()
        looked_at(page, "text-step")
        page.get_by_label("Code").fill(code_texted_to(phone))
        page.get_by_role("button", name="Go on").click()
        page.get_by_text("Welcome, Wanjiku").wait_for()
