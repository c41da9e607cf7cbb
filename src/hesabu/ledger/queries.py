"""Questions to the books, and the proof that they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from uuid import UUID

from django.db import connection

from hesabu.kit.money import Money
from hesabu.ledger import rules
from hesabu.ledger.errors import BookNotFound, EntryNotFound
from hesabu.ledger.models import Book, EntryRow
from hesabu.ledger.types import AccountKind, Balance, EntryView, PostingView, Verdict
from hesabu.store import tenancy

_ENTRIES = """
SELECT e.id, e.seq, e.booked_on, e.posted_at, e.kind, e.purpose_kind, e.purpose_id, e.reverses_id,
       a.code, a.name, a.role, p.amount_minor, p.currency
FROM ledger_entry e
JOIN ledger_posting p ON p.business_id = e.business_id AND p.entry_id = e.id
JOIN ledger_account a ON a.business_id = p.business_id AND a.id = p.account_id
WHERE e.business_id = %s AND {where} ORDER BY e.seq, p.line
"""


def _entries(where: str, *values: str | int | UUID | list[UUID]) -> list[EntryView]:
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES.format(where=where), (tenancy.only(), *values))
        rows = cursor.fetchall()
    return [
        EntryView(*(*head, [PostingView(*row[8:]) for row in lines]))
        for head, lines in groupby(rows, key=lambda row: row[:8])
    ]


def entry(entry_id: UUID) -> EntryView:
    found = _entries("e.id = %s", entry_id)
    if not found:
        raise EntryNotFound(str(entry_id))
    return found[0]


def entries_for(purpose_ids: Iterable[UUID]) -> list[EntryView]:
    """All entries about these things (an invoice and its payments), in the order they were written."""
    return _entries("e.purpose_id = ANY(%s)", list(purpose_ids))


def entries(*, after_seq: int = 0, most: int = 200) -> list[EntryView]:
    """The book itself, a page at a time."""
    return _entries("e.seq > %s AND e.seq <= %s", after_seq, after_seq + most)


def balances() -> list[Balance]:
    """Every account of the bound business, in the order of the chart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.code, a.name, a.role, a.kind, b.balance_minor, b.currency FROM ledger_account a"
            " JOIN ledger_balance b ON b.business_id = a.business_id AND b.account_id = a.id"
            " WHERE a.business_id = %s ORDER BY a.code, b.currency",
            (tenancy.only(),),
        )
        return [
            Balance(code, name, role, AccountKind(kind), amount, currency)
            for code, name, role, kind, amount, currency in cursor.fetchall()
        ]


def balance(role: str) -> Money:
    """What the account of a role holds, in the book's currency: debits minus credits."""
    business_id = tenancy.only()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.currency, coalesce(b.balance_minor, 0) FROM ledger_book k LEFT JOIN ledger_balance b"
            " ON b.business_id = k.business_id AND b.account_id = %s AND b.currency = k.currency"
            " WHERE k.business_id = %s",
            (rules.account_id(business_id, role), business_id),
        )
        row = cursor.fetchone()
    if row is None:
        raise BookNotFound(str(business_id))
    return Money(row[1], row[0])


def head() -> tuple[int, str]:
    """(entries, head hash in hex) of the bound business's book."""
    book = Book.objects.get(business_id=tenancy.only())
    return book.entry_count, bytes(book.head_hash).hex()


def holds(seq: int, head: str) -> bool:
    """Whether the entry of that number in the bound business's book still has the hash that somebody kept elsewhere."""
    if seq == 0:
        return head == rules.GENESIS.hex()
    row = EntryRow.objects.filter(business_id=tenancy.only(), seq=seq).only("hash").first()
    return row is not None and bytes(row.hash).hex() == head


def verify(business_id: UUID) -> Verdict:
    """Compute a book again from its rows: numbers without gaps, every entry balanced, every hash, every balance."""
    with tenancy.bound(business_id):
        book = Book.objects.get(business_id=business_id)
        faults: list[str] = []
        count, previous = 0, rules.GENESIS
        sums: dict[tuple[UUID, str], int] = {}
        for row, postings in _rows_in_order(business_id):
            count += 1
            faults += _faults_of(row, postings, count)
            previous = rules.link(previous, rules.canonical(*(business_id, *row[:8], postings)))
            if previous != bytes(row[9]):
                faults.append(f"entry {row[0]}: the hash does not fit")
                previous = bytes(row[9])
            for account, amount, currency in postings:
                sums[account, currency] = sums.get((account, currency), 0) + amount
        if book.entry_count != count:
            faults.append(f"the book counts {book.entry_count} entries and has {count}")
        if bytes(book.head_hash) != previous:
            faults.append("the book's head is not the last entry's hash")
        faults += _faults_of_balances(business_id, sums)
        return Verdict(business_id, count, previous.hex(), faults)


_Row = tuple[object, ...]
_Lines = Sequence[tuple[UUID, int, str]]


def _rows_in_order(business_id: UUID) -> Iterator[tuple[tuple, _Lines]]:  # type: ignore[type-arg]
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.seq, e.id, e.booked_on, e.posted_at, e.kind, e.purpose_kind, e.purpose_id, e.reverses_id,"
                " e.posting_count, e.hash, p.account_id, p.amount_minor, p.currency FROM ledger_entry e"
                " LEFT JOIN ledger_posting p ON p.business_id = e.business_id AND p.entry_id = e.id"
                " WHERE e.business_id = %s AND e.seq > %s AND e.seq <= %s ORDER BY e.seq, p.line",
                (business_id, after, after + 2_000),
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for head, lines in groupby(rows, key=lambda row: row[:10]):
            yield head, [line[10:] for line in lines if line[10] is not None]
        after += 2_000


def _faults_of(row: tuple, postings: _Lines, count: int) -> list[str]:  # type: ignore[type-arg]
    faults = []
    if row[0] != count:
        faults.append(f"entry {row[0]} stands where {count} should")
    if len(postings) != row[8]:
        faults.append(f"entry {row[0]} has {len(postings)} postings and counts {row[8]}")
    by_currency: dict[str, int] = {}
    for _, amount, currency in postings:
        by_currency[currency] = by_currency.get(currency, 0) + amount
    faults += [
        f"entry {row[0]} is off by {off} {currency}" for currency, off in by_currency.items() if off
    ]
    return faults


def _faults_of_balances(business_id: UUID, sums: dict[tuple[UUID, str], int]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, currency, balance_minor FROM ledger_balance WHERE business_id = %s",
            (business_id,),
        )
        kept = {(account, currency): amount for account, currency, amount in cursor.fetchall()}
    return [
        f"account {account} holds {kept.get((account, currency), 0)} {currency}; its postings say {sums.get((account, currency), 0)}"
        for account, currency in sorted(kept.keys() | sums.keys())
        if kept.get((account, currency), 0) != sums.get((account, currency), 0)
    ]
