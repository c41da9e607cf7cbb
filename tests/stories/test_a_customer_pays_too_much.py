"""What a customer pays beyond a bill is theirs, and waits for the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.errors import NoCredit, VoidRefused
from hesabu.payments.errors import AlreadyPlaced
from stories.kamau import kes

if TYPE_CHECKING:
    from stories.kamau import Kamau


def test_jane_types_a_thousand_more_and_finds_it_on_her_next_bill(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "4000")
    kamau.is_sent_by_hand("TLA1BCD2E3", "5000.00", typed=bill.number or "")
    kamau.places(kamau.unplaced()[0], bill)
    assert str(kamau.bill(bill).state) == "paid"
    assert kamau.credit_of(bill) == kes("1000")
    assert kamau.books() == {"mpesa": 5_000, "sales": -4_000, "customer_credit": -1_000}

    cards = kamau.invoices("Jane Wanjiku", "2500")
    assert kamau.does(invoicing.apply_credit, cards.id).owed == kes("1500")
    request = kamau.prompts(cards, "1500")
    kamau.hears_of(request, "TLB4FGH5I6", 1500)
    assert str(kamau.bill(cards).state) == "paid"
    assert kamau.credit_of(bill) == kes("0")
    assert kamau.books() == {"mpesa": 6_500, "sales": -6_500}


def test_she_pays_the_prompt_and_then_the_paybill_as_well(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "4000")
    request = kamau.prompts(bill, "4000")
    kamau.hears_of(request, "TLC7JKL8M9", 4000)
    kamau.is_sent_by_hand("TLD1NPQ2R3", "4000.00", typed=bill.number or "")
    (twice,) = kamau.unplaced()
    kamau.places(twice, bill)
    assert kamau.money_for(bill) == [("TLC7JKL8M9", "4000.00"), ("TLD1NPQ2R3", "4000.00")]
    assert kamau.credit_of(bill) == kes("4000")
    other = kamau.invoices("Peter", "100")
    with pytest.raises(AlreadyPlaced):
        kamau.places(twice, other)
    with pytest.raises(NoCredit):
        kamau.does(invoicing.apply_credit, other.id)


def test_half_the_work_is_taken_back_after_it_was_paid(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "4000")
    kamau.takes_cash(bill, "4000")
    with pytest.raises(VoidRefused):
        kamau.does(invoicing.void, bill.id, "she changed her mind")
    note = kamau.does(invoicing.credit, bill.id, "half of it", amount=kes("2000"))
    assert (note.to_owed, note.to_credit) == (kes("0"), kes("2000"))
    assert kamau.books() == {"cash": 4_000, "sales": -2_000, "customer_credit": -2_000}

    rest = kamau.does(invoicing.credit, bill.id, "and the other half")
    assert rest.total == kes("2000")
    assert str(kamau.bill(bill).state) == "credited"
    assert kamau.books() == {"cash": 4_000, "customer_credit": -4_000}


def test_she_pays_a_bill_that_was_taken_back_meanwhile(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "4000")
    request = kamau.prompts(bill, "4000")
    kamau.does(invoicing.void, bill.id, "typed twice")
    kamau.hears_of(request, "TLE4STU5V6", 4000)
    assert str(kamau.bill(bill).state) == "void"
    assert kamau.state(request) == "settled"
    assert kamau.credit_of(bill) == kes("4000")
    assert kamau.books() == {"mpesa": 4_000, "customer_credit": -4_000}


def test_she_pays_in_three_parts_and_the_last_is_a_little_more(kamau: Kamau) -> None:
    bill = kamau.invoices("Jane Wanjiku", "4000")
    kamau.hears_of(kamau.prompts(bill, "1000"), "TLF7WXY8Z9", 1000)
    kamau.takes_cash(bill, "1500")
    assert (str(kamau.bill(bill).state), kamau.bill(bill).owed) == ("part_paid", kes("1500"))
    kamau.is_sent_by_hand("TLG1BCD2E3", "1600.00")
    kamau.places(kamau.unplaced()[0], bill)
    assert str(kamau.bill(bill).state) == "paid"
    assert kamau.books() == {
        "mpesa": 2_600,
        "cash": 1_500,
        "sales": -4_000,
        "customer_credit": -100,
    }
