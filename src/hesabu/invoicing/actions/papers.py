"""Papers: the snapshot of an issued document, and the PDF that is made of it once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.identity.types import Business
from hesabu.invoicing import document, errors, finding
from hesabu.invoicing.models import CreditNote, Customer, Invoice, Paper, Print
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.invoicing.rules import snapshots
from hesabu.invoicing.rules.totals import ReckonedLine
from hesabu.invoicing.types import DocumentKind, TaxMode
from hesabu.kit import ids
from hesabu.payments import queries as payments
from hesabu.store import files, tenancy


def keep_paper(
    kind: DocumentKind,
    invoice: Invoice,
    lines: Sequence[ReckonedLine],
    *,
    pay_url: str = "",
    credit_note: CreditNote | None = None,
    reason: str = "",
) -> None:
    """Freeze what an issued document says."""
    business = identity.business(invoice.business_id)
    customer = finding.customer(invoice.customer_id)
    source = credit_note or invoice
    issued = snapshots.Issued(
        kind=kind,
        number=str(source.number),
        issued_on=issued_day(source),
        due_on=None if credit_note else invoice.due_on,
        currency=invoice.currency,
        language=finding.language_of(customer, business),
        country=business.country,
        tax_mode=TaxMode(invoice.tax_mode),
        discount_minor=sum(line.discount_minor for line in lines),
        note=reason if credit_note else invoice.note or "",
        pay_url=pay_url,
        credits=invoice.number if credit_note else None,
        deposit_minor=0 if credit_note else invoice.deposit_minor,
    )
    Paper(
        id=ids.new_id(),
        business_id=business.id,
        document_kind=kind.value,
        document_id=source.id,
        snapshot=snapshots.build(
            issued,
            seller=seller_of(business),
            buyer=_buyer(customer),
            lines=lines,
            ways=[] if credit_note else _ways(business.id),
        ),
    ).save(force_insert=True)


@needs(INVOICE_READ)
def keep_pdf(document_id: UUID) -> UUID:
    """The file of a document's PDF, made from its snapshot the first time."""
    business_id = tenancy.only()
    kept = Print.objects.filter(business_id=business_id, document_id=document_id).first()
    if kept is not None:
        return kept.file_id
    paper = Paper.objects.filter(business_id=business_id, document_id=document_id).first()
    if paper is None:
        raise errors.InvoiceNotFound(str(document_id))
    snapshot = paper.snapshot
    file_id = files.keep(
        document.render_pdf(snapshot, _logo(snapshot)),
        "application/pdf",
        f"{snapshot['number']}.pdf",
    )
    row, is_first = Print.objects.get_or_create(
        business_id=business_id,
        document_id=document_id,
        defaults={"id": ids.new_id(), "file_id": file_id},
    )
    return file_id if is_first else row.file_id


def _logo(snapshot: dict[str, Any]) -> bytes:
    """The picture that stood beside the name on the day of issue; kept files never change."""
    logo_id = snapshot["seller"].get("logo_id")
    return files.read(UUID(logo_id)).content if logo_id else b""


def issued_day(source: Invoice | CreditNote) -> date:
    if source.issued_on is None:
        raise errors.NotIssued()
    return source.issued_on


def seller_of(business: Business) -> dict[str, str | None]:
    """What papers say of the business, and what laws ask of it."""
    return {
        "name": business.name,
        "legal_name": business.legal_name,
        "tax_id": business.tax_id,
        "address": business.address,
        "phone": business.phone,
        "email": business.email,
        "vat_number": business.vat_number,
        "registration_number": business.registration_number,
        "signatory": business.signatory,
        "logo_id": str(business.logo_id) if business.logo_id else None,
    }


def _buyer(customer: Customer) -> dict[str, str | None]:
    return {
        "name": customer.name,
        "phone": customer.phone,
        "email": customer.email,
        "address": customer.address,
        "tax_id": customer.tax_id,
    }


def _ways(business_id: UUID) -> list[dict[str, str | None]]:
    """The ways to pay as they are on the day of issue; the page shows those of its own day."""
    return [
        {"kind": way.kind, "label": way.label, "number": way.number, "account": way.account}
        for way in payments.ways_to_pay(business_id)
    ]
