"""Being paid without a gateway: "I have paid", and the merchant's one tap."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.kit.moves import MoveRefused
from hesabu.payments import actions, queries
from hesabu.payments.errors import (
    AmountMissing,
    AmountNotPositive,
    ClaimNotFound,
    CodeAlreadyUsed,
    CodeNotRead,
)
from hesabu.payments.providers.port import Accepted, Paid
from hesabu.payments.types import ClaimState, Confirmation, Method, Purpose
from hesabu.store import tenancy
from payments.shop import Shop, at_the_same_time, kes, purpose

CODE = "SKL4T7QX2P"


def claim(
    shop: Shop,
    wanted: Purpose,
    code: str | None = CODE,
    amount: Money | None = None,
    said: str = "",
) -> UUID:
    with tenancy.bound(shop.id):
        return actions.claim(wanted, code, amount, said=said)


def confirm(shop: Shop, claim_id: UUID, amount: Money | None = None) -> Confirmation:
    with tenancy.bound(shop.id):
        return actions.confirm(claim_id, amount)


def test_a_claim_is_a_word_and_no_money(shop: Shop) -> None:
    wanted = purpose()
    claim_id = claim(shop, wanted, amount=kes("1500"))
    with tenancy.bound(shop.id):
        waiting = queries.claims_waiting()
        assert queries.claims_for(wanted) == waiting
    assert [(each.id, each.code, each.state) for each in waiting] == [
        (claim_id, CODE, ClaimState.MADE)
    ]
    assert shop.payments() == []
    assert shop.told(claim_id) == ["ClaimMade"]


def test_one_tap_counts_it_and_two_count_it_once(shop: Shop) -> None:
    wanted = purpose()
    claim_id = claim(shop, wanted, amount=kes("1500"))
    first, second = confirm(shop, claim_id), confirm(shop, claim_id)
    assert first.is_new
    assert not second.is_new
    assert first.payment == second.payment
    assert first.payment.purpose == wanted
    assert shop.payments() == [(CODE, 150_000, "settled")]
    assert shop.told_all("PaymentSettled") == 1
    assert shop.told(claim_id) == ["ClaimMade", "ClaimConfirmed"]


def test_four_taps_at_the_same_time_count_it_once(shop: Shop) -> None:
    claim_id = claim(shop, purpose(), amount=kes("1500"))
    answers = at_the_same_time(lambda _: confirm(shop, claim_id).is_new)
    assert sorted(map(str, answers)) == ["False", "False", "False", "True"]
    assert shop.told_all("PaymentSettled") == 1


def test_the_merchant_may_say_how_much_it_really_was(shop: Shop) -> None:
    claim_id = claim(shop, purpose(), amount=kes("1500"))
    assert confirm(shop, claim_id, kes("1400")).payment.amount == kes("1400")


def test_an_amount_that_nobody_said_is_asked_for(shop: Shop) -> None:
    claim_id = claim(shop, purpose())
    with pytest.raises(AmountMissing):
        confirm(shop, claim_id)
    assert confirm(shop, claim_id, kes("10")).payment.amount == kes("10")


@pytest.mark.parametrize("amount", ["0", "-5"])
def test_nothing_and_less_than_nothing_are_no_payment(shop: Shop, amount: str) -> None:
    with pytest.raises(AmountNotPositive):
        claim(shop, purpose(), amount=kes(amount))
    claim_id = claim(shop, purpose())
    with pytest.raises(AmountNotPositive):
        confirm(shop, claim_id, kes(amount))


def test_the_code_is_read_however_it_is_typed_or_pasted(shop: Shop) -> None:
    wanted = purpose()
    first = claim(shop, wanted, "skl4 t7qx 2p")
    pasted = claim(
        shop, wanted, None, said="SKL4T7QX2P Confirmed. Ksh1,500.00 sent to KAMAU on 23/11/26"
    )
    assert first == pasted


def test_what_is_no_code_is_told_so(shop: Shop) -> None:
    with pytest.raises(CodeNotRead):
        claim(shop, purpose(), "paid yesterday")


def test_paid_without_a_code_is_one_claim_however_often_it_is_said(shop: Shop) -> None:
    wanted = purpose()
    first = claim(shop, wanted, None, said="paid")
    assert claim(shop, wanted, None, said="I said paid") == first
    assert claim(shop, purpose(), None, said="paid") != first


def test_one_code_never_pays_two_invoices(shop: Shop) -> None:
    claim(shop, purpose(), amount=kes("1500"))
    with pytest.raises(CodeAlreadyUsed):
        claim(shop, purpose())


def test_a_counted_code_is_not_claimed_again(shop: Shop) -> None:
    wanted = purpose()
    confirm(shop, claim(shop, wanted, amount=kes("1500")))
    for again in (wanted, purpose()):
        with pytest.raises(CodeAlreadyUsed):
            claim(shop, again)


def test_one_code_at_the_same_time_for_many_invoices_is_taken_once(shop: Shop) -> None:
    answers = at_the_same_time(lambda _: claim(shop, purpose()))
    assert sum(isinstance(answer, CodeAlreadyUsed) for answer in answers) == 3


def test_a_rejected_code_may_be_claimed_where_it_belongs(shop: Shop) -> None:
    wrong = claim(shop, purpose(), amount=kes("1500"))
    with tenancy.bound(shop.id):
        actions.reject(wrong)
        actions.reject(wrong)
    assert shop.told(wrong) == ["ClaimMade", "ClaimRejected"]
    right = claim(shop, purpose(), amount=kes("1500"))
    assert confirm(shop, right).is_new


def test_an_answered_claim_is_not_answered_otherwise(shop: Shop) -> None:
    rejected = claim(shop, purpose(), amount=kes("1500"))
    with tenancy.bound(shop.id):
        actions.reject(rejected)
    with pytest.raises(MoveRefused):
        confirm(shop, rejected)
    confirmed = claim(shop, purpose(), amount=kes("1500"))
    confirm(shop, confirmed)
    with pytest.raises(MoveRefused), tenancy.bound(shop.id):
        actions.reject(confirmed)
    assert len(shop.payments()) == 1


def test_confirming_money_that_its_letter_placed_already_says_so_and_changes_nothing(
    shop: Shop,
) -> None:
    wanted = purpose()
    claim_id = claim(shop, wanted, amount=kes("1500"))
    payment_id = shop.paid_by_hand(CODE)
    with tenancy.bound(shop.id):
        actions.place(payment_id, wanted)
    answer = confirm(shop, claim_id)
    assert not answer.is_new
    assert answer.words == "That money was already counted."
    assert answer.payment.id == payment_id
    assert shop.payments() == [(CODE, 150_000, "placed")]


def test_confirming_gives_money_in_suspense_its_owner_and_its_own_amount(shop: Shop) -> None:
    wanted = purpose()
    payment_id = shop.paid_by_hand(CODE, "1400")
    answer = confirm(shop, claim(shop, wanted, amount=kes("1500")))
    assert answer.payment.id == payment_id
    assert answer.payment.amount == kes("1400")
    assert answer.payment.purpose == wanted
    assert shop.payments() == [(CODE, 140_000, "placed")]
    assert (shop.told_all("PaymentPlaced"), shop.told_all("PaymentSettled")) == (1, 0)


def test_the_letter_that_comes_after_the_merchants_word_counts_nothing(shop: Shop) -> None:
    confirm(shop, claim(shop, purpose(), amount=kes("1500")))
    shop.paid_by_hand(CODE)
    assert shop.payments() == [(CODE, 150_000, "settled")]


def test_a_prompt_that_was_paid_without_receipt_gets_it_from_the_claim(shop: Shop) -> None:
    wanted = purpose()
    view = shop.collect(wanted)
    with tenancy.bound(shop.id):
        actions.begin_asking(view.id)
    with tenancy.bound(shop.id):
        actions.record_outcome(view.id, Accepted("ws_CO_9", "1"))
    for seconds in (30, 70):
        with clock.moved(seconds=seconds), tenancy.bound(shop.id):
            actions.begin_asking_again(view.id)
            actions.record_answer(view.id, Paid())
    answer = confirm(shop, claim(shop, wanted, amount=kes("1500")))
    assert not answer.is_new
    assert shop.payments() == [(CODE, 150_000, "settled")]
    shop.called_back(view.id, "ws_CO_9", receipt=CODE)
    assert shop.payments() == [(CODE, 150_000, "settled")]


def test_a_callback_after_the_merchants_word_settles_the_request_and_counts_nothing(
    shop: Shop,
) -> None:
    wanted = purpose()
    view = shop.collect(wanted)
    with tenancy.bound(shop.id):
        actions.begin_asking(view.id)
    confirm(shop, claim(shop, wanted, amount=kes("1500")))
    shop.called_back(view.id, "ws_CO_9", receipt=CODE)
    assert shop.row(view.id).state == "settled"
    assert shop.payments() == [(CODE, 150_000, "settled")]
    assert shop.told_all("PaymentSettled") == 1


def test_another_business_cannot_answer_a_claim_and_may_use_its_own_codes(
    shop: Shop, new_shop: Callable[[], Shop]
) -> None:
    claim_id = claim(shop, purpose(), amount=kes("1500"))
    other = new_shop()
    for act in (actions.confirm, actions.reject):
        with pytest.raises(ClaimNotFound), tenancy.bound(other.id):
            act(claim_id)
    assert confirm(other, claim(other, purpose(), amount=kes("1500"))).is_new
    assert shop.payments() == []


def test_a_claim_that_does_not_exist_is_told_so(shop: Shop) -> None:
    with pytest.raises(ClaimNotFound):
        confirm(shop, ids.new_id())


def test_what_the_customer_said_is_unreadable_in_the_database(shop: Shop) -> None:
    claim(shop, purpose(), None, said="paid from 0712 345 678")
    assert "345" not in str(shop.rows("SELECT c.said::text FROM payments_claim c"))


def test_money_is_booked_where_the_merchant_says_it_came(shop: Shop) -> None:
    claim_id = claim(shop, purpose(), None, kes("1500"))
    with tenancy.bound(shop.id):
        answer = actions.confirm(claim_id, method=Method.BANK)
    assert answer.payment.method is Method.BANK
    role = shop.rows(
        "SELECT a.ledger_role FROM payments_payment p JOIN payments_account a ON a.id = p.account_id"
    )
    assert role == [("bank",)]


def test_what_was_taken_back_may_be_claimed_again(shop: Shop) -> None:
    """A tap by mistake, undone: the customer's code is as good as before."""
    wanted = purpose()
    confirmed = confirm(shop, claim(shop, wanted, amount=kes("1500")))
    with pytest.raises(CodeAlreadyUsed):
        claim(shop, wanted)
    with tenancy.bound(shop.id):
        actions.withdraw(confirmed.payment.id, "a mistake")
    again = confirm(shop, claim(shop, wanted, amount=kes("1500")))
    assert again.is_new
    assert [state for code, _, state in shop.payments() if code == CODE] == ["settled"]
