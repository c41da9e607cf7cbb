"""A word for the outer door names its key. It does not bring one, nor say where one is to be had."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from doors.web.people import new_browser
from doors.web.test_signing_in_outer_door import Team, number, serving, status, team, text_of

__all__ = ["team"]
pytestmark = pytest.mark.usefixtures("database")


def by_thief(team: Team, header: dict[str, Any], thief: rsa.RSAPrivateKey) -> str:
    """A good word, but for its head and who signed it."""
    claims = team.word().split(".")[1]
    head = {"alg": "RS256", "kid": "new", "typ": "JWT"} | header
    signed = f"{text_of(json.dumps(head).encode())}.{claims}"
    return f"{signed}.{text_of(thief.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def test_a_key_that_comes_with_the_word_opens_nothing(team: Team) -> None:
    assert status(team.word()) == 200
    thief = rsa.generate_private_key(65537, 2048)
    public = thief.public_key().public_numbers()
    own = {"kty": "RSA", "kid": "new", "e": number(public.e), "n": number(public.n)}
    asked: list[int] = []

    def keys() -> bytes:
        asked.append(1)
        return json.dumps({"keys": [own]}).encode()

    with serving(keys) as elsewhere:
        for header in (
            {"jwk": own},
            {"jku": f"http://{elsewhere}/cdn-cgi/access/certs"},
            {"x5u": f"http://{elsewhere}/"},
            {"x5c": [base64.b64encode(b"certificate").decode()]},
            {"kid": f"http://{elsewhere}/"},
            {"kid": "../../../../dev/null"},
            {"kid": ""},
            {"crit": ["exp"], "jwk": own},
        ):
            assert status(by_thief(team, header, thief)) == 403, header
    assert asked == []


def test_an_address_that_the_outer_door_is_said_to_have_seen_opens_nothing(team: Team) -> None:
    """What Access sends besides its word is not signed, and anybody can send it."""
    for name in (
        "HTTP_CF_ACCESS_AUTHENTICATED_USER_EMAIL",
        "HTTP_CF_CONNECTING_IP",
        "HTTP_CF_ACCESS_CLIENT_ID",
        "HTTP_CF_ACCESS_CLIENT_SECRET",
        "HTTP_COOKIE",
    ):
        said = f"CF_Authorization={team.word()}" if name == "HTTP_COOKIE" else "owner@example.com"
        answer = new_browser().get("/account/login/", **{name: said})
        assert answer.status_code == 403, name
