"""What happened to invoices, past tense. Ids, amounts and short codes only: no name, no words of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerKept(Fact):
    """Somebody new can be invoiced."""

    kind: ClassVar[str] = "invoicing.CustomerKept"
    subject_kind: ClassVar[str] = "customer"
    title: ClassVar[str] = "A customer was added"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChanged(Fact):
    """Details of a customer changed; `changed` names the fields, comma between, not their values."""

    kind: ClassVar[str] = "invoicing.CustomerChanged"
    subject_kind: ClassVar[str] = "customer"
    title: ClassVar[str] = "Details of a customer were changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDrafted(Fact):
    """An invoice was begun."""

    kind: ClassVar[str] = "invoicing.InvoiceDrafted"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A draft of an invoice was begun"
    customer_id: UUID
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRedrafted(Fact):
    """A draft was changed; whoever holds an older version must look again."""

    kind: ClassVar[str] = "invoicing.InvoiceRedrafted"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A draft of an invoice was changed"
    version: int
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDiscarded(Fact):
    """A draft was thrown away; it never had a number."""

    kind: ClassVar[str] = "invoicing.InvoiceDiscarded"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A draft of an invoice was thrown away"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceIssued(Fact):
    """An invoice has its number and is in the books: the customer can be told."""

    kind: ClassVar[str] = "invoicing.InvoiceIssued"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "An invoice was issued"
    customer_id: UUID
    number: str
    total_minor: int
    tax_minor: int
    currency: str
    issued_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePartPaid(Fact):
    """Money went to an invoice that owes more. `payment_id` is None where credit of the customer was used."""

    kind: ClassVar[str] = "invoicing.InvoicePartPaid"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A part of an invoice was paid"
    payment_id: UUID | None
    applied_minor: int
    owed_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePaid(Fact):
    """An invoice owes nothing any more, and `applied_minor` was the last of it. Without a payment: by credit."""

    kind: ClassVar[str] = "invoicing.InvoicePaid"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "An invoice was paid in full"
    payment_id: UUID | None
    applied_minor: int
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOverpaid(Fact):
    """Money came that the invoice did not owe (`state` says where it stood before): it is the customer's credit."""

    kind: ClassVar[str] = "invoicing.InvoiceOverpaid"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "More came than an invoice owed"
    customer_id: UUID
    payment_id: UUID
    credit_minor: int
    currency: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMisdirected(Fact):
    """Money named an invoice it cannot go to (`reason` is currency or unknown): it waits in suspense."""

    kind: ClassVar[str] = "invoicing.PaymentMisdirected"
    subject_kind: ClassVar[str] = "payment"
    title: ClassVar[str] = "Money named an invoice that it cannot go to"
    invoice_id: UUID
    amount_minor: int
    currency: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceVoided(Fact):
    """An issued invoice was taken back whole before anything was paid on it."""

    kind: ClassVar[str] = "invoicing.InvoiceVoided"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "An invoice was voided"
    number: str
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceCredited(Fact):
    """A credit note was issued for an invoice, for all of what was left of it or for a part."""

    kind: ClassVar[str] = "invoicing.InvoiceCredited"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A credit note was issued for an invoice"
    credit_note_id: UUID
    number: str
    total_minor: int
    to_owed_minor: int
    to_credit_minor: int
    owed_minor: int
    currency: str
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditApplied(Fact):
    """Credit of a customer was used for an invoice, on the merchant's word."""

    kind: ClassVar[str] = "invoicing.CreditApplied"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A customer's credit was used for an invoice"
    customer_id: UUID
    applied_minor: int
    owed_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReopened(Fact):
    """Money that had gone to an invoice never came, so it owes again."""

    kind: ClassVar[str] = "invoicing.InvoiceReopened"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "An invoice owes again, because its money never came"
    payment_id: UUID
    taken_minor: int
    owed_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReplaced(Fact):
    """An issued invoice was credited because another one takes its place; `by_id` is that one."""

    kind: ClassVar[str] = "invoicing.InvoiceReplaced"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "Another invoice took the place of an invoice"
    by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSent(Fact):
    """The paper is on its way to the customer."""

    kind: ClassVar[str] = "invoicing.InvoiceSent"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "An invoice was sent to the customer"
    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceUnsendable(Fact):
    """The customer has no address to send to: the merchant passes the link on."""

    kind: ClassVar[str] = "invoicing.InvoiceUnsendable"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "An invoice could not be sent: the customer has no address"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayToPayMissing(Fact):
    """Somebody opened an invoice in order to pay it, and the business has not said how it is paid."""

    kind: ClassVar[str] = "invoicing.WayToPayMissing"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A customer wanted to pay, and there was no way to"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceResent(Fact):
    """The paper went to the customer once more, on the merchant's word."""

    kind: ClassVar[str] = "invoicing.InvoiceResent"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "An invoice was sent once more"
    message_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReminded(Fact):
    """The customer was reminded. `reason` is step (so many `days` after the due day, before it if below zero), promise or
    hand. Several invoices may share one message."""

    kind: ClassVar[str] = "invoicing.InvoiceReminded"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A customer was reminded of an invoice"
    message_id: UUID
    reason: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceUnremindable(Fact):
    """A reminder was due, and the customer has no address: the merchant passes the link on."""

    kind: ClassVar[str] = "invoicing.InvoiceUnremindable"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A reminder could not be sent: the customer has no address"
    reason: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPromised(Fact):
    """Somebody said when an invoice will be paid; reminders wait until then."""

    kind: ClassVar[str] = "invoicing.PaymentPromised"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "It was promised when an invoice will be paid"
    promise_id: UUID
    on_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(Fact):
    """What was promised was paid, and by then."""

    kind: ClassVar[str] = "invoicing.PromiseKept"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A promise to pay was kept"
    promise_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseBroken(Fact):
    """The day that was promised has passed, and something is owed still."""

    kind: ClassVar[str] = "invoicing.PromiseBroken"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A promise to pay was broken"
    promise_id: UUID
    on_day: date
    owed_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseForgotten(Fact):
    """The merchant let go of a promise: reminders go on."""

    kind: ClassVar[str] = "invoicing.PromiseForgotten"
    subject_kind: ClassVar[str] = "invoice"
    title: ClassVar[str] = "A promise to pay was let go"
    promise_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitKept(Fact):
    """What the clerk does by itself was changed: for the business, or for one customer. `value` is what it is set to, where it is
    more than a switch: days, hours; `was_on` and `was_value` are what counted before."""

    kind: ClassVar[str] = "invoicing.HabitKept"
    subject_kind: ClassVar[str] = "habit"
    title: ClassVar[str] = "What Hesabu does by itself was changed"
    name: str
    is_on: bool
    customer_id: UUID | None
    value: str = ""
    was_on: bool | None = None
    was_value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerErased(Fact):
    """Who a customer is was forgotten; issued documents keep what the law wants, until it does not."""

    kind: ClassVar[str] = "invoicing.CustomerErased"
    subject_kind: ClassVar[str] = "customer"
    title: ClassVar[str] = "Who a customer is was forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentErased(Fact):
    """What an issued document says of a forgotten customer was forgotten too: the law no longer wants it."""

    kind: ClassVar[str] = "invoicing.DocumentErased"
    subject_kind: ClassVar[str] = "document"
    title: ClassVar[str] = "The customer's details on a document were forgotten"


FACTS: tuple[type[Fact], ...] = (
    CustomerKept,
    CustomerChanged,
    InvoiceDrafted,
    InvoiceRedrafted,
    InvoiceDiscarded,
    InvoiceIssued,
    InvoicePartPaid,
    InvoicePaid,
    InvoiceOverpaid,
    PaymentMisdirected,
    InvoiceVoided,
    InvoiceCredited,
    CreditApplied,
    InvoiceReopened,
    InvoiceReplaced,
    InvoiceSent,
    InvoiceUnsendable,
    WayToPayMissing,
    InvoiceResent,
    InvoiceReminded,
    InvoiceUnremindable,
    PaymentPromised,
    PromiseKept,
    PromiseBroken,
    PromiseForgotten,
    HabitKept,
    CustomerErased,
    DocumentErased,
)
