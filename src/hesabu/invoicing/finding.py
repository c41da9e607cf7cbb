"""Rows by what identifies them, for the room's own actions and queries. Reads only."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.types import Business
from hesabu.invoicing import errors
from hesabu.invoicing.models import Customer, Invoice, Line
from hesabu.invoicing.rules import names
from hesabu.invoicing.types import DraftInput, LineInput, TaxMode
from hesabu.kit import crypto
from hesabu.kit.money import Money
from hesabu.messaging import queries as messages
from hesabu.store import tenancy


def language_of(customer: Customer, business: Business) -> str:
    """What a customer is written to in: what they chose themselves, else what the merchant keeps for them, else the
    business's own."""
    chosen = messages.contact(customer.contact_id).language if customer.contact_id else None
    return chosen or customer.language or business.language


def name_index(business_id: UUID, name: str) -> bytes:
    """The blind index of a name within one business: the same name elsewhere has another."""
    return crypto.blind(f"invoicing.customer.name:{business_id.hex}:{names.fold(name)}")


def phone_index(business_id: UUID, e164: str) -> bytes:
    return crypto.blind(f"invoicing.customer.phone:{business_id.hex}:{e164}")


def customer(customer_id: UUID) -> Customer:
    row = Customer.objects.filter(business_id=tenancy.only(), id=customer_id).first()
    if row is None:
        raise errors.CustomerNotFound(str(customer_id), field="customer_id")
    return row


def customer_by_phone(e164: str) -> Customer | None:
    business_id = tenancy.only()
    return Customer.objects.filter(
        business_id=business_id, phone_index=phone_index(business_id, e164)
    ).first()


def customers_by_name(name: str) -> list[Customer]:
    """Oldest first."""
    business_id = tenancy.only()
    return list(
        Customer.objects.filter(
            business_id=business_id, name_index=name_index(business_id, name)
        ).order_by("id")
    )


def invoice(invoice_id: UUID, *, locked: bool = False) -> Invoice:
    rows = Invoice.objects.filter(business_id=tenancy.only(), id=invoice_id)
    row = (rows.select_for_update(no_key=True) if locked else rows).first()
    if row is None:
        raise errors.InvoiceNotFound(str(invoice_id))
    return row


def lines_of(invoice_id: UUID) -> list[Line]:
    """In their places."""
    return list(
        Line.objects.filter(business_id=tenancy.only(), invoice_id=invoice_id).order_by("position")
    )


def input_of(invoice: Invoice) -> DraftInput:
    """What was typed, from the rows."""
    currency = invoice.currency
    return DraftInput(
        customer_id=invoice.customer_id,
        lines=[
            LineInput(
                line.description,
                line.quantity,
                Money(line.unit_price_minor, currency),
                None if invoice.tax_mode == TaxMode.NONE else line.tax_code,
            )
            for line in lines_of(invoice.id)
        ],
        due_on=invoice.due_on,
        tax_mode=TaxMode(invoice.tax_mode),
        discount=_part(invoice.discount_given_minor, invoice.discount_given_bps, currency),
        deposit=_part(invoice.deposit_given_minor, invoice.deposit_given_bps, currency),
        note=invoice.note or "",
        replaces=invoice.replaces_id,
    )


def _part(minor: int | None, bps: int | None, currency: str) -> Money | int | None:
    """A part of a sum as it was given: an amount, or a share."""
    return bps if minor is None else Money(minor, currency)
