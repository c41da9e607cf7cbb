"""Settling: letters about money become payments, in batches, each once.

One transaction per batch: take some free books, then their letters; read accounts, requests and receipts; decide in pure
rules; write. A hundred payments of fifty businesses cost the same dozen statements as one. A batch that fails is read
letter by letter, so that one poisoned letter among two hundred stops nobody; it is counted, tried again by itself with
growing waits, and at last set aside with its reason.

The book's lock is what makes it exact: all that may settle, claim or place money of a business holds it, so what was read
is still true when it is written. Receipts are unique in the database all the same.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from uuid import UUID

import structlog
from django.db import connection

from hesabu.identity.permissions import inner
from hesabu.ledger import actions as ledger
from hesabu.payments.actions.settle_read import Batch, read_batch
from hesabu.payments.actions.settle_write import write
from hesabu.store import letters, tenancy

log = structlog.get_logger(__name__)
PROVIDER = "mpesa"
ACTOR = tenancy.Actor("provider")
BOOKS_MAX = 16

_BUSINESSES = """
WITH RECURSIVE waiting AS (
    (SELECT business_id FROM store_letter WHERE provider = %(provider)s AND state = 'filed'
     AND business_id IS NOT NULL ORDER BY business_id LIMIT 1)
    UNION ALL
    SELECT (SELECT business_id FROM store_letter WHERE provider = %(provider)s AND state = 'filed'
            AND business_id > w.business_id ORDER BY business_id LIMIT 1)
    FROM waiting w WHERE w.business_id IS NOT NULL
)
SELECT business_id FROM waiting WHERE business_id IS NOT NULL LIMIT 200
"""
_LETTERS = (
    f"SELECT {letters.COLUMNS} FROM store_letter WHERE provider = %s AND state = 'filed'"
    " AND business_id = ANY(%s) AND {which} ORDER BY id LIMIT %s"
)


@inner
def settle_waiting(limit: int = 256) -> int:
    """Settle up to `limit` waiting letters of businesses whose books are free. How many were taken."""
    businesses = _waiting_businesses()
    if not businesses:
        return 0
    try:
        taken = _settle_batch(businesses, limit)
    except Exception:
        log.warning("settle.batch_failed", exc_info=True)
        return _settle_singly(businesses, limit, "attempt_count = 0")
    return taken or _settle_singly(businesses, limit, letters.RETRY_IS_DUE)


def _waiting_businesses() -> list[UUID]:
    """Businesses with letters, in an order of chance, so that workers do not queue for the same books."""
    with connection.cursor() as cursor:
        cursor.execute(_BUSINESSES, {"provider": PROVIDER})
        found = [row[0] for row in cursor.fetchall()]
    random.shuffle(found)
    return found


def _settle_batch(businesses: Sequence[UUID], limit: int) -> int:
    some = businesses[:BOOKS_MAX]
    with tenancy.bound(*some, actor=ACTOR):
        books = ledger.lock_books(some, skip_locked=True)
        if not books:
            return 0
        filed = _letters(list(books), "attempt_count = 0", limit)
        if filed:
            batch = read_batch(filed, books)
            write(batch)
        return len(filed)


def _settle_singly(businesses: Sequence[UUID], limit: int, which: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, business_id FROM store_letter WHERE provider = %s AND state = 'filed'"
            f" AND business_id = ANY(%s) AND {which} ORDER BY id LIMIT %s",
            (PROVIDER, list(businesses), limit),
        )
        waiting = cursor.fetchall()
    for letter_id, business_id in waiting:
        try:
            settle_one(letter_id, business_id)
        except Exception as error:
            log.warning("settle.letter_failed", letter_id=str(letter_id), exc_info=True)
            letters.count_attempt(letter_id, error)
    return len(waiting)


@inner
def settle_one(letter_id: UUID, business_id: UUID) -> None:
    """One letter in a transaction of its own. Nothing happens if it was read meanwhile."""
    with tenancy.bound(business_id, actor=ACTOR, cause_id=letter_id):
        books = ledger.lock_books([business_id])
        filed = _letters([business_id], "id = %s", 1, letter_id)
        if filed:
            batch: Batch = read_batch(filed, books)
            write(batch)


def _letters(
    business_ids: list[UUID], which: str, limit: int, *values: UUID
) -> list[letters.FiledLetter]:
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS.format(which=which), (PROVIDER, business_ids, *values, limit))
        return [letters.letter_from(row) for row in cursor.fetchall()]
