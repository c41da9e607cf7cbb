"""Replacing: an issued invoice does not change, so another one takes its place, in the transaction that issues it.

The old one is credited whole; what had been paid on it is the customer's credit for a moment, and pays the new one.
"""

from __future__ import annotations

from hesabu.invoicing import errors, finding
from hesabu.invoicing.actions.apply_credit import apply_credit
from hesabu.invoicing.actions.credit import credit
from hesabu.invoicing.facts import InvoiceReplaced
from hesabu.invoicing.models import Invoice
from hesabu.invoicing.types import InvoiceState
from hesabu.kit.money import Money
from hesabu.store.facts import publish

REASON = "replaced"


def credit_replaced(invoice: Invoice) -> Money:
    """Credit the invoice whose place this one takes; what had been paid on it, as credit. Raises ReplacesNothing."""
    assert invoice.replaces_id is not None
    old = finding.invoice(invoice.replaces_id, locked=True)
    if InvoiceState(old.state) in (InvoiceState.VOID, InvoiceState.CREDITED):
        raise errors.ReplacesNothing(number=str(old.number))
    note = credit(old.id, REASON)
    publish(InvoiceReplaced(business_id=invoice.business_id, subject_id=old.id, by_id=invoice.id))
    return note.to_credit


def carry_over(invoice: Invoice, kept: Money) -> None:
    """What was paid on the old one pays the new one, as far as it goes, where it is the same customer's."""
    old = finding.invoice(invoice.replaces_id) if invoice.replaces_id else None
    if kept.minor and old is not None and old.customer_id == invoice.customer_id:
        apply_credit(invoice.id, kept)
