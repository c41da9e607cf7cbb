"""Questions about customers, items, invoices and credit. Each inside the binding of one business."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, Sum

from hesabu.identity import queries as identity
from hesabu.invoicing import addresses, errors, finding
from hesabu.invoicing.held import contacts_of_customer as contacts_of_customer
from hesabu.invoicing.held import customer_ids_of as customer_ids_of
from hesabu.invoicing.held import customers_found as _customers_found
from hesabu.invoicing.held import expired_papers as expired_papers
from hesabu.invoicing.held import files_of_customer as files_of_customer
from hesabu.invoicing.held import held_in_short as held_in_short
from hesabu.invoicing.held import held_on_customer as held_on_customer
from hesabu.invoicing.models import Allocation, CreditNote, Customer, Invoice, Item, Line, Paper
from hesabu.invoicing.reminders.queries import (
    broken_on,
    does,
    due_turns,
    habit,
    habits,
    promises_of,
)
from hesabu.invoicing.rules import legal, names, numbers
from hesabu.invoicing.rules.deposits import asked_minor
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.rules.snapshots import plain
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
    Issued,
    ItemView,
    LineView,
    Owed,
    Owing,
    Page,
    PayPage,
    TaxMode,
)
from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.kit.phones import parse_phone
from hesabu.ledger import queries as ledger
from hesabu.ledger.types import AccountRole, EntryView
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

_OWING = """
SELECT customer_id, currency, sum(owed), coalesce(sum(owed) FILTER (WHERE due_on < %(today)s), 0), count(*), min(due_on)
FROM (SELECT customer_id, currency, due_on, total_minor - paid_minor - credited_minor AS owed FROM invoicing_invoice
      WHERE business_id = %(business)s AND state IN ('issued', 'part_paid')) AS open
GROUP BY customer_id, currency ORDER BY 3 DESC, 1 LIMIT %(most)s
"""
_OWED = """
SELECT currency, sum(owed), coalesce(sum(owed) FILTER (WHERE due_on < %(today)s), 0), count(*),
       count(*) FILTER (WHERE due_on < %(today)s), min(due_on)
FROM (SELECT currency, due_on, total_minor - paid_minor - credited_minor AS owed FROM invoicing_invoice
      WHERE business_id = %(business)s AND state IN ('issued', 'part_paid')) AS open
GROUP BY currency ORDER BY currency
"""
_OWED_AT_EACH = """
SELECT business_id, currency, sum(total_minor - paid_minor - credited_minor) FROM invoicing_invoice
WHERE business_id = ANY(%(businesses)s) AND state IN ('issued', 'part_paid') GROUP BY 1, 2 ORDER BY 1, 2
"""


def invoice(invoice_id: UUID) -> InvoiceView:
    """Raises InvoiceNotFound."""
    return _views([finding.invoice(invoice_id)])[0]


def invoices_of_ids(invoice_ids: Iterable[UUID]) -> dict[UUID, InvoiceView]:
    """These invoices, asked at once; what there is none of is left out."""
    rows = Invoice.objects.filter(business_id=tenancy.only(), id__in=list(invoice_ids))
    return {view.id: view for view in _views(list(rows))}


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
    return _views([row])[0]


def open_invoices(customer_id: UUID | None = None) -> list[InvoiceView]:
    """What is owed on, the longest due first."""
    rows = Invoice.objects.filter(business_id=tenancy.only(), state__in=OPEN)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return _views(list(rows.order_by("due_on", "id")))


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
    return Page(tuple(_views(found[:most])), found[most - 1].id if len(found) > most else None)


def issued_on(day: date) -> list[Issued]:
    """What was invoiced on a day, by currency; what was voided since is left out."""
    rows = Invoice.objects.filter(business_id=tenancy.only(), issued_on=day)
    sums = rows.exclude(state=InvoiceState.VOID).values_list("currency")
    listed = sums.annotate(count=Count("id"), total=Sum("total_minor")).order_by("currency")
    return [Issued(count, Money(int(total), currency)) for currency, count, total in listed]


def issued_since(day: date) -> list[tuple[date, Issued]]:
    """What was invoiced on that day and on each day after it, by currency; what was taken back since is left out."""
    rows = Invoice.objects.filter(
        business_id=tenancy.only(), issued_on__gte=day, state__in=(*OPEN, InvoiceState.PAID)
    )
    sums = rows.values_list("issued_on", "currency")
    listed = sums.annotate(count=Count("id"), total=Sum("total_minor")).order_by("issued_on")
    return [(on, Issued(count, Money(int(total), code))) for on, code, count, total in listed]


def owed() -> list[Owed]:
    """What is owed to the business: one row for each currency in which something is."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED, {"business": tenancy.only(), "today": _today()})
        return [
            Owed(
                Money(int(owed_minor), currency),
                Money(int(late_minor), currency),
                count,
                late,
                due_on,
            )
            for currency, owed_minor, late_minor, count, late, due_on in cursor.fetchall()
        ]


def owed_at_each() -> dict[UUID, list[Money]]:
    """What is owed to each of the bound businesses that is owed anything, a sum for each currency."""
    with connection.cursor() as cursor:
        cursor.execute(_OWED_AT_EACH, {"businesses": list(tenancy.current().business_ids)})
        owed: dict[UUID, list[Money]] = {}
        for business_id, currency, minor in cursor.fetchall():
            owed.setdefault(business_id, []).append(Money(int(minor), currency))
    return owed


def owed_by_customer(most: int | None = None) -> list[Owing]:
    """Who owes, the most first: one row per customer and currency, at most that many."""
    business_id = tenancy.only()
    with connection.cursor() as cursor:
        cursor.execute(_OWING, {"business": business_id, "today": _today(), "most": most})
        rows = cursor.fetchall()
    names_of = _customers({row[0] for row in rows})
    return [
        Owing(
            customer_id=customer_id,
            name=names_of[customer_id].name,
            owed=Money(int(owed), currency),
            overdue=Money(int(overdue), currency),
            invoice_count=count,
            oldest_due_on=oldest,
        )
        for customer_id, currency, owed, overdue, count, oldest in rows
    ]


def said_of(invoice_id: UUID) -> DraftInput:
    """What was typed of an invoice or a draft, to say it again with a change. Raises InvoiceNotFound."""
    return finding.input_of(finding.invoice(invoice_id))


def page_of(invoice_id: UUID) -> PayPage:
    """What stands behind the pay link. Raises InvoiceNotFound for what was never issued."""
    row = finding.invoice(invoice_id)
    paper = Paper.objects.filter(business_id=row.business_id, document_id=row.id).first()
    if paper is None or row.number is None or row.issued_on is None or row.due_on is None:
        raise errors.InvoiceNotFound(str(invoice_id))
    owed_minor = _standing(row).owed_minor
    return PayPage(
        invoice_id=row.id,
        business_id=row.business_id,
        number=row.number,
        state=InvoiceState(row.state),
        is_overdue=owed_minor > 0 and row.due_on < _today(),
        is_payable=owed_minor > 0,
        currency=row.currency,
        total=Money(row.total_minor, row.currency),
        paid=Money(row.paid_minor, row.currency),
        credited=Money(row.credited_minor, row.currency),
        owed=Money(owed_minor, row.currency),
        deposit=Money(row.deposit_minor, row.currency),
        asked=Money(_asked_minor(row), row.currency),
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
    return _allocations(invoice_id=invoice_id)


def allocations_of_payment(payment_id: UUID) -> list[AllocationView]:
    """Where a payment went."""
    return _allocations(payment_id=payment_id)


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
    return _note(row)


def credit_notes_of(invoice_id: UUID) -> list[CreditNoteView]:
    """In the order they were issued."""
    rows = CreditNote.objects.filter(business_id=tenancy.only(), invoice_id=invoice_id)
    return [_note(row) for row in rows.order_by("number_value")]


def customer(customer_id: UUID) -> CustomerView:
    """Raises CustomerNotFound."""
    return _customer(finding.customer(customer_id))


def customers(*, before: UUID | None = None, most: int = 50) -> list[CustomerView]:
    """The newest customers first, at most that many."""
    rows = Customer.objects.filter(business_id=tenancy.only())
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_customer(row) for row in rows.order_by("-id")[:most]]


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
    return [_customer(row) for row in finding.customers_by_name(name)]


def customers_found(search: str) -> list[CustomerView]:
    """By a telephone number, a mail address, or a name or part of it; the newest first."""
    return [_customer(row) for row in _customers_found(search)]


def customer_by_phone(phone: str) -> CustomerView | None:
    country = identity.business(tenancy.only()).country
    row = finding.customer_by_phone(parse_phone(phone, country))
    return _customer(row) if row else None


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
        _item(row)
        for row in rows.order_by("name_key")
        if all(any(word.startswith(one) for word in row.name_key.split()) for one in sought)
    ]


def item_named(name: str) -> ItemView | None:
    row = Item.objects.filter(
        business_id=tenancy.only(), name_key=names.fold(name), is_offered=True
    ).first()
    return _item(row) if row else None


# Rows as the words that doors know.


def _today() -> date:
    return clock.today(identity.business(tenancy.only()).timezone)


def _customers(customer_ids: set[UUID]) -> dict[UUID, Customer]:
    rows = Customer.objects.filter(business_id=tenancy.only(), id__in=customer_ids)
    return {row.id: row for row in rows}


def _views(rows: Sequence[Invoice]) -> list[InvoiceView]:
    if not rows:
        return []
    today = _today()
    customers = _customers({row.customer_id for row in rows})
    lines: dict[UUID, list[Line]] = {}
    for line in Line.objects.filter(
        business_id=tenancy.only(), invoice_id__in=[row.id for row in rows]
    ).order_by("invoice_id", "position"):
        lines.setdefault(line.invoice_id, []).append(line)
    return [_view(row, customers[row.customer_id], lines.get(row.id, []), today) for row in rows]


def _view(row: Invoice, customer: Customer, lines: Sequence[Line], today: date) -> InvoiceView:
    owed_minor = _standing(row).owed_minor

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
        asked=money(_asked_minor(row)),
        created_at=row.created_at,
        replaces_id=row.replaces_id,
    )


def _asked_minor(row: Invoice) -> int:
    return asked_minor(row.deposit_minor, row.paid_minor, _standing(row).owed_minor)


def _standing(row: Invoice) -> Standing:
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


def _allocations(**which: UUID) -> list[AllocationView]:
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


def _note(row: CreditNote) -> CreditNoteView:
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


def _customer(row: Customer) -> CustomerView:
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


def _item(row: Item) -> ItemView:
    return ItemView(row.id, row.name, Money(row.unit_price_minor, row.currency), row.tax_code)


_RECEIVABLE = """
SELECT coalesce(sum(i.total_minor - i.paid_minor), 0)
     - coalesce((SELECT sum(n.to_owed_minor) FROM invoicing_credit_note n JOIN ledger_book k
                 ON k.business_id = n.business_id AND k.currency = n.currency WHERE n.business_id = %(business)s), 0)
FROM invoicing_invoice i JOIN ledger_book b ON b.business_id = i.business_id AND b.currency = i.currency
WHERE i.business_id = %(business)s AND i.state NOT IN ('draft', 'void')
"""
_CREDIT = """
SELECT coalesce(sum(a.amount_minor), 0) FROM invoicing_allocation a JOIN ledger_book b
    ON b.business_id = a.business_id AND b.currency = a.currency
WHERE a.business_id = %(business)s AND a.invoice_id IS NULL
"""
_GAPS = """
SELECT 'invoices', count(number_value), coalesce(max(number_value), 0) FROM invoicing_invoice WHERE business_id = %(business)s
UNION ALL
SELECT 'credit notes', count(*), coalesce(max(number_value), 0) FROM invoicing_credit_note WHERE business_id = %(business)s
"""


def disagreements() -> list[str]:
    """Where this room's rows and the bound business's book do not agree; empty when all is sound."""
    given = {"business": tenancy.only()}
    faults = []
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, given)
        for documents, count, last in cursor.fetchall():
            if count != last:
                faults.append(
                    f"there are {count} {documents} with a number, and the last number is {last}"
                )
        for question, role, what in (
            (_RECEIVABLE, AccountRole.RECEIVABLES, "invoices are owed"),
            (_CREDIT, AccountRole.CUSTOMER_CREDIT, "customers have as credit"),
        ):
            cursor.execute(question, given)
            (rows,) = cursor.fetchone()
            held = ledger.balance(role).minor * (-1 if role == AccountRole.CUSTOMER_CREDIT else 1)
            if held != rows:
                faults.append(f"the book says {held} where {what} {rows}")
    return faults
