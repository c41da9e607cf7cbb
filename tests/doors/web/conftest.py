"""A shop whose invoices can be paid from their page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache

KEYS = {"consumer_key": "ck", "consumer_secret": "cs", "passkey": "pk", "shortcode": "174379"}


@dataclass(frozen=True)
class Shop:
    """One business. Every method binds it by itself."""

    id: UUID

    @contextmanager
    def bound(self) -> Iterator[None]:
        from hesabu.store import tenancy

        with tenancy.bound(self.id):
            yield

    def invoiced(
        self, price: str = "75000", *, phone: str | None = "0733 111 678", **changes: Any
    ) -> Any:
        """An issued invoice of one line for Jane Wanjiku."""
        from hesabu.invoicing import actions
        from hesabu.invoicing.types import DraftInput, LineInput
        from hesabu.kit.money import Money

        lines = [LineInput("logo design", Decimal(1), Money.parse(price, "KES"))]
        with self.bound():
            customer_id = actions.keep_customer("Jane Wanjiku", phone)
            invoice_id, version = actions.draft(
                DraftInput(customer_id=customer_id, lines=lines, **changes)
            )
            return actions.issue(invoice_id, version)

    def paid(self, invoice_id: UUID, amount: str) -> None:
        """Cash, on the merchant's word."""
        from hesabu.kit.money import Money
        from hesabu.payments import actions
        from hesabu.payments.types import Purpose

        with self.bound():
            actions.record(Purpose("invoice", invoice_id), Money.parse(amount, "KES"), "cash")

    def collections(self, invoice_id: UUID) -> list[Any]:
        from hesabu.payments import queries
        from hesabu.payments.types import Purpose

        with self.bound():
            return queries.collections_for(Purpose("invoice", invoice_id))

    def claims(self, invoice_id: UUID) -> list[Any]:
        from hesabu.payments import queries
        from hesabu.payments.types import Purpose

        with self.bound():
            return queries.claims_for(Purpose("invoice", invoice_id))

    def answered(self, invoice_id: UUID, *answers: Any) -> None:
        """What the provider said to the latest request: to the request itself first, then when asked what became of it."""
        from hesabu.payments import actions

        collection_id = self.collections(invoice_id)[-1].id
        outcome, *later = answers
        with self.bound():
            assert actions.begin_asking(collection_id) is not None
        with self.bound():
            actions.record_outcome(collection_id, outcome)
        for answer in later:
            with self.bound():
                actions.record_answer(collection_id, answer)


@pytest.fixture
def new_shop(new_business: Callable[..., UUID]) -> Callable[..., Shop]:
    def open_shop(*, prompts: bool = True, **changes: Any) -> Shop:
        from hesabu.payments import actions

        shop = Shop(new_business(**changes))
        with shop.bound():
            actions.add_account("paybill", "400200")
            actions.add_account("phone", "0722 000 111")
            if prompts:
                actions.add_account("stk_till", "832909", credentials=KEYS)
        return shop

    return open_shop


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    return new_shop()


@pytest.fixture(autouse=True)
def _fresh_pace(database: str) -> Iterator[None]:
    """Every test is a visitor who was never here."""
    cache.clear()
    yield
    cache.clear()
