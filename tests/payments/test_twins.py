"""The same money twice? What the merchant counted by their word, and what the prompt brings after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from hesabu.kit import clock, ids
from hesabu.ledger import queries as books
from hesabu.payments import actions, queries
from hesabu.payments.errors import PaymentNotFound, TwinAnswered
from hesabu.payments.providers.port import Paid
from hesabu.payments.types import CollectionView, Purpose
from hesabu.store import tenancy
from payments.shop import Shop, at_the_same_time, kes, purpose
from payments.test_ask_again import REF, asked, later, turn
from payments.test_settle import callback, filed, settle_all

TRUE = "SKL4T7QX2P"


def by_word(shop: Shop, wanted: Purpose, amount: str = "1500") -> UUID:
    """The customer says they paid, without a code; the merchant agrees."""
    with tenancy.bound(shop.id):
        return actions.confirm(actions.claim(wanted, amount=kes(amount))).payment.id


def called_back(shop: Shop, view: CollectionView, receipt: str = TRUE, amount: int = 1500) -> None:
    shop.called_back(view.id, f"{REF}.{view.id}", receipt=receipt, amount=amount)


def twins(shop: Shop) -> tuple[UUID, UUID]:
    """Counted by word, then told by the prompt: (by word, of the prompt)."""
    wanted = purpose()
    view = asked(shop, wanted)
    first = by_word(shop, wanted)
    called_back(shop, view)
    ((second,),) = shop.rows("SELECT id FROM payments_payment WHERE receipt = %s", TRUE)
    return first, second


def states(shop: Shop) -> list[str]:
    return [state for _, _, state in shop.payments()]


def decide(shop: Shop, payment_id: UUID, *, is_same: bool) -> None:
    with tenancy.bound(shop.id):
        actions.decide_twin(payment_id, is_same=is_same)


def suspense(shop: Shop) -> object:
    with tenancy.bound(shop.id):
        return books.balance("suspense")


def test_as_much_for_the_same_waits_for_the_merchants_word(shop: Shop) -> None:
    first, second = twins(shop)
    assert states(shop) == ["settled", "unplaced"]
    assert suspense(shop) == kes("-1500")
    with tenancy.bound(shop.id):
        twin = queries.twin_of(second)
    assert twin is not None
    assert twin.by_word_id == first
    assert shop.told(second)[-1] == "PaymentDoubtful"


def test_the_same_money_counts_once_and_the_providers_stands(shop: Shop) -> None:
    first, second = twins(shop)
    decide(shop, second, is_same=True)
    decide(shop, second, is_same=True)
    assert states(shop) == ["reversed", "placed"]
    assert shop.told_all("PaymentWithdrawn") == 1
    assert shop.told_all("PaymentPlaced") == 1
    with tenancy.bound(shop.id):
        assert queries.twin_of(second) is None
        assert queries.payment(first).purpose == queries.payment(second).purpose


def test_two_payments_both_stand(shop: Shop) -> None:
    _, second = twins(shop)
    decide(shop, second, is_same=False)
    decide(shop, second, is_same=False)
    assert states(shop) == ["settled", "placed"]
    assert shop.told_all("PaymentWithdrawn") == 0
    assert shop.told_all("PaymentPlaced") == 1


def test_the_other_word_after_the_first_is_refused(shop: Shop) -> None:
    _, second = twins(shop)
    decide(shop, second, is_same=False)
    with pytest.raises(TwinAnswered):
        decide(shop, second, is_same=True)
    assert states(shop) == ["settled", "placed"]


@pytest.mark.parametrize("is_same", [True, False])
def test_taps_at_the_same_time_decide_once(shop: Shop, is_same: bool) -> None:
    _, second = twins(shop)
    answers = at_the_same_time(lambda _: decide(shop, second, is_same=is_same))
    assert answers == [None] * 4
    assert states(shop) == ["reversed" if is_same else "settled", "placed"]
    assert shop.told_all("PaymentPlaced") == 1


def test_yes_and_no_at_the_same_time_are_one_of_them(shop: Shop) -> None:
    _, second = twins(shop)
    answers = at_the_same_time(lambda number: decide(shop, second, is_same=bool(number % 2)))
    assert sum(isinstance(one, TwinAnswered) for one in answers) == 2
    assert states(shop) in (["reversed", "placed"], ["settled", "placed"])


def test_who_is_killed_halfway_has_decided_nothing(shop: Shop) -> None:
    _, second = twins(shop)

    def killed() -> None:
        with tenancy.bound(shop.id):
            actions.decide_twin(second, is_same=True)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        killed()
    assert states(shop) == ["settled", "unplaced"]
    decide(shop, second, is_same=True)
    assert states(shop) == ["reversed", "placed"]


def test_another_tenant_finds_nothing_to_decide(shop: Shop, new_shop: Callable[[], Shop]) -> None:
    _, second = twins(shop)
    with pytest.raises(PaymentNotFound):
        decide(new_shop(), second, is_same=True)
    assert states(shop) == ["settled", "unplaced"]


def test_the_same_callback_twice_asks_once(shop: Shop) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    by_word(shop, wanted)
    called_back(shop, view)
    called_back(shop, view)
    assert len(shop.payments()) == 2
    assert shop.told_all("PaymentDoubtful") == 1


def test_a_callback_after_the_word_was_taken_back_is_simply_paid(shop: Shop) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    first = by_word(shop, wanted)
    with tenancy.bound(shop.id):
        actions.withdraw(first, "a mistake")
    called_back(shop, view)
    assert states(shop) == ["reversed", "settled"]


def test_a_word_taken_back_meanwhile_leaves_the_providers_money_to_be_joined(shop: Shop) -> None:
    first, second = twins(shop)
    with tenancy.bound(shop.id):
        actions.withdraw(first, "a mistake")
    decide(shop, second, is_same=True)
    assert states(shop) == ["reversed", "placed"]
    assert shop.told_all("PaymentWithdrawn") == 1


def test_placing_it_somewhere_answers_the_question(shop: Shop) -> None:
    _, second = twins(shop)
    with tenancy.bound(shop.id):
        actions.place(second, purpose())
        assert queries.twin_of(second) is None
    with pytest.raises(TwinAnswered):
        decide(shop, second, is_same=True)
    assert states(shop) == ["settled", "placed"]


@pytest.mark.parametrize("what", ["amount", "purpose", "cash", "a day before", "a code"])
def test_what_differs_is_other_money_and_nobody_is_asked(shop: Shop, what: str) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    if what == "cash":
        with tenancy.bound(shop.id):
            actions.record(wanted, kes("1500"), "cash")
    elif what == "a code":
        with tenancy.bound(shop.id):
            actions.confirm(actions.claim(wanted, "SKL0000001", kes("1500")))
    else:
        with clock.moved(days=-2 if what == "a day before" else 0):
            other = purpose() if what == "purpose" else wanted
            by_word(shop, other, "1400" if what == "amount" else "1500")
    called_back(shop, view)
    assert states(shop) == ["settled", "settled"]
    assert shop.told_all("PaymentDoubtful") == 0


def test_two_prompts_ask_about_one_word_once(shop: Shop) -> None:
    wanted = purpose()
    first, second = asked(shop, wanted), None
    with clock.moved(seconds=200):
        second = asked(shop, wanted)
    by_word(shop, wanted)
    called_back(shop, first, "SKL0000001")
    called_back(shop, second, "SKL0000002")
    assert states(shop) == ["settled", "unplaced", "settled"]
    assert shop.told_all("PaymentDoubtful") == 1


@pytest.mark.parametrize("is_first_paid", [False, True])
def test_letters_read_together_ask_about_the_word_as_letters_read_singly_do(
    shop: Shop, is_first_paid: bool
) -> None:
    """A prompt that was cancelled, in the same batch, must not use up the question: the money would count twice, unasked."""
    wanted = purpose()
    cancelled = asked(shop, wanted)
    with later(shop, cancelled.id, 200):
        paid = asked(shop, wanted)
        by_word(shop, wanted)
        if is_first_paid:
            cancelled, paid = paid, cancelled
        filed(shop, callback(f"{REF}.{cancelled.id}", code=1032), shop.callback_ref(cancelled.id))
        filed(shop, callback(f"{REF}.{paid.id}", receipt=TRUE), shop.callback_ref(paid.id))
        settle_all()
    assert states(shop) == ["settled", "unplaced"]
    assert shop.told_all("PaymentDoubtful") == 1


def test_two_prompts_paid_in_one_batch_ask_about_one_word_once(shop: Shop) -> None:
    wanted = purpose()
    first = asked(shop, wanted)
    with later(shop, first.id, 200):
        second = asked(shop, wanted)
        by_word(shop, wanted)
        for number, view in enumerate((first, second)):
            body = callback(f"{REF}.{view.id}", receipt=f"SKL000000{number}")
            filed(shop, body, shop.callback_ref(view.id))
        settle_all()
    assert sorted(states(shop)) == ["settled", "settled", "unplaced"]
    assert shop.told_all("PaymentDoubtful") == 1


def test_a_prompt_called_paid_without_a_receipt_asks_too_and_gets_its_receipt_later(
    shop: Shop,
) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    with later(shop, view.id, 30):
        by_word(shop, wanted)
    for seconds in (41, 62):
        turn(shop, view.id, seconds, Paid())
    assert states(shop) == ["settled", "unplaced"]
    assert suspense(shop) == kes("-1500")
    with later(shop, view.id, 90):
        called_back(shop, view)
        ((second,),) = shop.rows("SELECT id FROM payments_payment WHERE receipt = %s", TRUE)
        decide(shop, second, is_same=True)
    assert states(shop) == ["reversed", "placed"]


def code_told(shop: Shop, wanted: Purpose, how: str) -> None:
    """The customer shows the prompt's code, and the merchant takes it: by their tap, or in their own words."""
    with tenancy.bound(shop.id):
        if how == "confirmed":
            actions.confirm(actions.claim(wanted, TRUE, kes("1500")))
        else:
            actions.record(wanted, kes("1500"), "mpesa_till", TRUE)


@pytest.mark.parametrize("how", ["confirmed", "recorded"])
def test_the_code_told_while_it_is_asked_places_nothing_twice(shop: Shop, how: str) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    by_word(shop, wanted)
    called_back(shop, view)
    ((second,),) = shop.rows("SELECT id FROM payments_payment WHERE receipt = %s", TRUE)
    code_told(shop, wanted, how)
    assert states(shop) == ["settled", "unplaced"], "the question stands"
    decide(shop, second, is_same=True)
    assert states(shop) == ["reversed", "placed"]


@pytest.mark.parametrize("how", ["confirmed", "recorded"])
def test_the_code_of_a_prompt_without_its_receipt_is_given_to_it_and_counts_nothing(
    shop: Shop, how: str
) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    with later(shop, view.id, 30):
        by_word(shop, wanted)
    for seconds in (41, 62):
        turn(shop, view.id, seconds, Paid())
    with later(shop, view.id, 90):
        code_told(shop, wanted, how)
        called_back(shop, view)
    assert [state for _, _, state in shop.payments()] == ["settled", "unplaced"]
    assert shop.payments()[-1][0] == TRUE
    assert suspense(shop) == kes("-1500")


@pytest.mark.parametrize("how", ["confirmed", "recorded"])
def test_the_code_told_for_something_else_answers_the_question(shop: Shop, how: str) -> None:
    """Or "the same" would take the word's money from the one, while the prompt's stays with the other."""
    _, second = twins(shop)
    code_told(shop, purpose(), how)
    assert states(shop) == ["settled", "placed"]
    with pytest.raises(TwinAnswered):
        decide(shop, second, is_same=True)
    assert states(shop) == ["settled", "placed"]


# --- money by hand that is taken for a prompt's


def test_money_already_placed_that_is_taken_for_a_prompts_is_told_of(shop: Shop) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    with later(shop, view.id, 15):
        payment_id = shop.paid_by_hand(TRUE, "1500", "INV0007")
        with tenancy.bound(shop.id):
            actions.place(payment_id, wanted)
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    assert shop.payments() == [(TRUE, 150_000, "placed")]
    assert shop.told_all("PaymentDoubtful") == 1, "it may be two, and only the statement knows"


def test_the_prompts_own_receipt_shows_that_it_was_two_and_the_other_one_waits(shop: Shop) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    with later(shop, view.id, 15):
        payment_id = shop.paid_by_hand("SKL0000001", "1500", "INV0007")
        with tenancy.bound(shop.id):
            actions.place(payment_id, wanted)
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    with later(shop, view.id, 90):
        called_back(shop, view)
        called_back(shop, view)
    assert shop.payments() == [
        ("SKL0000001", 150_000, "placed"),
        (TRUE, 150_000, "unplaced"),
    ]


def test_a_tills_money_that_agrees_in_no_more_than_its_amount_is_told_of(shop: Shop) -> None:
    view = asked(shop)
    with later(shop, view.id, 15):
        shop.paid_by_hand(TRUE, "1500", "")
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    assert shop.payments() == [(TRUE, 150_000, "placed")]
    assert shop.told_all("PaymentDoubtful") == 1


def test_money_in_suspense_that_names_the_invoice_is_the_prompts_without_a_word(
    shop: Shop,
) -> None:
    view = asked(shop)
    with later(shop, view.id, 15):
        shop.paid_by_hand(TRUE, "1500", "INV 0007")
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    assert shop.payments() == [(TRUE, 150_000, "placed")]
    assert shop.told_all("PaymentDoubtful") == 0


# --- a word about nothing that we asked


def unknown(shop: Shop, *, is_vouched: bool = True, receipt: str = TRUE) -> UUID:
    """A callback about a request that nobody here made."""
    import json

    items = [{"Name": "Amount", "Value": 900}, {"Name": "MpesaReceiptNumber", "Value": receipt}]
    said = {
        "MerchantRequestID": "9-9-9",
        "CheckoutRequestID": f"ws_CO_stranger_{ids.new_id()}",
        "ResultCode": 0,
        "CallbackMetadata": {"Item": items},
    }
    body = json.dumps({"Body": {"stkCallback": said}}).encode()
    return shop.bring(body, "nowhere", is_vouched=is_vouched)


def test_money_told_of_that_answers_nothing_is_asked_about_and_not_counted(shop: Shop) -> None:
    letter_id = unknown(shop)
    assert shop.payments() == []
    assert shop.jobs("payments.look_up") == 1
    unknown(shop)
    assert shop.jobs("payments.look_up") == 1, "once for a receipt"
    ((state,),) = shop.rows("SELECT state FROM store_letter WHERE id = %s", letter_id)
    assert state == "aside"


def test_what_nobody_vouches_for_asks_nobody(shop: Shop) -> None:
    unknown(shop, is_vouched=False)
    assert shop.payments() == []
    assert shop.jobs("payments.look_up") == 0


def test_what_is_counted_already_needs_no_question(shop: Shop) -> None:
    shop.paid_by_hand(TRUE, "900")
    unknown(shop)
    assert shop.payments() == [(TRUE, 90_000, "unplaced")]
    assert shop.jobs("payments.look_up") == 0


def looked_up(shop: Shop, receipt: str, ref: str, amount: int = 900) -> None:
    import json

    parameters = {
        "TransactionStatus": "Completed",
        "ReceiptNo": receipt,
        "Amount": amount,
        "DebitPartyName": "254708374149 - JANE",
    }
    listed = [{"Key": key, "Value": value} for key, value in parameters.items()]
    result = {"ResultCode": 0, "ResultParameters": {"ResultParameter": listed}}
    shop.bring(json.dumps({"Result": result}).encode(), ref)


def test_the_books_word_about_it_counts_it_once_and_the_merchant_is_asked(shop: Shop) -> None:
    from hesabu.payments.providers.mpesa.client import look_up_ref

    unknown(shop)
    for _ in range(2):
        looked_up(shop, TRUE, look_up_ref(TRUE))
    assert shop.payments() == [(TRUE, 90_000, "unplaced")]
    assert shop.told_all("PaymentUnplaced") == 1


def test_the_books_word_by_another_receipts_path_counts_nothing(shop: Shop) -> None:
    from hesabu.payments.providers.mpesa.client import look_up_ref

    looked_up(shop, TRUE, look_up_ref("SKL0000009"))
    looked_up(shop, TRUE, "looked-up-guessed")
    assert shop.payments() == []


def test_a_letter_nobody_vouched_for_that_is_booked_without_its_receipt_gets_it_from_the_list(
    shop: Shop,
) -> None:
    from hesabu.payments.providers.mpesa.passwords import LISTED, timestamp

    view = asked(shop)
    ref = shop.callback_ref(view.id)
    import json

    items = [{"Name": "Amount", "Value": 1500}, {"Name": "MpesaReceiptNumber", "Value": TRUE}]
    said = {
        "CheckoutRequestID": f"{REF}.{view.id}",
        "ResultCode": 0,
        "CallbackMetadata": {"Item": items},
    }
    with later(shop, view.id, 10):
        shop.bring(json.dumps({"Body": {"stkCallback": said}}).encode(), ref, is_vouched=False)
    assert shop.payments() == []
    for seconds in (41, 62):
        turn(shop, view.id, seconds, Paid())
    assert shop.payments() == [(f"stk:{REF}.{view.id}", 150_000, "settled")]
    row = {
        "TransID": TRUE,
        "TransAmount": "1500.00",
        "BusinessShortCode": "174379",
        "BillRefNumber": "INV0007",
        "TransTime": timestamp(shop.row(view.id).asked_at + timedelta(seconds=10)),
    }
    for _ in range(2):
        shop.bring(json.dumps(row).encode(), LISTED)
    assert shop.payments() == [(TRUE, 150_000, "settled")]
    assert shop.told_all("PaymentSettled") == 1
    assert shop.told_all("ReceiptFound") == 1
