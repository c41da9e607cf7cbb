"""The path of money through the box: said, sent, asked, paid."""

from __future__ import annotations

from sandbox.box import JANE, WANJIKU, Box, in_box, signed


def test_what_a_person_says_reaches_the_product_signed() -> None:
    async def story(box: Box) -> None:
        said = await box.say(WANJIKU, "Habari: café / 75,000")
        await box.pass_time()
        [heard] = box.listener.heard
        assert heard.headers["x-hub-signature-256"] == signed(heard.body)
        assert rb"caf\u00e9 \/ 75,000" in heard.body
        [message] = box.listener.messages()
        assert message["id"] == said
        assert message["from"] == WANJIKU
        assert message["text"] == {"body": "Habari: café / 75,000"}
        assert (await box.lines(WANJIKU))[0]["status"] == "delivered"

    in_box(story)


def test_what_the_product_sends_is_accepted_then_sent_delivered_and_read() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        answer = await box.send_text(JANE, biz_opaque_callback_data="msg_1")
        assert answer.status_code == 200
        wamid = answer.json()["messages"][0]["id"]
        await box.pass_time()
        await box.desk(f"phones/{JANE}/read", {})
        await box.pass_time()
        statuses = box.listener.statuses()
        assert [s["status"] for s in statuses] == ["sent", "delivered", "read"]
        assert {s["id"] for s in statuses} == {wamid}
        assert {s["biz_opaque_callback_data"] for s in statuses} == {"msg_1"}

    in_box(story)


def test_a_prompt_answered_with_the_pin_moves_the_money_and_calls_back() -> None:
    async def story(box: Box) -> None:
        checkout_id = await box.ringing()
        [prompt] = (await box.phone(JANE))["prompts"]
        assert prompt["state"] == "ringing"
        await box.desk(f"phones/{JANE}/prompt", {"action": "pin", "pin": "1234"})
        await box.pass_time()
        [callback] = box.listener.callbacks()
        assert callback["CheckoutRequestID"] == checkout_id
        assert callback["ResultCode"] == 0
        items = {item["Name"]: item.get("Value") for item in callback["CallbackMetadata"]["Item"]}
        assert items["Amount"] == 75000
        assert items["PhoneNumber"] == int(JANE)
        assert items["Balance"] is None
        jane = await box.phone(JANE)
        assert jane["balance_cents"] == 425_000_00
        assert items["MpesaReceiptNumber"] in jane["sms"][-1]["text"]

    in_box(story)
