"""What must be true at the end, asked of the rooms and not of the actors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hesabu.app import books, verify
from hesabu.app.story.chat_to_cash import AMOUNT_MINOR
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import INVOICE, InvoiceState, InvoiceView
from hesabu.kit.money import say
from hesabu.ledger import queries as ledger
from hesabu.payments import queries as payments
from hesabu.payments.types import PaymentView, Purpose
from hesabu.store import tenancy


def found(business_id: UUID) -> dict[str, Any]:
    """The invoice, its payments and its entries as plain values, the verdict, and `faults`: all that is off."""
    with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
        issued = [view for view in invoices.invoices().invoices if view.number]
        paid = payments.payments_for(Purpose(INVOICE, issued[0].id)) if issued else []
        strangers = payments.unplaced()
        lines = list(books.lines_of(issued[0].id)) if issued else []
        entries = _entries(issued[0], paid) if issued else []
        balances = {balance: str(ledger.balance(balance)) for balance in ROLES}
    verdict = verify.verify_one(business_id)
    faults = [f"verify: {fault}" for fault in verdict.faults]
    faults += _faults(issued, paid, strangers)
    return {
        "invoice": _invoice(issued[0]) if issued else None,
        "payments": [_payment(payment) for payment in paid],
        "entries": entries,
        "balances": balances,
        "lines": lines,
        "verify": {
            "entries": verdict.entry_count,
            "head": verdict.head,
            "faults": list(verdict.faults),
        },
        "faults": faults,
    }


ROLES = ("receivables", "mpesa", "sales", "suspense")


def _faults(
    issued: list[InvoiceView], paid: list[PaymentView], strangers: list[PaymentView]
) -> list[str]:
    faults = []
    if len(issued) != 1:
        faults.append(f"{len(issued)} invoices were issued, not one")
    for view in issued:
        if view.state is not InvoiceState.PAID or view.owed:
            faults.append(f"{view.number} is {view.state} and owes {view.owed}")
        if view.total.minor != AMOUNT_MINOR:
            faults.append(f"{view.number} is over {view.total}")
    counted = sum(payment.amount.minor for payment in paid)
    if len(paid) != 1 or counted != AMOUNT_MINOR:
        faults.append(f"{len(paid)} payments were counted, {counted} minor units in all")
    if strangers:
        faults.append(f"{len(strangers)} payments have no owner")
    return faults


def _invoice(view: InvoiceView) -> dict[str, Any]:
    return {
        "number": view.number,
        "state": view.state.value,
        "customer": view.customer_name,
        "total": say(view.total),
        "paid": say(view.paid),
        "owed": say(view.owed),
        "issued_on": str(view.issued_on),
        "due_on": str(view.due_on),
        "lines": [[line.description, str(line.quantity), say(line.amount)] for line in view.lines],
    }


def _payment(payment: PaymentView) -> dict[str, Any]:
    return {
        "amount": say(payment.amount),
        "method": payment.method.value,
        "receipt": payment.receipt,
        "booked_on": str(payment.booked_on),
    }


def _entries(view: InvoiceView, paid: list[PaymentView]) -> list[dict[str, Any]]:
    found = ledger.entries_for([view.id, *(payment.id for payment in paid)])
    return [
        {
            "seq": entry.seq,
            "booked_on": str(entry.booked_on),
            "kind": entry.kind,
            "postings": [
                {
                    "account": f"{p.code} {p.name}",
                    "amount_minor": p.amount_minor,
                    "currency": p.currency,
                }
                for p in entry.postings
            ],
        }
        for entry in found
    ]
