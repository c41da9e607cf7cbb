"""Letters about money are not signed. What nobody vouches for moves nothing, whatever it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hesabu.kit import clock
from hesabu.payments.providers.port import NotPaid, Paid
from stories.kamau import Request, kes, later

if TYPE_CHECKING:
    from stories.kamau import Kamau

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SOMEBODY = "203.0.113.9"


@pytest.fixture
def asked(kamau: Kamau) -> tuple[Any, Request]:
    """Jane's bill, and the prompt on her phone."""
    with clock.fixed(MONDAY):
        bill = kamau.invoices("Jane Wanjiku", "3000")
        return bill, kamau.prompts(bill, "3000")


def test_jane_guesses_the_address_and_pays_with_a_letter_of_her_own(
    kamau: Kamau, asked: tuple[Any, Request]
) -> None:
    bill, request = asked
    guessed = Request(request.id, request.checkout, "guessed-address")
    with clock.fixed(later(MONDAY, seconds=10)):
        kamau.hears_of(guessed, "TNA1BCD2E3", 3000)
        kamau.hears_of(request, "TNB1BCD2E3", 3000, sender=SOMEBODY)
        assert kamau.bill(bill).owed == kes("3000")
        # Safaricom is asked instead, at once, and knows of nothing.
        kamau.asks_what_became_of(request, NotPaid("1032"))
    assert kamau.state(request) == "failed"
    assert kamau.books() == {"receivables": 3_000, "sales": -3_000}


def test_a_letter_with_the_wrong_amount_moves_nothing_and_the_true_one_counts(
    kamau: Kamau, asked: tuple[Any, Request]
) -> None:
    bill, request = asked
    with clock.fixed(later(MONDAY, seconds=10)):
        kamau.hears_of(request, "TNC1BCD2E3", 300)
        assert kamau.money_for(bill) == []
        kamau.hears_of(request, "TND1BCD2E3", 3000)
    assert kamau.money_for(bill) == [("TND1BCD2E3", "3000.00")]
    assert kamau.books() == {"mpesa": 3_000, "sales": -3_000}


def test_a_stranger_says_it_failed_while_jane_is_typing_her_pin(
    kamau: Kamau, asked: tuple[Any, Request]
) -> None:
    bill, request = asked
    with clock.fixed(later(MONDAY, seconds=10)):
        kamau.called_back(request, {"ResultCode": 1032}, sender=SOMEBODY)
        assert kamau.state(request) == "asked"
    with clock.fixed(later(MONDAY, seconds=25)):
        kamau.asks_what_became_of(request, Paid())
        kamau.hears_of(request, "TNE1BCD2E3", 3000)
    assert str(kamau.bill(bill).state) == "paid"


def test_money_sent_by_hand_counts_only_from_safaricom_and_for_this_paybill(kamau: Kamau) -> None:
    assert kamau.is_sent_by_hand("TNF1BCD2E3", "9000.00", sender=SOMEBODY) == "aside"
    assert kamau.unplaced() == []
    assert kamau.is_sent_by_hand("TNF1BCD2E3", "9000.01") == "read"
    assert [str(one.amount.decimal) for one in kamau.unplaced()] == ["9000.01"]


def test_rubbish_is_answered_politely_and_kept_for_a_person(kamau: Kamau) -> None:
    assert kamau.gets({"hello": "world"}) == "aside"
    assert kamau.gets({"Body": {"stkCallback": {}}}) == "aside"
    assert kamau.gets([1, 2, 3]) == "aside"
    assert kamau.books() == {}


def test_a_letter_for_another_business_moves_nothing_in_either(
    kamau: Kamau, wanjiru: Kamau, asked: tuple[Any, Request]
) -> None:
    bill, request = asked
    with clock.fixed(later(MONDAY, seconds=10)):
        assert wanjiru.hears_of(request, "TNG1BCD2E3", 3000) == "aside"
        assert wanjiru.books() == {}
        assert kamau.bill(bill).owed == kes("3000")
        kamau.hears_of(request, "TNG1BCD2E3", 3000)
    assert kamau.books() == {"mpesa": 3_000, "sales": -3_000}
    # A receipt is each business's own: what one counted keeps no other from counting theirs.
    wanjiru.is_sent_by_hand("TNG1BCD2E3", "50.00")
    assert wanjiru.books() == {"mpesa": 50, "suspense": -50}
