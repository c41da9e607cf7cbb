"""What people do in a chat, as the product hears it."""

from __future__ import annotations

import base64
import hashlib

import httpx

from sandbox.box import JANE, WANJIKU, Box, in_box
from sandbox.test_whatsapp_sending import buttons, rows


def test_a_tapped_button_names_the_message_it_was_under() -> None:
    async def story(box: Box) -> None:
        sent = [
            await box.whatsapp({"to": JANE, "type": "interactive", "interactive": buttons(*made)})
            for made in ([("pay", "Pay")], [("pay", "Pay now"), ("no", "No")])
        ]
        first, second = (answer.json()["messages"][0]["id"] for answer in sent)
        await box.say(JANE, button_id="pay")
        await box.say(JANE, button_id="pay", reply_to=first)
        await box.pass_time()
        newest, older = box.listener.messages()
        assert newest["interactive"]["button_reply"] == {"id": "pay", "title": "Pay now"}
        assert newest["context"]["id"] == second
        assert older["context"]["id"] == first
        await box.desk(f"phones/{JANE}/say", {"button_id": "nothing"}, expect=400)

    in_box(story)


def test_a_chosen_row_comes_as_a_list_reply() -> None:
    async def story(box: Box) -> None:
        await box.whatsapp({"to": JANE, "type": "interactive", "interactive": rows(3)})
        await box.say(JANE, list_id="2")
        await box.pass_time()
        [message] = box.listener.messages()
        assert message["interactive"] == {
            "type": "list_reply",
            "list_reply": {"id": "2", "title": "Row 2"},
        }

    in_box(story)


def test_somebody_who_hides_the_number_is_known_by_user_id_alone() -> None:
    async def story(box: Box) -> None:
        hidden = await box.desk("phones", {"phone": JANE, "shows_phone": False})
        user_id = hidden["user_id"]
        assert user_id.startswith("KE.")
        await box.say(JANE)
        answer = await box.whatsapp(
            {"recipient": user_id, "type": "text", "text": {"body": "Karibu"}}
        )
        assert answer.json()["contacts"] == [{"input": user_id, "user_id": user_id}]
        await box.pass_time()
        [message], [value, *_] = box.listener.messages(), box.listener.values()
        assert "from" not in message
        assert message["from_user_id"] == user_id
        assert "wa_id" not in value["contacts"][0]
        assert value["contacts"][0]["user_id"] == user_id
        assert all("recipient_id" not in s for s in box.listener.statuses())
        assert all(JANE not in heard.body.decode() for heard in box.listener.heard)

    in_box(story)


def test_a_picture_can_be_fetched_by_its_media_id() -> None:
    async def story(box: Box) -> None:
        content = b"\xff\xd8 picture"
        media = {"base64": base64.b64encode(content).decode(), "mime_type": "image/jpeg"}
        await box.say(JANE, media={**media, "caption": "Till slip"})
        await box.pass_time()
        [message] = box.listener.messages()
        image = message["image"]
        assert (message["type"], image["caption"]) == ("image", "Till slip")
        assert image["sha256"] == hashlib.sha256(content).hexdigest()
        bearer = {"Authorization": "Bearer sandbox-token"}
        held = (await box.http.get(f"/whatsapp/v23.0/{image['id']}", headers=bearer)).json()
        assert (await box.http.get(held["url"], headers=bearer)).content == content

    in_box(story)


def test_a_reaction_shows_on_its_message_and_does_not_open_the_window() -> None:
    async def story(box: Box) -> None:
        said = await box.say(WANJIKU)
        await box.pass_time(25 * 3600)
        await box.say(WANJIKU, reaction={"message_id": said, "emoji": "👍"})
        await box.pass_time()
        assert box.listener.messages()[-1]["reaction"] == {"message_id": said, "emoji": "👍"}
        [line] = await box.lines(WANJIKU)
        assert line["reactions"] == {"person": "👍"}
        await box.send_text(WANJIKU)
        await box.pass_time()
        assert box.listener.statuses()[-1]["errors"][0]["code"] == 131047

    in_box(story)


def test_a_place_and_an_unreadable_message_arrive_as_such() -> None:
    async def story(box: Box) -> None:
        await box.say(JANE, location={"latitude": -1.29, "longitude": 36.82})
        await box.say(JANE, unsupported=True)
        await box.pass_time()
        place, unsupported = box.listener.messages()
        assert place["location"]["latitude"] == -1.29
        assert unsupported["errors"][0]["code"] == 131051

    in_box(story)


def test_an_unanswered_webhook_is_tried_again_with_the_same_bytes_until_it_is_heard() -> None:
    async def story(box: Box) -> None:
        box.listener.answers = lambda _: httpx.Response(503)
        await box.say(JANE)
        await box.pass_time(0.5)
        assert len(box.listener.heard) == 1
        assert (await box.lines(JANE))[0]["status"] == "sent"
        await box.pass_time(4)
        box.listener.answers = lambda _: httpx.Response(200)
        await box.pass_time(10)
        bodies = [heard.body for heard in box.listener.heard]
        assert len(bodies) == 4
        assert len(set(bodies)) == 1
        assert (await box.lines(JANE))[0]["status"] == "delivered"
        await box.pass_time(3600)
        assert len(box.listener.heard) == 4

    in_box(story)


def test_while_all_is_calm_messages_of_one_person_keep_their_order() -> None:
    async def story(box: Box) -> None:
        said = [await box.say(JANE, str(n)) for n in range(20)]
        await box.pass_time()
        assert [message["id"] for message in box.listener.messages()] == said

    in_box(story)
