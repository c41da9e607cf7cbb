"""The till by text message alone. Anybody can send one in a seller's name, and anybody may hold their phone: so the PIN counts
only with the code that goes to the true phone, the code only with the PIN, and while the till is open each payment still has
a code of its own."""

from __future__ import annotations

import importlib
import re
import secrets
from typing import TYPE_CHECKING

import pytest

from doors.chat.test_money import billed, owed
from doors.chat.test_till import PIN, WRONG, asks, sets_level, sets_pin
from doors.chat.test_two_people import person_of
from doors.chat.test_who_writes import letter_of
from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

__all__ = ["billed"]


def texts(phone: Phone, words: str, provider_id: str = "") -> list[Heard]:
    """Somebody writes a text message with that phone's number; what the true phone gets."""
    from hesabu.messaging.providers.port import Arrived
    from hesabu.messaging.types import Channel, Kind
    from hesabu.store import tenancy

    reading = importlib.import_module("hesabu.messaging.actions.read_letters")
    arrived = Arrived(
        provider_id=provider_id or secrets.token_hex(8),
        phone=f"+{phone.number}",
        user_id=None,
        name=None,
        kind=Kind.TEXT,
        sent_at=clock.now(),
        content={"text": words},
        channel=Channel.SMS,
    )
    with tenancy.house(actor=tenancy.Actor("provider")):
        reading._take_in(reading._Said(letter_of("africastalking", b"").id, arrived), {})
    return phone.hears()


def code_in(said: list[Heard]) -> str:
    """The code that was sent to the true phone."""
    found = re.findall(r"answer (\d{6}) and", said[-1].body)
    assert len(found) == 1, said[-1].body
    return str(found[0])


def proves(phone: Phone, words: str) -> list[Heard]:
    """Write it, and answer the code that comes."""
    return texts(phone, code_in(texts(phone, words)))


@pytest.fixture
def seller(merchant: Phone, billed: Heard) -> Phone:
    """Who has a PIN, and INV-0001 for KES 75,000 open."""
    sets_pin(merchant)
    return merchant


def test_the_pin_and_the_code_are_asked_for_and_it_is_counted_once(seller: Phone) -> None:
    with clock.fixed(clock.now()):
        assert asks(texts(seller, "paid INV-0001 20,000 cash"))
        asked = texts(seller, PIN)
        assert PIN not in asked[-1].body
        assert owed(seller) == 75_000, "the PIN, too, came from anybody"
        code = code_in(asked)
        texts(seller, code)
        assert owed(seller) == 55_000
        texts(seller, code)
        texts(seller, PIN)
        assert owed(seller) == 55_000


def test_the_pin_counts_nothing_without_its_code(seller: Phone) -> None:
    assert asks(texts(seller, "paid INV-0001 20,000 cash"))
    for words in (PIN, "yes", PIN, PIN, "lock"):
        texts(seller, words)
        assert owed(seller) == 75_000


def test_a_wrong_pin_counts_nothing_and_wrong_ones_close_it_for_a_while(seller: Phone) -> None:
    start = clock.now()
    with clock.fixed(start):
        assert asks(texts(seller, "paid INV-0001 20,000 cash"))
        for _ in range(4):
            assert "not your PIN" in proves(seller, WRONG)[-1].body
        assert "Try again in 1 minute" in proves(seller, WRONG)[-1].body
        assert "Try again in" in proves(seller, PIN)[-1].body
        assert owed(seller) == 75_000
    with clock.fixed(start), clock.moved(seconds=61):
        proves(seller, PIN)
        assert owed(seller) == 55_000


def test_a_pin_from_anybody_is_not_tried_so_that_nobody_closes_a_till_from_afar(
    seller: Phone,
) -> None:
    from hesabu.identity import actions

    with clock.fixed(clock.now()):
        assert asks(texts(seller, "paid INV-0001 20,000 cash"))
        for _ in range(4):
            texts(seller, WRONG)
        actions.check_pin(person_of(seller), PIN)


def test_an_open_till_spares_the_pin_but_never_the_code(seller: Phone) -> None:
    start = clock.now()
    with clock.fixed(start):
        assert asks(texts(seller, "paid INV-0001 20,000 cash"))
        proves(seller, PIN)
        assert owed(seller) == 55_000
    with clock.fixed(start), clock.moved(seconds=14 * 60):
        asked = texts(seller, "paid INV-0001 10,000 cash")
        assert owed(seller) == 55_000
        assert not asks(texts(seller, code_in(asked)))
        assert owed(seller) == 45_000
    with clock.fixed(start), clock.moved(seconds=15 * 60 + 1):
        assert asks(texts(seller, "paid INV-0001 6,000 cash"))
        assert owed(seller) == 45_000


def test_a_till_that_whatsapp_opened_is_closed_to_text_messages_and_the_other_way(
    seller: Phone,
) -> None:
    with clock.fixed(clock.now()):
        seller.counts("paid INV-0001 20,000 cash")
        assert owed(seller) == 55_000
        assert asks(texts(seller, "paid INV-0001 10,000 cash"))
        proves(seller, PIN)
        assert owed(seller) == 45_000
        assert asks(seller.says("paid INV-0001 10,000 cash"))
        assert owed(seller) == 45_000


def test_small_sums_need_the_code_alone_and_share_a_day_with_whatsapp(seller: Phone) -> None:
    with clock.fixed(clock.now()):
        assert not asks(proves(seller, "paid INV-0001 3,000 cash"))
        assert owed(seller) == 72_000
        assert not asks(seller.says("paid INV-0001 2,000 cash"))
        assert owed(seller) == 70_000
        assert asks(texts(seller, "paid INV-0001 1 cash"))
        assert owed(seller) == 70_000


def test_where_the_pin_is_never_asked_for_the_code_still_is(seller: Phone) -> None:
    sets_level(seller, "never")
    asked = texts(seller, "paid INV-0001 20,000 cash")
    assert owed(seller) == 75_000
    texts(seller, code_in(asked))
    assert owed(seller) == 55_000


def test_a_code_that_is_late_or_wrong_counts_nothing(seller: Phone) -> None:
    start = clock.now()
    with clock.fixed(start):
        late = code_in(texts(seller, "paid INV-0001 3,000 cash"))
    with clock.fixed(start), clock.moved(seconds=10 * 60 + 1):
        texts(seller, late)
        assert owed(seller) == 75_000
        code = code_in(texts(seller, "paid INV-0001 3,000 cash"))
        texts(seller, f"{(int(code) + 1) % 10**6:06}")
        texts(seller, code)
        assert owed(seller) == 75_000, "a wrong one forgets what waited for it"


def test_a_pin_that_is_proved_hours_later_does_not_do_what_it_was_asked_for(seller: Phone) -> None:
    start = clock.now()
    with clock.fixed(start):
        assert asks(texts(seller, "paid INV-0001 20,000 cash"))
    with clock.fixed(start), clock.moved(seconds=3 * 3600):
        assert "ask me for it again" in proves(seller, PIN)[-1].body
        assert owed(seller) == 75_000


def test_text_messages_that_come_twice_count_once(seller: Phone) -> None:
    with clock.fixed(clock.now()):
        assert asks(texts(seller, "paid INV-0001 20,000 cash", "words"))
        assert texts(seller, "paid INV-0001 20,000 cash", "words") == []
        code = code_in(texts(seller, PIN, "pin"))
        assert texts(seller, PIN, "pin") == []
        texts(seller, code, "code")
        assert texts(seller, code, "code") == []
        assert owed(seller) == 55_000
