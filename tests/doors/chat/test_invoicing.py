"""From one line, or piece by piece, to an invoice that is sent once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Phone

ONE_LINE = "Invoice Jane Wanjiku {phone} 75,000 for logo design due Friday"


def local(phone: Phone) -> str:
    assert phone.number is not None
    return f"0{phone.number[3:]}"


def invoices_of(phone: Phone) -> list[str]:
    """The states of all invoices of the merchant's business, oldest first."""
    from hesabu.identity import queries as identity
    from hesabu.invoicing import queries as invoices
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    with tenancy.house():
        contact = messages.contact(phone.contact_id())
    (membership,) = identity.memberships_of(contact.person_id)
    with tenancy.bound(membership.business_id):
        found = invoices.invoices().invoices
    return [f"{view.number or 'draft'} {view.state}" for view in reversed(found)]


# --- one line ---------------------------------------------------------------------------------------------------------


def test_one_line_is_previewed_with_all_that_will_be_on_the_paper(
    merchant: Phone, customer: Phone
) -> None:
    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    assert "New invoice for *Jane Wanjiku*" in preview.body
    assert "Logo design  75,000.00" in preview.body
    assert "VAT none" in preview.body
    assert "Total KES 75,000.00" in preview.body
    assert "Due Fri " in preview.body
    assert "Shall I send it?" in preview.body
    assert list(preview.titles) == ["Send", "Change", "Cancel"]
    assert invoices_of(merchant) == ["draft draft"]


def test_send_issues_and_the_customer_gets_the_paper(merchant: Phone, customer: Phone) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    (told,) = merchant.taps("Send")
    assert told.body == "*INV-0001* is on its way to Jane."
    (paper,) = customer.hears()
    assert "KES 75,000.00" in paper.body
    assert list(paper.titles) == ["Pay with M-PESA", "View"]


def test_the_merchant_hears_that_it_was_seen_once(merchant: Phone, customer: Phone) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    (paper,) = customer.hears()
    customer.sees(paper)
    customer.sees(paper)
    assert [message.body for message in merchant.hears()] == ["Jane has seen *INV-0001*. ✓✓"]


def test_a_second_tap_on_send_sends_nothing_and_says_so(merchant: Phone, customer: Phone) -> None:
    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send", preview)
    (told,) = merchant.taps("Send", preview)
    assert "Nothing was sent twice" in told.body
    assert invoices_of(merchant) == ["INV-0001 issued"]
    assert len(customer.hears()) == 1


def test_two_taps_that_come_together_make_one_invoice(merchant: Phone, customer: Phone) -> None:
    from doors.chat.town import provider_id
    from providers.whatsapp import envelopes

    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    reply = {
        "type": "button_reply",
        "button_reply": {"id": preview.titles["Send"], "title": "Send"},
    }
    quoted = {"context": {"id": provider_id(preview)}}
    taps = [envelopes.message("interactive", reply, **merchant._who(), **quoted) for _ in range(2)]
    merchant.writes(*taps)
    assert len(merchant.hears()) == 2
    assert invoices_of(merchant) == ["INV-0001 issued"]


def test_the_same_message_five_times_makes_one_draft(merchant: Phone, customer: Phone) -> None:
    from providers.whatsapp import envelopes

    said = envelopes.text(ONE_LINE.format(phone=local(customer)), **merchant._who())
    for _ in range(5):
        merchant.writes(said)
    assert len(merchant.hears()) == 1
    assert invoices_of(merchant) == ["draft draft"]


def test_the_same_words_again_show_the_same_draft(merchant: Phone, customer: Phone) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    same, preview = merchant.says(ONE_LINE.format(phone=local(customer)))
    assert "nothing new was made" in same.body
    assert list(preview.titles) == ["Send", "Change", "Cancel"]
    merchant.taps("Send")
    (asked,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    assert list(asked.titles) == ["Make another", "No"]
    assert invoices_of(merchant) == ["INV-0001 issued"]
    merchant.taps("Make another")
    assert invoices_of(merchant) == ["INV-0001 issued", "draft draft"]


def test_last_weeks_draft_is_not_sent_but_shown_anew(merchant: Phone, customer: Phone) -> None:
    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    with clock.fixed(clock.now() + timedelta(days=8)):
        told, *_, fresh = merchant.taps("Send", preview)
        assert told.body.startswith("That was last week's draft. Nothing was sent.")
        assert invoices_of(merchant) == ["draft draft"]
        (again, _) = merchant.taps("Send", preview)
        assert "older version" in again.body
        merchant.taps("Send", fresh)
        assert invoices_of(merchant) == ["INV-0001 issued"]


def test_cancel_throws_the_draft_away_and_its_buttons_die(merchant: Phone, customer: Phone) -> None:
    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    assert merchant.taps("Cancel", preview)[0].body == "Cancelled. Nothing was sent."
    (told,) = merchant.taps("Send", preview)
    assert told.body == "That draft was cancelled. Nothing was sent."
    assert invoices_of(merchant) == []


@pytest.mark.parametrize("word", ["1", "send", "Send.", "yes", "ok send it"])
def test_a_phone_without_buttons_sends_by_number_or_word(
    merchant: Phone, customer: Phone, word: str
) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    (told,) = merchant.says(word)
    assert "is on its way" in told.body


@pytest.mark.parametrize("word", ["3", "cancel", "no"])
def test_a_phone_without_buttons_cancels_by_number_or_word(
    merchant: Phone, customer: Phone, word: str
) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    assert merchant.says(word)[0].body == "Cancelled. Nothing was sent."


# --- what is missing, and what is wrong -------------------------------------------------------------------------------


def test_the_guided_way_asks_for_one_thing_at_a_time(merchant: Phone, customer: Phone) -> None:
    assert "Who is it for?" in merchant.says("invoice")[0].body
    assert "How much is it?" in merchant.says(f"Jane Wanjiku {local(customer)}")[0].body
    assert "What is it for?" in merchant.says("75k")[0].body
    assert "When is it due?" in merchant.says("logo design")[0].body
    (preview,) = merchant.taps("In 7 days")
    assert "Total KES 75,000.00" in preview.body
    merchant.taps("Send")
    assert invoices_of(merchant) == ["INV-0001 issued"]


def test_a_number_that_is_not_known_is_asked_for(merchant: Phone, customer: Phone) -> None:
    (asked,) = merchant.says("Invoice Jane Wanjiku 75,000 for logo design")
    assert "What is Jane's WhatsApp number?" in asked.body
    (hint, _) = merchant.says("0712")
    assert "“0712” is not a telephone number I can reach" in hint.body
    (preview,) = merchant.says(local(customer))
    assert "Jane Wanjiku" in preview.body


def test_a_customer_who_is_known_is_found_by_name(merchant: Phone, customer: Phone) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    (preview,) = merchant.says("Invoice Jane Wanjiku 5000 for a card")
    assert local(customer)[:4] in preview.body


def test_a_number_that_is_known_as_somebody_elses_is_said_to_be(
    merchant: Phone, customer: Phone
) -> None:
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.says("1")
    said, preview = merchant.says(f"Invoice Otieno {local(customer)} 900 for tea")
    assert said.body.startswith("That number is Jane Wanjiku's, so this is for Jane Wanjiku.")
    assert "New invoice for *Jane Wanjiku*" in preview.body
    (preview,) = merchant.says(f"Invoice Wanjiku {local(customer)} 800 for tea")
    assert "New invoice for *Jane Wanjiku*" in preview.body


def test_a_customer_without_a_number_gets_a_link_to_pass_on(merchant: Phone) -> None:
    merchant.says("Invoice Mama Njeri 500 for eggs")
    (preview,) = merchant.taps("No number")
    assert "you will get a link to pass on" in preview.body
    (told,) = merchant.taps("Send")
    assert "/p/" in told.body
    assert merchant.hears() == []


@pytest.mark.parametrize(
    ("amount", "hint"),
    [
        ("0", "more than zero"),
        ("-500", "more than zero"),
        ("1e9", "1e9"),
        ("nan", "nan"),
        ("75.1234567890", "decimals"),
        ("USD 500", "another currency"),
        ("999999999999999", "more than I can put"),
    ],
)
def test_an_amount_that_does_not_work_gets_a_hint_at_the_very_thing(
    merchant: Phone, customer: Phone, amount: str, hint: str
) -> None:
    said = merchant.says(f"Invoice Jane Wanjiku {local(customer)} {amount} for logo design")
    assert hint in said[0].body
    assert "How much" in said[-1].body
    assert invoices_of(merchant) == []
    (preview,) = merchant.says("75,000")
    assert "Total KES 75,000.00" in preview.body


@pytest.mark.parametrize("amount", ["0", "-1", "nan", "1e9", "1.123", "5 euro", "two or three"])
def test_an_answer_that_is_no_amount_is_asked_for_again(
    merchant: Phone, customer: Phone, amount: str
) -> None:
    merchant.says("invoice")
    merchant.says(f"Jane Wanjiku {local(customer)}")
    hint, question = merchant.says(amount)
    assert hint.body
    assert "How much is it?" in question.body


def test_cancel_and_menu_work_in_the_middle(merchant: Phone) -> None:
    merchant.says("invoice")
    assert merchant.says("cancel")[0].body == "Stopped. Nothing was sent."
    merchant.says("invoice")
    _, menu = merchant.says("menu")
    assert "New invoice" in menu.titles


def test_help_and_back_work_in_the_middle(merchant: Phone, customer: Phone) -> None:
    merchant.says("invoice")
    _, question = merchant.says("help")
    assert "Who is it for?" in question.body
    merchant.says(f"Jane Wanjiku {local(customer)}")
    merchant.says("500")
    (question,) = merchant.says("back")
    assert "How much is it?" in question.body


def test_a_question_in_the_middle_is_answered_and_the_flow_goes_on(merchant: Phone) -> None:
    merchant.says("invoice")
    answer, question = merchant.says("who owes me")
    assert answer.body == "Nobody owes you anything."
    assert "Who is it for?" in question.body


def test_a_whole_invoice_in_the_middle_begins_anew(merchant: Phone, customer: Phone) -> None:
    merchant.says("invoice")
    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    assert list(preview.titles) == ["Send", "Change", "Cancel"]


def test_a_tap_on_an_old_question_changes_nothing(merchant: Phone, customer: Phone) -> None:
    merchant.says("invoice")
    merchant.says(f"Jane Wanjiku {local(customer)}")
    merchant.says("75k")
    (due,) = merchant.says("logo design")
    merchant.taps("In 7 days", due)
    (told,) = merchant.taps("In 30 days", due)
    assert told.body == "That was an older question. Nothing was changed."


def test_a_conversation_goes_on_after_a_week(merchant: Phone, customer: Phone) -> None:
    merchant.says("invoice")
    merchant.says(f"Jane Wanjiku {local(customer)}")
    with clock.fixed(clock.now() + timedelta(days=7)):
        assert "What is it for?" in merchant.says("75k")[0].body


# --- change -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "answer", "shows"),
    [
        ("Amount", "80,000", "Total KES 80,000.00"),
        ("What it is for", "brand book", "Brand book"),
        ("Due day", "in 14 days", "Due "),
        ("All the lines", "3 bags of cement at 850\ndelivery 1,500", "Total KES 4,050.00"),
        ("Discount", "10%", "Total KES 67,500.00"),
        ("Discount", "500", "Total KES 74,500.00"),
        ("Note to the customer", "With thanks", "With thanks"),
        ("Customer", "Peter Otieno 0722 111 222", "Peter Otieno"),
    ],
)
def test_change_shows_the_draft_anew_under_a_new_version(
    merchant: Phone, customer: Phone, field: str, answer: str, shows: str
) -> None:
    (old,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    (menu,) = merchant.taps("Change")
    assert "Tax" not in menu.titles
    merchant.taps(field)
    (fresh,) = merchant.says(answer)
    assert shows in fresh.body
    told, _ = merchant.taps("Send", old)
    assert "older version" in told.body
    assert invoices_of(merchant) == ["draft draft"]
    merchant.taps("Send", fresh)
    assert invoices_of(merchant) == ["INV-0001 issued"]


def test_a_business_registered_for_vat_chooses_how_it_stands(
    merchant: Phone, customer: Phone
) -> None:
    merchant.says("settings")
    (asked,) = merchant.taps("Tax registration")
    assert "choose a PIN" in asked.body
    merchant.says("4821")
    merchant.taps("Yes")
    merchant.says("P051234567X")
    (preview,) = merchant.says(ONE_LINE.format(phone=local(customer)))
    assert "VAT 16 %  12,000.00" in preview.body
    assert "Total KES 87,000.00" in preview.body
    merchant.taps("Change")
    merchant.taps("Tax")
    (fresh,) = merchant.taps("Included")
    assert "of which VAT 16 %  10,344.83" in fresh.body
    assert "Total KES 75,000.00" in fresh.body


@pytest.mark.parametrize(
    ("answer", "shows"),
    [
        ("it's in it", "of which VAT"),
        ("Included.", "of which VAT"),
        ("on top of that please", "VAT 16 %  12,000.00"),
        ("without", "VAT none"),
    ],
)
def test_how_a_price_stands_to_tax_may_be_said_as_people_say_it(
    merchant: Phone, customer: Phone, answer: str, shows: str
) -> None:
    merchant.says("settings")
    merchant.taps("Tax registration")
    merchant.says("4821")
    (what,) = merchant.says("yes we are")
    assert "PIN" in what.body
    merchant.says("P051234567X")
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Change")
    merchant.taps("Tax")
    *_, again = merchant.says("with VAT")
    assert "on top" in again.body
    assert list(again.titles) == ["On top", "Included", "None"]
    (fresh,) = merchant.says(answer)
    assert shows in fresh.body


def test_vat_of_a_business_that_is_not_registered_is_left_away_and_said(
    merchant: Phone, customer: Phone
) -> None:
    hint, preview = merchant.says(ONE_LINE.format(phone=local(customer)) + " plus VAT")
    assert "not registered for VAT" in hint.body
    assert "VAT none" in preview.body


def test_nothing_is_answered_with_silence(merchant: Phone) -> None:
    for said in ("asdf qwer", "?!", "🙂", "١٢٣", "a" * 4000, "INV-9999", "status INV-9999", "7"):
        assert merchant.says(said), said


def test_a_message_that_breaks_us_is_answered_with_regret_and_the_next_one_works(
    merchant: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hesabu.doors.chat import lists

    def break_down(*args: object, **more: object) -> str:
        raise RuntimeError("out of order")

    monkeypatch.setattr(lists, "owing", break_down)
    assert "Something went wrong on my side" in merchant.says("who owes me")[0].body
    monkeypatch.undo()
    assert merchant.says("who owes me")[0].body == "Nobody owes you anything."


Make = Callable[..., "Phone"]


def test_a_name_that_only_its_capital_tells_is_said_to_be_one_before_anything_is_drafted(
    merchant: Phone,
) -> None:
    guessed, asked = merchant.says("Otis 5k photoshoot")
    assert guessed.body == ("I take “Otis” as the customer's name. If it is not, write “cancel”.")
    assert asked.body == "What is Otis's WhatsApp number?"
    (preview,) = merchant.taps("No number")
    assert "Otis" in preview.body
    assert "5,000" in preview.body
    assert list(preview.titles) == ["Send", "Change", "Cancel"]


def test_an_answer_that_looks_like_a_name_and_a_sum_is_still_the_answer(merchant: Phone) -> None:
    merchant.says("Invoice Jane Wanjiku 0712 345 678 5000")
    said = merchant.says("Wig 5k brown")
    assert "Jane Wanjiku" in said[-1].body
    assert "Wig 5k brown" in said[-1].body
