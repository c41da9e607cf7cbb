"""Reading later: the job that hands facts to a *later* reader, each once.

That a bound reader has read a fact is a row (`store_reading`) in the transaction of what it did, so a job that runs twice
does it once. A fact whose reader fails is tried again alone, with growing waits, while the others go on; after the last
try it is set aside as a row with its reason, for a person to see.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import connection

from hesabu.kit import clock
from hesabu.store import facts, jobs, tenancy
from hesabu.store.wiring import Later, wiring

log = structlog.get_logger(__name__)
TRIES_MAX = 8


@jobs.task("store.read", retries=8)
def read(reader: str, facts: list[list[str]], attempt: int = 1) -> None:
    later = wiring.readers[reader]
    for business_id, fact_id in facts:
        try:
            _read_one(later, UUID(business_id), UUID(fact_id))
        except Exception as error:
            log.warning(
                "fact.reader_failed", reader=reader, fact_id=fact_id, attempt=attempt, exc_info=True
            )
            _again(later, business_id, fact_id, attempt, type(error).__name__)


def _read_one(later: Later, business_id: UUID, fact_id: UUID) -> None:
    if later.is_unbound:
        with _bound(business_id):
            record = facts.records([fact_id])[0]
        later.read([facts.restore(record)])
        return
    with _bound(business_id):
        record = facts.records([fact_id])[0]
        binding = tenancy.current()
        binding.actor, binding.cause_id = tenancy.SYSTEM, fact_id
        if _is_first_reading(later.name, business_id, fact_id):
            later.read([facts.restore(record)])


def _bound(business_id: UUID):  # type: ignore[no-untyped-def]
    return tenancy.house() if business_id == tenancy.HOUSE else tenancy.bound(business_id)


def _is_first_reading(reader: str, business_id: UUID, fact_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_reading (reader, fact_id, business_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (reader, fact_id, business_id),
        )
        return bool(cursor.rowcount == 1)


def _again(later: Later, business_id: str, fact_id: str, attempt: int, error: str) -> None:
    with tenancy.house():
        if attempt >= TRIES_MAX:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO store_unread (reader, fact_id, business_id, error, at) VALUES (%s, %s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    (later.name, fact_id, business_id, error, clock.now()),
                )
            return
        jobs.defer(
            "store.read",
            reader=later.name,
            facts=[[business_id, fact_id]],
            attempt=attempt + 1,
            run_at=clock.now() + timedelta(seconds=min(600, 2**attempt)),
        )
