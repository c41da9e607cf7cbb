"""Allocating: money that came goes to its invoices, a whole batch of it, over any number of businesses, at once.

This runs inside the transaction that settles. One statement locks and reads the invoices, the pure rules decide, one
statement writes allocations and invoices together, one posts the entries; nothing here asks row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.invoicing import errors
from hesabu.invoicing.facts import (
    InvoiceOverpaid,
    InvoicePaid,
    InvoicePartPaid,
    PaymentMisdirected,
)
from hesabu.invoicing.rules import placing
from hesabu.invoicing.rules.placing import Placement, Standing
from hesabu.invoicing.types import INVOICE, InvoiceState
from hesabu.kit import clock, ids
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import AccountRole, Entry, Posting
from hesabu.payments import actions as payments
from hesabu.payments.facts import PaymentPlaced, PaymentSettled
from hesabu.store import sql
from hesabu.store.facts import Fact, publish

PAYMENT = "payment"
"""The purpose of an entry that books money: found again by the payment's id."""

_LOCK = """
SELECT id, business_id, customer_id, currency, state, total_minor, paid_minor, credited_minor FROM invoicing_invoice
WHERE id = ANY(%b) ORDER BY id FOR NO KEY UPDATE
"""
_WRITE = """
WITH changed AS (
    UPDATE invoicing_invoice AS i SET state = t.s, paid_minor = t.p
    FROM unnest(%(changed_id)b::uuid[], %(changed_state)b::text[], %(changed_paid)b::bigint[]) AS t (id, s, p)
    WHERE i.id = t.id
)
INSERT INTO invoicing_allocation (id, business_id, payment_id, invoice_id, customer_id, amount_minor, currency, allocated_at)
SELECT id, b, pay, inv, cus, m, cur, %(at)s
FROM unnest(%(id)b::uuid[], %(business)b::uuid[], %(payment)b::uuid[], %(invoice)b::uuid[], %(customer)b::uuid[],
            %(amount)b::bigint[], %(currency)b::text[]) AS t (id, b, pay, inv, cus, m, cur)
"""
_COLUMNS = ("id", "business", "payment", "invoice", "customer", "amount", "currency")


@dataclass(frozen=True, slots=True)
class Arrived:
    """Money that names an invoice, and the account of the book that it comes from."""

    business_id: UUID
    payment_id: UUID
    invoice_id: UUID
    amount_minor: int
    currency: str
    booked_on: date
    source_role: str


@dataclass(slots=True)
class _Held:
    """An invoice this transaction holds, as it stands after what was placed so far."""

    id: UUID
    business_id: UUID
    customer_id: UUID
    currency: str
    standing: Standing
    is_changed: bool = False


@dataclass(slots=True)
class _Decided:
    """What is to be written, gathered over the batch."""

    allocations: dict[str, list[object]] = field(
        default_factory=lambda: {name: [] for name in _COLUMNS}
    )
    entries: list[Entry] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    misdirected: list[UUID] = field(default_factory=list)


@inner
def allocate(settled: Sequence[PaymentSettled]) -> None:
    """Book settled payments whose purpose is an invoice: to what it owes, the rest to its customer's credit. What names
    an invoice that it cannot go to is booked to suspense, and told."""
    arrived = [
        Arrived(
            fact.business_id,
            fact.subject_id,
            fact.purpose_id,
            fact.amount_minor,
            fact.currency,
            fact.booked_on,
            fact.account_role,
        )
        for fact in settled
        if fact.purpose_kind == INVOICE and fact.purpose_id is not None
    ]
    _book(arrived, kind="invoicing.paid")


@inner
def place(placed: Sequence[PaymentPlaced]) -> None:
    """Move money that a person placed, out of suspense. Raises InvoiceNotFound and CurrencyBad, which undoes the placing."""
    arrived = [
        Arrived(
            fact.business_id,
            fact.subject_id,
            fact.purpose_id,
            fact.amount_minor,
            fact.currency,
            fact.booked_on,
            AccountRole.SUSPENSE,
        )
        for fact in placed
        if fact.purpose_kind == INVOICE
    ]
    _book(arrived, kind="invoicing.placed")


def _book(arrived: Sequence[Arrived], *, kind: str) -> None:
    if not arrived:
        return
    books = ledger.lock_books({money.business_id for money in arrived})
    held = _hold({money.invoice_id for money in arrived})
    decided = _Decided()
    for money in arrived:
        invoice = held.get(money.invoice_id)
        if invoice is None or invoice.business_id != money.business_id:
            _misdirect(decided, money, "unknown")
        elif invoice.currency != money.currency:
            _misdirect(decided, money, "currency")
        else:
            _put(decided, money, invoice, kind)
    _write(decided, [invoice for invoice in held.values() if invoice.is_changed])
    ledger.post(decided.entries, books=books, shift=True)
    publish(*decided.facts)
    if decided.misdirected:
        payments.unplace(decided.misdirected)


def _hold(invoice_ids: Iterable[UUID]) -> dict[UUID, _Held]:
    with sql.cursor() as cursor:
        cursor.execute(_LOCK, (list(invoice_ids),))
        return {
            invoice_id: _Held(
                invoice_id, business_id, customer_id, currency, Standing(InvoiceState(state), *sums)
            )
            for invoice_id, business_id, customer_id, currency, state, *sums in cursor.fetchall()
        }


def _put(decided: _Decided, money: Arrived, invoice: _Held, kind: str) -> None:
    placement = placing.place(money.amount_minor, invoice.standing)
    if placement.applied_minor:
        invoice.standing, invoice.is_changed = placement.after, True
        _add(decided, money, invoice, placement.applied_minor, invoice.id)
    if placement.credit_minor:
        _add(decided, money, invoice, placement.credit_minor, None)
    amounts = (
        (money.source_role, money.amount_minor),
        (AccountRole.RECEIVABLES, -placement.applied_minor),
        (AccountRole.CUSTOMER_CREDIT, -placement.credit_minor),
    )
    decided.entries.append(_entry(money, kind, amounts))
    decided.facts += _facts(money, invoice, placement)


def _add(
    decided: _Decided, money: Arrived, invoice: _Held, amount_minor: int, to: UUID | None
) -> None:
    row = (
        ids.new_id(),
        money.business_id,
        money.payment_id,
        to,
        invoice.customer_id,
        amount_minor,
        money.currency,
    )
    for name, value in zip(_COLUMNS, row, strict=True):
        decided.allocations[name].append(value)


def _facts(money: Arrived, invoice: _Held, placement: Placement) -> Iterable[Fact]:
    common = {"business_id": money.business_id, "subject_id": invoice.id}
    if placement.applied_minor and placement.after.state is InvoiceState.PAID:
        yield InvoicePaid(
            **common,
            payment_id=money.payment_id,
            applied_minor=placement.applied_minor,
            total_minor=placement.after.total_minor,
            currency=money.currency,
        )
    elif placement.applied_minor:
        yield InvoicePartPaid(
            **common,
            payment_id=money.payment_id,
            applied_minor=placement.applied_minor,
            owed_minor=placement.after.owed_minor,
            currency=money.currency,
        )
    if placement.credit_minor:
        yield InvoiceOverpaid(
            **common,
            customer_id=invoice.customer_id,
            payment_id=money.payment_id,
            credit_minor=placement.credit_minor,
            currency=money.currency,
            state=placement.before.value,
        )


def _misdirect(decided: _Decided, money: Arrived, reason: str) -> None:
    """Money is never dropped: what can't go where it says waits in suspense. What is there already may not be placed so."""
    if money.source_role == AccountRole.SUSPENSE:
        if reason == "currency":
            raise errors.CurrencyBad(money.currency, field="currency")
        raise errors.InvoiceNotFound(str(money.invoice_id))
    amounts = (
        (money.source_role, money.amount_minor),
        (AccountRole.SUSPENSE, -money.amount_minor),
    )
    decided.entries.append(_entry(money, "invoicing.misdirected", amounts))
    decided.misdirected.append(money.payment_id)
    decided.facts.append(
        PaymentMisdirected(
            business_id=money.business_id,
            subject_id=money.payment_id,
            invoice_id=money.invoice_id,
            amount_minor=money.amount_minor,
            currency=money.currency,
            reason=reason,
        )
    )


def _entry(money: Arrived, kind: str, amounts: Iterable[tuple[str, int]]) -> Entry:
    return Entry(
        business_id=money.business_id,
        booked_on=money.booked_on,
        kind=kind,
        purpose_kind=PAYMENT,
        purpose_id=money.payment_id,
        postings=[Posting(role, minor, money.currency) for role, minor in amounts if minor],
    )


def _write(decided: _Decided, changed: Sequence[_Held]) -> None:
    if not decided.allocations["id"]:
        return
    with sql.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "changed_id": [invoice.id for invoice in changed],
                "changed_state": [invoice.standing.state.value for invoice in changed],
                "changed_paid": [invoice.standing.paid_minor for invoice in changed],
                "at": clock.now(),
                **decided.allocations,
            },
        )
