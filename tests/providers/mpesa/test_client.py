"""M-PESA's client, at the end of a wire that misbehaves as gateways do."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from hesabu.kit import clock, crypto
from hesabu.kit.ids import new_id
from hesabu.kit.money import Money
from hesabu.payments.actions import tokens
from hesabu.payments.providers.mpesa.client import Mpesa
from hesabu.payments.providers.mpesa.passwords import FORBIDDEN_WORDS
from hesabu.payments.providers.port import Accepted, AccountKeys, Fetched, NoAnswer, Rejected
from hesabu.store import tenancy
from providers.suite import AT, Case, CollectorPromises
from providers.wire import HangsUp, Says, wire

TOKEN = "/oauth/v1/generate"
ASK = "/mpesa/stkpush/v1/processrequest"
QUERY = "/mpesa/stkpushquery/v1/query"
REF = "ws_CO_191220191020363925"
KILLED = Says(
    404, {"requestId": "1", "errorCode": "404.001.03", "errorMessage": "Invalid Access Token"}
)


def error(status: int, code: str, message: str = "x") -> Says:
    return Says(status, {"requestId": "1-2", "errorCode": code, "errorMessage": message})


def result(code: str) -> Says:
    return Says(200, {"ResponseCode": "0", "ResultCode": code, "CheckoutRequestID": "ref"})


def token(text: str, expires_in: object = "3599") -> Says:
    return Says(200, {"access_token": text, "expires_in": expires_in})


@pytest.fixture
def case(database: str) -> Iterator[Case]:
    keys = {
        "consumer_key": f"key-{new_id()}",
        "consumer_secret": "very-secret-word",
        "passkey": "bfb279f9aa9bdbcf",
        "shortcode": "174379",
    }
    account = AccountKeys(new_id(), "stk_paybill", "174379", None, keys)
    with wire() as told:
        told.says(TOKEN, token("token-1"), token("token-2"), token("token-3"))
        accepted = {
            "MerchantRequestID": "29115-34620561-1",
            "CheckoutRequestID": REF,
            "ResponseCode": "0",
            "ResponseDescription": "Success. Request accepted for processing",
        }
        yield Case(
            collector=Mpesa(told.url, "https://books.example.ke", tokens.token),
            hasty=Mpesa(told.url, "https://books.example.ke", tokens.token, timeout_seconds=1),
            nobody_home=Mpesa("http://127.0.0.1:9", "https://books.example.ke", tokens.token),
            wire=told,
            account=account,
            amount=Money.parse("1500", "KES"),
            phone="+254708374149",
            ask_path=ASK,
            query_path=QUERY,
            accepted=Says(200, accepted),
            refused=error(400, "400.002.02", "Bad Request - Invalid Amount"),
            busy=error(500, "500.003.02", "System is busy"),
            inner_error=error(500, "500.003.1001", "Internal Server Error"),
            paid=result("0"),
            pending=error(500, "500.001.1001", "The transaction is being processed"),
            not_paid={
                code: result(code) for code in ("1", "17", "1001", "1019", "1032", "1037", "2001")
            },
            amounts_never_taken=[
                Money.parse("1500.50", "KES"),
                Money.parse("0", "KES"),
                Money.parse("250001", "KES"),
                Money.parse("15", "USD"),
            ],
            phones_never_taken=["0708374149", "+447911123456", "+25470837414", ""],
        )


class TestMpesa(CollectorPromises):
    """The promises, kept by M-PESA."""


def test_the_prompt_is_spelt_as_daraja_reads_it(case: Case) -> None:
    case.wire.says(ASK, case.accepted)
    ask = case.ask()
    assert case.collector.ask(case.account, ask) == Accepted(REF, "29115-34620561-1")
    sent = case.wire.asked_at(ASK)[0]
    assert sent.headers["authorization"] == "Bearer token-1"
    assert sent.body == {
        "BusinessShortCode": "174379",
        "Password": base64.b64encode(b"174379bfb279f9aa9bdbcf20261123120000").decode(),
        "Timestamp": "20261123120000",
        "TransactionType": "CustomerPayBillOnline",
        "Amount": 1500,
        "PartyA": "254708374149",
        "PartyB": "174379",
        "PhoneNumber": "254708374149",
        "CallBackURL": ask.callback_url,
        "AccountReference": "INV0007",
        "TransactionDesc": "INV0007",
    }
    fetched = case.wire.asked_at(TOKEN)[0]
    basic = base64.b64decode(fetched.headers["authorization"].removeprefix("Basic ")).decode()
    assert basic == f"{case.account.credentials['consumer_key']}:very-secret-word"


def test_a_till_is_prompted_by_its_store_and_paid_at_its_till(case: Case) -> None:
    case.wire.says(ASK, case.accepted)
    till = AccountKeys(new_id(), "stk_till", "5551234", None, case.account.credentials)
    case.collector.ask(till, case.ask())
    sent = case.wire.asked_at(ASK)[0].body
    assert (sent["TransactionType"], sent["BusinessShortCode"], sent["PartyB"]) == (
        "CustomerBuyGoodsOnline",
        "174379",
        "5551234",
    )


def test_a_paybill_with_one_account_for_all_uses_that(case: Case) -> None:
    case.wire.says(ASK, case.accepted)
    fixed = AccountKeys(new_id(), "stk_paybill", "247247", "0712345678", case.account.credentials)
    case.collector.ask(fixed, case.ask())
    assert case.wire.asked_at(ASK)[0].body["AccountReference"] == "0712345678"


def test_no_address_has_a_word_that_the_gateway_refuses(case: Case) -> None:
    for _ in range(300):
        url, _ = case.collector.callback_url(case.collector.endpoint_token(), new_id())
        assert not any(word in url.lower() for word in FORBIDDEN_WORDS)


# Tokens.


def test_one_token_serves_many_requests(case: Case) -> None:
    case.wire.says(ASK, case.accepted)
    for _ in range(3):
        case.collector.ask(case.account, case.ask())
    assert len(case.wire.asked_at(TOKEN)) == 1


def test_another_process_uses_the_same_token(case: Case) -> None:
    case.wire.says(ASK, case.accepted)
    case.collector.ask(case.account, case.ask())
    Mpesa(case.wire.url, "https://x.ke", tokens.token).ask(case.account, case.ask())
    assert len(case.wire.asked_at(TOKEN)) == 1


def test_a_token_is_renewed_a_minute_before_it_ends(case: Case) -> None:
    case.wire.says(ASK, case.accepted)
    case.collector.ask(case.account, case.ask())
    with clock.moved(seconds=3_530):
        case.collector.ask(case.account, case.ask())
    with clock.moved(seconds=3_560):
        case.collector.ask(case.account, case.ask())
    assert len(case.wire.asked_at(TOKEN)) == 2


@pytest.mark.parametrize(
    "killed", [KILLED, error(401, "401.002.01"), Says(401, b"<html>"), error(400, "400.003.01")]
)
def test_a_killed_token_is_renewed_once_and_the_request_sent_again(
    case: Case, killed: Says
) -> None:
    case.wire.says(ASK, killed, case.accepted)
    assert isinstance(case.collector.ask(case.account, case.ask()), Accepted)
    used = [each.headers["authorization"] for each in case.wire.asked_at(ASK)]
    assert used == ["Bearer token-1", "Bearer token-2"]


def test_a_token_that_is_always_turned_down_is_no_endless_loop(case: Case) -> None:
    case.wire.says(ASK, KILLED)
    outcome = case.collector.ask(case.account, case.ask())
    assert isinstance(outcome, Rejected)
    assert outcome.code == "404.001.03"
    assert len(case.wire.asked_at(ASK)) == 2


def test_a_query_renews_a_killed_token_too(case: Case) -> None:
    case.wire.says(QUERY, KILLED, case.paid)
    case.collector.query(case.account, "ref", AT)
    assert len(case.wire.asked_at(QUERY)) == 2


@pytest.mark.parametrize("expires_in", ["3599", 3599, None, "soon", -1, 10**12])
def test_a_lifetime_may_be_text_number_or_nonsense(case: Case, expires_in: object) -> None:
    case.wire.says(TOKEN, token("token-1", expires_in))
    case.wire.says(ASK, case.accepted)
    assert isinstance(case.collector.ask(case.account, case.ask()), Accepted)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Says(400, b""), "bad_keys"),
        (error(400, "400.008.02"), "bad_keys"),
        (Says(401, b"<html>"), "bad_keys"),
        (Says(429, b""), "not_sent"),
        (Says(503, b"<html>"), "not_sent"),
        (Says(200, b"<html>"), "not_sent"),
        (Says(200, {"access_token": ""}), "not_sent"),
        (HangsUp(), "not_sent"),
    ],
)
def test_without_a_token_nothing_was_sent(case: Case, answer: Says | HangsUp, code: str) -> None:
    case.wire.says(TOKEN, answer)
    outcome = case.collector.ask(case.account, case.ask())
    assert isinstance(outcome, Rejected)
    assert outcome.code == code
    assert case.wire.asked_at(ASK) == []
    assert isinstance(case.collector.query(case.account, "ref", AT), NoAnswer)


def test_a_failed_fetch_leaves_the_way_free_for_the_next(case: Case) -> None:
    case.wire.says(TOKEN, Says(400, b""), token("token-1"))
    case.wire.says(ASK, case.accepted)
    assert isinstance(case.collector.ask(case.account, case.ask()), Rejected)
    assert isinstance(case.collector.ask(case.account, case.ask()), Accepted)


def test_many_processes_at_the_same_time_fetch_one_token(database: str) -> None:
    fetched: list[str] = []
    app = f"key-{new_id()}"
    gate = threading.Barrier(6)
    got: list[str] = []

    def fetch() -> Fetched:
        fetched.append("x")
        return Fetched(f"token-{len(fetched)}", 3_599)

    def run() -> None:
        gate.wait()
        try:
            got.append(tokens.token(app, fetch))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["token-1"] * 6
    assert len(fetched) == 1


def test_two_who_were_turned_down_with_the_same_token_fetch_one_new(database: str) -> None:
    app = f"key-{new_id()}"
    made = iter(["one", "two", "three"])

    def fetch() -> Fetched:
        return Fetched(next(made), 3_599)

    assert tokens.token(app, fetch) == "one"
    assert tokens.token(app, fetch, refused="one") == "two"
    assert tokens.token(app, fetch, refused="one") == "two"
    assert tokens.token(app, fetch) == "two"


def test_whoever_dies_while_fetching_blocks_nobody_for_long(database: str) -> None:
    app = f"key-{new_id()}"
    app_hash = crypto.blind(f"token\x00{app}")
    assert tokens._lease(app_hash, tokens._Row(None, None), clock.now())
    with clock.moved(seconds=tokens.LEASE_SECONDS + 1):
        assert tokens.token(app, lambda: Fetched("one", 3_599)) == "one"


def test_a_token_is_unreadable_in_the_database(database: str) -> None:
    tokens.token(f"key-{new_id()}", lambda: Fetched("plain-as-day", 3_599))
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute("SELECT token FROM payments_token")
        assert all(b"plain-as-day" not in bytes(row[0] or b"") for row in cursor.fetchall())
