"""Money, as both sides hear of it and answer it in chat."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone
    from payments.shop import Shop

ONE_LINE = "Invoice Jane Wanjiku {phone} 75,000 for logo design due Friday"
PASTED = (
    "{code} Confirmed. Ksh{amount} sent to KAMAU DESIGNS for account INV-0001 on 27/11/26 at 9:12 AM. "
    "New M-PESA balance is Ksh1.00."
)


def code() -> str:
    return (
        "S"
        + "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(5))
        + f"{secrets.randbelow(10**4):04}"
    )


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


def owed(phone: Phone, number: str = "INV-0001") -> int:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_of(phone)):
        return invoices.by_number(number).owed.minor // 100


def shop_of(phone: Phone) -> Shop:
    """The merchant's business gets a paybill that can prompt."""
    from payments.shop import open_shop

    return open_shop(business_of(phone))


def collection_of(shop: Shop) -> tuple[UUID, str]:
    """The newest request for money, taken by M-PESA: its id and reference."""
    from hesabu.payments import actions as payments
    from hesabu.payments.providers.port import Accepted
    from hesabu.store import tenancy

    (row,) = shop.rows("SELECT id FROM payments_collection ORDER BY id DESC LIMIT 1")
    ref = f"ws_{row[0].hex}"
    with tenancy.bound(shop.id):
        payments.begin_asking(row[0])
    with tenancy.bound(shop.id):
        payments.record_outcome(row[0], Accepted(ref, "1-2-3"))
    return row[0], ref


def pays(
    shop: Shop, collection_id: UUID, ref: str, payer: Phone, receipt: str, amount: int
) -> None:
    """The payer enters the PIN, and Safaricom calls back."""
    from hesabu.kit import clock
    from hesabu.payments.providers.mpesa.passwords import timestamp

    said = {
        "MerchantRequestID": "1-2-3",
        "CheckoutRequestID": ref,
        "ResultCode": 0,
        "ResultDesc": "x",
        "CallbackMetadata": {
            "Item": [
                {"Name": "Amount", "Value": amount},
                {"Name": "MpesaReceiptNumber", "Value": receipt},
                {"Name": "TransactionDate", "Value": int(timestamp(clock.now()))},
                {"Name": "PhoneNumber", "Value": int(payer.number or 0)},
            ]
        },
    }
    body = json.dumps({"Body": {"stkCallback": said}}).encode()
    shop.bring(body, shop.callback_ref(collection_id))


@pytest.fixture
def billed(merchant: Phone, customer: Phone) -> Heard:
    """Jane has INV-0001 over KES 75,000."""
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    (paper,) = customer.hears()
    return paper


# --- paying -----------------------------------------------------------------------------------------------------------


def test_a_tap_on_pay_prompts_and_both_hear_that_it_was_paid(
    merchant: Phone, customer: Phone
) -> None:
    shop = shop_of(merchant)
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    (asked,) = customer.taps("Pay with M-PESA")
    assert asked.body.startswith("Check your phone: M-PESA asks on 07")
    assert "KES 75,000 to Kamau Designs" in asked.body
    receipt = code()
    collection_id, ref = collection_of(shop)
    pays(shop, collection_id, ref, customer, receipt, 75_000)
    (told,) = merchant.hears()
    assert told.body == (
        f"*Paid.* KES 75,000 from Jane by M-PESA, {receipt}. *INV-0001* is settled and in the books."
    )
    (thanks,) = customer.hears()
    assert "KES 75,000.00" in thanks.body
    (again,) = customer.taps("Pay with M-PESA")
    assert "is paid already" in again.body


def test_a_second_tap_on_pay_sends_no_second_prompt(merchant: Phone, customer: Phone) -> None:
    shop = shop_of(merchant)
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    customer.taps("Pay with M-PESA")
    (told,) = customer.taps("Pay with M-PESA")
    assert "already sent" in told.body
    assert len(shop.rows("SELECT id FROM payments_collection")) == 1


def test_a_prompt_that_failed_is_explained_to_the_customer_and_not_to_the_merchant(
    merchant: Phone, customer: Phone
) -> None:
    shop = shop_of(merchant)
    merchant.says(ONE_LINE.format(phone=local(customer)))
    merchant.taps("Send")
    customer.hears()
    merchant.hears()
    customer.taps("Pay with M-PESA")
    collection_id, ref = collection_of(shop)
    shop.called_back(collection_id, ref, code=2001, receipt="")
    (told,) = customer.hears()
    assert "PIN" in told.body
    assert "I have paid" in told.titles
    assert merchant.hears() == []


def test_without_a_prompt_the_customer_is_shown_how_to_pay(customer: Phone, billed: Heard) -> None:
    (how,) = customer.taps("Pay with M-PESA")
    assert "Pay KES 75,000 to Kamau Designs here:" in how.body
    assert "till 123456" in how.body
    assert list(how.titles) == ["I have paid"]


def test_a_forged_tap_leaves_nothing_behind_that_spoils_the_true_bills(
    customer: Phone, billed: Heard
) -> None:
    from hesabu.doors.chat import taps
    from hesabu.kit import ids

    nobodys = taps.written("pay", ids.new_id(), ids.new_id())
    (refused,) = customer.taps_id(nobodys, "Pay", billed)
    assert "no such invoice" in refused.body
    (bill,) = customer.says("status INV-0001")
    assert "KES 75,000" in bill.body


def test_view_gives_the_link(customer: Phone, billed: Heard) -> None:
    (link,) = customer.taps("View")
    assert "/p/" in link.body


def test_a_customer_whose_number_is_hidden_is_asked_which_one_pays(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    from hesabu.invoicing import actions as invoicing
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    shop = shop_of(merchant)
    hidden = new_phone("Jane Wanjiku", is_hidden=True)
    hidden.says("hi")
    contact_id = hidden.contact_id()
    with tenancy.bound(shop.id):
        invoicing.keep_customer("Jane Wanjiku", contact_id=contact_id)
    merchant.says("Invoice Jane Wanjiku 75,000 for logo design")
    merchant.taps("Send")
    hidden.hears()
    (question,) = hidden.taps("Pay with M-PESA")
    assert "Which M-PESA number" in question.body
    hint, _ = hidden.says("my number")
    assert "is not a telephone number" in hint.body
    (asked,) = hidden.says("0712 345 678")
    assert "M-PESA asks on 0712 345678" in asked.body
    with tenancy.bound(shop.id):
        assert invoices.by_number("1").contact_id == contact_id


# --- "I have paid" ----------------------------------------------------------------------------------------------------


def test_i_have_paid_is_asked_of_the_merchant_and_one_tap_settles_it(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (told,) = customer.says("I have paid")
    assert "I have asked Kamau Designs to look" in told.body
    (asked,) = merchant.hears()
    assert asked.body.startswith("Jane says *INV-0001* is paid: KES 75,000.")
    assert list(asked.titles) == ["Yes, it's there", "No"]
    (paid,) = merchant.counts_tapped("Yes, it's there")
    assert paid.body.startswith("*Paid.* KES 75,000 from Jane")
    assert merchant.hears() == []
    assert "KES 75,000.00" in customer.hears()[0].body
    (again,) = merchant.taps("Yes, it's there", asked)
    assert again.body == "You have answered that already. Nothing changed."
    assert owed(merchant) == 0


@pytest.mark.parametrize("said", ["paid {code}", "{code}", PASTED])
def test_a_code_is_read_and_counts_once(
    merchant: Phone, customer: Phone, billed: Heard, said: str
) -> None:
    receipt = code()
    customer.says(said.format(code=receipt, amount="75,000.00"))
    (asked,) = merchant.hears()
    assert receipt in asked.body
    merchant.counts_tapped("Yes, it's there")
    assert owed(merchant) == 0
    told = customer.says(said.format(code=receipt, amount="75,000.00"))
    assert "paid already" in told[-1].body
    assert merchant.hears() == []


def test_a_pasted_message_over_less_pays_a_part(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.says(PASTED.format(code=code(), amount="25,000.00"))
    merchant.hears()
    (told,) = merchant.counts_tapped("Yes, it's there")
    assert told.body.startswith("*Part paid.* KES 25,000 from Jane")
    assert "KES 50,000 of KES 75,000 is still owed" in told.body
    assert owed(merchant) == 50_000


def test_no_is_told_to_the_customer_and_nothing_is_booked(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    customer.taps("Pay with M-PESA")
    customer.taps("I have paid")
    merchant.hears()
    (noted,) = merchant.taps("No")
    assert "stays open" in noted.body
    (told,) = customer.hears()
    assert "does not see the money for *INV-0001* yet" in told.body
    assert owed(merchant) == 75_000


def test_somebody_with_two_bills_is_asked_which(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.says("Invoice Jane Wanjiku 5,000 for a card")
    merchant.taps("Send")
    customer.hears()
    (which,) = customer.says("paid")
    assert len(which.titles) == 2
    customer.taps(next(title for title in which.titles if "INV-0002" in title))
    (asked,) = merchant.hears()
    assert "*INV-0002*" in asked.body


def test_a_message_that_quotes_the_bill_is_about_that_bill(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.town import provider_id

    merchant.says("Invoice Jane Wanjiku 5,000 for a card")
    merchant.taps("Send")
    customer.hears()
    customer.says("paid", context={"id": provider_id(billed)})
    (asked,) = merchant.hears()
    assert "*INV-0001*" in asked.body


def test_what_a_customer_wants_to_say_is_passed_on(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.hears()
    (told,) = customer.says("I ordered only two of them")
    assert told.body.endswith("Shall I pass it on to Kamau Designs?")
    assert merchant.hears() == []
    (passed,) = customer.taps("Pass it on")
    assert passed.body == "I have passed that on to Kamau Designs."
    (heard,) = merchant.hears()
    first, quoted, number = heard.body.splitlines()
    assert first == "Jane Wanjiku wrote about *INV-0001*:"
    assert quoted == "“I ordered only two of them”"
    assert local(customer) in number.replace(" ", "")
    (again,) = customer.taps("Pass it on")
    assert "I don't know that button any more" in again.body


def test_what_a_customer_wants_to_say_cannot_be_taken_for_the_clerks_words(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.hears()
    customer.says("Look at this”\n\n*Paid.* KES 75,000 from Jane by M-PESA.")
    customer.taps("Pass it on")
    (heard,) = merchant.hears()
    first, *more = heard.body.splitlines()
    assert first == "Jane Wanjiku wrote about *INV-0001*:"
    assert more[0] == "“Look at this' Paid. KES 75,000 from Jane by M-PESA.”"


def test_a_customer_who_says_anything_else_is_shown_the_bill(
    customer: Phone, billed: Heard
) -> None:
    told, shown = customer.says("what is this about")
    assert told.body.startswith("I am Hesabu, the clerk of Kamau Designs")
    assert "*INV-0001* from Kamau Designs: KES 75,000" in shown.body
    assert list(shown.titles) == ["Pay with M-PESA", "View", "Pass it on"]


def test_somebody_who_sells_and_buys_is_asked_whose_money_it_is(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    both = new_phone("Peter Otieno")
    both.says("hi")
    both.says("Otieno Timber")
    both.says("till 654321")
    merchant.says(f"Invoice Peter Otieno {local(both)} 5,000 for a card")
    merchant.taps("Send")
    both.hears()
    (question,) = both.says("I have paid")
    assert list(question.titles) == ["I paid a bill", "A customer paid me"]
    (told,) = both.taps("I paid a bill")
    assert "I have asked Kamau Designs" in told.body
    assert "Peter says *INV-0001* is paid" in merchant.hears()[0].body


def test_a_customer_can_open_a_business(customer: Phone, billed: Heard) -> None:
    (welcome,) = customer.says("start")
    assert "What is your business called?" in welcome.body
    customer.says("Jane Cards")
    customer.says("later")
    (preview,) = customer.says("Invoice Mary Atieno 0733 111 222 500 for a card")
    assert "New invoice for *Mary Atieno*" in preview.body


# --- the merchant's own word ------------------------------------------------------------------------------------------


def test_paid_in_cash_is_booked_at_the_merchants_word_and_said_once(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.hears()
    (told,) = merchant.counts("paid INV-0001 cash")
    assert (
        told.body == "*Paid.* KES 75,000 from Jane in cash. *INV-0001* is settled and in the books."
    )
    assert "KES 75,000.00" in customer.hears()[0].body
    (again,) = merchant.counts("paid INV-0001 cash")
    assert again.body == "Nothing is owed on *INV-0001*: it is paid."


def test_a_payment_of_somebody_who_owes_nothing_asks_for_the_number(
    merchant: Phone, billed: Heard
) -> None:
    (told,) = merchant.says("Otieno paid 75000 cash")
    assert told.body.startswith("No invoice for Otieno is open.")
    assert "INV-0007 is paid" in told.body


def test_the_method_is_asked_for_where_it_was_not_said(merchant: Phone, billed: Heard) -> None:
    (question,) = merchant.counts("paid INV-0001")
    assert list(question.titles) == ["Cash", "M-PESA", "Bank"]
    (told,) = merchant.counts_tapped("Bank")
    assert "by bank" in told.body


def test_a_payment_by_name_is_found(merchant: Phone, billed: Heard) -> None:
    (told,) = merchant.counts("Jane has paid 5000 cash")
    assert told.body.startswith("*Part paid.* KES 5,000 from Jane in cash.")
    assert owed(merchant) == 70_000


def test_money_beyond_the_invoice_is_kept_as_credit_and_said(
    merchant: Phone, billed: Heard
) -> None:
    told = merchant.counts("paid INV-0001 80,000 cash")
    assert [message.body for message in told] == [
        "*Paid.* KES 75,000 from Jane in cash. *INV-0001* is settled and in the books.",
        "KES 5,000 more came than *INV-0001* owed. It is kept as Jane's credit.",
    ]


def test_money_without_an_owner_is_asked_about_and_placed(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    shop = shop_of(merchant)
    merchant.hears()
    shop.paid_by_hand(code(), "2500")
    (asked,) = merchant.hears()
    assert "KES 2,500 came that I can't place" in asked.body
    title = next(title for title in asked.titles if title.startswith("INV-0001"))
    told = merchant.taps(title)
    assert told[0].body == "Placed. KES 2,500 went to *INV-0001*."
    assert owed(merchant) == 72_500
    (again,) = merchant.taps(title, asked)
    assert "went to *INV-0001*" in again.body or "Nothing changed" in again.body
    assert owed(merchant) == 72_500


# --- asking -----------------------------------------------------------------------------------------------------------


def test_who_owes_me_says_who_and_how_much(merchant: Phone, billed: Heard) -> None:
    (told,) = merchant.says("who owes me")
    assert told.body == "You are owed *KES 75,000*:\n\nJane Wanjiku  KES 75,000"


def test_status_says_where_it_stands(merchant: Phone, customer: Phone, billed: Heard) -> None:
    customer.sees(billed)
    merchant.hears()
    (told,) = merchant.says("status INV-0001")
    assert "KES 75,000.00, open" in told.body
    assert "Seen " in told.body
    assert list(told.titles) == ["It is paid", "Remind", "Take it back"]


def test_the_list_leads_to_each_invoice(merchant: Phone, billed: Heard) -> None:
    (shown,) = merchant.says("list")
    (title,) = shown.titles
    (told,) = merchant.taps(title)
    assert "*INV-0001*  Jane Wanjiku" in told.body


def test_taking_back_is_asked_first_and_done_once(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    (question,) = merchant.says("void INV-0001")
    assert list(question.titles) == ["Yes, take it back", "Keep it"]
    assert owed(merchant) == 75_000
    merchant.taps("Yes, take it back")
    assert owed(merchant) == 75_000
    (told,) = merchant.proves()
    assert told.body == "*INV-0001* is taken back. Nothing is owed on it."
    assert owed(merchant) == 0
    (heard,) = customer.hears()
    assert "has taken invoice *INV-0001* back" in heard.body
    (told,) = customer.taps("Pay with M-PESA")
    assert "has taken *INV-0001* back" in told.body


def test_what_was_paid_on_is_credited_instead(merchant: Phone, billed: Heard) -> None:
    merchant.counts("paid INV-0001 5000 cash")
    (question,) = merchant.says("cancel INV-0001")
    assert list(question.titles) == ["Write credit note", "Keep it"]
    merchant.taps("Write credit note")
    (told,) = merchant.proves()
    assert told.body == "Credit note *CN-0001* is written for *INV-0001*."
    assert owed(merchant) == 0


def test_an_invoice_that_cannot_be_delivered_gives_the_link_once(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    merchant.hears()
    customer.cannot_get(billed)
    (told,) = merchant.hears()
    assert "Jane could not be reached on WhatsApp" in told.body
    assert "/p/" in told.body
    customer.cannot_get(billed)
    assert merchant.hears() == []


def test_the_owner_hears_of_money_that_only_the_statement_can_settle(
    merchant: Phone, customer: Phone, billed: Heard
) -> None:
    from doors.chat.town import settle_down
    from hesabu.invoicing import queries as invoicing
    from hesabu.kit.money import Money
    from hesabu.payments import actions as payments
    from hesabu.payments.facts import PaymentDoubtful
    from hesabu.payments.types import Purpose
    from hesabu.store import facts, tenancy

    merchant.hears()
    business_id = business_of(merchant)
    with tenancy.bound(business_id):
        invoice = invoicing.by_number("INV-0001")
        payment = payments.record(
            Purpose("invoice", invoice.id), Money.parse("100", "KES"), "mpesa_till", "SKL4T7QX2P"
        )
    settle_down()
    merchant.hears()
    for _ in range(2):
        with tenancy.bound(business_id):
            facts.publish(
                PaymentDoubtful(business_id=business_id, subject_id=payment.id, reason="maybe_two")
            )
        settle_down()
    (told,) = merchant.hears()
    assert "KES 100 was paid" in told.body
    assert "counted it once" in told.body


# --- where money goes -------------------------------------------------------------------------------------------------


def test_changing_where_money_goes_asks_for_a_pin_waits_two_days_and_is_stopped_by_a_tap(
    merchant: Phone,
) -> None:
    (choose,) = merchant.says("till 654321")
    assert "choose a PIN" in choose.body
    (hint, _) = merchant.says("1234")
    assert "too easy" in hint.body
    told = merchant.says("7391")
    assert "Your PIN is set" in told[0].body
    assert list(told[1].titles) == ["Only there", "Both"]
    done = merchant.taps("Only there")
    assert "on new invoices say: till 654321." in done[0].body
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    def paid_at() -> list[str]:
        with tenancy.bound(business_of(merchant)):
            return [way.number for way in payments.ways_to_pay()]

    assert paid_at() == ["123456"]
    told = [m for m in merchant.inbox() if "is about to change" in m.body]
    assert len(told) == 2
    for message in told:
        (stopped,) = merchant.taps("Stop it", message)[:1]
        assert "Stopped." in stopped.body
    with tenancy.bound(business_of(merchant)):
        assert payments.changes_frozen() == []
    assert paid_at() == ["123456"]
    assert "taken effect, or was stopped" in merchant.taps("Stop it", told[0])[0].body


def test_each_change_that_is_stopped_is_told_however_often_the_same_one_is_tried(
    merchant: Phone,
) -> None:
    from hesabu.identity import queries as people
    from hesabu.payments import actions as payments
    from hesabu.payments import queries as collected
    from hesabu.store import tenancy

    business_id = business_of(merchant)
    with tenancy.bound(business_id):
        owner = tenancy.Actor("person", people.members(business_id)[0].person_id)
        account_id = collected.ways_to_pay()[0].account_id
    for _ in range(3):
        with tenancy.bound(business_id, actor=owner):
            payments.close_account(account_id)
        with tenancy.bound(business_id, actor=owner):
            payments.stop_change(account_id)
    said = [one for one in merchant.hears() if "was stopped" in one.body]
    assert len(said) == 3


def test_a_wrong_pin_changes_nothing_and_is_counted(merchant: Phone) -> None:
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    merchant.says("pin")
    merchant.says("7391")
    (asked,) = merchant.says("till 654321")
    assert "enter your PIN" in asked.body
    hint, _ = merchant.says("7392")
    assert hint.body == "That is not your PIN. 4 tries are left."
    merchant.says("cancel")
    with tenancy.bound(business_of(merchant)):
        assert [way.number for way in payments.ways_to_pay()] == ["123456"]


def test_the_pin_is_changed_only_by_who_knows_it(merchant: Phone) -> None:
    merchant.says("pin")
    merchant.says("7391")
    (present,) = merchant.says("pin")
    assert "present PIN" in present.body
    assert "not your PIN" in merchant.says("1111")[0].body
    merchant.says("7391")
    hint, _ = merchant.says("0000")
    assert "too easy" in hint.body
    assert "Your PIN is set" in merchant.says("8402")[0].body
    merchant.says("till 654321")
    assert "not your PIN" in merchant.says("7391")[0].body
    assert "Only there" in merchant.says("8402")[0].titles


def test_a_way_that_is_known_is_not_a_change(merchant: Phone) -> None:
    (told,) = merchant.says("till 123456")
    assert told.body == "Customers pay there already: till 123456. Nothing changed."
