"""Undoing by the opposite."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.ledger import facts, queries
from hesabu.ledger.actions.books import lock_books
from hesabu.ledger.actions.post import post
from hesabu.ledger.errors import AlreadyReversed
from hesabu.ledger.models import EntryRow
from hesabu.ledger.types import Entry, Posting
from hesabu.store import tenancy
from hesabu.store.facts import publish


@inner
def reverse(entry_id: UUID, kind: str, *, booked_on: date | None = None) -> UUID:
    """Post the opposite of an entry, about the same thing. `kind` says why (`invoicing.voided`). On the entry's own day,
    or the first open one after it, unless `booked_on` is given. Raises EntryNotFound, AlreadyReversed, PeriodLocked."""
    business_id = tenancy.only()
    books = lock_books([business_id])
    entry = queries.entry(entry_id)
    if EntryRow.objects.filter(business_id=business_id, reverses_id=entry_id).exists():
        raise AlreadyReversed(str(entry_id))
    opposite = Entry(
        business_id=business_id,
        booked_on=booked_on or entry.booked_on,
        kind=kind,
        purpose_kind=entry.purpose_kind,
        purpose_id=entry.purpose_id,
        postings=[Posting(p.role, -p.amount_minor, p.currency) for p in entry.postings],
        reverses_id=entry_id,
    )
    (reversal_id,) = post([opposite], books=books, shift=booked_on is None)
    publish(
        facts.EntryReversed(business_id=business_id, subject_id=entry_id, reversal_id=reversal_id)
    )
    return reversal_id
