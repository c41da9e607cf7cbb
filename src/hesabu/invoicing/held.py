"""What a business holds on one of its customers: for them, unsealed. Inside the binding of that business."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection

from hesabu.identity import queries as identity
from hesabu.invoicing import finding
from hesabu.invoicing.models import CreditNote, Customer, Invoice, Paper, Print
from hesabu.invoicing.rules import keeping, names
from hesabu.invoicing.types import HeldInShort
from hesabu.kit import clock, crypto
from hesabu.kit.phones import BadPhone, parse_phone
from hesabu.messaging import queries as messages
from hesabu.messaging.errors import ContactNotFound
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


LOOKED_THROUGH = 2000
"""Names lie sealed, so a part of one is looked for among the newest so many customers; a whole name, or a number, among all."""


def customers_found(search: str, most: int = 50) -> list[Customer]:
    """Customers of the bound business by a telephone number, a mail address, or a name or part of it; the newest first."""
    of_business, business = Customer.objects.filter(business_id=tenancy.only()), tenancy.only()
    try:
        phone = parse_phone(search, identity.business(business).country)
    except BadPhone:
        phone = None
    if phone:
        row = finding.customer_by_phone(phone)
        return [row] if row else []
    wanted, found = names.fold(search), {row.id: row for row in finding.customers_by_name(search)}
    for row in of_business.filter(erased_at=None).order_by("-id")[:LOOKED_THROUGH]:
        if wanted and (
            wanted in names.fold(str(row.name)) or wanted in str(row.email or "").lower()
        ):
            found[row.id] = row
    return sorted(found.values(), key=lambda row: row.id, reverse=True)[:most]


def held_in_short(customer_id: UUID) -> HeldInShort:
    """How much is held on a customer, and until when the law wants some of it. In the binding."""
    row = finding.customer(customer_id)
    of_business = {"business_id": tenancy.only()}
    invoices = list(Invoice.objects.filter(**of_business, customer_id=customer_id))
    country = identity.business(tenancy.only()).country
    untils = [keeping.kept_until(country, one.issued_on) for one in invoices if one.issued_on]
    paid = [payments.payments_for(Purpose("invoice", one.id)) for one in invoices]
    return HeldInShort(
        invoice_count=len(invoices),
        payment_count=sum(len(some) for some in paid),
        message_count=messages.count_with(contacts_of_customer(customer_id)),
        kept_until=max(untils, default=None),
        is_owing=any(one.state in ("issued", "part_paid") for one in invoices),
        is_erased=row.erased_at is not None,
    )


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


def contacts_of_customer(customer_id: UUID) -> list[UUID]:
    """Every id that the customer's contact was ever known by."""
    row = finding.customer(customer_id)
    contact_id = row.contact_id
    if contact_id is None and row.phone:
        found = messages.contact_by_phone(row.phone)
        contact_id = found.id if found else None
    try:
        return messages.all_ids_of(contact_id) if contact_id else []
    except ContactNotFound:
        return []


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


_EXPIRED = """
SELECT p.snapshot FROM invoicing_paper p
LEFT JOIN invoicing_credit_note n ON n.business_id = p.business_id AND n.id = p.document_id
JOIN invoicing_invoice i ON i.business_id = p.business_id AND i.id = coalesce(n.invoice_id, p.document_id)
JOIN invoicing_customer c ON c.business_id = i.business_id AND c.id = i.customer_id AND c.erased_at IS NOT NULL
WHERE p.business_id = %s AND coalesce(n.issued_on, i.issued_on) < %s
"""


def expired_papers(business_id: UUID) -> int:
    """How many documents of forgotten customers still say something that the law no longer wants. Opens its own transaction."""
    with tenancy.bound(business_id), connection.cursor() as cursor:
        business = identity.business(business_id)
        before = keeping.expired_before(business.country, clock.today(business.timezone))
        cursor.execute(_EXPIRED, (business_id, before))
        said = (json.loads(crypto.unseal(bytes(row[0]))) for row in cursor.fetchall())
        return sum(not one.get("erased") for one in said)
