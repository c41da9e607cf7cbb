"""What a message can mean. Plain frozen values; amounts are exact decimals in major units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Intent(StrEnum):
    """What the writer wants. The door decides whether this writer may have it."""

    INVOICE = "invoice"
    WHO_OWES = "who_owes"
    STATUS = "status"
    PAID = "paid"  # the merchant says that money came
    HAVE_PAID = "have_paid"  # the customer says that money went
    PROMISE = "promise"  # "I'll pay Friday"
    HELP = "help"
    MENU = "menu"
    CANCEL = "cancel"
    VOID = "void"
    REMIND = "remind"
    RESEND = "resend"
    CHANGE = "change"
    LIST = "list"
    PAYMENT_SETUP = "payment_setup"
    SETTINGS = "settings"
    GREETING = "greeting"
    THANKS = "thanks"
    YES = "yes"
    NO = "no"
    NUMBER = "number"
    UNDO = "undo"
    REPEAT = "repeat"
    LANGUAGE = "language"
    STOP = "stop"
    START = "start"
    SKIP = "skip"
    DONE = "done"  # "done", "sent": finished with what was asked, whatever that was
    PAY = "pay"
    VIEW = "view"
    PRODUCTS = "products"  # what is sold; the topic is what is searched for
    SUMMARY = "summary"  # "how did I do today"
    I_OWE = "i_owe"  # "whom do I owe"
    EXPENSE = "expense"  # "bought fuel 2000"; nothing of it is taken
    WRONG_AMOUNT = "wrong_amount"
    CALL_ME = "call_me"
    UNKNOWN = "unknown"


class TaxMode(StrEnum):
    """How the stated prices stand to tax."""

    EXCLUSIVE = "exclusive"  # tax comes on top
    INCLUSIVE = "inclusive"  # tax is inside
    NONE = "none"  # no tax at all


@dataclass(frozen=True, slots=True)
class Problem:
    """Something said that cannot be taken as it stands."""

    code: str
    """Stable, for the door's wording: amount_not_positive, phone_invalid, date_past ..."""
    at: str
    """The very text it is about, as the writer wrote it."""
    choices: tuple[str, ...] = ()
    """Which of these is meant, where known names may be: which_customer, which_item."""


@dataclass(frozen=True, slots=True)
class Customer:
    name: str | None = None
    phone: str | None = None
    """E.164, with its plus."""
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    description: str | None
    quantity: Decimal
    unit_price: Decimal | None
    """None when the message gives no price: an item known by name, or one still to be asked about."""


@dataclass(frozen=True, slots=True)
class Discount:
    """A part of a sum, as a share or an amount: exactly one of the two."""

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    mode: TaxMode
    percent: Decimal | None = None
    """Only when the writer named a rate."""


@dataclass(frozen=True, slots=True)
class Total:
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that is claimed, reported or set up. Only what the message says is filled in."""

    method: str | None = None
    """cash, mpesa, bank, cheque, card; for a set-up: till, paybill, phone, bank."""
    amount: Decimal | None = None
    code: str | None = None
    """The provider's receipt code, in capitals."""
    payee: str | None = None
    payer: str | None = None
    phone: str | None = None
    account: str | None = None
    number: str | None = None
    """The till, paybill or bank account number of a set-up."""
    bank: str | None = None
    paid_at: datetime | None = None
    """As the provider wrote it: local time, without a zone."""

    @property
    def is_empty(self) -> bool:
        return self == _NO_PAYMENT


_NO_PAYMENT = Payment()


@dataclass(frozen=True, slots=True)
class Understood:
    """What one message says."""

    intent: Intent
    currency: str = "KES"
    """Of every amount in it. Another currency in the message is a problem, not an amount."""
    customer: Customer = Customer()
    lines: tuple[Line, ...] = ()
    discount: Discount | None = None
    deposit: Discount | None = None
    """What is to be paid first: a share of the total, or an amount."""
    tax: Tax | None = None
    total: Total | None = None
    """The lines less the discount, before tax on top. None unless every part of it is certain."""
    due_on: date | None = None
    reference: str | None = None
    """A document's number, as it is printed: INV-0007."""
    payment: Payment | None = None
    number: int | None = None
    """A bare number: a choice from a menu, or an answer."""
    topic: str | None = None
    """What a list, a change or a language is about: unpaid, amount, en; all, for a reminder; sms or receipt, for a resend; pdf,
    for a view; by_hand, for a payment whose number they ask for; quiet and its hours, for a setting."""
    missing: tuple[str, ...] = field(default=())
    """In the order in which to ask: customer, amount, description; reference."""
    problems: tuple[Problem, ...] = field(default=())
    language: str | None = None
    """The language it was mostly written in; None where it cannot be told."""
