"""Opening a book, locking books, closing a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from hesabu.identity.permissions import inner, needs
from hesabu.kit import clock
from hesabu.ledger import facts, rules
from hesabu.ledger.charts import chart
from hesabu.ledger.errors import BookNotFound, PeriodLocked
from hesabu.ledger.models import Account, BalanceRow, Book
from hesabu.ledger.permissions import BOOK_LOCK
from hesabu.store.facts import publish


@dataclass(slots=True)
class LockedBook:
    """A book whose row this transaction holds."""

    business_id: UUID
    currency: str
    entry_count: int
    head_hash: bytes
    period_locked_on: date | None


@inner
def open_book(business_id: UUID, country: str, currency: str) -> None:
    """Open a book with its country's chart. Doing it again changes nothing."""
    _, is_new = Book.objects.get_or_create(
        business_id=business_id,
        defaults={
            "country": country,
            "currency": currency,
            "head_hash": rules.GENESIS,
            "opened_at": clock.now(),
        },
    )
    if not is_new:
        return
    lines = [
        Account(
            id=rules.account_id(business_id, role),
            business_id=business_id,
            code=code,
            name=name,
            kind=kind,
            role=role,
        )
        for code, name, kind, role in chart(country)
    ]
    Account.objects.bulk_create(lines)
    BalanceRow.objects.bulk_create(
        BalanceRow(business_id=business_id, account_id=line.id, currency=currency) for line in lines
    )


_LOCK = (
    "SELECT business_id, currency, entry_count, head_hash, period_locked_on FROM ledger_book"
    " WHERE business_id = ANY(%s) ORDER BY business_id FOR UPDATE"
)


@inner
def lock_books(
    business_ids: Iterable[UUID], *, skip_locked: bool = False, most: int | None = None
) -> dict[UUID, LockedBook]:
    """Hold these businesses' books until the transaction ends, taken in the order of their ids. Every act that may post
    calls it first. With `skip_locked`, only those that are free, at most `most`. Raises BookNotFound."""
    wanted = sorted(set(business_ids))
    query = (
        _LOCK + (" SKIP LOCKED" if skip_locked else "") + (f" LIMIT {int(most)}" if most else "")
    )
    with connection.cursor() as cursor:
        cursor.execute(query, (wanted,))
        books = {
            row[0]: LockedBook(row[0], row[1], row[2], bytes(row[3]), row[4])
            for row in cursor.fetchall()
        }
    if not skip_locked and len(books) != len(wanted):
        raise BookNotFound()
    return books


@needs(BOOK_LOCK)
def lock_period(business_id: UUID, locked_on: date) -> None:
    """Close every day up to `locked_on`. A lock moves forward only. Raises PeriodLocked."""
    book = lock_books([business_id])[business_id]
    if book.period_locked_on and locked_on < book.period_locked_on:
        raise PeriodLocked(f"closed up to {book.period_locked_on}")
    if book.period_locked_on == locked_on:
        return
    Book.objects.filter(business_id=business_id).update(period_locked_on=locked_on)
    publish(
        facts.PeriodLocked(business_id=business_id, subject_id=business_id, locked_on=locked_on)
    )
