"""Crediting: a credit note takes back an issued invoice, whole or in part, in the books and on paper."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_noop

from hesabu.identity import approvals
from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.invoicing import errors, finding, queries
from hesabu.invoicing.actions.numbers import take_number
from hesabu.invoicing.actions.papers import issued_day, keep_paper
from hesabu.invoicing.facts import InvoiceCredited, InvoicePaid
from hesabu.invoicing.models import Allocation, CreditLine, CreditNote, Invoice, Line
from hesabu.invoicing.permissions import INVOICE_APPROVE, INVOICE_CREDIT
from hesabu.invoicing.rules import crediting, taxes
from hesabu.invoicing.rules.crediting import Crediting, LeftOfLine, TakenBack
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.rules.totals import ReckonedLine, clean
from hesabu.invoicing.types import INVOICE, CreditNoteView, DocumentKind, InvoiceState
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import AccountRole, Entry, Posting
from hesabu.store import idempotency, tenancy
from hesabu.store.facts import publish

CREDIT = approvals.kind(
    "invoicing.credit",
    words=gettext_noop("Credit an invoice"),
    asks=INVOICE_CREDIT,
    approves=INVOICE_APPROVE,
    is_by_amount=True,
)


@needs(INVOICE_CREDIT)
def credit(
    invoice_id: UUID,
    reason: str,
    *,
    amount: Money | None = None,
    positions: Collection[int] = (),
    key: str | None = None,
) -> CreditNoteView:
    """Issue a credit note for all that is left of an invoice, for some of its lines (by place, from 0), or for an amount.

    It lowers what is owed first; what had been paid becomes the customer's credit. Crediting all of an invoice that is
    credited already answers with its last note. Raises CreditRefused, MoveRefused for drafts and what is void, ApprovalNeeded
    above the owner's limit, for which all that was credited of the invoice counts together.
    """
    if key is None:
        return _credited(invoice_id, reason, amount, positions)
    asked = {
        "invoice_id": str(invoice_id),
        "amount": str(amount),
        "positions": sorted(positions),
    }
    answer = idempotency.once(
        "invoicing.credit",
        key,
        asked,
        lambda: {"id": str(_credited(invoice_id, reason, amount, positions).id)},
    )
    return queries.credit_note(UUID(answer["id"]))


def _credited(
    invoice_id: UUID, reason: str, amount: Money | None, positions: Collection[int]
) -> CreditNoteView:
    business_id = tenancy.only()
    books = ledger.lock_books([business_id])
    invoice = finding.invoice(invoice_id, locked=True)
    if invoice.state == InvoiceState.CREDITED and amount is None and not positions:
        return queries.credit_notes_of(invoice_id)[-1]
    if amount is not None and amount.currency != invoice.currency:
        raise errors.CurrencyBad(amount.currency, field="amount")
    lines = finding.lines_of(invoice_id)
    taken = crediting.take_back(
        _left(lines), amount_minor=amount.minor if amount else None, positions=positions
    )
    taken_minor = sum(part.gross_minor for part in taken)
    landed = crediting.credit(_standing(invoice), taken_minor)
    given = _given(invoice_id, reason, amount, positions)
    together = Money(invoice.credited_minor + taken_minor, invoice.currency)
    approvals.ask_first(CREDIT, given, Money(taken_minor, invoice.currency), together=together)
    note = _new_note(invoice, reason, taken, landed)
    (note.entry_id,) = ledger.post([_entry(note, invoice)], books=books)
    note.save(force_insert=True)
    _write(note, invoice, lines, taken, landed)
    _tell(note, invoice, landed)
    return queries.credit_note(note.id)


def _given(
    invoice_id: UUID, reason: str, amount: Money | None, positions: Collection[int]
) -> dict[str, object]:
    return {
        "invoice_id": str(invoice_id),
        "reason": reason,
        "amount": [amount.minor, amount.currency] if amount else None,
        "positions": sorted(positions),
    }


@approvals.does(CREDIT)
def _credit(given: approvals.Given) -> None:
    amount = Money(*given["amount"]) if given["amount"] else None
    credit(UUID(given["invoice_id"]), given["reason"], amount=amount, positions=given["positions"])


def _standing(invoice: Invoice) -> Standing:
    return Standing(
        InvoiceState(invoice.state), invoice.total_minor, invoice.paid_minor, invoice.credited_minor
    )


def _left(lines: Sequence[Line]) -> list[LeftOfLine]:
    before = {
        row["line_id"]: row
        for row in CreditLine.objects.filter(
            business_id=tenancy.only(), line_id__in=[line.id for line in lines]
        )
        .values("line_id")
        .annotate(net=Sum("net_minor"), tax=Sum("tax_minor"))
    }
    none = {"net": 0, "tax": 0}
    return [
        LeftOfLine(
            line.position,
            line.net_minor - int(before.get(line.id, none)["net"]),
            line.tax_minor - int(before.get(line.id, none)["tax"]),
        )
        for line in lines
    ]


def _new_note(
    invoice: Invoice, reason: str, taken: Sequence[TakenBack], landed: Crediting
) -> CreditNote:
    number, value = take_number(invoice.business_id, DocumentKind.CREDIT_NOTE)
    return CreditNote(
        id=ids.new_id(),
        business_id=invoice.business_id,
        invoice_id=invoice.id,
        number=number,
        number_value=value,
        reason=clean(reason)[:500],
        issued_on=clock.today(identity.business(invoice.business_id).timezone),
        issued_at=clock.now(),
        currency=invoice.currency,
        net_minor=sum(part.net_minor for part in taken),
        tax_minor=sum(part.tax_minor for part in taken),
        total_minor=sum(part.gross_minor for part in taken),
        to_owed_minor=landed.to_owed_minor,
        to_credit_minor=landed.to_credit_minor,
    )


def _entry(note: CreditNote, invoice: Invoice) -> Entry:
    """Debit the sales and the tax that are taken back; credit what was owed, and what the customer keeps."""
    amounts = (
        (AccountRole.SALES, note.net_minor),
        (AccountRole.VAT_OUTPUT, note.tax_minor),
        (AccountRole.RECEIVABLES, -note.to_owed_minor),
        (AccountRole.CUSTOMER_CREDIT, -note.to_credit_minor),
    )
    return Entry(
        business_id=note.business_id,
        booked_on=note.issued_on,
        kind="invoicing.credited",
        purpose_kind=INVOICE,
        purpose_id=invoice.id,
        postings=[Posting(role, minor, note.currency) for role, minor in amounts if minor],
    )


def _write(
    note: CreditNote,
    invoice: Invoice,
    lines: Sequence[Line],
    taken: Sequence[TakenBack],
    landed: Crediting,
) -> None:
    by_place = {line.position: line for line in lines}
    CreditLine.objects.bulk_create(
        CreditLine(
            id=ids.new_id(),
            business_id=note.business_id,
            credit_note_id=note.id,
            line_id=by_place[part.position].id,
            net_minor=part.net_minor,
            tax_minor=part.tax_minor,
        )
        for part in taken
    )
    if landed.to_credit_minor:
        Allocation(
            id=ids.new_id(),
            business_id=note.business_id,
            credit_note_id=note.id,
            customer_id=invoice.customer_id,
            amount_minor=landed.to_credit_minor,
            currency=note.currency,
            allocated_at=note.issued_at,
        ).save(force_insert=True)
    invoice.state, invoice.credited_minor = landed.after.state, landed.after.credited_minor
    invoice.save(update_fields=["state", "credited_minor"])
    keep_paper(
        DocumentKind.CREDIT_NOTE,
        invoice,
        [_reckoned(by_place[part.position], part, invoice) for part in taken],
        credit_note=note,
        reason=note.reason,
    )


def _reckoned(line: Line, part: TakenBack, invoice: Invoice) -> ReckonedLine:
    """A line as the credit note says it: whole as it was, or one of what is taken back of it."""
    rate = taxes.NO_TAX
    if line.tax_code != taxes.NONE:
        country = identity.business(invoice.business_id).country
        rate = taxes.rate(country, line.tax_code, issued_day(invoice))
    whole = ReckonedLine(
        description=line.description,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        tax_code=line.tax_code,
        tax_label=rate.label,
        tax_rate_bps=line.tax_rate_bps,
        amount_minor=line.amount_minor,
        discount_minor=line.discount_minor,
        net_minor=line.net_minor,
        tax_minor=line.tax_minor,
        gross_minor=line.gross_minor,
        levies=taxes.parts_of(rate, line.net_minor, line.tax_minor),
        tax_law=rate.law,
    )
    if part.gross_minor == line.gross_minor:
        return whole
    shown_minor = part.gross_minor if invoice.tax_mode == "inclusive" else part.net_minor
    return replace(
        whole,
        quantity=crediting.ONE,
        unit_price_minor=shown_minor,
        amount_minor=shown_minor,
        discount_minor=0,
        net_minor=part.net_minor,
        tax_minor=part.tax_minor,
        gross_minor=part.gross_minor,
        levies=taxes.parts_of(rate, part.net_minor, part.tax_minor),
    )


def _tell(note: CreditNote, invoice: Invoice, landed: Crediting) -> None:
    publish(
        InvoiceCredited(
            business_id=note.business_id,
            subject_id=invoice.id,
            credit_note_id=note.id,
            number=note.number,
            total_minor=note.total_minor,
            to_owed_minor=note.to_owed_minor,
            to_credit_minor=note.to_credit_minor,
            owed_minor=landed.after.owed_minor,
            currency=note.currency,
            is_whole=landed.after.state is InvoiceState.CREDITED,
        )
    )
    if landed.verb == "pay":
        publish(
            InvoicePaid(
                business_id=note.business_id,
                subject_id=invoice.id,
                payment_id=None,
                applied_minor=0,
                total_minor=invoice.total_minor,
                currency=invoice.currency,
            )
        )
