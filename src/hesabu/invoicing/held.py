"""What a business holds on one of its customers: for them, unsealed. Inside the binding of that business."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.invoicing import finding
from hesabu.invoicing.models import CreditNote, Customer, Invoice, Paper, Print
from hesabu.payments import queries as payments
from hesabu.payments.types import Purpose
from hesabu.store import facts, tenancy


def customer_ids_of(
    phone: str | None, email: str | None, contact_ids: Collection[UUID]
) -> list[UUID]:
    """The customers with that number, that address, or that contact."""
    of_business = Customer.objects.filter(business_id=tenancy.only())
    found = set(of_business.filter(contact_id__in=list(contact_ids)).values_list("id", flat=True))
    if phone:
        index = finding.phone_index(tenancy.only(), phone)
        found |= set(of_business.filter(phone_index=index).values_list("id", flat=True))
    if email:  # addresses of customers have no index: they are never signed in with
        found |= {
            row.id
            for row in of_business.filter(email__isnull=False)
            if str(row.email).strip().lower() == email
        }
    return sorted(found)


def held_on_customer(customer_id: UUID) -> dict[str, Any]:
    """Details, papers, payments, and what happened."""
    row = finding.customer(customer_id)
    invoices = Invoice.objects.filter(business_id=tenancy.only(), customer_id=customer_id).order_by(
        "id"
    )
    return {
        "business": identity.business(tenancy.only()).name,
        "id": str(row.id),
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "address": row.address,
        "tax_id": row.tax_id,
        "language": row.language,
        "known_since": row.created_at,
        "papers": [paper.snapshot for paper in _papers(customer_id)],
        "payments": [
            _plain(payment)
            for invoice in invoices
            for payment in payments.payments_for(Purpose("invoice", invoice.id))
        ],
        "claims": [
            _plain(claim)
            for invoice in invoices
            for claim in payments.claims_for(Purpose("invoice", invoice.id))
        ],
        "happened": [
            {"at": one.at, "what": one.kind, "further": one.payload}
            for subject_id in (customer_id, *(invoice.id for invoice in invoices))
            for one in facts.timeline(subject_id)
        ],
    }


def _plain(view: Any) -> dict[str, str]:
    return {name: str(getattr(view, name)) for name in view.__dataclass_fields__}


def _papers(customer_id: UUID) -> list[Paper]:
    of_business = {"business_id": tenancy.only()}
    ids = list(
        Invoice.objects.filter(**of_business, customer_id=customer_id).values_list("id", flat=True)
    )
    notes = CreditNote.objects.filter(**of_business, invoice_id__in=ids)
    documents = [*ids, *notes.values_list("id", flat=True)]
    return list(Paper.objects.filter(**of_business, document_id__in=documents).order_by("id"))


def files_of_customer(customer_id: UUID) -> dict[str, UUID]:
    """PDFs that were made of their papers, by name."""
    numbers = {paper.document_id: str(paper.snapshot["number"]) for paper in _papers(customer_id)}
    prints = Print.objects.filter(business_id=tenancy.only(), document_id__in=list(numbers))
    return {f"{numbers[one.document_id]}.pdf": one.file_id for one in prints}
