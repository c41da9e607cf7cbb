"""The audit: facts of the bound business, searched. Newest first, a page at a time, or all of them for an export."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.kit.errors import Invalid
from hesabu.store import origins, tenancy
from hesabu.store.facts import FactRecord

EXPORT_MOST = 50_000


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


@dataclass(frozen=True, slots=True)
class Act:
    """A fact, and where it came from, where that is known still."""

    fact: FactRecord
    address: str


_COLUMNS = "id, kind, subject_kind, subject_id, business_id, at, actor_kind, actor_id, cause_id, payload::text"


def acts(asked: Asked, *, before: UUID | None = None, most: int = 50) -> list[Act]:
    """Newest first, those before the fact `before`."""
    where, values = _where(asked)
    if before is not None:
        where.append("id < %s")
        values.append(before)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM store_fact WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s",
            [*values, most],
        )
        found = [FactRecord(*(*row[:-1], json.loads(row[-1]))) for row in cursor.fetchall()]
    addresses = origins.of([fact.id for fact in found])
    return [Act(fact, addresses.get(fact.id, "")) for fact in found]


def every_act(asked: Asked) -> list[Act]:
    """All that is asked for, for an export. Raises TooMuchAtOnce."""
    found = acts(asked, most=EXPORT_MOST + 1)
    if len(found) > EXPORT_MOST:
        raise TooMuchAtOnce()
    return found


def kinds() -> list[str]:
    """The kinds of fact that the bound business has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT kind FROM store_fact WHERE business_id = %s ORDER BY kind",
            (tenancy.only(),),
        )
        return [row[0] for row in cursor.fetchall()]


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
    return where, values
