"""Signing up: three messages, and a business stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Phone


def test_three_messages_make_a_business(new_phone: Callable[..., Phone]) -> None:
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messages
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    phone = new_phone()
    (welcome,) = phone.says("Hi")
    assert "Karibu" in welcome.body
    assert "What is your business called?" in welcome.body
    (how,) = phone.says("Kamau Designs")
    assert "How do customers pay you?" in how.body
    assert list(how.titles) == ["My phone number", "Later"]
    (done,) = phone.says("till 123456")
    assert "till 123456" in done.body
    assert "Invoice Jane" in done.body
    with tenancy.house():
        contact = messages.contact_by_phone(f"+{phone.number}")
    assert contact is not None
    assert contact.person_id is not None
    (membership,) = identity.memberships_of(contact.person_id)
    assert (membership.business_name, membership.role) == ("Kamau Designs", "owner")
    with tenancy.bound(membership.business_id):
        business = identity.business(membership.business_id)
        (way,) = payments.ways_to_pay()
    assert (business.country, business.currency, business.phone) == ("KE", "KES", contact.phone)
    assert (way.kind, way.number) == ("till", "123456")


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ("paybill 400200 account 123", "paybill 400200, account 123"),
        ("My phone number", "M-PESA to 07"),
        ("1", "M-PESA to 07"),
        ("my phone number", "M-PESA to 07"),
        ("namba yangu", "M-PESA to 07"),
        ("0722 000 111", "M-PESA to 0722 000111"),
        ("Buy goods till 5-5-5", None),
        ("till", None),
        ("hello", None),
    ],
)
def test_how_one_is_paid_is_read_or_asked_again(
    new_phone: Callable[..., Phone], said: str, way: str | None
) -> None:
    phone = new_phone()
    phone.says("Hi")
    phone.says("Kamau Designs")
    answers = phone.says(said)
    if way:
        assert way in answers[0].body
    else:
        assert "How do customers pay you?" in answers[-1].body
        assert "till 123456" in phone.says("till 123456")[0].body


def test_later_is_an_answer(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone()
    phone.says("Hi")
    phone.says("Kamau Designs")
    (done,) = phone.taps("Later")
    assert "You can say how customers pay you at any time" in done.body


def test_somebody_without_a_number_signs_up_too(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone(is_hidden=True)
    phone.says("Hi")
    (country,) = phone.says("Kamau Designs")
    assert list(country.titles)[:2] == ["Kenya", "Nigeria"]
    assert len(country.titles) == 9
    (how,) = phone.taps("Kenya")
    assert list(how.titles) == ["Later"]
    (done,) = phone.says("till 123456")
    assert "All set" in done.body


def test_an_invoice_written_by_a_newcomer_is_not_lost(new_phone: Callable[..., Phone]) -> None:
    phone = new_phone()
    (welcome,) = phone.says("Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday")
    assert "What is your business called?" in welcome.body
    phone.says("Kamau Designs")
    done, preview = phone.says("till 123456")
    assert "All set" in done.body
    assert "Jane Wanjiku" in preview.body
    assert list(preview.titles) == ["Send", "Change", "Cancel"]


@pytest.mark.parametrize("name", ["🔥🔥", "-", "!", "x" * 81])
def test_what_is_no_name_is_asked_for_again(new_phone: Callable[..., Phone], name: str) -> None:
    phone = new_phone()
    phone.says("Hi")
    said = phone.says(name)
    assert "name" in said[0].body
    assert "How do customers pay you?" in phone.says("Kamau Designs")[0].body


@pytest.mark.parametrize("said", ["ok", "Hello?", "yes", "asante"])
def test_a_word_in_passing_does_not_name_a_business(
    new_phone: Callable[..., Phone], said: str
) -> None:
    phone = new_phone()
    phone.says("Hi")
    hint, _ = phone.says(said)
    assert hint.body == "Write the whole name of the business, for example: Mama Achieng Salon"
    assert "*Kamau Designs*" in phone.says("Kamau Designs")[0].body


def test_cancel_stops_a_sign_up_and_the_next_word_begins_it_again(
    new_phone: Callable[..., Phone],
) -> None:
    phone = new_phone()
    phone.says("Hi")
    assert phone.says("cancel")[0].body == "Stopped. Nothing was sent."
    assert "What is your business called?" in phone.says("ok")[0].body


@pytest.mark.parametrize(
    ("kind", "part", "word"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}, "picture"),
        ("audio", {"id": "1", "mime_type": "audio/ogg", "sha256": "x", "voice": True}, "voice"),
        ("sticker", {"id": "1", "mime_type": "image/webp", "sha256": "x"}, "menu"),
        ("location", {"latitude": 1, "longitude": 2}, "places"),
    ],
)
def test_what_is_no_words_gets_a_kind_answer_and_the_question_again(
    new_phone: Callable[..., Phone], kind: str, part: object, word: str
) -> None:
    phone = new_phone()
    phone.says("Hi")
    kindness, question = phone.sends(kind, part)
    assert word in kindness.body
    assert "What is your business called?" in question.body
