"""Money that was counted by a slip of the merchant's, taken back: once, whole, and only where it is theirs to say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hesabu.kit import ids
from hesabu.kit.money import Money

if TYPE_CHECKING:
    from invoicing.conftest import Shop

CODE = "SKL4T7QX2P"


def withdrawn(shop: Shop, payment_id: UUID, reason: str = "a slip") -> Any:
    from hesabu.payments import actions

    with shop.bound():
        return actions.withdraw(payment_id, reason)


def kes(text: str) -> Money:
    return Money.parse(text, "KES")


def standing(shop: Shop, invoice_id: UUID) -> tuple[str, int, int]:
    view = shop.invoice(invoice_id)
    return view.state.value, view.paid.minor // 100, view.owed.minor // 100


def is_sound(shop: Shop) -> bool:
    from hesabu.app import verify

    assert verify.verify_one(shop.id).faults == []
    return shop.is_sound()


def test_cash_that_never_came_is_owed_again(shop: Shop) -> None:
    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    before = shop.balances()
    view = withdrawn(shop, payment_id)
    assert view.state.value == "reversed"
    assert standing(shop, invoice.id) == ("issued", 0, 75_000)
    assert "cash" in before
    assert "cash" not in shop.balances()
    assert shop.balances()["receivables"] == 7_500_000
    assert shop.facts_of(invoice.id)[-1] == "InvoiceReopened"
    assert is_sound(shop)


def test_each_entry_is_answered_by_a_reversal_that_names_its_cause(shop: Shop) -> None:
    from hesabu.ledger import queries as ledger

    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    withdrawn(shop, payment_id)
    with shop.bound():
        booked, reversal = ledger.entries_for([payment_id])
    assert (booked.kind, reversal.kind) == ("invoicing.paid", "payments.withdrawn")
    assert reversal.reverses_id == booked.id


def test_one_of_two_payments_leaves_the_other(shop: Shop) -> None:
    invoice = shop.issued()
    first = shop.paid(invoice.id, "50000")
    shop.paid(invoice.id, "25000")
    withdrawn(shop, first)
    assert standing(shop, invoice.id) == ("part_paid", 25_000, 50_000)
    assert len(shop.ask("allocations_of", invoice.id)) == 1
    assert shop.ask("allocations_of_payment", first) == []
    assert is_sound(shop)


def test_what_was_paid_beyond_the_invoice_leaves_the_credit(shop: Shop) -> None:
    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "80000")
    assert shop.ask("credit_of", invoice.customer_id) == kes("5000")
    withdrawn(shop, payment_id)
    assert shop.ask("credit_of", invoice.customer_id) == kes("0")
    assert standing(shop, invoice.id) == ("issued", 0, 75_000)
    assert is_sound(shop)


def test_credit_that_has_paid_for_something_else_keeps_it(shop: Shop) -> None:
    from hesabu.invoicing.errors import CreditUsed

    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "80000")
    other_id, version = shop.drafted(invoice.customer_id, "4000")
    shop.act("issue", other_id, version)
    shop.act("apply_credit", other_id)
    with pytest.raises(CreditUsed):
        withdrawn(shop, payment_id)
    assert standing(shop, invoice.id) == ("paid", 75_000, 0)
    assert is_sound(shop)


def test_an_invoice_credited_meanwhile_keeps_it_and_says_why(shop: Shop) -> None:
    from hesabu.invoicing.errors import CreditedSince
    from hesabu.payments import queries as payments

    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    shop.act("credit", invoice.id, "wrong goods")
    with pytest.raises(CreditedSince):
        withdrawn(shop, payment_id)
    with shop.bound():
        assert payments.payment(payment_id).state.value == "settled"
    assert shop.invoice(invoice.id).state.value == "credited"
    assert is_sound(shop)


def test_a_credit_note_that_only_lowered_what_was_owed_is_no_hindrance(shop: Shop) -> None:
    invoice = shop.issued()
    shop.act("credit", invoice.id, "a discount", amount=kes("5000"))
    payment_id = shop.paid(invoice.id, "70000")
    assert shop.invoice(invoice.id).state.value == "paid"
    withdrawn(shop, payment_id)
    assert standing(shop, invoice.id) == ("issued", 0, 70_000)
    assert is_sound(shop)


def test_twice_is_once(shop: Shop) -> None:
    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    first, second = withdrawn(shop, payment_id), withdrawn(shop, payment_id)
    assert first == second
    assert shop.facts_of(invoice.id).count("InvoiceReopened") == 1
    assert is_sound(shop)


def test_at_the_same_time_is_once(shop: Shop) -> None:
    from payments.shop import at_the_same_time

    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    answers = at_the_same_time(lambda turn: withdrawn(shop, payment_id))
    assert [answer.state.value for answer in answers] == ["reversed"] * 4  # type: ignore[attr-defined]
    assert standing(shop, invoice.id) == ("issued", 0, 75_000)
    assert is_sound(shop)


def test_another_business_finds_no_such_payment(new_shop: Callable[..., Shop]) -> None:
    from hesabu.payments.errors import PaymentNotFound

    shop, other = new_shop(), new_shop()
    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    with pytest.raises(PaymentNotFound):
        withdrawn(other, payment_id)
    with pytest.raises(PaymentNotFound):
        withdrawn(shop, ids.new_id())
    assert standing(shop, invoice.id) == ("paid", 75_000, 0)


def test_killed_anywhere_it_is_whole_or_not_at_all(shop: Shop) -> None:
    from hesabu.app.simulate.deaths import Killed, broken_off
    from hesabu.store import tenancy

    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    died = 0
    for step in range(1, 5_000, 3):
        try:
            broken_off(lambda: withdrawn(shop, payment_id), step, may_be_done=False)
        except Killed:
            died += 1
            assert not tenancy.is_bound()
            assert standing(shop, invoice.id) == ("paid", 75_000, 0)
        else:
            break
    assert died
    assert standing(shop, invoice.id) == ("issued", 0, 75_000)
    assert is_sound(shop)


def test_a_code_typed_for_the_wrong_invoice_is_free_for_the_right_one(shop: Shop) -> None:
    from hesabu.payments import actions
    from hesabu.payments.types import Purpose

    wrong, right = shop.issued(), shop.issued()
    with shop.bound():
        view = actions.record(Purpose("invoice", wrong.id), kes("75000"), "mpesa_till", CODE)
    withdrawn(shop, view.id)
    with shop.bound():
        again = actions.record(Purpose("invoice", right.id), kes("75000"), "mpesa_till", CODE)
    assert again.id != view.id
    assert shop.invoice(wrong.id).state.value == "issued"
    assert shop.invoice(right.id).state.value == "paid"
    assert is_sound(shop)


def test_a_key_that_was_used_stays_used(shop: Shop) -> None:
    from hesabu.payments.errors import KeyReused

    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000", key="chat:1")
    withdrawn(shop, payment_id)
    with pytest.raises(KeyReused):
        shop.paid(invoice.id, "75000", key="chat:1")


def test_money_that_mpesa_told_of_stays(new_business: Callable[..., UUID]) -> None:
    from hesabu.payments import actions
    from hesabu.payments.errors import NotByHand
    from hesabu.store import tenancy
    from payments.shop import open_shop

    paybill = open_shop(new_business())
    payment_id = paybill.paid_by_hand(CODE)
    with pytest.raises(NotByHand), tenancy.bound(paybill.id):
        actions.withdraw(payment_id, "a slip")


def test_money_that_mpesa_tells_of_after_the_merchant_stays_too(
    new_business: Callable[..., UUID],
) -> None:
    from hesabu.payments import actions
    from hesabu.payments.errors import NotByHand
    from hesabu.payments.types import Purpose
    from hesabu.store import tenancy
    from payments.shop import open_shop

    paybill = open_shop(new_business())
    with tenancy.bound(paybill.id):
        view = actions.record(Purpose("test", ids.new_id()), kes("1500"), "mpesa_paybill", CODE)
    assert paybill.paid_by_hand(CODE) == view.id
    with pytest.raises(NotByHand), tenancy.bound(paybill.id):
        actions.withdraw(view.id, "a slip")


def test_why_stays_written_and_is_sealed(shop: Shop) -> None:
    from django.db import connection

    from hesabu.payments.models import PaymentRow

    invoice = shop.issued()
    payment_id = shop.paid(invoice.id, "75000")
    withdrawn(shop, payment_id, "  Jane   paid Peter ")
    with shop.bound(), connection.cursor() as cursor:
        assert PaymentRow.objects.get(id=payment_id).withdrawn_reason == "Jane paid Peter"
        cursor.execute(
            "SELECT withdrawn_reason::text FROM payments_payment WHERE id = %s", (payment_id,)
        )
        assert "Jane" not in json.dumps(cursor.fetchone())
