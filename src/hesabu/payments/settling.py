"""What a letter about money means, decided without a database. Pure.

A letter is not signed, so it is believed only as far as what it answers. An STK callback moves money when it came by the
unguessable path of a request we made, from an address that the provider publishes, names the provider's id of that request
and says its amount and its payer; in any other case the provider is asked first. A C2B confirmation answers nothing, so it
needs the vouched address; its money is filed in suspense, and whoever owns the number typed as account, or a person, gives it
an owner.

                       ┌ found, all agrees, code 0 ─▶ SETTLE
    STK callback ──────┤ found, all agrees, other  ─▶ FAIL (a later success still settles)
                       ├ found, something differs  ─▶ ASK   (the provider, now)
                       ├ nothing like it           ─▶ ASIDE (a person looks), LOOK where it tells of money: its books are asked
                       └ paid, and as much was counted by the merchant's word ─▶ TWIN (they are asked whether it is the same)
    word of the books ─┬ paid, all agrees          ─▶ as a callback with code 0
                       ├ paid, something differs   ─▶ ASIDE (a person looks)
                       └ nothing found             ─▶ NOTHING (it is no word about money)
    C2B confirmation ──┬ receipt known             ─▶ NOTHING (or the owner it lacked)
                       ├ a prompt's lost receipt   ─▶ RECEIPT (nothing is booked)
                       └ receipt new, vouched      ─▶ UNPLACED
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from hesabu.payments import rules
from hesabu.payments.types import CollectionState, PaymentState


class Act(StrEnum):
    """What is to be done about a letter."""

    SETTLE = "settle"
    FAIL = "fail"
    ASK = "ask"
    ASIDE = "aside"
    UNPLACED = "unplaced"
    OWN = "own"
    RECEIPT = "receipt"
    LOOK = "look"
    TWIN = "twin"
    NOTHING = "nothing"


@dataclass(slots=True)
class Asked:
    """A collection as settling sees it, and changes it in memory as letters of one batch follow each other."""

    id: UUID
    business_id: UUID
    account_id: UUID
    purpose_kind: str
    purpose_id: UUID
    amount_minor: int
    currency: str
    payer_index: bytes
    state: CollectionState
    provider_ref: str | None
    merchant_request_id: str | None


@dataclass(slots=True)
class Known:
    """A payment that is already there."""

    id: UUID
    receipt: str
    state: PaymentState
    collection_id: UUID | None
    amount_minor: int
    currency: str
    is_prompts: bool = True
    """Whether a prompt's own answer told of it; else it was told otherwise, and may have been taken for a prompt's."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What an STK callback says, with its payer as a blind index."""

    checkout_request_id: str
    result_code: int
    receipt: str | None
    amount_minor: int | None
    payer_index: bytes | None
    came_by_its_path: bool
    is_vouched: bool


def doubt(said: Saying, asked: Asked) -> str | None:
    """Why this letter may not be believed about this request; None when all agrees."""
    if not said.came_by_its_path:
        return "path"
    if not said.is_vouched:
        return "address"
    if asked.provider_ref is not None and asked.provider_ref != said.checkout_request_id:
        return "request"
    if said.result_code != 0:
        return None
    if said.receipt is None:
        return "receipt"
    if said.amount_minor != asked.amount_minor:
        return "amount"
    if said.payer_index is not None and said.payer_index != asked.payer_index:
        return "phone"
    return None


def of_prompt(
    said: Saying, asked: Asked | None, known: Mapping[str, Known], settled_by: Known | None
) -> tuple[Act, str]:
    """The act and its reason. `known` are the business's payments by receipt; `settled_by` is the payment that the
    request already has."""
    if asked is None:
        return _of_unknown(said, known)
    why = doubt(said, asked)
    if why:
        return (
            (Act.NOTHING, "settled") if asked.state == CollectionState.SETTLED else (Act.ASK, why)
        )
    if said.result_code != 0:
        if rules.COLLECTION_MOVES.allows(asked.state, "fail"):
            return Act.FAIL, str(said.result_code)
        return Act.NOTHING, str(asked.state)
    return _of_paid(said, asked, known, settled_by)


def _of_unknown(said: Saying, known: Mapping[str, Known]) -> tuple[Act, str]:
    """It answers nothing we asked. Where it tells of money, from an address that vouches for it, the provider is asked about the
    receipt: only its own word counts."""
    if said.result_code != 0 or said.receipt is None or said.amount_minor is None:
        return Act.ASIDE, "unknown request"
    same = known.get(said.receipt)
    if same is not None and same.amount_minor == said.amount_minor:
        return Act.NOTHING, "counted"
    return (Act.LOOK, "unknown request") if said.is_vouched else (Act.ASIDE, "unknown request")


def of_books(
    said: Saying, asked: Asked | None, known: Mapping[str, Known], settled_by: Known | None
) -> tuple[Act, str]:
    """What the provider's books say of a request. Never a failure: they may not have found what is there; and never a reason
    to ask again, since it is the answer to that."""
    if asked is None:
        return Act.ASIDE, "unknown request"
    if said.receipt is None or said.amount_minor is None:
        return Act.NOTHING, "not found"
    why = doubt(said, asked)
    if why:
        return Act.ASIDE, f"the books differ: {why}"
    return _of_paid(said, asked, known, settled_by)


def _of_paid(
    said: Saying, asked: Asked, known: Mapping[str, Known], settled_by: Known | None
) -> tuple[Act, str]:
    assert said.receipt is not None
    same = known.get(said.receipt)
    if asked.state == CollectionState.SETTLED:
        is_awaited = settled_by is not None and rules.is_receipt_awaited(settled_by.receipt)
        if same is not None:
            if (
                is_awaited
            ):  # booked by the request, and once more by somebody's word for something else
                return Act.ASIDE, "the receipt of a settled request is counted elsewhere"
            return Act.NOTHING, "twice"
        if is_awaited:
            return Act.RECEIPT, "late receipt"
        if settled_by is not None and not settled_by.is_prompts:
            # The request was settled by money that was taken for its own: this is other money, and it came.
            return Act.UNPLACED, "other money"
        return Act.ASIDE, "another receipt for a settled request"
    if same is None:
        return Act.SETTLE, ""
    if same.amount_minor != asked.amount_minor or same.currency != asked.currency:
        return Act.ASIDE, "a known receipt with another amount"
    return Act.OWN, "known receipt"


def of_hand(
    receipt: str,
    amount_minor: int,
    currency: str,
    is_vouched: bool,
    known: Mapping[str, Known],
    awaited: Known | None = None,
) -> tuple[Act, str]:
    """A confirmation of money that was sent by hand; or of a prompt's, whose own callback was lost: `awaited` is the
    payment that was booked without its receipt and agrees in all else."""
    same = known.get(receipt)
    if same is not None:
        if (same.amount_minor, same.currency) != (amount_minor, currency):
            return Act.ASIDE, "a known receipt with another amount"
        return Act.NOTHING, "twice"
    if not is_vouched:
        return Act.ASIDE, "unvouched"
    return (Act.RECEIPT, "late receipt") if awaited is not None else (Act.UNPLACED, "")
