"""Promises: a customer's word on when they pay. Reminders wait for it; the day after it was broken says so."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import inner, needs
from hesabu.invoicing import errors
from hesabu.invoicing import finding as invoices
from hesabu.invoicing.facts import PaymentPromised, PromiseBroken, PromiseForgotten, PromiseKept
from hesabu.invoicing.models import Invoice, Promise
from hesabu.invoicing.permissions import PROMISE_KEEP
from hesabu.invoicing.reminders import finding
from hesabu.invoicing.reminders.actions import turns
from hesabu.invoicing.reminders.rules.moves import PROMISE_MOVES
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.types import OPEN, InvoiceState, PromiseState
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.store import tenancy
from hesabu.store.facts import Fact, publish

AHEAD_MAX = timedelta(days=366)


@needs(PROMISE_KEEP)
def promise(invoice_id: UUID, on_day: date, contact_id: UUID | None = None) -> UUID:
    """Keep a promise to pay an invoice by that day; its id. One that stood before is replaced, and the same one again
    changes nothing. Raises NotIssued, NothingOwed, PromiseDayBad."""
    invoice = _woken(invoice_id)
    if invoice.number is None:
        raise errors.NotIssued()
    if InvoiceState(invoice.state) not in OPEN:
        raise errors.NothingOwed(state=invoice.state)
    today = clock.today(identity.business(invoice.business_id).timezone)
    if not today <= on_day <= today + AHEAD_MAX:
        raise errors.PromiseDayBad(on_day.isoformat(), field="on_day")
    known = finding.standing_promises([invoice_id]).get(invoice_id)
    if known is not None and known.on_day == on_day:
        return known.id
    if known is not None:
        _end(known, "replace")
    row = Promise(
        id=ids.new_id(),
        business_id=invoice.business_id,
        invoice_id=invoice_id,
        on_day=on_day,
        contact_id=contact_id,
        state=PromiseState.STANDING,
        made_at=clock.now(),
    )
    row.save(force_insert=True)
    _tell(PaymentPromised(**_about(row), promise_id=row.id, on_day=on_day))
    return row.id


@needs(PROMISE_KEEP)
def forget_promise(invoice_id: UUID) -> None:
    """Let go of a promise: reminders go on. Where none stands, nothing changes. Raises InvoiceNotFound."""
    _woken(invoice_id)
    known = finding.standing_promises([invoice_id]).get(invoice_id)
    if known is not None:
        _end(known, "forget")
        _tell(PromiseForgotten(**_about(known), promise_id=known.id))


@inner
def keep_promises(invoice_id: UUID) -> None:
    """An invoice was paid: what was promised is kept. Where no promise stands, nothing changes."""
    known = finding.standing_promises([invoice_id]).get(invoice_id)
    if (
        known is not None
        and InvoiceState(invoices.invoice(invoice_id, locked=True).state) not in OPEN
    ):
        _end(known, "keep")
        _tell(PromiseKept(**_about(known), promise_id=known.id))


def break_promise(row: Promise, standing: Standing, currency: str) -> None:
    """Its day has passed, and something is owed still. The caller holds the invoice."""
    _end(row, "break")
    owed = Money(standing.owed_minor, currency)
    _tell(
        PromiseBroken(
            **_about(row),
            promise_id=row.id,
            on_day=row.on_day,
            owed_minor=owed.minor,
            currency=owed.currency,
        )
    )


def _woken(invoice_id: UUID) -> Invoice:
    """The invoice, locked after the turn of its customer, who is looked at again."""
    turns.wake(invoices.invoice(invoice_id).customer_id, clock.now())
    return invoices.invoice(invoice_id, locked=True)


def _end(row: Promise, verb: str) -> None:
    row.state = PROMISE_MOVES.after(PromiseState(row.state), verb)
    row.ended_at = clock.now()
    row.save(update_fields=["state", "ended_at"])


def _about(row: Promise) -> dict[str, UUID]:
    return {"business_id": tenancy.only(), "subject_id": row.invoice_id}


def _tell(fact: Fact) -> None:
    publish(fact)
