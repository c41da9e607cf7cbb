"""A merchant and a customer with basic phones do everything by SMS, through the true webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stories.basic_phones import BasicPhone, Network

PASTED = (
    "SKL4T7QX2P Confirmed. Ksh1,500.00 sent to {payee} on 27/11/26 at 9:12 AM."
    " New M-PESA balance is Ksh1.00."
)


@pytest.fixture
def wanjiku(network: Network) -> BasicPhone:
    """Kamau Designs, paid to a till."""
    from stories.basic_phones import BasicPhone

    phone = BasicPhone(network)
    assert "What is your business called?" in phone.says("Hi")
    assert "How do customers pay you?" in phone.says("Kamau Designs")
    assert "till 123456" in phone.proves("till 123456")
    return phone


@pytest.fixture
def jane(network: Network) -> BasicPhone:
    from stories.basic_phones import BasicPhone

    return BasicPhone(network)


def bill(wanjiku: BasicPhone, jane: BasicPhone, what: str = "1500 for two logos due Friday") -> str:
    """Wanjiku bills Jane; what Jane reads."""
    preview = wanjiku.says(f"Invoice Jane Wanjiku {jane.local} {what}")
    assert "1 Send" in preview
    wanjiku.proves("1")
    return jane.reads()


def test_a_bill_is_made_sent_paid_and_booked_by_text_messages(
    wanjiku: BasicPhone, jane: BasicPhone
) -> None:
    sent = bill(wanjiku, jane)
    assert "Kamau Designs" in sent
    assert "KES 1,500" in sent
    assert "/p/" in sent, "where a document cannot be shown there is a link"
    wanjiku.reads()
    assert "Jane" in wanjiku.says("who owes me")
    how = jane.says("pay")
    assert "till 123456" in how
    assert "1 I have paid" in how
    assert "I have asked Kamau Designs to look" in jane.says(PASTED.format(payee="KAMAU DESIGNS"))
    asked = wanjiku.reads()
    assert "SKL4T7QX2P" in asked
    assert "1 Yes, it's there" in asked
    assert "Paid. KES 1,500 from Jane" in wanjiku.proves("1")
    assert "KES 1,500" in jane.reads(), "a receipt"
    assert "Nobody owes you anything." in wanjiku.says("who owes me")


def test_everything_is_plain_and_short(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    from hesabu.messaging.rules import is_gsm, sms_parts

    bill(wanjiku, jane)
    for asked in ("menu", "help", "settings", "INV-0001", "my invoices", "who owes me", "hm?"):
        for message in (wanjiku.sends(asked), wanjiku.inbox())[1]:
            assert is_gsm(message), message
            assert sms_parts(message) <= 4, message
            assert "*" not in message


def test_a_long_list_ends_in_more(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    for place, letter in enumerate("ABCDEFGHI"):
        wanjiku.says(
            f"Invoice Grace Nyambura Wanjohi Otieno Hardware {letter} 1,{place}00 for eggs"
        )
        wanjiku.says("1")
        wanjiku.proves("1")
    first = wanjiku.says("who owes me")
    assert "MORE" in first
    rest = wanjiku.says("more")
    assert rest
    assert rest not in first


def test_the_guided_way_and_numbers_as_answers(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    assert "Who is it for?" in wanjiku.says("invoice")
    wanjiku.says(f"Jane Wanjiku {jane.local}")
    wanjiku.says("750")
    due = wanjiku.says("one card")
    assert "1 " in due
    preview = wanjiku.says("1")
    assert "KES 750" in preview
    assert "1 Send" in preview
    wanjiku.proves("1")
    assert "KES 750" in jane.reads()


def test_a_promise_a_dispute_and_a_call(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    bill(wanjiku, jane)
    wanjiku.reads()
    assert "I have told Kamau Designs that you pay INV-0001 by" in jane.says("I'll pay tomorrow")
    assert "Jane promises to pay INV-0001, KES 1,500, by" in wanjiku.reads()
    assert "You need not pay it" in jane.says("wrong amount")
    asked = wanjiku.reads()
    assert "is not right" in asked
    assert "2 It's right" in asked
    assert jane.local in asked.replace(" ", "")
    assert "I have told Jane" in wanjiku.says("2")
    assert "KES 1,500 is right, they say" in jane.reads()
    assert "I have asked Kamau Designs to call you" in jane.says("call me")
    assert "1 I'll call" in wanjiku.reads()
    wanjiku.says("1")
    assert "will call you" in jane.reads()


def test_stop_and_start(wanjiku: BasicPhone, jane: BasicPhone) -> None:
    bill(wanjiku, jane)
    told = jane.says("STOP")
    assert "no more reminders" in told
    assert "invoices and receipts still come" in told
    assert "I will remind you again" in jane.says("start")


def test_the_same_text_message_delivered_twice_is_answered_once(
    wanjiku: BasicPhone, jane: BasicPhone
) -> None:
    wanjiku.sends("who owes me", id="ATXid_twice")
    wanjiku.sends("who owes me", id="ATXid_twice")
    assert wanjiku.inbox() == ["Nobody owes you anything."]


def test_who_writes_by_text_message_and_by_whatsapp_is_one_person(wanjiku: BasicPhone) -> None:
    """The flow begun by SMS goes on by WhatsApp: there is one conversation."""
    from django.conf import settings

    from doors.chat.town import Phone

    assert "Who is it for?" in wanjiku.says("invoice")
    smart = Phone(wanjiku.number, "KE.1", settings.CONFIG.whatsapp_phone_number_id)
    smart.hears()
    (next_question,) = smart.says("Peter Otieno")
    assert "number" in next_question.body


def test_a_pasted_message_that_names_another_payee_is_pointed_out_to_both(
    wanjiku: BasicPhone, jane: BasicPhone
) -> None:
    bill(wanjiku, jane)
    wanjiku.reads()
    told = jane.says(PASTED.format(payee="OTIENO HARDWARE"))
    assert "the money went to OTIENO HARDWARE" in told
    assert "till 123456" in told
    asked = wanjiku.reads()
    assert "names OTIENO HARDWARE as the one who was paid" in asked
    assert "2 No" in asked
