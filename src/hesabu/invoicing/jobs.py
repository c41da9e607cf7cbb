"""Work of invoicing that runs by itself, each named like the acts it calls."""

from __future__ import annotations

from uuid import UUID

from hesabu.invoicing import actions, queries
from hesabu.store import jobs, tenancy

SWEEP_MOST = 500


@jobs.task("invoicing.take_turn", retries=3, priority=-1)
def take_turn(business_id: str, customer_id: str) -> None:
    """Look at one customer, if it is their turn. Run twice, it says what is due once."""
    with tenancy.bound(UUID(business_id)):
        actions.take_turn_of(UUID(customer_id))


@jobs.task("invoicing.take_turns", retries=0)
def take_turns() -> None:
    """Find every customer whose turn it is, and give each a job of its own."""
    with tenancy.house():
        for turn in queries.due_turns(["customer"], SWEEP_MOST):
            jobs.defer(
                "invoicing.take_turn",
                key=f"invoicing.take_turn:{turn.subject_id}",
                business_id=turn.business_id,
                customer_id=turn.subject_id,
            )


jobs.every("invoicing.take_turns", cron="* * * * *")
