"""Africa's Talking: what it answers, what it reports, and what people write back."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from hesabu.sandbox.africastalking.codes import (
    CODE_OF_NUMBER,
    FAILURE_REASONS,
    FATE_OF_NUMBER,
    FINAL_FAILURES,
    REFUSALS,
)
from hesabu.sandbox.africastalking.sending import parts_of
from sandbox.box import INCOMING, JANE, OPTOUTS, REPORTS, WANJIKU, Box, in_box


def test_an_sms_is_accepted_charged_delivered_and_reported() -> None:
    async def story(box: Box) -> None:
        answer = await box.sms(message="Your invoice is ready", **{"from": "HESABU"})
        assert answer.status_code == 201
        said = answer.json()["SMSMessageData"]
        assert said["Message"] == "Sent to 1/1 Total Cost: KES 0.8000"
        [recipient] = said["Recipients"]
        made_id = recipient.pop("messageId")
        assert made_id.startswith("ATXid_")
        assert recipient == {
            "statusCode": 101,
            "number": f"+{JANE}",
            "status": "Success",
            "cost": "KES 0.8000",
            "messageParts": 1,
        }
        await box.pass_time()
        [sent, success] = box.listener.forms(REPORTS)
        assert sent == {
            "id": made_id,
            "status": "Sent",
            "phoneNumber": f"+{JANE}",
            "networkCode": "63902",
            "retryCount": "0",
        }
        assert success == {**sent, "status": "Success"}
        phone = await box.phone(JANE)
        assert phone["unread_sms"] == 1
        assert (phone["sms"][-1]["text"], phone["sms"][-1]["from"]) == (
            "Your invoice is ready",
            "HESABU",
        )
        [account] = (await box.desk("africastalking"))["accounts"]
        assert account["balance"] == "KES 999.2000"

    in_box(story)


def test_who_does_not_ask_for_json_gets_xml() -> None:
    async def story(box: Box) -> None:
        answer = await box.sms(accept="*/*")
        assert answer.status_code == 201
        assert answer.headers["content-type"].startswith("application/xml")
        root = ElementTree.fromstring(answer.text)
        assert root.tag == "AfricasTalkingResponse"
        recipient = root.find("SMSMessageData/Recipients/Recipient")
        assert recipient is not None
        assert (recipient.findtext("status"), recipient.findtext("statusCode")) == (
            "Success",
            "101",
        )

    in_box(story)


def test_the_bulk_endpoint_takes_json_and_answers_for_each_number() -> None:
    async def story(box: Box) -> None:
        numbers = [f"+{JANE}", f"+{WANJIKU}", "0712", "+254799000406"]
        answer = await box.http.post(
            "/africastalking/version1/messaging/bulk",
            json={"username": "sandbox", "message": "x" * 161, "phoneNumbers": numbers},
            headers={"apiKey": "sandbox-africastalking-key", "Accept": "application/json"},
        )
        assert answer.status_code == 201
        said = answer.json()["SMSMessageData"]
        assert said["Message"] == "Sent to 2/4 Total Cost: KES 3.2000"
        assert [(r["statusCode"], r["cost"], r["messageParts"]) for r in said["Recipients"]] == [
            (101, "KES 1.6000", 2),
            (101, "KES 1.6000", 2),
            (403, "0", 2),
            (406, "0", 2),
        ]
        assert said["Recipients"][3]["messageId"] == "None"

    in_box(story)


@pytest.mark.parametrize("number", CODE_OF_NUMBER)
def test_every_status_code_has_a_number_that_gets_it(number: str) -> None:
    async def story(box: Box) -> None:
        [recipient] = (await box.sms(f"+{number}")).json()["SMSMessageData"]["Recipients"]
        name, code = CODE_OF_NUMBER[number]
        assert recipient["statusCode"] == code
        assert recipient["status"] == (name if name in REFUSALS else "Success")
        await box.pass_time()
        assert bool(box.listener.reports()) is (name not in REFUSALS)

    in_box(story)


@pytest.mark.parametrize("number", FATE_OF_NUMBER)
def test_every_report_has_a_number_that_gets_it(number: str) -> None:
    async def story(box: Box) -> None:
        await box.sms(f"+{number}")
        await box.pass_time(3)
        assert tuple(box.listener.reports()) == FATE_OF_NUMBER[number]
        ends_well = bool(FATE_OF_NUMBER[number]) and FATE_OF_NUMBER[number][-1][0] == "Success"
        assert len((await box.phone(number))["sms"]) == int(ends_well)

    in_box(story)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_dial_refuses_with_any_code(refusal: str) -> None:
    async def story(box: Box) -> None:
        await box.turn("africastalking", sms_refused=1.0, sms_refused_as=refusal)
        [recipient] = (await box.sms()).json()["SMSMessageData"]["Recipients"]
        assert (recipient["status"], recipient["statusCode"]) == (refusal, REFUSALS[refusal])

    in_box(story)


@pytest.mark.parametrize("ending", FINAL_FAILURES)
def test_a_dial_lets_a_message_end_in_any_way(ending: str) -> None:
    async def story(box: Box) -> None:
        reason = FAILURE_REASONS[-1]
        await box.turn(
            "africastalking", sms_failed=1.0, sms_failed_as=ending, sms_failure_reason=reason
        )
        await box.sms()
        await box.pass_time()
        told = reason if ending in ("Failed", "Rejected") else ""
        assert box.listener.reports() == [("Sent", ""), (ending, told)]
        assert (await box.phone(JANE))["sms"] == []

    in_box(story)


def test_a_dial_that_chooses_refuses_what_is_not_a_choice() -> None:
    async def story(box: Box) -> None:
        asked = {"africastalking": {"sms_failed_as": "Success"}}
        answer = await box.http.put("/control/dials", json=asked)
        assert answer.status_code == 400
        assert "Failed, Rejected" in answer.json()["error"]

    in_box(story)


def test_a_phone_that_is_off_gets_its_sms_when_it_comes_back_or_never() -> None:
    async def story(box: Box) -> None:
        await box.desk("phones", {"phone": JANE, "is_online": False})
        await box.sms(message="one")
        await box.pass_time()
        assert box.listener.reports() == [("Sent", ""), ("Buffered", "")]
        await box.desk("phones", {"phone": JANE, "is_online": True})
        await box.pass_time()
        assert box.listener.reports()[-1] == ("Success", "")
        await box.desk("phones", {"phone": JANE, "is_online": False})
        await box.sms(message="two")
        await box.pass_time(25 * 3600)
        assert box.listener.reports()[-1] == ("Expired", "")
        await box.desk("phones", {"phone": JANE, "is_online": True})
        await box.pass_time()
        assert [sms["text"] for sms in (await box.phone(JANE))["sms"]] == ["one"]

    in_box(story)


def test_an_unregistered_sender_sends_to_nobody() -> None:
    async def story(box: Box) -> None:
        await box.desk("africastalking", {"username": "sandbox", "senders": ["HESABU"]})
        said = (await box.sms(**{"from": "FRAUD"})).json()["SMSMessageData"]
        assert said == {"Message": "InvalidSenderId", "Recipients": []}
        assert (await box.sms(**{"from": "HESABU"})).json()["SMSMessageData"]["Recipients"]
        assert (await box.sms()).json()["SMSMessageData"]["Recipients"]

    in_box(story)


def test_an_account_without_money_sends_nothing() -> None:
    async def story(box: Box) -> None:
        await box.desk("africastalking", {"username": "sandbox", "balance_cents": 100})
        numbers = f"+{JANE},+{WANJIKU}"
        recipients = (await box.sms(numbers)).json()["SMSMessageData"]["Recipients"]
        assert [r["status"] for r in recipients] == ["Success", "InsufficientBalance"]

    in_box(story)


@pytest.mark.parametrize(
    ("number", "code"), [("Jane", 403), ("0712345678", 403), ("+254202345678", 404)]
)
def test_numbers_that_take_no_sms_are_refused(number: str, code: int) -> None:
    async def story(box: Box) -> None:
        [recipient] = (await box.sms(number)).json()["SMSMessageData"]["Recipients"]
        assert recipient["statusCode"] == code

    in_box(story)


def test_wrong_keys_and_missing_fields_are_told_in_plain_text() -> None:
    async def story(box: Box) -> None:
        wrong = await box.sms(key="wrong")
        assert (wrong.status_code, wrong.text) == (401, "The supplied authentication is invalid")
        assert (await box.sms(username="somebody")).status_code == 401
        missing = await box.sms(message="")
        assert (missing.status_code, missing.text) == (
            400,
            "Request is missing required form field 'message'",
        )

    in_box(story)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("š" * 70, 1),
        ("š" * 71, 2),
        ("😀" * 36, 2),
    ],
)
def test_long_texts_and_rare_letters_cost_more(words: str, parts: int) -> None:
    assert parts_of(words) == parts


def test_what_a_person_writes_comes_in_as_a_form_and_can_be_polled() -> None:
    async def story(box: Box) -> None:
        said = await box.desk(f"phones/{JANE}/sms", {"text": "1 & done"})
        await box.pass_time()
        [heard] = box.listener.forms(INCOMING)
        assert heard == {
            "date": "2026-11-21 11:00:00",
            "from": f"+{JANE}",
            "id": said["id"],
            "text": "1 & done",
            "to": "20880",
            "cost": "None",
            "networkCode": "63902",
        }
        headers = {"apiKey": "sandbox-africastalking-key", "Accept": "application/json"}
        url = "/africastalking/version1/messaging?username=sandbox&lastReceivedId="
        [polled] = (await box.http.get(f"{url}0", headers=headers)).json()["SMSMessageData"][
            "Messages"
        ]
        assert (polled["id"], polled["text"]) == (1, "1 & done")
        later = await box.http.get(f"{url}1", headers=headers)
        assert later.json()["SMSMessageData"]["Messages"] == []
        [own] = (await box.phone(JANE))["sms"]
        assert (own["is_mine"], own["to"]) == (True, "20880")

    in_box(story)


def test_people_write_to_each_other_and_nobody_answers_a_name() -> None:
    async def story(box: Box) -> None:
        await box.desk(f"phones/{JANE}/sms", {"text": "Hi", "to": "0722 000 111"})
        assert (await box.phone(WANJIKU))["sms"][-1]["from"] == JANE
        refused = await box.desk(f"phones/{JANE}/sms", {"text": "Hi", "to": "HESABU"}, expect=400)
        assert "write to 20880" in refused["error"]
        await box.desk(f"phones/{JANE}/sms", {"text": " "}, expect=400)
        assert box.listener.forms(INCOMING) == []

    in_box(story)


def test_who_opts_out_is_told_of_once_and_refused_from_then_on() -> None:
    async def story(box: Box) -> None:
        await box.desk(f"phones/{JANE}/sms/optout", {"sender": "HESABU"})
        await box.pass_time()
        assert box.listener.forms(OPTOUTS) == [{"senderId": "HESABU", "phoneNumber": f"+{JANE}"}]
        [recipient] = (await box.sms(**{"from": "HESABU"})).json()["SMSMessageData"]["Recipients"]
        assert recipient["status"] == "UserInBlacklist"
        await box.desk(f"phones/{JANE}/sms/optout", {"sender": "HESABU", "is_out": False})
        [again] = (await box.sms(**{"from": "HESABU"})).json()["SMSMessageData"]["Recipients"]
        assert again["status"] == "Success"

    in_box(story)


def test_reports_fall_prey_to_the_dials_and_are_not_sent_again() -> None:
    async def story(box: Box) -> None:
        await box.turn("africastalking", webhook_drop=1.0)
        await box.sms()
        await box.pass_time(60)
        assert box.listener.reports() == []
        await box.turn("africastalking", webhook_drop=0.0, webhook_double=1.0)
        await box.sms()
        await box.pass_time(60)
        assert sorted(s for s, _ in box.listener.reports()) == ["Sent"] * 2 + ["Success"] * 2
        faults = [e["fault"] for e in (await box.desk("log"))["entries"] if e["kind"] == "fault"]
        assert faults == ["webhook_drop"] * 2 + ["webhook_double"] * 2

    in_box(story)


@pytest.mark.parametrize(
    ("dial", "status", "arrives"),
    [
        ("request_limit", 429, False),
        ("request_garbage", 403, False),
        ("request_error_before", 500, False),
        ("request_error_after", 502, True),
    ],
)
def test_requests_fall_prey_to_the_dials(dial: str, status: int, arrives: bool) -> None:
    async def story(box: Box) -> None:
        await box.turn("africastalking", **{dial: 1.0})
        assert (await box.sms()).status_code == status
        await box.pass_time()
        assert bool((await box.phone(JANE))["sms"]) is arrives

    in_box(story)


def test_the_balance_can_be_asked_for() -> None:
    async def story(box: Box) -> None:
        headers = {"apiKey": "sandbox-africastalking-key", "Accept": "application/json"}
        answer = await box.http.get(
            "/africastalking/version1/user?username=sandbox", headers=headers
        )
        assert answer.json() == {"UserData": {"balance": "KES 1000.0000"}}

    in_box(story)
