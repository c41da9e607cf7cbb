"""Habits: what the clerk does by itself, switched and set."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import needs
from hesabu.invoicing import errors
from hesabu.invoicing import finding as invoices
from hesabu.invoicing.facts import HabitKept
from hesabu.invoicing.models import Habit
from hesabu.invoicing.permissions import HABIT_KEEP
from hesabu.invoicing.reminders import finding
from hesabu.invoicing.reminders.actions import turns
from hesabu.invoicing.reminders.rules import habits
from hesabu.kit import clock, ids
from hesabu.store import tenancy
from hesabu.store.facts import publish


@needs(HABIT_KEEP)
def keep_habit(name: str, change: bool | str, customer_id: UUID | None = None) -> None:
    """Switch a habit on or off, or set it to a value (which switches it on): for the business, or for one customer.
    Doing it again changes nothing. Raises HabitUnknown, HabitBad, CustomerNotFound."""
    usual = habits.usual(name)
    if customer_id is not None:
        invoices.customer(customer_id)
        if not usual.for_customers:
            raise errors.HabitBad("it is the same for every customer", field=name)
    known = finding.habit(name, customer_id)
    value = known.value if isinstance(change, bool) else habits.checked(usual, change)
    is_on = change if isinstance(change, bool) else True
    if finding.Kept(is_on, value) == known:
        return
    _keep(name, customer_id, is_on=is_on, value=value)
    if name in habits.TIMED:
        turns.plan_habit(name)
    elif name in (habits.REMINDERS, habits.QUIET_HOURS):
        turns.wake_all()
    publish(
        HabitKept(
            business_id=tenancy.only(),
            subject_id=customer_id or tenancy.only(),
            name=name,
            is_on=is_on,
            customer_id=customer_id,
            value=value,
            was_on=known.is_on,
            was_value=known.value,
        )
    )


def _keep(name: str, customer_id: UUID | None, *, is_on: bool, value: str) -> None:
    which = {"business_id": tenancy.only(), "name": name, "customer_id": customer_id}
    given = {"is_on": is_on, "value": value, "kept_at": clock.now()}
    Habit.objects.update_or_create(
        **which, defaults=given, create_defaults={"id": ids.new_id(), **which, **given}
    )
