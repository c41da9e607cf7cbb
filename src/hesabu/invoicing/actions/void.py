"""Voiding: an issued invoice that nobody has paid is taken back whole, by a reversal in the books. Its number stays."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_noop

from hesabu.identity import approvals
from hesabu.identity.permissions import needs
from hesabu.invoicing import errors, finding, queries
from hesabu.invoicing.facts import InvoiceVoided
from hesabu.invoicing.permissions import INVOICE_APPROVE, INVOICE_VOID
from hesabu.invoicing.rules.moves import MOVES
from hesabu.invoicing.rules.totals import clean
from hesabu.invoicing.types import InvoiceState, InvoiceView
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.store import tenancy
from hesabu.store.facts import publish

VOID = approvals.kind(
    "invoicing.void",
    words=gettext_noop("Void an invoice"),
    asks=INVOICE_VOID,
    approves=INVOICE_APPROVE,
    is_by_amount=True,
)


@needs(INVOICE_VOID)
def void(invoice_id: UUID, reason: str) -> InvoiceView:
    """Take an unpaid invoice back. Doing it again changes nothing. Raises VoidRefused once money or a credit note is on it,
    MoveRefused for a draft (that is discarded), ApprovalNeeded above the owner's limit."""
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    invoice = finding.invoice(invoice_id, locked=True)
    state = InvoiceState(invoice.state)
    if state is InvoiceState.VOID:
        return queries.invoice(invoice_id)
    if invoice.paid_minor or invoice.credited_minor:
        raise errors.VoidRefused(state=state.value)
    after = MOVES.after(state, "void")
    given = {"invoice_id": str(invoice_id), "reason": reason}
    approvals.ask_first(VOID, given, Money(invoice.total_minor, invoice.currency))
    invoice.state = after
    assert invoice.entry_id is not None  # the database holds that what is issued has both
    assert invoice.number is not None
    invoice.void_reason = clean(reason)[:500]
    ledger.reverse(invoice.entry_id, "invoicing.voided")
    invoice.save(update_fields=["state", "void_reason"])
    publish(
        InvoiceVoided(
            business_id=business_id,
            subject_id=invoice.id,
            number=invoice.number,
            total_minor=invoice.total_minor,
            currency=invoice.currency,
        )
    )
    return queries.invoice(invoice_id)


@approvals.does(VOID)
def _void(given: approvals.Given) -> None:
    void(UUID(given["invoice_id"]), given["reason"])
