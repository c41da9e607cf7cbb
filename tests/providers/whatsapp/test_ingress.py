"""Letters at the door: what is not Meta's leaves no trace, what is Meta's is filed before it is answered."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from hesabu.messaging.providers.whatsapp.intake import WhatsAppIntake, signature_of
from providers.whatsapp import envelopes

SECRET, WORD = "app secret", "the word"


class Door:
    """The ingress, knocked at as a web server does."""

    def __init__(self, ingress: Any, token: str) -> None:
        self.ingress, self.token = ingress, token

    def knock(
        self,
        body: bytes = b"",
        signature: str | None = None,
        *,
        method: str = "POST",
        query: str = "",
        token: str = "",
    ) -> tuple[str, bytes]:
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"/hooks/{token or self.token}",
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "203.0.113.7",
            "wsgi.input": io.BytesIO(body),
        }
        if signature is not None:
            environ["HTTP_X_HUB_SIGNATURE_256"] = signature
        answered: list[str] = []
        said = self.ingress(environ, lambda status, headers: answered.append(status))
        return answered[0], b"".join(said)


@pytest.fixture
def door(database: str) -> Iterator[Door]:
    from hesabu.messaging import actions
    from hesabu.store.ingress import Ingress

    ingress = Ingress(database, {"whatsapp": WhatsAppIntake(SECRET, WORD)}, {}, pool_size=1)
    yield Door(ingress, actions.open_channel())
    ingress._pool.close()


def _filed(admin_url: str) -> int:
    with psycopg.connect(admin_url) as admin:
        row = admin.execute(
            "SELECT count(*) FROM store_letter WHERE provider = 'whatsapp'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _body() -> bytes:
    return envelopes.envelope(
        messages=[envelopes.text("Hi", message_id=f"wamid.{secrets.token_hex(8)}")]
    )


def test_the_address_stays_the_same(door: Door) -> None:
    from hesabu.messaging import actions

    assert actions.open_channel() == door.token


def test_a_signed_letter_is_filed_once_and_answered_with_200(door: Door, admin_url: str) -> None:
    before, body = _filed(admin_url), _body()
    for _ in range(3):
        assert door.knock(body, signature_of(SECRET, body))[0].startswith("200")
    assert _filed(admin_url) == before + 1


def test_signed_garbage_is_filed_too_for_the_reader_to_refuse(door: Door, admin_url: str) -> None:
    before, body = _filed(admin_url), secrets.token_bytes(64)
    assert door.knock(body, signature_of(SECRET, body))[0].startswith("200")
    assert _filed(admin_url) == before + 1


@pytest.mark.parametrize("signature", [None, "", "sha256=00", "sha256=" + "0" * 64, "nonsense"])
def test_what_is_unsigned_or_wrongly_signed_gets_401_and_leaves_no_trace(
    door: Door, admin_url: str, signature: str | None
) -> None:
    before = _filed(admin_url)
    assert door.knock(_body(), signature)[0].startswith("401")
    assert _filed(admin_url) == before


def test_a_giant_body_is_refused_before_it_is_read(door: Door, admin_url: str) -> None:
    before, body = _filed(admin_url), b"x" * (4 * 1024 * 1024)
    assert door.knock(body, signature_of(SECRET, body))[0].startswith("413")
    assert _filed(admin_url) == before


def test_another_address_is_nobodys(door: Door) -> None:
    body = _body()
    assert door.knock(body, signature_of(SECRET, body), token="guessed")[0].startswith("404")


def test_the_handshake_is_answered_only_to_who_knows_the_word(door: Door) -> None:
    right = "hub.mode=subscribe&hub.verify_token=the+word&hub.challenge=1158201444"
    assert door.knock(method="GET", query=right) == ("200 OK", b"1158201444")
    wrong = right.replace("the+word", "a+word")
    assert door.knock(method="GET", query=wrong)[0].startswith("40")
