"""The words of the pay page: what a template shows, and what it is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from hesabu.kit import crypto
from hesabu.kit.countries import is_mpesa_money
from hesabu.kit.money import Money
from hesabu.payments.types import ClaimState, ClaimView, CollectionView, PaymentView, WayToPay


class PanelKind(StrEnum):
    """What the panel is about; the templates are named after it."""

    ASK = "ask"
    WAIT = "wait"
    DOUBT = "doubt"
    PAID = "paid"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Chip:
    """A state in words, with a sign that repeats it for the eye."""

    kind: str
    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know before going on."""

    kind: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the invoice. `detail` says how many at what price, where that is more than one."""

    description: str
    detail: str
    figures: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A label and a figure below the lines."""

    label: str
    figures: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """How to pay without the prompt: what to open, and the numbers to type there."""

    label: str
    number: str
    account: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came."""

    figures: str
    how: str
    when: str


@dataclass(frozen=True, slots=True)
class PromptForm:
    """What the payer typed, and what is wrong with it. `key` makes two taps one prompt."""

    key: str
    to: str = "known"
    phone: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class PaidForm:
    """What the payer said about a payment made elsewhere, and what is wrong with it."""

    said: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The part that changes by itself. `says` is what a screen reader hears when it does."""

    kind: PanelKind
    title: str
    words: str
    says: str
    mark: str
    notice: Notice | None = None
    prompt: Money | None = None
    prompt_figures: str = ""
    prompt_note: str = ""
    masked_phone: str = ""

    @property
    def is_final(self) -> bool:
        return self.kind in (PanelKind.PAID, PanelKind.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayShown:
    """The whole page."""

    token: str
    seller: str
    buyer: str
    number: str
    title: str
    language: str
    currency: str
    hero_kind: str
    hero_label: str
    hero_figures: str
    chip: Chip | None
    due: str
    lines: tuple[Line, ...]
    sums: tuple[Sum, ...]
    note: str
    panel: Panel
    ways: tuple[Way, ...]
    receipts: tuple[Receipt, ...]
    is_claimed: bool
    qr_svg: str = ""
    prompt_form: PromptForm = field(default_factory=lambda: PromptForm(key=crypto.token()))
    paid_form: PaidForm = field(default_factory=PaidForm)

    @property
    def has_mpesa(self) -> bool:
        """Whether M-PESA is spoken of at all: never to a payer in another country."""
        return is_mpesa_money(self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rooms answered, gathered by the view inside the binding."""

    token: str
    timezone: str
    today: date
    now: datetime
    state: str
    is_overdue: bool
    total: Money
    paid: Money
    credited: Money
    owed: Money
    due_on: date
    language: str
    snapshot: dict[str, Any]
    customer_phone: str | None
    collections: Sequence[CollectionView] = ()
    payments: Sequence[PaymentView] = ()
    claims: Sequence[ClaimView] = ()
    ways: Sequence[WayToPay] = ()
    asked: Money | None = None

    @property
    def to_pay(self) -> Money:
        """What to pay now: what is left of a deposit while one is asked for, else what is owed."""
        return self.owed if self.asked is None else self.asked

    @property
    def is_open(self) -> bool:
        """Whether anything may still be owed."""
        return self.state in ("issued", "part_paid")

    @property
    def is_claimed(self) -> bool:
        """Whether the merchant still has to answer an "I have paid"."""
        return any(claim.state is ClaimState.MADE for claim in self.claims)

    @property
    def seller(self) -> str:
        return str(self.snapshot["seller"]["name"])
