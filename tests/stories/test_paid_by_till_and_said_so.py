"""A customer pays where nobody tells Hesabu, and says so; their word, the merchant's and Safaricom's are one payment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hesabu.kit import clock
from hesabu.kit.moves import MoveRefused
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.errors import CodeAlreadyUsed
from hesabu.payments.providers.port import Paid
from stories.kamau import kes, later

if TYPE_CHECKING:
    from stories.kamau import Kamau

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SMS = "TMA1BCD2E3 Confirmed. Ksh2,000.00 paid to KAMAU DESIGNS. on 2/11/26 at 12:01 PM."


def test_jane_forwards_her_message_and_one_tap_counts_it(kamau: Kamau) -> None:
    kamau.does(payments.add_account, "till", "5551234")
    bill = kamau.invoices("Jane Wanjiku", "2000")
    claim_id = kamau.hears_claim(bill, SMS, "2000")
    assert kamau.hears_claim(bill, SMS, "2000") == claim_id  # she is impatient
    assert kamau.money_for(bill) == []
    assert kamau.confirms(claim_id).is_new
    assert not kamau.confirms(claim_id).is_new  # so is Kamau's thumb
    assert str(kamau.bill(bill).state) == "paid"
    assert kamau.money_for(bill) == [("TMA1BCD2E3", "2000.00")]
    assert kamau.books() == {"mpesa": 2_000, "sales": -2_000}


def test_safaricom_tells_of_it_after_kamau_did(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "2000")
    kamau.confirms(kamau.hears_claim(bill, SMS, "2000"))
    assert kamau.is_sent_by_hand("TMA1BCD2E3", "2000.00") == "read"
    assert kamau.unplaced() == []
    assert kamau.books() == {"mpesa": 2_000, "sales": -2_000}


def test_safaricom_told_of_it_before_anybody_did(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "2000")
    kamau.is_sent_by_hand("TMA1BCD2E3", "2000.00")
    assert kamau.books()["suspense"] == -2_000
    assert kamau.confirms(kamau.hears_claim(bill, SMS, "2000")).is_new
    assert kamau.unplaced() == []
    assert kamau.books() == {"mpesa": 2_000, "sales": -2_000}


def test_a_message_forwarded_for_two_bills_counts_for_one(kamau: Kamau) -> None:
    logo, cards = kamau.invoices("Jane Wanjiku", "2000"), kamau.invoices("Jane Wanjiku", "2000")
    kamau.confirms(kamau.hears_claim(logo, SMS, "2000"))
    with pytest.raises(CodeAlreadyUsed):
        kamau.hears_claim(cards, SMS, "2000")
    assert kamau.bill(cards).owed == kes("2000")


def test_what_kamau_does_not_find_on_his_phone_is_not_counted(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "2000")
    claim_id = kamau.hears_claim(bill, "I have paid", "2000")
    kamau.does(payments.reject, claim_id)
    with pytest.raises(MoveRefused):
        kamau.confirms(claim_id)
    assert kamau.bill(bill).owed == kes("2000")
    assert kamau.books() == {"receivables": 2_000, "sales": -2_000}
    # It was there after all, under another till: she says it again, with the code.
    kamau.confirms(kamau.hears_claim(bill, SMS, "2000"))
    assert str(kamau.bill(bill).state) == "paid"


def test_she_pays_the_prompt_and_sends_the_code_before_safaricom_calls(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "2000")
        request = kamau.prompts(bill, "2000")
    with clock.fixed(later(MONDAY, seconds=40)):
        kamau.confirms(kamau.hears_claim(bill, SMS, "2000"))
        assert kamau.state(request) == "asked"
    with clock.fixed(later(MONDAY, seconds=50)):
        kamau.hears_of(request, "TMA1BCD2E3", 2000)
    assert kamau.state(request) == "settled"
    assert kamau.money_for(bill) == [("TMA1BCD2E3", "2000.00")]
    assert kamau.books() == {"mpesa": 2_000, "sales": -2_000}


def test_she_sends_the_code_and_safaricoms_letter_never_comes(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "2000")
        request = kamau.prompts(bill, "2000")
    with clock.fixed(later(MONDAY, seconds=30)):
        kamau.confirms(kamau.hears_claim(bill, SMS, "2000"))
    for seconds in (45, 130):
        with clock.fixed(later(MONDAY, seconds=seconds)):
            kamau.asks_what_became_of(request, Paid())
    assert kamau.state(request) == "settled"
    assert kamau.money_for(bill) == [("TMA1BCD2E3", "2000.00")]
    told = kamau.does(collected.payments_for, kamau.purpose(bill))[0]
    assert told.collection_id == request.id
    assert kamau.books() == {"mpesa": 2_000, "sales": -2_000}


def test_a_code_given_to_the_wrong_bill_is_found_out_when_safaricom_calls(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        logo, cards = kamau.invoices("Jane Wanjiku", "2000"), kamau.invoices("Peter", "2000")
        request = kamau.prompts(logo, "2000")
    for seconds in (45, 130):  # the callback is late, so the request is booked by Safaricom's word
        with clock.fixed(later(MONDAY, seconds=seconds)):
            kamau.asks_what_became_of(request, Paid())
    with clock.fixed(later(MONDAY, seconds=200)):
        kamau.confirms(kamau.hears_claim(cards, SMS, "2000"))
        # Now the callback proves that both are one payment: a person has to look.
        assert kamau.hears_of(request, "TMA1BCD2E3", 2000) == "aside"
    assert len(kamau.money_for(logo)) == len(kamau.money_for(cards)) == 1
