"""Questions about customers, items, invoices and credit. Each inside the binding of one business."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import Q, Sum

from hesabu.identity import queries as identity
from hesabu.invoicing import addresses, errors, finding
from hesabu.invoicing.agreeing import disagreements
from hesabu.invoicing.held import contacts_of_customer as contacts_of_customer
from hesabu.invoicing.held import customer_ids_of as customer_ids_of
from hesabu.invoicing.held import customers_found as _customers_found
from hesabu.invoicing.held import expired_papers as expired_papers
from hesabu.invoicing.held import files_of_customer as files_of_customer
from hesabu.invoicing.held import held_in_short as held_in_short
from hesabu.invoicing.held import held_on_customer as held_on_customer
from hesabu.invoicing.models import Allocation, CreditNote, Customer, Invoice, Item, Paper
from hesabu.invoicing.owing import (
    issued_on,
    issued_since,
    owed,
    owed_at_each,
    owed_by_customer,
)
from hesabu.invoicing.reminders.queries import (
    broken_on,
    does,
    due_turns,
    habit,
    habits,
    promises_of,
)
from hesabu.invoicing.rules import legal, names, numbers
from hesabu.invoicing.types import (
    INVOICE,
    OPEN,
    AllocationView,
    CreditNoteView,
    CustomerView,
    DocumentKind,
    DraftInput,
    InvoiceState,
    InvoiceView,
    ItemView,
    Page,
    PayPage,
)
from hesabu.invoicing.views import (
    allocation_views,
    asked_minor_of,
    customer_view,
    item_view,
    note_view,
    standing_of,
    today_here,
    views_of,
)
from hesabu.kit.money import Money
from hesabu.kit.phones import parse_phone
from hesabu.ledger import queries as ledger
from hesabu.ledger.types import EntryView
from hesabu.payments import queries as payments
from hesabu.payments.types import Purpose
from hesabu.store import facts, tenancy
from hesabu.store.facts import FactRecord

__all__ = [
    "allocations_of",
    "allocations_of_payment",
    "asked_of_seller",
    "broken_on",
    "by_number",
    "credit_note",
    "credit_notes_of",
    "credit_of",
    "customer",
    "customer_by_phone",
    "customer_names",
    "customers_named",
    "disagreements",
    "does",
    "due_turns",
    "entries_of",
    "habit",
    "habits",
    "invoice",
    "invoices",
    "invoices_of_ids",
    "issued_on",
    "issued_since",
    "item_named",
    "items",
    "open_invoices",
    "owed",
    "owed_at_each",
    "owed_by_customer",
    "page_of",
    "promises_of",
    "said_of",
    "snapshot",
    "timeline",
]


def invoice(invoice_id: UUID) -> InvoiceView:
    """Raises InvoiceNotFound."""
    return views_of([finding.invoice(invoice_id)])[0]


def invoices_of_ids(invoice_ids: Iterable[UUID]) -> dict[UUID, InvoiceView]:
    """These invoices, asked at once; what there is none of is left out."""
    rows = Invoice.objects.filter(business_id=tenancy.only(), id__in=list(invoice_ids))
    return {view.id: view for view in views_of(list(rows))}


def numbers_of_invoices(invoice_ids: Collection[UUID]) -> dict[UUID, str]:
    """Those of the bound business's that have one; a draft has none."""
    if not invoice_ids:
        return {}
    rows = Invoice.objects.filter(
        business_id=tenancy.only(), id__in=invoice_ids, number__isnull=False
    )
    return {one: str(number) for one, number in rows.values_list("id", "number")}


def by_number(text: str) -> InvoiceView:
    """The invoice that "INV-0007", "inv 7", "#7" or "7" means. Raises InvoiceNotFound."""
    written = numbers.read(text)
    if written is None or written.prefix not in (None, numbers.PREFIXES[DocumentKind.INVOICE]):
        raise errors.InvoiceNotFound(text[:20])
    row = Invoice.objects.filter(business_id=tenancy.only(), number_value=written.value).first()
    if row is None:
        raise errors.InvoiceNotFound(text[:20])
    return views_of([row])[0]


def open_invoices(customer_id: UUID | None = None) -> list[InvoiceView]:
    """What is owed on, the longest due first."""
    rows = Invoice.objects.filter(business_id=tenancy.only(), state__in=OPEN)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return views_of(list(rows.order_by("due_on", "id")))


def invoices(
    *,
    before: UUID | None = None,
    most: int = 50,
    states: Sequence[InvoiceState] = (),
    customer_id: UUID | None = None,
) -> Page:
    """Invoices and drafts, the newest first, a page at a time. Drafts that were thrown away are left out."""
    rows = Invoice.objects.filter(business_id=tenancy.only()).exclude(
        state=InvoiceState.VOID, number__isnull=True
    )
    if states:
        rows = rows.filter(state__in=states)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: most + 1])
    return Page(tuple(views_of(found[:most])), found[most - 1].id if len(found) > most else None)


def said_of(invoice_id: UUID) -> DraftInput:
    """What was typed of an invoice or a draft, to say it again with a change. Raises InvoiceNotFound."""
    return finding.input_of(finding.invoice(invoice_id))


def page_of(invoice_id: UUID) -> PayPage:
    """What stands behind the pay link. Raises InvoiceNotFound for what was never issued."""
    row = finding.invoice(invoice_id)
    paper = Paper.objects.filter(business_id=row.business_id, document_id=row.id).first()
    if paper is None or row.number is None or row.issued_on is None or row.due_on is None:
        raise errors.InvoiceNotFound(str(invoice_id))
    owed_minor = standing_of(row).owed_minor
    return PayPage(
        invoice_id=row.id,
        business_id=row.business_id,
        number=row.number,
        state=InvoiceState(row.state),
        is_overdue=owed_minor > 0 and row.due_on < today_here(),
        is_payable=owed_minor > 0,
        currency=row.currency,
        total=Money(row.total_minor, row.currency),
        paid=Money(row.paid_minor, row.currency),
        credited=Money(row.credited_minor, row.currency),
        owed=Money(owed_minor, row.currency),
        deposit=Money(row.deposit_minor, row.currency),
        asked=Money(asked_minor_of(row), row.currency),
        issued_on=row.issued_on,
        due_on=row.due_on,
        language=paper.snapshot["language"],
        pay_url=addresses.page_url(row.id),
        snapshot=paper.snapshot,
    )


def snapshot(document_id: UUID) -> dict[str, object]:
    """The frozen snapshot of an issued invoice or credit note. Raises InvoiceNotFound."""
    paper = Paper.objects.filter(business_id=tenancy.only(), document_id=document_id).first()
    if paper is None:
        raise errors.InvoiceNotFound(str(document_id))
    return dict(paper.snapshot)


def timeline(invoice_id: UUID) -> list[FactRecord]:
    """All that happened to an invoice, its messages too, in order."""
    finding.invoice(invoice_id)
    return facts.timeline(invoice_id)


def entries_of(invoice_id: UUID) -> list[EntryView]:
    """The journal entries about an invoice and about the payments that named it or went to it."""
    named_it = {payment.id for payment in payments.payments_for(Purpose(INVOICE, invoice_id))}
    paid_it = {part.payment_id for part in allocations_of(invoice_id) if part.payment_id}
    return ledger.entries_for({invoice_id} | named_it | paid_it)


def allocations_of(invoice_id: UUID) -> list[AllocationView]:
    """What paid an invoice, in order."""
    return allocation_views(invoice_id=invoice_id)


def allocations_of_payment(payment_id: UUID) -> list[AllocationView]:
    """Where a payment went."""
    return allocation_views(payment_id=payment_id)


def credit_of(customer_id: UUID, currency: str | None = None) -> Money:
    """What a customer has paid beyond their invoices and not used."""
    business_id = tenancy.only()
    in_currency = currency or identity.business(business_id).currency
    total = Allocation.objects.filter(
        business_id=business_id,
        customer_id=customer_id,
        invoice_id__isnull=True,
        currency=in_currency,
    ).aggregate(total=Sum("amount_minor"))["total"]
    return Money(int(total or 0), in_currency)


def credit_note(credit_note_id: UUID) -> CreditNoteView:
    """Raises CreditNoteNotFound."""
    row = CreditNote.objects.filter(business_id=tenancy.only(), id=credit_note_id).first()
    if row is None:
        raise errors.CreditNoteNotFound(str(credit_note_id))
    return note_view(row)


def credit_notes_of(invoice_id: UUID) -> list[CreditNoteView]:
    """In the order they were issued."""
    rows = CreditNote.objects.filter(business_id=tenancy.only(), invoice_id=invoice_id)
    return [note_view(row) for row in rows.order_by("number_value")]


def customer(customer_id: UUID) -> CustomerView:
    """Raises CustomerNotFound."""
    return customer_view(finding.customer(customer_id))


def customers(*, before: UUID | None = None, most: int = 50) -> list[CustomerView]:
    """The newest customers first, at most that many."""
    rows = Customer.objects.filter(business_id=tenancy.only())
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [customer_view(row) for row in rows.order_by("-id")[:most]]


def names_of_customers(some_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these customers of the bound business are called; asked by their own ids, or by those of their contacts."""
    if not some_ids:
        return {}
    which = Q(id__in=some_ids) | Q(contact_id__in=some_ids)
    rows = Customer.objects.filter(which, business_id=tenancy.only()).order_by("-id")
    named: dict[UUID, str] = {}
    for row in rows.only("id", "contact_id", "name"):
        named[row.id] = row.name
        if row.contact_id is not None:
            named[row.contact_id] = row.name
    return named


def customers_named(name: str) -> list[CustomerView]:
    """Everybody of exactly that name (capitals and spaces aside), oldest first."""
    return [customer_view(row) for row in finding.customers_by_name(name)]


def customers_found(search: str) -> list[CustomerView]:
    """By a telephone number, a mail address, or a name or part of it; the newest first."""
    return [customer_view(row) for row in _customers_found(search)]


def customer_by_phone(phone: str) -> CustomerView | None:
    country = identity.business(tenancy.only()).country
    row = finding.customer_by_phone(parse_phone(phone, country))
    return customer_view(row) if row else None


def customer_names(most: int = 200) -> list[str]:
    """What customers are called, the newest first."""
    rows = Customer.objects.filter(business_id=tenancy.only()).order_by("-id")
    return list(dict.fromkeys(str(name) for name in rows.values_list("name", flat=True)[:most]))


def asked_of_seller(country: str) -> list[tuple[str, bool]]:
    """Names of the details of a business that an invoice with tax says in a country, and whether the law needs each."""
    needed = legal.needed(country)
    return [(name, name in needed) for name in legal.asked(country)]


def items(search: str | None = None) -> list[ItemView]:
    """What is offered, by name. With `search`, those in whose name each of its words begins a word."""
    rows = Item.objects.filter(business_id=tenancy.only(), is_offered=True)
    sought = names.fold(search or "").split()
    return [
        item_view(row)
        for row in rows.order_by("name_key")
        if all(any(word.startswith(one) for word in row.name_key.split()) for one in sought)
    ]


def item_named(name: str) -> ItemView | None:
    row = Item.objects.filter(
        business_id=tenancy.only(), name_key=names.fold(name), is_offered=True
    ).first()
    return item_view(row) if row else None
