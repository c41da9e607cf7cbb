"""The operations: a function each, with its address, its shapes and the permission it needs.

Annotations are read when the module is loaded, since ninja looks for them in the module of what wraps the function.
"""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Status

from hesabu.doors.api import shapes
from hesabu.doors.api.door import NothingHere, bearer_of, needing, once
from hesabu.doors.api.shapes import Limit, Page, uuid_of
from hesabu.identity import approvals as four_eyes
from hesabu.identity import permissions
from hesabu.identity import queries as businesses
from hesabu.identity.approvals import APPROVAL_READ
from hesabu.identity.errors import ApprovalNotFound
from hesabu.identity.permissions import BUSINESS_READ
from hesabu.identity.types import ApprovalView
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import (
    CUSTOMER_KEEP,
    CUSTOMER_READ,
    INVOICE_CREDIT,
    INVOICE_DRAFT,
    INVOICE_ISSUE,
    INVOICE_READ,
    INVOICE_SEND,
    INVOICE_VOID,
    ITEM_KEEP,
    ITEM_READ,
)
from hesabu.invoicing.types import INVOICE, DraftInput, InvoiceState, LineInput
from hesabu.kit import ids
from hesabu.kit.money import Money
from hesabu.kit.phones import parse_phone
from hesabu.ledger import queries as ledger
from hesabu.ledger.permissions import BOOK_READ
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_COLLECT, PAYMENT_READ, PAYMENT_RECORD
from hesabu.payments.types import Charge, Purpose
from hesabu.store import files

router = Router()
After = Annotated[str | None, Query(max_length=40)]


@router.get("/me", response=shapes.MeOut, tags=["me"])
@needing(BUSINESS_READ)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who this key or token speaks for, and what it may do."""
    bearer = bearer_of(request)
    business = businesses.business(bearer.business_id)
    return {
        "kind": bearer.kind,
        "name": bearer.name,
        "scopes": sorted(bearer.scopes),
        "business_id": ids.show("biz", business.id),
        "business_name": business.name,
        "currency": business.currency,
        "country": business.country,
    }


# --- customers


@router.get("/customers", response=Page[shapes.CustomerOut], tags=["customers"])
@needing(CUSTOMER_READ)
def list_customers(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, Any]:
    """Customers, the newest first."""
    before = uuid_of("cus", after) if after else None
    found = invoices.customers(before=before, most=limit + 1)
    return shapes.paged(list(found), shapes.customer, limit)


@router.post("/customers", response={201: shapes.CustomerOut}, tags=["customers"])
@needing(CUSTOMER_KEEP)
def keep_customer(request: HttpRequest, said: shapes.CustomerIn) -> Status[Any]:
    """Keep a customer: found again by phone, else by name."""

    def act() -> dict[str, Any]:
        customer_id = invoicing.keep_customer(said.name, said.phone)
        details = said.model_dump(exclude={"name", "phone"}, exclude_none=True)
        if details:
            invoicing.change_customer(customer_id, **details)
        return shapes.customer(invoices.customer(customer_id))

    return Status(201, once(request, "customers", said, act))


@router.get("/customers/{customer_id}", response=shapes.CustomerOut, tags=["customers"])
@needing(CUSTOMER_READ)
def see_customer(request: HttpRequest, customer_id: str) -> dict[str, Any]:
    return shapes.customer(invoices.customer(uuid_of("cus", customer_id)))


@router.patch("/customers/{customer_id}", response=shapes.CustomerOut, tags=["customers"])
@needing(CUSTOMER_KEEP)
def change_customer(
    request: HttpRequest, customer_id: str, said: shapes.CustomerChange
) -> dict[str, Any]:
    """Change what is said, and nothing else."""
    found = uuid_of("cus", customer_id)
    invoicing.change_customer(found, **said.model_dump(exclude_unset=True))
    return shapes.customer(invoices.customer(found))


# --- items


@router.get("/items", response=list[shapes.ItemOut], tags=["items"])
@needing(ITEM_READ)
def list_items(
    request: HttpRequest, search: Annotated[str | None, Query(max_length=100)] = None
) -> list[dict[str, Any]]:
    """What is sold, by name."""
    return [shapes.item(view) for view in invoices.items(search)]


@router.put("/items", response=shapes.ItemOut, tags=["items"])
@needing(ITEM_KEEP)
def keep_item(request: HttpRequest, said: shapes.ItemIn) -> dict[str, Any]:
    """Keep something under its name, or give the one of that name this price."""
    item_id = invoicing.keep_item(said.name, said.unit_price.money(), said.tax_code)
    return shapes.item(next(view for view in invoices.items() if view.id == item_id))


@router.delete("/items/{item_id}", response={204: None}, tags=["items"])
@needing(ITEM_KEEP)
def drop_item(request: HttpRequest, item_id: str) -> Status[Any]:
    """Stop offering it. What was invoiced stays."""
    invoicing.drop_item(uuid_of("itm", item_id))
    return Status(204, None)


# --- invoices


@router.get("/invoices", response=Page[shapes.InvoiceOut], tags=["invoices"])
@needing(INVOICE_READ)
def list_invoices(
    request: HttpRequest,
    state: InvoiceState | None = None,
    customer_id: After = None,
    after: After = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Invoices and drafts, the newest first."""
    found = invoices.invoices(
        before=uuid_of("inv", after) if after else None,
        most=limit,
        states=[state] if state else (),
        customer_id=uuid_of("cus", customer_id) if customer_id else None,
    )
    following = ids.show("inv", found.next_before) if found.next_before else None
    return {"data": [shapes.invoice(view) for view in found.invoices], "next": following}


@router.post("/invoices", response={201: shapes.InvoiceOut}, tags=["invoices"])
@needing(INVOICE_DRAFT)
def draft(request: HttpRequest, said: shapes.InvoiceIn) -> Status[Any]:
    """Draft an invoice. It has no number and nobody sees it until it is issued."""

    def act() -> dict[str, Any]:
        invoice_id, _ = invoicing.draft(_draft_input(said))
        return shapes.invoice(invoices.invoice(invoice_id))

    return Status(201, once(request, "invoices", said, act))


@router.get("/invoices/{invoice_id}", response=shapes.InvoiceOut, tags=["invoices"])
@needing(INVOICE_READ)
def see_invoice(request: HttpRequest, invoice_id: str) -> dict[str, Any]:
    """By its id, or by its number."""
    if invoice_id.lower().startswith("inv_"):
        return shapes.invoice(invoices.invoice(uuid_of("inv", invoice_id)))
    return shapes.invoice(invoices.by_number(invoice_id[:40]))


@router.put("/invoices/{invoice_id}", response=shapes.InvoiceOut, tags=["invoices"])
@needing(INVOICE_DRAFT)
def change_draft(
    request: HttpRequest, invoice_id: str, said: shapes.InvoiceChange
) -> dict[str, Any]:
    """Change a draft that is still the version that was seen; what is issued is credited instead."""
    found = uuid_of("inv", invoice_id)
    invoicing.change_draft(found, said.version, _draft_input(said))
    return shapes.invoice(invoices.invoice(found))


@router.delete("/invoices/{invoice_id}", response={204: None}, tags=["invoices"])
@needing(INVOICE_DRAFT)
def discard(request: HttpRequest, invoice_id: str) -> Status[Any]:
    """Throw a draft away."""
    invoicing.discard(uuid_of("inv", invoice_id))
    return Status(204, None)


@router.post("/invoices/{invoice_id}/issue", response=shapes.InvoiceOut, tags=["invoices"])
@needing(INVOICE_ISSUE)
def issue(request: HttpRequest, invoice_id: str, said: shapes.Seen) -> dict[str, Any]:
    """Number it, book it and send it. Again: nothing changes."""
    return shapes.invoice(invoicing.issue(uuid_of("inv", invoice_id), said.version))


@router.post("/invoices/{invoice_id}/void", response=shapes.InvoiceOut, tags=["invoices"])
@needing(INVOICE_VOID)
def void(request: HttpRequest, invoice_id: str, said: shapes.Reason) -> dict[str, Any]:
    """Take back an issued invoice that nothing was paid on."""
    return shapes.invoice(invoicing.void(uuid_of("inv", invoice_id), said.reason))


@router.post(
    "/invoices/{invoice_id}/credit", response={201: shapes.CreditNoteOut}, tags=["invoices"]
)
@needing(INVOICE_CREDIT)
def credit(request: HttpRequest, invoice_id: str, said: shapes.CreditIn) -> Status[Any]:
    """Credit an issued invoice, whole or by an amount."""

    def act() -> dict[str, Any]:
        amount = said.amount.money() if said.amount else None
        note = invoicing.credit(uuid_of("inv", invoice_id), said.reason, amount=amount)
        shown = {"id": ids.show("crn", note.id), "number": note.number}
        return shown | {"invoice_id": ids.show("inv", note.invoice_id)}

    return Status(201, once(request, f"credit.{invoice_id}", said, act))


@router.post("/invoices/{invoice_id}/remind", response={202: None}, tags=["invoices"])
@needing(INVOICE_SEND)
def remind(request: HttpRequest, invoice_id: str) -> Status[Any]:
    """Remind its customer, at most once a day."""
    invoicing.remind(uuid_of("inv", invoice_id))
    return Status(202, None)


@router.get("/invoices/{invoice_id}/pdf", tags=["invoices"])
@needing(INVOICE_READ)
def paper(request: HttpRequest, invoice_id: str) -> HttpResponse:
    """The paper as it was issued: PDF/A-3."""
    view = invoices.invoice(uuid_of("inv", invoice_id))
    if view.number is None:
        raise NothingHere()
    kept = files.read(invoicing.keep_pdf(view.id))
    shown = HttpResponse(kept.content, content_type="application/pdf")
    shown["Content-Disposition"] = (
        content_disposition_header(True, f"{view.number}.pdf") or "attachment"
    )
    return shown


@router.get("/invoices/{invoice_id}/entries", response=list[shapes.EntryOut], tags=["invoices"])
@needing(BOOK_READ)
def entries_of_invoice(request: HttpRequest, invoice_id: str) -> list[dict[str, Any]]:
    """How it stands in the books."""
    view = invoices.invoice(uuid_of("inv", invoice_id))
    return [shapes.entry(one) for one in invoices.entries_of(view.id)]


# --- payments


@router.get("/invoices/{invoice_id}/payments", response=list[shapes.PaymentOut], tags=["payments"])
@needing(PAYMENT_READ)
def payments_of_invoice(request: HttpRequest, invoice_id: str) -> list[dict[str, Any]]:
    view = invoices.invoice(uuid_of("inv", invoice_id))
    return [shapes.payment(one) for one in collected.payments_for(Purpose(INVOICE, view.id))]


@router.post(
    "/invoices/{invoice_id}/payments", response={201: shapes.PaymentOut}, tags=["payments"]
)
@needing(PAYMENT_RECORD)
def record(request: HttpRequest, invoice_id: str, said: shapes.PaymentIn) -> Status[Any]:
    """Count money that was seen to come. With a receipt, or an Idempotency-Key, it counts once however often it is said."""
    view = invoices.invoice(uuid_of("inv", invoice_id))

    def act() -> dict[str, Any]:
        payment = payments.record(
            Purpose(INVOICE, view.id),
            said.amount.money(),
            said.method,
            said.receipt,
            said.received_on,
        )
        return shapes.payment(payment)

    return Status(201, once(request, f"payments.{view.id}", said, act))


@router.post(
    "/invoices/{invoice_id}/collections", response={202: shapes.CollectionOut}, tags=["payments"]
)
@needing(PAYMENT_COLLECT)
def collect(request: HttpRequest, invoice_id: str, said: shapes.CollectionIn) -> Status[Any]:
    """Send a prompt to the payer's phone. The Idempotency-Key is its key, so that repeating it rings no phone twice."""
    view = invoices.invoice(uuid_of("inv", invoice_id))
    amount = said.amount.money() if said.amount else view.asked
    business = businesses.business(bearer_of(request).business_id)
    key = request.headers.get("Idempotency-Key") or ids.new_id().hex
    charge = Charge(Purpose(INVOICE, view.id), amount, str(view.number or "")[:12])
    phone = parse_phone(said.phone, business.country)
    return Status(202, shapes.collection(payments.collect(charge, phone, f"api:{key[:200]}")))


@router.get("/payments/unplaced", response=list[shapes.PaymentOut], tags=["payments"])
@needing(PAYMENT_READ)
def unplaced(request: HttpRequest) -> list[dict[str, Any]]:
    """Money that nobody could say what it is for."""
    return [shapes.payment(one) for one in collected.unplaced()]


# --- approvals


@router.get("/approvals", response=list[shapes.ApprovalOut], tags=["approvals"])
@needing(APPROVAL_READ)
def list_approvals(request: HttpRequest) -> list[dict[str, Any]]:
    """What waits for a second person and what was answered, of what this person or key asked or this person may approve."""
    found = [*businesses.approvals_waiting(), *businesses.approvals_answered()]
    return [shapes.approval(view) for view in found if _is_theirs(view)]


@router.get("/approvals/{approval_id}", response=shapes.ApprovalOut, tags=["approvals"])
@needing(APPROVAL_READ)
def see_approval(request: HttpRequest, approval_id: str) -> dict[str, Any]:
    """Where it stands. It is approved by a person, on the page or in the chat; then it is done, once."""
    view = businesses.approval(uuid_of("apv", approval_id))
    if not _is_theirs(view):
        raise ApprovalNotFound()
    return shapes.approval(view)


def _is_theirs(view: ApprovalView) -> bool:
    """They asked (a key asks for whoever made it), answered, or may answer."""
    person_id = four_eyes.asker()
    if person_id is None:
        return False
    is_said = person_id in (view.asked_by_id, view.answered_by_id)
    return is_said or businesses.may_answer(view, person_id)


# --- books


@router.get("/books/balances", response=list[shapes.BalanceOut], tags=["books"])
@needing(BOOK_READ)
def balances(request: HttpRequest) -> list[dict[str, Any]]:
    """What every account holds: debits minus credits."""
    return [
        {
            "code": one.code,
            "name": one.name,
            "role": one.role,
            "amount": shapes.summed(Money(one.balance_minor, one.currency)),
        }
        for one in ledger.balances()
    ]


@router.get("/books/entries", response=list[shapes.EntryOut], tags=["books"])
@needing(BOOK_READ)
def entries(
    request: HttpRequest,
    after_seq: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Limit = 50,
) -> list[dict[str, Any]]:
    """The journal in order, after an entry's number."""
    return [shapes.entry(one) for one in ledger.entries(after_seq=after_seq, most=limit)]


@router.get("/permissions", response=list[dict[str, Any]], tags=["me"])
@needing(BUSINESS_READ)
def all_permissions(request: HttpRequest) -> list[dict[str, Any]]:
    """What a key can be allowed."""
    return [
        {"scope": one.name, "words": one.words, "is_dangerous": one.is_dangerous}
        for one in permissions.declared()
    ]


def _draft_input(said: shapes.InvoiceIn) -> DraftInput:
    discount: Money | int | None = said.discount.money() if said.discount else said.discount_bps
    return DraftInput(
        uuid_of("cus", said.customer_id),
        [
            LineInput(line.description, line.quantity, line.unit_price.money(), line.tax_code)
            for line in said.lines
        ],
        due_on=said.due_on,
        tax_mode=said.tax_mode,
        discount=discount,
        note=said.note,
        deposit=said.deposit.money() if said.deposit else None,
    )
