"""The audit: facts of the bound business, searched. Newest first, a page at a time, or all of them for an export.

Each question goes by an index, however long the log is: by time, by kind, by who, by what it was about, by the address it
came from. What a fact changed is found from the facts before it about the same thing: a fact says what became so, and what
was so before is what the last one said.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.kit.errors import Invalid
from hesabu.store import origins, tenancy
from hesabu.store.facts import FactRecord

EXPORT_MOST = 50_000
COUNTED_MOST = 10_000
"""Of a day no more than these are counted, so that a picture costs the same whatever the log holds."""
LOOKED_BACK = 20
"""So many facts about a thing are looked through for what was so before."""


class TooMuchAtOnce(Invalid):
    code = "audit.too_much"
    title = "That is too much for one file."
    hint = "Choose fewer days, or one kind of act."


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; what is None does not matter."""

    kind: str | None = None
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    address: str | None = None
    kinds: Sequence[str] | None = None
    """Any of these."""


@dataclass(frozen=True, slots=True)
class Act:
    """A fact, where it came from, where that is known still, and what of its fields was otherwise before."""

    fact: FactRecord
    address: str
    before: dict[str, Any]


_COLUMNS = "id, kind, subject_kind, subject_id, business_id, at, actor_kind, actor_id, cause_id, payload::text"


def acts(asked: Asked, *, before: UUID | None = None, most: int = 50) -> list[Act]:
    """Newest first, those before the fact `before`."""
    where, values = _where(asked)
    if before is not None:
        at = _at_of(before)
        if at is None:
            return []
        where.append("(at, id) < (%s, %s)")
        values += [at, before]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM store_fact WHERE {' AND '.join(where)} ORDER BY at DESC, id DESC LIMIT %s",
            [*values, most],
        )
        found = [FactRecord(*(*row[:-1], json.loads(row[-1]))) for row in cursor.fetchall()]
    addresses = origins.of([fact.id for fact in found])
    earlier = _before(found)
    return [Act(fact, addresses.get(fact.id, ""), earlier.get(fact.id, {})) for fact in found]


def last_at(kind: str) -> dict[UUID, datetime]:
    """When a fact of that kind was last true, at each of the bound businesses where one ever was."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_AT, (list(tenancy.current().business_ids), kind))
        return dict(cursor.fetchall())


_LAST_AT = """
SELECT b.id, f.at FROM unnest(%s::uuid[]) AS b (id) CROSS JOIN LATERAL (
    SELECT at FROM store_fact WHERE business_id = b.id AND kind = %s ORDER BY at DESC, id DESC LIMIT 1
) AS f
"""


def _at_of(fact_id: UUID) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at FROM store_fact WHERE business_id = %s AND id = %s",
            (tenancy.only(), fact_id),
        )
        row = cursor.fetchone()
    return row[0] if row else None


_EARLIER = """
SELECT t.id, e.payload::text FROM unnest(%s::uuid[], %s::uuid[]) AS t (id, subject_id)
CROSS JOIN LATERAL (
    SELECT f.payload, f.id FROM store_fact f
    WHERE f.business_id = %s AND f.subject_id = t.subject_id AND f.id < t.id ORDER BY f.id DESC LIMIT %s
) AS e ORDER BY t.id, e.id DESC
"""


def _before(found: Sequence[FactRecord]) -> dict[UUID, dict[str, Any]]:
    """Of each fact: what the last facts about the same thing said of the same fields, where that differs."""
    said = {fact.id: fact.payload for fact in found if fact.payload}
    told: dict[UUID, dict[str, Any]] = {one: {} for one in said}
    with connection.cursor() as cursor:
        asked = [fact for fact in found if fact.id in said]
        cursor.execute(
            _EARLIER,
            (
                *([one.id for one in asked], [one.subject_id for one in asked]),
                *(tenancy.only(), LOOKED_BACK),
            ),
        )
        for fact_id, text in cursor.fetchall():
            for name, value in json.loads(text).items():
                if name in said[fact_id]:
                    told[fact_id].setdefault(name, value)
    return {
        fact_id: {name: value for name, value in one.items() if said[fact_id][name] != value}
        for fact_id, one in told.items()
    }


def every_act(asked: Asked) -> list[Act]:
    """All that is asked for, for an export. Raises TooMuchAtOnce."""
    found = acts(asked, most=EXPORT_MOST + 1)
    if len(found) > EXPORT_MOST:
        raise TooMuchAtOnce()
    return found


_KINDS = """
WITH RECURSIVE one (kind) AS (
    (SELECT kind FROM store_fact WHERE business_id = %s ORDER BY kind LIMIT 1)
    UNION ALL
    SELECT (SELECT f.kind FROM store_fact f WHERE f.business_id = %s AND f.kind > one.kind ORDER BY f.kind LIMIT 1)
    FROM one WHERE one.kind IS NOT NULL
) SELECT kind FROM one WHERE kind IS NOT NULL
"""
"""From one kind to the next along the index, without reading what lies between."""


def kinds() -> list[str]:
    """The kinds of fact that the bound business has."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, (tenancy.only(), tenancy.only()))
        return [row[0] for row in cursor.fetchall()]


def counts(asked: Asked, bounds: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """How many acts fall between each two instants, counted to COUNTED_MOST."""
    where, values = _where(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM (SELECT FROM store_fact WHERE"
            f" {' AND '.join(where)} AND at >= t.lo AND at < t.hi LIMIT {COUNTED_MOST}) AS counted)"
            " FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS t (lo, hi, n) ORDER BY n",
            [*values, [lo for lo, _ in bounds], [hi for _, hi in bounds]],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _where(asked: Asked) -> tuple[list[str], list[Any]]:
    where, values = ["business_id = %s"], [tenancy.only()]
    for column, value in (
        *(("kind = %s", asked.kind), ("actor_id = %s", asked.actor_id)),
        *(("subject_id = %s", asked.subject_id), ("at >= %s", asked.since)),
        ("at < %s", asked.until),
    ):
        if value is not None:
            where.append(column)
            values.append(value)  # type: ignore[arg-type]
    if asked.kinds is not None:
        where.append("kind = ANY(%s)")
        values.append(list(asked.kinds))  # type: ignore[arg-type]
    if asked.address is not None:
        where.append(
            "id IN (SELECT o.id FROM store_origin o WHERE o.business_id = %s AND o.address_index = %s)"
        )
        values += [tenancy.only(), origins.index_of(asked.address)]  # type: ignore[list-item]
    return where, values
