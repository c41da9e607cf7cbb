"""An invoice that was counted as paid by word, and whose prompt brings the money after it: once in the books, or twice, as the
merchant says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from invoicing.conftest import Shop

RECEIPT = "SKL4T7QX2P"


def twins(shop: Shop) -> tuple[Any, UUID]:
    """An invoice of 1,500 that was counted by word, and the payment that its prompt brought."""
    from hesabu.invoicing.types import INVOICE
    from hesabu.kit.money import Money
    from hesabu.payments import actions
    from hesabu.payments.providers.port import Accepted
    from hesabu.payments.types import Charge, Purpose
    from payments.shop import JANE, KEYS, PAYBILL
    from payments.shop import Shop as Paid

    invoice = shop.issued("1500")
    wanted, amount = Purpose(INVOICE, invoice.id), Money.parse("1500", "KES")
    with shop.bound():
        account_id = actions.add_account("stk_paybill", PAYBILL, credentials=KEYS)
        view = actions.collect(Charge(wanted, amount, str(invoice.number)), JANE, "first")
        assert actions.begin_asking(view.id) is not None
    with shop.bound():
        actions.record_outcome(view.id, Accepted("ws_CO_1", "1-2-3"))
        actions.confirm(actions.claim(wanted, amount=amount))
    assert shop.invoice(invoice.id).state.value == "paid"
    paid = Paid(shop.id, account_id)
    paid.called_back(view.id, "ws_CO_1", receipt=RECEIPT)
    ((payment_id,),) = paid.rows("SELECT id FROM payments_payment WHERE receipt = %s", RECEIPT)
    return invoice, payment_id


def decided(shop: Shop, payment_id: UUID, *, is_same: bool) -> None:
    from hesabu.payments import actions

    with shop.bound():
        actions.decide_twin(payment_id, is_same=is_same)


def is_sound(shop: Shop) -> bool:
    from hesabu.app import verify

    assert verify.verify_one(shop.id).faults == []
    return shop.is_sound()


def test_nothing_becomes_credit_before_the_merchant_has_said(shop: Shop) -> None:
    invoice, _ = twins(shop)
    assert shop.balances()["suspense"] == -150_000
    assert shop.ask("credit_of", invoice.customer_id).minor == 0
    assert shop.invoice(invoice.id).state.value == "paid"
    assert is_sound(shop)


def test_the_same_money_leaves_the_invoice_paid_once_by_mpesa(shop: Shop) -> None:
    invoice, payment_id = twins(shop)
    for _ in range(2):
        decided(shop, payment_id, is_same=True)
    view = shop.invoice(invoice.id)
    assert (view.state.value, view.paid.minor) == ("paid", 150_000)
    assert [part.payment_id for part in shop.ask("allocations_of", invoice.id)] == [payment_id]
    assert "suspense" not in shop.balances()
    assert shop.balances()["mpesa"] == 150_000
    assert shop.ask("credit_of", invoice.customer_id).minor == 0
    assert is_sound(shop)


def test_two_payments_leave_the_second_as_credit(shop: Shop) -> None:
    invoice, payment_id = twins(shop)
    for _ in range(2):
        decided(shop, payment_id, is_same=False)
    assert shop.balances()["mpesa"] == 300_000
    assert "suspense" not in shop.balances()
    assert shop.ask("credit_of", invoice.customer_id).minor == 150_000
    assert is_sound(shop)


def test_what_was_credited_since_is_not_taken_back_and_nothing_changes(shop: Shop) -> None:
    from hesabu.invoicing.errors import CreditedSince

    invoice, payment_id = twins(shop)
    shop.act("credit", invoice.id, "it was never delivered")
    with pytest.raises(CreditedSince):
        decided(shop, payment_id, is_same=True)
    assert shop.balances()["suspense"] == -150_000
    assert is_sound(shop)
    decided(shop, payment_id, is_same=False)
    assert is_sound(shop)


def test_another_business_cannot_say(shop: Shop, new_business: Callable[..., UUID]) -> None:
    from hesabu.payments import actions
    from hesabu.payments.errors import PaymentNotFound
    from hesabu.store import tenancy

    _, payment_id = twins(shop)
    with pytest.raises(PaymentNotFound), tenancy.bound(new_business()):
        actions.decide_twin(payment_id, is_same=True)
    assert shop.balances()["suspense"] == -150_000
