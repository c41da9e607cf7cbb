"""What the chat says by the clock, each job named like what it calls."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from hesabu.doors.chat import answering, habits
from hesabu.doors.chat.flows import logo
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import HabitName
from hesabu.store import jobs, tenancy

SWEEP_MOST = 500
SAID: dict[str, Callable[[], None]] = {
    HabitName.EVENING_SUMMARY: habits.say_evening_summary,
    HabitName.UNPAID_LIST: habits.say_unpaid_list,
}
"""What has an hour, and what says it."""


@jobs.task("chat.set_logo", retries=3)
def set_logo(business_id: str, person_id: str, message_id: str) -> None:
    logo.fetch_logo(UUID(business_id), UUID(person_id), UUID(message_id))


@jobs.task("chat.keep_habit", retries=3, priority=-1)
def keep_habit(business_id: str, habit: str) -> None:
    """Say what a business hears at this hour, if it is its turn. Run twice, it is said once."""
    with tenancy.bound(UUID(business_id)):
        SAID[habit]()


@jobs.task("chat.keep_habits", retries=0)
def keep_habits() -> None:
    """Find every business whose hour has come, and give each a job of its own."""
    with tenancy.house():
        for turn in invoices.due_turns(list(SAID), SWEEP_MOST):
            jobs.defer(
                "chat.keep_habit",
                key=f"chat.keep_habit:{turn.kind}:{turn.business_id}",
                business_id=turn.business_id,
                habit=turn.kind,
            )


@jobs.task("chat.tell_arrived", retries=3, priority=-1)
def tell_arrived(business_id: str, invoice_id: str, message_id: str) -> None:
    """An invoice arrived a while ago. Run twice, it is said once."""
    with tenancy.bound(UUID(business_id)):
        habits.tell_arrived(UUID(invoice_id), UUID(message_id))


@jobs.task("chat.answer")
def answer(contact_id: str) -> None:
    """What was gathered of a burst is answered together. Run twice, it is answered once."""
    answering.answer_contact(UUID(contact_id))


jobs.every("chat.keep_habits", cron="* * * * *")
