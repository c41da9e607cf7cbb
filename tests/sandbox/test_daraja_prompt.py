"""The prompt and each way it may end."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.box import CALLBACK, JANE, WANJIKU, Box, in_box, password

QUERY = "/mpesa/stkpushquery/v1/query"

REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("a shortcode of letters", {"BusinessShortCode": "abc"}, 400, "400.002.02"),
    ("a shortcode of nobody", {"BusinessShortCode": "555555"}, 500, "500.001.1001"),
    ("a wrong password", {"Password": "d3Jvbmc="}, 500, "500.001.1001"),
    ("another timestamp", {"Timestamp": "20261121110001"}, 500, "500.001.1001"),
    ("no timestamp", {"Timestamp": "2026-11-21"}, 400, "400.002.02"),
    ("a type there is not", {"TransactionType": "Gift"}, 400, "400.002.02"),
    ("nothing", {"Amount": 0}, 400, "400.002.02"),
    ("more than the most", {"Amount": 250001}, 400, "400.002.02"),
    ("a broken shilling", {"Amount": 10.5}, 400, "400.002.02"),
    ("a number with a plus", {"PhoneNumber": "+254712345678"}, 400, "400.002.02"),
    ("a local number", {"PartyA": "0712345678"}, 400, "400.002.02"),
    ("a landline", {"PartyA": "254202345678"}, 400, "400.002.02"),
    ("a plain http callback", {"CallBackURL": "http://shop.test/cb"}, 400, "400.002.02"),
    ("no account", {"AccountReference": ""}, 400, "400.002.02"),
    ("a long account", {"AccountReference": "x" * 13}, 400, "400.002.02"),
    ("a long description", {"TransactionDesc": "x" * 14}, 400, "400.002.02"),
]


@pytest.mark.parametrize(
    ("what", "over", "status", "code"), REFUSED, ids=[each[0] for each in REFUSED]
)
def test_a_prompt_is_refused_for(what: str, over: dict[str, Any], status: int, code: str) -> None:
    async def story(box: Box) -> None:
        answer = await box.push(**over)
        said = answer.json()
        assert (answer.status_code, said["errorCode"]) == (status, code)
        assert set(said) == {"requestId", "errorCode", "errorMessage"}
        assert (await box.phone(JANE))["prompts"] == []

    in_box(story)


def test_a_token_dies_with_the_next_one_and_with_time() -> None:
    async def story(box: Box) -> None:
        answer = await box.http.get(
            "/daraja/oauth/v1/generate?grant_type=client_credentials",
            auth=("sandbox-key", "sandbox-secret"),
        )
        assert answer.json()["expires_in"] == "3599"
        first = answer.json()["access_token"]
        second = await box.token()
        assert (await box.push(token=first)).json()["errorCode"] == "404.001.03"
        assert (await box.push(token=second)).status_code == 200
        await box.pass_time(3600)
        assert (await box.push(token=second)).json()["errorCode"] == "404.001.03"

    in_box(story)


def test_oauth_refuses_as_safaricom_does() -> None:
    async def story(box: Box) -> None:
        url = "/daraja/oauth/v1/generate"
        wrong = await box.http.get(f"{url}?grant_type=client_credentials", auth=("a", "b"))
        assert (wrong.status_code, wrong.content) == (400, b"")
        bare = await box.http.get(f"{url}?grant_type=client_credentials")
        assert bare.json()["errorCode"] == "400.008.01"
        grant = await box.http.get(url, auth=("sandbox-key", "sandbox-secret"))
        assert grant.json()["errorCode"] == "400.008.02"
        headless = await box.http.post("/daraja/mpesa/stkpush/v1/processrequest", json={})
        assert headless.json()["errorCode"] == "404.001.04"
        nowhere = await box.daraja("/mpesa/nothing", {})
        assert nowhere.json()["errorCode"] == "404.001.01"
        method = await box.http.get("/daraja/mpesa/stkpush/v1/processrequest")
        assert method.json()["errorCode"] == "405.001"

    in_box(story)


async def query(box: Box, checkout_id: str) -> Any:
    stamp = "20261121110500"
    return await box.daraja(
        QUERY,
        {
            "BusinessShortCode": "174379",
            "Password": password("174379", stamp),
            "Timestamp": stamp,
            "CheckoutRequestID": checkout_id,
        },
    )


def test_a_query_answers_500_while_it_rings_and_texts_afterwards() -> None:
    async def story(box: Box) -> None:
        checkout_id = await box.ringing()
        ringing = await query(box, checkout_id)
        assert ringing.status_code == 500
        assert ringing.json()["errorMessage"] == "The transaction is being processed"
        await box.desk(f"phones/{JANE}/prompt", {"action": "cancel"})
        done = await query(box, checkout_id)
        assert (done.json()["ResponseCode"], done.json()["ResultCode"]) == ("0", "1032")
        unknown = await query(box, "ws_CO_unknown")
        assert unknown.json()["errorCode"] == "400.002.02"
        await box.turn("daraja", query_spacing_seconds=15)
        await query(box, checkout_id)
        assert (await query(box, checkout_id)).json()["errorCode"] == "500.003.02"

    in_box(story)


def test_a_paid_prompt_never_tells_its_receipt_to_a_query() -> None:
    async def story(box: Box) -> None:
        checkout_id = await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        receipt = (await box.phone(JANE))["prompts"][0]["receipt"]
        answer = await query(box, checkout_id)
        assert answer.json()["ResultCode"] == "0"
        assert receipt not in answer.text

    in_box(story)


async def ended(box: Box, code: int) -> None:
    [callback] = box.listener.callbacks()
    assert callback["ResultCode"] == code
    assert isinstance(callback["ResultCode"], int)
    assert callback["ResultDesc"]
    assert "CallbackMetadata" not in callback
    assert (await box.phone(JANE))["balance_cents"] == 500_000_00


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"action": "pin", "pin": "0000"}, 2001),
        ({"action": "cancel"}, 1032),
        ({"action": "ignore"}, 1037),
        *(({"action": "result", "code": c}, c) for c in (2, 3, 4, 8, 17, 26, 1019, 1025, 9999)),
    ],
)
def test_an_unpaid_prompt_ends_with_its_code_and_takes_nothing(
    answer: dict[str, Any], code: int
) -> None:
    async def story(box: Box) -> None:
        await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", answer)
        await box.pass_time()
        await ended(box, code)
        await box.desk(f"phones/{JANE}/prompt", answer, expect=400)

    in_box(story)


def test_a_prompt_rings_out_by_itself() -> None:
    async def story(box: Box) -> None:
        await box.ringing()
        await box.pass_time(59)
        assert box.listener.callbacks() == []
        await box.pass_time(2)
        await ended(box, 1037)

    in_box(story)


def test_a_phone_that_is_off_cannot_be_prompted() -> None:
    async def story(box: Box) -> None:
        await box.desk("phones", {"phone": JANE, "is_online": False})
        await box.ringing()
        await box.pass_time(5)
        await ended(box, 1037)

    in_box(story)


def test_too_little_money_fails_with_1_and_an_sms() -> None:
    async def story(box: Box) -> None:
        await box.ringing(PhoneNumber=WANJIKU, PartyA=WANJIKU)
        await box.desk(f"phones/{WANJIKU}/prompt", {"action": "pin"})
        await box.pass_time()
        await ended(box, 1)
        assert "do not have enough" in (await box.phone(WANJIKU))["sms"][-1]["text"]

    in_box(story)


def test_more_than_a_day_allows_fails_with_4() -> None:
    async def story(box: Box) -> None:
        await box.desk("phones", {"phone": JANE, "balance_cents": 900_000_00})
        for amount in (250_000, 249_999, 2):
            await box.ringing(Amount=amount)
            await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        await box.pass_time()
        assert [c["ResultCode"] for c in box.listener.callbacks()] == [0, 0, 4]

    in_box(story)


def test_three_wrong_pins_lock_the_wallet() -> None:
    async def story(box: Box) -> None:
        for pin in ("0000", "0000", "0000", "1234"):
            await box.ringing()
            await box.desk(f"phones/{JANE}/prompt", {"action": "pin", "pin": pin})
        await box.pass_time()
        assert [c["ResultCode"] for c in box.listener.callbacks()] == [2001, 2001, 2001, 8006]

    in_box(story)


def test_a_second_prompt_to_a_ringing_phone_fails_with_1001() -> None:
    async def story(box: Box) -> None:
        first = await box.ringing()
        await box.ringing()
        [callback] = box.listener.callbacks()
        assert (callback["ResultCode"], callback["CheckoutRequestID"] != first) == (1001, True)
        await box.turn("daraja", lock_refuses=True)
        refused = await box.push()
        assert refused.json()["errorCode"] == "500.001.1001"
        assert "Unable to lock subscriber" in refused.json()["errorMessage"]

    in_box(story)


def test_the_same_amount_within_two_minutes_fails_with_17_when_the_dial_is_on() -> None:
    async def story(box: Box) -> None:
        await box.turn("daraja", same_amount_limit=True)
        for wait in (0, 121):
            await box.ringing(Amount=100)
            await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
            await box.pass_time(wait)
            await box.ringing(Amount=100)
            await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
            await box.pass_time(300)
        assert [c["ResultCode"] for c in box.listener.callbacks()] == [0, 17, 0, 0]

    in_box(story)


def test_a_till_is_pushed_by_its_head_office_and_a_mismatch_is_2028() -> None:
    async def story(box: Box) -> None:
        till = {"shortcode": "555001", "kind": "till", "store": "600100", "name": "DUKA"}
        await box.desk("shortcodes", till)
        good = {
            "BusinessShortCode": "600100",
            "PartyB": "555001",
            "TransactionType": "CustomerBuyGoodsOnline",
        }
        await box.ringing(**good)
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        await box.ringing(**{**good, "TransactionType": "CustomerPayBillOnline"})
        await box.pass_time()
        assert [c["ResultCode"] for c in box.listener.callbacks()] == [0, 2028]

    in_box(story)


def test_the_callback_has_numbers_where_daraja_has_numbers() -> None:
    async def story(box: Box) -> None:
        await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        await box.pass_time()
        [heard] = [h for h in box.listener.heard if h.url == CALLBACK]
        assert b'{"Name":"Amount","Value":75000.00}' in heard.body
        assert b'"Name":"Balance"}' in heard.body
        assert b'{"Name":"TransactionDate","Value":20261121110' in heard.body
        assert "x-hub-signature-256" not in heard.headers

    in_box(story)


def test_a_callback_that_is_not_taken_is_lost_for_good() -> None:
    async def story(box: Box) -> None:
        box.listener.answers = lambda _: httpx.Response(500)
        await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", {"action": "cancel"})
        await box.pass_time(3600)
        assert len(box.listener.callbacks()) == 1

    in_box(story)
