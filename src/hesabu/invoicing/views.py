"""Rows as the words that doors know. Inside the binding of one business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.invoicing import addresses, finding
from hesabu.invoicing.models import Allocation, CreditNote, Customer, Invoice, Item, Line
from hesabu.invoicing.rules.deposits import asked_minor
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.rules.snapshots import plain
from hesabu.invoicing.types import (
    AllocationView,
    CreditNoteView,
    CustomerView,
    InvoiceState,
    InvoiceView,
    ItemView,
    LineView,
    TaxMode,
)
from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.store import tenancy


def today_here() -> date:
    return clock.today(identity.business(tenancy.only()).timezone)


def customers_of(customer_ids: set[UUID]) -> dict[UUID, Customer]:
    rows = Customer.objects.filter(business_id=tenancy.only(), id__in=customer_ids)
    return {row.id: row for row in rows}


def views_of(rows: Sequence[Invoice]) -> list[InvoiceView]:
    if not rows:
        return []
    today = today_here()
    customers = customers_of({row.customer_id for row in rows})
    lines: dict[UUID, list[Line]] = {}
    for line in Line.objects.filter(
        business_id=tenancy.only(), invoice_id__in=[row.id for row in rows]
    ).order_by("invoice_id", "position"):
        lines.setdefault(line.invoice_id, []).append(line)
    return [_view(row, customers[row.customer_id], lines.get(row.id, []), today) for row in rows]


def _view(row: Invoice, customer: Customer, lines: Sequence[Line], today: date) -> InvoiceView:
    owed_minor = standing_of(row).owed_minor

    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return InvoiceView(
        id=row.id,
        number=row.number,
        state=InvoiceState(row.state),
        is_overdue=owed_minor > 0 and row.due_on is not None and row.due_on < today,
        customer_id=row.customer_id,
        customer_name=customer.name,
        customer_phone=customer.phone,
        customer_email=customer.email,
        contact_id=customer.contact_id,
        currency=row.currency,
        tax_mode=TaxMode(row.tax_mode),
        discount=money(row.discount_minor),
        net=money(row.net_minor),
        tax=money(row.tax_minor),
        total=money(row.total_minor),
        paid=money(row.paid_minor),
        credited=money(row.credited_minor),
        owed=money(owed_minor),
        issued_on=row.issued_on,
        due_on=row.due_on,
        note=row.note or "",
        lines=tuple(_line(line, row.currency) for line in lines),
        version=row.version,
        pay_url=addresses.page_url(row.id) if row.number else None,
        deposit=money(row.deposit_minor),
        asked=money(asked_minor_of(row)),
        created_at=row.created_at,
        replaces_id=row.replaces_id,
    )


def asked_minor_of(row: Invoice) -> int:
    return asked_minor(row.deposit_minor, row.paid_minor, standing_of(row).owed_minor)


def standing_of(row: Invoice) -> Standing:
    return Standing(InvoiceState(row.state), row.total_minor, row.paid_minor, row.credited_minor)


def _line(line: Line, currency: str) -> LineView:
    return LineView(
        position=line.position,
        description=line.description,
        quantity=Decimal(plain(line.quantity)),
        unit_price=Money(line.unit_price_minor, currency),
        amount=Money(line.amount_minor, currency),
        discount=Money(line.discount_minor, currency),
        net=Money(line.net_minor, currency),
        tax_code=line.tax_code,
        tax_rate_bps=line.tax_rate_bps,
        tax=Money(line.tax_minor, currency),
        gross=Money(line.gross_minor, currency),
    )


def allocation_views(**which: UUID) -> list[AllocationView]:
    rows = list(Allocation.objects.filter(business_id=tenancy.only(), **which).order_by("id"))
    gone = {row.takes_back_id for row in rows} | {row.id for row in rows if row.takes_back_id}
    return [
        AllocationView(
            payment_id=row.payment_id,
            credit_note_id=row.credit_note_id,
            invoice_id=row.invoice_id,
            customer_id=row.customer_id,
            amount=Money(row.amount_minor, row.currency),
            allocated_at=row.allocated_at,
        )
        for row in rows
        if row.id not in gone
    ]


def note_view(row: CreditNote) -> CreditNoteView:
    of = finding.invoice(row.invoice_id)
    return CreditNoteView(
        id=row.id,
        number=row.number,
        invoice_id=row.invoice_id,
        invoice_number=str(of.number),
        reason=row.reason,
        issued_on=row.issued_on,
        total=Money(row.total_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        to_owed=Money(row.to_owed_minor, row.currency),
        to_credit=Money(row.to_credit_minor, row.currency),
    )


def customer_view(row: Customer) -> CustomerView:
    return CustomerView(
        id=row.id,
        name=row.name,
        phone=row.phone,
        email=row.email,
        address=row.address,
        tax_id=row.tax_id,
        language=row.language,
        contact_id=row.contact_id,
    )


def item_view(row: Item) -> ItemView:
    return ItemView(row.id, row.name, Money(row.unit_price_minor, row.currency), row.tax_code)
