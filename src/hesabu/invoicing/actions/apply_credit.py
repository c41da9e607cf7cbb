"""Using a customer's credit for an invoice, on the merchant's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.invoicing import errors, finding, queries
from hesabu.invoicing.facts import CreditApplied, InvoicePaid, InvoicePartPaid
from hesabu.invoicing.models import Allocation, Invoice
from hesabu.invoicing.permissions import CREDIT_APPLY
from hesabu.invoicing.rules import placing
from hesabu.invoicing.rules.placing import Placement, Standing
from hesabu.invoicing.types import INVOICE, InvoiceState, InvoiceView
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import AccountRole, Entry, Posting
from hesabu.store import tenancy
from hesabu.store.facts import publish


@needs(CREDIT_APPLY)
def apply_credit(invoice_id: UUID, amount: Money | None = None) -> InvoiceView:
    """Pay an open invoice from its customer's credit: as much as is owed and there, or up to `amount`.

    Raises NothingOwed, NoCredit, PriceBad for an amount that is not above zero.
    """
    business_id = tenancy.only()
    books = ledger.lock_books([business_id])
    invoice = finding.invoice(invoice_id, locked=True)
    if amount is not None and amount.currency != invoice.currency:
        raise errors.CurrencyBad(amount.currency, field="amount")
    if amount is not None and amount.minor <= 0:
        raise errors.PriceBad(field="amount")
    standing = Standing(
        InvoiceState(invoice.state), invoice.total_minor, invoice.paid_minor, invoice.credited_minor
    )
    if not standing.owed_minor:
        raise errors.NothingOwed()
    there_minor = queries.credit_of(invoice.customer_id, invoice.currency).minor
    wanted_minor = standing.owed_minor if amount is None else amount.minor
    used_minor = min(there_minor, standing.owed_minor, wanted_minor)
    if used_minor <= 0:
        raise errors.NoCredit()
    placement = placing.place(used_minor, standing)
    ledger.post([_entry(invoice, used_minor)], books=books)
    _write(invoice, placement)
    _tell(invoice, placement)
    return queries.invoice(invoice_id)


def _entry(invoice: Invoice, used_minor: int) -> Entry:
    today = clock.today(identity.business(invoice.business_id).timezone)
    return Entry(
        business_id=invoice.business_id,
        booked_on=today,
        kind="invoicing.credit_applied",
        purpose_kind=INVOICE,
        purpose_id=invoice.id,
        postings=[
            Posting(AccountRole.CUSTOMER_CREDIT, used_minor, invoice.currency),
            Posting(AccountRole.RECEIVABLES, -used_minor, invoice.currency),
        ],
    )


def _write(invoice: Invoice, placement: Placement) -> None:
    now = clock.now()
    for minor, to in ((-placement.applied_minor, None), (placement.applied_minor, invoice.id)):
        Allocation(
            id=ids.new_id(),
            business_id=invoice.business_id,
            invoice_id=to,
            customer_id=invoice.customer_id,
            amount_minor=minor,
            currency=invoice.currency,
            allocated_at=now,
        ).save(force_insert=True)
    invoice.state, invoice.paid_minor = placement.after.state, placement.after.paid_minor
    invoice.save(update_fields=["state", "paid_minor"])


def _tell(invoice: Invoice, placement: Placement) -> None:
    common: dict[str, Any] = {"business_id": invoice.business_id, "subject_id": invoice.id}
    applied: dict[str, Any] = {
        "applied_minor": placement.applied_minor,
        "currency": invoice.currency,
    }
    owed_minor = placement.after.owed_minor
    publish(
        CreditApplied(**common, **applied, customer_id=invoice.customer_id, owed_minor=owed_minor)
    )
    if owed_minor:
        publish(InvoicePartPaid(**common, **applied, payment_id=None, owed_minor=owed_minor))
    else:
        publish(InvoicePaid(**common, **applied, payment_id=None, total_minor=invoice.total_minor))
