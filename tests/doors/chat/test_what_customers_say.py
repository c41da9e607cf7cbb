"""A customer promises, disputes, asks to be called, pays somebody else, and wants no reminders; the seller hears it and answers
by one tap."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

ELSEWHERE = (
    "{code} Confirmed. Ksh75,000.00 sent to OTIENO HARDWARE 0712345678 on 27/11/26 at 9:12 AM."
    " New M-PESA balance is Ksh1.00."
)


@pytest.fixture
def billed(merchant: Phone, customer: Phone) -> Heard:
    from doors.chat.test_money import ONE_LINE, local

    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    (paper,) = customer.hears()
    merchant.hears()
    return paper


def another(merchant: Phone, customer: Phone) -> None:
    merchant.says("Invoice Jane Wanjiku 5,000 for a card")
    merchant.taps("Send")
    customer.hears()
    merchant.hears()


def promises(merchant: Phone, number: str = "INV-0001") -> list[str]:
    from doors.chat.test_money import business_of
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_of(merchant)):
        found = invoices.promises_of(invoices.by_number(number).id)
    return [one.on_day.isoformat() for one in found]


def tomorrow() -> str:
    from hesabu.kit import clock

    return (clock.today("Africa/Nairobi") + timedelta(days=1)).isoformat()


def test_a_promise_is_kept_and_both_hear_it(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (thanks,) = customer.says("I'll pay tomorrow")
    assert thanks.body.startswith("Thank you. I have told Kamau Designs that you pay *INV-0001* by")
    (told,) = merchant.hears()
    assert told.body.startswith("Jane promises to pay *INV-0001*, KES 75,000, by")
    assert promises(merchant) == [tomorrow()]


def test_a_promise_without_a_day_is_asked_for_one(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (asked,) = customer.says("I will pay later")
    assert "By which day will you pay?" in asked.body
    assert promises(merchant) == []
    hint = customer.says("asdf")
    assert "asdf" in hint[0].body
    customer.says("tomorrow")
    assert promises(merchant) == [tomorrow()]


def test_a_promise_for_two_years_ahead_is_asked_again(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says("I will pay later")
    asked = customer.says("in 700 days")
    assert asked
    assert promises(merchant) == []
    customer.says("tomorrow")
    assert promises(merchant) == [tomorrow()]


def test_of_several_bills_it_is_asked_which_and_all_may_be_meant(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    another(merchant, customer)
    (which,) = customer.says("nitalipa kesho")[-1:]
    assert len(which.titles) == 3
    customer.says("3")
    assert promises(merchant, "INV-0001") == [tomorrow()]
    assert promises(merchant, "INV-0002") == [tomorrow()]
    assert len(merchant.hears()) == 2


def test_a_promise_that_quotes_a_bill_is_about_that_one(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.town import provider_id

    another(merchant, customer)
    customer.says("I'll pay tomorrow", context={"id": provider_id(billed)})
    assert promises(merchant, "INV-0001") == [tomorrow()]
    assert promises(merchant, "INV-0002") == []


def test_a_disputed_amount_is_changed_by_another_invoice_in_its_place(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.test_money import local

    (told,) = customer.says("wrong amount")
    assert "You need not pay it until they have answered" in told.body
    (heard,) = merchant.hears()
    assert heard.body.startswith("Jane Wanjiku says that *INV-0001*, KES 75,000, is not right:")
    assert local(customer) in heard.body.replace(" ", "")
    assert list(heard.titles) == ["Change it", "It's right"]
    (asked,) = merchant.taps("Change it")
    assert "What" in asked.body
    (waiting,) = customer.hears()
    assert "is putting *INV-0001* right" in waiting.body
    merchant.taps("Amount")
    merchant.says("7,500")
    assert "PIN" in merchant.taps("Send")[-1].body, "it is for less than before"
    merchant.says("4821")
    papers = customer.hears()
    assert any("7,500" in paper.body for paper in papers)


def test_an_amount_that_is_right_stays_and_can_be_paid_at_once(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says("the amount is wrong")
    merchant.hears()
    (done,) = merchant.taps("It's right")
    assert done.body == "Good. I have told Jane."
    (told,) = customer.hears()
    assert "KES 75,000 is right, they say." in told.body
    assert "Pay with M-PESA" in told.titles


def test_a_second_tap_tells_the_customer_again_and_changes_nothing(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.test_money import owed

    customer.says("the amount is wrong")
    merchant.taps("It's right")
    merchant.taps("It's right")
    assert owed(merchant) == 75_000


def test_who_asks_for_a_call_hears_that_it_comes(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (told,) = customer.says("please call me")
    assert told.body == "I have asked Kamau Designs to call you."
    (heard,) = merchant.hears()
    assert heard.body.startswith("Jane Wanjiku asks to be called about *INV-0001*.")
    merchant.taps("I'll call")
    (coming,) = customer.hears()
    assert coming.body == "Kamau Designs will call you about *INV-0001*."


def test_nobody_else_answers_for_the_seller(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says("the amount is wrong")
    (heard,) = merchant.hears()
    (refused,) = customer.taps_id(heard.titles["It's right"], "It's right", heard)
    assert "don't know that button" in refused.body


def test_a_message_that_names_another_payee_is_pointed_out_to_both(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.test_money import code

    (told,) = customer.says(ELSEWHERE.format(code=code()))
    assert "the money went to *OTIENO HARDWARE*" in told.body
    assert "till 123456" in told.body
    (asked,) = merchant.hears()
    assert "names *OTIENO HARDWARE* as the one who was paid" in asked.body
    assert "Yes, it's there" in asked.titles


def test_a_message_that_names_the_seller_is_not_pointed_out(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.test_money import PASTED, code

    (told,) = customer.says(PASTED.format(code=code(), amount="75,000.00"))
    assert "I have asked Kamau Designs to look" in told.body
    (asked,) = merchant.hears()
    assert "Look closely" not in asked.body


def test_stop_says_what_still_comes_and_start_brings_reminders_back(
    customer: Phone, billed: Heard
) -> None:
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    def is_out() -> bool:
        contact_id = customer.contact_id()
        assert contact_id is not None
        with tenancy.house():
            return messages.contact(contact_id).is_opted_out

    (told,) = customer.says("stop")
    assert "New invoices and receipts still come" in told.body
    assert is_out()
    (told,) = customer.says("start")
    assert "remind you again" in told.body
    assert not is_out()


@pytest.mark.parametrize("word", ["acha", "Acha!", "acheni", "usinitumie", "koma", "wacha"])
def test_a_customer_who_says_leave_off_in_swahili_gets_no_more_reminders(
    customer: Phone, billed: Heard, word: str
) -> None:
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    told = customer.says(word)[-1]
    assert "vikumbusho" in told.body
    contact_id = customer.contact_id()
    assert contact_id is not None
    with tenancy.house():
        assert messages.contact(contact_id).is_opted_out


def test_stop_in_the_middle_of_a_question_stops_the_question(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says("I will pay later")
    said = customer.says("stop")
    assert said[0].body.startswith("Stopped.")
    assert promises(merchant) == []


def test_a_number_that_is_not_theirs_is_said_to_be_unknown(customer: Phone, billed: Heard) -> None:
    said = customer.says("status INV-0099")
    assert "INV-0099" in said[0].body
    assert "INV-0001" in said[-1].body


# --- part of it, something else, and who is this? ----------------------------------------------------------------------


@pytest.mark.parametrize("said", ["I have paid half", "nimelipa nusu"])
def test_who_has_paid_a_part_is_asked_how_much_and_the_merchant_hears_no_more_than_that(
    merchant: Phone, customer: Phone, billed: Heard, said: str
) -> None:
    asked = customer.says(said)[-1]
    assert asked.body in ("How much was paid?", "Kiasi gani kililipwa?")
    assert merchant.hears() == []
    customer.says("30000")
    (told,) = merchant.hears()
    assert "KES 30,000" in told.body
    assert "75,000" not in told.body.replace("KES 75,000.00", "")


def test_the_merchant_who_says_half_was_paid_is_asked_how_much(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.test_money import owed

    merchant.counts("Jane paid half in cash")
    assert owed(merchant) == 75_000
    told = merchant.counts("37,500")
    assert told[0].body.startswith("*Part paid.*")
    assert owed(merchant) == 37_500


def test_who_is_asked_which_bill_was_paid_may_say_something_else_and_nothing_is_claimed(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    another(merchant, customer)
    customer.says("I have paid")
    (which,) = customer.says("pay")
    assert which.body == "Which invoice do you mean?"
    customer.says("1")
    assert merchant.hears() == []


@pytest.mark.parametrize("said", ["who is this?", "help", "menu"])
def test_who_got_a_bill_from_a_stranger_is_told_who_writes_and_what_can_be_said(
    merchant: Phone, customer: Phone, billed: Heard, said: str
) -> None:
    told, bill = customer.says(said)
    assert told.body.startswith("I am Hesabu, the clerk of Kamau Designs")
    assert "INV-0001" in bill.body


@pytest.mark.parametrize("said", ["ok", "👍", "no"])
def test_yes_and_no_to_nothing_are_answered_as_such(
    merchant: Phone, customer: Phone, billed: Heard, said: str
) -> None:
    for phone in (merchant, customer):
        assert phone.says(said)[0].body.startswith("All right. Nothing is waiting")


@pytest.mark.parametrize(
    ("said", "asked"), [("pay 500", 500), ("pay half", 37_500), ("pay 90000", 75_000)]
)
def test_who_wants_to_pay_a_part_is_prompted_for_that_and_never_for_more_than_is_owed(
    merchant: Phone, customer: Phone, billed: Heard, said: str, asked: int
) -> None:
    from doors.chat.test_money import code as receipt
    from doors.chat.test_money import collection_of, owed, pays, shop_of

    shop = shop_of(merchant)
    (told,) = customer.says(said)
    assert f"to pay KES {asked:,} to Kamau Designs" in told.body
    ((minor,),) = shop.rows("SELECT amount_minor FROM payments_collection")
    assert minor == asked * 100
    pays(shop, *collection_of(shop), customer, receipt(), asked)
    assert owed(merchant) == 75_000 - asked


def test_who_wants_to_pay_a_part_by_hand_is_told_that_much(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (told,) = customer.says("pay 500")
    assert told.body.startswith("Pay KES 500 to Kamau Designs here:")


@pytest.mark.parametrize("said", ["send till", "nitumie till", "what is the till number?"])
def test_who_asks_for_the_number_to_pay_to_is_told_it_and_asked_for_no_pin(
    merchant: Phone, customer: Phone, billed: Heard, said: str
) -> None:
    answers = customer.says(said)

    assert "till " in answers[-1].body
    assert "I have paid" in answers[-1].titles or "Nimelipa" in answers[-1].titles


@pytest.mark.parametrize("said", ["wrong number", "this is not mine", "I don't know this business"])
def test_who_says_that_a_bill_is_not_theirs_is_heard_by_the_seller(
    merchant: Phone, customer: Phone, billed: Heard, said: str
) -> None:
    (answer,) = customer.says(said)

    assert "You need not pay it until they have answered" in answer.body
    (told,) = merchant.hears()
    assert said in told.body


def test_who_has_no_money_today_is_asked_when_they_will_have_it(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (asked,) = customer.says("I don't have money now")

    assert "By which day will you pay?" in asked.body
    assert promises(merchant) == []
