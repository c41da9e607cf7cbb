"""Issuing: the draft gets its number, is frozen, and enters the books, in one transaction."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.invoicing import addresses, errors, finding, queries
from hesabu.invoicing.actions import replacing
from hesabu.invoicing.actions.draft import draft_of_version, reckoned_today
from hesabu.invoicing.actions.numbers import take_number
from hesabu.invoicing.actions.papers import keep_paper, seller_of
from hesabu.invoicing.facts import InvoiceIssued
from hesabu.invoicing.models import Invoice
from hesabu.invoicing.permissions import INVOICE_ISSUE
from hesabu.invoicing.rules import legal
from hesabu.invoicing.rules.moves import MOVES
from hesabu.invoicing.rules.totals import Totals
from hesabu.invoicing.types import INVOICE, DocumentKind, InvoiceState, InvoiceView
from hesabu.kit import clock
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import AccountRole, Entry, Posting
from hesabu.store import idempotency, tenancy
from hesabu.store.facts import publish

_TAKEN = (
    "state",
    "number",
    "number_value",
    "issued_on",
    "issued_at",
    "due_on",
    "entry_id",
)
"""What an invoice gets when it is issued; all else was settled as a draft."""


@needs(INVOICE_ISSUE)
def issue(invoice_id: UUID, version: int, key: str | None = None) -> InvoiceView:
    """Issue the draft that was seen as `version`. Doing it again answers the same and does nothing.

    Raises DraftChanged where the draft is not the one that was seen, DueDayPassed and DraftOutdated where time has made it
    another, SellerTaxIdMissing and its like where tax is charged without what the law asks, ReplacesNothing where the invoice
    it was to replace is gone. With a `key`, the same key for another draft is refused.
    """
    if key is not None:
        asked = {"invoice_id": str(invoice_id), "version": version}
        idempotency.once("invoicing.issue", key, asked, lambda: _issued(invoice_id, version))
    else:
        _issued(invoice_id, version)
    return queries.invoice(invoice_id)


def _issued(invoice_id: UUID, version: int) -> dict[str, str]:
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    known = finding.invoice(invoice_id)
    if known.number is not None:
        if known.version != version:
            raise errors.DraftChanged(version=known.version)
        return {"number": known.number}
    invoice = draft_of_version(invoice_id, version)
    kept = replacing.credit_replaced(invoice) if invoice.replaces_id else None
    books = ledger.lock_books([business_id])
    business = identity.business(business_id)
    issued_on = clock.today(business.timezone)
    reckoned = _still_true(invoice, issued_on)
    if reckoned.taxes:
        legal.check_seller(business.country, seller_of(business))
    due_on = invoice.due_on or issued_on
    number, invoice.number_value = take_number(business_id, DocumentKind.INVOICE)
    invoice.number, invoice.issued_on, invoice.due_on = number, issued_on, due_on
    invoice.issued_at = clock.now()
    (invoice.entry_id,) = ledger.post([_entry(invoice, issued_on)], books=books)
    invoice.state = MOVES.after(InvoiceState(invoice.state), "issue")
    invoice.save(update_fields=_TAKEN)
    keep_paper(
        DocumentKind.INVOICE, invoice, reckoned.lines, pay_url=addresses.open_page(invoice.id)
    )
    publish(
        InvoiceIssued(
            business_id=business_id,
            subject_id=invoice.id,
            customer_id=invoice.customer_id,
            number=number,
            total_minor=invoice.total_minor,
            tax_minor=invoice.tax_minor,
            currency=invoice.currency,
            issued_on=issued_on,
            due_on=due_on,
        )
    )
    if kept is not None:
        replacing.carry_over(invoice, kept)
    return {"number": number}


def _still_true(invoice: Invoice, today: date) -> Totals:
    """What was agreed to must be what is issued: a rate or a registration may have changed since the draft."""
    if invoice.due_on is not None and invoice.due_on < today:
        raise errors.DueDayPassed(invoice.due_on.isoformat())
    try:
        reckoned = reckoned_today(invoice)
    except errors.TaxNotRegistered:
        raise errors.DraftOutdated() from None
    if (reckoned.net_minor, reckoned.tax_minor) != (invoice.net_minor, invoice.tax_minor):
        raise errors.DraftOutdated()
    return reckoned


def _entry(invoice: Invoice, issued_on: date) -> Entry:
    """Debit receivables; credit sales and the tax that is owed on."""
    amounts = (
        (AccountRole.RECEIVABLES, invoice.total_minor),
        (AccountRole.SALES, -invoice.net_minor),
        (AccountRole.VAT_OUTPUT, -invoice.tax_minor),
    )
    return Entry(
        business_id=invoice.business_id,
        booked_on=issued_on,
        kind="invoicing.issued",
        purpose_kind=INVOICE,
        purpose_id=invoice.id,
        postings=[Posting(role, minor, invoice.currency) for role, minor in amounts if minor],
    )
