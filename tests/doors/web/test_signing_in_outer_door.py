"""Cloudflare Access as an outer door, with keys of our own on a socket."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.test.utils import override_settings

from doors.web.people import new_browser
from hesabu.doors.web.account import outer
from hesabu.kit import clock, http
from steady import PATIENCE_SECONDS

pytestmark = pytest.mark.usefixtures("database")
AUDIENCE = "ab" * 32


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    return text_of(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Team:
    """Access's side: two keys, and words signed with them."""

    def __init__(self) -> None:
        self.keys = {kid: rsa.generate_private_key(65537, 2048) for kid in ("old", "new")}
        self.asked = 0
        self.host = ""

    def listed(self) -> bytes:
        self.asked += 1
        rows = []
        for kid, key in self.keys.items():
            public = key.public_key().public_numbers()
            rows.append(
                {
                    "kid": kid,
                    "kty": "RSA",
                    "alg": "RS256",
                    "use": "sig",
                    "e": number(public.e),
                    "n": number(public.n),
                }
            )
        return json.dumps({"keys": rows}).encode()

    def word(self, kid: str = "new", header: dict[str, Any] | None = None, **changes: Any) -> str:
        at = int(clock.now().timestamp())
        claims: dict[str, Any] = {
            "aud": [AUDIENCE],
            "email": "owner@example.com",
            "exp": at + 600,
            "iat": at,
            "nbf": at,
            "iss": f"http://{self.host}",
            "type": "app",
            "sub": "7335d417-61da-459d-899c-0a01c76a2f94",
        }
        claims |= changes
        head = {"alg": "RS256", "kid": kid, "typ": "JWT"} | (header or {})
        signed = f"{text_of(json.dumps(head).encode())}.{text_of(json.dumps(claims).encode())}"
        key = self.keys.get(kid) or rsa.generate_private_key(65537, 2048)
        return f"{signed}.{text_of(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


@contextmanager
def serving(answer: Any) -> Iterator[str]:
    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answer()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE_SECONDS)


@pytest.fixture
def team() -> Iterator[Team]:
    made = Team()
    with serving(made.listed) as host:
        made.host = host
        outer._known.pop(host, None)  # a port that comes again is another team
        allowed = settings.CONFIG.allowed_private_hosts
        http.allow_private([*allowed.split(","), host])
        config = settings.CONFIG.model_copy(
            update={"access_team": host, "access_audience": AUDIENCE}
        )
        with override_settings(CONFIG=config):
            yield made
        http.allow_private(allowed.split(","))


def status(word: str | None, path: str = "/account/login/") -> int:
    headers = {"HTTP_CF_ACCESS_JWT_ASSERTION": word} if word is not None else {}
    return int(new_browser().get(path, **headers).status_code)


def test_a_page_opens_with_its_word_and_not_without(team: Team) -> None:
    assert status(None) == 403
    assert status("") == 403
    assert status(team.word()) == 200
    assert status(team.word("old")) == 200


def test_its_word_signs_nobody_in(team: Team) -> None:
    assert status(team.word(), "/home") == 302


def test_the_unsigned_header_is_not_believed(team: Team) -> None:
    answer = new_browser().get(
        "/account/login/", HTTP_CF_ACCESS_AUTHENTICATED_USER_EMAIL="owner@example.com"
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["cd" * 32]},
        {"aud": []},
        {"aud": None},
        {"iss": "https://evil.cloudflareaccess.com"},
        {"type": "org"},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"exp": None},
        {"nbf": 99_999_999_999},
        {"iat": 99_999_999_999},
    ],
)
def test_a_word_for_others_or_of_another_time_opens_nothing(
    team: Team, changes: dict[str, Any]
) -> None:
    assert status(team.word(**changes)) == 403


def test_a_word_by_an_unknown_key_opens_nothing_and_is_asked_about_once_a_minute(
    team: Team,
) -> None:
    assert status(team.word()) == 200
    asked = team.asked
    for _ in range(3):
        assert status(team.word("nobody")) == 403
    assert team.asked <= asked + 1
    team.keys["nobody"] = rsa.generate_private_key(65537, 2048)
    with clock.moved(seconds=120):
        assert status(team.word("nobody")) == 200


def test_another_algorithm_opens_nothing(team: Team) -> None:
    assert status(team.word(header={"alg": "none"})) == 403
    signed = team.word(header={"alg": "none"}).rpartition(".")[0]
    assert status(f"{signed}.") == 403
    public = (
        team.keys["new"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    signed = team.word(header={"alg": "HS256"}).rpartition(".")[0]
    forged = text_of(hmac.digest(public, signed.encode(), "sha256"))
    assert status(f"{signed}.{forged}") == 403
    for named in ("RS512", "PS256", "ES256", "HS256", "rs256", ["RS256"], None):
        assert status(team.word(header={"alg": named})) == 403, f"{named}, though signed by RS256"


def test_a_word_that_was_changed_opens_nothing(team: Team) -> None:
    head, _body, signature = team.word().split(".")
    other = team.word(email="thief@example.com").split(".")[1]
    assert status(f"{head}.{other}.{signature}") == 403


@pytest.mark.parametrize(
    "word", ["a.b.c", "...", "x" * 10_000, "e30.e30.e30", "W10.W10.W10", "\u00e9.b.c"]
)
def test_nonsense_opens_nothing_and_breaks_nothing(team: Team, word: str) -> None:
    assert status(word) == 403


def test_doors_of_their_own_stay_open(team: Team) -> None:
    assert status(None, "/healthz") == 200
    assert status(None, "/p/unknown-link") == 404


def test_without_its_keys_no_page_opens(database: str) -> None:
    with serving(lambda: b"<html>") as host:
        http.allow_private([*settings.CONFIG.allowed_private_hosts.split(","), host])
        made = Team()
        made.host = host
        config = settings.CONFIG.model_copy(
            update={"access_team": host, "access_audience": AUDIENCE}
        )
        with override_settings(CONFIG=config):
            assert status(made.word()) == 503
        http.allow_private(settings.CONFIG.allowed_private_hosts.split(","))
