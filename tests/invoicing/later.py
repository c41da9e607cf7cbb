"""What a worker would do afterwards: later readers, and whose turn it is; and what was said about a thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

NAIROBI = "Africa/Nairobi"


def read_later(shop: Any, subject_id: UUID) -> None:
    """Let the later readers of a subject's facts read, as the worker does."""
    from hesabu.store import facts, reading
    from hesabu.store.wiring import wiring

    with shop.bound():
        records = facts.timeline(subject_id)
    for record in records:
        for name in wiring.later_readers(wiring.fact_types[record.kind]):
            if name.startswith("invoicing."):
                reading.read(name, [[str(shop.id), str(record.id)]])


def messages(shop: Any, subject_id: UUID) -> list[Any]:
    """The contents of what was said about a thing, in order, as they wait for the provider."""
    return [
        (said, fallback, row.cause)
        for row, said, fallback in _rows(shop, subject_id=subject_id, business_id=shop.id)
    ]


def reminders(shop: Any, contact_id: UUID | None = None) -> list[Any]:
    """(row, said, template) of every reminder of a business, in order."""
    which = {"contact_id": contact_id} if contact_id else {}
    return _rows(shop, business_id=shop.id, cause__startswith="reminder:", **which)


def _rows(shop: Any, **which: Any) -> list[Any]:
    from hesabu.messaging import rules
    from hesabu.messaging.models import Message

    with shop.bound():
        rows = list(Message.objects.filter(**which).order_by("id"))
    return [
        (row, rules.content_from(row.content), row.fallback and rules.content_from(row.fallback))
        for row in rows
    ]


@contextmanager
def at(text: str, zone: str = NAIROBI) -> Iterator[datetime]:
    """It is then, by the clock on the wall there: "2026-11-25 09:00"."""
    from hesabu.kit import clock

    instant = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    with clock.fixed(instant):
        yield instant


def look(shop: Any, customer_id: UUID) -> None:
    """The job of somebody's turn, as a worker runs it."""
    from hesabu.invoicing import jobs

    jobs.take_turn(str(shop.id), str(customer_id))


def turn_of(customer_id: UUID) -> datetime | None:
    from hesabu.invoicing.models import Turn
    from hesabu.store import tenancy

    with tenancy.house():
        row = Turn.objects.filter(subject_id=customer_id, kind="customer").first()
    return row.next_at if row else None
