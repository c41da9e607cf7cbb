"""Asking a customer for money: before the network, and after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.payments import actions, jobs, queries
from hesabu.payments.errors import (
    AlreadyAsked,
    AmountNotWhole,
    AmountOutOfRange,
    CollectionNotFound,
    CurrencyNotTaken,
    KeyReused,
    PhoneNotTaken,
    ProviderSwitchedOff,
    ReferenceNotTaken,
)
from hesabu.payments.providers.port import Accepted, Outcome, Paid, Rejected, Uncertain
from hesabu.payments.types import Charge, CollectionState
from hesabu.store import flags, tenancy
from payments.shop import JANE, Shop, at_the_same_time, kes, purpose

REF = "ws_CO_1"
NO_PIN = Rejected("400.002.02", False, "no")


def begin(shop: Shop, collection_id):  # type: ignore[no-untyped-def]
    with tenancy.bound(shop.id):
        return actions.begin_asking(collection_id)


def record(shop: Shop, collection_id, outcome: Outcome) -> None:  # type: ignore[no-untyped-def]
    with tenancy.bound(shop.id):
        actions.record_outcome(collection_id, outcome)


def test_a_request_is_written_down_with_its_job_and_nothing_has_left(shop: Shop) -> None:
    view = shop.collect(purpose())
    assert view.state is CollectionState.PREPARED
    assert view.asked_at is None
    assert not view.is_retryable
    assert shop.jobs("payments.ask") == 1
    assert shop.told(view.id) == ["CollectionPrepared"]


def test_the_same_key_gives_the_first_answer_again(shop: Shop) -> None:
    wanted = purpose()
    first = shop.collect(wanted, key="tap")
    assert shop.collect(wanted, key="tap").id == first.id
    assert shop.jobs("payments.ask") == 1


@pytest.mark.parametrize("change", ["amount", "phone", "purpose"])
def test_the_same_key_for_something_else_is_refused(shop: Shop, change: str) -> None:
    wanted = purpose()
    shop.collect(wanted, key="tap")
    with pytest.raises(KeyReused):
        shop.collect(
            purpose() if change == "purpose" else wanted,
            "1600" if change == "amount" else "1500",
            phone="+254722000000" if change == "phone" else JANE,
            key="tap",
        )


def test_two_taps_at_the_same_time_are_one_prompt(shop: Shop) -> None:
    wanted = purpose()
    answers = at_the_same_time(lambda turn: shop.collect(wanted, key=f"tap {turn}"), 4)
    assert sorted(isinstance(answer, AlreadyAsked) for answer in answers) == [
        False,
        True,
        True,
        True,
    ]
    assert shop.jobs("payments.ask") == 1


def test_one_key_at_the_same_time_is_one_request_and_one_answer(shop: Shop) -> None:
    wanted = purpose()
    answers = at_the_same_time(lambda turn: shop.collect(wanted, key="tap").id, 4)
    assert len(set(answers)) == 1
    assert shop.jobs("payments.ask") == 1


def test_a_second_prompt_may_follow_after_two_minutes(shop: Shop) -> None:
    wanted = purpose()
    first = shop.collect(wanted)
    begin(shop, first.id)
    record(shop, first.id, Uncertain("no_answer"))
    with clock.moved(seconds=100), pytest.raises(AlreadyAsked):
        shop.collect(wanted)
    with clock.moved(seconds=130):
        assert shop.collect(wanted).id != first.id


def test_a_failed_prompt_may_be_repeated_at_once(shop: Shop) -> None:
    wanted = purpose()
    first = shop.collect(wanted)
    begin(shop, first.id)
    record(shop, first.id, NO_PIN)
    assert shop.collect(wanted).id != first.id


def test_another_invoice_may_be_asked_for_meanwhile(shop: Shop) -> None:
    assert shop.collect(purpose()).id != shop.collect(purpose()).id


@pytest.mark.parametrize(
    ("amount", "error", "words"),
    [
        (kes("1500.50"), AmountNotWhole, "1,500 or 1,501"),
        (kes("0.99"), AmountNotWhole, "0 or 1"),
        (kes("0"), AmountOutOfRange, "KES 0"),
        (kes("-10"), AmountOutOfRange, "KES -10"),
        (kes("250001"), AmountOutOfRange, "250,001"),
        (Money(1500, "USD"), CurrencyNotTaken, "USD"),
        (Money(1500, "UGX"), CurrencyNotTaken, "UGX"),
    ],
)
def test_what_m_pesa_never_takes_is_refused_before_asking(
    shop: Shop, amount: Money, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words), tenancy.bound(shop.id):
        actions.collect(Charge(purpose(), amount, "INV7"), JANE, "k")
    assert shop.jobs("payments.ask") == 0


@pytest.mark.parametrize("phone", ["+447911123456", "0712345678", "+254201234567", "+25471234567x"])
def test_a_phone_that_cannot_pay_is_refused(shop: Shop, phone: str) -> None:
    with pytest.raises(PhoneNotTaken):
        shop.collect(purpose(), phone=phone)


def test_a_reference_that_no_phone_shows_is_refused(shop: Shop) -> None:
    with pytest.raises(ReferenceNotTaken), tenancy.bound(shop.id):
        actions.collect(Charge(purpose(), kes("10"), "INV-2026-000000007"), JANE, "k")


def test_nothing_is_prepared_while_the_switch_is_off(shop: Shop) -> None:
    with tenancy.house():
        flags.switch("payments.mpesa", on=False, reason="test")
    try:
        with pytest.raises(ProviderSwitchedOff):
            shop.collect(purpose())
    finally:
        with tenancy.house():
            flags.switch("payments.mpesa", on=True)
    assert shop.jobs("payments.ask") == 0


def test_a_request_that_was_prepared_before_the_switch_is_not_sent(shop: Shop) -> None:
    view = shop.collect(purpose())
    with tenancy.house():
        flags.switch("payments.mpesa", on=False, reason="test")
    try:
        assert begin(shop, view.id) is None
    finally:
        with tenancy.house():
            flags.switch("payments.mpesa", on=True)
    assert shop.row(view.id).result_code == "switched_off"


def test_asking_begins_once_whoever_comes(shop: Shop) -> None:
    view = shop.collect(purpose())
    answers = at_the_same_time(lambda _: begin(shop, view.id), 4)
    assert sum(answer is not None for answer in answers) == 1


def test_what_leaves_is_the_request_as_written(shop: Shop) -> None:
    view = shop.collect(purpose(), "1500")
    asking = begin(shop, view.id)
    assert asking is not None
    assert asking.ask.amount == kes("1500")
    assert asking.ask.payer_phone == JANE
    assert asking.ask.reference == "INV0007"
    assert asking.ask.callback_url.endswith(shop.callback_ref(view.id))
    assert JANE not in repr(asking)
    assert "passkey" not in repr(asking)


def test_a_prompt_that_could_not_leave_for_minutes_fails_instead(shop: Shop) -> None:
    view = shop.collect(purpose())
    with clock.moved(seconds=301):
        assert begin(shop, view.id) is None
    row = shop.row(view.id)
    assert (row.state, row.result_code) == ("failed", "never_sent")
    assert shop.told(view.id)[-1] == "CollectionFailed"


def test_taken_means_asked(shop: Shop) -> None:
    view = shop.collect(purpose())
    begin(shop, view.id)
    record(shop, view.id, Accepted(REF, "1-2-3"))
    record(shop, view.id, Accepted(REF, "1-2-3"))
    row = shop.row(view.id)
    assert (row.state, row.provider_ref) == ("asked", REF)
    assert row.next_ask_at - row.asked_at == timedelta(seconds=20)
    assert shop.told(view.id) == ["CollectionPrepared", "CollectionAsked"]


def test_refused_means_failed_with_words(shop: Shop) -> None:
    view = shop.collect(purpose())
    begin(shop, view.id)
    record(shop, view.id, Rejected("not_sent", True, ""))
    with tenancy.bound(shop.id):
        seen = queries.collection(view.id)
    assert seen.state is CollectionState.FAILED
    assert seen.is_retryable
    assert seen.words == "M-PESA could not be reached. Nothing was sent. Try again."
    assert shop.row(view.id).next_ask_at is None


def test_a_lost_answer_means_uncertain_and_never_failed(shop: Shop) -> None:
    view = shop.collect(purpose())
    begin(shop, view.id)
    record(shop, view.id, Uncertain("no_answer"))
    assert shop.row(view.id).state == "uncertain"
    assert shop.row(view.id).next_ask_at is not None
    with tenancy.bound(shop.id):
        assert "Do not pay twice" in queries.collection(view.id).words


def test_an_answer_after_the_doubt_is_still_heard(shop: Shop) -> None:
    view = shop.collect(purpose())
    begin(shop, view.id)
    record(shop, view.id, Uncertain("no_answer"))
    record(shop, view.id, Accepted(REF, "1-2-3"))
    assert shop.row(view.id).state == "asked"


def test_a_callback_that_overtakes_the_answer_stands(shop: Shop) -> None:
    view = shop.collect(purpose())
    begin(shop, view.id)
    shop.called_back(view.id, REF, receipt="SKL4T7QX2P")
    assert shop.row(view.id).state == "settled"
    record(shop, view.id, Uncertain("no_answer"))
    record(shop, view.id, Rejected("not_sent", True, ""))
    record(shop, view.id, Accepted(REF, "1-2-3"))
    assert shop.row(view.id).state == "settled"
    assert shop.payments() == [("SKL4T7QX2P", 150_000, "settled")]


def test_failed_first_and_right_later_is_paid(shop: Shop) -> None:
    view = shop.collect(purpose())
    begin(shop, view.id)
    record(shop, view.id, Accepted(REF, "1-2-3"))
    shop.called_back(view.id, REF, code=1032, receipt="")
    assert shop.row(view.id).state == "failed"
    shop.called_back(view.id, REF, receipt="SKL4T7QX2P")
    assert shop.row(view.id).state == "settled"
    shop.called_back(view.id, REF, code=1037, receipt="")
    assert shop.row(view.id).state == "settled"
    assert shop.payments() == [("SKL4T7QX2P", 150_000, "settled")]


def test_a_prompt_that_is_paid_but_without_receipt_is_not_sent_again(shop: Shop) -> None:
    wanted = purpose()
    view = shop.collect(wanted)
    begin(shop, view.id)
    record(shop, view.id, Accepted(REF, "1-2-3"))
    with clock.moved(seconds=25), tenancy.bound(shop.id):
        assert actions.begin_asking_again(view.id) is not None
        actions.record_answer(view.id, Paid())
    with clock.moved(seconds=500), pytest.raises(AlreadyAsked):
        shop.collect(wanted)


def test_another_business_sees_and_asks_nothing(shop: Shop, new_shop: Callable[[], Shop]) -> None:
    view = shop.collect(purpose())
    other = new_shop()
    with tenancy.bound(other.id):
        with pytest.raises(CollectionNotFound):
            queries.collection(view.id)
        assert actions.begin_asking(view.id) is None
        assert actions.begin_asking_again(view.id) is None
        actions.record_outcome(view.id, Accepted(REF, ""))
    assert shop.row(view.id).state == "prepared"


def test_the_payers_number_is_nowhere_in_the_clear(shop: Shop) -> None:
    view = shop.collect(purpose())
    assert jobs.ask is not None
    dumps = [
        shop.rows("SELECT c::text FROM payments_collection c WHERE id = %s", view.id),
        shop.rows("SELECT j::text FROM procrastinate_jobs j"),
        shop.rows("SELECT f::text FROM store_fact f"),
    ]
    assert JANE[1:] not in str(dumps)
