"""What nobody plans for: bursts, cards, pictures, strange letters. Nothing breaks, nothing is sent, nobody waits in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Phone


def card(name: str, *numbers: str) -> list[dict[str, Any]]:
    return [{"name": {"formatted_name": name}, "phones": [{"wa_id": one} for one in numbers]}]


def burst(phone: Phone, texts: list[str], *, at: int | None = None) -> None:
    from providers.whatsapp import envelopes

    who = [phone._who() | ({"at": at} if at is not None else {}) for _ in texts]
    phone.writes(*[envelopes.text(text, **one) for text, one in zip(texts, who, strict=True)])


def after_the_burst(phone: Phone) -> list[str]:
    from hesabu.doors.chat import answering
    from hesabu.kit import clock

    with clock.moved(seconds=answering.HOLD_SECONDS + 1):
        contact_id = phone.contact_id()
        assert contact_id is not None
        answering.answer_contact(contact_id)
        return [message.body for message in phone.hears()]


def test_a_hundred_messages_at_once_get_two_answers_that_leave_nothing_unsaid(
    merchant: Phone,
) -> None:
    from hesabu.kit import clock

    merchant.hears()
    with clock.fixed(clock.now()):
        burst(merchant, ["who owes me", *(f"word {place}" for place in range(99))])
        assert [message.body for message in merchant.hears()] == ["Nobody owes you anything."]
    (told,) = after_the_burst(merchant)
    assert told.startswith("I read 99 more messages that came within seconds, and did nothing")
    assert "and 94 others before that" in told
    assert "word 98" in told
    assert after_the_burst(merchant) == []
    assert merchant.says("who owes me")[0].body == "Nobody owes you anything."


def test_the_same_words_a_hundred_times_make_one_draft(merchant: Phone, customer: Phone) -> None:
    from doors.chat.test_money import ONE_LINE, business_of, local
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    merchant.hears()
    burst(merchant, [ONE_LINE.format(phone=local(customer))] * 100)
    merchant.hears()
    after_the_burst(merchant)
    with tenancy.bound(business_of(merchant)):
        (draft,) = invoices.invoices().invoices
    assert draft.number is None


def test_a_burst_that_goes_on_while_it_is_held_is_answered_once(merchant: Phone) -> None:
    from hesabu.kit import clock

    merchant.hears()
    now = int(clock.now().timestamp())
    with clock.fixed(clock.now()):
        burst(merchant, [f"one {place}" for place in range(20)], at=now)
        assert len(merchant.hears()) <= 2
        for turn in range(4):
            burst(merchant, [f"more {turn} {place}" for place in range(5)], at=now)
            assert merchant.hears() == []
    (told,) = after_the_burst(merchant)
    assert told.startswith("I read 39 more messages")


def test_words_of_a_whole_night_that_arrive_together_are_no_burst(merchant: Phone) -> None:
    from hesabu.kit import clock
    from providers.whatsapp import envelopes

    merchant.hears()
    now = int(clock.now().timestamp())
    said = [
        envelopes.text("who owes me", **(merchant._who() | {"at": now - 20 * place}))
        for place in range(15)
    ]
    merchant.writes(*said)
    assert len(merchant.hears()) == 15


def test_a_contact_card_alone_begins_an_invoice_for_them(merchant: Phone) -> None:
    (question,) = merchant.sends("contacts", card("Jane Wanjiku", "254712345678"))
    assert "much" in question.body
    merchant.says("500")
    merchant.says("eggs")
    preview = next(m for m in merchant.inbox() if "Send" in m.titles)
    assert "Jane Wanjiku" in preview.body
    assert "KES 500" in preview.body


def test_a_contact_card_answers_who_it_is_for(merchant: Phone) -> None:
    merchant.says("invoice")
    (question,) = merchant.sends("contacts", card("Mama Njeri", "254712345679"))
    assert "much" in question.body


def test_a_contact_card_to_another_question_is_no_answer(merchant: Phone) -> None:
    merchant.says("invoice")
    merchant.says("Mama Njeri")
    merchant.says("no number")
    _, question = merchant.sends("contacts", card("Peter", "254712345679"))
    assert "much" in question.body or question.titles


@pytest.mark.parametrize("shared", [card("Somebody"), card("", "123"), [{}], card("", "")])
def test_a_card_that_says_too_little_gets_a_hint_or_a_question(
    merchant: Phone, shared: list[dict[str, Any]]
) -> None:
    assert merchant.sends("contacts", shared)


def test_a_caption_is_read_as_words(merchant: Phone, customer: Phone) -> None:
    from doors.chat.test_money import ONE_LINE, local

    words = ONE_LINE.format(phone=local(customer))
    heard = merchant.sends("image", {"id": "1", "mime_type": "image/jpeg", "caption": words})
    assert "KES 75,000" in heard[-1].body
    assert "Send" in heard[-1].titles


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}),
        ("audio", {"id": "1", "mime_type": "audio/ogg", "voice": True}),
        ("sticker", {"id": "1", "mime_type": "image/webp"}),
        ("location", {"latitude": -1.28, "longitude": 36.8}),
        ("video", {"id": "1", "mime_type": "video/mp4"}),
        ("document", {"id": "1", "mime_type": "application/pdf", "filename": "a.pdf"}),
        ("order", {}),
        ("whatever", {}),
    ],
)
def test_what_is_not_words_gets_a_kind_word_and_the_question_again(
    merchant: Phone, kind: str, part: dict[str, Any]
) -> None:
    assert merchant.sends(kind, part)
    merchant.says("invoice")
    *_, question = merchant.sends(kind, part)
    assert "Who is it for?" in question.body


def test_a_thumb_on_a_preview_sends_nothing(merchant: Phone, customer: Phone) -> None:
    from doors.chat.test_money import ONE_LINE, local
    from doors.chat.town import provider_id

    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    about = {"message_id": provider_id(preview), "emoji": "👍"}
    assert merchant.sends("reaction", about) == []
    assert customer.inbox() == []


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4096,
        "🙂" * 2000,
        "فاتورة جين 75000",
        "\u202einvoice Jane 500 for eggs\u202c",
        "invoice Jane\x00 500 for eggs",
        "\x00",
        "\u200b",
        "%(name)s {0} %s",
        "*_~```",
        "INV-0001" * 400,
        "1" * 4096,
        "\ud800",
    ],
)
def test_no_letters_break_anything(merchant: Phone, text: str) -> None:
    assert merchant.says(text)
    assert merchant.says("cancel")


def test_marks_that_turn_words_around_are_not_kept(merchant: Phone) -> None:
    from doors.chat.test_money import business_of
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    merchant.says("invoice \u202eenaJ\u202c Doe 500 for eggs\x07")
    with tenancy.bound(business_of(merchant)):
        names = invoices.customer_names()
    assert not any("\u202e" in name or "\x07" in name for name in names)


def test_two_people_of_one_business_speak_at_once_and_each_gets_their_own_answers(
    merchant: Phone, new_phone: Any
) -> None:
    from django.db import connection

    from doors.chat.test_money import business_of
    from doors.chat.town import settle_down
    from hesabu.doors.chat import answering
    from hesabu.identity import actions as identity
    from hesabu.identity.types import Role
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy
    from payments.shop import at_the_same_time
    from providers.whatsapp import envelopes

    second = new_phone("Otieno Kamau")
    second.says("hi")
    second.says("cancel")
    business_id = business_of(merchant)
    with tenancy.house():
        person_id = identity.register_person("Otieno Kamau")
        messaging.introduce(second.contact_id(), person_id)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.SELLER)
    merchant.hears()
    second.hears()
    phones = [merchant, second]
    for phone, name in zip(phones, ("Jane", "Peter"), strict=True):
        phone.writes(envelopes.text(f"invoice {name} Doe 500 for eggs today", **phone._who()))

    def answer(turn: int) -> None:
        contact_id = phones[turn % 2].contact_id()
        assert contact_id is not None
        answering.answer_contact(contact_id)
        connection.close()

    assert [e for e in at_the_same_time(answer) if e is not None] == []
    settle_down()
    for phone, name in zip(phones, ("Jane", "Peter"), strict=True):
        heard = " ".join(map(str, phone.hears()))
        assert name in heard
