"""What a fact makes: its row, and the job of its later readers, in the same transaction."""

from __future__ import annotations

import json
from uuid import UUID

from django.db import connection

from hesabu.ledger import actions as ledger
from hesabu.store import jobs, tenancy


def test_facts_are_written_before_jobs_since_they_make_some() -> None:
    writers = [write.__module__ for write in tenancy._before_commit]
    assert writers == ["hesabu.store.facts", "hesabu.store.jobs"]
    assert "store.read" in jobs.tasks


def test_a_published_fact_leaves_the_job_of_its_later_reader(business_id: UUID) -> None:
    from hesabu.payments import actions as payments

    with tenancy.bound(business_id):
        ledger.lock_books([business_id])
        account_id = payments.add_account("till", "123456")
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'reader' FROM procrastinate_jobs WHERE task_name = 'store.read' AND args->'facts' @> %s::jsonb",
            (json.dumps([[str(business_id), str(_fact_about(account_id))]]),),
        )
        assert [row[0] for row in cursor.fetchall()] == ["doors.chat.reactions.tell_account_added"]


def _fact_about(subject_id: UUID) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM store_fact WHERE subject_id = %s", (subject_id,))
        return UUID(str(cursor.fetchone()[0]))
