"""Payments by hand, their confirmations, and asking afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx

from sandbox.box import JANE, WANJIKU, Box, in_box

CONFIRM, VALIDATE = "http://127.0.0.1:9/c2b/confirm", "http://127.0.0.1:9/c2b/validate"
RESULT = "http://127.0.0.1:9/result"


async def register(box: Box, version: str = "v2", **over: Any) -> httpx.Response:
    body = {
        "ShortCode": "174379",
        "ResponseType": "Completed",
        "ConfirmationURL": CONFIRM,
        "ValidationURL": VALIDATE,
    }
    return await box.daraja(f"/mpesa/c2b/{version}/registerurl", {**body, **over})


async def pay(box: Box, expect: int = 200, **asked: Any) -> dict[str, Any]:
    asked = {"shortcode": "174379", "account": "INV-0001", "amount": "1,500", **asked}
    return dict(await box.desk(f"phones/{JANE}/pay", asked, expect=expect))


def test_a_paybill_payment_is_confirmed_with_texts_and_a_masked_number() -> None:
    async def story(box: Box) -> None:
        registered = (await register(box)).json()
        assert registered["ResponseCode"] == "0"
        assert "OriginatorCoversationID" in registered
        paid = await pay(box)
        assert paid["balance_cents"] == 498_500_00
        assert paid["receipt"] in paid["sms"]
        assert "for account INV-0001" in paid["sms"]
        await box.pass_time()
        [told] = box.listener.at(CONFIRM)
        assert all(isinstance(value, str) for value in told.values())
        assert told["TransID"] == paid["receipt"]
        assert (told["TransAmount"], told["BillRefNumber"]) == ("1500.00", "INV-0001")
        assert (told["MSISDN"], told["FirstName"]) == ("2547 ***** 678", "Jane")
        assert told["OrgAccountBalance"] == "1500.00"

    in_box(story)


def test_version_1_hashes_the_number_and_names_the_payer_in_full() -> None:
    async def story(box: Box) -> None:
        await register(box, "v1")
        await pay(box)
        await box.pass_time()
        [told] = box.listener.at(CONFIRM)
        assert told["MSISDN"] == hashlib.sha256(JANE.encode()).hexdigest()
        assert (told["FirstName"], told["LastName"]) == ("Jane", "Wanjiku")

    in_box(story)


def test_registering_refuses_words_and_cases_safaricom_refuses() -> None:
    async def story(box: Box) -> None:
        bad = [
            {"ConfirmationURL": "https://shop.test/mpesa/confirm"},
            {"ValidationURL": "http://shop.test/validate"},
            {"ResponseType": "completed"},
            {"ShortCode": "999999"},
        ]
        for over in bad:
            assert (await register(box, **over)).json()["errorCode"] == "400.002.02"
        token = await box.daraja("/mpesa/c2b/v1/registerurl", {}, token="dead")
        assert token.json()["errorCode"] == "400.003.01"
        await register(box)
        assert (await register(box)).status_code == 200
        await box.turn("daraja", register_once=True)
        again = await register(box)
        assert (again.status_code, again.json()["errorCode"]) == (500, "500.003.1001")

    in_box(story)


def test_a_business_that_validates_may_refuse_a_payment() -> None:
    async def story(box: Box) -> None:
        await box.desk("shortcodes", {"shortcode": "174379", "validates": True})
        await register(box, ResponseType="Cancelled")
        box.listener.answers = lambda _: httpx.Response(
            200, json={"ResultCode": "C2B00012", "ResultDesc": "Rejected"}
        )
        refused = await pay(box, expect=402)
        assert refused["code"] == "C2B00012"
        assert (await box.phone(JANE))["balance_cents"] == 500_000_00
        [asked] = box.listener.at(VALIDATE)
        assert asked["OrgAccountBalance"] == ""
        assert box.listener.at(CONFIRM) == []
        box.listener.answers = lambda _: httpx.Response(
            200, json={"ResultCode": "0", "ResultDesc": "Accepted"}
        )
        await pay(box)

    in_box(story)


def test_silence_at_validation_means_what_was_registered() -> None:
    async def story(box: Box) -> None:
        await box.desk("shortcodes", {"shortcode": "174379", "validates": True})
        box.listener.answers = lambda _: httpx.Response(500)
        await register(box, ResponseType="Cancelled")
        await pay(box, expect=402)
        await register(box, ResponseType="Completed")
        await pay(box)

    in_box(story)


def test_money_to_a_phone_costs_a_fee_and_texts_both() -> None:
    async def story(box: Box) -> None:
        paid = await pay(box, shortcode=None, account=None, phone="0722 000 111")
        wanjiku = await box.phone(WANJIKU)
        assert wanjiku["balance_cents"] == 21_500_00
        assert paid["balance_cents"] == 498_477_00
        assert "You have received Ksh1,500.00 from JANE WANJIKU" in wanjiku["sms"][-1]["text"]
        assert "sent to WANJIKU KAMAU 0722000111" in paid["sms"]
        assert "Transaction cost, Ksh23.00" in paid["sms"]

    in_box(story)


def test_a_till_of_somebody_else_only_texts_the_payer() -> None:
    async def story(box: Box) -> None:
        paid = await pay(box, shortcode=None, till="888888")
        await box.pass_time()
        assert "paid to TILL 888888" in paid["sms"]
        assert box.listener.heard == []

    in_box(story)


def test_the_owner_of_a_till_is_texted_too() -> None:
    async def story(box: Box) -> None:
        till = {"shortcode": "555001", "kind": "till", "name": "DUKA", "owner": WANJIKU}
        await box.desk("shortcodes", till)
        paid = await pay(box, shortcode=None, till="555001")
        text = (await box.phone(WANJIKU))["sms"][-1]["text"]
        assert paid["receipt"] in text
        assert "received from 254712345678 JANE WANJIKU" in text

    in_box(story)


def test_payments_by_hand_that_cannot_be_are_refused_in_words() -> None:
    async def story(box: Box) -> None:
        assert (await pay(box, expect=402, amount="600,000"))["code"] == 1
        assert (await pay(box, expect=402, amount="nothing"))["code"] == "amount"
        assert (await pay(box, expect=402, account=""))["code"] == "account"
        assert (await pay(box, expect=402, shortcode="12"))["code"] == "shortcode"
        assert (await pay(box, expect=402, phone=JANE))["code"] == "phone"

    in_box(story)


def test_a_prompted_payment_confirms_as_well_when_the_dial_is_on() -> None:
    async def story(box: Box) -> None:
        await register(box)
        await box.turn("daraja", stk_confirms=True)
        await box.ringing()
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin"})
        await box.pass_time()
        [told], [callback] = box.listener.at(CONFIRM), box.listener.callbacks()
        receipts = [i for i in callback["CallbackMetadata"]["Item"] if i["Name"].endswith("Number")]
        assert told["TransID"] in [item.get("Value") for item in receipts]

    in_box(story)


def test_the_simulate_call_pays_out_of_thin_air() -> None:
    async def story(box: Box) -> None:
        await register(box)
        body = {
            "ShortCode": "174379",
            "CommandID": "CustomerPayBillOnline",
            "Amount": 10,
            "Msisdn": JANE,
            "BillRefNumber": "X",
        }
        assert (await box.daraja("/mpesa/c2b/v2/simulate", body)).status_code == 200
        await box.pass_time()
        assert box.listener.at(CONFIRM)[0]["TransAmount"] == "10.00"

    in_box(story)


async def status(box: Box, receipt: str, **over: Any) -> httpx.Response:
    body = {
        "Initiator": "api",
        "SecurityCredential": "c2VhbGVk",
        "CommandID": "TransactionStatusQuery",
        "TransactionID": receipt,
        "PartyA": "174379",
        "IdentifierType": "4",
        "ResultURL": RESULT,
        "QueueTimeOutURL": RESULT,
        "Remarks": "asked",
    }
    return await box.daraja("/mpesa/transactionstatus/v1/query", {**body, **over})


def test_the_status_of_a_transaction_comes_to_the_result_url() -> None:
    async def story(box: Box) -> None:
        receipt = (await pay(box))["receipt"]
        ack = (await status(box, receipt)).json()
        assert ack["ResponseCode"] == "0"
        await status(box, "AAAAAAAAAA")
        await box.pass_time()
        found, missing = (each["Result"] for each in box.listener.at(RESULT))
        assert (found["ResultCode"], found["ConversationID"]) == (0, ack["ConversationID"])
        listed = found["ResultParameters"]["ResultParameter"]
        keys = [each["Key"] for each in listed]
        values = {each["Key"]: each.get("Value") for each in listed}
        assert keys.count("DebitPartyName") == 2
        assert (values["ReceiptNo"], values["Amount"]) == (receipt, 1500)
        assert values["TransactionStatus"] == "Completed"
        assert missing["ResultCode"] == "R000002"
        assert "ResultParameters" not in missing
        refused = await status(box, receipt, IdentifierType="9")
        assert refused.json()["errorCode"] == "400.002.02"

    in_box(story)


def test_the_list_of_the_last_two_days_can_be_pulled_once_registered() -> None:
    async def story(box: Box) -> None:
        receipts = [(await pay(box, amount=str(n)))["receipt"] for n in (100, 200)]
        asked = {
            "ShortCode": "174379",
            "StartDate": "2026-11-20 00:00:00",
            "EndDate": "2026-11-21 23:59:59",
            "OffSetValue": "0",
        }
        path = "/pulltransactions/v1/query"
        assert (await box.daraja(path, asked)).status_code == 400
        told = {
            "ShortCode": "174379",
            "RequestType": "Pull",
            "NominatedNumber": WANJIKU,
            "CallBackURL": RESULT,
        }
        assert (await box.daraja("/pulltransactions/v1/register", told)).status_code == 200
        pulled = (await box.daraja(path, asked)).json()
        assert pulled["ResponseCode"] == "1000"
        assert [row["transactionId"] for row in pulled["Response"][0]] == receipts
        assert pulled["Response"][0][0]["billreference"] == "INV-0001"
        later = (await box.daraja(path, {**asked, "OffSetValue": "2"})).json()
        assert (later["ResponseCode"], later["Response"]) == ("1001", [[]])
        await box.pass_time(3 * 86_400)
        assert (await box.daraja(path, asked)).json()["ResponseCode"] == "1001"

    in_box(story)
