"""The words of invoicing, frozen: what a door hands in, and what it gets back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from hesabu.kit.money import Money

INVOICE = "invoice"
"""The kind of a purpose, a subject and a link that mean an invoice."""


class InvoiceState(StrEnum):
    """Where an invoice stands. The life of it is drawn in the room's essay."""

    DRAFT = "draft"
    ISSUED = "issued"
    PART_PAID = "part_paid"
    PAID = "paid"
    VOID = "void"
    CREDITED = "credited"


OPEN = (InvoiceState.ISSUED, InvoiceState.PART_PAID)
"""The states in which an invoice may owe something."""


class TaxMode(StrEnum):
    """What the prices on an invoice mean: tax comes on top, is in them, or is not charged."""

    EXCLUSIVE = "exclusive"
    INCLUSIVE = "inclusive"
    NONE = "none"


class PromiseState(StrEnum):
    """What became of a customer's "I'll pay Friday". The life of it is drawn in the essay of reminders."""

    STANDING = "standing"
    KEPT = "kept"
    BROKEN = "broken"
    FORGOTTEN = "forgotten"
    REPLACED = "replaced"


class HabitName(StrEnum):
    """What the clerk does by itself, each thing switchable."""

    REMINDERS = "reminders"
    QUIET_HOURS = "quiet_hours"
    RECEIPTS = "receipts"
    PAYMENT_NEWS = "payment_news"
    TICKS = "ticks"
    EVENING_SUMMARY = "evening_summary"
    EVERY_EVENING = "every_evening"
    UNPAID_LIST = "unpaid_list"


class Ticks(StrEnum):
    """When the merchant hears that an invoice arrived and was seen."""

    ONCE = "once"
    """One message for each sending: when it is seen, or an hour after it arrived."""
    SEEN = "seen"
    BOTH = "both"


class HabitKind(StrEnum):
    """How the value of a habit is written."""

    SWITCH = "switch"
    """On or off, nothing more."""
    DAYS = "days"
    """Days from the due day: "-2,0,3,7,14"."""
    HOUR = "hour"
    """An hour of the day: "19:00"."""
    HOURS = "hours"
    """From one hour to another, over midnight if need be: "20:00-08:00"."""
    WEEK = "week"
    """Days of the week and an hour: "mon,thu 08:00"."""
    CHOICE = "choice"
    """One of a few words."""


class DocumentKind(StrEnum):
    """What a snapshot and a series are of."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class LineInput:
    """One thing sold. Without a tax code, the country's standard rate applies where the business charges tax."""

    description: str
    quantity: Decimal
    unit_price: Money
    tax_code: str | None = None


@dataclass(frozen=True, slots=True)
class DraftInput:
    """All that a draft says. `discount` and `deposit` are amounts, or basis points as whole numbers (5 % is 500); the
    deposit is what is asked for first, of the total. Without `due_on` it is due on the day it is issued."""

    customer_id: UUID
    lines: Sequence[LineInput]
    due_on: date | None = None
    tax_mode: TaxMode | str = TaxMode.NONE
    discount: Money | int | None = None
    note: str = ""
    replaces: UUID | None = None
    """An issued invoice whose place this one takes: it is credited when this one is issued."""
    deposit: Money | int | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as it was reckoned. `amount` is quantity times price, before discount."""

    position: int
    description: str
    quantity: Decimal
    unit_price: Money
    amount: Money
    discount: Money
    net: Money
    tax_code: str
    tax_rate_bps: int
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice as a door may show it. `number`, `issued_on` and `pay_url` are None while it is a draft.

    `deposit` is nothing where none was agreed. `asked` is what to ask for now: what is left of the deposit while it is
    unpaid, else what is owed."""

    id: UUID
    number: str | None
    state: InvoiceState
    is_overdue: bool
    customer_id: UUID
    customer_name: str
    customer_phone: str | None
    customer_email: str | None
    contact_id: UUID | None
    currency: str
    tax_mode: TaxMode
    discount: Money
    net: Money
    tax: Money
    total: Money
    paid: Money
    credited: Money
    owed: Money
    issued_on: date | None
    due_on: date | None
    note: str
    lines: tuple[LineView, ...]
    version: int
    pay_url: str | None
    created_at: datetime
    deposit: Money
    asked: Money
    replaces_id: UUID | None = None
    """The issued invoice whose place this one takes."""


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A customer's word on when they pay. `contact_id` is None where the merchant passed it on."""

    id: UUID
    invoice_id: UUID
    on_day: date
    state: PromiseState
    contact_id: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class HabitView:
    """Something the clerk does by itself, as it is set. `title` and `says` are in the language that is spoken now: what it
    is called, and how it is set ("2 days before, on the day and 3 days after")."""

    name: str
    kind: HabitKind
    is_on: bool
    value: str
    usual: str
    choices: tuple[str, ...]
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What was invoiced on a day, in one currency, and is not taken back."""

    count: int
    total: Money


@dataclass(frozen=True, slots=True)
class TurnView:
    """Somebody who should be looked at: `kind` is customer, or the name of a habit that has an hour."""

    kind: str
    business_id: UUID
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer. `credit` is looked up by itself: `queries.credit_of`."""

    id: UUID
    name: str
    phone: str | None
    email: str | None
    address: str | None
    tax_id: str | None
    language: str
    contact_id: UUID | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """Something sold again and again."""

    id: UUID
    name: str
    unit_price: Money
    tax_code: str | None


@dataclass(frozen=True, slots=True)
class Owing:
    """What one customer owes, in one currency."""

    customer_id: UUID
    name: str
    owed: Money
    overdue: Money
    invoice_count: int
    oldest_due_on: date


@dataclass(frozen=True, slots=True)
class Owed:
    """What the whole of a business is owed, in one currency."""

    owed: Money
    overdue: Money
    invoice_count: int
    overdue_count: int
    oldest_due_on: date


@dataclass(frozen=True, slots=True)
class CreditNoteView:
    """A credit note. `to_owed` lowered what the invoice owed, `to_credit` became the customer's credit."""

    id: UUID
    number: str
    invoice_id: UUID
    invoice_number: str
    reason: str
    issued_on: date
    total: Money
    tax: Money
    to_owed: Money
    to_credit: Money


@dataclass(frozen=True, slots=True)
class AllocationView:
    """Money that went to an invoice, or to its customer's credit (`invoice_id` is None)."""

    payment_id: UUID | None
    credit_note_id: UUID | None
    invoice_id: UUID | None
    customer_id: UUID
    amount: Money
    allocated_at: datetime


@dataclass(frozen=True, slots=True)
class PayPage:
    """What the page behind a pay link shows: the frozen snapshot and where the invoice stands now."""

    invoice_id: UUID
    business_id: UUID
    number: str
    state: InvoiceState
    is_overdue: bool
    is_payable: bool
    currency: str
    total: Money
    paid: Money
    credited: Money
    owed: Money
    deposit: Money
    asked: Money
    issued_on: date
    due_on: date
    language: str
    pay_url: str
    snapshot: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `next_before` asks for the one after it, None at the end."""

    invoices: tuple[InvoiceView, ...]
    next_before: UUID | None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was forgotten, and what the law still wants kept."""

    customer_id: UUID
    documents: tuple[str, ...]
    kept_until: date | None
    message_count: int
    letter_count: int
    is_contact_erased: bool


@dataclass(frozen=True, slots=True)
class HeldInShort:
    """How much a business holds on a customer. `kept_until`: the law wants their documents so long."""

    invoice_count: int
    payment_count: int
    message_count: int
    kept_until: date | None
    is_owing: bool
    is_erased: bool
