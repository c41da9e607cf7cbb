"""Sealing again: every sealed value of every table under the first key of the ring, while the house goes on working.

    for step in resealing.run():          # as the owner's role, a batch a transaction
        print(step.column, step.done, step.left)

Which key sealed a value stands in its first bytes, so what is left to do is asked of the rows themselves: whoever is
killed halfway goes on where the other stopped, and two may do it at once. A value is replaced only if it is still the one
that was read (compare and set); what somebody wrote in between stays, and was sealed by the first key anyway. Until its
turn comes a value is opened by the key that sealed it, so that key may leave the ring only when nothing needs it any more:
`still_needing` asks that of every row, and `keys retire` refuses while there is an answer.

Columns are found from the models: `SealedText`, `SealedJSON`, `SealedBytes`. Those of libraries, which keep sealed hex
inside JSON, are named in `HEX_IN_JSON`. Append-only tables let the owner's role change sealed words and nothing else
(`migration.append_only_but_words`). What is *hidden* (AES-SIV) hangs on the blind key and is not touched here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.apps import apps
from django.db import connections, transaction

from hesabu.kit import clock, crypto
from hesabu.store import jobs
from hesabu.store.fields import SealedBytes, SealedText

log = structlog.get_logger(__name__)
BATCH_ROWS = 500
OWNER = "owner"
"""The connection: sealing again crosses every business, which no other role may."""
HEX_IN_JSON = (("mfa_authenticator", "id", "data"),)
"""(table, key, column) of JSON whose texts are sealed values in hexadecimal."""
_SEALED_HEX = re.compile(r'"(01[0-9a-f]{30,})"')
SLICE_SECONDS = 50
"""How long the job works before it lets others have the worker."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where sealed values lie."""

    table: str
    key: str
    column: str
    is_json: bool = False

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How many values of a column each key has sealed."""

    column: Column
    by_key: dict[str, int]

    @property
    def done(self) -> int:
        return self.by_key.get(crypto.keyring().current_id, 0)

    @property
    def left(self) -> int:
        return sum(self.by_key.values()) - self.done


@dataclass(slots=True)
class Step:
    """How far one column is, after a batch."""

    column: Column
    resealed: int = 0
    unreadable: int = 0
    overtaken: int = 0
    """Values that somebody else replaced between reading and writing."""
    after: Any = field(default=None, repr=False)


def columns() -> list[Column]:
    """Every sealed column, from the models; by table and name."""
    found = {Column(table, key, name, is_json=True) for table, key, name in HEX_IN_JSON}
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, SealedText | SealedBytes):
                key = model._meta.pk
                assert key is not None
                found.add(Column(model._meta.db_table, str(key.column), str(one.column)))
    return sorted(found, key=str)


def standing(column: Column) -> Standing:
    """Counted now, from the rows."""
    counts: dict[str, int] = {}
    with connections[OWNER].cursor() as cursor:
        if column.is_json:
            cursor.execute(f"SELECT {column.column}::text FROM {column.table}")
            for (text,) in cursor.fetchall():
                for sealed in _in_json(text):
                    _count(counts, crypto.keyring().key_id_of(sealed))
        else:
            cursor.execute(
                f"SELECT CASE WHEN length({column.column}) > 2 AND get_byte({column.column}, 0) = 1"
                f" THEN encode(substr({column.column}, 3, get_byte({column.column}, 1)), 'escape')"
                f" ELSE '' END, count(*) FROM {column.table} WHERE {column.column} IS NOT NULL GROUP BY 1"
            )
            counts = dict(cursor.fetchall())
    return Standing(column, counts)


def standings() -> list[Standing]:
    return [standing(column) for column in columns()]


def still_needing(key_id: str) -> dict[str, int]:
    """Column → how many values only this key opens."""
    return {str(one.column): one.by_key[key_id] for one in standings() if one.by_key.get(key_id, 0)}


def _count(counts: dict[str, int], key_id: str) -> None:
    counts[key_id] = counts.get(key_id, 0) + 1


def _in_json(text: str) -> list[bytes]:
    found = (bytes.fromhex(one) for one in _SEALED_HEX.findall(text) if len(one) % 2 == 0)
    return [sealed for sealed in found if len(sealed) > 2 + sealed[1]]


def run(*, batch: int = BATCH_ROWS) -> Iterator[Step]:
    """Seal again whatever another key sealed, a step after each batch. Stop when you like; call again to go on."""
    for column in columns():
        step = Step(column)
        while _batch(step, batch):
            yield step
        if step.resealed or step.unreadable:
            yield step


def _batch(step: Step, limit: int) -> bool:
    """One transaction. Whether there may be more."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT set_config('hesabu.rewriting', 'sealing again', true)")
        rows = _read_json(cursor, step) if step.column.is_json else _read(cursor, step, limit)
        if not rows:
            return False
        step.after = rows[-1][0]
        again = []
        for key, old in rows:
            try:
                again.append((key, old, _again(step.column, old)))
            except crypto.Unreadable:
                step.unreadable += 1
        changed = _write(cursor, step.column, again)
    step.resealed += changed
    step.overtaken += len(again) - changed
    return not step.column.is_json


def _read(cursor: Any, step: Step, limit: int) -> list[tuple[Any, Any]]:
    header = crypto.keyring().header
    column = step.column
    after = f" AND {column.key} > %s" if step.after is not None else ""
    cursor.execute(
        f"SELECT {column.key}, {column.column} FROM {column.table} WHERE {column.column} IS NOT NULL"
        f" AND substr({column.column}, 1, {len(header)}) <> %s{after} ORDER BY {column.key} LIMIT {limit}",
        [header] + ([step.after] if after else []),
    )
    return [(key, bytes(value)) for key, value in cursor.fetchall()]


def _read_json(cursor: Any, step: Step) -> list[tuple[Any, Any]]:
    """A row for each factor of a person: few enough to be read at once."""
    current = crypto.keyring().current_id
    cursor.execute(f"SELECT {step.column.key}, {step.column.column}::text FROM {step.column.table}")
    key_id_of = crypto.keyring().key_id_of
    return [
        row
        for row in cursor.fetchall()
        if any(key_id_of(sealed) != current for sealed in _in_json(row[1]))
    ]


def _again(column: Column, old: Any) -> Any:
    if not column.is_json:
        return crypto.seal(crypto.unseal(old))
    text = str(old)
    for sealed in _in_json(text):
        text = text.replace(sealed.hex(), crypto.seal(crypto.unseal(sealed)).hex())
    return text


def _write(cursor: Any, column: Column, again: list[tuple[Any, Any, Any]]) -> int:
    """Compare and set. How many were still what they had been."""
    if not again:
        return 0
    if column.is_json:
        done = 0
        for key, old, new in again:
            cursor.execute(
                f"UPDATE {column.table} SET {column.column} = %s::jsonb"
                f" WHERE {column.key} = %s AND {column.column}::jsonb = %s::jsonb",
                (new, key, old),
            )
            done += cursor.rowcount
        return done
    kind = "uuid" if hasattr(again[0][0], "hex") else "bigint"
    kind = "text" if isinstance(again[0][0], str) else kind
    cursor.execute(
        f"UPDATE {column.table} AS t SET {column.column} = v.new"
        f" FROM unnest(%s::{kind}[], %s::bytea[], %s::bytea[]) AS v (key, old, new)"
        f" WHERE t.{column.key} = v.key AND t.{column.column} = v.old",
        ([a[0] for a in again], [a[1] for a in again], [a[2] for a in again]),
    )
    return int(cursor.rowcount)


def finished() -> bool:
    """Whether a whole pass under the present first key has found nothing left; said by the job and the command."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT 1 FROM store_secret WHERE name = %s", (_mark(),))
        return cursor.fetchone() is not None


def note_finished() -> None:
    """Nothing is left: the job need not look again under this key."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_secret (name, digest, first_seen_at, last_seen_at)"
            " VALUES (%s, '', %s, %s) ON CONFLICT (name, digest) DO UPDATE SET last_seen_at = excluded.last_seen_at",
            (_mark(), clock.now(), clock.now()),
        )


def _mark() -> str:
    return f"resealed:{crypto.keyring().current_id}"


@jobs.task("store.reseal", retries=1)
def reseal() -> None:
    """Go on sealing again, for a while."""
    if len(crypto.keyring().key_ids) < 2 or finished():
        return
    ends = time.monotonic() + SLICE_SECONDS
    unreadable: dict[str, int] = {}
    for step in run():
        if step.unreadable:
            unreadable[str(step.column)] = step.unreadable
        if time.monotonic() > ends:
            log.info("reseal.slice", column=str(step.column), resealed=step.resealed)
            return
    if unreadable:
        log.error("reseal.unreadable", **unreadable)
        return
    note_finished()
    log.info("reseal.finished")


jobs.every("store.reseal", cron="*/5 * * * *")
