"""The words of payments, frozen: what a door hands in, and what it gets back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from hesabu.kit.money import Money


class Provider(StrEnum):
    """Who moves the money of an account, and so who can be asked about it."""

    MPESA = "mpesa"
    MANUAL = "manual"


class AccountKind(StrEnum):
    """How a customer reaches the account; it decides what is printed on an invoice."""

    STK_PAYBILL = "stk_paybill"
    STK_TILL = "stk_till"
    TILL = "till"
    PAYBILL = "paybill"
    PHONE = "phone"
    BANK = "bank"
    CASH = "cash"


class Method(StrEnum):
    """How one payment came."""

    MPESA_STK = "mpesa_stk"
    MPESA_TILL = "mpesa_till"
    MPESA_PAYBILL = "mpesa_paybill"
    MPESA_PHONE = "mpesa_phone"
    CASH = "cash"
    BANK = "bank"
    OTHER = "other"


class CollectionState(StrEnum):
    """Where one request for money stands. The life of it is drawn in the room's essay."""

    PREPARED = "prepared"
    ASKED = "asked"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    EXPIRED = "expired"
    SETTLED = "settled"


class PaymentState(StrEnum):
    """Whether money that came has an owner."""

    SETTLED = "settled"
    UNPLACED = "unplaced"
    PLACED = "placed"
    REVERSED = "reversed"


class ClaimState(StrEnum):
    """What became of a customer's "I have paid"."""

    MADE = "made"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class TwinState(StrEnum):
    """Whether a prompt's money and what the merchant had counted by their word are the same."""

    ASKED = "asked"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What money is for. Payments carries it and never reads it."""

    kind: str
    id: UUID


TRIAL = "trial"
"""What a prompt is for that only tries whether an account works: an account's id. Its money waits in suspense."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a door asks to collect. `reference` is what the payer sees on the phone."""

    purpose: Purpose
    amount: Money
    reference: str


@dataclass(frozen=True, slots=True)
class WayToPay:
    """One way to pay this business, as printed on invoices and the pay page."""

    kind: str
    label: str
    number: str
    account: str | None
    account_id: UUID
    is_prompting: bool = False
    """Whether customers can be asked for money by it."""


@dataclass(frozen=True, slots=True)
class ListRead:
    """What reading a page of the provider's list came to."""

    is_done: bool
    """Nothing is left to read, or nothing can be read for now."""
    rows: int = 0
    filed: int = 0
    """How many of them nobody had told of."""
    refused_code: str = ""
    """Why it could not be read; empty where it was."""


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """Whether the provider would take keys. Without words it gave no answer."""

    is_right: bool
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a business hears of money that came to an account by hand."""

    account_id: UUID
    registered_at: datetime | None
    """When the provider took our addresses."""
    refused_code: str
    refused_words: str
    """Why it did not, in a sentence; empty where it did."""
    list_opened_at: datetime | None
    listed_until: datetime | None
    """Until when the list was read in full."""
    list_refused_code: str
    list_refused_words: str
    missed: tuple[datetime, datetime] | None
    """Between when nobody could read it: what came then has to be looked for in the provider's statement."""


@dataclass(frozen=True, slots=True)
class FrozenChange:
    """A change of where money goes that has not taken effect: `verb` is added, closed or rekeyed."""

    way: WayToPay
    verb: str
    until: datetime


@dataclass(frozen=True, slots=True)
class CollectionView:
    """One request for money, as a door may show it."""

    id: UUID
    purpose: Purpose
    amount: Money
    state: CollectionState
    result_code: str | None
    words: str
    """One sentence for a person: where this stands, and what to do next."""
    is_retryable: bool
    asked_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """Money that came. `receipt` is None while the provider has not told it."""

    id: UUID
    amount: Money
    method: Method
    state: PaymentState
    receipt: str | None
    purpose: Purpose | None
    booked_on: date
    received_at: datetime
    collection_id: UUID | None


@dataclass(frozen=True, slots=True)
class TwinView:
    """Money that a prompt brought, and what the merchant had counted by their word: is it the same?"""

    payment_id: UUID
    by_word_id: UUID
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A customer's word that they paid, waiting for the merchant's."""

    id: UUID
    purpose: Purpose
    code: str | None
    amount: Money | None
    state: ClaimState
    contact_id: UUID | None
    created_at: datetime
    said: str = ""
    """In the customer's own words; what they pasted."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a confirming tap did. `is_new` is False when that money was already counted."""

    payment: PaymentView
    is_new: bool
    words: str
