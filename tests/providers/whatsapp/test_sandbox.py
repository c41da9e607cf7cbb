"""The whole wire, against a counterpart that keeps Meta's rules and knows nothing of us."""

from __future__ import annotations

import secrets
from uuid import UUID

import pytest

from hesabu.kit import clock
from hesabu.messaging import actions
from hesabu.messaging.types import Buttons, Choices, Content, Document, Kind, State, Template, Text
from hesabu.store import files, tenancy
from providers.whatsapp.box import Box, contact_at, deliver, look, queue, unanswered

INVOICE = ["Kamau Designs", "logo design", "KES 75,000.00", "Friday"]


def _paper() -> UUID:
    with tenancy.house():
        return files.keep(b"%PDF-1.7 an invoice", "application/pdf", "INV-0001.pdf")


def test_the_handshake_and_the_signature_hold(box: Box) -> None:
    assert box.handshake()
    phone = box.somebody()
    box.say(phone, text="Karibu — é 😀 /slash")
    [one] = unanswered(contact_at(phone).id)
    assert (one.kind, one.text) == (Kind.TEXT, "Karibu — é 😀 /slash")
    assert contact_at(phone).is_window_open


def test_reading_and_typing_show_on_the_phone(box: Box) -> None:
    phone = box.somebody()
    box.say(phone, text="Hello")
    [one] = unanswered(contact_at(phone).id)
    actions.mark_read(one.message_id)
    chat = box.chat(phone)
    assert chat["is_typing"]
    assert "read" in [mark["status"] for mark in chat["lines"][0]["statuses"]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Text("x" * 5000),
        lambda: Buttons("Send?" * 400, [("send:1", "Send it to Jane Wanjiku"), ("no", "Cancel")]),
        lambda: Buttons("Send?", [("send:1", "Send")], _paper(), "INV-0001.pdf", "Hesabu " * 20),
        lambda: Choices("Which?", "Choose one of these people", [(str(n), f"Jane {n} " * 9, "owes " * 40) for n in range(10)]),
        lambda: Document(_paper(), "INV-0001.pdf", "Yours " * 400),
        lambda: Document(_paper(), "INV-0001.pdf", "", [("pay", "Pay")]),
        lambda: Template("invoice_ready", "en", INVOICE, "tok123", _paper(), "INV-0001.pdf"),
        lambda: Template("payment_reminder", "sw", ["Kamau", "KES 5", "INV-0001", "leo"], "tok123", replies=["pay:a:b"]),
        lambda: Template("hello", "en", ["Jane\nWanjiku    Kamau"]),
    ],
)  # fmt: skip
def test_every_content_is_taken_delivered_and_seen(box: Box, make) -> None:  # type: ignore[no-untyped-def]
    content: Content = make()
    phone = box.somebody()
    box.say(phone, text="Hello")
    message_id = queue(contact_at(phone).id, content)
    assert deliver(message_id).state is State.ACCEPTED
    box.settle()
    assert look(message_id).state is State.DELIVERED
    box.read(phone)
    assert look(message_id).state is State.SEEN
    assert len(box.shown(phone)) == 1


def test_a_tap_brings_its_button_back_and_what_it_was_on(box: Box) -> None:
    phone = box.somebody()
    box.say(phone, text="Hello")
    contact_id = contact_at(phone).id
    message_id = queue(contact_id, Buttons("Send?", [("send:1", "Send"), ("no", "Cancel")]))
    deliver(message_id)
    box.settle()
    box.say(phone, button_id="send:1")
    tap = unanswered(contact_id)[-1]
    assert (tap.kind, tap.button_id, tap.text) == (Kind.BUTTON, "send:1", "Send")
    assert tap.quoted_message_id == message_id


def test_a_photo_can_be_fetched(box: Box) -> None:
    phone, photo = box.somebody(), b"\xff\xd8\xff" + secrets.token_bytes(500)
    box.photo(phone, photo)
    [one] = unanswered(contact_at(phone).id)
    assert one.kind is Kind.IMAGE
    fetched = actions.fetch_media(one.message_id)
    assert (fetched.content, fetched.content_type) == (photo, "image/jpeg")


def test_what_we_cannot_read_is_kept_as_its_kind(box: Box) -> None:
    phone = box.somebody()
    box.say(phone, location={"latitude": -1.28, "longitude": 36.82, "name": "Shop"})
    box.say(phone, contacts=[{"name": {"formatted_name": "Ali"}, "phones": [{"phone": "0722"}]}])
    box.say(phone, unsupported=True)
    kinds = [one.kind for one in unanswered(contact_at(phone).id)]
    assert kinds == [Kind.LOCATION, Kind.CONTACTS, Kind.UNSUPPORTED]


def test_somebody_who_hides_their_number_is_answered_and_stays_one_contact(box: Box) -> None:
    phone = box.somebody(shows_phone=False)
    box.say(phone, text="Who am I?")
    user_id = box._http.get(f"/control/phones/{phone}").json()["user_id"]
    with tenancy.house():
        contact_id = actions.meet(whatsapp_user_id=user_id)
    message_id = queue(contact_id, Text("Somebody"))
    assert deliver(message_id).state is State.ACCEPTED
    box.settle()
    assert look(message_id).state is State.DELIVERED
    box.somebody()
    box._http.post("/control/phones", json={"phone": phone, "shows_phone": True})
    box.say(phone, text="Now you see me")
    assert contact_at(phone).id == contact_id
    assert [one.text for one in unanswered(contact_id)] == ["Who am I?", "Now you see me"]


def test_when_meta_finds_the_window_closed_the_template_goes_instead(box: Box) -> None:
    phone = box.somebody()
    box.say(phone, text="Hello")
    contact_id = contact_at(phone).id
    box.advance(25 * 3600)
    message_id = queue(contact_id, Text("Still there?"), Template("hello", "en", ["Jane"]))
    deliver(message_id)
    box.settle()
    assert look(message_id).state is State.QUEUED
    assert deliver(message_id).went_as_template
    box.settle()
    assert look(message_id).state is State.DELIVERED


def test_who_is_not_on_whatsapp_is_undeliverable(box: Box) -> None:
    phone = box.somebody(on_whatsapp=False)
    with tenancy.house():
        contact_id = actions.meet(f"+{phone}")
    message_id = queue(contact_id, Template("hello", "en", ["Jane"]))
    deliver(message_id)
    box.settle()
    found = look(message_id)
    assert (found.state, found.error_code) == (State.FAILED, "undeliverable")


def test_a_template_nobody_approved_fails_at_once(box: Box) -> None:
    phone = box.somebody()
    box.say(phone, text="Hello")
    found = deliver(queue(contact_at(phone).id, Template("nobody_knows", "en")))
    assert (found.state, found.error_code) == (State.FAILED, "template_missing")


def test_in_a_storm_no_message_comes_twice_and_none_is_lost_sight_of(box: Box) -> None:
    phone = box.somebody()
    box.say(phone, text="Hello")
    contact_id = contact_at(phone).id
    box.turn(
        {
            "preset": "storm",
            "whatsapp": {"request_timeout_seconds": 0.5, "request_error_after": 0.2},
        }
    )
    sent = [queue(contact_id, Text(f"Message {n}")) for n in range(12)]
    for minute in range(20):
        with clock.moved(seconds=60 * minute):
            for message_id in sent:
                deliver(message_id)
    box.turn({"preset": "calm"})
    box.settle()
    shown = [line["text"] for line in box.shown(phone)]
    assert len(shown) == len(set(shown))
    for n, message_id in enumerate(sent):
        state = look(message_id).state
        assert state in (State.ACCEPTED, State.SENT, State.DELIVERED, State.UNCERTAIN)
        assert (f"Message {n}" in shown) or state is State.UNCERTAIN
