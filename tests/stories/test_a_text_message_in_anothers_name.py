"""Anybody can send a text message that names Wanjiku's number as its sender. None of them does what only she may do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hesabu.kit import clock

if TYPE_CHECKING:
    from stories.basic_phones import BasicPhone, Network

CODE = re.compile(r"answer (\d{6}) and it is done")


@pytest.fixture
def wanjiku(network: Network) -> BasicPhone:
    """Kamau Designs, paid to a till. What a liar sends in her name comes by `says`, too: the answers are hers to read."""
    from stories.basic_phones import BasicPhone

    phone = BasicPhone(network)
    phone.says("Hi")
    phone.says("Kamau Designs")
    assert "till 123456" in phone.proves("till 123456")
    return phone


@pytest.fixture
def jane(network: Network) -> BasicPhone:
    from stories.basic_phones import BasicPhone

    return BasicPhone(network)


def code_in(said: str) -> str:
    found = CODE.search(said)
    assert found, said
    return found[1]


def test_money_goes_where_it_went_whatever_a_liar_writes(wanjiku: BasicPhone) -> None:
    for lie in ("till 999999", "how i get paid", "pin", "settings"):
        wanjiku.says(lie)
        for answer in ("till 999999", "1234", "1234", "1", "yes"):
            wanjiku.says(answer)
    with clock.moved(seconds=2 * 3600):
        wanjiku.says("cancel")
        now = wanjiku.says("settings")
    assert "PIN: not set" in now
    assert "till 123456" in now
    assert "999999" not in now


def test_nothing_is_sent_in_her_name(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    wanjiku.says(f"Invoice Jane Wanjiku {jane.local} 1500 for two logos")
    for word in ("1", "send", "yes", "000000"):
        wanjiku.says(word)
    assert jane.inbox() == []
    assert "Nobody owes you anything." in wanjiku.says("who owes me")


def test_she_is_told_what_she_would_prove_and_does_it_once(
    wanjiku: BasicPhone, jane: BasicPhone
) -> None:
    wanjiku.says(f"Invoice Jane Wanjiku {jane.local} 1500 for two logos")
    asked = wanjiku.says("1")
    assert '"Send" came from your number' in asked
    assert jane.inbox() == []
    wanjiku.says(code_in(asked))
    assert "KES 1,500" in jane.reads()
    wanjiku.says(code_in(asked))
    assert jane.inbox() == []


def test_a_liar_cannot_change_what_her_code_means(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    from stories.basic_phones import BasicPhone

    thief = BasicPhone(wanjiku.network)
    wanjiku.says(f"Invoice Jane Wanjiku {jane.local} 1500 for two logos")
    asked = wanjiku.says("1")
    wanjiku.says(f"Invoice Otieno {thief.local} 90000 for nothing at all")
    wanjiku.says(code_in(asked))
    assert thief.inbox() == []
    assert jane.inbox() == []


def test_a_code_grows_old(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    wanjiku.says(f"Invoice Jane Wanjiku {jane.local} 1500 for two logos")
    asked = wanjiku.says("1")
    with clock.moved(seconds=int(timedelta(minutes=11).total_seconds())):
        wanjiku.says(code_in(asked))
    assert jane.inbox() == []


def test_guesses_and_their_cost_have_a_bound(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    wanjiku.says(f"Invoice Jane Wanjiku {jane.local} 1500 for two logos")
    told = [wanjiku.says("1") for _ in range(7)]
    assert [bool(CODE.search(said)) for said in told] == [True] * 5 + [False] * 2
    assert "Too many codes went unanswered" in told[-1]
    with clock.moved(seconds=3700):
        asked = wanjiku.says("1")
        wanjiku.says(code_in(asked))
    assert "KES 1,500" in jane.reads()


def test_a_liar_does_not_confirm_his_own_payment(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    wanjiku.says(f"Invoice Jane Wanjiku {jane.local} 1500 for two logos")
    wanjiku.proves("1")
    jane.reads()
    jane.says("paid SKL4T7QX2P")
    assert "1 Yes, it's there" in wanjiku.reads()
    for word in ("1", "yes", "INV-0001 is paid in cash"):
        assert "Paid." not in wanjiku.says(word)
    assert "Jane" in wanjiku.says("who owes me")


def test_a_customer_known_by_name_gets_no_number_from_a_liar(wanjiku: BasicPhone) -> None:
    from stories.basic_phones import BasicPhone

    thief = BasicPhone(wanjiku.network)
    wanjiku.says("Invoice Mama Njeri 400 for eggs")
    wanjiku.says("1")
    wanjiku.proves("1")
    assert CODE.search(wanjiku.says(f"Invoice Mama Njeri {thief.local} 1 for eggs"))
    wanjiku.says("Invoice Mama Njeri 70000 for a wedding")
    wanjiku.proves("1")
    assert thief.inbox() == []


def test_prices_stay_what_they_were(wanjiku: BasicPhone) -> None:
    wanjiku.says("what do i sell")
    wanjiku.says("1")
    wanjiku.says("Braids")
    wanjiku.proves("1500")
    assert "choose a PIN" in wanjiku.says("braids is now 10")
    assert CODE.search(wanjiku.says("7391"))
    assert "1,500" in wanjiku.says("what do i sell")


def test_by_whatsapp_no_code_is_asked(wanjiku: BasicPhone) -> None:
    from django.conf import settings

    from doors.chat.town import Phone

    smart = Phone(wanjiku.number, "KE.77", settings.CONFIG.whatsapp_phone_number_id)
    smart.hears()
    smart.says("Invoice Peter Otieno 0700123456 750 for one card")
    assert not any(CODE.search(message.body) for message in smart.taps("Send"))


def test_who_signs_up_by_text_message_proves_where_money_goes(network: Network) -> None:
    from stories.basic_phones import BasicPhone

    victim = BasicPhone(network)
    victim.says("Hi")
    victim.says("Safaricom Shop")
    assert CODE.search(victim.says("till 999999"))
    assert "till 999999" not in victim.says("settings")


def test_answers_by_text_message_have_a_bound(network: Network) -> None:
    """Whoever learns the address can let any number ask; the house pays for the answers."""
    from hesabu.doors.chat.answering import TEXTS_MAX
    from stories.basic_phones import BasicPhone

    victim = BasicPhone(network)
    for _ in range(TEXTS_MAX + 5):
        victim.says("??")
    texts = network.texts.to(victim.number)
    assert len(texts) == TEXTS_MAX + 1
    assert "Too many text messages" in texts[-1]
    with clock.moved(seconds=3700):
        assert victim.says("??")
