"""What Meta refuses, what it accepts, and what becomes of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from hesabu.sandbox.whatsapp.webhooks import signature
from sandbox.box import JANE, NUMBER, Box, in_box


def buttons(*replies: tuple[str, str], body: str = "Shall I?") -> dict[str, Any]:
    made = [{"type": "reply", "reply": {"id": k, "title": t}} for k, t in replies]
    return {"type": "button", "body": {"text": body}, "action": {"buttons": made}}


def rows(count: int) -> dict[str, Any]:
    made = [{"id": str(n), "title": f"Row {n}"} for n in range(count)]
    action = {"button": "Choose", "sections": [{"rows": made}]}
    return {"type": "list", "body": {"text": "Which?"}, "action": action}


def hello(*params: str, name: str = "hello", language: str = "en") -> dict[str, Any]:
    said = [{"type": "text", "text": text} for text in params]
    return {
        "name": name,
        "language": {"code": language},
        "components": [{"type": "body", "parameters": said}],
    }


REFUSED: list[tuple[str, dict[str, Any], int]] = [
    ("no recipient", {"type": "text", "text": {"body": "x"}}, 131008),
    ("a text that is too long", {"type": "text", "text": {"body": "x" * 4097}}, 131009),
    ("no text", {"type": "text", "text": {}}, 131008),
    ("a type there is not", {"type": "hologram", "hologram": {}}, 131051),
    ("four buttons", {"interactive": buttons(*[(str(n), str(n)) for n in range(4)])}, 131009),
    ("no buttons", {"interactive": buttons()}, 131009),
    ("a long title", {"interactive": buttons(("a", "x" * 21))}, 131009),
    ("equal titles", {"interactive": buttons(("a", "Yes"), ("b", "Yes"))}, 131009),
    ("equal ids", {"interactive": buttons(("a", "Yes"), ("a", "No"))}, 131009),
    ("a padded id", {"interactive": buttons((" a", "Yes"))}, 131009),
    ("a long body", {"interactive": buttons(("a", "Yes"), body="x" * 1025)}, 131009),
    ("eleven rows", {"interactive": rows(11)}, 131009),
    ("no such template", {"template": hello("x", name="nothing")}, 132001),
    ("no such translation", {"template": hello("x", language="mk")}, 132001),
    ("too few parameters", {"template": hello()}, 132000),
    ("too many parameters", {"template": hello("x", "y")}, 132000),
    ("a parameter of two lines", {"template": hello("x\ny")}, 132012),
    ("a file and a link", {"document": {"id": "1", "link": "https://x.test/a.pdf"}}, 131009),
    ("an unknown file", {"document": {"id": "1"}}, 131009),
    ("a long mark", {"text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513}, 131009),
    ("its own number", {"to": "+254 700 100 200", "text": {"body": "x"}}, 131021),
]


@pytest.mark.parametrize(("what", "sent", "code"), REFUSED, ids=[r[0] for r in REFUSED])
def test_a_message_is_refused_with_metas_code_for(
    what: str, sent: dict[str, Any], code: int
) -> None:
    async def story(box: Box) -> None:
        kind = next((k for k in ("interactive", "template", "document", "text") if k in sent), "")
        body = {"type": kind, "to": JANE, **sent}
        if what == "no recipient":
            del body["to"]
        answer = await box.whatsapp(body)
        error = answer.json()["error"]
        assert (error["code"], error["type"]) == (code, "OAuthException")
        assert error["error_data"]["messaging_product"] == "whatsapp"
        assert error["error_data"]["details"]
        assert error["fbtrace_id"]
        await box.pass_time()
        assert box.listener.heard == []
        assert await box.lines(JANE) == []

    in_box(story)


def test_a_wrong_token_is_401_with_code_190() -> None:
    async def story(box: Box) -> None:
        body = {"to": JANE, "type": "text", "text": {"body": "x"}}
        answer = await box.whatsapp(body, token="wrong")
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == 190

    in_box(story)


def test_an_unknown_number_does_not_exist() -> None:
    async def story(box: Box) -> None:
        body = {"to": JANE, "type": "text", "text": {"body": "x"}}
        answer = await box.whatsapp(body, number="1")
        assert answer.status_code == 400
        assert (answer.json()["error"]["code"], answer.json()["error"]["error_subcode"]) == (
            100,
            33,
        )

    in_box(story)


def test_outside_the_window_a_text_is_accepted_and_fails_later() -> None:
    async def story(box: Box) -> None:
        assert (await box.send_text(JANE)).status_code == 200
        await box.pass_time()
        [failed] = box.listener.statuses()
        assert (failed["status"], failed["errors"][0]["code"]) == ("failed", 131047)

    in_box(story)


def test_the_window_closes_after_24_hours_and_a_template_still_goes() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.pass_time(24 * 3600 - 60)
        await box.send_text(JANE)
        await box.pass_time(120)
        await box.send_text(JANE, "too late")
        await box.whatsapp({"to": JANE, "type": "template", "template": hello("Jane")})
        await box.pass_time()
        by_message: dict[str, list[str]] = {}
        for status in box.listener.statuses():
            by_message.setdefault(status["id"], []).append(status["status"])
        outcomes = list(by_message.values())
        assert outcomes == [["sent", "delivered"], ["failed"], ["sent", "delivered"]]

    in_box(story)


def test_somebody_without_whatsapp_cannot_be_reached() -> None:
    async def story(box: Box) -> None:
        await box.desk("phones", {"phone": JANE, "on_whatsapp": False})
        await box.whatsapp({"to": JANE, "type": "template", "template": hello("Jane")})
        await box.pass_time()
        [failed] = box.listener.statuses()
        assert failed["errors"][0]["code"] == 131026

    in_box(story)


def test_a_test_number_reaches_only_those_on_its_list() -> None:
    async def story(box: Box) -> None:
        await box.desk("numbers", {"phone_number_id": NUMBER, "allowed": ["0722000111"]})
        answer = await box.send_text(JANE)
        assert answer.json()["error"]["code"] == 131030

    in_box(story)


def test_a_phone_that_is_off_gets_its_messages_when_it_is_on() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.desk("phones", {"phone": JANE, "is_online": False})
        await box.send_text(JANE)
        await box.pass_time()
        assert [s["status"] for s in box.listener.statuses()] == ["sent"]
        await box.desk("phones", {"phone": JANE, "is_online": True})
        await box.pass_time()
        assert [s["status"] for s in box.listener.statuses()] == ["sent", "delivered"]

    in_box(story)


def test_nobody_learns_of_reading_from_a_person_without_receipts() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE)
        await box.desk("phones", {"phone": JANE, "sends_receipts": False})
        await box.send_text(JANE)
        await box.pass_time()
        await box.desk(f"phones/{JANE}/read", {})
        await box.pass_time()
        assert "read" not in [s["status"] for s in box.listener.statuses()]

    in_box(story)


def test_marking_read_turns_the_ticks_blue_and_shows_typing() -> None:
    async def story(box: Box) -> None:
        said = await box.say(JANE)
        read = {"status": "read", "message_id": said, "typing_indicator": {"type": "text"}}
        answer = await box.whatsapp(read)
        assert answer.json() == {"success": True}
        chat = (await box.phone(JANE))["chats"][0]
        assert (chat["is_typing"], chat["lines"][0]["status"]) == (True, "read")
        unknown = await box.whatsapp({"status": "read", "message_id": "wamid.x"})
        assert unknown.json()["error"]["code"] == 131009

    in_box(story)


def test_the_ready_invoice_template_shows_its_paper_and_its_link() -> None:
    async def story(box: Box) -> None:
        media_id = await upload(box, b"%PDF-1.7 paper", "INV-1.pdf")
        document = {"type": "document", "document": {"id": media_id, "filename": "INV-1.pdf"}}
        words = ("Kamau Designs", "KES 75,000.00", "Logo", "Friday")
        template = hello(*words, name="invoice_ready")
        button = {"type": "button", "sub_type": "url", "index": "0"}
        button["parameters"] = [{"type": "text", "text": "tok"}]
        components = template["components"]
        bare = await box.whatsapp({"to": JANE, "type": "template", "template": template})
        assert bare.json()["error"]["code"] == 132012
        components[:0] = [{"type": "header", "parameters": [document]}]
        no_link = await box.whatsapp({"to": JANE, "type": "template", "template": template})
        assert no_link.json()["error"]["code"] == 131008
        components.append(button)
        sent = await box.whatsapp({"to": JANE, "type": "template", "template": template})
        assert sent.json()["messages"][0]["message_status"] == "accepted"
        [line] = await box.lines(JANE)
        assert "KES 75,000.00" in line["text"]
        assert line["file"]["filename"] == "INV-1.pdf"
        assert line["url"]["url"] == "http://127.0.0.1:8000/p/tok"
        opened = await box.http.get(f"/control/media/{line['file']['id']}")
        assert opened.content == b"%PDF-1.7 paper"

    in_box(story)


async def upload(box: Box, content: bytes, name: str, kind: str = "application/pdf") -> str:
    answer = await box.http.post(
        f"/whatsapp/v23.0/{NUMBER}/media",
        data={"messaging_product": "whatsapp", "type": kind},
        files={"file": (name, content, kind)},
        headers={"Authorization": "Bearer sandbox-token"},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_an_uploaded_file_comes_back_whole_to_the_bearer_for_five_minutes() -> None:
    async def story(box: Box) -> None:
        content = b"\r\n--\x00\xff not a boundary\r\n" * 50
        media_id = await upload(box, content, "a.pdf")
        bearer = {"Authorization": "Bearer sandbox-token"}
        held = (await box.http.get(f"/whatsapp/v23.0/{media_id}", headers=bearer)).json()
        assert (held["file_size"], held["mime_type"]) == (len(content), "application/pdf")
        assert (await box.http.get(held["url"], headers=bearer)).content == content
        assert (await box.http.get(held["url"])).status_code == 401
        await box.pass_time(301)
        assert (await box.http.get(held["url"], headers=bearer)).status_code == 400
        await box.http.delete(f"/whatsapp/v23.0/{media_id}", headers=bearer)
        gone = await box.http.get(f"/whatsapp/v23.0/{media_id}", headers=bearer)
        assert gone.json()["error"]["error_subcode"] == 33

    in_box(story)


def test_a_link_is_fetched_and_one_that_cannot_be_fails_later() -> None:
    async def story(box: Box) -> None:
        pdf = httpx.Response(200, content=b"%PDF", headers={"content-type": "application/pdf"})
        box.listener.answers = lambda r: (
            pdf if r.url.path == "/good.pdf" else httpx.Response(404 if r.method == "GET" else 200)
        )
        await box.say(JANE)
        for name in ("good", "bad"):
            link = {"link": f"https://files.test/{name}.pdf", "filename": f"{name}.pdf"}
            await box.whatsapp({"to": JANE, "type": "document", "document": link})
        await box.pass_time()
        good, bad = [line for line in await box.lines(JANE) if line["from"] == "business"]
        assert (good["status"], good["file"]["bytes"]) == ("delivered", 4)
        assert (bad["status"], bad["statuses"][0]["error"]["code"]) == ("failed", 131053)

    in_box(story)


def test_the_signature_is_the_published_one() -> None:
    body = b'{"object":"whatsapp_business_account","entry":[]}'
    expected = "02fe0c96d28c59ddb7cf81eff0ca05809b360ba73b63c28210b5906a0a107d1f"
    assert signature("app_secret_123", body) == f"sha256={expected}"


def test_the_handshake_succeeds_only_when_the_challenge_comes_back() -> None:
    async def story(box: Box) -> None:
        def answers(request: httpx.Request) -> httpx.Response:
            assert request.url.params["hub.mode"] == "subscribe"
            assert request.url.params["hub.verify_token"] == "sandbox-verify-token"
            return httpx.Response(200, text=request.url.params["hub.challenge"])

        box.listener.answers = answers
        assert (await box.desk("handshake", {}))["is_verified"] is True
        box.listener.answers = lambda _: httpx.Response(200, text="ok")
        assert (await box.desk("handshake", {}))["is_verified"] is False

    in_box(story)
