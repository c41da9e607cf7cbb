"""Passwords, times, addresses, and what Daraja's numbers mean."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from itertools import count

import pytest

from hesabu.kit.http import Response
from hesabu.payments.providers.mpesa import codes, passwords
from hesabu.payments.providers.mpesa.client import is_token_refused, read_answer, read_outcome
from hesabu.payments.providers.port import (
    Accepted,
    NoAnswer,
    NotPaid,
    Paid,
    Pending,
    Rejected,
    Uncertain,
)

REF = "ws_CO_191220191020363925"
HTML = b"<html><head><title>Incapsula incident</title></head></html>"


def answer(status: int, body: object) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, content, {})


def error(status: int, code: str, message: str = "x") -> Response:
    return answer(status, {"requestId": "1-2", "errorCode": code, "errorMessage": message})


def test_daraja_keeps_nairobi_time() -> None:
    assert passwords.timestamp(datetime(2026, 11, 23, 21, 5, 9, tzinfo=UTC)) == "20261124000509"


def test_the_password_is_shortcode_passkey_and_time() -> None:
    made = passwords.password("174379", "bfb279", "20261124000509")
    assert base64.b64decode(made) == b"174379bfb27920261124000509"


@pytest.mark.parametrize("bad", ["xxMPESAxx", "aSQLb", "cmd", "ExE1", "safaricom", "aquery"])
def test_an_address_never_has_a_word_that_the_gateway_refuses(bad: str) -> None:
    tokens = iter([bad, "clean"])
    assert passwords.clean_token(lambda: next(tokens)) == "clean"


def test_the_mark_of_a_request_is_the_same_each_time_and_clean() -> None:
    marks = {"c:0": "theSQLone", "c:1": "another"}
    asked = count()

    def mac(text: str) -> str:
        next(asked)
        return marks[text]

    assert passwords.callback_ref("c", mac) == "another"
    assert passwords.callback_ref("c", mac) == "another"
    assert next(asked) == 4


def test_an_address_is_put_together_without_double_slashes() -> None:
    assert passwords.callback_url("https://x.ke/", "tok", "ref") == "https://x.ke/hooks/tok/ref"


def test_every_failure_says_that_nothing_was_taken_or_sent() -> None:
    for code, meaning in (codes.RESULTS | codes.ERRORS | codes.OURS).items():
        if code != codes.PAID:
            assert "Nothing was" in meaning.words, code
        assert "!" not in meaning.words


def test_a_code_that_nobody_knows_promises_nothing() -> None:
    assert codes.meaning("4711").words == "M-PESA did not take the payment, and we do not know why."


def test_taken_is_not_paid_but_accepted() -> None:
    body = {"ResponseCode": "0", "CheckoutRequestID": REF, "MerchantRequestID": "29115-1"}
    assert read_outcome(answer(200, body)) == Accepted(REF, "29115-1")
    assert read_outcome(answer(200, body | {"ResponseCode": 0})) == Accepted(REF, "29115-1")


@pytest.mark.parametrize(
    "response",
    [
        answer(200, HTML),
        answer(200, b""),
        answer(200, {"ResponseCode": "0"}),
        answer(200, {"ResponseCode": "0", "CheckoutRequestID": ""}),
        answer(200, {"hello": 1}),
        answer(200, []),
        answer(302, b""),
        answer(408, b""),
        answer(500, HTML),
        answer(502, b""),
        answer(503, {"fault": "x"}),
        error(500, "500.003.1001", "Internal Server Error"),
        error(500, "500.999.1", "what is this"),
        error(500, "500.001.1001", "The transaction is being processed"),
    ],
)
def test_where_a_phone_may_be_ringing_the_outcome_is_uncertain(response: Response) -> None:
    assert isinstance(read_outcome(response), Uncertain)


@pytest.mark.parametrize(
    ("response", "code", "is_retryable"),
    [
        (error(400, "400.002.02", "Bad Request - Invalid Amount"), "400.002.02", False),
        (error(404, "404.001.01"), "404.001.01", False),
        (error(405, "405.001"), "405.001", False),
        (error(400, "400.111.11"), "400.111.11", False),
        (error(500, "500.001.1001", "Wrong credentials"), "500.001.1001", False),
        (error(500, "500.001.1001", "Unable to lock subscriber"), "1001", True),
        (error(500, "500.003.02", "System is busy"), "500.003.02", True),
        (error(429, "500.003.03", "Quota"), "500.003.03", True),
        (answer(200, {"ResponseCode": "1", "ResponseDescription": "no"}), "1", True),
        (answer(403, HTML), "blocked", True),
        (answer(429, b""), "blocked", True),
    ],
)
def test_what_was_certainly_not_done_is_rejected(
    response: Response, code: str, is_retryable: bool
) -> None:
    outcome = read_outcome(response)
    assert isinstance(outcome, Rejected)
    assert (outcome.code, outcome.is_retryable) == (code, is_retryable)
    assert outcome.words


@pytest.mark.parametrize("code", ["0", 0, " 0"])
def test_a_query_says_paid_in_texts_or_numbers(code: object) -> None:
    body = {"ResponseCode": "0", "ResultCode": code, "CheckoutRequestID": REF}
    assert read_answer(answer(200, body), REF) == Paid()


@pytest.mark.parametrize("code", [code for code in codes.RESULTS if code != "0"])
def test_a_query_says_every_failure(code: str) -> None:
    for spelt in (code, int(code)):
        body = {"ResponseCode": "0", "ResultCode": spelt, "CheckoutRequestID": REF}
        assert read_answer(answer(200, body), REF) == NotPaid(code)


def test_still_being_processed_is_pending_and_no_error() -> None:
    for words in (
        "The transaction is being processed",
        "The transaction is still under processing",
    ):
        assert read_answer(error(500, "500.001.1001", words), REF) == Pending()
    body = {"ResponseCode": "0", "ResultCode": "4999", "ResultDesc": "still under processing"}
    assert read_answer(answer(200, body), REF) == Pending()


@pytest.mark.parametrize(
    "response",
    [
        answer(200, HTML),
        answer(200, {}),
        answer(200, {"ResponseCode": "0"}),
        answer(200, {"ResponseCode": "1", "ResultCode": "0"}),
        answer(500, {"ResponseCode": "0", "ResultCode": "0"}),
        answer(503, b""),
        answer(200, {"ResponseCode": "0", "ResultCode": "0", "CheckoutRequestID": "another"}),
        answer(200, {"ResponseCode": "0", "ResultCode": "7777", "ResultDesc": "odd"}),
        error(500, "500.003.02", "Spike arrest"),
        error(500, "500.001.1001", "Wrong credentials"),
    ],
)
def test_what_a_query_does_not_clearly_say_is_not_guessed(response: Response) -> None:
    assert isinstance(read_answer(response, REF), NoAnswer)


def test_a_killed_token_is_known_by_its_code_or_status() -> None:
    assert is_token_refused(error(404, "404.001.03", "Invalid Access Token"))
    assert is_token_refused(error(400, "400.003.01"))
    assert is_token_refused(answer(401, HTML))
    assert not is_token_refused(error(404, "404.001.01"))
    assert not is_token_refused(answer(200, {}))
