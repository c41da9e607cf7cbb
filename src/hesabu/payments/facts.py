"""What happened to money, past tense. Ids, amounts and short codes only: no name, no phone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccountAdded(Fact):
    """A place where money may go was added. Where money goes has changed: tell the owner."""

    kind: ClassVar[str] = "payments.PaymentAccountAdded"
    subject_kind: ClassVar[str] = "payment_account"
    title: ClassVar[str] = "A way to be paid was added"
    business_id: UUID
    subject_id: UUID
    account_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccountFrozen(Fact):
    """Where money goes is about to change, `verb` added, closed or rekeyed (new keys of the provider): it takes effect at `until`,
    and can be stopped before."""

    kind: ClassVar[str] = "payments.PaymentAccountFrozen"
    subject_kind: ClassVar[str] = "payment_account"
    title: ClassVar[str] = "A change of where money goes waits before it takes effect"
    business_id: UUID
    subject_id: UUID
    verb: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccountChangeStopped(Fact):
    """A change of where money goes was stopped before it took effect; `verb` is what had been done: added, closed
    or rekeyed, and `until` when it would have taken effect, which tells one stop from the next."""

    kind: ClassVar[str] = "payments.PaymentAccountChangeStopped"
    subject_kind: ClassVar[str] = "payment_account"
    title: ClassVar[str] = "A change of where money goes was stopped"
    business_id: UUID
    subject_id: UUID
    verb: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccountRekeyed(Fact):
    """A place where money goes got new keys of the provider. Where money goes has changed, or is about to: see PaymentAccountFrozen."""

    kind: ClassVar[str] = "payments.PaymentAccountRekeyed"
    subject_kind: ClassVar[str] = "payment_account"
    title: ClassVar[str] = "A way to be paid got new keys"
    business_id: UUID
    subject_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccountClosed(Fact):
    """A place where money went is no longer offered; late money for it is still booked."""

    kind: ClassVar[str] = "payments.PaymentAccountClosed"
    subject_kind: ClassVar[str] = "payment_account"
    title: ClassVar[str] = "A way to be paid was closed"
    business_id: UUID
    subject_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPrepared(Fact):
    """A request for money is written down; nothing has left the house yet."""

    kind: ClassVar[str] = "payments.CollectionPrepared"
    subject_kind: ClassVar[str] = "collection"
    title: ClassVar[str] = "A request for money was made ready"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionAsked(Fact):
    """The provider took the request: the payer's phone should be ringing."""

    kind: ClassVar[str] = "payments.CollectionAsked"
    subject_kind: ClassVar[str] = "collection"
    title: ClassVar[str] = "A customer was asked for money on their telephone"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionDoubted(Fact):
    """Nobody knows whether the provider got the request; it is asked again, never guessed."""

    kind: ClassVar[str] = "payments.CollectionDoubted"
    subject_kind: ClassVar[str] = "collection"
    title: ClassVar[str] = "It is not known whether a request for money arrived"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionFailed(Fact):
    """The provider says no money moved. `code` is its result code, or ours in words."""

    kind: ClassVar[str] = "payments.CollectionFailed"
    subject_kind: ClassVar[str] = "collection"
    title: ClassVar[str] = "A request for money brought nothing"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionExpired(Fact):
    """Asked for days without an answer: a person should look. Money that comes still counts."""

    kind: ClassVar[str] = "payments.CollectionExpired"
    subject_kind: ClassVar[str] = "collection"
    title: ClassVar[str] = "A request for money was never answered"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettled(Fact):
    """Money came, once. With a purpose, that purpose's reader books it in the same transaction."""

    kind: ClassVar[str] = "payments.PaymentSettled"
    subject_kind: ClassVar[str] = "payment"
    title: ClassVar[str] = "Money came in"
    business_id: UUID
    subject_id: UUID
    account_role: str
    amount_minor: int
    currency: str
    purpose_kind: str | None
    purpose_id: UUID | None
    booked_on: date
    collection_id: UUID | None
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentUnplaced(Fact):
    """Money came for nobody we know; it waits in suspense for a person."""

    kind: ClassVar[str] = "payments.PaymentUnplaced"
    subject_kind: ClassVar[str] = "payment"
    title: ClassVar[str] = "Money came that belongs to nobody yet"
    business_id: UUID
    subject_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPlaced(Fact):
    """Money in suspense got an owner, by a person or by what its payer typed; the owner's reader books the second entry."""

    kind: ClassVar[str] = "payments.PaymentPlaced"
    subject_kind: ClassVar[str] = "payment"
    title: ClassVar[str] = "Money without an owner was given one"
    business_id: UUID
    subject_id: UUID
    amount_minor: int
    currency: str
    purpose_kind: str
    purpose_id: UUID
    booked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDoubtful(Fact):
    """Money was booked, but a person should look: `reason` is amount where the provider tells of it with another one,
    maybe_two where money known by word and by request was taken to be the same, maybe_two_by_hand where money sent by hand was,
    maybe_same where a prompt brought as much as the merchant had counted by their word: it waits for them in suspense."""

    kind: ClassVar[str] = "payments.PaymentDoubtful"
    subject_kind: ClassVar[str] = "payment"
    title: ClassVar[str] = "Money came that somebody should look at"
    business_id: UUID
    subject_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWithdrawn(Fact):
    """Money counted on the merchant's word never came: its entries are reversed, and the purpose's reader gives it back."""

    kind: ClassVar[str] = "payments.PaymentWithdrawn"
    subject_kind: ClassVar[str] = "payment"
    title: ClassVar[str] = "Money that was counted by hand never came"
    business_id: UUID
    subject_id: UUID
    amount_minor: int
    currency: str
    purpose_kind: str | None
    purpose_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFound(Fact):
    """A payment known only by its request got its true receipt. Nothing was booked."""

    kind: ClassVar[str] = "payments.ReceiptFound"
    subject_kind: ClassVar[str] = "payment"
    title: ClassVar[str] = "The receipt of a payment was found"
    business_id: UUID
    subject_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMade(Fact):
    """A customer says they have paid; the merchant is asked."""

    kind: ClassVar[str] = "payments.ClaimMade"
    subject_kind: ClassVar[str] = "claim"
    title: ClassVar[str] = "A customer said that they have paid"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimConfirmed(Fact):
    """The merchant says the money is there; `payment_id` is the payment it stands for."""

    kind: ClassVar[str] = "payments.ClaimConfirmed"
    subject_kind: ClassVar[str] = "claim"
    title: ClassVar[str] = "A customer's word that they have paid was confirmed"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID
    payment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRejected(Fact):
    """The merchant says the money is not there."""

    kind: ClassVar[str] = "payments.ClaimRejected"
    subject_kind: ClassVar[str] = "claim"
    title: ClassVar[str] = "A customer's word that they have paid was denied"
    business_id: UUID
    subject_id: UUID
    purpose_kind: str
    purpose_id: UUID
