"""360dialog: the same WhatsApp behind another door."""

from __future__ import annotations

from typing import Any

from sandbox.box import D360, HOOK, JANE, Box, in_box


def text(to: str = JANE, **more: Any) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "to": to,
        "type": "text",
        "text": {"body": "Karibu"},
        **more,
    }


def test_a_message_is_created_with_201_and_told_of_with_the_headers_that_were_asked_for() -> None:
    async def story(box: Box) -> None:
        asked = {"url": D360, "headers": {"X-Secret": "only we know"}}
        answer = await box.dialog360("POST", "/v1/configs/webhook", json=asked)
        assert answer.json() == asked
        await box.say(JANE)
        sent = await box.dialog360("POST", "/messages", json=text())
        assert sent.status_code == 201
        made_id = sent.json()["messages"][0]["id"]
        await box.pass_time()
        assert {heard.url for heard in box.listener.heard} == {D360}
        for heard in box.listener.heard:
            assert heard.headers["x-secret"] == "only we know"
            assert "x-hub-signature-256" not in heard.headers
        values = [v["entry"][0]["changes"][0]["value"] for v in box.listener.at(D360)]
        statuses = [s for value in values for s in value.get("statuses", ())]
        assert [(s["id"], s["status"]) for s in statuses] == [
            (made_id, "sent"),
            (made_id, "delivered"),
        ]
        assert values[0]["messages"][0]["text"] == {"body": "Hello"}

    in_box(story)


def test_without_a_registered_address_the_number_is_still_metas() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.pass_time()
        assert [heard.url for heard in box.listener.heard] == [HOOK]

    in_box(story)


def test_the_address_can_be_configured_from_the_start() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.pass_time()
        assert [heard.url for heard in box.listener.heard] == [D360]

    in_box(story, dialog360_webhook=D360)


def test_a_wrong_key_is_told_in_360dialogs_own_words() -> None:
    async def story(box: Box) -> None:
        answer = await box.dialog360("POST", "/messages", json=text(), key="wrong")
        assert answer.status_code == 401
        assert answer.json()["meta"] == {
            "success": False,
            "http_code": 401,
            "developer_message": "Invalid api_key",
        }

    in_box(story)


def test_metas_refusals_come_through() -> None:
    async def story(box: Box) -> None:
        answer = await box.dialog360("POST", "/messages", json=text(text={"body": ""}))
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == 131008
        plain = await box.dialog360("POST", "/v1/configs/webhook", json={"url": "http://x.test"})
        assert plain.status_code == 400

    in_box(story)


def test_a_file_lives_at_metas_address_until_the_host_is_replaced() -> None:
    async def story(box: Box) -> None:
        uploaded = await box.dialog360(
            "POST",
            "/media",
            data={"messaging_product": "whatsapp", "type": "application/pdf"},
            files={"file": ("a.pdf", b"%PDF", "application/pdf")},
        )
        assert uploaded.status_code == 201
        media_id = uploaded.json()["id"]
        said = (await box.dialog360("GET", f"/{media_id}")).json()
        assert said["url"].startswith("https://lookaside.fbsbx.com/whatsapp_business/attachments/")
        path = said["url"].removeprefix("https://lookaside.fbsbx.com")
        found = await box.dialog360("GET", path)
        assert (found.content, found.headers["content-type"]) == (b"%PDF", "application/pdf")
        headers = {"D360-API-KEY": "sandbox-360dialog-key"}
        assert (await box.http.get(path, headers=headers)).content == b"%PDF"
        assert (await box.http.get(path)).status_code == 401
        forged = path.replace("hash=", "hash=0")
        assert (await box.dialog360("GET", forged)).status_code == 400
        await box.pass_time(301)
        assert (await box.dialog360("GET", path)).status_code == 400
        assert (await box.dialog360("DELETE", f"/{media_id}")).json() == {"success": True}
        assert (await box.dialog360("GET", f"/{media_id}")).status_code == 400

    in_box(story)


def test_read_ticks_go_through_this_door_too() -> None:
    async def story(box: Box) -> None:
        said = await box.say(JANE)
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": said}
        answer = await box.dialog360("POST", "/messages", json=read)
        assert answer.json() == {"success": True}
        assert (await box.lines(JANE))[0]["status"] == "read"

    in_box(story)


def test_its_webhooks_and_requests_have_dials_of_their_own() -> None:
    async def story(box: Box) -> None:
        await box.turn("360dialog", webhook_drop=1.0, request_error_after=1.0)
        await box.say(JANE)
        answer = await box.dialog360("POST", "/messages", json=text())
        assert answer.status_code == 502
        await box.pass_time(0.4)
        assert box.listener.heard == []
        assert len(await box.lines(JANE)) == 2
        await box.turn("360dialog", webhook_drop=0.0)
        await box.pass_time(10)  # and it tries again
        assert len(box.listener.heard) == 3

    in_box(story, dialog360_webhook=D360)


def test_a_basic_phone_is_told_of_as_meta_does() -> None:
    async def story(box: Box) -> None:
        await box.desk(f"phones/{JANE}/whatsapp", {"is_on": False})
        answer = await box.send_text(JANE)
        assert answer.status_code == 200
        await box.pass_time()
        [failed] = box.listener.statuses()
        assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131026)
        await box.desk(f"phones/{JANE}/say", {"text": "Hi"}, expect=400)
        await box.sms()
        await box.pass_time()
        assert len((await box.phone(JANE))["sms"]) == 1
        await box.desk(f"phones/{JANE}/whatsapp", {"is_on": True})
        await box.say(JANE)

    in_box(story)
