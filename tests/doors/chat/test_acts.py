"""The merchant's acts, through the door: a letter in, messages out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

Make = Callable[..., "Phone"]


def local(phone: Phone) -> str:
    assert phone.number is not None
    return f"0{phone.number[3:]}"


def business_of(phone: Phone) -> UUID:
    from hesabu.identity import queries as identity
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    with tenancy.house():
        contact = messages.contact(phone.contact_id())
    return identity.memberships_of(contact.person_id)[0].business_id


def view_of(phone: Phone, number: str = "INV-0001") -> Any:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_of(phone)):
        return invoices.by_number(number)


def states(phone: Phone) -> list[str]:
    """All invoices and drafts, oldest first."""
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_of(phone)):
        found = invoices.invoices().invoices
    return [f"{view.number or 'draft'} {view.state} {view.total}" for view in reversed(found)]


def is_sound(phone: Phone) -> bool:
    from hesabu.app import verify

    assert verify.verify_one(business_of(phone)).faults == []
    return True


def bills(merchant: Phone, customer: Phone, amount: str = "75,000", what: str = "logo") -> Heard:
    """An invoice that is sent; what the merchant was told."""
    name = customer.name
    merchant.says(f"Invoice {name} {local(customer)} {amount} for {what} due in 14 days")
    told = merchant.taps("Send")[0]
    customer.hears()
    return told


@pytest.fixture
def billed(merchant: Phone, customer: Phone) -> Heard:
    return bills(merchant, customer)


@pytest.fixture
def other_jane(new_phone: Make) -> Phone:
    return new_phone("Jane Akinyi")


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_list_longer_than_ten_has_pages(merchant: Phone, customer: Phone) -> None:
    for number in range(12):
        bills(merchant, customer, f"{1000 + number}", f"{'abcdefghijkl'[number]}pple juice")
    (first,) = merchant.says("list")
    assert next(iter(first.titles)).startswith("INV-0012")
    assert (len(first.titles), list(first.titles)[-1]) == (10, "More")
    (second,) = merchant.says("more")
    assert [title[:8] for title in second.titles] == ["INV-0003", "INV-0002", "INV-0001"]
    (shown,) = merchant.says("3")
    assert "*INV-0001*" in shown.body


def test_lists_by_how_they_stand_and_whose_they_are(
    merchant: Phone, customer: Phone, other_jane: Phone
) -> None:
    bills(merchant, customer)
    bills(merchant, other_jane, "2,000")
    merchant.counts("paid INV-0001 cash")
    (paid,) = merchant.says("list paid")
    assert [title[:8] for title in paid.titles] == ["INV-0001"]
    (whose,) = merchant.says("list Jane Akinyi")
    assert [title[:8] for title in whose.titles] == ["INV-0002"]
    merchant.says("Invoice Jane Akinyi 500 for tea")
    (drafts,) = merchant.says("drafts")
    assert next(iter(drafts.titles)).startswith("Draft")


def test_customers_are_listed_with_their_last_invoice(
    merchant: Phone, customer: Phone, other_jane: Phone
) -> None:
    bills(merchant, customer)
    bills(merchant, other_jane, "2,000")
    (listed,) = merchant.says("my customers")
    assert [title[:8] for title in listed.titles] == ["INV-0002", "INV-0001"]
    assert any("Jane Akinyi" in row for row in rows_of(listed))


def test_somebody_with_two_businesses_is_told_which_one_it_is(
    merchant: Phone, customer: Phone
) -> None:
    from hesabu.identity import actions as identity
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    bills(merchant, customer)
    with tenancy.house():
        person_id = messages.contact(merchant.contact_id()).person_id
        identity.register_business("Kamau Farm", "KE", person_id)
    for asked in ("list", "who owes me", "remind all", "void INV-0001", "status INV-0001"):
        assert merchant.says(asked)[-1].body.startswith("_Kamau Designs_"), asked


# --- status -----------------------------------------------------------------------------------------------------------


def test_status_tells_the_timeline_in_words(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.says("remind INV-0001")
    customer.hears()
    (told,) = merchant.says("status Jane")
    assert "Issued " in told.body
    assert "Sent " in told.body
    assert "Reminded " in told.body
    merchant.counts("paid INV-0001 cash")
    (told,) = merchant.says("INV-0001")
    assert "Paid " in told.body


# --- remind -----------------------------------------------------------------------------------------------------------


def test_remind_reminds_once_on_a_day(merchant: Phone, customer: Phone, billed: Heard) -> None:
    (told,) = merchant.says("remind INV-0001")
    assert told.body == "Jane is reminded of *INV-0001*: KES 75,000."
    assert len(customer.hears()) == 1
    (told,) = merchant.says("remind INV-0001")
    assert "was reminded of this invoice today" in told.body
    assert customer.hears() == []


def test_remind_somebody_with_several_open_asks_which(merchant: Phone, customer: Phone) -> None:
    bills(merchant, customer)
    bills(merchant, customer, "2,000")
    (asked,) = merchant.says("remind Jane")
    assert {title[:8] for title in asked.titles} == {"INV-0001", "INV-0002"}
    (told,) = merchant.says("1")
    assert "is reminded of" in told.body
    assert len(customer.hears()) == 1


def test_what_is_paid_is_not_reminded_of(merchant: Phone, customer: Phone, billed: Heard) -> None:
    merchant.counts("paid INV-0001 cash")
    customer.hears()
    (told,) = merchant.says("remind INV-0001")
    assert told.body == "Nothing is owed on *INV-0001*: it is paid."
    assert customer.hears() == []


def test_who_asked_for_silence_is_not_reminded(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    with tenancy.house():
        messaging.opt_out(customer.contact_id())
    (told,) = merchant.says("remind INV-0001")
    assert "asked not to be reminded" in told.body
    assert customer.hears() == []


def test_remind_all_says_how_many_and_how_much_and_one_tap_sends(
    merchant: Phone, customer: Phone, other_jane: Phone
) -> None:
    bills(merchant, customer)
    bills(merchant, other_jane, "2,000")
    (asked,) = merchant.says("remind all")
    assert "Nothing is overdue." in asked.body
    assert "2 invoices are open in all: KES 77,000." in asked.body
    assert list(asked.titles) == ["Remind all 2", "No"]
    assert customer.hears() == []
    (told,) = merchant.says("1")
    assert told.body == "2 reminders are sent."
    assert (len(customer.hears()), len(other_jane.hears())) == (1, 1)
    (told,) = merchant.taps("Remind all 2", asked)
    assert told.body.startswith("Nobody was reminded.")
    assert "was reminded of this invoice today" in told.body


def test_remind_all_reminds_the_late_ones_alone(
    merchant: Phone, customer: Phone, other_jane: Phone
) -> None:
    bills(merchant, customer)
    with clock.fixed(clock.now() + timedelta(days=20)):
        bills(merchant, other_jane, "2,000")
        customer.hears()
        (asked,) = merchant.says("remind all")
        assert "1 invoice is overdue: KES 75,000." in asked.body
        assert list(asked.titles) == ["Remind 1 late", "Remind all 2", "No"]
        merchant.taps("Remind 1 late")
        assert other_jane.hears() == []
        assert len(customer.hears()) == 1


# --- resend -----------------------------------------------------------------------------------------------------------


def test_resend_sends_the_paper_once_more(merchant: Phone, customer: Phone, billed: Heard) -> None:
    (told,) = merchant.says("resend INV-0001")
    assert told.body == "*INV-0001* is on its way to Jane once more."
    (paper,) = customer.hears()
    assert "KES 75,000.00" in paper.body
    assert len(states(merchant)) == 1


def test_a_draft_is_not_resent(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 500 for tea")
    (told,) = merchant.says("resend Jane")
    assert told.body == "Nobody called Jane has an open invoice."
    assert customer.hears() == []


# --- cancel -----------------------------------------------------------------------------------------------------------


def test_cancel_of_what_was_sent_is_asked_and_says_what_happens(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.sees(customer.inbox()[-1])
    merchant.hears()
    (asked,) = merchant.says("cancel INV-0001")
    assert "Its number stays in the books, reversed." in asked.body
    assert "Jane has seen it. I will tell Jane." in asked.body
    (told,) = merchant.says("2")
    assert told.body == "Nothing changed."
    assert view_of(merchant).state.value == "issued"


# --- change -----------------------------------------------------------------------------------------------------------


def test_a_change_said_whole_is_made_at_once(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    (preview,) = merchant.says("make it 80k")
    assert "Total KES 80,000.00" in preview.body
    assert states(merchant) == ["draft draft KES 80000.00"]


def test_what_is_quoted_is_what_is_changed(merchant: Phone, customer: Phone) -> None:
    from doors.chat.town import provider_id

    (first,) = merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    merchant.says("Invoice Jane Wanjiku 500 for tea")
    quote = {"context": {"id": provider_id(first)}}
    (preview,) = merchant.says("make it 80k", **quote)
    assert "Logo design  80,000.00" in preview.body
    assert states(merchant) == ["draft draft KES 80000.00", "draft draft KES 500.00"]


def test_an_amount_for_several_pieces_is_asked_about(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)}\n3 wigs at 500")
    (asked,) = merchant.says("make it 1,800")
    assert list(asked.titles) == ["For each", "For all 3"]
    (preview,) = merchant.taps("For all 3")
    assert "3 × 600.00" in preview.body
    merchant.says("make it 1,000")
    hint, asked = merchant.taps("For all 3")
    assert "can't be divided by 3" in hint.body
    (preview,) = merchant.says("700")
    assert "Total KES 2,100.00" in preview.body


def test_a_discount_in_percent_follows_the_price(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 1,000 for logo design")
    merchant.says("change discount to 10%")
    (preview,) = merchant.says("make it 2,000")
    assert "Total KES 1,800.00" in preview.body


def test_what_was_issued_is_replaced_in_one_step(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.town import provider_id

    merchant.counts("paid INV-0001 30,000 cash")
    customer.hears()
    (preview,) = merchant.says("make it 80k", context={"id": provider_id(billed)})
    assert "takes the place of *INV-0001*" in preview.body
    assert "The KES 30,000 that was paid on it counts" in preview.body
    assert view_of(merchant).state.value == "part_paid"
    (told,) = merchant.taps("Send")
    assert "*INV-0002* is on its way to Jane." in told.body
    assert "*INV-0001* is credited" in told.body
    assert view_of(merchant).state.value == "credited"
    assert view_of(merchant, "INV-0002").owed.minor == 5_000_000
    said = " ".join(message.body for message in customer.hears())
    assert "*INV-0002* takes its place. Please pay only the new one." in said
    assert "has taken invoice" not in said
    assert is_sound(merchant)


def test_an_old_one_cancelled_meanwhile_is_not_replaced(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (preview,) = merchant.says("change INV-0001 amount to 80k")
    merchant.says("void INV-0001")
    merchant.taps("Yes, take it back")
    merchant.proves()
    (told,) = merchant.taps("Send", preview)
    assert "has been taken back meanwhile" in told.body
    assert len([state for state in states(merchant) if "issued" in state]) == 0


# --- undo -------------------------------------------------------------------------------------------------------------


def test_undo_takes_back_a_change_of_a_draft(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    merchant.says("make it 80k")
    told, preview = merchant.says("undo")
    assert told.body == "Undone. It is as it was:"
    assert "Total KES 75,000.00" in preview.body
    (told,) = merchant.says("undo")
    assert told.body == "Cancelled. Nothing was sent."
    assert states(merchant) == []


def test_undo_brings_a_dropped_draft_back(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    merchant.taps("Cancel")
    _, preview = merchant.says("undo")
    assert "Total KES 75,000.00" in preview.body
    merchant.taps("Send")
    assert states(merchant) == ["INV-0001 issued KES 75000.00"]


def test_undo_of_what_was_sent_is_asked(merchant: Phone, customer: Phone, billed: Heard) -> None:
    customer.sees(customer.inbox()[-1])
    merchant.hears()
    (asked,) = merchant.says("undo")
    assert "Jane has seen it." in asked.body
    assert view_of(merchant).state.value == "issued"
    merchant.taps("Yes, take it back")
    assert view_of(merchant).state.value == "issued"
    merchant.proves()
    assert view_of(merchant).state.value == "void"
    (told,) = merchant.says("undo")
    assert "stays so" in told.body


def test_undo_takes_back_a_payment_that_was_noted_by_hand(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.counts("paid INV-0001 cash")
    customer.hears()
    (asked,) = merchant.says("undo")
    assert "Take back the KES 75,000 noted on *INV-0001*?" in asked.body
    assert view_of(merchant).state.value == "paid"
    merchant.taps("Yes, take it back")
    (told,) = merchant.proves()
    assert told.body == "KES 75,000 is taken back. KES 75,000 is owed on *INV-0001*."
    assert view_of(merchant).state.value == "issued"
    (heard,) = customer.hears()
    assert "noted by mistake" in heard.body
    (told,) = merchant.taps("Yes, take it back", asked)
    assert told.body == "That is taken back already. Nothing changed."
    assert is_sound(merchant)


def test_yes_in_words_is_the_tap_that_takes_a_payment_back(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.counts("paid INV-0001 cash")
    merchant.says("undo")
    merchant.says("yes")
    (told,) = merchant.proves()
    assert told.body == "KES 75,000 is taken back. KES 75,000 is owed on *INV-0001*."


def test_an_answer_that_is_none_of_the_options_is_told_the_way_out(
    merchant: Phone, customer: Phone
) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    merchant.taps("Change")
    hint, again = merchant.says("refund jane")
    assert "“cancel” to stop" in hint.body
    assert again.body == "What shall I change?"


def test_undo_after_ten_minutes_says_why_not(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    merchant.says("make it 80k")
    with clock.fixed(clock.now() + timedelta(minutes=11)):
        (told,) = merchant.says("undo")
    assert "more than ten minutes ago" in told.body
    assert states(merchant) == ["draft draft KES 80000.00"]


def test_undo_of_a_reminder_says_why_not(merchant: Phone, customer: Phone, billed: Heard) -> None:
    merchant.says("remind INV-0001")
    (told,) = merchant.says("undo")
    assert told.body == "A reminder that was sent can't be called back."


def test_undo_with_nothing_done(merchant: Phone) -> None:
    (told,) = merchant.says("undo")
    assert "nothing of the last ten minutes to undo" in told.body


# --- repeat -----------------------------------------------------------------------------------------------------------


def test_repeat_makes_a_draft_on_todays_terms(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    with clock.fixed(clock.now() + timedelta(days=40)):
        customer.hears()
        merchant.hears()
        (preview,) = merchant.says("repeat last for Jane")
        assert "New invoice for *Jane Wanjiku*" in preview.body
        due_on = clock.today("Africa/Nairobi") + timedelta(days=14)
        assert f"{due_on.day} " in preview.body
        merchant.taps("Send")
    assert view_of(merchant, "INV-0002").due_on == due_on


def test_repeat_by_number_and_of_nobody(merchant: Phone, customer: Phone, billed: Heard) -> None:
    (preview,) = merchant.says("repeat INV-0001")
    assert "Total KES 75,000.00" in preview.body
    (told,) = merchant.says("repeat last for Zawadi")
    assert "Nothing was invoiced to anybody called Zawadi" in told.body


# --- what is sold -----------------------------------------------------------------------------------------------------


def test_things_are_added_repriced_and_dropped_in_chat(merchant: Phone) -> None:
    (none,) = merchant.says("products")
    assert "I know no prices yet" in none.body
    merchant.taps("Add something")
    merchant.says("wig")
    (told,) = merchant.says("1,500")
    assert told.body == "Noted: *Wig* is KES 1,500."
    (listed,) = merchant.says("products")
    assert "Wig" in listed.titles
    merchant.taps("Wig")
    merchant.taps("New price")
    (told,) = merchant.counts("1,800")
    assert told.body == "Noted: *Wig* is KES 1,800."
    (told,) = merchant.says("undo")
    assert told.body == "Noted: *Wig* is KES 1,500."
    merchant.taps("Wig", listed)
    (told,) = merchant.taps("No longer sold")
    assert "no longer among what you sell" in told.body
    merchant.says("undo")
    assert "Wig" in merchant.says("products")[0].titles


def test_known_things_bring_their_prices_and_only_new_ones_are_asked_for(
    merchant: Phone, customer: Phone
) -> None:
    merchant.says("products")
    merchant.taps("Add something")
    merchant.says("wig")
    merchant.says("1,500")
    (asked,) = merchant.says(f"Invoice Jane Wanjiku {local(customer)}\n3 wig\n2 shoe")
    assert "shoe" in asked.body.lower()
    (preview,) = merchant.says("2,000")
    assert "Total KES 8,500.00" in preview.body
    (sent,) = merchant.taps("Send")
    assert list(sent.titles) == ["Keep these prices"]
    (told,) = merchant.taps("Keep these prices")
    assert "*Shoe* is KES 2,000." in told.body
    assert {"Wig", "Shoe"} <= set(merchant.says("products")[0].titles)


def test_a_price_is_changed_by_saying_it(merchant: Phone) -> None:
    (told,) = merchant.says("add wig 1,500")
    assert told.body == "Noted: *Wig* is KES 1,500."
    (told,) = merchant.counts("wig is now 1,800")
    assert told.body == "Noted: *Wig* is KES 1,800."
    (told,) = merchant.says("undo")
    assert told.body == "Noted: *Wig* is KES 1,500."
    (told,) = merchant.says("drop wig")
    assert "no longer among what you sell" in told.body
    told, _ = merchant.says("wig is now 1,800")
    assert "did not understand" in told.body


def test_lines_are_added_to_a_draft_and_taken_away(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    (preview,) = merchant.says("add delivery 1,500")
    assert "Total KES 76,500.00" in preview.body
    (preview,) = merchant.says("remove delivery")
    assert "Total KES 75,000.00" in preview.body
    (told,) = merchant.says("remove logo design")
    assert "is all there is on it" in told.body


def test_a_deposit_is_shown_and_kept_in_the_draft(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)} 10,000 for logo design")
    (preview,) = merchant.says("50% deposit")
    assert "Deposit, to be paid first  5,000.00" in preview.body
    (preview,) = merchant.says("make it 20,000")
    assert "Deposit, to be paid first  10,000.00" in preview.body
    merchant.taps("Send")
    assert view_of(merchant).asked.minor == 1_000_000


def test_the_summary_says_what_was_sold_and_what_came(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.counts("paid INV-0001 25,000 cash")
    (told,) = merchant.says("summary")
    assert "1 invoice sent: KES 75,000" in told.body
    assert "Money that came: KES 25,000" in told.body
    assert "You are owed KES 50,000." in told.body


def test_what_is_done_by_itself_is_switched_in_settings(merchant: Phone) -> None:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    merchant.says("settings")
    (listed,) = merchant.taps("What I do by myself")
    merchant.taps(next(iter(listed.titles)))
    (told,) = merchant.taps("Turn it off")
    assert list(told.titles) == ["Turn it on"]
    with tenancy.bound(business_of(merchant)):
        assert not invoices.does("reminders")
    merchant.says("reminders on")
    with tenancy.bound(business_of(merchant)):
        assert invoices.does("reminders")


def test_one_known_thing_needs_no_question(merchant: Phone, customer: Phone) -> None:
    merchant.says("add wig 1,500")
    (preview,) = merchant.says(f"Invoice Jane Wanjiku {local(customer)}\n3 wig")
    assert "Total KES 4,500.00" in preview.body


def test_repeat_takes_todays_prices_and_says_so(merchant: Phone, customer: Phone) -> None:
    merchant.says(f"Invoice Jane Wanjiku {local(customer)}\n3 wig at 1,500")
    merchant.taps("Send")
    merchant.taps("Keep these prices")
    merchant.says("products")
    merchant.taps("Wig")
    merchant.taps("New price")
    merchant.counts("1,800")
    note, preview = merchant.says("repeat INV-0001")
    assert note.body == "*Wig* is KES 1,800 now; it was KES 1,500."
    assert "Total KES 5,400.00" in preview.body


# --- two of a name, several businesses, two people --------------------------------------------------------------------


def test_two_janes_are_told_apart_by_number_and_last_invoice(
    merchant: Phone, customer: Phone, other_jane: Phone
) -> None:
    bills(merchant, customer)
    bills(merchant, other_jane, "2,000")
    (asked,) = merchant.says("Invoice Jane 500 for tea")
    rows = rows_of(asked)
    assert any("INV-0001" in row for row in rows)
    assert any("INV-0002" in row for row in rows)
    (asked,) = merchant.says("cancel")
    (asked,) = merchant.says("remind Jane")
    rows = rows_of(asked)
    assert any(f"…{local(customer)[-3:]}" in row for row in rows)
    assert any("Jane Akinyi" in row for row in rows)


def rows_of(message: Heard) -> list[str]:
    """The descriptions of a list's rows."""
    from hesabu.messaging.models import Message
    from hesabu.store import tenancy

    with tenancy.house(), tenancy.bound(message.business_id):
        content = Message.objects.get(id=message.id).content
    return [row[2] for row in content["rows"]]


def colleague(merchant: Phone, new_phone: Make) -> Phone:
    """Peter, who works for the same business."""
    from hesabu.identity import actions as identity
    from hesabu.identity.types import Role
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    phone = new_phone("Peter Otieno")
    phone.says("Hi")
    phone.says("cancel")
    with tenancy.house():
        person_id = identity.register_person(phone.name)
        messaging.introduce(phone.contact_id(), person_id)
    with tenancy.bound(business_of(merchant)):
        identity.add_member(person_id, Role.OWNER)
    return phone


def test_a_draft_that_another_person_changed_says_who(
    merchant: Phone, customer: Phone, new_phone: Make
) -> None:
    peter = colleague(merchant, new_phone)
    (preview,) = merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    (shown,) = peter.says("drafts")
    peter.taps(next(iter(shown.titles)))
    (changed,) = peter.says("make it 80k")
    told, fresh = merchant.taps("Send", preview)
    assert told.body.startswith("Peter has changed this draft since. Nothing was sent.")
    assert "Total KES 80,000.00" in fresh.body
    merchant.taps("Send", fresh)
    (told,) = peter.taps("Send", changed)
    assert "has sent it already: *INV-0001* to Jane. Nothing was sent twice." in told.body
    assert states(merchant) == ["INV-0001 issued KES 80000.00"]


def answered_at_once(*phones: Phone) -> None:
    """What they have written is answered by as many workers at the same time."""
    from hesabu.doors.chat import reactions
    from hesabu.kit import ids
    from hesabu.messaging.facts import MessageReceived
    from hesabu.store import tenancy
    from payments.shop import at_the_same_time

    contacts = [phone.contact_id() for phone in phones]

    def work(turn: int) -> None:
        fact = MessageReceived(
            business_id=tenancy.HOUSE,
            subject_id=ids.new_id(),
            contact_id=contacts[turn],
            message_kind="text",
        )
        reactions.answer([fact])

    assert at_the_same_time(work, len(phones)) == [None] * len(phones)


def tapped(phone: Phone, message: Heard, title: str) -> None:
    """A tap that nobody has answered yet."""
    from providers.whatsapp import envelopes

    reply = {"type": "button_reply", "button_reply": {"id": message.titles[title], "title": title}}
    phone.writes(envelopes.message("interactive", reply, **phone._who()))


def test_two_people_who_press_send_at_once_send_one_invoice(
    merchant: Phone, customer: Phone, new_phone: Make
) -> None:
    peter = colleague(merchant, new_phone)
    (preview,) = merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    (shown,) = peter.says("drafts")
    (his,) = peter.taps(next(iter(shown.titles)))
    tapped(merchant, preview, "Send")
    tapped(peter, his, "Send")
    answered_at_once(merchant, peter)
    said = [message.body for phone in (merchant, peter) for message in phone.hears()]
    assert sum("is on its way" in body for body in said) == 1
    assert sum("Nothing was sent twice" in body for body in said) == 1
    assert states(merchant) == ["INV-0001 issued KES 75000.00"]
    assert len(customer.hears()) == 1


def test_two_people_typing_at_once_have_each_their_own_conversation(
    merchant: Phone, customer: Phone, other_jane: Phone, new_phone: Make
) -> None:
    from providers.whatsapp import envelopes

    peter = colleague(merchant, new_phone)
    merchant.says("invoice")
    peter.says("invoice")
    merchant.writes(envelopes.text(f"Jane Wanjiku {local(customer)}", **merchant._who()))
    peter.writes(envelopes.text(f"Jane Akinyi {local(other_jane)}", **peter._who()))
    answered_at_once(merchant, peter)
    merchant.hears()
    peter.hears()
    for phone, amount, what in ((merchant, "75k", "logo design"), (peter, "2k", "tea")):
        phone.says(amount)
        phone.says(what)
        phone.taps("In 7 days")
    assert states(merchant) == ["draft draft KES 75000.00", "draft draft KES 2000.00"]
    (preview,) = merchant.says("make it 80k")
    assert "*Jane Wanjiku*" in preview.body
    (preview,) = peter.says("make it 3k")
    assert "*Jane Akinyi*" in preview.body


def test_a_change_made_at_the_same_time_as_send_is_sent_or_said(
    merchant: Phone, customer: Phone, new_phone: Make
) -> None:
    from providers.whatsapp import envelopes

    peter = colleague(merchant, new_phone)
    (preview,) = merchant.says(f"Invoice Jane Wanjiku {local(customer)} 75,000 for logo design")
    (shown,) = peter.says("drafts")
    peter.taps(next(iter(shown.titles)))
    tapped(merchant, preview, "Send")
    peter.writes(envelopes.text("make it 80k", **peter._who()))
    answered_at_once(merchant, peter)
    said = " ".join(message.body for phone in (merchant, peter) for message in phone.hears())
    issued = [state for state in states(merchant) if "issued" in state]
    if issued:
        assert issued == ["INV-0001 issued KES 75000.00"]
    else:
        assert "Peter has changed this draft since" in said or "has changed since" in said
        assert states(merchant) == ["draft draft KES 80000.00"]
    assert is_sound(merchant)


def test_an_invoice_for_a_mail_address_goes_there_and_no_number_is_asked_for(
    merchant: Phone,
) -> None:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    preview = merchant.says("Invoice Mo mo@example.com 700 for tea")[-1]
    assert "mo@example.com" in preview.body
    assert "No number" not in preview.body
    (told,) = merchant.taps("Send")
    assert told.body == "*INV-0001* is on its way to Mo."
    view = view_of(merchant)
    with tenancy.bound(business_of(merchant)):
        assert invoices.customer(view.customer_id).email == "mo@example.com"
