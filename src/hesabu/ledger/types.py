"""Words of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class AccountKind(StrEnum):
    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class AccountRole(StrEnum):
    """What an account is for. Rooms post to roles; the chart says which account has one."""

    CASH = "cash"
    BANK = "bank"
    MPESA = "mpesa"
    RECEIVABLES = "receivables"
    VAT_OUTPUT = "vat_output"
    CUSTOMER_CREDIT = "customer_credit"
    SUSPENSE = "suspense"
    EQUITY = "equity"
    SALES = "sales"
    ROUNDING = "rounding"
    FEES = "fees"
    BAD_DEBTS = "bad_debts"


@dataclass(frozen=True, slots=True)
class Posting:
    """Where an amount goes. `amount_minor` is positive for a debit and negative for a credit, in minor units."""

    role: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be posted. `kind` is `room.happened`; `purpose` is what it is about, unread by the ledger."""

    business_id: UUID
    booked_on: date
    kind: str
    purpose_kind: str
    purpose_id: UUID
    postings: Sequence[Posting]
    reverses_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PostingView:
    """A posting with its account's code and name."""

    code: str
    name: str
    role: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as it stands in the book."""

    id: UUID
    seq: int
    booked_on: date
    posted_at: datetime
    kind: str
    purpose_kind: str
    purpose_id: UUID
    reverses_id: UUID | None
    postings: Sequence[PostingView]


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds: debits minus credits, in minor units."""

    code: str
    name: str
    role: str
    kind: AccountKind
    balance_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found in one book. `faults` is empty when every sum and every hash holds."""

    business_id: UUID
    entry_count: int
    head: str
    faults: Sequence[str]

    @property
    def is_sound(self) -> bool:
        return not self.faults
