"""Signing in by an OpenID Connect provider that stands on a socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from jwt.algorithms import RSAAlgorithm

from doors.web.people import (
    PASSWORD,
    is_in,
    letters_to,
    new_address,
    new_browser,
    person_id_of,
    signed_up,
)
from doors.web.test_signing_in_attacked import activated_totp, figures
from hesabu.kit import clock, http
from steady import PATIENCE_SECONDS

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
pytestmark = pytest.mark.usefixtures("database")


PROVIDERS: list[Provider] = []


class Provider:
    """What it says of whoever signs in there."""

    def __init__(self) -> None:
        self.origin, self.claims, self.asked = "", {}, []  # type: ignore[var-annotated]
        self.key, self.kid = KEY, "1"
        self.nonce, self.metadata, self.token_claims = "", {}, {}  # type: ignore[var-annotated]
        self.algorithm, self.id = "RS256", "house"

    def answer(self, path: str, form: dict[str, list[str]]) -> Any:
        self.asked.append((path, form))
        if path.endswith("/openid-configuration"):
            ends = {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "userinfo_endpoint": "userinfo",
                "jwks_uri": "keys",
            }
            where = {name: f"{self.origin}/{end}" for name, end in ends.items()}
            return {"issuer": self.origin} | where | self.metadata
        if path == "/keys":
            return {"keys": [json.loads(RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1"}]}
        if path == "/token":
            return {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token()}
        return self.claims

    def id_token(self) -> str:
        at = int(clock.now().timestamp())
        claims = {"iss": self.origin, "aud": "hesabu", "exp": at + 300, "iat": at}
        claims |= {"nonce": self.nonce} | self.claims | self.token_claims
        if self.algorithm == "none":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": self.kid})
        key = b"k" * 64 if self.algorithm.startswith("HS") else self.key
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": self.kid})


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    PROVIDERS.append(made)

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
    PROVIDERS.remove(made)
    server.shutdown()
    server.server_close()
    thread.join(PATIENCE_SECONDS)


def comes_back(browser: Client, state: str | None = None, **more: str) -> Any:
    provider = PROVIDERS[-1]
    answer = browser.post(f"/account/oidc/{provider.id}/login/")
    assert answer.status_code == 302, answer.content
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    PROVIDERS[-1].nonce = PROVIDERS[-1].nonce or query["nonce"][0]
    answer = browser.get(
        urlsplit(query["redirect_uri"][0]).path,
        {"code": "given", "state": state or query["state"][0], **more},
        follow=True,
    )
    PROVIDERS[-1].nonce = ""
    return answer


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


def somebody(provider: Provider) -> str:
    address = new_address()
    provider.claims = {
        "sub": address,
        "email": address,
        "email_verified": True,
        "name": "Achieng Otieno",
    }
    return address


def refused(browser: Client, **more: str) -> None:
    browser.raise_request_exception = False
    answer = comes_back(browser, **more)
    assert answer.status_code < 500
    assert not is_in(browser)


def test_a_word_that_answers_another_request_opens_nothing(provider: Provider) -> None:
    """Replay: the nonce is of the request that this browser made."""
    somebody(provider)
    provider.nonce = "of another request"
    refused(new_browser())
    provider.token_claims = {"nonce": None}
    refused(new_browser())


def test_a_word_of_another_issuer_opens_nothing(provider: Provider) -> None:
    somebody(provider)
    provider.token_claims = {"iss": "https://evil.example"}
    refused(new_browser())


def test_a_provider_that_names_another_issuer_is_not_believed(provider: Provider) -> None:
    somebody(provider)
    provider.metadata = {"issuer": "https://evil.example"}
    browser = new_browser()
    browser.raise_request_exception = False
    assert browser.post("/account/oidc/house/login/").status_code == 400


def test_a_word_for_another_audience_opens_nothing(provider: Provider) -> None:
    somebody(provider)
    for told in (
        {"aud": "somebody else"},
        {"aud": ["hesabu", "evil"]},
        {"aud": ["hesabu", "evil"], "azp": "evil"},
        {"azp": "evil"},
    ):
        provider.token_claims = told
        refused(new_browser())


def test_an_expired_word_opens_nothing(provider: Provider) -> None:
    somebody(provider)
    provider.token_claims = {"exp": int(clock.now().timestamp()) - 300}
    refused(new_browser())


def test_a_word_signed_by_another_key_opens_nothing(provider: Provider) -> None:
    somebody(provider)
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refused(new_browser())
    provider.key, provider.kid = KEY, "2"
    refused(new_browser())


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_word_by_an_algorithm_that_proves_nothing_opens_nothing(
    provider: Provider, algorithm: str
) -> None:
    somebody(provider)
    provider.algorithm = algorithm
    refused(new_browser())


def test_an_answer_of_another_provider_is_not_taken_for_this_ones(provider: Provider) -> None:
    """Mix-up: the answer names its issuer, and has to where the provider says that it does."""
    somebody(provider)
    refused(new_browser(), iss="https://evil.example")
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    refused(new_browser())
    browser = new_browser()
    comes_back(browser, iss=provider.origin)
    assert is_in(browser)


def test_two_answers_about_two_people_open_nothing(provider: Provider) -> None:
    somebody(provider)
    provider.token_claims = {"sub": "somebody else"}
    refused(new_browser())


def test_who_comes_by_a_provider_still_shows_our_second_factor(provider: Provider) -> None:
    address = somebody(provider)
    browser = new_browser()
    comes_back(browser)
    secret = activated_totp(browser)
    cache.clear()
    again = new_browser()
    answer = comes_back(again)
    assert not is_in(again)
    assert answer.redirect_chain[-1][0] == "/account/2fa/authenticate/"
    again.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert is_in(again)
    assert person_id_of(address)


def test_a_provider_that_is_away_is_a_clear_refusal(provider: Provider) -> None:
    provider.metadata = {"jwks_uri": f"{provider.origin}:1/keys"}
    somebody(provider)
    refused(new_browser())


def test_the_form_may_lead_to_where_the_provider_takes_people_in(provider: Provider) -> None:
    provider.metadata = {"authorization_endpoint": "https://login.idp.example/authorize"}
    policy = new_browser().get("/account/login/")["Content-Security-Policy"]
    rule = next(one for one in policy.split(";") if "form-action" in one).split()[1:]
    assert {"'self'", provider.origin, "https://login.idp.example"} == set(rule)
    elsewhere = new_browser().get("/")["Content-Security-Policy"]
    assert "idp.example" not in elsewhere


@pytest.mark.parametrize("told", ["javascript:x", "https://*", "https://a; script-src *", 7, None])
def test_a_provider_cannot_write_our_policy(provider: Provider, told: Any) -> None:
    provider.metadata = {"authorization_endpoint": told}
    policy = new_browser().get("/account/login/")["Content-Security-Policy"]
    rule = next(one for one in policy.split(";") if "form-action" in one).split()[1:]
    assert set(rule) == {"'self'", provider.origin}
    assert policy.count("script-src") == 1


def test_another_providers_account_can_be_taken_off_ones_own(provider: Provider) -> None:
    from allauth.socialaccount.models import SocialAccount

    address, browser = somebody(provider), new_browser()
    comes_back(browser)
    browser.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    (mine,) = SocialAccount.objects.filter(user_id=person_id_of(address))
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = browser.post("/account/3rdparty/", {"account": mine.pk})
    assert answer["Location"] == "/account/3rdparty/", answer.content
    assert not SocialAccount.objects.filter(pk=mine.pk).exists()
