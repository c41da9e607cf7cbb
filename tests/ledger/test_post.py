"""The book: written once, balanced by the database, chained."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection

from hesabu.kit import ids
from hesabu.kit.money import Money
from hesabu.ledger import actions, queries, rules
from hesabu.ledger.errors import AlreadyReversed, PeriodLocked, Unbalanced
from hesabu.ledger.types import Entry, Posting
from hesabu.store import tenancy

DAY = date(2026, 11, 23)


def sale(business_id: UUID, amount_minor: int = 7_500_000, booked_on: date = DAY) -> Entry:
    return Entry(
        business_id,
        booked_on,
        "test.sold",
        "invoice",
        ids.new_id(),
        [Posting("receivables", amount_minor, "KES"), Posting("sales", -amount_minor, "KES")],
    )


def test_an_entry_moves_both_balances_and_the_chain_holds(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        actions.post([sale(business_id), sale(business_id, 100)])
        assert queries.balance("receivables") == Money(7_500_100, "KES")
        assert queries.balance("sales") == Money(-7_500_100, "KES")
    verdict = queries.verify(business_id)
    assert verdict.is_sound
    assert verdict.entry_count == 2


@pytest.mark.parametrize(
    "postings",
    [
        [Posting("receivables", 100, "KES"), Posting("sales", -99, "KES")],
        [Posting("receivables", 100, "KES"), Posting("sales", -100, "USD")],
        [Posting("receivables", 100, "KES")],
        [Posting("receivables", 0, "KES"), Posting("sales", 0, "KES")],
        [],
    ],
)
def test_what_does_not_balance_is_refused(business_id: UUID, postings: list[Posting]) -> None:
    entry = Entry(business_id, DAY, "test.sold", "invoice", ids.new_id(), postings)
    with pytest.raises(Unbalanced), tenancy.bound(business_id):
        actions.post([entry])
    assert queries.verify(business_id).entry_count == 0


def insert_entry(business_id: UUID, amounts: list[int], count: int, account_business: UUID) -> None:
    entry_id = ids.new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH e AS (INSERT INTO ledger_entry (id, business_id, seq, booked_on, posted_at, kind, purpose_kind,"
            " purpose_id, posting_count, version, hash) VALUES (%s, %s, 1, %s, now(), 'x', 'x', %s, %s, 1, '\\x00'))"
            " INSERT INTO ledger_posting (business_id, entry_id, line, account_id, amount_minor, currency)"
            " SELECT %s, %s, line, %s, amount, 'KES' FROM unnest(%s::bigint[]) WITH ORDINALITY AS t (amount, line)",
            (
                entry_id, business_id, DAY, entry_id, count, business_id, entry_id,
                rules.account_id(account_business, "sales"), amounts,
            ),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "count", "state"),
    [([100, -99], 2, "23H04"), ([100, -100], 3, "23H02"), ([], 2, "23H02")],
)
def test_the_database_itself_refuses_an_entry_that_is_not_whole(
    business_id: UUID, amounts: list[int], count: int, state: str
) -> None:
    with pytest.raises(DatabaseError) as refused, tenancy.bound(business_id):
        insert_entry(business_id, amounts, count, business_id)
    assert refused.value.__cause__.sqlstate == state  # type: ignore[union-attr]


def test_the_database_itself_refuses_postings_beside_a_whole_entry(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        [entry_id] = actions.post([sale(business_id)])
    with (
        pytest.raises(DatabaseError) as refused,
        tenancy.bound(business_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO ledger_posting (business_id, entry_id, line, account_id, amount_minor, currency)"
            " SELECT business_id, entry_id, line + 2, account_id, amount_minor, currency"
            " FROM ledger_posting WHERE entry_id = %s",
            (entry_id,),
        )
    assert refused.value.__cause__.sqlstate == "23H02"  # type: ignore[union-attr]


def test_the_database_itself_refuses_another_businesss_account(
    business_id: UUID, new_business
) -> None:  # type: ignore[no-untyped-def]
    other_id = new_business()
    with pytest.raises(DatabaseError, match="same_business"), tenancy.bound(business_id):
        insert_entry(business_id, [100, -100], 2, other_id)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_posting"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET business_id = business_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_is_written_stays_for_the_owner_role_too(
    business_id: UUID, owner_url: str, table: str, change: str
) -> None:
    with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.IntegrityError):
        owner.execute(change.format(table))


def test_a_closed_period_takes_nothing_more(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        actions.lock_period(business_id, DAY)
    with pytest.raises(PeriodLocked), tenancy.bound(business_id):
        actions.post([sale(business_id)])
    with tenancy.bound(business_id):
        (entry_id,) = actions.post([sale(business_id)], shift=True)
        assert queries.entry(entry_id).booked_on == DAY + timedelta(days=1)
    with pytest.raises(PeriodLocked), tenancy.bound(business_id):
        actions.lock_period(business_id, DAY - timedelta(days=1))


def test_a_reversal_names_what_it_undoes_and_happens_once(business_id: UUID) -> None:
    with tenancy.bound(business_id):
        (entry_id,) = actions.post([sale(business_id)])
        reversal_id = actions.reverse(entry_id, "test.undone")
        assert queries.entry(reversal_id).reverses_id == entry_id
        assert queries.balance("receivables") == Money.zero("KES")
    with pytest.raises(AlreadyReversed), tenancy.bound(business_id):
        actions.reverse(entry_id, "test.undone")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger_posting SET amount_minor = amount_minor * 2 WHERE business_id = %s",
        "UPDATE ledger_entry SET booked_on = booked_on - 1 WHERE business_id = %s AND seq = 1",
        "UPDATE ledger_balance SET balance_minor = balance_minor + 1 WHERE business_id = %s",
        "DELETE FROM ledger_posting WHERE business_id = %s AND line = 1",
    ],
)
def test_verify_sees_what_a_superuser_changed(
    business_id: UUID, admin_url: str, tampering: str
) -> None:
    with tenancy.bound(business_id):
        actions.post([sale(business_id), sale(business_id)])
    with psycopg.connect(admin_url) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(tampering, (business_id,))
    assert not queries.verify(business_id).is_sound
