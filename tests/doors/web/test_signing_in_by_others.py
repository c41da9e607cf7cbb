"""Signing in by an OpenID Connect provider that stands on a socket."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings

from doors.web.people import is_in, letters_to, new_address, new_browser, person_id_of, signed_up
from hesabu.kit import clock, http

pytestmark = pytest.mark.usefixtures("database")


class Provider:
    """What it says of whoever signs in there."""

    def __init__(self) -> None:
        self.origin, self.claims, self.asked = "", {}, []  # type: ignore[var-annotated]

    def answer(self, path: str, form: dict[str, list[str]]) -> Any:
        self.asked.append((path, form))
        if path.endswith("/openid-configuration"):
            ends = {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "userinfo_endpoint": "userinfo",
                "jwks_uri": "keys",
            }
            return {"issuer": self.origin} | {
                name: f"{self.origin}/{end}" for name, end in ends.items()
            }
        if path == "/token":
            return {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token()}
        return self.claims

    def id_token(self) -> str:
        at = int(clock.now().timestamp())
        claims = {"iss": self.origin, "aud": "hesabu", "exp": at + 300, "iat": at} | self.claims
        parts = [{"alg": "RS256", "kid": "1"}, claims]
        packed = [
            base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode()
            for one in parts
        ]
        return ".".join([*packed, "c2ln"])


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    class Asked(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            form = parse_qs(self.rfile.read(size).decode())
            body = json.dumps(made.answer(urlsplit(self.path).path, form)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - http.server calls them so

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    made.origin = f"http://127.0.0.1:{server.server_port}"
    allowed = settings.CONFIG.allowed_private_hosts.split(",")
    http.allow_private([*allowed, f"127.0.0.1:{server.server_port}"])
    app = {
        "provider_id": "house",
        "name": "Keycloak",
        "client_id": "hesabu",
        "secret": "hush",
        "settings": {"server_url": made.origin, "oauth_pkce_enabled": True},
    }
    with override_settings(SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [app]}}):
        yield made
    http.allow_private(allowed)
    server.shutdown()
    server.server_close()
    thread.join(5)


def comes_back(browser: Client, state: str | None = None) -> Any:
    answer = browser.post("/account/oidc/house/login/")
    assert answer.status_code == 302, answer.content
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    return browser.get(
        "/account/oidc/house/login/callback/",
        {"code": "given", "state": state or query["state"][0]},
        follow=True,
    )


def test_the_button_is_there_only_where_a_provider_is_set(provider: Provider) -> None:
    assert "Sign in with Keycloak" in new_browser().get("/account/login/").content.decode()
    with override_settings(SOCIALACCOUNT_PROVIDERS={}):
        assert "Keycloak" not in new_browser().get("/account/login/").content.decode()


def test_somebody_new_is_registered_and_comes_back(provider: Provider) -> None:
    address = new_address()
    provider.claims = {
        "sub": address,
        "email": address,
        "email_verified": True,
        "name": "Achieng Otieno",
    }
    browser = new_browser()
    comes_back(browser)
    assert "Achieng Otieno" in browser.get("/home").content.decode()
    person_id = person_id_of(address)
    again = new_browser()
    comes_back(again)
    assert is_in(again)
    assert person_id_of(address) == person_id
    assert any("code_verifier" in form for path, form in provider.asked if path == "/token")


@pytest.mark.parametrize("is_verified", [False, True, None, "false"])
def test_a_known_address_is_never_taken_over(provider: Provider, is_verified: Any) -> None:
    address = new_address()
    signed_up(new_browser(), address)
    owner = person_id_of(address)
    provider.claims = {"sub": f"thief-{address}", "email": address, "email_verified": is_verified}
    browser = new_browser()
    comes_back(browser)
    assert not is_in(browser)
    assert person_id_of(address) == owner


def test_an_unverified_address_has_to_be_proven_here(provider: Provider) -> None:
    address = new_address()
    provider.claims = {"sub": address, "email": address, "email_verified": False, "name": "Achieng"}
    browser = new_browser()
    comes_back(browser)
    assert not is_in(browser)
    assert letters_to(address)


def test_an_answer_that_nobody_asked_for_opens_nothing(provider: Provider) -> None:
    address = new_address()
    provider.claims = {"sub": address, "email": address, "email_verified": True, "name": "Achieng"}
    victim = new_browser()
    comes_back(victim, state="made-up")
    assert not is_in(victim)


def test_a_provider_that_answers_nonsense_is_a_clear_refusal(provider: Provider) -> None:
    provider.claims = {"email": 7}
    browser = new_browser()
    browser.raise_request_exception = False
    answer = comes_back(browser)
    assert answer.status_code < 500
    assert not is_in(browser)


def test_what_the_provider_told_is_not_kept(provider: Provider) -> None:
    from allauth.socialaccount.models import SocialAccount

    address = new_address()
    provider.claims = {
        "sub": address,
        "email": address,
        "email_verified": True,
        "name": "Achieng",
        "birthdate": "1990-01-01",
    }
    comes_back(new_browser())
    assert SocialAccount.objects.get(user_id=person_id_of(address)).extra_data == {}
