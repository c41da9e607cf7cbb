"""Drafts: begun, changed, thrown away. Nothing of a draft is in the books, and it has no number."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.identity.types import Business
from hesabu.invoicing import errors, finding
from hesabu.invoicing.facts import InvoiceDiscarded, InvoiceDrafted, InvoiceRedrafted
from hesabu.invoicing.models import Invoice, Line
from hesabu.invoicing.permissions import INVOICE_DRAFT
from hesabu.invoicing.rules import deposits, totals
from hesabu.invoicing.rules.moves import MOVES
from hesabu.invoicing.types import DraftInput, InvoiceState, TaxMode
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.store import tenancy
from hesabu.store.facts import publish

DUE_MAX = timedelta(days=3_653)
NOTE_MAX = 1_000


@needs(INVOICE_DRAFT)
def draft(given: DraftInput, *, invoice_id: UUID | None = None) -> tuple[UUID, int]:
    """Begin an invoice: its id and version. A caller that may be run twice gives the id it chose the first time; a draft
    that is there already is left as it is."""
    business_id = tenancy.only()
    if invoice_id is not None:
        known = Invoice.objects.filter(business_id=business_id, id=invoice_id).first()
        if known is not None:
            return known.id, known.version
    business = identity.business(business_id)
    reckoned = _reckoned(given, business)
    invoice = Invoice(
        id=invoice_id or ids.new_id(),
        business_id=business_id,
        currency=business.currency,
        created_at=clock.now(),
    )
    _fill(invoice, given, reckoned)
    invoice.save(force_insert=True)
    _write_lines(invoice, reckoned)
    publish(
        InvoiceDrafted(
            business_id=business_id,
            subject_id=invoice.id,
            customer_id=invoice.customer_id,
            total_minor=invoice.total_minor,
            currency=invoice.currency,
        )
    )
    return invoice.id, invoice.version


@needs(INVOICE_DRAFT)
def change_draft(invoice_id: UUID, version: int, given: DraftInput) -> int:
    """Put these words in place of the draft's; its new version. Raises NotADraft, DraftChanged."""
    invoice = draft_of_version(invoice_id, version)
    business = identity.business(invoice.business_id)
    reckoned = _reckoned(given, business)
    _fill(invoice, given, reckoned)
    invoice.version += 1
    invoice.save(force_update=True)
    Line.objects.filter(business_id=invoice.business_id, invoice_id=invoice.id).delete()
    _write_lines(invoice, reckoned)
    publish(
        InvoiceRedrafted(
            business_id=invoice.business_id,
            subject_id=invoice.id,
            version=invoice.version,
            total_minor=invoice.total_minor,
            currency=invoice.currency,
        )
    )
    return invoice.version


@needs(INVOICE_DRAFT)
def reprice(invoice_id: UUID, version: int) -> int:
    """Reckon a draft again with the taxes of today; its version, which is new if anything is."""
    invoice = draft_of_version(invoice_id, version)
    if reckoned_today(invoice).total_minor == invoice.total_minor:
        return invoice.version
    return change_draft(invoice_id, version, finding.input_of(invoice))


@needs(INVOICE_DRAFT)
def discard(invoice_id: UUID) -> None:
    """Throw a draft away. It stays as a row, so that money that is sent for it all the same finds its customer."""
    invoice = finding.invoice(invoice_id, locked=True)
    if invoice.state == InvoiceState.VOID and invoice.number is None:
        return
    if invoice.state != InvoiceState.DRAFT:
        raise errors.NotADraft()
    invoice.state = MOVES.after(InvoiceState(invoice.state), "discard")
    invoice.save(update_fields=["state"])
    publish(InvoiceDiscarded(business_id=invoice.business_id, subject_id=invoice.id))


def draft_of_version(invoice_id: UUID, version: int) -> Invoice:
    """The draft, locked, if it is still the one that was seen."""
    invoice = finding.invoice(invoice_id, locked=True)
    if invoice.state != InvoiceState.DRAFT:
        raise errors.NotADraft()
    if invoice.version != version:
        raise errors.DraftChanged(version=invoice.version)
    return invoice


def reckoned_today(invoice: Invoice) -> totals.Totals:
    """The sums of a draft with the rates of the day it is at its business."""
    return _sums(finding.input_of(invoice), identity.business(invoice.business_id))


def _reckoned(given: DraftInput, business: Business) -> totals.Totals:
    finding.customer(given.customer_id)
    _check_due(given.due_on, clock.today(business.timezone))
    if len(given.note) > NOTE_MAX:
        raise errors.DescriptionBad("up to 1,000 letters", field="note")
    return _sums(given, business)


def _sums(given: DraftInput, business: Business) -> totals.Totals:
    return totals.reckon(
        given.lines,
        currency=business.currency,
        tax_mode=_tax_mode(given.tax_mode),
        discount=given.discount,
        country=business.country,
        on=clock.today(business.timezone),
        is_vat_registered=business.is_vat_registered,
    )


def _tax_mode(given: TaxMode | str) -> TaxMode:
    try:
        return TaxMode(given)
    except ValueError:
        raise errors.TaxModeBad(str(given)[:20], field="tax_mode") from None


def _check_due(due_on: date | None, today: date) -> None:
    if due_on is not None and not today <= due_on <= today + DUE_MAX:
        raise errors.DueDayBad(due_on.isoformat(), field="due_on")


def _fill(invoice: Invoice, given: DraftInput, reckoned: totals.Totals) -> None:
    discount, deposit = given.discount, given.deposit
    invoice.customer_id = given.customer_id
    invoice.tax_mode = _tax_mode(given.tax_mode).value
    invoice.discount_given_minor = discount.minor if isinstance(discount, Money) else None
    invoice.discount_given_bps = None if isinstance(discount, Money) else discount
    invoice.deposit_given_minor = deposit.minor if isinstance(deposit, Money) else None
    invoice.deposit_given_bps = None if isinstance(deposit, Money) else deposit
    invoice.deposit_minor = deposits.deposit_minor(deposit, reckoned.total_minor, invoice.currency)
    invoice.note = given.note.strip() or None
    invoice.due_on = given.due_on
    invoice.replaces_id = _replaced(given.replaces)
    invoice.discount_minor = reckoned.discount_minor
    invoice.net_minor = reckoned.net_minor
    invoice.tax_minor = reckoned.tax_minor
    invoice.total_minor = reckoned.total_minor


def _replaced(invoice_id: UUID | None) -> UUID | None:
    """Only what was issued can be replaced; all else is changed, or written anew."""
    if invoice_id is not None and finding.invoice(invoice_id).number is None:
        raise errors.NotIssued()
    return invoice_id


def _write_lines(invoice: Invoice, reckoned: totals.Totals) -> None:
    Line.objects.bulk_create(
        Line(
            id=ids.new_id(),
            business_id=invoice.business_id,
            invoice_id=invoice.id,
            position=position,
            description=line.description,
            quantity=line.quantity,
            unit_price_minor=line.unit_price_minor,
            tax_code=line.tax_code,
            tax_rate_bps=line.tax_rate_bps,
            amount_minor=line.amount_minor,
            discount_minor=line.discount_minor,
            net_minor=line.net_minor,
            tax_minor=line.tax_minor,
            gross_minor=line.gross_minor,
        )
        for position, line in enumerate(reckoned.lines)
    )
