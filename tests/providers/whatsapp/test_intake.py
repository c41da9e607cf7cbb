"""Whose letters are Meta's."""

from __future__ import annotations

from uuid import UUID

import pytest

from hesabu.messaging.providers.whatsapp.intake import HEADER, WhatsAppIntake, signature_of
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
VECTOR = "sha256=02fe0c96d28c59ddb7cf81eff0ca05809b360ba73b63c28210b5906a0a107d1f"
INTAKE = WhatsAppIntake("app_secret_123", "the word")
ENDPOINT = OpenEndpoint(UUID(int=1), "whatsapp", None, None, None, None)


def _request(
    body: bytes = BODY, signature: str | None = VECTOR, query: str = "", method: str = "POST"
) -> HookRequest:
    headers = {} if signature is None else {HEADER: signature}
    return HookRequest(method, headers, query, body, "127.0.0.1", "")


def test_the_published_vector_holds() -> None:
    assert signature_of("app_secret_123", BODY) == VECTOR
    assert INTAKE.verify(ENDPOINT, _request()).is_vouched


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        VECTOR.upper(),
        VECTOR[:-1],
        VECTOR + "0",
        VECTOR.removeprefix("sha256="),
        "sha1=abc",
        "sha256=é",
    ],
)
def test_what_is_unsigned_or_wrongly_signed_is_not_genuine(signature: str | None) -> None:
    with pytest.raises(NotGenuine):
        INTAKE.verify(ENDPOINT, _request(signature=signature))


def test_one_changed_byte_is_not_genuine() -> None:
    with pytest.raises(NotGenuine):
        INTAKE.verify(ENDPOINT, _request(BODY + b" "))


def test_another_apps_signature_is_not_genuine() -> None:
    with pytest.raises(NotGenuine):
        INTAKE.verify(ENDPOINT, _request(signature=signature_of("another secret", BODY)))


def test_without_a_secret_nothing_is_genuine() -> None:
    with pytest.raises(NotGenuine):
        WhatsAppIntake("", "").verify(ENDPOINT, _request(signature=signature_of("", BODY)))


def test_an_endpoints_own_secret_goes_first() -> None:
    own = OpenEndpoint(UUID(int=1), "whatsapp", None, None, "own secret", None)
    assert INTAKE.verify(own, _request(signature=signature_of("own secret", BODY))).is_vouched
    with pytest.raises(NotGenuine):
        INTAKE.verify(own, _request())


def test_the_handshake_gives_the_challenge_back_verbatim() -> None:
    query = "hub.mode=subscribe&hub.verify_token=the+word&hub.challenge=1158201444"
    assert INTAKE.handshake(ENDPOINT, _request(query=query, method="GET")) == b"1158201444"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1",
        "hub.mode=unsubscribe&hub.verify_token=the+word&hub.challenge=1",
        "hub.verify_token=the+word&hub.challenge=1",
    ],
)
def test_a_handshake_with_the_wrong_word_is_refused(query: str) -> None:
    with pytest.raises(NotGenuine):
        INTAKE.handshake(ENDPOINT, _request(query=query, method="GET"))


def test_an_installation_without_a_word_shakes_no_hands() -> None:
    query = "hub.mode=subscribe&hub.verify_token=&hub.challenge=1"
    with pytest.raises(NotGenuine):
        WhatsAppIntake("secret", "").handshake(ENDPOINT, _request(query=query, method="GET"))
