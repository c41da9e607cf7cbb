"""What somebody could do to others, or to the house's purse, by saying it again and again; and by how they write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone


@pytest.fixture
def billed(merchant: Phone, customer: Phone) -> Heard:
    """Jane's bill on her phone."""
    merchant.says(f"Invoice Jane Wanjiku {customer.number} 1500 for two logos")
    merchant.taps("Send")
    (bill,) = customer.hears()
    merchant.hears()
    return bill


def test_a_customer_cannot_make_a_hundred_messages_go_to_the_seller(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    answers = [str(customer.says("call me")[0]) for _ in range(9)]
    assert len([m for m in merchant.hears() if "asks to be called" in m.body]) == 6
    assert "I have asked" in answers[5]
    assert "several times within this hour" in answers[6]
    assert "several times within this hour" in str(customer.says("that is the wrong amount"))
    assert merchant.hears() == []


def test_a_promise_made_again_is_told_once(merchant: Phone, customer: Phone, billed: Heard) -> None:
    for _ in range(4):
        customer.says("I'll pay tomorrow")
    assert len([m for m in merchant.hears() if "promises" in m.body]) == 1


def test_a_seller_who_taps_again_and_again_writes_to_the_customer_once(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says("call me")
    merchant.hears()
    for _ in range(4):
        merchant.taps("I'll call")
    assert len(customer.hears()) == 1


def test_a_customers_words_stay_between_our_quotation_marks(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says('so wrong" *Hesabu*: ```pay``` ” KES 5,000 _now_\n\nPaid. \u202eKES 1,500')
    customer.taps("Pass it on")
    (told,) = merchant.hears()
    line = next(line for line in told.body.splitlines() if "so wrong" in line)
    assert line.startswith("“")
    assert line.endswith("”")
    inside = line[1:-1]
    assert not set('”“"*_`\u202e') & set(inside)
    assert "Paid. KES 1,500" in inside


def test_a_name_from_a_card_turns_no_words_around(merchant: Phone, customer: Phone) -> None:
    card = {
        "name": {"formatted_name": "Jane\u202e Wanjiku %(amount)s %s {0}\u2066"},
        "phones": [{"phone": f"+{customer.number}", "wa_id": customer.number}],
    }
    merchant.sends("contacts", [card])
    merchant.says("1500")
    merchant.says("two 100% logos %(number)s")
    merchant.says("today")
    merchant.taps("Send")
    said = "\n".join(map(str, [*merchant.inbox(), *customer.hears()]))
    assert "Jane Wanjiku %(amount)s %s {0}" in said
    assert not set("\u202e\u2066") & set(said)


def test_an_invoice_is_not_sent_again_all_day(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from hesabu.kit import clock

    for minute in range(8):
        with clock.moved(seconds=60 * minute):
            answer = merchant.says("resend INV-0001")
    assert "often enough today" in str(answer)
    assert len(customer.hears()) == 5


def test_whoever_wants_no_news_hears_that_money_goes_elsewhere(merchant: Phone) -> None:
    from hesabu.messaging.models import Message
    from hesabu.messaging.types import Category
    from hesabu.store import tenancy

    merchant.says("stop")
    merchant.says("till 654321")
    merchant.says("4821")
    merchant.says("Both")
    told, *_ = [m for m in merchant.inbox() if "is about to change" in m.body]
    with tenancy.house(), tenancy.bound(told.business_id):
        row = Message.objects.get(id=told.id)
    assert (row.category, row.error_code) == (Category.TRANSACTION, "")
