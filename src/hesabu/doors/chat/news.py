"""What a merchant hears about one payment, whoever tells it first: the answer to their own word, or the fact itself.

Each has a cause made of what it is about, so that it is said once. Inside the business's binding.
"""

from __future__ import annotations

from uuid import UUID

from hesabu.doors.chat import taps, words
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.speech import Option, Plain, Saying
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import INVOICE, InvoiceView
from hesabu.kit.money import Money
from hesabu.payments import queries as collected
from hesabu.payments.types import PaymentView, TwinView
from hesabu.store import tenancy


def of_payment(invoice_id: UUID, payment_id: UUID) -> list[Saying]:
    """All there is to say of a payment for an invoice, as things stand now."""
    view, payment = invoices.invoice(invoice_id), collected.payment(payment_id)
    applied = credit = Money.zero(view.currency)
    for part in invoices.allocations_of_payment(payment_id):
        if part.invoice_id == invoice_id:
            applied += part.amount
        elif part.invoice_id is None:
            credit += part.amount
    sayings = []
    if applied and view.owed:
        sayings.append(part_paid(invoice_id, payment, applied, view.owed))
    elif applied:
        sayings.append(paid(invoice_id, payment, applied))
    if credit:
        sayings.append(overpaid(invoice_id, payment_id, credit))
    asked = None if sayings else question(payment_id)
    return [asked] if asked else sayings


def question(payment_id: UUID) -> Saying | None:
    """What the merchant is asked about money that may be what they had counted by their word; None where nothing is open."""
    twin = collected.twin_of(payment_id)
    if twin is None or twin.purpose.kind != INVOICE:
        return None
    return asked_same(twin)


def asked_same(twin: TwinView) -> Saying:
    """Is it the same money? With two buttons."""
    view = invoices.invoice(twin.purpose.id)
    payment = collected.payment(twin.payment_id)
    verbs = zip(("same", "apart"), words.money.same_buttons(), strict=True)
    options = tuple(
        Option(title, taps.written(verb, tenancy.only(), twin.payment_id)) for verb, title in verbs
    )
    return Saying(words.money.maybe_same(view, payment.amount), options)


def paid(invoice_id: UUID, payment: PaymentView, applied: Money) -> Saying:
    view = invoices.invoice(invoice_id)
    body = words.money.paid(view, applied, payment.method, payment.receipt)
    return _told(body, f"paid:{invoice_id}:{payment.id}", invoice_id)


def part_paid(invoice_id: UUID, payment: PaymentView, applied: Money, owed: Money) -> Saying:
    view = invoices.invoice(invoice_id)
    body = words.money.part_paid(view, applied, owed, payment.method, payment.receipt)
    return _told(body, f"paid:{invoice_id}:{payment.id}", invoice_id)


def overpaid(invoice_id: UUID, payment_id: UUID, credit: Money) -> Saying:
    view = invoices.invoice(invoice_id)
    return _told(
        words.money.overpaid(view, credit), f"overpaid:{invoice_id}:{payment_id}", invoice_id
    )


def _told(body: str, cause: str, invoice_id: UUID) -> Saying:
    business = tenancy.only().hex
    about = (business, invoice_id.hex)
    return Saying(body, cause=f"told:{cause}", business=business, about=about)


def about(desk: Desk, view: InvoiceView) -> tuple[str, str]:
    """What a saying about that invoice is about."""
    return desk.business_id.hex, view.id.hex


def plain(body: str) -> Plain:
    return as_plain(Saying(body))


def as_plain(saying: Saying) -> Plain:
    """As a script carries it."""
    about = list(saying.about) if saying.about else None
    return {
        "body": saying.body,
        "cause": saying.cause,
        "business": saying.business,
        "about": about,
        "options": [[option.title, option.id] for option in saying.options],
    }


def saying(kept: Plain) -> Saying:
    about = kept["about"]
    return Saying(
        kept["body"],
        tuple(Option(title, tap) for title, tap in kept.get("options", ())),
        cause=kept["cause"],
        business=kept["business"],
        about=(about[0], about[1]) if about else None,
    )
