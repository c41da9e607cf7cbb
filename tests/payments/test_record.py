"""The merchant's own word, and money that is given an owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import queries as books
from hesabu.payments import actions, queries
from hesabu.payments.errors import (
    AccountNotFound,
    AlreadyPlaced,
    AmountNotPositive,
    CodeAlreadyUsed,
    CodeNotRead,
    CurrencyNotTaken,
    KeyReused,
    PaymentNotFound,
    ReceivedInFuture,
)
from hesabu.payments.types import Method, PaymentState, PaymentView, Purpose
from hesabu.store import tenancy
from payments.shop import Shop, at_the_same_time, kes, purpose

CODE = "SKL4T7QX2P"


def record(
    shop: Shop, wanted: Purpose, amount: Money, method: str = "cash", **more: object
) -> PaymentView:
    with tenancy.bound(shop.id):
        return actions.record(wanted, amount, method, **more)  # type: ignore[arg-type]


def test_cash_is_counted_on_the_merchants_word(shop: Shop) -> None:
    wanted = purpose()
    view = record(shop, wanted, kes("500"))
    assert (view.method, view.receipt, view.purpose) == (Method.CASH, None, wanted)
    assert view.booked_on == clock.today("Africa/Nairobi")
    assert shop.told(view.id) == ["PaymentSettled"]
    payload = shop.rows(
        "SELECT payload->>'account_role' FROM store_fact WHERE subject_id = %s", view.id
    )
    assert payload == [("cash",)]


def test_two_cash_payments_of_the_same_amount_are_two(shop: Shop) -> None:
    wanted = purpose()
    record(shop, wanted, kes("500"))
    record(shop, wanted, kes("500"))
    assert len(shop.payments()) == 2


def test_one_message_is_one_payment_however_often_it_comes(shop: Shop) -> None:
    wanted = purpose()
    answers = at_the_same_time(lambda _: record(shop, wanted, kes("500"), key="wamid.1").id)
    assert len(set(answers)) == 1
    assert shop.told_all("PaymentSettled") == 1


def test_the_same_key_for_another_amount_is_refused(shop: Shop) -> None:
    wanted = purpose()
    record(shop, wanted, kes("500"), key="wamid.1")
    with pytest.raises(KeyReused):
        record(shop, wanted, kes("600"), key="wamid.1")
    with pytest.raises(KeyReused):
        record(shop, purpose(), kes("500"), key="wamid.1")


def test_a_code_counts_once(shop: Shop) -> None:
    wanted = purpose()
    first = record(shop, wanted, kes("500"), "mpesa_till", receipt=CODE)
    assert record(shop, wanted, kes("500"), "mpesa_till", receipt="skl4t7qx2p") == first
    with pytest.raises(CodeAlreadyUsed):
        record(shop, purpose(), kes("500"), "mpesa_till", receipt=CODE)
    with pytest.raises(CodeAlreadyUsed):
        record(shop, wanted, kes("600"), "mpesa_till", receipt=CODE)
    assert len(shop.payments()) == 1


def test_a_code_whose_money_lies_in_suspense_takes_it_from_there(shop: Shop) -> None:
    payment_id = shop.paid_by_hand(CODE, "500")
    view = record(shop, purpose(), kes("500"), "mpesa_paybill", receipt=CODE)
    assert view.id == payment_id
    assert view.state is PaymentState.PLACED


def test_a_bank_reference_is_kept_as_letters_and_digits(shop: Shop) -> None:
    view = record(shop, purpose(), kes("500"), "bank", receipt="ft 2332/9: x")
    assert view.receipt == "FT2332/9X"


@pytest.mark.parametrize(
    ("amount", "method", "more", "error"),
    [
        (kes("0"), "cash", {}, AmountNotPositive),
        (kes("-1"), "cash", {}, AmountNotPositive),
        (Money(100, "USD"), "mpesa_till", {}, CurrencyNotTaken),
        (kes("1"), "mpesa_till", {"receipt": "not a code"}, CodeNotRead),
        (kes("1"), "bank", {"receipt": ":::"}, CodeNotRead),
        (kes("1"), "cash", {"received_on": date(2999, 1, 1)}, ReceivedInFuture),
        (kes("1"), "cash", {"account_id": ids.new_id()}, AccountNotFound),
    ],
)
def test_what_cannot_be_is_refused(
    shop: Shop, amount: Money, method: str, more: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        record(shop, purpose(), amount, method, **more)
    assert shop.payments() == []


def test_money_may_have_come_on_an_earlier_day(shop: Shop) -> None:
    day = clock.today("Africa/Nairobi") - timedelta(days=3)
    assert record(shop, purpose(), kes("1"), received_on=day).booked_on == day


def test_money_without_an_owner_waits_in_suspense_and_then_has_one(shop: Shop) -> None:
    wanted = purpose()
    payment_id = shop.paid_by_hand(CODE, "2500", "WHO?")
    with tenancy.bound(shop.id):
        assert [(p.id, p.amount) for p in queries.unplaced()] == [(payment_id, kes("2500"))]
        assert books.balance("suspense") == kes("-2500")
        assert books.balance("mpesa") == kes("2500")
    with tenancy.bound(shop.id):
        view = actions.place(payment_id, wanted)
        assert actions.place(payment_id, wanted) == view
        assert queries.unplaced() == []
        assert queries.payments_for(wanted) == [view]
    assert shop.told(payment_id) == ["PaymentUnplaced", "PaymentPlaced"]


def test_money_has_one_owner(shop: Shop) -> None:
    payment_id = shop.paid_by_hand(CODE)
    answers = at_the_same_time(lambda _: _place(shop, payment_id, purpose()))
    assert sum(isinstance(answer, AlreadyPlaced) for answer in answers) == 3
    assert shop.told_all("PaymentPlaced") == 1


def _place(shop: Shop, payment_id, wanted: Purpose) -> PaymentView:  # type: ignore[no-untyped-def]
    with tenancy.bound(shop.id):
        return actions.place(payment_id, wanted)


def test_placing_settled_money_elsewhere_is_refused(shop: Shop) -> None:
    wanted = purpose()
    view = record(shop, wanted, kes("500"))
    assert _place(shop, view.id, wanted).id == view.id
    with pytest.raises(AlreadyPlaced):
        _place(shop, view.id, purpose())


def test_another_business_cannot_place_or_see_it(shop: Shop, new_shop: Callable[[], Shop]) -> None:
    payment_id = shop.paid_by_hand(CODE)
    other = new_shop()
    with pytest.raises(PaymentNotFound):
        _place(other, payment_id, purpose())
    with tenancy.bound(other.id):
        assert queries.unplaced() == []
        assert queries.payment_with(CODE) is None
    record(other, purpose(), kes("5"), "mpesa_till", receipt=CODE)
    assert other.payments() == [(CODE, 500, "settled")]
    assert shop.payments() == [(CODE, 150_000, "unplaced")]


def test_money_for_an_invoice_that_is_not_there_waits_in_suspense(shop: Shop) -> None:
    nowhere = Purpose("invoice", ids.new_id())
    view = record(shop, nowhere, kes("500"), key="wamid.1")
    assert (view.state, view.purpose) == (PaymentState.UNPLACED, None)
    with tenancy.bound(shop.id):
        assert [waiting.id for waiting in queries.unplaced()] == [view.id]
        assert books.balance("suspense") == kes("-500")
        assert books.balance("cash") == kes("500")
    assert books.verify(shop.id).is_sound
