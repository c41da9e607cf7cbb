"""A shop to try invoicing in: a business that charges VAT, with short words for what a test says often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from steady import fresh_digits

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # noon in Nairobi


@dataclass(frozen=True)
class Shop:
    """One business. Every method binds it by itself; `bound()` is for several steps in one transaction."""

    id: UUID

    @contextmanager
    def bound(self) -> Iterator[None]:
        from hesabu.store import tenancy

        with tenancy.bound(self.id):
            yield

    def act(self, name: str, /, *args: Any, **named: Any) -> Any:
        """One action in a transaction of its own."""
        from hesabu.invoicing import actions

        with self.bound():
            return getattr(actions, name)(*args, **named)

    def ask(self, name: str, /, *args: Any, **named: Any) -> Any:
        """One query in a transaction of its own."""
        from hesabu.invoicing import queries

        with self.bound():
            return getattr(queries, name)(*args, **named)

    def draft(
        self, price: str = "75000", *, customer: str = "Jane Wanjiku", **changes: Any
    ) -> tuple[UUID, int]:
        """A draft of one line, without tax unless told otherwise."""
        from hesabu.invoicing import actions

        with self.bound():
            customer_id = actions.keep_customer(customer)
        return self.drafted(customer_id, price, **changes)

    def drafted(self, customer_id: UUID, price: str = "75000", **changes: Any) -> tuple[UUID, int]:
        return self.act("draft", self.given(customer_id, price, **changes))

    def given(self, customer_id: UUID, price: str = "75000", **changes: Any) -> Any:
        """What a draft says; for a customer of this shop, or of another."""
        from hesabu.invoicing.types import DraftInput, LineInput
        from hesabu.kit.money import Money

        changes.setdefault(
            "lines", [LineInput("logo design", Decimal(1), Money.parse(price, "KES"))]
        )
        return DraftInput(customer_id=customer_id, **changes)

    def issued(self, price: str = "75000", **changes: Any) -> Any:
        """An issued invoice."""
        invoice_id, version = self.draft(price, **changes)
        return self.act("issue", invoice_id, version)

    def invoice(self, invoice_id: UUID) -> Any:
        return self.ask("invoice", invoice_id)

    def paid(self, invoice_id: UUID, amount: str, **changes: Any) -> UUID:
        """Cash for an invoice, on the merchant's word; the payment's id."""
        from hesabu.kit.money import Money
        from hesabu.payments import actions as payments
        from hesabu.payments.types import Purpose

        with self.bound():
            view = payments.record(
                Purpose("invoice", invoice_id),
                Money.parse(amount, changes.pop("currency", "KES")),
                "cash",
                **changes,
            )
        return view.id

    def balances(self) -> dict[str, int]:
        """Role → minor units, debits positive; accounts that hold nothing are left out."""
        from hesabu.ledger import queries as ledger

        with self.bound():
            return {one.role: one.balance_minor for one in ledger.balances() if one.balance_minor}

    def is_sound(self) -> bool:
        from hesabu.ledger import queries as ledger

        verdict = ledger.verify(self.id)
        assert verdict.faults == []
        return verdict.is_sound

    def facts_of(self, subject_id: UUID) -> list[str]:
        from hesabu.store import facts

        with self.bound():
            return [record.kind.partition(".")[2] for record in facts.timeline(subject_id)]


@pytest.fixture
def new_shop(new_business: Callable[..., UUID]) -> Callable[..., Shop]:
    def open_shop(**changes: Any) -> Shop:
        from hesabu.payments import actions as payments

        changes.setdefault("tax_id", "P051234567X")
        shop = Shop(new_business(is_vat_registered=True, **changes))
        with shop.bound():
            payments.add_account("cash")
        return shop

    return open_shop


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    return new_shop()


@pytest.fixture
def jane(shop: Shop) -> UUID:
    """A customer with a telephone of her own: contacts belong to the house, and so to all tests."""
    return UUID(str(shop.act("keep_customer", "Jane Wanjiku", f"07{fresh_digits(8)}")))


@pytest.fixture
def noon() -> Iterator[date]:
    """It is Monday 23 November 2026 in Nairobi."""
    from hesabu.kit import clock

    with clock.fixed(NOON):
        yield TODAY
