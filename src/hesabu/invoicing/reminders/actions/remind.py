"""Reminding a customer: by itself when their turn comes, or on the merchant's word. Each in one transaction, with the
customer and the invoices locked: a payment is seen, or it comes after the message.

Everybody locks in one order: the turn, the customer, the invoices by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hesabu.identity.permissions import inner, needs
from hesabu.invoicing import errors
from hesabu.invoicing import finding as invoices
from hesabu.invoicing.facts import InvoiceReminded, InvoiceUnremindable
from hesabu.invoicing.models import Customer, Invoice, Promise, Reminder
from hesabu.invoicing.permissions import INVOICE_SEND
from hesabu.invoicing.reminders import finding
from hesabu.invoicing.reminders.actions import saying, turns
from hesabu.invoicing.reminders.actions.promises import break_promise
from hesabu.invoicing.reminders.actions.reaching import contact_of
from hesabu.invoicing.reminders.actions.saying import HAND, PROMISE, STEP, Owed
from hesabu.invoicing.reminders.rules import hours, steps
from hesabu.invoicing.reminders.rules.steps import Told
from hesabu.invoicing.types import OPEN
from hesabu.kit import clock, ids
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.store import tenancy
from hesabu.store.facts import publish

RECALL_WITHIN = timedelta(days=3)
"""No message is on its way for longer."""
LOOK_AGAIN = timedelta(days=7)
"""Whoever owes is looked at so often, even when nothing is planned."""


@needs(INVOICE_SEND)
def remind(invoice_id: UUID) -> UUID:
    """Remind the customer of one invoice now, on the merchant's word; the message's id. Once on a day.

    Raises NotIssued, NothingOwed, RemindedToday, NoWayToReach, ReminderUnwanted."""
    customer_id = invoices.invoice(invoice_id).customer_id
    turns.wake(customer_id, clock.now())
    customer = _locked_customer(customer_id)
    invoice = invoices.invoice(invoice_id, locked=True)
    if invoice.number is None:
        raise errors.NotIssued()
    if not saying.standing(invoice).owed_minor:
        raise errors.NothingOwed(state=invoice.state)
    now = clock.now()
    today = now.astimezone(ZoneInfo(_zone(customer, now))).date()
    if finding.was_told(today, invoice_id=invoice_id):
        raise errors.RemindedToday()
    contact_id = contact_of(customer)
    if contact_id is None:
        raise errors.NoWayToReach()
    if messages.contact(contact_id).is_opted_out:
        raise errors.ReminderUnwanted()
    owed = Owed(invoice, HAND)
    cause = f"reminder:hand:{invoice_id}:{today.isoformat()}"
    message_id = saying.say([owed], customer, contact_id, today, cause)
    _record([owed], customer, today, message_id)
    return message_id


@inner
def take_turn_of(customer_id: UUID) -> None:
    """It is this customer's turn: say what is due of all they owe, and plan the next turn. Where it is not due, or is
    somebody else's at this moment, nothing happens."""
    turn = turns.due(turns.CUSTOMER, customer_id)
    if turn is None:
        return
    customer = _locked_customer(customer_id)
    owing = _owing(customer_id)
    if not owing:
        turn.delete()
        return
    turn.next_at = _looked_at(customer, owing)
    turn.save(update_fields=["next_at"])


@inner
def recall_reminders(invoice_id: UUID) -> None:
    """Nothing is owed on an invoice any more: a reminder that has not arrived yet goes no further, unless it speaks of
    others that are owed. Doing it again changes nothing."""
    business_id = tenancy.only()
    rows = Reminder.objects.filter(business_id=business_id, message_id__isnull=False)
    since = clock.now() - RECALL_WITHIN
    recent = rows.filter(invoice_id=invoice_id, reminded_at__gte=since)
    for message_id in {one for one in recent.values_list("message_id", flat=True) if one}:
        spoken_of = rows.filter(message_id=message_id).values_list("invoice_id", flat=True)
        open_ones = Invoice.objects.filter(
            business_id=business_id, id__in=set(spoken_of), state__in=OPEN
        )
        if not open_ones.exists():
            messaging.recall(message_id)


@dataclass(frozen=True, slots=True)
class _Look:
    """What is known of a customer while they are looked at."""

    customer: Customer
    owing: Sequence[Invoice]
    today: date
    steps: Sequence[int]
    told: dict[UUID, Told]
    promises: dict[UUID, Promise]


def _looked_at(customer: Customer, owing: Sequence[Invoice]) -> datetime:
    """Say what is due; when to look again."""
    now, quiet = clock.now(), finding.quiet_hours()
    zone = _zone(customer, now)
    if hours.is_quiet(now, zone, quiet):
        return hours.next_awake(now, zone, quiet)
    today = now.astimezone(ZoneInfo(zone)).date()
    invoice_ids = [invoice.id for invoice in owing]
    look = _Look(
        customer,
        owing,
        today,
        finding.steps_for(customer.id),
        finding.told_of(invoice_ids, today),
        finding.standing_promises(invoice_ids),
    )
    if finding.was_told(today, customer_id=customer.id):
        day = today + timedelta(days=1)
    else:
        _say_what_is_due(look)
        day = _next_day(look)
    return min(max(hours.first_awake(day, zone, quiet), now + timedelta(hours=1)), now + LOOK_AGAIN)


def _say_what_is_due(look: _Look) -> None:
    due = [owed for owed in (_due(look, invoice) for invoice in look.owing) if owed is not None]
    wanted = _wanted(due, look)
    if not wanted:
        return
    contact_id = contact_of(look.customer)
    if contact_id is None:
        _record(wanted, look.customer, look.today, None)
    elif not messages.contact(contact_id).is_opted_out:
        cause = f"reminder:{look.customer.id}:{look.today.isoformat()}"
        message_id = saying.say(wanted, look.customer, contact_id, look.today, cause)
        _record(wanted, look.customer, look.today, message_id)


def _due(look: _Look, invoice: Invoice) -> Owed | None:
    """Why an invoice is to be said today; None where it is not. A promise that was broken is told here."""
    promise = look.promises.get(invoice.id)
    if promise is not None:
        if look.today <= promise.on_day:
            return None
        break_promise(promise, saying.standing(invoice), invoice.currency)
        return Owed(invoice, PROMISE, promise=promise)
    issued_on, due_on = saying.days_of(invoice)
    days = steps.due_step(look.steps, issued_on, due_on, look.told[invoice.id], look.today)
    return None if days is None else Owed(invoice, STEP, days)


def _wanted(due: Iterable[Owed], look: _Look) -> list[Owed]:
    """Where reminders are switched off the customer hears nothing; the merchant still hears of a broken promise."""
    return list(due) if look.steps else []


def _record(said: Sequence[Owed], customer: Customer, today: date, message_id: UUID | None) -> None:
    now = clock.now()
    Reminder.objects.bulk_create(
        Reminder(
            id=ids.new_id(),
            business_id=owed.invoice.business_id,
            invoice_id=owed.invoice.id,
            customer_id=customer.id,
            reason=owed.reason,
            step_days=owed.step_days,
            promise_id=owed.promise.id if owed.promise else None,
            on_day=today,
            message_id=message_id,
            reminded_at=now,
        )
        for owed in said
    )
    for owed in said:
        about = {"business_id": owed.invoice.business_id, "subject_id": owed.invoice.id}
        days = (today - saying.days_of(owed.invoice)[1]).days
        if message_id is None:
            publish(InvoiceUnremindable(**about, reason=owed.reason, days=days))
        else:
            publish(InvoiceReminded(**about, message_id=message_id, reason=owed.reason, days=days))


def _next_day(look: _Look) -> date:
    """The first day after today on which something may be due."""
    days = []
    for invoice in look.owing:
        promise = look.promises.get(invoice.id)
        if promise is not None and promise.on_day >= look.today:
            days.append(promise.on_day + timedelta(days=1))
            continue
        issued_on, due_on = saying.days_of(invoice)
        told = look.told[invoice.id]
        day = steps.next_step_day(look.steps, issued_on, due_on, told, look.today)
        if day is not None:
            days.append(day)
    return min(days, default=look.today + LOOK_AGAIN)


def _locked_customer(customer_id: UUID) -> Customer:
    """Before any of their invoices: two who remind the same customer come one after the other."""
    row = (
        Customer.objects.select_for_update(no_key=True)
        .filter(business_id=tenancy.only(), id=customer_id)
        .first()
    )
    if row is None:
        raise errors.CustomerNotFound(str(customer_id), field="customer_id")
    return row


def _owing(customer_id: UUID) -> list[Invoice]:
    """The open invoices of a customer, locked against payments, the longest due first."""
    rows = (
        Invoice.objects.select_for_update(no_key=True)
        .filter(business_id=tenancy.only(), customer_id=customer_id, state__in=OPEN)
        .order_by("id")
    )
    owing = [row for row in rows if saying.standing(row).owed_minor]
    return sorted(owing, key=lambda row: (saying.days_of(row)[1], row.id))


def _zone(customer: Customer, now: datetime) -> str:
    phone = customer.phone
    if phone is None and customer.contact_id is not None:
        phone = messages.contact(customer.contact_id).phone
    return finding.zone_for(phone, now)
