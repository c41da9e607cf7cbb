"""The ingress: what is filed, what is refused, and what each is answered."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from prometheus_client import REGISTRY

from hesabu.app import wiring
from hesabu.kit import ids
from hesabu.messaging.providers.whatsapp.intake import signature_of
from hesabu.store import letters, tenancy
from hesabu.store.ingress import Ingress

BODY = b'{"object":"whatsapp_business_account","entry":[]}'


@pytest.fixture(scope="module")
def ingress(database: str) -> Iterator[Ingress]:
    made = Ingress(database, wiring.intakes(), wiring.answers(), trusted_proxies=["10.0.0.0/8"])
    yield made
    made.close()


@pytest.fixture
def opened(database: str) -> Iterator[Callable[..., tuple[UUID, str]]]:
    """Endpoints that are closed when the test ends: the house's own channels would be taken for these."""
    made: list[UUID] = []

    def make(provider: str, **given: Any) -> tuple[UUID, str]:
        with tenancy.house():
            endpoint_id, token = letters.open_endpoint(provider, **given)
        made.append(endpoint_id)
        return endpoint_id, token

    yield make
    with tenancy.house():
        for endpoint_id in made:
            letters.close_endpoint(endpoint_id)


def call(
    ingress: Ingress, path: str, body: bytes = b"", method: str = "POST", **environ: Any
) -> tuple[int, bytes]:
    said: list[str] = []
    given = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "196.201.214.200",
        "wsgi.input": io.BytesIO(body),
        **environ,
    }
    answer = b"".join(ingress(given, lambda status, headers: said.append(status)))
    return int(said[0].split()[0]), answer


def filed(endpoint_id: UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, is_vouched, ref, business_id FROM store_letter WHERE endpoint_id = %s",
            (endpoint_id,),
        )
        return cursor.fetchall()


def refused(why: str) -> float:
    return sum(
        sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name == "hesabu_letters_refused_total" and sample.labels["why"] == why
    )


def test_a_signed_letter_is_filed_before_it_is_answered(ingress: Ingress, opened: Any) -> None:
    endpoint_id, token = opened("whatsapp", secret="s3cret")
    assert call(
        ingress, f"/hooks/{token}", BODY, HTTP_X_HUB_SIGNATURE_256=signature_of("s3cret", BODY)
    ) == (200, b"OK")
    assert filed(endpoint_id) == [("filed", True, "", None)]


@pytest.mark.parametrize(
    "signature", [None, "", "sha256=00", "sha256=é", signature_of("other", BODY)]
)
def test_a_letter_that_is_not_signed_right_leaves_a_count_and_nothing_else(
    ingress: Ingress, opened: Any, signature: str | None
) -> None:
    endpoint_id, token = opened("whatsapp", secret="s3cret")
    before = refused("origin")
    headers = {} if signature is None else {"HTTP_X_HUB_SIGNATURE_256": signature}
    assert call(ingress, f"/hooks/{token}", BODY, **headers)[0] == 401
    assert refused("origin") == before + 1
    assert filed(endpoint_id) == []


def test_the_same_letter_again_is_answered_and_not_filed_twice(
    ingress: Ingress, opened: Any
) -> None:
    endpoint_id, token = opened("mpesa", business_id=ids.new_id())
    for _ in range(3):
        status, answer = call(ingress, f"/hooks/{token}/one", b'{"a":1}')
        assert (status, json.loads(answer)) == (200, {"ResultCode": 0, "ResultDesc": "Accepted"})
    assert len(filed(endpoint_id)) == 1


def test_a_forged_letter_with_the_same_body_does_not_shadow_the_true_one(
    ingress: Ingress, opened: Any
) -> None:
    """The path is part of the key: who guesses the body but not the path takes nothing away."""
    endpoint_id, token = opened("mpesa", business_id=ids.new_id())
    call(ingress, f"/hooks/{token}/forged", b'{"a":1}')
    call(ingress, f"/hooks/{token}/true", b'{"a":1}')
    assert [row[2] for row in filed(endpoint_id)] == ["forged", "true"]


def test_a_giant_body_is_refused_unread(ingress: Ingress, opened: Any) -> None:
    endpoint_id, token = opened("mpesa", business_id=ids.new_id())
    assert call(ingress, f"/hooks/{token}", b"", CONTENT_LENGTH="999999999999")[0] == 413
    assert filed(endpoint_id) == []


@pytest.mark.parametrize("length", ["", "-1", "abc", "1e3", "٣"])
def test_a_body_without_an_honest_length_is_not_taken(
    ingress: Ingress, opened: Any, length: str
) -> None:
    endpoint_id, token = opened("mpesa", business_id=ids.new_id())
    assert call(ingress, f"/hooks/{token}", b'{"a":1}', CONTENT_LENGTH=length)[0] == 411
    assert filed(endpoint_id) == []


@pytest.mark.parametrize("path", ["/hooks/", "/hooks/unknown", "/hooks/unknown/ref", "/hooks//"])
def test_an_address_that_was_never_given_out_is_not_there(ingress: Ingress, path: str) -> None:
    assert call(ingress, path, b"x")[0] == 404


def test_an_address_that_cannot_be_kept_is_not_there(ingress: Ingress, opened: Any) -> None:
    endpoint_id, token = opened("mpesa", business_id=ids.new_id())
    assert call(ingress, f"/hooks/{token}/\x00", b'{"a":1}')[0] == 404
    assert filed(endpoint_id) == []


def test_a_closed_endpoint_takes_no_more(ingress: Ingress, opened: Any) -> None:
    endpoint_id, token = opened("mpesa", business_id=ids.new_id())
    with tenancy.house():
        letters.close_endpoint(endpoint_id)
    assert call(ingress, f"/hooks/{token}", b"x")[0] == 404


def test_the_handshake_repeats_the_challenge_for_the_right_word_only(
    ingress: Ingress, opened: Any
) -> None:
    _, token = opened("whatsapp", verify_token="word")
    query = "hub.mode=subscribe&hub.challenge=12345&hub.verify_token="
    assert call(ingress, f"/hooks/{token}", method="GET", QUERY_STRING=query + "word") == (
        200,
        b"12345",
    )
    assert call(ingress, f"/hooks/{token}", method="GET", QUERY_STRING=query + "guess")[0] == 401


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_named(ingress: Ingress, opened: Any, method: str) -> None:
    _, token = opened("mpesa", business_id=ids.new_id())
    assert call(ingress, f"/hooks/{token}", b"x", method=method)[0] == 405


def test_the_sender_is_whom_a_trusted_proxy_names_and_nobody_else(ingress: Ingress) -> None:
    def sender(**environ: str) -> str:
        return ingress.sender({"REMOTE_ADDR": "10.1.1.1", **environ})

    assert sender(HTTP_X_FORWARDED_FOR="1.1.1.1, 196.201.214.200") == "196.201.214.200"
    assert sender(HTTP_X_FORWARDED_FOR="196.201.214.200, 2.2.2.2, 10.9.9.9") == "2.2.2.2"
    assert sender(REMOTE_ADDR="2.2.2.2", HTTP_X_FORWARDED_FOR="196.201.214.200") == "2.2.2.2"
    assert sender() == "10.1.1.1"


def test_a_database_that_is_away_is_said_so_that_the_provider_comes_again(opened: Any) -> None:
    _, token = opened("mpesa", business_id=ids.new_id())
    away = Ingress(
        settings.APP_URL.replace("hesabu_test_", "hesabu_gone_"),
        wiring.intakes(),
        wiring.answers(),
        wait_seconds=1,
    )
    try:
        assert call(away, f"/hooks/{token}", b"x")[0] == 503
    finally:
        away.close()
