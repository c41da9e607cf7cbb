"""The audit stays fast however long the log is: no question about it reads the whole of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from hesabu.kit import clock, ids
from hesabu.store import audit, seals, tenancy
from hesabu.store.audit import Asked

ROWS = 30_000
PLANTED = """
INSERT INTO store_fact (id, business_id, kind, subject_kind, subject_id, payload, actor_kind, actor_id, at)
SELECT (lpad(to_hex(%(ms)s + n * 100), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
       CASE WHEN n %% 3 = 0 THEN %(other)s::uuid ELSE %(business)s::uuid END,
       'planted.Kind' || (n %% 40), 'planted', %(subject)s::uuid, jsonb_build_object('n', n), 'person',
       CASE WHEN n %% 50 = 0 THEN %(actor)s::uuid END, to_timestamp((%(ms)s + n * 100) / 1000.0)
FROM generate_series(1, %(rows)s) AS n
"""


class Log:
    """A business with a long log, beside another with one."""

    def __init__(self, owner_url: str, rows: int) -> None:
        self.business, self.other = ids.new_id(), ids.new_id()
        self.actor, self.subject = ids.new_id(), ids.new_id()
        self.since = clock.now() - timedelta(days=3)
        with psycopg.connect(owner_url, autocommit=True) as owner:
            given = {
                "ms": int(self.since.timestamp() * 1000),
                "business": self.business,
                "other": self.other,
                "actor": self.actor,
                "subject": self.subject,
                "rows": rows,
            }
            owner.execute(PLANTED, given)
            owner.execute("ANALYZE store_fact")
            owner.execute("ANALYZE store_origin")


@pytest.fixture(scope="module")
def log(database: str, owner_url: str) -> Log:
    return Log(owner_url, ROWS)


def questions(log: Log) -> dict[str, Asked]:
    day = timedelta(hours=1)
    return {
        "all": Asked(),
        "kind": Asked(kind="planted.Kind7"),
        "no such kind": Asked(kind="planted.None"),
        "actor": Asked(actor_id=log.actor),
        "subject": Asked(subject_id=ids.new_id()),
        "days": Asked(since=log.since, until=log.since + day),
        "kind and days": Asked(kind="planted.Kind7", since=log.since, until=log.since + day),
        "address": Asked(address="196.201.214.7"),
    }


def plans(act: Any) -> list[str]:
    """The plan of every statement on facts that it makes."""
    found: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "store_fact" in sql and not sql.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                found.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        act()
    return found


NAMES = ("all", "kind", "no such kind", "actor", "subject", "days", "kind and days", "address")


@pytest.mark.parametrize("name", NAMES)
def test_no_search_reads_the_whole_log(log: Log, name: str) -> None:
    asked = questions(log)[name]
    with tenancy.bound(log.business):
        made = plans(lambda: audit.acts(asked))
    assert made
    for plan in made:
        assert "Seq Scan on store_fact" not in plan, plan


def test_neither_the_kinds_nor_the_days_nor_the_chain_nor_an_older_page_read_the_whole_log(
    log: Log,
) -> None:
    with tenancy.bound(log.business):
        last = audit.acts(Asked())[-1].fact.id
        hours = [
            (log.since + timedelta(hours=n), log.since + timedelta(hours=n + 1)) for n in range(30)
        ]
        made = [
            *plans(audit.kinds),
            *plans(lambda: audit.counts(Asked(), hours)),
            *plans(lambda: audit.acts(Asked(), before=last)),
            *plans(lambda: seals.standing(log.business)),
        ]
    assert len(made) >= 4
    for plan in made:
        assert "Seq Scan on store_fact" not in plan, plan


def test_the_kinds_found_that_way_are_all_of_them(log: Log) -> None:
    with tenancy.bound(log.business):
        assert audit.kinds() == sorted(f"planted.Kind{n}" for n in range(40))


def test_counting_by_hours_counts_every_act_once(log: Log) -> None:
    with tenancy.bound(log.business):
        bounds = [(log.since, log.since + timedelta(days=1))]
        assert audit.counts(Asked(), bounds) == [audit.COUNTED_MOST]
        of_actor = Asked(actor_id=log.actor)
        assert audit.counts(of_actor, bounds) == [
            sum(1 for n in range(1, ROWS + 1) if n % 50 == 0 and n % 3)
        ]
        assert audit.counts(Asked(subject_id=UUID(int=1)), bounds) == [0]
