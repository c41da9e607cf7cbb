"""The janitor: what became of a request that nobody answered. Uncertain is never guessed, money
is never dropped and never counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hesabu.kit import clock
from hesabu.ledger import queries as books
from hesabu.payments import actions, jobs, queries
from hesabu.payments.actions.ask_again import Question
from hesabu.payments.providers.port import (
    Accepted,
    Answer,
    NoAnswer,
    NotPaid,
    Paid,
    Pending,
    Uncertain,
)
from hesabu.payments.types import CollectionState, CollectionView, Purpose
from hesabu.store import flags, tenancy
from payments.shop import Shop, at_the_same_time, kes, purpose

REF = "ws_CO_1"
TRUE = "SKL4T7QX2P"


@contextmanager
def later(shop: Shop, collection_id: UUID, seconds: int) -> Iterator[None]:
    """So many seconds after the asking, whatever the clock says."""
    row = shop.row(collection_id)
    start: datetime = row.asked_at or row.created_at
    with clock.fixed(start + timedelta(seconds=seconds)):
        yield


def asked(shop: Shop, wanted: Purpose | None = None, amount: str = "1500") -> CollectionView:
    """A request that the provider took."""
    view = shop.collect(wanted or purpose(), amount)
    with tenancy.bound(shop.id):
        actions.begin_asking(view.id)
    with tenancy.bound(shop.id):
        actions.record_outcome(view.id, Accepted(f"{REF}.{view.id}", "1-2-3"))
    return view


def lost(shop: Shop) -> CollectionView:
    """A request whose answer was lost."""
    view = shop.collect(purpose())
    with tenancy.bound(shop.id):
        actions.begin_asking(view.id)
    with tenancy.bound(shop.id):
        actions.record_outcome(view.id, Uncertain("no_answer"))
    return view


def begin(shop: Shop, collection_id: UUID) -> Question | None:
    with tenancy.bound(shop.id):
        return actions.begin_asking_again(collection_id)


def turn(shop: Shop, collection_id: UUID, seconds: int, answer: Answer) -> bool:
    """One turn of the schedule, that long after the asking. Whether the provider was asked."""
    with later(shop, collection_id, seconds):
        question = begin(shop, collection_id)
        if question is not None:
            with tenancy.bound(shop.id):
                actions.record_answer(collection_id, answer)
        return question is not None


def test_nobody_is_asked_before_it_is_time(shop: Shop) -> None:
    view = asked(shop)
    assert not turn(shop, view.id, 10, Paid())
    assert turn(shop, view.id, 21, Pending())
    assert not turn(shop, view.id, 30, Paid())
    assert shop.row(view.id).ask_count == 1


@pytest.mark.parametrize("code", ["1", "1032", "1037", "2001"])
def test_a_no_is_a_no(shop: Shop, code: str) -> None:
    view = asked(shop)
    turn(shop, view.id, 21, NotPaid(code))
    row = shop.row(view.id)
    assert (row.state, row.result_code, row.next_ask_at) == ("failed", code, None)
    assert shop.told(view.id)[-1] == "CollectionFailed"


def test_silence_and_pending_change_nothing_but_the_time(shop: Shop) -> None:
    view = asked(shop)
    for seconds, answer in ((21, Pending()), (41, NoAnswer("no_answer")), (61, Pending())):
        turn(shop, view.id, seconds, answer)
        assert shop.row(view.id).state == "asked"
    due = shop.row(view.id).next_ask_at - shop.row(view.id).asked_at
    assert due == timedelta(seconds=120)


def test_a_request_that_is_never_answered_expires_with_an_alert_and_can_still_be_paid(
    shop: Shop,
) -> None:
    view = asked(shop)
    for _ in range(20):
        row = shop.row(view.id)
        if row.next_ask_at is None:
            break
        turn(shop, view.id, int((row.next_ask_at - row.asked_at).total_seconds()), NoAnswer("x"))
    assert shop.row(view.id).state == "expired"
    assert shop.row(view.id).ask_count == 10
    assert shop.told(view.id)[-1] == "CollectionExpired"
    shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE)
    assert shop.row(view.id).state == "settled"
    assert shop.payments() == [(TRUE, 150_000, "settled")]


def test_paid_waits_for_the_receipt_and_says_so(shop: Shop) -> None:
    view = asked(shop)
    turn(shop, view.id, 21, Paid())
    assert shop.row(view.id).state == "asked"
    assert shop.payments() == []
    with tenancy.bound(shop.id):
        seen = queries.collection(view.id)
    assert seen.words == "M-PESA says it is paid. The receipt is on its way."
    assert not seen.is_retryable


def test_a_receipt_that_comes_in_time_is_the_payments_own(shop: Shop) -> None:
    view = asked(shop)
    turn(shop, view.id, 21, Paid())
    shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE)
    assert not turn(shop, view.id, 41, Paid())
    assert shop.payments() == [(TRUE, 150_000, "settled")]


def test_money_whose_callback_is_lost_is_booked_all_the_same_once(shop: Shop) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    for seconds in (21, 41, 61, 121, 301):
        turn(shop, view.id, seconds, Paid())
    assert shop.row(view.id).state == "settled"
    assert shop.payments() == [(f"stk:{REF}.{view.id}", 150_000, "settled")]
    assert shop.told_all("PaymentSettled") == 1
    with tenancy.bound(shop.id):
        assert queries.payments_for(wanted)[0].receipt is None


def test_one_paid_is_not_enough_to_book_without_a_receipt(shop: Shop) -> None:
    view = asked(shop)
    turn(shop, view.id, 310, Paid())
    assert shop.payments() == []
    turn(shop, view.id, 901, Paid())
    assert len(shop.payments()) == 1


def test_a_receipt_that_comes_late_books_nothing_twice(shop: Shop) -> None:
    view = asked(shop)
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    with later(shop, view.id, 600):
        shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE)
        shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE)
    assert shop.payments() == [(TRUE, 150_000, "settled")]
    assert shop.told_all("PaymentSettled") == 1


def test_a_no_after_a_paid_is_not_believed(shop: Shop) -> None:
    view = asked(shop)
    turn(shop, view.id, 21, Paid())
    turn(shop, view.id, 41, NotPaid("1032"))
    assert shop.row(view.id).state == "asked"
    turn(shop, view.id, 61, Paid())
    assert len(shop.payments()) == 1


def test_the_same_money_told_by_hand_is_found_and_not_counted_again(shop: Shop) -> None:
    view = asked(shop)
    with later(shop, view.id, 15):
        shop.paid_by_hand(TRUE, "1500", "INV0007")
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    assert shop.payments() == [(TRUE, 150_000, "placed")]
    assert shop.row(view.id).state == "settled"
    assert shop.told_all("PaymentSettled") == 0
    assert shop.told_all("PaymentPlaced") == 1


@pytest.mark.parametrize(("amount", "account"), [("1400", "INV0007"), ("1500", "INV0008")])
def test_other_money_by_hand_is_not_mistaken_for_it(shop: Shop, amount: str, account: str) -> None:
    view = asked(shop)
    with later(shop, view.id, 15):
        shop.paid_by_hand(TRUE, amount, account)
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    assert len(shop.payments()) == 2


def test_a_confirmation_that_comes_after_the_booking_brings_the_receipt_and_counts_nothing(
    shop: Shop,
) -> None:
    view = asked(shop)
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    with later(shop, view.id, 90):
        shop.paid_by_hand(TRUE, "1500", "INV0007")
        shop.paid_by_hand(TRUE, "1500", "INV0007")
    assert shop.payments() == [(TRUE, 150_000, "settled")]
    with tenancy.bound(shop.id):
        assert books.balance("suspense") == kes("0")


def test_other_money_after_the_booking_is_counted_apart(shop: Shop) -> None:
    view = asked(shop)
    for seconds in (21, 61):
        turn(shop, view.id, seconds, Paid())
    with later(shop, view.id, 90):
        shop.paid_by_hand("SKL0000001", "1400", "INV0007")
        shop.paid_by_hand("SKL0000002", "1500", "INV0008")
    with later(shop, view.id, 3_600):
        shop.paid_by_hand("SKL0000003", "1500", "INV0007")
    assert [state for _, _, state in shop.payments()] == ["settled"] + ["unplaced"] * 3


def test_two_prompts_without_receipts_get_one_each(shop: Shop) -> None:
    views = [asked(shop), asked(shop)]
    for view in views:
        for seconds in (21, 61):
            turn(shop, view.id, seconds, Paid())
    with later(shop, views[0].id, 90):
        shop.paid_by_hand("SKL0000001", "1500", "INV0007")
        shop.paid_by_hand("SKL0000002", "1500", "INV0007")
        shop.paid_by_hand("SKL0000003", "1500", "INV0007")
    assert [(receipt, state) for receipt, _, state in shop.payments()] == [
        ("SKL0000001", "settled"),
        ("SKL0000002", "settled"),
        ("SKL0000003", "unplaced"),
    ]


def test_money_the_merchant_took_the_customers_word_for_is_not_counted_again(
    shop: Shop,
) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    with later(shop, view.id, 30), tenancy.bound(shop.id):
        actions.confirm(actions.claim(wanted, TRUE, kes("1500")))
    for seconds in (31, 61):
        turn(shop, view.id, seconds, Paid())
    assert shop.payments() == [(TRUE, 150_000, "settled")]
    assert shop.row(view.id).state == "settled"
    assert shop.told_all("PaymentSettled") == 1
    assert shop.told_all("PaymentDoubtful") == 1, "a person is told that it might be two"


def test_cash_for_the_same_invoice_is_other_money(shop: Shop) -> None:
    wanted = purpose()
    view = asked(shop, wanted)
    with later(shop, view.id, 30), tenancy.bound(shop.id):
        actions.record(wanted, kes("1500"), "cash")
    for seconds in (31, 61):
        turn(shop, view.id, seconds, Paid())
    assert len(shop.payments()) == 2


def test_paid_counts_also_for_a_request_believed_failed(shop: Shop) -> None:
    view = asked(shop)
    turn(shop, view.id, 21, NotPaid("1032"))
    with later(shop, view.id, 61):
        shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE, amount=1)
    assert shop.payments() == [], "the amount differs, so the provider is asked first"
    turn(shop, view.id, 62, Paid())
    turn(shop, view.id, 121, Paid())
    assert shop.payments() == [(f"stk:{REF}.{view.id}", 150_000, "settled")]
    assert shop.row(view.id).state == "settled"


def test_a_forged_word_about_a_failed_request_ends_with_the_providers_no(shop: Shop) -> None:
    view = asked(shop)
    turn(shop, view.id, 21, NotPaid("1032"))
    with later(shop, view.id, 30):
        shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE, amount=1)
    assert turn(shop, view.id, 31, NotPaid("1032"))
    row = shop.row(view.id)
    assert (row.state, row.next_ask_at) == ("failed", None)
    assert shop.payments() == []


@pytest.mark.parametrize("code", [1037, 1032, 1019])
def test_a_callback_that_lost_patience_is_checked_once(shop: Shop, code: int) -> None:
    view = asked(shop)
    shop.called_back(view.id, f"{REF}.{view.id}", code=code, receipt="")
    assert shop.row(view.id).state == "failed"
    assert not turn(shop, view.id, 100, NotPaid("1037"))
    assert turn(shop, view.id, 130, NotPaid("1037"))
    row = shop.row(view.id)
    assert (row.state, row.next_ask_at) == ("failed", None)


def test_money_after_a_callback_that_lost_patience_is_found_and_booked(shop: Shop) -> None:
    view = asked(shop)
    shop.called_back(view.id, f"{REF}.{view.id}", code=1037, receipt="")
    for seconds in (130, 301, 901):
        turn(shop, view.id, seconds, Paid())
    assert shop.row(view.id).state == "settled"
    assert shop.payments() == [(f"stk:{REF}.{view.id}", 150_000, "settled")]


@pytest.mark.parametrize("code", [1, 2001])
def test_a_callback_that_knows_is_not_checked(shop: Shop, code: int) -> None:
    view = asked(shop)
    shop.called_back(view.id, f"{REF}.{view.id}", code=code, receipt="")
    assert shop.row(view.id).next_ask_at is None


def test_whoever_dies_between_asking_and_recording_leaves_a_doubt(shop: Shop) -> None:
    view = shop.collect(purpose())
    with tenancy.bound(shop.id):
        actions.begin_asking(view.id)
    assert not turn(shop, view.id, 29, Paid())
    assert shop.row(view.id).state == "prepared"
    assert not turn(shop, view.id, 31, Paid())
    assert shop.row(view.id).state == "uncertain"
    assert shop.told(view.id)[-1] == "CollectionDoubted"
    shop.called_back(view.id, REF, receipt=TRUE)
    assert shop.row(view.id).state == "settled"


def test_whoever_dies_before_asking_leaves_a_request_that_is_sent_later(shop: Shop) -> None:
    view = shop.collect(purpose())
    assert not turn(shop, view.id, 31, Paid())
    assert shop.row(view.id).state == "prepared"
    assert shop.jobs("payments.ask") == 2


def test_a_request_whose_id_was_never_learnt_is_given_up_after_an_hour(shop: Shop) -> None:
    view = lost(shop)
    for seconds in (21, 41, 61, 121, 301, 901):
        assert not turn(shop, view.id, seconds, Paid())
        assert shop.row(view.id).state == "uncertain"
    turn(shop, view.id, 3_601, Paid())
    assert shop.row(view.id).state == "expired"
    shop.called_back(view.id, REF, receipt=TRUE)
    assert shop.payments() == [(TRUE, 150_000, "settled")]


def test_while_the_switch_is_off_nobody_is_asked_and_nothing_expires(shop: Shop) -> None:
    view = asked(shop)
    with tenancy.house():
        flags.switch("payments.mpesa", on=False, reason="test")
    try:
        for days in range(5):
            assert not turn(shop, view.id, 60 + days * 86_400, Paid())
    finally:
        with tenancy.house():
            flags.switch("payments.mpesa", on=True)
    assert shop.row(view.id).state == "asked"
    assert turn(shop, view.id, 6 * 86_400, NotPaid("1037"))
    assert shop.row(view.id).state == "failed"


def test_two_janitors_ask_once(shop: Shop) -> None:
    view = asked(shop)

    def ask(_: int) -> bool:
        with later(shop, view.id, 25):
            return begin(shop, view.id) is not None

    assert sum(map(bool, at_the_same_time(ask))) == 1


def test_a_callback_and_the_janitor_at_the_same_time_count_once(shop: Shop) -> None:
    view = asked(shop)
    turn(shop, view.id, 21, Paid())
    with later(shop, view.id, 61):
        assert begin(shop, view.id) is not None

    def race(number: int) -> None:
        with later(shop, view.id, 62):
            if number % 2:
                shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE)
            else:
                with tenancy.bound(shop.id):
                    actions.record_answer(view.id, Paid())

    assert at_the_same_time(race) == [None] * 4
    assert shop.payments() == [(TRUE, 150_000, "settled")]
    assert shop.told_all("PaymentSettled") == 1


def test_the_sweep_finds_what_is_due_and_gives_each_one_job(shop: Shop) -> None:
    view = asked(shop)
    asked(shop)
    with later(shop, view.id, 25):
        jobs.janitor()
        jobs.janitor()
    assert shop.jobs("payments.ask_again") == 2


def test_the_sweep_leaves_alone_what_is_answered(shop: Shop) -> None:
    view = asked(shop)
    shop.called_back(view.id, f"{REF}.{view.id}", receipt=TRUE)
    with later(shop, view.id, 25):
        jobs.janitor()
    assert shop.jobs("payments.ask_again") == 0
    with tenancy.bound(shop.id):
        assert queries.collection(view.id).state is CollectionState.SETTLED
