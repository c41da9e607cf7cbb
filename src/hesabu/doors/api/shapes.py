"""Shapes: what goes in and out. Ids carry what they are of, money its currency, days are ISO 8601."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from hesabu.identity.types import ApprovalView
from hesabu.invoicing.types import CustomerView, InvoiceView, ItemView
from hesabu.kit import ids
from hesabu.kit import money as kit
from hesabu.ledger.types import EntryView
from hesabu.payments.types import CollectionView, PaymentView

T = TypeVar("T")


def _printable(text: str) -> str:
    """Line ends and tabs are all that is taken besides what can be seen; an odd one would only hide something."""
    if any(not (letter.isprintable() or letter in "\n\r\t") for letter in text):
        raise ValueError("holds letters that cannot be printed")
    return text


Words = Annotated[str, AfterValidator(_printable), StringConstraints(strip_whitespace=True)]
Short = Annotated[Words, Field(min_length=1, max_length=200)]
Long = Annotated[Words, Field(max_length=2000)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]


class In(Schema):
    """What a program says: a name it misspells is told, not passed over."""

    model_config = ConfigDict(extra="forbid")


class Sum(Schema):
    """An amount in major units, as text, so that no program rounds it."""

    model_config = ConfigDict(extra="forbid")
    amount: Annotated[str, StringConstraints(pattern=r"^-?\d{1,13}(\.\d{1,4})?$")] = Field(
        examples=["75000.00"]
    )
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(examples=["KES"])

    def money(self) -> kit.Money:
        return kit.Money.parse(self.amount, self.currency)


def summed(money: kit.Money) -> dict[str, str]:
    return {"amount": str(money.decimal), "currency": money.currency}


class Page(Schema, Generic[T]):
    """Some of a list. `next` is the `after` of the page behind this one; none on the last."""

    data: list[T]
    next: str | None = None


def paged(rows: list[Any], shape: Callable[[Any], dict[str, Any]], limit: int) -> dict[str, Any]:
    """The first `limit` of one row more than that."""
    shown = [shape(row) for row in rows[:limit]]
    return {"data": shown, "next": shown[-1]["id"] if len(rows) > limit else None}


Limit = Annotated[int, Field(ge=1, le=100)]


# --- customers and items


class CustomerIn(In):
    name: Short
    phone: Short | None = None
    email: Short | None = None
    address: Long | None = None
    tax_id: Short | None = None


class CustomerChange(In):
    name: Short | None = None
    phone: Short | None = None
    email: Short | None = None
    address: Long | None = None
    tax_id: Short | None = None


class CustomerOut(Schema):
    id: str
    name: str
    phone: str | None
    email: str | None
    address: str | None
    tax_id: str | None
    language: str


def customer(view: CustomerView) -> dict[str, Any]:
    return {
        "id": ids.show("cus", view.id),
        "name": view.name,
        "phone": view.phone,
        "email": view.email,
        "address": view.address,
        "tax_id": view.tax_id,
        "language": view.language,
    }


class ItemIn(In):
    name: Short
    unit_price: Sum
    tax_code: Code | None = None


class ItemOut(Schema):
    id: str
    name: str
    unit_price: Sum
    tax_code: str | None


def item(view: ItemView) -> dict[str, Any]:
    return {
        "id": ids.show("itm", view.id),
        "name": view.name,
        "unit_price": summed(view.unit_price),
        "tax_code": view.tax_code,
    }


# --- invoices


class LineIn(In):
    description: Short
    quantity: Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=13, decimal_places=6)] = (
        Decimal(1)
    )
    unit_price: Sum
    tax_code: Code | None = None


class InvoiceIn(In):
    customer_id: Annotated[str, Field(max_length=40)]
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=100)]
    due_on: date | None = None
    tax_mode: Annotated[str, StringConstraints(pattern="^(exclusive|inclusive|none)$")] = "none"
    discount: Sum | None = None
    discount_bps: Annotated[int, Field(ge=1, le=10_000, strict=True)] | None = None
    deposit: Sum | None = None
    note: Long = ""


class InvoiceChange(InvoiceIn):
    version: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Seen(In):
    """Which version of a draft was seen."""

    version: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Reason(In):
    reason: Short


class CreditIn(Reason):
    amount: Sum | None = None


class LineOut(Schema):
    position: int
    description: str
    quantity: str
    unit_price: Sum
    net: Sum
    tax_code: str
    tax_rate_bps: int
    tax: Sum
    gross: Sum


class InvoiceOut(Schema):
    id: str
    number: str | None
    state: str
    is_overdue: bool
    version: int
    customer_id: str
    customer_name: str
    currency: str
    tax_mode: str
    net: Sum
    tax: Sum
    total: Sum
    paid: Sum
    credited: Sum
    owed: Sum
    deposit: Sum
    asked: Sum
    issued_on: date | None
    due_on: date | None
    note: str
    pay_url: str | None
    lines: list[LineOut]
    created_at: datetime


def invoice(view: InvoiceView) -> dict[str, Any]:
    sums = ("net", "tax", "total", "paid", "credited", "owed", "deposit", "asked")
    return {
        "id": ids.show("inv", view.id),
        "number": view.number,
        "state": view.state.value,
        "is_overdue": view.is_overdue,
        "version": view.version,
        "customer_id": ids.show("cus", view.customer_id),
        "customer_name": view.customer_name,
        "currency": view.currency,
        "tax_mode": view.tax_mode.value,
        **{name: summed(getattr(view, name)) for name in sums},
        "issued_on": view.issued_on.isoformat() if view.issued_on else None,
        "due_on": view.due_on.isoformat() if view.due_on else None,
        "note": view.note,
        "pay_url": view.pay_url,
        "lines": [
            {
                "position": line.position,
                "description": line.description,
                "quantity": str(line.quantity.normalize()),
                "unit_price": summed(line.unit_price),
                "net": summed(line.net),
                "tax_code": line.tax_code,
                "tax_rate_bps": line.tax_rate_bps,
                "tax": summed(line.tax),
                "gross": summed(line.gross),
            }
            for line in view.lines
        ],
        "created_at": view.created_at.isoformat(),
    }


class CreditNoteOut(Schema):
    id: str
    number: str
    invoice_id: str


# --- payments


class PaymentIn(In):
    amount: Sum
    method: Annotated[
        str, StringConstraints(pattern="^(cash|bank|mpesa_phone|mpesa_till|mpesa_paybill|other)$")
    ]
    receipt: Code | None = None
    received_on: date | None = None


class CollectionIn(In):
    phone: Short
    amount: Sum | None = None


class PaymentOut(Schema):
    id: str
    amount: Sum
    method: str
    state: str
    receipt: str | None
    invoice_id: str | None
    booked_on: date
    received_at: datetime


def payment(view: PaymentView) -> dict[str, Any]:
    about = view.purpose
    return {
        "id": ids.show("pay", view.id),
        "amount": summed(view.amount),
        "method": view.method.value,
        "state": view.state.value,
        "receipt": view.receipt,
        "invoice_id": ids.show("inv", about.id) if about and about.kind == "invoice" else None,
        "booked_on": view.booked_on.isoformat(),
        "received_at": view.received_at.isoformat(),
    }


class CollectionOut(Schema):
    id: str
    state: str
    amount: Sum
    words: str
    is_retryable: bool
    created_at: datetime


def collection(view: CollectionView) -> dict[str, Any]:
    return {
        "id": ids.show("col", view.id),
        "state": view.state.value,
        "amount": summed(view.amount),
        "words": view.words,
        "is_retryable": view.is_retryable,
        "created_at": view.created_at.isoformat(),
    }


# --- books


class PostingOut(Schema):
    code: str
    name: str
    amount: Sum
    side: str


class EntryOut(Schema):
    id: str
    seq: int
    booked_on: date
    kind: str
    postings: list[PostingOut]


def entry(view: EntryView) -> dict[str, Any]:
    return {
        "id": ids.show("ent", view.id),
        "seq": view.seq,
        "booked_on": view.booked_on.isoformat(),
        "kind": view.kind,
        "postings": [
            {
                "code": posting.code,
                "name": posting.name,
                "amount": summed(kit.Money(abs(posting.amount_minor), posting.currency)),
                "side": "debit" if posting.amount_minor > 0 else "credit",
            }
            for posting in view.postings
        ],
    }


class BalanceOut(Schema):
    code: str
    name: str
    role: str
    amount: Sum


class MeOut(Schema):
    kind: str
    name: str
    scopes: list[str]
    business_id: str
    business_name: str
    currency: str
    country: str


class ApprovalOut(Schema):
    id: str
    kind: str
    words: str
    state: str = Field(examples=["asked"])
    """asked, lapsed, done, refused or withdrawn."""
    amount: Sum | None
    asked_at: datetime
    expires_at: datetime
    answered_at: datetime | None


def approval(view: ApprovalView) -> dict[str, Any]:
    return {
        "id": ids.show("apv", view.id),
        "kind": view.kind,
        "words": view.words,
        "state": "lapsed" if view.is_over else view.state.value,
        "amount": summed(view.amount) if view.amount else None,
        "asked_at": view.asked_at.isoformat(),
        "expires_at": view.expires_at.isoformat(),
        "answered_at": view.answered_at.isoformat() if view.answered_at else None,
    }


class OAuthError(Schema):
    """As RFC 6749 writes it, so that its libraries understand."""

    error: str
    error_description: str


class TokenOut(Schema):
    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - its kind, as RFC 6749 names it
    expires_in: int
    scope: str


def uuid_of(prefix: str, text: str) -> UUID:
    return ids.read(prefix, text[:60])
