"""A reminder is said at most once, and never about money that came: two workers, a doubled job, a worker killed anywhere,
a payment in the middle."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from hesabu.app.simulate.deaths import Killed, broken_off
from invoicing.later import at, look, read_later, reminders, turn_of
from payments.shop import at_the_same_time
from steady import PATIENCE_SECONDS, eventually

MONDAY, WEDNESDAY = "2026-11-23 12:00", "2026-11-25 09:00"
DUE = date(2026, 11, 27)


@pytest.fixture
def invoice(shop: Any, jane: UUID) -> Any:
    with at(MONDAY):
        issued = shop.act("issue", *shop.drafted(jane, due_on=DUE))
        read_later(shop, issued.id)
    return issued


def wednesday(act: Any) -> Any:
    with at(WEDNESDAY):
        return act()


def test_two_workers_at_once_say_it_once(shop: Any, jane: UUID, invoice: Any) -> None:
    answers = at_the_same_time(lambda _: wednesday(lambda: look(shop, jane)))
    assert answers == [None] * 4
    assert len(reminders(shop)) == 1


def test_the_merchant_and_the_clock_at_once_say_it_once(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    from hesabu.invoicing.errors import RemindedToday

    def either(turn: int) -> object:
        return wednesday(lambda: look(shop, jane) if turn % 2 else shop.act("remind", invoice.id))

    answers = at_the_same_time(either)
    assert len(reminders(shop)) == 1
    assert all(isinstance(one, UUID | RemindedToday | None) for one in answers), answers


def test_a_worker_killed_anywhere_leaves_it_to_the_next_who_says_it_once(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    died = 0
    for step in range(1, 4000, 7):
        try:
            wednesday(lambda after=step: broken_off(lambda: look(shop, jane), after))
        except Killed:
            died += 1
            assert len(reminders(shop)) <= 1
            continue
        break
    assert died > 5
    wednesday(lambda: look(shop, jane))
    assert len(reminders(shop)) == 1
    assert shop.facts_of(invoice.id).count("InvoiceReminded") == 1


def test_the_sweep_queues_each_turn_once(shop: Any, jane: UUID, invoice: Any) -> None:
    from hesabu.invoicing import jobs

    for _ in range(2):
        with at(WEDNESDAY):
            jobs.take_turns()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'business_id' FROM procrastinate_jobs WHERE task_name = 'invoicing.take_turn'"
            " AND args->>'customer_id' = %s AND status = 'todo'",
            (str(jane),),
        )
        assert cursor.fetchall() == [(str(shop.id),)]


def test_the_sweep_leaves_whose_turn_is_not_come(shop: Any, jane: UUID, invoice: Any) -> None:
    from hesabu.invoicing import queries
    from hesabu.store import tenancy

    wednesday(lambda: look(shop, jane))
    planned = turn_of(jane)
    assert planned is not None
    with at("2026-11-27 08:00") as morning:
        assert planned == morning
    for instant, is_due in (("2026-11-27 07:59", False), ("2026-11-27 08:00", True)):
        with at(instant), tenancy.house():
            due = {turn.subject_id for turn in queries.due_turns(["customer"], 10_000)}
        assert (jane in due) is is_due


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_money_that_comes_while_the_job_runs_stops_it(shop: Any, jane: UUID, invoice: Any) -> None:
    """The payment has the invoice in hand and is not committed when the job begins: the job waits, and sees it."""
    from hesabu.store import tenancy

    is_paying, may_commit = threading.Event(), threading.Event()

    def pay() -> None:
        with at(WEDNESDAY), tenancy.bound(shop.id):
            from hesabu.kit.money import Money
            from hesabu.payments import actions as payments
            from hesabu.payments.types import Purpose

            payments.record(Purpose("invoice", invoice.id), Money.parse("75000", "KES"), "cash")
            is_paying.set()
            may_commit.wait(PATIENCE_SECONDS)
        connection.close()

    def remind() -> None:
        wednesday(lambda: look(shop, jane))
        connection.close()

    paying = threading.Thread(target=pay)
    paying.start()
    assert is_paying.wait(PATIENCE_SECONDS)
    reminding = threading.Thread(target=remind)
    reminding.start()
    eventually(somebody_waits_for_a_lock)
    assert reminding.is_alive()
    may_commit.set()
    paying.join(PATIENCE_SECONDS)
    reminding.join(PATIENCE_SECONDS)
    assert reminders(shop) == []
    assert shop.invoice(invoice.id).state == "paid"


def test_money_that_comes_before_the_reminder_has_left_calls_it_back(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    wednesday(lambda: look(shop, jane))
    with at("2026-11-25 09:01"):
        shop.paid(invoice.id, "25000")
        read_later(shop, invoice.id)
        assert [row.state for row, _, _ in reminders(shop)] == ["queued"]
        shop.paid(invoice.id, "50000")
        read_later(shop, invoice.id)
        read_later(shop, invoice.id)
    ((row, _, _),) = reminders(shop)
    assert (row.state, row.error_code, row.climbs) == ("failed", "recalled", False)
    assert "MessageFailed" not in shop.facts_of(invoice.id)


def test_a_reminder_on_its_way_climbs_no_further_once_it_is_void(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    from hesabu.messaging.actions.deliver import prepare, record
    from hesabu.messaging.providers.port import Accepted

    wednesday(lambda: look(shop, jane))
    ((row, _, _),) = reminders(shop)
    with at("2026-11-25 09:01"):
        attempt = prepare(shop.id, row.id)
        assert attempt is not None
        record(attempt, Accepted(f"wamid.{row.id.hex}"))
        shop.act("void", invoice.id, "a mistake")
        read_later(shop, invoice.id)
    ((row, _, _),) = reminders(shop)
    assert (row.state, row.climbs) == ("accepted", False)


def test_a_reminder_of_two_is_called_back_when_both_are_paid(
    shop: Any, jane: UUID, invoice: Any
) -> None:
    with at(MONDAY):
        other = shop.act("issue", *shop.drafted(jane, "1000", due_on=DUE))
        read_later(shop, other.id)
    wednesday(lambda: look(shop, jane))
    for paid, price, state in ((invoice, "75000", "queued"), (other, "1000", "failed")):
        with at("2026-11-25 09:01"):
            shop.paid(paid.id, price)
            read_later(shop, paid.id)
        assert [row.state for row, _, _ in reminders(shop)] == [state]
