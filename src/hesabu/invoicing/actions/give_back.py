"""Giving back: money that never came after all leaves the invoice, and the credit, that it had gone to."""

from __future__ import annotations

from collections.abc import Sequence

from hesabu.identity.permissions import inner
from hesabu.invoicing import errors, finding, queries
from hesabu.invoicing.facts import InvoiceReopened
from hesabu.invoicing.models import Allocation, CreditNote, Invoice
from hesabu.invoicing.rules import placing
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.types import INVOICE, InvoiceState
from hesabu.kit import clock, ids
from hesabu.payments.facts import PaymentWithdrawn
from hesabu.store.facts import publish


@inner
def give_back(withdrawn: Sequence[PaymentWithdrawn]) -> None:
    """Undo what `allocate` did with these payments, in the transaction that reverses their entries.

    Raises CreditedSince where a credit note has turned the money into the customer's credit, CreditUsed where what was
    kept as credit has paid for something else: either undoes the withdrawing.
    """
    for fact in withdrawn:
        if fact.purpose_kind == INVOICE:
            _given_back(fact)


def _given_back(fact: PaymentWithdrawn) -> None:
    rows = list(
        Allocation.objects.filter(
            business_id=fact.business_id, payment_id=fact.subject_id, takes_back_id__isnull=True
        ).order_by("id")
    )
    for row in rows:
        if row.invoice_id is None:
            _require_unused(row)
        else:
            _take_off(row, fact)
    Allocation.objects.bulk_create(_opposite(row) for row in rows)


def _require_unused(row: Allocation) -> None:
    if queries.credit_of(row.customer_id, row.currency).minor < row.amount_minor:
        raise errors.CreditUsed()


def _take_off(row: Allocation, fact: PaymentWithdrawn) -> None:
    assert row.invoice_id is not None
    invoice = finding.invoice(row.invoice_id, locked=True)
    notes = CreditNote.objects.filter(business_id=fact.business_id, invoice_id=invoice.id)
    if notes.filter(to_credit_minor__gt=0).exists():
        raise errors.CreditedSince(invoice=str(invoice.number))
    after = placing.take_off(row.amount_minor, _standing(invoice))
    invoice.state, invoice.paid_minor = after.state, after.paid_minor
    invoice.save(update_fields=["state", "paid_minor"])
    publish(
        InvoiceReopened(
            business_id=fact.business_id,
            subject_id=invoice.id,
            payment_id=fact.subject_id,
            taken_minor=row.amount_minor,
            owed_minor=after.owed_minor,
            currency=row.currency,
        )
    )


def _standing(invoice: Invoice) -> Standing:
    return Standing(
        InvoiceState(invoice.state), invoice.total_minor, invoice.paid_minor, invoice.credited_minor
    )


def _opposite(row: Allocation) -> Allocation:
    return Allocation(
        id=ids.new_id(),
        business_id=row.business_id,
        payment_id=row.payment_id,
        invoice_id=row.invoice_id,
        customer_id=row.customer_id,
        amount_minor=-row.amount_minor,
        currency=row.currency,
        allocated_at=clock.now(),
        takes_back_id=row.id,
    )
