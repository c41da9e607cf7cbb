"""Origins: from which address an act came, where the door knows it.

Facts are kept for ever and carry no personal data, so an address does not stand in one. It is kept beside it, sealed, for
as long as it may help (`HESABU_KEEP_ADDRESSES_DAYS`), and then forgotten; the chain of facts does not notice.

    with origins.came_from("196.201.214.7"):      # a door, around a request
        ...                                        # every fact written in here is noted with it
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db import connection

from hesabu.kit import crypto
from hesabu.store import sql

_address: ContextVar[str] = ContextVar("hesabu_origin", default="")


@contextmanager
def came_from(address: str) -> Iterator[None]:
    token = _address.set(address[:64])
    try:
        yield
    finally:
        _address.reset(token)


def address() -> str:
    """Of the request that is being answered; empty where there is none."""
    return _address.get()


def note(facts: Sequence[tuple[UUID, UUID]]) -> None:
    """(fact, business) of a transaction, with the address of the request it runs for, if it runs for one."""
    came = _address.get()
    if not came or not facts:
        return
    with sql.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_origin (id, business_id, address, address_index)"
            " SELECT f, b, %b::bytea, %b::bytea FROM unnest(%b::uuid[], %b::uuid[]) AS t (f, b)",
            (
                *(crypto.seal(came.encode()), index_of(came)),
                *([f for f, _ in facts], [b for _, b in facts]),
            ),
        )


def index_of(address: str) -> bytes:
    """By which the acts of one address are found again."""
    return crypto.blind(f"origin:{address}")


def of(fact_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Fact → address, of those that have one. Inside their business's binding."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, address FROM store_origin WHERE id = ANY(%s)", (list(fact_ids),))
        return {row[0]: crypto.unseal(bytes(row[1])).decode() for row in cursor.fetchall()}


def forget_before(instant: datetime, most: int) -> int:
    """Addresses of so many acts older than that, of every business. As the owner's role; how many."""
    from django.db import connections

    oldest = UUID(int=int(instant.timestamp() * 1000) << 80)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM store_origin WHERE id = ANY (ARRAY("
            "SELECT id FROM store_origin WHERE id < %s ORDER BY id LIMIT %s))",
            (oldest, most),
        )
        return int(cursor.rowcount)
