"""A month of Kamau Designs and its customers, as they would tell it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID


def shillings(amount: str) -> Any:
    from hesabu.kit.money import Money

    return Money.parse(amount, "KES")


def test_a_month_of_invoices_ends_in_books_that_add_up(new_business: Callable[..., UUID]) -> None:
    from hesabu.invoicing import actions, queries
    from hesabu.invoicing.types import DraftInput, LineInput
    from hesabu.kit import clock
    from hesabu.ledger import queries as ledger
    from hesabu.payments import actions as payments
    from hesabu.payments.types import Purpose
    from hesabu.store import tenancy

    business_id = new_business(is_vat_registered=True, tax_id="P051234567X")

    def invoice(customer_id: UUID, price: str, due_on: date, **changes: Any) -> Any:
        lines = [LineInput("logo design", Decimal(1), shillings(price))]
        given = DraftInput(customer_id, lines, due_on, "inclusive", **changes)
        return actions.issue(*actions.draft(given))

    def cash(invoice_id: UUID, amount: str) -> None:
        payments.record(Purpose("invoice", invoice_id), shillings(amount), "cash")

    # Monday: Jane and Peter are invoiced. Peter's is wrong, and taken back before he pays.
    with clock.fixed(datetime(2026, 11, 2, 9, 0, tzinfo=UTC)), tenancy.bound(business_id):
        jane = actions.keep_customer("Jane Wanjiku", "0712 345 678")
        peter = actions.keep_customer("Peter")
        logo = invoice(jane, "75000", date(2026, 11, 6))
        wrong = invoice(peter, "5000", date(2026, 11, 6))
        actions.void(wrong.id, "typed twice")
        assert [one.name for one in queries.owed_by_customer()] == ["Jane Wanjiku"]

    # The week after, Jane is late; she pays a part, then more than the rest.
    with clock.fixed(datetime(2026, 11, 9, 9, 0, tzinfo=UTC)), tenancy.bound(business_id):
        assert queries.invoice(logo.id).is_overdue
        cash(logo.id, "50000")
        cash(logo.id, "30000")
        assert str(queries.invoice(logo.id).state) == "paid"
        assert not queries.invoice(logo.id).is_overdue
        assert queries.credit_of(jane) == shillings("5000")

    # Her next invoice is smaller by what she had paid too much; then half the work is cancelled.
    with clock.fixed(datetime(2026, 11, 16, 9, 0, tzinfo=UTC)), tenancy.bound(business_id):
        cards = invoice(jane, "20000", date(2026, 11, 30), discount=1_000)
        assert cards.total == shillings("18000")
        assert actions.apply_credit(cards.id).owed == shillings("13000")
        note = actions.credit(cards.id, "half the cards", amount=shillings("9000"))
        assert (note.number, note.to_owed, note.to_credit) == (
            "CN-0001",
            shillings("9000"),
            shillings("0"),
        )
        assert queries.invoice(cards.id).owed == shillings("4000")
        cash(cards.id, "4000")
        assert queries.owed_by_customer() == []

    with tenancy.bound(business_id):
        numbers = [one.number for one in queries.invoices().invoices]
        assert numbers == ["INV-0003", "INV-0002", "INV-0001"]
        held = {one.role: one.balance_minor for one in ledger.balances() if one.balance_minor}
        sold_minor = 7_500_000 + 1_800_000 - 900_000
        assert held["cash"] == sold_minor == -(held["sales"] + held["vat_output"])
        assert held.keys() == {"cash", "sales", "vat_output"}
    assert ledger.verify(business_id).is_sound
