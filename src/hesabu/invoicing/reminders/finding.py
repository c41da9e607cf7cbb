"""Rows of reminders by what identifies them, and how habits are set. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q

from hesabu.identity import queries as identity
from hesabu.invoicing.models import Habit, Promise, Reminder
from hesabu.invoicing.reminders.rules import habits
from hesabu.invoicing.reminders.rules.steps import Told
from hesabu.invoicing.reminders.rules.zones import zone_of
from hesabu.invoicing.types import PromiseState
from hesabu.store import tenancy


@dataclass(frozen=True, slots=True)
class Kept:
    """A habit as it is set now."""

    is_on: bool
    value: str


def habit(name: str, customer_id: UUID | None = None) -> Kept:
    """How it is set: for this customer, else for the business, else as usual. A business that switched it off has switched
    it off for everybody. Raises HabitUnknown."""
    usual = habits.usual(name)
    rows = Habit.objects.filter(business_id=tenancy.only(), name=name)
    of_all = rows.filter(customer_id=None).first()
    kept = Kept(of_all.is_on, of_all.value) if of_all else Kept(usual.is_on, usual.value)
    if customer_id is None or not usual.for_customers or not kept.is_on:
        return kept
    of_one = rows.filter(customer_id=customer_id).first()
    return Kept(of_one.is_on, of_one.value) if of_one else kept


def quiet_hours() -> tuple[time, time] | None:
    """None where nobody is left alone at night."""
    kept = habit(habits.QUIET_HOURS)
    return habits.hours_of(kept.value) if kept.is_on else None


def steps_for(customer_id: UUID) -> tuple[int, ...]:
    """No steps where they are switched off."""
    kept = habit(habits.REMINDERS, customer_id)
    return habits.days_of(kept.value) if kept.is_on else ()


def zone_for(phone: str | None, at: datetime) -> str:
    """Where somebody with this number lives."""
    return zone_of(phone, identity.business(tenancy.only()).timezone, at)


def standing_promises(invoice_ids: Collection[UUID]) -> dict[UUID, Promise]:
    """By invoice."""
    rows = Promise.objects.filter(
        business_id=tenancy.only(), invoice_id__in=invoice_ids, state=PromiseState.STANDING
    )
    return {row.invoice_id: row for row in rows}


def told_of(invoice_ids: Collection[UUID], today: date) -> dict[UUID, Told]:
    """What was said of each invoice. A day after today was said by a clock that has been put right since."""
    steps: dict[UUID, set[int]] = {invoice_id: set() for invoice_id in invoice_ids}
    last_on: dict[UUID, date] = {}
    rows = Reminder.objects.filter(business_id=tenancy.only(), invoice_id__in=invoice_ids)
    for invoice_id, days, on_day in rows.values_list("invoice_id", "step_days", "on_day"):
        if days is not None:
            steps[invoice_id].add(days)
        if on_day <= today:
            last_on[invoice_id] = max(on_day, last_on.get(invoice_id, on_day))
    return {one: Told(frozenset(steps[one]), last_on.get(one)) for one in invoice_ids}


def was_told(
    today: date, *, customer_id: UUID | None = None, invoice_id: UUID | None = None
) -> bool:
    """Whether anything was said today to this customer, or of this invoice."""
    which = Q(customer_id=customer_id) if customer_id else Q(invoice_id=invoice_id)
    rows = Reminder.objects.filter(business_id=tenancy.only(), on_day=today)
    return rows.filter(which).exists()
