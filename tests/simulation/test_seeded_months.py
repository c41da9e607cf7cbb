"""Seeded runs with faults agree with the model at every step, repeat themselves, and catch what is planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner

if TYPE_CHECKING:
    from hesabu.app.simulate.play import Outcome
    from hesabu.app.simulate.world import World

RUN_SECONDS_MAX = 60


def played(seed: int, *, days: int = 6, faults: bool = True, **more: object) -> Outcome:
    from hesabu.app.simulate.play import Plan, play

    plan = Plan(seed, businesses=3, faults=faults, acts_a_day=8, days=days)
    return play(plan, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_days_with_faults_end_with_every_shilling_counted_once(database: str, seed: int) -> None:
    outcome = played(seed)
    assert outcome.fault == "", "\n".join([*outcome.trail, outcome.fault])
    for what in (
        "invoices",
        "payments",
        "letters",
        "forged letters",
        "workers killed",
        "questions",
    ):
        assert outcome.counts[what] > 0, what
    assert outcome.took_seconds < RUN_SECONDS_MAX


def test_the_same_seed_is_the_same_run(database: str) -> None:
    first, second = played(21, days=3), played(21, days=3)
    assert first.fault == second.fault == ""
    assert first.counts == second.counts


def test_another_seed_is_another_run(database: str) -> None:
    assert played(22, days=1).counts != played(23, days=1).counts


def test_without_faults_nobody_dies_and_nobody_lies(database: str) -> None:
    outcome = played(31, days=3, faults=False)
    assert outcome.fault == ""
    assert outcome.counts["forged letters"] == 0
    assert "workers killed" not in outcome.counts


PLANTED = {
    "a payment is gone": (
        "DELETE FROM payments_payment WHERE id = (SELECT id FROM payments_payment"
        " WHERE business_id = ANY(%s) ORDER BY id LIMIT 1)",
        "payment",
    ),
    "a payment has grown": (
        "UPDATE payments_payment SET amount_minor = amount_minor + 100 WHERE id ="
        " (SELECT id FROM payments_payment WHERE business_id = ANY(%s) ORDER BY id LIMIT 1)",
        "payment",
    ),
    "an invoice is called paid": (
        "UPDATE invoicing_invoice SET paid_minor = total_minor, state = 'paid' WHERE id ="
        " (SELECT id FROM invoicing_invoice WHERE business_id = ANY(%s) AND number IS NOT NULL"
        " AND paid_minor < total_minor ORDER BY id LIMIT 1)",
        "bill",
    ),
    "a number is taken away": (
        "UPDATE invoicing_invoice SET number = 'INV-0099' WHERE id = (SELECT id FROM"
        " invoicing_invoice WHERE business_id = ANY(%s) AND number IS NOT NULL ORDER BY id LIMIT 1)",
        "bill",
    ),
    "a balance is written over": (
        "UPDATE ledger_balance SET balance_minor = balance_minor + 1 WHERE business_id = ANY(%s)"
        " AND account_id = (SELECT id FROM ledger_account a WHERE role = 'receivables'"
        " AND a.business_id = ledger_balance.business_id)",
        "account",
    ),
    "history is rewritten": (
        "UPDATE ledger_entry SET booked_on = booked_on - 1 WHERE business_id = ANY(%s) AND seq = 1",
        "the hash does not fit",
    ),
    "a claim is confirmed in the rows alone": (
        "INSERT INTO payments_claim (id, business_id, purpose_kind, purpose_id, currency, state,"
        " said, created_at) SELECT gen_random_uuid(), b, 'invoice', b, 'KES', 'confirmed', '', now()"
        " FROM unnest(%s) AS b LIMIT 1",
        "claim",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_in_the_rows_is_caught(admin_url: str, database: str, what: str) -> None:
    statement, word = PLANTED[what]

    def plant(world: World) -> None:
        if world.counts["planted"]:
            return
        ours = [shop.id for shop in world.shops]
        with psycopg.connect(admin_url) as admin:
            admin.execute("SET session_replication_role = replica")
            world.counts["planted"] += admin.execute(statement, (ours,)).rowcount

    outcome = played(41, days=4, faults=False, watch=plant)
    assert outcome.counts["planted"] > 0
    assert outcome.fault.startswith("Violation")
    assert word in outcome.fault
    assert len(outcome.trail) > 5


def test_a_fault_is_printed_with_its_seed_its_step_and_the_steps_before_it() -> None:
    from hesabu.app.simulate.play import Outcome, Plan
    from hesabu.app.simulate.run import said

    text = said(
        Outcome(Plan(7), {"steps": 2}, "Violation: two is three", 2, ["  1  pays", "  2  adds"])
    )
    assert "A FAULT at step 2 of seed 7" in text
    assert text.endswith("  1  pays\n  2  adds\n\nViolation: two is three")


def test_the_command_explains_itself() -> None:
    from hesabu.app.simulate import main

    answer = CliRunner().invoke(main, ["--help"])
    assert answer.exit_code == 0
    for option in ("--seed", "--months", "--businesses", "--faults / --no-faults", "--json"):
        assert option in answer.output
