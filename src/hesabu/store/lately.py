"""What happened lately, of several businesses at once: for whoever follows along, and must not make writing dearer.

Facts are read, not announced. A `NOTIFY` in the transaction that publishes would queue every commit behind one lock of the
whole database; one question for all followers together, a few times a second, costs the writers nothing.

A fact's `at` is taken just before its transaction commits, so one that commits slowly shows with an `at` that has passed
already. Whoever asks again and again therefore looks `BACK` a little further each time, and knows by their ids what it saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hesabu.store import sql, tenancy

BACK = timedelta(seconds=10)
"""How much later than its `at` a fact may be seen: a slow commit, and clocks that differ."""


@dataclass(frozen=True, slots=True)
class Lately:
    """That something happened, and to what; not what it says."""

    id: UUID
    business_id: UUID
    kind: str
    subject_id: UUID
    purpose_id: UUID | None
    """Of what has to do with money: what it is for."""


def facts_since(since: datetime, kinds: Sequence[str], *, most: int) -> list[Lately]:
    """Of each bound business the newest `most` of these kinds, oldest first. One walk of an index for each business."""
    with sql.cursor() as cursor:
        cursor.execute(
            "SELECT f.id, f.business_id, f.kind, f.subject_id, (f.payload ->> 'purpose_id')::uuid"
            " FROM unnest(%b::uuid[]) AS b (id) CROSS JOIN LATERAL ("
            " SELECT id, business_id, kind, subject_id, payload, at FROM store_fact"
            " WHERE business_id = b.id AND at >= %b AND kind = ANY(%b)"
            " ORDER BY at DESC, id DESC LIMIT %b) AS f ORDER BY f.at, f.id",
            (list(tenancy.current().business_ids), since, list(kinds), most),
        )
        return [Lately(*row) for row in cursor.fetchall()]
