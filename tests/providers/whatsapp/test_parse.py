"""An envelope taken apart."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hesabu.messaging.providers.whatsapp import parse
from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Kind
from providers.whatsapp import envelopes


def test_a_text_says_who_what_and_when() -> None:
    contacts = [{"profile": {"name": "Jane"}, "wa_id": "254712345678", "user_id": "KE.123"}]
    found = parse.envelope(
        envelopes.envelope(messages=[envelopes.text("Hello")], contacts=contacts)
    )
    [one] = found.arrived
    assert (one.phone, one.user_id, one.name) == ("+254712345678", "KE.123", "Jane")
    assert (one.kind, one.content) == (Kind.TEXT, {"text": "Hello"})
    assert one.sent_at == envelopes.instant(envelopes.AT)
    assert not found.unread


def test_every_entry_change_message_and_status_is_read() -> None:
    change = {
        "field": "messages",
        "value": {
            "messages": [envelopes.text("a", message_id="1"), envelopes.text("b", message_id="2")],
            "statuses": [envelopes.status("sent")],
        },
    }
    other = {"field": "messages", "value": {"messages": [envelopes.text("c", message_id="3")]}}
    body = json.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [{"changes": [change, other]}, {"changes": [change]}],
        }
    ).encode()
    found = parse.envelope(body)
    assert [one.content["text"] for one in found.arrived] == ["a", "b", "c", "a", "b"]
    assert len(found.told) == 2


def test_a_sender_without_a_number_is_known_by_user_id() -> None:
    said = envelopes.text("Hi", sender=None, user_id="KE.9f8e")
    [one] = parse.envelope(envelopes.envelope(messages=[said])).arrived
    assert (one.phone, one.user_id) == (None, "KE.9f8e")


def test_one_bad_message_does_not_spoil_the_others() -> None:
    messages: list[Any] = [
        envelopes.text("good", message_id="1"),
        "no message at all",
        {"type": "text", "text": {"body": "no id"}, "from": "254712345678", "timestamp": "1"},
        envelopes.text("no time", message_id="2") | {"timestamp": "yesterday"},
        envelopes.text("no sender", message_id="3", sender=None),
        envelopes.message("text", "no object", message_id="4"),
        envelopes.text("good too", message_id="5"),
    ]
    statuses: list[Any] = [envelopes.status("sent"), envelopes.status("eaten"), None]
    found = parse.envelope(envelopes.envelope(messages=messages, statuses=statuses))
    assert [one.content["text"] for one in found.arrived] == ["good", "good too"]
    assert [one.verb for one in found.told] == ["pass_on"]
    assert [one.place.rsplit(".", 1)[1] for one in found.unread] == [
        *(f"messages[{n}]" for n in (1, 2, 3, 4, 5)),
        "statuses[1]",
        "statuses[2]",
    ]


def test_a_reason_never_repeats_what_was_there() -> None:
    said = envelopes.text("my secret", message_id="x" * 600)
    [bad] = parse.envelope(envelopes.envelope(messages=[said])).unread
    assert "secret" not in bad.reason
    assert "xxx" not in bad.reason


TAPS = [
    (
        "interactive",
        {"type": "button_reply", "button_reply": {"id": "send:1", "title": "Send"}},
        Kind.BUTTON,
    ),
    (
        "interactive",
        {"type": "list_reply", "list_reply": {"id": "send:1", "title": "Send"}},
        Kind.CHOICE,
    ),
    ("button", {"payload": "send:1", "text": "Send"}, Kind.BUTTON),
]


@pytest.mark.parametrize(("word", "part", "kind"), TAPS)
def test_taps_carry_the_buttons_id_and_what_was_tapped_on(
    word: str, part: dict[str, Any], kind: Kind
) -> None:
    said = envelopes.message(word, part, context={"id": "wamid.OUT1"})
    [one] = parse.envelope(envelopes.envelope(messages=[said])).arrived
    assert one.kind is kind
    assert one.content == {"text": "Send", "button_id": "send:1", "quoted": "wamid.OUT1"}


OTHERS: list[tuple[str, Any, Kind]] = [
    (
        "image",
        {"id": "m1", "mime_type": "image/jpeg", "sha256": "aa", "caption": "look"},
        Kind.IMAGE,
    ),
    ("audio", {"id": "m1", "mime_type": "audio/ogg", "voice": True}, Kind.VOICE),
    ("audio", {"id": "m1", "mime_type": "audio/mp4", "voice": False}, Kind.AUDIO),
    ("sticker", {"id": "m1", "animated": False}, Kind.STICKER),
    ("document", {"id": "m1", "filename": "a.pdf"}, Kind.DOCUMENT),
    ("video", {"id": "m1"}, Kind.VIDEO),
    ("location", {"latitude": -1.29, "longitude": "36.8", "name": "Shop"}, Kind.LOCATION),
    (
        "contacts",
        [{"name": {"formatted_name": "Ali"}, "phones": [{"wa_id": "254700000001"}]}],
        Kind.CONTACTS,
    ),
    ("reaction", {"message_id": "wamid.OUT1", "emoji": "👍"}, Kind.REACTION),
    ("order", {"catalog_id": "1"}, Kind.ORDER),
    ("unsupported", {}, Kind.UNSUPPORTED),
    ("hologram", {"id": 1}, Kind.UNSUPPORTED),
]


@pytest.mark.parametrize(("word", "part", "kind"), OTHERS)
def test_everything_else_keeps_its_kind(word: str, part: Any, kind: Kind) -> None:
    found = parse.envelope(envelopes.envelope(messages=[envelopes.message(word, part)]))
    assert [one.kind for one in found.arrived] == [kind]
    assert found.arrived[0].is_said is (kind is not Kind.REACTION)


def test_a_new_number_is_a_move_and_no_message() -> None:
    system = {
        "body": "changed",
        "type": "user_changed_number",
        "wa_id": "254733000111",
        "user_id": "KE.new",
    }
    said = envelopes.message("system", system, user_id="KE.old")
    found = parse.envelope(envelopes.envelope(messages=[said]))
    [moved] = found.moved
    assert (moved.old_phone, moved.old_user_id) == ("+254712345678", "KE.old")
    assert (moved.new_phone, moved.new_user_id) == ("+254733000111", "KE.new")
    assert not found.arrived


def test_statuses_carry_our_mark_and_what_failed() -> None:
    statuses = [
        envelopes.status("read", biz_opaque_callback_data="abc.1"),
        envelopes.failed(131047),
        envelopes.failed(131056),
        envelopes.failed(131026),
        envelopes.failed(999999),
    ]
    told = parse.envelope(envelopes.envelope(statuses=statuses)).told
    assert [one.verb for one in told] == ["see", "fail", "fail", "fail", "fail"]
    assert told[0].mark == "abc.1"
    assert [(one.code, one.cure) for one in told[1:]] == [
        ("window_closed", Cure.TEMPLATE),
        ("pair_rate_limited", Cure.SLOW_DOWN),
        ("undeliverable", Cure.NONE),
        ("whatsapp_999999", Cure.NONE),
    ]


def test_other_fields_and_other_objects_are_passed_over_or_refused() -> None:
    other = envelopes.whole(
        [{"field": "message_template_status_update", "value": {"event": "APPROVED"}}]
    )
    assert parse.envelope(other) == parse.Contents([], [], [], unread=[])
    page = json.dumps({"object": "page", "entry": []}).encode()
    assert [bad.place for bad in parse.envelope(page).unread] == ["letter"]


def test_a_letter_to_another_number_is_refused() -> None:
    body = envelopes.envelope(messages=[envelopes.text("Hi")], to="999")
    found = parse.envelope(body, phone_number_id=envelopes.PHONE_NUMBER_ID)
    assert not found.arrived
    assert [bad.reason for bad in found.unread] == ["it is for another number"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"x"',
        b"NaN",
        b'{"entry":NaN}',
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_garbage_is_refused_whole(body: bytes) -> None:
    found = parse.envelope(body)
    assert [bad.place for bad in found.unread] == ["letter"]
    assert not found.arrived


def test_what_cannot_be_kept_is_replaced() -> None:
    body = envelopes.envelope(messages=[envelopes.text("half of a 😀")])
    body = body.replace(b"\\ud83d\\ude00", b"\\ud83d")
    [one] = parse.envelope(body).arrived
    assert one.content["text"].encode() == b"half of a ?"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WORDS = ["text", "interactive", "image", "system", "contacts", "reaction", "location", "button"]
strange_messages = st.fixed_dictionaries(
    {
        "id": st.just("wamid.1") | json_values,
        "timestamp": st.just("1795424400") | json_values,
        "from": st.just("254712345678") | json_values,
        "type": st.sampled_from(WORDS) | json_values,
    },
    optional=dict.fromkeys(WORDS, json_values) | {"context": json_values},
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(strange_messages | json_values, max_size=4),
    st.lists(json_values, max_size=2),
    json_values,
)
def test_whatever_is_in_it_the_good_message_is_read_and_nothing_breaks(
    messages: list[Any], statuses: list[Any], contacts: Any
) -> None:
    value = {
        "messages": [*messages, envelopes.text("good", message_id="good")],
        "statuses": statuses,
        "contacts": contacts,
    }
    found = parse.envelope(envelopes.whole([{"field": "messages", "value": value}, *messages]))
    assert "good" in [one.provider_id for one in found.arrived]
    for one in found.arrived:
        json.dumps(dict(one.content)).encode()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_without_a_fuss(body: bytes) -> None:
    assert parse.envelope(body).unread
