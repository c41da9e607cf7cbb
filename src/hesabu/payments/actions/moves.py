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
from hesabu.store.facts import publish


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
    _tell(row, verb)


_TOLD: dict[str, type[CollectionAsked | CollectionDoubted | CollectionExpired]] = {
    "ask": CollectionAsked,
    "doubt": CollectionDoubted,
    "expire": CollectionExpired,
}
"""What each step is told as; "settle" is told by PaymentSettled."""


def _tell(row: Collection, verb: str) -> None:
    kind = _TOLD.get(verb)
    if kind is not None:
        publish(
            kind(
                business_id=row.business_id,
                subject_id=row.id,
                purpose_kind=row.purpose_kind,
                purpose_id=row.purpose_id,
            )
        )
    elif verb == "fail":
        publish(
            CollectionFailed(
                business_id=row.business_id,
                subject_id=row.id,
                purpose_kind=row.purpose_kind,
                purpose_id=row.purpose_id,
                code=row.result_code or "",
            )
        )


def schedule(row: Collection, now: datetime) -> datetime | None:
    """When to ask next what became of it; None when it has been asked for long enough."""
    asked_at = row.asked_at or row.created_at
    if row.provider_ref is None and now - asked_at > timedelta(
        seconds=rules.UNKNOWN_REQUEST_SECONDS
    ):
        return None
    return rules.next_ask_at(asked_at, now)
