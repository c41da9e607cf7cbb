"""Something else that is said while a question is open is done, and the question is not lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from doors.chat.test_invoicing import ONE_LINE, invoices_of, local
from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone


def issued(merchant: Phone, customer: Phone) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()


def bodies(heard: list[Heard]) -> list[str]:
    return [message.body for message in heard]


def test_who_owes_me_is_answered_and_what_to_change_is_asked_again(
    merchant: Phone, customer: Phone
) -> None:
    issued(merchant, customer)
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    merchant.taps("Change")
    owed, question = merchant.says("who owes me")
    assert "75,000" in owed.body
    assert "What" in question.body
    assert "Amount" in question.titles


def test_a_reminder_is_sent_while_it_is_asked_what_to_change(
    merchant: Phone, customer: Phone
) -> None:
    issued(merchant, customer)
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    merchant.taps("Change")
    told, question = merchant.says("remind Jane")
    assert "Jane" in told.body
    assert "reminder" in customer.hears()[-1].body.lower()
    assert "Amount" in question.titles
    (preview,) = merchant.says("due Friday")
    assert "Due Fri" in preview.body


def test_the_change_itself_answers_what_to_change(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    merchant.taps("Change")
    (preview,) = merchant.says("make it 800")
    assert "Total KES 800.00" in preview.body
    assert invoices_of(merchant) == ["draft draft"]


def test_another_invoice_is_made_and_the_change_is_offered_again(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    merchant.taps("Change")
    (preview,) = merchant.says("Invoice Mary 0712 000 222 300 for milk")
    assert "Mary" in preview.body
    told = merchant.taps("Send", preview)
    assert "*INV-0001* is on its way to Mary." in told[0].body
    assert told[-1].body == "You were changing the draft for Otieno. Shall we go on?"
    assert list(told[-1].titles) == ["Go on", "Leave it"]
    (question,) = merchant.taps("Go on")
    assert "Amount" in question.titles
    merchant.says("Amount")
    (changed,) = merchant.says("700")
    assert "Otieno" in changed.body
    assert "Total KES 700.00" in changed.body
    assert invoices_of(merchant) == ["draft draft", "INV-0001 issued"]


def test_an_invoice_half_said_is_gone_on_with_where_it_stood(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 for tea")
    first = merchant.says("Invoice Mary 0712 000 222 300 for milk")
    merchant.taps("Cancel", first[-1])
    offer = merchant.inbox()[-1]
    assert offer.body == "You were writing an invoice for Otieno. Shall we go on?"
    (question,) = merchant.says("go on")
    assert "How much" in question.body
    (preview,) = merchant.says("500")
    assert "Otieno" in preview.body
    assert "Total KES 500.00" in preview.body


def test_leave_it_forgets_the_question_and_keeps_the_draft(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    merchant.taps("Change")
    (preview,) = merchant.says("Invoice Mary 0712 000 222 300 for milk")
    merchant.taps("Cancel", preview)
    (left,) = merchant.taps("Leave it")
    assert left.body == "Good, I left it. Nothing was sent."
    assert bodies(merchant.taps("Go on"))[0].startswith("That was an older question.")
    assert "draft draft" in invoices_of(merchant)


def test_what_asks_first_is_answered_and_then_the_question_comes_back(
    merchant: Phone, customer: Phone
) -> None:
    issued(merchant, customer)
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    merchant.taps("Change")
    (asked,) = merchant.says("Jane wants to pay half")
    assert "Send it" in asked.titles
    told = merchant.taps("Send it", asked)
    assert "is enough for now" in told[0].body
    assert told[-1].body == "You were changing the draft for Otieno. Shall we go on?"


def test_numbers_and_short_words_answer_the_question(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    (question,) = merchant.taps("Change")
    assert "Amount" in question.titles
    place = list(question.titles).index("Amount") + 1
    (price,) = merchant.says(str(place))
    assert "How much" in price.body


def test_what_may_be_an_answer_is_one(merchant: Phone) -> None:
    """Somebody may sell a report."""
    merchant.says("new invoice")
    merchant.says("Otieno")
    merchant.says("no number")
    merchant.says("500")
    merchant.says("monthly report")
    preview = merchant.says("today")[-1]
    assert "Monthly report  500.00" in preview.body


def test_which_jane_is_asked_again_below_what_was_asked_meanwhile(
    merchant: Phone, customer: Phone
) -> None:
    issued(merchant, customer)
    merchant.says("Invoice Jane Atieno 0712 000 333 500 for tea")
    (question,) = merchant.says("Invoice Jane 800 for sugar")
    assert "Jane" in question.body
    standing, again = merchant.says("status INV-0001")
    assert "INV-0001" in standing.body
    assert again.titles.keys() == question.titles.keys()
    (preview,) = merchant.says("2")
    assert "Total KES 800.00" in preview.body


def test_a_menu_sets_the_question_aside_and_it_is_offered_later(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 for tea")
    aside, menu = merchant.says("menu")
    assert aside.body == "I put that aside."
    assert "New invoice" in menu.titles
    told = merchant.says("who owes me")
    assert told[-1].body == "You were writing an invoice for Otieno. Shall we go on?"
    again = merchant.says("who owes me")
    assert len(again) == 1


def test_a_question_set_aside_for_more_than_a_day_is_forgotten(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 for tea")
    merchant.says("menu")
    with clock.fixed(clock.now() + timedelta(days=1, minutes=1)):
        assert len(merchant.says("who owes me")) == 1


def test_a_question_about_the_pin_is_dropped_not_kept(merchant: Phone) -> None:
    merchant.says("set pin")
    merchant.says("Invoice Mary 0712 000 222 300 for milk")
    told = merchant.taps("Send")
    assert len(told) == 1
