"""Signing in with Google is held to what every OpenID Connect provider is: its word answers this very request, once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test.utils import override_settings

from doors.web.people import is_in, new_browser, person_id_of
from doors.web.test_signing_in_by_others import (
    Provider,
    comes_back,
    provider,  # noqa: F401 - a fixture
    refused,
    somebody,
)
from hesabu.app import outgoing
from hesabu.app import settings as house

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def google(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:  # noqa: F811 - the fixture
    """What stands at the socket, as the settings of this house would name Google."""
    config = settings.CONFIG.model_copy(
        update={"google_client_id": "hesabu", "google_client_secret": "hush", "oidc_issuer": ""}
    )
    monkeypatch.setattr(house, "CONFIG", config)
    monkeypatch.setattr(house, "GOOGLE_ISSUER", provider.origin)
    provider.id = "google"
    with override_settings(SOCIALACCOUNT_PROVIDERS=house.others_providers()):
        yield provider


def test_who_comes_by_google_is_known_again_at_the_address_that_google_was_told(
    google: Provider,
) -> None:
    from allauth.socialaccount.models import SocialAccount

    address, browser = somebody(google), new_browser()
    assert "Sign in with Google" in browser.get("/account/login/").content.decode()
    answer = browser.post("/account/oidc/google/login/")
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert urlsplit(query["redirect_uri"][0]).path == "/account/google/login/callback/"
    assert query["nonce"][0]
    assert "openid" in query["scope"][0].split()
    comes_back(browser)
    assert is_in(browser)
    kept = SocialAccount.objects.get(user_id=person_id_of(address))
    assert (kept.provider, kept.uid) == ("google", address)  # as before it was asked for a nonce
    comes_back(again := new_browser())
    assert is_in(again)


def test_a_word_of_google_that_was_used_before_opens_nothing(google: Provider) -> None:
    """Replay: the word that let one browser in is given to the next."""
    somebody(google)
    first = new_browser()
    begun = first.post("/account/oidc/google/login/")
    query = parse_qs(urlsplit(begun["Location"]).query)
    google.nonce = query["nonce"][0]
    there = "/account/google/login/callback/"
    first.get(there, {"code": "given", "state": query["state"][0]}, follow=True)
    assert is_in(first)
    google.nonce = query["nonce"][0]
    refused(new_browser())
    again = new_browser()
    again.cookies = first.cookies
    answer = again.get(there, {"code": "given", "state": query["state"][0]})
    assert answer.status_code == 401  # the same address once more leads nowhere


@pytest.mark.parametrize("nonce", ["of another request", "", None, 7])
def test_a_wrong_or_missing_nonce_of_google_opens_nothing(google: Provider, nonce: Any) -> None:
    somebody(google)
    google.token_claims = {"nonce": nonce}
    refused(new_browser())


@pytest.mark.parametrize(
    "told",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"azp": "evil"},
        {"sub": "somebody else"},
        {"at_hash": "of another token"},
        {"at_hash": None},
        {"exp": 1},
    ],
)
def test_a_word_of_google_that_does_not_prove_itself_opens_nothing(
    google: Provider, told: dict[str, Any]
) -> None:
    somebody(google)
    google.token_claims = told
    refused(new_browser())


def test_a_word_that_came_with_another_access_token_opens_nothing(google: Provider) -> None:
    somebody(google)
    digest = hashlib.sha256(b"at").digest()[:16]
    right = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    google.token_claims = {"at_hash": right[:-1] + ("A" if right[-1] != "A" else "B")}
    refused(new_browser())
    google.token_claims = {"at_hash": right}
    comes_back(browser := new_browser())
    assert is_in(browser)


def test_one_tap_and_the_old_beginning_are_not_there(google: Provider) -> None:
    for path in ("/account/google/login/", "/account/google/login/token/"):
        assert new_browser().post(path).status_code == 404


def test_all_hosts_that_googles_configuration_leads_to_may_be_asked() -> None:
    """As it publishes them at https://accounts.google.com/.well-known/openid-configuration."""
    assert {
        "accounts.google.com",
        "oauth2.googleapis.com",
        "openidconnect.googleapis.com",
        "www.googleapis.com",
    } <= set(outgoing.GOOGLE)
