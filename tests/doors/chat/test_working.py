"""Said while working: papers once more, parts of what is owed, what is not kept yet, hours without reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doors.chat.test_invoicing import invoices_of, local

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone


@pytest.fixture
def billed(merchant: Phone, customer: Phone) -> Heard:
    """Jane's bill on her phone."""
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    merchant.taps("Send")
    (bill,) = customer.hears()
    merchant.hears()
    return bill


# --- papers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["print INV-0001", "pdf of last invoice", "pdf", "pdf for Jane"])
def test_the_pdf_comes_to_whoever_asks_for_it_at_the_desk(
    merchant: Phone, billed: Heard, said: str
) -> None:
    (paper,) = merchant.says(said)
    assert paper.kind == "document"
    assert paper.body == "*INV-0001* for Jane, KES 75,000."


def test_a_draft_has_no_pdf_and_is_shown_instead(merchant: Phone, billed: Heard) -> None:
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    (paper,) = merchant.says("pdf of INV-0001")
    assert paper.kind == "document"


def test_the_receipt_goes_to_the_customer_once_more(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (refused,) = merchant.says("receipt for INV-0001")
    assert refused.body == "Nothing was paid on *INV-0001* yet, so there is no receipt."
    merchant.counts("INV-0001 paid cash")
    (first,) = customer.hears()
    (told,) = merchant.says("send receipt to Jane")
    assert told.body == "The receipt for *INV-0001* is on its way to Jane once more."
    (again,) = customer.hears()
    assert again.body == first.body
    merchant.says("receipt for INV-0001")
    assert customer.hears() == []


# --- parts ------------------------------------------------------------------------------------------------------------


def test_a_part_is_offered_to_the_customer_by_one_tap(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (asked,) = merchant.says("jane wants to pay half")
    assert "KES 37,500 of *INV-0001* now; KES 75,000 is owed" in asked.body
    (told,) = merchant.taps("Send it")
    assert told.body == "I have told Jane that KES 37,500 of *INV-0001* is enough for now."
    (offer,) = customer.hears()
    assert "agrees that you pay KES 37,500 of *INV-0001* now. The rest, KES 37,500" in offer.body
    (how,) = customer.taps("Pay KES 37,500")
    assert "37,500" in how.body
    merchant.taps("Send it")
    assert customer.hears() == []


def test_a_part_of_a_draft_is_its_deposit(merchant: Phone) -> None:
    merchant.says("Invoice Otieno 0712 000 111 500 for tea")
    (preview,) = merchant.says("customer wants to pay half")
    assert "eposit" in preview.body
    assert "250" in preview.body
    assert invoices_of(merchant) == ["draft draft"]


def test_whoever_sells_and_buys_here_speaks_of_a_customer_by_name(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (asked,) = merchant.says("Jane wants to pay 2000 first")
    assert "KES 2,000 of *INV-0001*" in asked.body


# --- what is owed by whom ---------------------------------------------------------------------------------------------


def test_whom_i_owe_is_answered_honestly(merchant: Phone, billed: Heard) -> None:
    (answer,) = merchant.says("who do I owe?")
    assert answer.body.startswith("I do not know whom you owe")
    assert list(answer.titles) == ["Who owes me"]
    (owed,) = merchant.taps("Who owes me")
    assert "75,000" in owed.body


def test_a_customer_who_asks_what_they_owe_sees_their_bill(customer: Phone, billed: Heard) -> None:
    (bill,) = customer.says("how much do I owe")
    assert "*INV-0001* from Kamau Designs: KES 75,000" in bill.body


def test_unpaid_invoices_are_a_list_and_who_owes_me_is_people(
    merchant: Phone, billed: Heard
) -> None:
    (listed,) = merchant.says("list unpaid")
    assert any("INV-0001" in title for title in listed.titles)
    (people,) = merchant.says("who owes me")
    assert not people.titles
    assert "Jane" in people.body


def test_of_an_expense_nothing_is_guessed(merchant: Phone) -> None:
    (answer,) = merchant.says("bought fuel 2000")
    assert answer.body.startswith("I keep no expenses yet, so I noted nothing.")
    assert invoices_of(merchant) == []


def test_what_was_agreed_reaches_the_seller(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says("we agreed 4000")
    (told,) = merchant.hears()
    assert "says that *INV-0001*, KES 75,000, is not right" in told.body
    assert "“we agreed 4000”" in told.body


def test_what_was_agreed_is_not_lost_while_it_is_asked_which_bill(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.says("Invoice Jane Wanjiku 5,000 for a card")
    merchant.taps("Send")
    customer.hears()
    merchant.hears()
    (which,) = customer.says("we agreed 4000")
    title = next(title for title in which.titles if "INV-0002" in title)
    customer.taps(title)
    customer.taps("Pass it on")
    (told,) = merchant.hears()
    assert "INV-0002" in told.body
    assert "“we agreed 4000”" in told.body


# --- quiet ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["quiet from 20 to 8", "quiet hours 9pm to 7am"])
def test_quiet_hours_are_set_in_the_chat(merchant: Phone, said: str) -> None:
    (kept,) = merchant.says(said)
    assert "uiet" in kept.body
    (again,) = merchant.says("quiet from noon")
    assert again.body.startswith("From when to when shall it be quiet?")
    (asked,) = merchant.says("quiet hours")
    assert "uiet" in asked.body


def test_a_stop_in_a_burst_is_carried_out(merchant: Phone, customer: Phone, billed: Heard) -> None:
    from doors.chat.test_odd_input import after_the_burst, burst
    from hesabu.kit import clock

    with clock.fixed(clock.now()):
        burst(customer, [*(f"word {place}" for place in range(20)), "stop"])
        customer.hears()
    said = after_the_burst(customer)
    assert any(body.startswith("Good, no more reminders.") for body in said)
    (told,) = {body for body in said if "within seconds" in body}
    assert "stop" not in told
