"""A telephone number is a claim: one that changed hands, or was silent for half a year, proves itself before it acts."""

from __future__ import annotations

import importlib
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hesabu.kit import clock
from hesabu.store import jobs
from steady import fresh_digits

if TYPE_CHECKING:
    from doors.chat.town import Phone


def business_and_person(phone: Phone) -> tuple[UUID, UUID]:
    from hesabu.identity import queries
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    contact_id = phone.contact_id()
    assert contact_id is not None
    with tenancy.house():
        person_id = messages.contact(contact_id).person_id
        assert person_id is not None
        return queries.memberships_of(person_id)[0].business_id, person_id


def issued(business_id: UUID) -> int:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return len(invoices.open_invoices())


@pytest.fixture
def with_pin(merchant: Phone) -> Phone:
    """Whose PIN is known to be theirs: it was set by the number alone, which they were told of a day later."""
    merchant.says("pin")
    merchant.says("7391")
    with clock.moved(days=2):
        jobs.tasks["web.remind_first_proofs"].run()
    return merchant


def test_a_number_that_was_silent_for_half_a_year_proves_itself_by_the_pin(with_pin: Phone) -> None:
    business_id, _ = business_and_person(with_pin)
    preview = with_pin.says("invoice Jane 0733111678 500 for tea due friday")[-1]
    with clock.moved(days=181):
        assert "PIN" in with_pin.taps("Send", preview)[-1].body
        assert issued(business_id) == 0
        assert "PIN" in with_pin.says("cancel")[-1].body
        assert "not your PIN" in with_pin.says("1111")[0].body
        assert "PIN" in with_pin.says("invoice Jane 0733111678 900 for tea")[-1].body
        assert issued(business_id) == 0
        assert "it is you" in with_pin.says("7391")[-1].body
        assert "Jane" in with_pin.says("invoice Jane 0733111678 900 for tea due friday")[-1].body


def test_a_number_that_was_silent_for_less_goes_on(with_pin: Phone) -> None:
    with clock.moved(days=179):
        assert "PIN" not in with_pin.says("list")[-1].body


def test_who_has_no_pin_is_sent_to_the_browser_and_does_nothing(merchant: Phone) -> None:
    business_id, _ = business_and_person(merchant)
    with clock.moved(days=181):
        for words in ("invoice Jane 0733111678 500 for tea", "pin", "7391", "till 654321"):
            said = merchant.says(words)
            assert ["/numbers" in message.body for message in said] == [True], words
    assert issued(business_id) == 0


def test_a_number_that_changed_proves_itself(with_pin: Phone) -> None:
    business_id, _ = business_and_person(with_pin)
    with_pin.number = f"2547{fresh_digits(8)}"
    assert "PIN" in with_pin.says("invoice Jane 0733111678 500 for tea")[-1].body
    assert issued(business_id) == 0
    assert "it is you" in with_pin.says("7391")[-1].body
    assert "PIN" not in with_pin.says("list")[-1].body


def test_the_news_of_a_business_does_not_go_to_a_number_in_doubt(with_pin: Phone) -> None:
    from hesabu.doors.chat import telling
    from hesabu.store import tenancy

    business_id, _ = business_and_person(with_pin)
    with tenancy.bound(business_id):
        assert len(telling.owners()) == 1
    with clock.moved(days=181):
        with_pin.says("hello")
    with tenancy.bound(business_id):
        assert telling.owners() == []


def invite(business_id: UUID, owner_id: UUID, number: str) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import InvitationWay, Role
    from hesabu.store import tenancy

    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_id)):
        actions.invite(Role.SELLER, InvitationWay.WHATSAPP, number)


def roles(business_id: UUID) -> list[str]:
    from hesabu.identity import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return [one.role.value for one in queries.members(business_id)]


def test_somebody_is_invited_by_whatsapp_and_joins_by_a_tap(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    from doors.chat.town import settle_down

    business_id, owner_id = business_and_person(merchant)
    guest = new_phone("Achieng Atieno")
    invite(business_id, owner_id, f"+{guest.number}")
    settle_down()
    (asked,) = guest.inbox()
    assert "asks you to join" in asked.body
    assert any("You belong to" in message.body for message in guest.taps("Join", asked))
    assert roles(business_id) == ["owner", "seller"]
    assert any("opens nothing" in message.body for message in guest.taps("Join", asked))


def test_a_join_button_from_another_number_lets_nobody_in(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    from doors.chat.town import settle_down

    business_id, owner_id = business_and_person(merchant)
    guest, thief = new_phone("Achieng Atieno"), new_phone("Thief")
    invite(business_id, owner_id, f"+{guest.number}")
    settle_down()
    (asked,) = guest.inbox()
    thief.says("hello")
    said = thief.taps_id(asked.titles["Join"], "Join", asked)
    assert any("sent to somebody else" in message.body for message in said)
    assert roles(business_id) == ["owner"]


# --- by every way that letters come -----------------------------------------------------------------------------------


def letter_of(provider: str, body: bytes) -> Any:
    from hesabu.kit import ids
    from hesabu.store.letters import FiledLetter

    return FiledLetter(ids.new_id(), ids.new_id(), provider, None, None, "", True, body, 0)


def read(*letters: Any) -> None:
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    with tenancy.house(actor=tenancy.Actor("provider")):
        messaging.read_letters(list(letters))


def is_doubted(contact_id: UUID) -> bool:
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    with tenancy.house():
        return messages.contact(contact_id).is_doubted


@pytest.mark.parametrize("provider", ["whatsapp", "360dialog"])
def test_the_word_of_the_provider_that_a_number_changed_is_believed_from_either(
    with_pin: Phone, provider: str
) -> None:
    from providers.whatsapp import envelopes

    contact_id = with_pin.contact_id()
    assert contact_id is not None
    new = f"2547{fresh_digits(8)}"
    said = envelopes.message(
        "system",
        {"type": "user_changed_number", "wa_id": new, "body": "changed"},
        message_id=f"wamid.{secrets.token_hex(8)}",
        sender=with_pin.number,
        user_id=with_pin.user_id,
        at=int(clock.now().timestamp()),
    )
    read(letter_of(provider, envelopes.envelope(messages=[said], to=with_pin.phone_number_id)))
    assert is_doubted(contact_id)
    with_pin.number = new
    assert "PIN" in with_pin.says("who owes me")[-1].body
    assert "it is you" in with_pin.says("7391")[-1].body
    assert not is_doubted(contact_id)


def test_somebody_else_with_the_old_number_is_somebody_new(
    with_pin: Phone, new_phone: Callable[..., Phone]
) -> None:
    """WhatsApp gives another user id only to another person: they get nothing of whoever had the number."""
    business_id, person_id = business_and_person(with_pin)
    stranger = new_phone("Stranger")
    stranger.number, old_contact = with_pin.number, with_pin.contact_id()
    assert old_contact is not None
    said = " ".join(message.body for message in stranger.says("who owes me"))
    assert "Kamau" not in said
    assert stranger.contact_id() != old_contact
    assert is_doubted(old_contact)
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    with tenancy.house():
        contact_id = stranger.contact_id()
        assert contact_id is not None
        assert messages.contact(contact_id).person_id != person_id
    assert issued(business_id) == 0


def test_nothing_private_goes_to_a_number_that_is_silent_before_it_writes(with_pin: Phone) -> None:
    from hesabu.doors.chat import telling
    from hesabu.store import tenancy

    business_id, person_id = business_and_person(with_pin)
    with clock.moved(days=181), tenancy.bound(business_id):
        assert telling.owners() == []
        assert telling.reached(person_id) == []
    with clock.moved(days=179), tenancy.bound(business_id):
        assert len(telling.owners()) == 1


def test_what_a_number_in_doubt_is_answered_tells_nothing_of_the_business(with_pin: Phone) -> None:
    with_pin.says("invoice Jane 0733111678 500 for tea due friday")
    with_pin.taps("Send")
    with clock.moved(days=181):
        for words in ("who owes me", "list", "settings", "menu", "hello", "switch", "status Jane"):
            for message in with_pin.says(words):
                for secret in ("Jane", "Kamau", "500", "123456", "INV-0001"):
                    assert secret not in message.body, words


def test_by_text_message_the_silent_prove_themselves_too(with_pin: Phone) -> None:
    from doors.chat.town import settle_down

    contact_id = with_pin.contact_id()
    assert contact_id is not None
    with clock.moved(days=181):
        texts(with_pin, "who owes me")
        settle_down()
        assert is_doubted(contact_id)
        said = with_pin.inbox()[-1].body
        assert "PIN" in said
        assert "Kamau" not in said


def texts(phone: Phone, words: str) -> None:
    """The same person writes a text message."""
    from hesabu.messaging.providers.port import Arrived
    from hesabu.messaging.types import Channel, Kind
    from hesabu.store import tenancy

    reading = importlib.import_module("hesabu.messaging.actions.read_letters")
    arrived = Arrived(
        provider_id=secrets.token_hex(8),
        phone=f"+{phone.number}",
        user_id=None,
        name=None,
        kind=Kind.TEXT,
        sent_at=clock.now(),
        content={"text": words},
        channel=Channel.SMS,
    )
    with tenancy.house(actor=tenancy.Actor("provider")):
        letter = letter_of("africastalking", b"")
        reading._take_in(reading._Said(letter.id, arrived), {})
