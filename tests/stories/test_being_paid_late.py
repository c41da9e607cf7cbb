"""Money that comes late is money all the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from hesabu.invoicing import queries as invoices
from hesabu.kit import clock
from hesabu.ledger import actions as ledger
from hesabu.payments.providers.port import NotPaid, Paid, Pending
from stories.kamau import kes, later

if TYPE_CHECKING:
    from stories.kamau import Kamau

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_jane_pays_a_fortnight_after_the_due_day_by_hand(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "75000", due_on=date(2026, 11, 6))
        request = kamau.prompts(bill, "75000")
        assert kamau.hears_no(request, 1032) == "read"  # she cancels it: not today
        assert kamau.bill(bill).owed == kes("75000")

    with clock.fixed(later(MONDAY, days=18)):
        assert kamau.bill(bill).is_overdue
        assert [one.overdue for one in kamau.does(invoices.owed_by_customer)] == [kes("75000")]
        kamau.is_sent_by_hand("TKA7QX2P91", "75000.00", typed="Jane")
        (waiting,) = kamau.unplaced()
        assert kamau.books()["suspense"] == -75_000
        kamau.places(waiting, bill)

    paid = kamau.bill(bill)
    assert (str(paid.state), paid.is_overdue) == ("paid", False)
    assert kamau.money_for(bill) == [("TKA7QX2P91", "75000.00")]
    assert kamau.books() == {"mpesa": 75_000, "sales": -75_000}


def test_late_money_whose_payer_typed_the_number_needs_nobody(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "75000", due_on=date(2026, 11, 6))
    with clock.fixed(later(MONDAY, days=18)):
        assert kamau.bill(bill).is_overdue
        kamau.is_sent_by_hand("TKA7QX2P92", "75000.00", typed=bill.number or "")
    assert kamau.unplaced() == []
    assert str(kamau.bill(bill).state) == "paid"
    assert kamau.money_for(bill) == [("TKA7QX2P92", "75000.00")]
    assert kamau.books() == {"mpesa": 75_000, "sales": -75_000}


def test_the_callback_comes_three_days_after_everybody_gave_the_prompt_up(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "1500")
        request = kamau.prompts(bill, "1500")
    for seconds in (20, 40, 60, 120, 300, 900, 3_600, 86_400, 172_800, 259_200):
        with clock.fixed(later(MONDAY, seconds=seconds)):
            kamau.asks_what_became_of(request, Pending())
    assert kamau.state(request) == "expired"

    with clock.fixed(later(MONDAY, days=4)):
        kamau.hears_of(request, "TKB3MNP4Q5", 1500, at=later(MONDAY, seconds=50))
    assert kamau.state(request) == "settled"
    assert str(kamau.bill(bill).state) == "paid"
    assert kamau.books() == {"mpesa": 1_500, "sales": -1_500}


def test_safaricom_says_cancelled_and_then_that_it_was_paid(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "1500")
        request = kamau.prompts(bill, "1500")
        kamau.hears_no(request, 1037)
        assert kamau.state(request) == "failed"
    # The callback that says otherwise is lost, so Safaricom is asked, and asked again to be sure.
    for seconds in (130, 310):
        with clock.fixed(later(MONDAY, seconds=seconds)):
            kamau.asks_what_became_of(request, Paid())
    assert kamau.state(request) == "settled"
    assert kamau.money_for(bill) == [(None, "1500.00")]

    # A day later it is found after all: the receipt is known now, and nothing is counted again.
    with clock.fixed(later(MONDAY, days=1)):
        kamau.hears_of(request, "TKC8RST2U3", 1500)
    assert kamau.money_for(bill) == [("TKC8RST2U3", "1500.00")]
    assert kamau.books() == {"mpesa": 1_500, "sales": -1_500}


def test_a_prompt_that_nobody_paid_leaves_the_bill_as_it_was(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "1500")
        request = kamau.prompts(bill, "1500")
    with clock.fixed(later(MONDAY, seconds=30)):
        kamau.asks_what_became_of(request, NotPaid("2001"))
    assert kamau.state(request) == "failed"
    assert kamau.bill(bill).owed == kes("1500")
    with clock.fixed(later(MONDAY, seconds=40)):
        again = kamau.prompts(bill, "1500")
        kamau.hears_of(again, "TKD1AAA2B2", 1500)
    assert str(kamau.bill(bill).state) == "paid"


def test_money_for_a_month_that_is_closed_is_booked_on_the_first_open_day(kamau: Kamau) -> None:
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "1500")
        request = kamau.prompts(bill, "1500")
    with clock.fixed(later(MONDAY, days=5)):
        kamau.does(ledger.lock_period, kamau.id, date(2026, 11, 5))
        kamau.hears_of(request, "TKE5CCC6D7", 1500, at=later(MONDAY, seconds=30))
    entries = kamau.does(invoices.entries_of, bill.id)
    assert [str(one.booked_on) for one in entries] == ["2026-11-02", "2026-11-06"]
    assert kamau.books() == {"mpesa": 1_500, "sales": -1_500}
