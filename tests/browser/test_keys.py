"""Keys and apps in a real browser: a key is made, copied and used; an app asks, is let in, acts and is taken back."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import Page

from browser.conftest import served
from browser.test_signing_in import looked_at, signed_up, with_authenticator
from doors.web.people import new_address, person_id_of
from hesabu.kit import ids
from steady import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    """Under the address that it says of itself, so that what it shows can be tried."""
    from hesabu.app.wsgi import application

    kept = settings.CONFIG
    with served(application) as url:
        settings.CONFIG = kept.model_copy(
            update={"public_url": url.replace("127.0.0.1", "localhost")}
        )
        yield settings.CONFIG.public_url
    settings.CONFIG = kept


@pytest.fixture
def back() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Where an app on this computer waits for whoever comes back; and with what they came."""
    came: list[dict[str, str]] = []

    class Waiting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/back"):
                came.append(dict(parse_qsl(urlsplit(self.path).query)))
            body = b"<!doctype html><title>Stock counter</title><p>You can close this.</p>"
            self.send_response(200 if self.path.startswith("/back") else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """A test's output is what it asserts."""

    server = HTTPServer(("127.0.0.1", 0), Waiting)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/back", came
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE_SECONDS)


def owner_at(page: Page, site: str, business_id: UUID) -> None:
    """Signed in with a passkey, an owner of the business."""
    from hesabu.identity import actions
    from hesabu.identity.types import Role
    from hesabu.store import tenancy

    with_authenticator(page)
    address = new_address()
    signed_up(page, site, address)
    page.goto(f"{site}/account/2fa/webauthn/add/")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("I have kept them").wait_for()
    with tenancy.bound(business_id):
        actions.add_member(person_id_of(address), Role.OWNER)


def test_a_key_is_made_tried_by_its_own_example_and_taken_back(
    visit: Callable[..., Page], site: str, business_id: UUID
) -> None:
    page = visit(f"{site}/account/login/")
    owner_at(page, site, business_id)
    keys = f"{site}/b/{ids.short(business_id)}/keys"
    page.goto(keys)
    page.get_by_role("heading", name="No key yet").wait_for()
    looked_at(page, "keys-none")
    page.get_by_role("link", name="Make a key").click()
    looked_at(page, "keys-make")
    page.get_by_label("What you call it").fill("Till in the shop")
    page.get_by_role("button", name="Make it").click()
    page.get_by_text("Choose at least one thing").wait_for()
    looked_at(page, "keys-make-wrong")
    assert page.get_by_label("What you call it").input_value() == "Till in the shop"
    page.get_by_label("See the business's details").check()
    page.get_by_label("See invoices").check()
    page.get_by_role("button", name="Make it").click()
    page.get_by_text("It is shown this once.").wait_for()
    looked_at(page, "keys-made")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the key").click()
    page.get_by_text("Copied").wait_for()
    key = page.locator("#key").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == key
    example = page.locator("#example").inner_text()
    ran = subprocess.run(
        ["bash", "-c", f"{example} --silent --fail --max-time {PATIENCE_SECONDS}"],
        capture_output=True,
        text=True,
    )
    assert json.loads(ran.stdout)["business_id"] == ids.show("biz", business_id), ran.stderr
    page.get_by_role("link", name="I have kept it").click()
    page.get_by_text("Last used at").wait_for()
    assert key not in page.content()
    looked_at(page, "keys")
    page.get_by_role("link", name="Take Till in the shop back").click()
    looked_at(page, "keys-revoke")
    page.get_by_role("button", name="Take the key back").click()
    page.get_by_text("The key opens nothing any more.").wait_for()
    ran = subprocess.run(
        ["bash", "-c", f"{example} --silent --fail --max-time {PATIENCE_SECONDS}"],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 22
    looked_at(page, "keys-after")


def test_an_app_asks_is_let_in_acts_and_is_taken_back(
    visit: Callable[..., Page],
    site: str,
    business_id: UUID,
    back: tuple[str, list[dict[str, str]]],
) -> None:
    from identity.apps import challenge_of

    address, came = back
    page = visit(f"{site}/account/login/")
    owner_at(page, site, business_id)
    apps = f"{site}/b/{ids.short(business_id)}/apps"
    page.goto(apps)
    looked_at(page, "apps-none")
    page.get_by_role("link", name="Register an app").click()
    page.get_by_label("What it is called").fill("Stock counter")
    page.get_by_label("Where people come back to").fill(address)
    page.get_by_label("See the business's details").check()
    looked_at(page, "apps-register")
    page.get_by_role("button", name="Register it").click()
    page.get_by_role("heading", name="The app is registered").wait_for()
    looked_at(page, "apps-registered")
    client_id, verifier = page.locator("#client-id").inner_text(), "v" * 50
    asking = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": address,
        "scope": "business:read",
        "state": "s-1",
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    page.goto(f"{site}/account/authorize?{urlencode(asking)}")
    page.get_by_role("heading", name="Let Stock counter act for you?").wait_for()
    looked_at(page, "consent")
    page.get_by_role("button", name="Do not let it").click()
    page.wait_for_url(f"{address}?**")
    assert came[-1]["error"] == "access_denied"
    page.goto(f"{site}/account/authorize?{urlencode(asking)}")
    page.get_by_role("button", name="Let Stock counter act").click()
    page.wait_for_url(f"{address}?**")
    assert (came[-1]["state"], came[-1]["iss"]) == ("s-1", site)
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": came[-1]["code"],
        "redirect_uri": address,
        "code_verifier": verifier,
    }
    with urllib.request.urlopen(
        f"{site}/api/v1/token", urlencode(form).encode(), timeout=PATIENCE_SECONDS
    ) as answer:
        access = json.load(answer)["access_token"]
    asked = urllib.request.Request(
        f"{site}/api/v1/me", headers={"Authorization": f"Bearer {access}"}
    )
    with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:
        assert json.load(answer)["kind"] == "app"
    page.goto(apps)
    page.get_by_text("for Wanjiku Kamau").wait_for()
    looked_at(page, "apps")
    page.goto(f"{site}/account/apps")
    looked_at(page, "own-apps")
    page.get_by_role("button", name="Take it back from Stock counter").click()
    page.get_by_text("No app acts for you.").wait_for()
    looked_at(page, "own-apps-none")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS)


def test_the_description_of_the_api_can_be_read(visit: Callable[..., Page], site: str) -> None:
    page = visit(f"{site}/api/v1/docs")
    page.get_by_role("heading", name="How programs ask").wait_for()
    assert page.get_by_text("POST /invoices", exact=True).is_visible()
    looked_at(page, "api-docs")
    hosts = page.evaluate("performance.getEntriesByType('resource').map(r => new URL(r.name).host)")
    assert set(hosts) <= {urlsplit(site).netloc}
