"""A collection's steps: the one place that changes its state, each step with its fact."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hesabu.kit import clock
from hesabu.payments import rules
from hesabu.payments.facts import (
    CollectionAsked,
    CollectionDoubted,
    CollectionExpired,
    CollectionFailed,
)
from hesabu.payments.models import Collection
from hesabu.payments.types import CollectionState
from hesabu.store.facts import Fact, publish


def locked(business_id: UUID, collection_id: UUID) -> Collection | None:
    """The row, held until the transaction ends."""
    return (
        Collection.objects.select_for_update()
        .filter(business_id=business_id, id=collection_id)
        .first()
    )


def move(row: Collection, verb: str, *, code: str | None = None) -> None:
    """Take one step of COLLECTION_MOVES, save the row, tell it."""
    row.state = rules.COLLECTION_MOVES.after(CollectionState(row.state), verb)
    row.updated_at = clock.now()
    if code is not None:
        row.result_code = code
    if row.state not in rules.IN_FLIGHT:
        row.next_ask_at = None
    row.save()
    fact = _fact(row, verb)
    if fact is not None:
        publish(fact)


def _fact(row: Collection, verb: str) -> Fact | None:
    about = {
        "business_id": row.business_id,
        "subject_id": row.id,
        "purpose_kind": row.purpose_kind,
        "purpose_id": row.purpose_id,
    }
    if verb == "ask":
        return CollectionAsked(**about)
    if verb == "doubt":
        return CollectionDoubted(**about)
    if verb == "fail":
        return CollectionFailed(**about, code=row.result_code or "")
    if verb == "expire":
        return CollectionExpired(**about)
    return None  # "settle" is told by PaymentSettled


def schedule(row: Collection, now: datetime) -> datetime | None:
    """When to ask next what became of it; None when it has been asked for long enough."""
    asked_at = row.asked_at or row.created_at
    if row.provider_ref is None and now - asked_at > timedelta(
        seconds=rules.UNKNOWN_REQUEST_SECONDS
    ):
        return None
    return rules.next_ask_at(asked_at, now)
