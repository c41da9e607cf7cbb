"""Counting what a database holds, in one snapshot, as the role that owns it."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable

import psycopg
from psycopg import sql

from hesabu.app.backup.archive import BackupError, Book, Census, Key
from hesabu.app.config import Config
from hesabu.kit import crypto

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1
"""
HIDDEN = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relrowsecurity
  AND (c.relforcerowsecurity OR pg_get_userbyid(c.relowner) <> current_user)
  AND NOT (SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user)
  AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive
                  AND p.polcmd IN ('*', 'r') AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                  AND (p.polroles = '{0}' OR current_user::regrole::oid = ANY (p.polroles)))
"""
BYTES_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1, 2
"""


def refuse_hidden_rows(connection: psycopg.Connection[tuple[str]]) -> None:
    """A table whose policies hide rows from this role would be dumped in part, without a word."""
    hidden = [name for (name,) in connection.execute(HIDDEN)]
    if hidden:
        raise BackupError(
            f"This role does not see every row of: {', '.join(hidden)}. Nothing was backed up.\n"
            "Use the role that owns the tables (HESABU_OWNER_DATABASE_URL)."
        )


def take(connection: psycopg.Connection[tuple[str]], config: Config | None) -> Census:
    """Count everything. Inside the caller's transaction, so that all counts are of one instant."""
    tables = [name for (name,) in connection.execute(TABLES)]
    counts = {name: _count(connection, name) for name in tables}
    books = []
    if "ledger_book" in counts:
        rows = connection.execute(
            "SELECT business_id::text, entry_count, encode(head_hash, 'hex') FROM ledger_book ORDER BY 1"
        )
        books = [Book(business, int(entries), head) for business, entries, head in rows]  # type: ignore[misc]
    migrations: dict[str, str] = {}
    if "django_migrations" in counts:
        rows = connection.execute(
            "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"
        )
        migrations = dict(rows)  # type: ignore[arg-type]
    return Census(counts, books, migrations, _keys(connection, config))


def _count(connection: psycopg.Connection[tuple[str]], table: str) -> int:
    row = connection.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))
    ).fetchone()
    assert row is not None
    return int(row[0])


def _keys(connection: psycopg.Connection[tuple[str]], config: Config | None) -> list[Key]:
    """Which keys sealed something: their ids stand in the clear at the head of each sealed value.

    Bytes that are no sealed value are told apart by their head: version 1, then an id of letters, digits, - and _.
    """
    sealed: Counter[str] = Counter()
    for table, column in connection.execute(BYTES_COLUMNS).fetchall():  # type: ignore[misc]
        question = sql.SQL(
            "SELECT convert_from(substring({c} FROM 3 FOR get_byte({c}, 1)), 'SQL_ASCII'), count(*)"
            " FROM (SELECT substring({c} FROM 1 FOR 40) AS {c}, length({c}) AS whole FROM {t}) heads"
            " WHERE length({c}) > 31 AND get_byte({c}, 0) = 1 AND get_byte({c}, 1) BETWEEN 1 AND 31"
            " AND whole >= 2 + get_byte({c}, 1) + 28"
            " AND encode(substring({c} FROM 3 FOR get_byte({c}, 1)), 'escape') ~ '^[A-Za-z0-9_-]+$'"
            " GROUP BY 1"
        ).format(c=sql.Identifier(column), t=sql.Identifier("public", table))
        sealed.update(dict(connection.execute(question).fetchall()))  # type: ignore[arg-type]
    at_hand = fingerprints(config)
    return [Key(name, at_hand.get(name, ""), count) for name, count in sorted(sealed.items())]


def fingerprints(config: Config | None) -> dict[str, str]:
    if config is None:
        return {}
    return {name: fingerprint(key) for name, key in crypto.read_keys(config.field_keys).items()}


def blind_fingerprint(config: Config) -> str:
    return fingerprint(base64.b64decode(config.blind_key))


def fingerprint(key: bytes) -> str:
    """Tells keys apart and gives none away: 64 bits of the hash of 256 random ones."""
    return hashlib.sha256(b"hesabu key fingerprint\x00" + key).hexdigest()[:16]


def differences(expected: Census, found: Census) -> Iterable[str]:
    """Where a restored database is not what was backed up."""
    for table in sorted(expected.tables.keys() | found.tables.keys()):
        before, after = expected.tables.get(table), found.tables.get(table)
        if before != after:
            yield f"{table} holds {_rows(after)}; the backup counted {_rows(before)}"
    before_books = {book.business_id: book for book in expected.books}
    after_books = {book.business_id: book for book in found.books}
    for business_id in sorted(before_books.keys() | after_books.keys()):
        if before_books.get(business_id) != after_books.get(business_id):
            yield f"the book of {business_id} does not end where the backup says"
    if expected.migrations != found.migrations:
        yield "the migrations are not those of the backup"


def _rows(count: int | None) -> str:
    return "nothing (no such table)" if count is None else f"{count} rows"
