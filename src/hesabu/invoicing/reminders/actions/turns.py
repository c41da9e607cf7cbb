"""Turns: when somebody should next be looked at. A turn only wakes; whoever comes decides from the rows as they stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from hesabu.identity import queries as identity
from hesabu.identity.permissions import inner
from hesabu.invoicing import finding as invoices
from hesabu.invoicing.models import Turn
from hesabu.invoicing.reminders import finding
from hesabu.invoicing.reminders.queries import FAR
from hesabu.invoicing.reminders.rules import habits, hours
from hesabu.kit import clock, ids
from hesabu.store import tenancy

CUSTOMER = "customer"
LATE_MAX = timedelta(hours=3)
"""What has an hour and is later than this is left out: nobody wants the evening's summary in the night."""

_WAKE = """
INSERT INTO invoicing_turn AS t (id, kind, business_id, subject_id, next_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (kind, business_id, subject_id) DO UPDATE SET next_at = least(t.next_at, EXCLUDED.next_at)
"""


@inner
def expect(invoice_id: UUID) -> None:
    """An invoice owes something since now: its customer is looked at soon. The first step is on the next day at the
    earliest."""
    wake(invoices.invoice(invoice_id).customer_id, clock.now() + timedelta(hours=6))


def wake(customer_id: UUID, at: datetime) -> None:
    """Look at a customer then, or before if that was planned."""
    _wake(CUSTOMER, customer_id, at)


def wake_all() -> None:
    """Look at every customer of the bound business again: how they are reminded has changed."""
    rows = Turn.objects.filter(business_id=tenancy.only(), kind=CUSTOMER)
    in_hand = list(rows.select_for_update().order_by("id").values_list("id", flat=True))
    Turn.objects.filter(id__in=in_hand).update(next_at=clock.now())


@inner
def begin_habits() -> None:
    """Give the bound business its turns for all that has an hour. Doing it again moves nothing."""
    for name in habits.TIMED:
        _wake(name, tenancy.only(), _next_at(name) or clock.now() + FAR)


def plan_habit(name: str) -> None:
    """A habit has another hour."""
    at = _next_at(name)
    Turn.objects.filter(business_id=tenancy.only(), kind=name).delete()
    if at is not None:
        _wake(name, tenancy.only(), at)


@inner
def take_turn(name: str) -> bool:
    """Take the bound business's turn for a habit that has an hour, and plan the next one; False where it is not due, is
    somebody else's at this moment, came too late, or is switched off. Commits with what is said."""
    turn = due(name, tenancy.only())
    if turn is None:
        return False
    was_at, at = turn.next_at, _next_at(name)
    if at is None:
        turn.delete()
        return False
    turn.next_at = at
    turn.save(update_fields=["next_at"])
    return timedelta(0) <= clock.now() - was_at <= LATE_MAX


def due(kind: str, subject_id: UUID) -> Turn | None:
    """The turn, locked, if it is due and nobody else has it."""
    now = clock.now()
    row: Turn | None = (
        Turn.objects.select_for_update(skip_locked=True)
        .filter(Q(next_at__lte=now) | Q(next_at__gt=now + FAR))
        .filter(business_id=tenancy.only(), kind=kind, subject_id=subject_id)
        .first()
    )
    return row


def _next_at(name: str) -> datetime | None:
    kept = finding.habit(name)
    if not kept.is_on:
        return None
    zone = identity.business(tenancy.only()).timezone
    hour, days = habits.hour_of(kept.value), habits.weekdays_of(kept.value)
    return hours.next_hour(clock.now(), hour, zone, days)


def _wake(kind: str, subject_id: UUID, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WAKE, (ids.new_id(), kind, tenancy.only(), subject_id, at))
