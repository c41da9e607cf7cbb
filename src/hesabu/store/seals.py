"""Seals: the fact log, chained, so that a fact that was changed, taken out or slipped in is found.

A fact is written without looking at the one before it, so that settling a hundred payments does not wait for one chain.
A job comes after it, every minute: it takes the facts that are complete, in the order of their ids, and writes for each
business one row, the *seal*: from which fact to which, how many, and a hash that goes on from the seal before.

    facts      ─f1─f2─f3─┬─f4─┬──────f5─f6─┬─ f7 …                hash(fn) = SHA-256(hash(fn-1) + canonical bytes of fn)
    seals               s1   s2           s3                      sn.hash = hash of its last fact, sn.previous = sn-1.hash

*Complete* means: no transaction is open any more that could still write an earlier id. An id begins with the instant it
was made, inside its transaction; so the job asks since when the oldest open transaction has run, and stays a minute behind
that (for clocks that differ: the doctor calls five seconds wrong). Up to there, nothing may come any more: a fact behind
the mark that no seal counts was slipped in.

`verify` computes it all again. Where it ends: whoever owns the database can write facts and seals anew from some point on,
all of them; that shows only to who kept a head elsewhere (`hesabu verify` prints it). What is not sealed yet, the last
minutes, is only append-only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, connections, transaction

from hesabu.kit import clock, ids
from hesabu.store import jobs

log = structlog.get_logger(__name__)
OWNER = "owner"
VERSION = 1
GENESIS = bytes(32)
BEHIND_SECONDS = 60
WINDOW_FACTS = 20_000
FIRST = UUID(int=0)


@dataclass(slots=True)
class Chain:
    """What a log proved to be."""

    business_id: UUID
    fact_count: int = 0
    seal_count: int = 0
    head: str = ""
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a business's log is chained, as it lies; whether it holds, `verify` says."""

    seal_count: int
    fact_count: int
    head: str
    sealed_at: datetime | None
    unsealed_count: int
    """Facts that came since; counted to a thousand."""


FACT = "id, kind, subject_kind, subject_id, payload::text, actor_kind, actor_id, cause_id, at"


def canonical(business_id: UUID, row: Sequence[Any]) -> bytes:
    """Version 1: the columns of FACT as one JSON array, the payload's fields by name, the instant in microseconds."""
    fact_id, kind, subject_kind, subject_id, payload, actor_kind, actor_id, cause_id, at = row
    said = [
        *(VERSION, business_id.hex, fact_id.hex, kind, subject_kind, subject_id.hex),
        json.loads(payload),
        *(actor_kind, actor_id.hex if actor_id else "", cause_id.hex if cause_id else ""),
        (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1),
    ]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def link(previous: bytes, content: bytes) -> bytes:
    return hashlib.sha256(previous + content).digest()


def seal(*, behind_seconds: float = BEHIND_SECONDS, window: int = WINDOW_FACTS) -> int:
    """Seal all facts that are complete; how many. Two at once take turns."""
    until = _complete_until(behind_seconds)
    count = 0
    while True:
        some, is_last = _seal_window(until, window)
        count += some
        if is_last:
            return count


def _complete_until(behind_seconds: float) -> UUID:
    """The greatest id that no transaction can come before any more. Asked as the product's own role: nobody else writes
    facts, and of others' transactions it is not told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM least(clock_timestamp(), min(xact_start)))::float8 FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        oldest = float(cursor.fetchone()[0])
    instant_ms = int((oldest - behind_seconds) * 1000)
    return UUID(int=(instant_ms << 80) - 1)  # the last of the millisecond before


def _seal_window(until: UUID, window: int) -> tuple[int, bool]:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT until_id FROM store_sealing FOR UPDATE")
        after = cursor.fetchone()[0]
        if after >= until:
            return 0, True
        cursor.execute(
            "SELECT id FROM store_fact WHERE id > %s AND id <= %s ORDER BY id OFFSET %s LIMIT 1",
            (after, until, window - 1),
        )
        end = cursor.fetchone()
        upto = end[0] if end else until
        cursor.execute(
            f"SELECT business_id, {FACT} FROM store_fact WHERE id > %s AND id <= %s ORDER BY business_id, id",
            (after, upto),
        )
        rows = cursor.fetchall()
        seals = list(_sealed(rows, _heads(cursor, {row[0] for row in rows})))
        if seals:
            cursor.execute(
                "INSERT INTO store_seal (id, business_id, seq, from_id, to_id, count, hash, previous_hash, sealed_at)"
                " SELECT t.*, %s FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::uuid[], %s::uuid[], %s::int[],"
                " %s::bytea[], %s::bytea[]) AS t",
                (clock.now(), *map(list, zip(*seals, strict=True))),
            )
        cursor.execute("UPDATE store_sealing SET until_id = %s, at = %s", (upto, clock.now()))
        return len(rows), end is None


def _heads(cursor: Any, business_ids: set[UUID]) -> dict[UUID, tuple[int, bytes]]:
    cursor.execute(
        "SELECT DISTINCT ON (business_id) business_id, seq, hash FROM store_seal WHERE business_id = ANY(%s)"
        " ORDER BY business_id, seq DESC",
        (list(business_ids),),
    )
    return {row[0]: (row[1], bytes(row[2])) for row in cursor.fetchall()}


def _sealed(
    rows: Sequence[Any], heads: dict[UUID, tuple[int, bytes]]
) -> Iterator[tuple[UUID, UUID, int, UUID, UUID, int, bytes, bytes]]:
    for business_id, group in groupby(rows, key=lambda row: row[0]):
        facts = [row[1:] for row in group]
        seq, previous = heads.get(business_id, (0, GENESIS))
        head = previous
        for fact in facts:
            head = link(head, canonical(business_id, fact))
        yield (
            *(ids.new_id(), business_id, seq + 1, facts[0][0], facts[-1][0], len(facts)),
            *(head, previous),
        )


UNSEALED_MOST = 1000


def standing(business_id: UUID) -> Standing:
    """From the last seal. Inside a binding of that business, or of the house for its own."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, (business_id, business_id, FIRST, UNSEALED_MOST, business_id))
        seq, head, sealed_at, counted, unsealed = cursor.fetchone()
    if seq is None:
        return Standing(0, 0, GENESIS.hex(), None, int(unsealed))
    return Standing(seq, int(counted), bytes(head).hex(), sealed_at, int(unsealed))


_STANDING = """
SELECT s.seq, s.hash, s.sealed_at,
    (SELECT coalesce(sum(count), 0) FROM store_seal WHERE business_id = %s),
    (SELECT count(*) FROM (
        SELECT FROM store_fact WHERE business_id = %s AND id > coalesce(s.to_id, %s) ORDER BY id LIMIT %s) AS since)
FROM (SELECT) AS one LEFT JOIN LATERAL (
    SELECT seq, to_id, hash, sealed_at FROM store_seal WHERE business_id = %s ORDER BY seq DESC LIMIT 1
) AS s ON true
"""


def holds(business_id: UUID, seq: int, head: str) -> bool:
    """Whether the seal of that place still has the hash that somebody kept elsewhere. Inside the binding, as `standing`."""
    if seq == 0:
        return head == GENESIS.hex()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hash FROM store_seal WHERE business_id = %s AND seq = %s", (business_id, seq)
        )
        row = cursor.fetchone()
    return row is not None and bytes(row[0]).hex() == head


def verify(business_id: UUID) -> Chain:
    """Compute a log again from its rows. Inside a binding of that business (or of the house, for the house's own)."""
    chain = Chain(business_id)
    previous, after = GENESIS, FIRST
    with connection.cursor() as cursor:
        cursor.execute("SELECT until_id FROM store_sealing")
        until = cursor.fetchone()[0]
        cursor.execute(
            "SELECT seq, from_id, to_id, count, hash, previous_hash FROM store_seal WHERE business_id = %s ORDER BY seq",
            (business_id,),
        )
        seals = cursor.fetchall()
    for seq, from_id, to_id, count, sealed, before in seals:
        chain.seal_count += 1
        where = f"facts of seal {chain.seal_count}"
        if seq != chain.seal_count:
            chain.faults.append(f"{where}: a seal before it is missing")
            chain.seal_count = seq
        if bytes(before) != previous:
            chain.faults.append(f"{where}: it does not go on from the seal before it")
        first, found, head = _walk(business_id, after, to_id, bytes(before))
        if found != count:
            chain.faults.append(f"{where}: it counts {count} and there are {found}")
        elif head != bytes(sealed) or first != from_id:
            chain.faults.append(f"{where}: the hash does not fit")
        chain.fact_count += found
        previous, after = bytes(sealed), to_id
    _, late, _ = _walk(business_id, after, max(until, after), GENESIS)
    if late:
        chain.faults.append(f"{late} facts stand behind the last seal's time and in no seal")
    chain.head = previous.hex()
    return chain


def _walk(
    business_id: UUID, after: UUID, upto: UUID, head: bytes
) -> tuple[UUID | None, int, bytes]:
    """(the first fact, how many, the hash) of a stretch, read in pieces."""
    first, count = None, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {FACT} FROM store_fact WHERE business_id = %s AND id > %s AND id <= %s ORDER BY id LIMIT 5000",
                (business_id, after, upto),
            )
            rows = cursor.fetchall()
        for row in rows:
            head = link(head, canonical(business_id, row))
        if rows:
            first, count, after = first or rows[0][0], count + len(rows), rows[-1][0]
        if len(rows) < 5000:
            return first, count, head


def behind_seconds() -> float:
    """How long ago the sealing last came through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM store_sealing")
        return float((clock.now() - cursor.fetchone()[0]).total_seconds())


@jobs.task("store.seal", retries=1)
def seal_facts() -> None:
    """Seal what is complete."""
    if count := seal():
        log.info("facts.sealed", count=count)


jobs.every("store.seal", cron="* * * * *")
