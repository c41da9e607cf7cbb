"""Sending: the paper to the customer when an invoice is issued, and a receipt for each payment. Each once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.types import Business
from hesabu.invoicing import addresses, finding, queries, wording
from hesabu.invoicing.actions.papers import keep_pdf
from hesabu.invoicing.errors import NotIssued
from hesabu.invoicing.facts import InvoiceSent, InvoiceUnsendable
from hesabu.invoicing.models import Customer
from hesabu.invoicing.types import INVOICE, InvoiceView
from hesabu.kit import ids
from hesabu.kit.money import Money
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Buttons, Template, Text
from hesabu.store import idempotency
from hesabu.store.facts import publish


def send_invoice(invoice_id: UUID) -> UUID | None:
    """Send an issued invoice to its customer, with its PDF; the message's id. None where there is no way to reach them:
    the merchant passes the link on. Doing it again sends nothing."""
    invoice = queries.invoice(invoice_id)
    business = identity.business(finding.invoice(invoice_id).business_id)
    customer = finding.customer(invoice.customer_id)
    contact_id = _contact_of(customer)
    if contact_id is None:
        publish(InvoiceUnsendable(business_id=business.id, subject_id=invoice_id))
        return None
    answer = idempotency.once(
        "invoicing.send",
        str(invoice_id),
        {},
        lambda: {"message_id": str(_send(invoice, customer, contact_id, business))},
    )
    return UUID(answer["message_id"])


def _send(invoice: InvoiceView, customer: Customer, contact_id: UUID, business: Business) -> UUID:
    if invoice.due_on is None or invoice.pay_url is None:
        raise NotIssued()
    language = customer.language or business.language
    words: dict[str, Any] = {
        "language": language,
        "seller": business.name,
        "total": invoice.total,
        "what_for": wording.what_for(language, [line.description for line in invoice.lines]),
        "due_on": invoice.due_on,
    }
    file_id, filename = keep_pdf(invoice.id), f"{invoice.number}.pdf"
    message_id = messaging.send(
        contact_id,
        Buttons(
            body=wording.invoice_caption(number=str(invoice.number), url=invoice.pay_url, **words),
            buttons=_buttons(business.id, invoice.id, language),
            document=file_id,
            filename=filename,
        ),
        cause=f"issued:{invoice.id}",
        outside_window=Template(
            name=wording.INVOICE_TEMPLATE,
            language="en",
            params=wording.invoice_params(**words),
            replies=[_buttons(business.id, invoice.id, language)[0][0]],
            button_param=addresses.token(invoice.id),
            header_document=file_id,
            header_filename=filename,
        ),
        subject=(INVOICE, invoice.id),
    )
    publish(InvoiceSent(business_id=business.id, subject_id=invoice.id, message_id=message_id))
    return message_id


def send_receipt(invoice_id: UUID, payment_id: UUID) -> UUID | None:
    """Thank the customer for one payment; the message's id. Doing it again sends nothing."""
    invoice = queries.invoice(invoice_id)
    business = identity.business(finding.invoice(invoice_id).business_id)
    customer = finding.customer(invoice.customer_id)
    contact_id = _contact_of(customer)
    if contact_id is None:
        return None
    language = customer.language or business.language
    applied, credit = _parts(payment_id, invoice)
    number = invoice.number or wording.what_for(
        language, [line.description for line in invoice.lines]
    )
    params = wording.receipt_params(
        language=language, seller=business.name, number=number, amount=applied + credit
    )
    return messaging.send(
        contact_id,
        Text(
            wording.receipt(
                language=language,
                seller=business.name,
                number=number,
                applied=applied,
                credit=credit,
                owed=invoice.owed,
            )
        ),
        cause=f"receipt:{invoice_id}:{payment_id}",
        outside_window=_receipt_outside(params, invoice),
        subject=(INVOICE, invoice_id),
    )


def _receipt_outside(params: Sequence[str], invoice: InvoiceView) -> Template | None:
    """The template's button opens the invoice's page, which only what was issued has."""
    if invoice.pay_url is None:
        return None
    return Template(
        name=wording.RECEIPT_TEMPLATE,
        language="en",
        params=params,
        button_param=addresses.token(invoice.id),
    )


def _contact_of(customer: Customer) -> UUID | None:
    """How the customer is reached. Somebody known by phone only is met now, and remembered."""
    if customer.contact_id is None and customer.phone is not None:
        customer.contact_id = messaging.meet(phone=customer.phone)
        customer.save(update_fields=["contact_id"])
    return customer.contact_id


def _buttons(business_id: UUID, invoice_id: UUID, language: str) -> list[tuple[str, str]]:
    """`verb:business:invoice`, the ids in 26 letters each, as the chat reads them back."""
    about = f"{ids.short(business_id)}:{ids.short(invoice_id)}"
    pay, view = wording.invoice_buttons(language)
    return [(f"pay:{about}", pay), (f"view:{about}", view)]


def _parts(payment_id: UUID, invoice: InvoiceView) -> tuple[Money, Money]:
    """What of a payment went to the invoice, and what to the customer's credit."""
    applied = credit = Money.zero(invoice.currency)
    for part in queries.allocations_of_payment(payment_id):
        if part.invoice_id is None:
            credit += part.amount
        else:
            applied += part.amount
    return applied, credit
