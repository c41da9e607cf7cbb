"""Questions about promises, habits and turns. Each inside the binding of one business, but for `due_turns`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from hesabu.invoicing import finding as invoices
from hesabu.invoicing.models import Promise, Turn
from hesabu.invoicing.reminders import finding, words
from hesabu.invoicing.reminders.rules import habits as table
from hesabu.invoicing.types import HabitView, PromiseState, PromiseView, TurnView
from hesabu.kit import clock
from hesabu.store import tenancy

FAR = timedelta(days=8)
"""No turn is set further ahead: one that is was set by a clock that has been put right since, so it is due."""


def habits(customer_id: UUID | None = None) -> list[HabitView]:
    """All that the clerk does by itself, as it is set: for the business, or for one customer."""
    listed = [
        usual for usual in table.HABITS.values() if customer_id is None or usual.for_customers
    ]
    return [_habit(usual, customer_id) for usual in listed]


def habit(name: str, customer_id: UUID | None = None) -> HabitView:
    """Raises HabitUnknown."""
    return _habit(table.usual(name), customer_id)


def does(name: str, customer_id: UUID | None = None) -> bool:
    """Whether a habit is on. Raises HabitUnknown."""
    return finding.habit(name, customer_id).is_on


def promises_of(invoice_id: UUID) -> list[PromiseView]:
    """What was promised for an invoice, the newest last. Raises InvoiceNotFound."""
    invoices.invoice(invoice_id)
    rows = Promise.objects.filter(business_id=tenancy.only(), invoice_id=invoice_id)
    return [_promise(row) for row in rows.order_by("id")]


def broken_on(day: date) -> list[PromiseView]:
    """Promises that were for the day before and were not kept, oldest first."""
    rows = Promise.objects.filter(
        business_id=tenancy.only(), state=PromiseState.BROKEN, on_day=day - timedelta(days=1)
    )
    return [_promise(row) for row in rows.order_by("id")]


def due_turns(kinds: Collection[str], most: int) -> list[TurnView]:
    """Whose turn it is, the longest waiting first. Inside `house()`."""
    now = clock.now()
    rows = Turn.objects.filter(Q(next_at__lte=now) | Q(next_at__gt=now + FAR), kind__in=kinds)
    listed = rows.order_by("next_at").values_list("kind", "business_id", "subject_id")[:most]
    return [TurnView(*row) for row in listed]


def _promise(row: Promise) -> PromiseView:
    return PromiseView(
        id=row.id,
        invoice_id=row.invoice_id,
        on_day=row.on_day,
        state=PromiseState(row.state),
        contact_id=row.contact_id,
        made_at=row.made_at,
    )


def _habit(usual: table.Usual, customer_id: UUID | None) -> HabitView:
    kept = finding.habit(usual.name, customer_id)
    return HabitView(
        name=usual.name,
        kind=usual.kind,
        is_on=kept.is_on,
        value=kept.value,
        usual=usual.value,
        choices=usual.choices,
        title=words.habit_title(usual.name),
        says=words.habit_says(usual.name, usual.kind, kept.value, is_on=kept.is_on),
    )
