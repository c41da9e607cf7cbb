"""Posting: the only way that money moves.

A sequence of entries, of one business or of hundreds, becomes one statement: entries, postings, balances and book heads
together, so that a batch of payments costs one round trip and the triggers look at whole sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.kit import clock, ids
from hesabu.ledger import rules
from hesabu.ledger.actions.books import LockedBook, lock_books
from hesabu.ledger.errors import PeriodLocked
from hesabu.ledger.types import Entry
from hesabu.store import sql

_POST = """
WITH entries AS (
    INSERT INTO ledger_entry (id, business_id, seq, booked_on, posted_at, kind, purpose_kind, purpose_id,
                              reverses_id, posting_count, version, hash)
    SELECT id, b, seq, day, %(posted_at)s, kind, pk, pid, rev, n, 1, h
    FROM unnest(%(id)b::uuid[], %(business)b::uuid[], %(seq)b::bigint[], %(booked_on)b::date[], %(kind)b::text[],
                %(purpose_kind)b::text[], %(purpose_id)b::uuid[], %(reverses)b::uuid[], %(count)b::int[],
                %(hash)b::bytea[]) AS t (id, b, seq, day, kind, pk, pid, rev, n, h)
), postings AS (
    INSERT INTO ledger_posting (business_id, entry_id, line, account_id, amount_minor, currency)
    SELECT * FROM unnest(%(p_business)b::uuid[], %(p_entry)b::uuid[], %(p_line)b::smallint[], %(p_account)b::uuid[],
                         %(p_amount)b::bigint[], %(p_currency)b::text[])
), balances AS (
    INSERT INTO ledger_balance AS old (business_id, account_id, currency, balance_minor)
    SELECT * FROM unnest(%(s_business)b::uuid[], %(s_account)b::uuid[], %(s_currency)b::text[], %(s_amount)b::bigint[])
    ON CONFLICT (business_id, account_id, currency)
    DO UPDATE SET balance_minor = old.balance_minor + EXCLUDED.balance_minor
)
UPDATE ledger_book AS book SET entry_count = t.n, head_hash = t.h
FROM unnest(%(h_business)b::uuid[], %(h_count)b::bigint[], %(h_hash)b::bytea[]) AS t (b, n, h)
WHERE book.business_id = t.b
"""


@inner
def post(
    entries: Sequence[Entry], *, books: dict[UUID, LockedBook] | None = None, shift: bool = False
) -> list[UUID]:
    """Write entries, in this order, and return their ids. Locks the books unless they are handed in as locked. An entry
    on a closed day is refused, or with `shift` booked on the first open one. Raises Unbalanced, PeriodLocked, BookNotFound."""
    if not entries:
        return []
    if books is None:
        books = lock_books(entry.business_id for entry in entries)
    posted_at = clock.now()
    columns: dict[str, list[object]] = {name: [] for name in _COLUMNS}
    sums: dict[tuple[UUID, UUID, str], int] = {}
    touched: dict[UUID, LockedBook] = {}
    entry_ids = []
    for entry in entries:
        rules.require_balanced(entry.postings)
        book = books[entry.business_id]
        touched[entry.business_id] = book
        booked_on = rules.open_day(entry.booked_on, book.period_locked_on)
        if booked_on != entry.booked_on and not shift:
            raise PeriodLocked(f"closed up to {book.period_locked_on}")
        entry_id = ids.new_id()
        entry_ids.append(entry_id)
        lines = [
            (rules.account_id(entry.business_id, p.role), p.amount_minor, p.currency)
            for p in entry.postings
        ]
        book.entry_count += 1
        book.head_hash = rules.link(
            book.head_hash,
            rules.canonical(
                entry.business_id,
                book.entry_count,
                entry_id,
                booked_on,
                posted_at,
                entry.kind,
                entry.purpose_kind,
                entry.purpose_id,
                entry.reverses_id,
                lines,
            ),
        )
        _add_entry(columns, entry, entry_id, book, booked_on, len(lines))
        for number, (account, amount, currency) in enumerate(lines, 1):
            _add(
                columns,
                ("p_business", entry.business_id),
                ("p_entry", entry_id),
                ("p_line", number),
                ("p_account", account),
                ("p_amount", amount),
                ("p_currency", currency),
            )
            key = (entry.business_id, account, currency)
            sums[key] = sums.get(key, 0) + amount
    for (business_id, account, currency), amount in sorted(sums.items()):
        _add(
            columns,
            ("s_business", business_id),
            ("s_account", account),
            ("s_currency", currency),
            ("s_amount", amount),
        )
    for business_id, book in touched.items():
        _add(
            columns,
            ("h_business", business_id),
            ("h_count", book.entry_count),
            ("h_hash", book.head_hash),
        )
    with sql.cursor() as cursor:
        cursor.execute(_POST, {"posted_at": posted_at, **columns})
    return entry_ids


_COLUMNS = (
    "id", "business", "seq", "booked_on", "kind", "purpose_kind", "purpose_id", "reverses", "count", "hash",
    "p_business", "p_entry", "p_line", "p_account", "p_amount", "p_currency",
    "s_business", "s_account", "s_currency", "s_amount",
    "h_business", "h_count", "h_hash",
)  # fmt: skip


def _add(columns: dict[str, list[object]], *values: tuple[str, object]) -> None:
    for name, value in values:
        columns[name].append(value)


def _add_entry(
    columns: dict[str, list[object]],
    entry: Entry,
    entry_id: UUID,
    book: LockedBook,
    booked_on: object,
    count: int,
) -> None:
    _add(
        columns,
        ("id", entry_id), ("business", entry.business_id), ("seq", book.entry_count), ("booked_on", booked_on),
        ("kind", entry.kind), ("purpose_kind", entry.purpose_kind), ("purpose_id", entry.purpose_id),
        ("reverses", entry.reverses_id), ("count", count), ("hash", book.head_hash),
    )  # fmt: skip
