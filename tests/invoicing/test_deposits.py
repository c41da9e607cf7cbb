"""Deposits: what is asked for first, frozen with the invoice; money above or below goes where it always goes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from hesabu.invoicing import errors
from hesabu.invoicing.rules.deposits import asked_minor, deposit_minor
from hesabu.kit.money import Money
from invoicing.later import messages, read_later


def kes(text: str) -> Money:
    return Money.parse(text, "KES")


def test_a_deposit_is_an_amount_or_a_share_of_the_total_with_tax() -> None:
    assert deposit_minor(None, 100, "KES") == 0
    assert deposit_minor(Money(40, "KES"), 100, "KES") == 40
    assert deposit_minor(5000, 101, "KES") == 51
    assert deposit_minor(3333, 7_500_000, "KES") == 2_499_750


@pytest.mark.parametrize("deposit", [0, 10_000, -1, Money(0, "KES"), Money(100, "KES"), 1])
def test_a_deposit_is_above_nothing_and_below_the_total(deposit: Any) -> None:
    with pytest.raises(errors.DepositBad):
        deposit_minor(deposit, 100, "KES")


def test_a_deposit_in_another_currency_is_refused() -> None:
    with pytest.raises(errors.CurrencyBad):
        deposit_minor(Money(1, "USD"), 100, "KES")


@given(st.integers(2, 10**9), st.data())
def test_what_is_asked_is_never_more_than_what_is_owed(total: int, data: st.DataObject) -> None:
    deposit = data.draw(st.integers(0, total - 1))
    paid = data.draw(st.integers(0, total))
    credited = data.draw(st.integers(0, total - paid))
    owed = total - paid - credited
    asked = asked_minor(deposit, paid, owed)
    assert 0 <= asked <= owed
    assert bool(asked) is bool(owed)
    if paid >= deposit:
        assert asked == owed


def test_the_deposit_is_asked_for_until_it_is_paid_then_the_rest(shop: Any, noon: date) -> None:
    invoice = shop.issued("1000", deposit=3000)
    assert (invoice.deposit, invoice.asked, invoice.owed) == (kes("300"), kes("300"), kes("1000"))
    shop.paid(invoice.id, "100")
    assert shop.invoice(invoice.id).asked == kes("200")
    shop.paid(invoice.id, "250")
    assert shop.invoice(invoice.id).asked == kes("650")
    page = shop.ask("page_of", invoice.id)
    assert (page.deposit, page.asked) == (kes("300"), kes("650"))
    shop.paid(invoice.id, "700")
    view = shop.invoice(invoice.id)
    assert (view.state, view.asked) == ("paid", kes("0"))
    assert shop.ask("credit_of", view.customer_id) == kes("50")
    assert shop.is_sound()


def test_paying_all_at_once_is_welcome(shop: Any, noon: date) -> None:
    invoice = shop.issued("1000", deposit=kes("300"))
    shop.paid(invoice.id, "1000")
    assert shop.invoice(invoice.id).state == "paid"


def test_a_credit_note_lowers_what_is_asked(shop: Any, noon: date) -> None:
    invoice = shop.issued("1000", deposit=kes("900"))
    shop.act("credit", invoice.id, "less work", amount=kes("400"))
    assert shop.invoice(invoice.id).asked == kes("600")


def test_a_draft_may_change_its_deposit_and_an_issued_invoice_may_not(
    shop: Any, noon: date
) -> None:
    from hesabu.invoicing.models import Invoice

    invoice_id, version = shop.draft("1000", deposit=5000)
    customer_id = shop.invoice(invoice_id).customer_id
    version = shop.act(
        "change_draft", invoice_id, version, shop.given(customer_id, "1000", deposit=kes("100"))
    )
    assert shop.act("reprice", invoice_id, version) == version
    shop.act("issue", invoice_id, version)
    assert shop.invoice(invoice_id).deposit == kes("100")
    with pytest.raises(DatabaseError, match="does not change"), shop.bound():
        Invoice.objects.filter(id=invoice_id).update(deposit_minor=1)


def test_a_total_that_falls_below_its_deposit_is_refused_at_the_field(
    shop: Any, noon: date
) -> None:
    invoice_id, version = shop.draft("1000", deposit=kes("300"))
    customer_id = shop.invoice(invoice_id).customer_id
    with pytest.raises(errors.DepositBad) as refused:
        shop.act(
            "change_draft", invoice_id, version, shop.given(customer_id, "200", deposit=kes("300"))
        )
    assert refused.value.field == "deposit"


def test_the_paper_and_the_message_name_the_deposit(shop: Any, jane: UUID, noon: date) -> None:
    invoice = shop.act("issue", *shop.drafted(jane, "1000", deposit=3000))
    assert shop.ask("snapshot", invoice.id)["deposit_minor"] == 30_000
    read_later(shop, invoice.id)
    ((said, _, _),) = messages(shop, invoice.id)
    assert "Deposit to pay first: KES 300.00" in said.body
    plain = shop.act("issue", *shop.drafted(jane, "1000"))
    assert shop.ask("snapshot", plain.id)["deposit_minor"] == 0
    read_later(shop, plain.id)
    assert "Deposit" not in messages(shop, plain.id)[0][0].body
