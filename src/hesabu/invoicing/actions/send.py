"""Sending: the paper to the customer when an invoice is issued, and a receipt for each payment. Each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import inner, needs
from hesabu.identity.types import Business
from hesabu.invoicing import addresses, finding, queries, wording
from hesabu.invoicing.actions.papers import keep_pdf
from hesabu.invoicing.errors import InvoiceTakenBack, NotIssued, ResentOften
from hesabu.invoicing.facts import InvoiceResent, InvoiceSent, InvoiceUnsendable
from hesabu.invoicing.models import Customer
from hesabu.invoicing.permissions import INVOICE_SEND
from hesabu.invoicing.reminders.actions.reaching import contact_of
from hesabu.invoicing.reminders.rules.habits import RECEIPTS
from hesabu.invoicing.types import INVOICE, InvoiceState, InvoiceView
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Buttons, Category, Channel, Letter, Template, Text
from hesabu.store import facts, idempotency
from hesabu.store.facts import publish


@inner
def send_invoice(invoice_id: UUID) -> UUID | None:
    """Send an issued invoice to its customer, with its PDF; the message's id. None where there is no way to reach them:
    the merchant passes the link on. Doing it again sends nothing."""
    invoice = queries.invoice(invoice_id)
    business = identity.business(finding.invoice(invoice_id).business_id)
    customer = finding.customer(invoice.customer_id)
    contact_id = contact_of(customer)
    if contact_id is None:
        publish(InvoiceUnsendable(business_id=business.id, subject_id=invoice_id))
        return None
    answer = idempotency.once(
        "invoicing.send",
        str(invoice_id),
        {},
        lambda: {"message_id": str(_sent(invoice, customer, contact_id, business))},
    )
    return UUID(answer["message_id"])


@needs(INVOICE_SEND)
def resend(invoice_id: UUID, channel: Channel | None = None) -> UUID | None:
    """Send an issued invoice to its customer once more, on the merchant's word: by the ladder, or by one channel alone; the
    message's id. None where there is no way to reach them. A second time within the same minute is the first.

    Raises NotIssued, InvoiceTakenBack for what is void or credited, and ResentOften: a number may be a stranger's."""
    invoice = queries.invoice(invoice_id)
    if invoice.number is None:
        raise NotIssued()
    if invoice.state in (InvoiceState.VOID, InvoiceState.CREDITED):
        raise InvoiceTakenBack(state=invoice.state.value)
    business = identity.business(finding.invoice(invoice_id).business_id)
    customer = finding.customer(invoice.customer_id)
    contact_id = contact_of(customer)
    if contact_id is None:
        return None
    minute = f"{clock.now():%Y-%m-%dT%H:%M}"
    key = f"{invoice_id}:{channel or 'ladder'}:{minute}"
    answer = idempotency.once(
        "invoicing.resend",
        key,
        {},
        lambda: {"message_id": str(_resent(invoice, customer, contact_id, business, key, channel))},
    )
    return UUID(answer["message_id"])


RESENT_IN_A_DAY_MAX = 5


def _require_seldom(invoice_id: UUID) -> None:
    """Each way counts: somebody is texted, or mailed, as well."""
    since = clock.now() - timedelta(days=1)
    told = [
        record
        for record in facts.timeline(invoice_id)
        if record.kind == InvoiceResent.kind and record.at > since
    ]
    if len(told) >= RESENT_IN_A_DAY_MAX:
        raise ResentOften()


def _sent(invoice: InvoiceView, customer: Customer, contact_id: UUID, business: Business) -> UUID:
    message_id = _send(invoice, customer, contact_id, business, f"issued:{invoice.id}")
    publish(InvoiceSent(business_id=business.id, subject_id=invoice.id, message_id=message_id))
    return message_id


def _resent(
    invoice: InvoiceView,
    customer: Customer,
    contact_id: UUID,
    business: Business,
    key: str,
    channel: Channel | None,
) -> UUID:
    _require_seldom(invoice.id)
    cause = f"resent:{key}"
    message_id = _send(invoice, customer, contact_id, business, cause, channel)
    publish(InvoiceResent(business_id=business.id, subject_id=invoice.id, message_id=message_id))
    return message_id


def _send(
    invoice: InvoiceView,
    customer: Customer,
    contact_id: UUID,
    business: Business,
    cause: str,
    channel: Channel | None = None,
) -> UUID:
    if invoice.due_on is None or invoice.pay_url is None:
        raise NotIssued()
    language = wording.written_in(finding.language_of(customer, business))
    number = str(invoice.number)
    words: dict[str, Any] = {
        "language": language,
        "seller": business.name,
        "total": invoice.total,
        "what_for": wording.what_for(language, [line.description for line in invoice.lines]),
        "due_on": invoice.due_on,
    }
    said = {**words, "number": number, "deposit": invoice.deposit, "asked": invoice.asked}
    descriptions = [line.description for line in invoice.lines]
    english = {**words, "language": "en", "what_for": wording.what_for("en", descriptions)}
    file_id, filename = keep_pdf(invoice.id), f"{number}.pdf"
    pay, view = _buttons(invoice, business.id, language)
    return messaging.send(
        contact_id,
        Buttons(
            body=wording.invoice_caption(url=invoice.pay_url, **said),
            buttons=[pay, view] if invoice.owed else [view],
            document=file_id,
            filename=filename,
        ),
        cause=cause,
        outside_window=Template(
            name=wording.template(wording.INVOICE_TEMPLATE, invoice.currency),
            language=language,
            params=wording.invoice_params(**words),
            english=wording.invoice_params(**english),
            replies=[pay[0]],
            button_param=addresses.token(invoice.id),
            header_document=file_id,
            header_filename=filename,
        ),
        subject=(INVOICE, invoice.id),
        letter=Letter(
            subject=wording.invoice_subject(seller=business.name, number=number, language=language),
            body=wording.invoice_letter(**said),
            link=invoice.pay_url,
            attachments=[(file_id, filename)],
        ),
        category=Category.TRANSACTION,
        channel=channel,
    )


@inner
def send_receipt(invoice_id: UUID, payment_id: UUID) -> UUID | None:
    """Thank the customer for one payment; the message's id. None where they can't be reached, or receipts are switched off.
    Doing it again sends nothing."""
    if not queries.does(RECEIPTS, queries.invoice(invoice_id).customer_id):
        return None
    return _send_receipt(invoice_id, payment_id, f"receipt:{invoice_id}:{payment_id}")


@needs(INVOICE_SEND)
def resend_receipt(invoice_id: UUID) -> UUID | None:
    """Send the receipt of the last payment on an invoice once more, on the merchant's word; the message's id. None where
    there is no way to reach the customer, or nothing was paid. A second time within the same hour is the first."""
    paid = [part for part in queries.allocations_of(invoice_id) if part.payment_id and part.amount]
    if not paid:
        return None
    last = max(paid, key=lambda part: part.allocated_at)
    assert last.payment_id is not None
    hour = f"{clock.now():%Y-%m-%dT%H}"
    return _send_receipt(
        invoice_id, last.payment_id, f"receipt again:{invoice_id}:{last.payment_id}:{hour}"
    )


def _send_receipt(invoice_id: UUID, payment_id: UUID, cause: str) -> UUID | None:
    invoice = queries.invoice(invoice_id)
    business = identity.business(finding.invoice(invoice_id).business_id)
    customer = finding.customer(invoice.customer_id)
    contact_id = contact_of(customer)
    if contact_id is None:
        return None
    language = wording.written_in(finding.language_of(customer, business))
    applied, credit = _parts(payment_id, invoice)
    number = invoice.number or wording.what_for(
        language, [line.description for line in invoice.lines]
    )
    params = wording.receipt_params(
        language=language, seller=business.name, number=number, amount=applied + credit
    )
    body = wording.receipt(
        language=language,
        seller=business.name,
        number=number,
        applied=applied,
        credit=credit,
        owed=invoice.owed,
    )
    return messaging.send(
        contact_id,
        Text(body),
        cause=cause,
        outside_window=_receipt_outside(params, invoice, language),
        subject=(INVOICE, invoice_id),
        letter=Letter(
            subject=wording.receipt_subject(seller=business.name, number=number, language=language),
            body=body,
            link=invoice.pay_url or "",
        ),
        category=Category.TRANSACTION,
    )


def _receipt_outside(params: Sequence[str], invoice: InvoiceView, language: str) -> Template | None:
    """The template's button opens the invoice's page, which only what was issued has."""
    if invoice.pay_url is None:
        return None
    return Template(
        name=wording.RECEIPT_TEMPLATE,
        language=language,
        params=params,
        button_param=addresses.token(invoice.id),
    )


def _buttons(invoice: InvoiceView, business_id: UUID, language: str) -> list[tuple[str, str]]:
    """`verb:business:invoice`, the ids in 26 letters each, as the chat reads them back."""
    about = f"{ids.short(business_id)}:{ids.short(invoice.id)}"
    pay, view = wording.invoice_buttons(language, invoice.currency)
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
