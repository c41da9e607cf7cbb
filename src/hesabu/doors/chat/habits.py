"""What the clerk says by itself, each thing switchable (`invoicing.actions.keep_habit`): ticks, promises that were broken,
reminders that could not be, the summary of a day, the list of what is unpaid. It reads the rooms and says; each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from hesabu.doors.chat import words
from hesabu.doors.chat.lists import by_currency
from hesabu.doors.chat.speech import Saying
from hesabu.doors.chat.telling import tell_owners, worded
from hesabu.doors.chat.words import habits as said
from hesabu.doors.chat.words.habits import Summary
from hesabu.identity import queries as identity
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.facts import (
    InvoiceReminded,
    InvoiceResent,
    InvoiceSent,
    InvoiceUnremindable,
    PromiseBroken,
)
from hesabu.invoicing.types import INVOICE, HabitName, Ticks
from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.messaging import queries as messages
from hesabu.messaging.facts import MessageDelivered, MessageFailed, MessageSeen
from hesabu.messaging.types import State
from hesabu.payments import queries as collected
from hesabu.payments.types import Method
from hesabu.store import facts as store_facts
from hesabu.store import jobs, tenancy
from hesabu.store.facts import Fact

TICKS_WAIT = timedelta(hours=1)
"""How long an invoice that arrived may still be seen before the merchant hears that it arrived."""
_BROUGHT = (InvoiceSent.kind, InvoiceResent.kind)


# --- ticks ------------------------------------------------------------------------------------------------------------


def tell_seen(facts: Sequence[MessageSeen]) -> None:
    """*Later*: "Jane has seen INV-0214"."""
    for fact in facts:
        ticks = _ticks()
        if not ticks or fact.subject_kind != INVOICE:
            continue
        if _is_of(fact.subject_id, fact.message_id, _BROUGHT):
            view = invoices.invoice(fact.subject_id)
            what = "seen" if ticks is Ticks.BOTH else "ticks"
            tell_owners(worded(words.sending.seen, view), f"told:{what}:{fact.message_id}")


def wait_for_ticks(facts: Sequence[MessageDelivered]) -> None:
    """*Later*: it arrived. Whoever wants one message waits a while: mostly it is seen by then."""
    for fact in facts:
        if fact.subject_kind != INVOICE or _ticks() not in (Ticks.ONCE, Ticks.BOTH):
            continue
        if _is_of(fact.subject_id, fact.message_id, _BROUGHT):
            wait = TICKS_WAIT if _ticks() is Ticks.ONCE else timedelta(0)
            jobs.defer(
                "chat.tell_arrived",
                run_at=clock.now() + wait,
                key=f"chat.tell_arrived:{fact.message_id}",
                business_id=fact.business_id,
                invoice_id=fact.subject_id,
                message_id=fact.message_id,
            )


def tell_arrived(invoice_id: UUID, message_id: UUID) -> None:
    """It arrived and was not seen yet; who has paid meanwhile is spared it. Inside the binding."""
    ticks, view = _ticks(), invoices.invoice(invoice_id)
    is_seen = messages.outbound(message_id).state in (State.SEEN, State.PLAYED)
    if ticks is Ticks.BOTH:
        tell_owners(worded(said.arrived, view), f"told:arrived:{message_id}")
    elif ticks is Ticks.ONCE and not is_seen and view.owed:
        tell_owners(worded(said.arrived, view), f"told:ticks:{message_id}")


def _ticks() -> Ticks | None:
    habit = invoices.habit(HabitName.TICKS)
    return Ticks(habit.value) if habit.is_on else None


# --- what a person should know ----------------------------------------------------------------------------------------


def tell_broken(facts: Sequence[PromiseBroken]) -> None:
    """*Later*: the day that was promised has passed."""
    for fact in facts:
        view = invoices.invoice(fact.subject_id)
        if not view.owed:
            continue
        make = partial(
            said.promise_broken,
            view,
            fact.on_day,
            Money(fact.owed_minor, fact.currency),
            _today(),
            is_reminded=_was_reminded(fact),
        )
        tell_owners(worded(make), f"told:broken:{fact.promise_id}")


def tell_unremindable(facts: Sequence[InvoiceUnremindable]) -> None:
    """*Later*: a reminder was due, and nobody can be reached: here is the link to share."""
    for fact in facts:
        view = invoices.invoice(fact.subject_id)
        if view.owed:
            make = worded(said.unremindable, view, _today())
            tell_owners(make, f"told:unremindable:{fact.subject_id}:{fact.days}")


def tell_not_reminded(facts: Sequence[MessageFailed]) -> None:
    """*Later*: a reminder arrived on no way; once for each invoice. Who asked to be left alone is left alone."""
    for fact in facts:
        if fact.subject_kind != INVOICE or fact.code in ("opted_out", "uncertain"):
            continue
        if _is_of(fact.subject_id, fact.message_id, (InvoiceReminded.kind,)):
            view = invoices.invoice(fact.subject_id)
            tell_owners(worded(said.not_reminded, view), f"told:unreminded:{fact.subject_id}")


def _was_reminded(fact: PromiseBroken) -> bool:
    """Whether the customer was told of it, too: that stands on the same timeline, in the same transaction."""
    records = store_facts.timeline(fact.subject_id)
    broken_at = next(
        record.at
        for record in records
        if record.kind == PromiseBroken.kind
        and record.payload.get("promise_id") == str(fact.promise_id)
    )
    return any(
        record.kind == InvoiceReminded.kind
        and record.payload.get("reason") == "promise"
        and record.at == broken_at
        for record in records
    )


def _is_of(invoice_id: UUID, message_id: UUID, kinds: Sequence[str]) -> bool:
    """Whether a message is the one that such a fact was about."""
    return any(
        record.kind in kinds and record.payload.get("message_id") == str(message_id)
        for record in store_facts.timeline(invoice_id)
    )


# --- by the clock -----------------------------------------------------------------------------------------------------


def say_evening_summary() -> None:
    """The summary of the day, if it is this business's turn. A day on which nothing happened is passed over, unless every
    evening was asked for. Inside the binding."""
    if not invoicing.take_turn(HabitName.EVENING_SUMMARY):
        return
    today = summary_of(_today())
    if not today.is_quiet or invoices.does(HabitName.EVERY_EVENING):
        tell_owners(worded(said.summary, today), f"told:summary:{today.on_day.isoformat()}")


def say_unpaid_list() -> None:
    """Who owes what, if it is this business's turn and anybody does. Inside the binding."""
    if not invoicing.take_turn(HabitName.UNPAID_LIST):
        return
    rows, today = invoices.owed_by_customer(), _today()
    if rows:
        totals = by_currency(row.owed for row in rows)
        tell_owners(
            lambda: Saying(said.still_unpaid(words.standing.owing(rows, today, totals))),
            f"told:unpaid:{today.isoformat()}",
        )


def summary_of(day: date) -> Summary:
    """A day of the bound business, as it stands now: for the evening, and for whoever asks."""
    rows = invoices.owed_by_customer()
    received: dict[str, list[Money]] = {}
    for payment in collected.received_on(day):
        received.setdefault(_method(payment.method), []).append(payment.amount)
    return Summary(
        business=identity.business(tenancy.only()).name,
        on_day=day,
        issued=invoices.issued_on(day),
        received={method: by_currency(amounts) for method, amounts in received.items()},
        owed=by_currency(row.owed for row in rows),
        overdue=by_currency(row.overdue for row in rows if row.overdue),
        needs={
            "unplaced": len(collected.unplaced()),
            "claims": len(collected.claims_waiting()),
            "broken": sum(
                bool(invoices.invoice(one.invoice_id).owed) for one in invoices.broken_on(day)
            ),
        },
    )


def _method(method: Method) -> str:
    return method.value.split("_")[0]


def _today() -> date:
    return clock.today(identity.business(tenancy.only()).timezone)


READERS: tuple[tuple[type[Fact], Callable[[Sequence[Any]], None], bool], ...] = (
    (MessageSeen, tell_seen, False),
    (MessageDelivered, wait_for_ticks, False),
    (MessageFailed, tell_not_reminded, False),
    (PromiseBroken, tell_broken, False),
    (InvoiceUnremindable, tell_unremindable, False),
)
"""(fact, later reader, whether unbound): what the app's wiring declares."""
