"""The janitor: asking the provider what became of a request that nobody has answered.

It works through the schedule of `rules.ASK_AGAIN_SECONDS`. What it learns is written down as
learnt: "not paid" fails the request, "still deciding" and silence wait for the next turn, and
"paid" waits a little for the callback, which brings the receipt. If that callback is lost, the
money is booked all the same, under a receipt made from the request's own id; a callback that does
come later gives it the true one and books nothing. Where the provider has forgotten the request, or names no receipt, and
the business gave the keys for it, its books are asked: what they say comes as a letter, with the receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from hesabu.identity import queries as identity
from hesabu.identity.permissions import inner
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.payments import rules
from hesabu.payments.actions import moves, twins
from hesabu.payments.actions.collectors import callback_of, collector
from hesabu.payments.actions.place import place_row
from hesabu.payments.actions.receive import receive, receive_unplaced
from hesabu.payments.facts import PaymentDoubtful
from hesabu.payments.models import Collection, PaymentAccount, PaymentRow
from hesabu.payments.providers.port import AccountKeys, Answer, NotPaid, Paid, keys_of
from hesabu.payments.types import TRIAL, CollectionState, Method, PaymentState, Purpose
from hesabu.store import flags, jobs, tenancy
from hesabu.store.facts import publish

log = structlog.get_logger(__name__)
SWITCHED_OFF_SECONDS = 60


@dataclass(frozen=True, slots=True)
class LookBack:
    """The provider's other id of a request, and where its books' answer is to come: by the request's own path."""

    merchant_request_id: str
    result_url: str


@dataclass(frozen=True, slots=True)
class Question:
    """A request whose fate is to be asked for now."""

    provider: str
    account: AccountKeys
    provider_ref: str
    look_back: LookBack | None = None
    """How to ask the provider's books too, where it says nothing, or names no receipt; None while it is early, or without
    the keys."""


@inner
def begin_asking_again(collection_id: UUID) -> Question | None:
    """What to ask about this request now; None when there is nothing to ask the provider. Moves on
    what needs no provider: sends what never left, doubts what may have, gives up what is old."""
    business_id = tenancy.only()
    row = moves.locked(business_id, collection_id)
    now = clock.now()
    if row is None or row.next_ask_at is None or row.next_ask_at > now:
        return None
    if row.state == CollectionState.PREPARED and row.asked_at is None:
        row.next_ask_at = now + timedelta(seconds=rules.SENDING_SECONDS)
        row.save(update_fields=["next_ask_at"])
        jobs.defer("payments.ask", business_id=business_id, collection_id=row.id)
        return None
    if row.state == CollectionState.PREPARED:
        moves.move(row, "doubt")
    if row.provider_ref is None:
        _wait(row)
        return None
    account = PaymentAccount.objects.get(business_id=business_id, id=row.account_id)
    if not flags.is_on(collector(account.provider).flag):
        row.next_ask_at = now + timedelta(seconds=SWITCHED_OFF_SECONDS)
        row.save(update_fields=["next_ask_at"])
        return None
    row.ask_count += 1
    row.next_ask_at = now + timedelta(seconds=rules.SENDING_SECONDS)
    row.save(update_fields=["ask_count", "next_ask_at"])
    keys = keys_of(account)
    return Question(account.provider, keys, row.provider_ref, _look_back(row, account, keys))


def _look_back(row: Collection, account: PaymentAccount, keys: AccountKeys) -> LookBack | None:
    is_time = row.result_code == rules.PAID or rules.is_in_the_books(
        row.asked_at or row.created_at, clock.now()
    )
    if not (is_time and row.merchant_request_id):
        return None
    if not collector(account.provider).can_look_back(keys):
        return None
    return LookBack(row.merchant_request_id, callback_of(account, row.id)[0])


@inner
def record_answer(collection_id: UUID, answer: Answer) -> None:
    """Commit what was learnt. A callback that came meanwhile stands."""
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    row = moves.locked(business_id, collection_id)
    if row is None or row.next_ask_at is None:
        return
    if isinstance(answer, Paid):
        _record_paid(row)
    elif isinstance(answer, NotPaid) and row.result_code != rules.PAID:
        _record_not_paid(row, answer.code)
    else:
        _wait(row)


def _record_not_paid(row: Collection, code: str) -> None:
    if row.state in (CollectionState.ASKED, CollectionState.UNCERTAIN):
        moves.move(row, "fail", code=code)
    else:
        row.next_ask_at = None
        row.save(update_fields=["next_ask_at"])


def _wait(row: Collection) -> None:
    """Until the next turn of the schedule; after its last one a person is told."""
    row.next_ask_at = moves.schedule(row, clock.now())
    state = CollectionState(row.state)
    if row.next_ask_at is None and rules.COLLECTION_MOVES.allows(state, "expire"):
        log.error("payments.collection_expired", collection_id=str(row.id))
        moves.move(row, "expire")
    else:
        row.save(update_fields=["next_ask_at"])


def _record_paid(row: Collection) -> None:
    """Twice the provider has called it paid, and the receipt had its time: then it is booked, also
    where it was believed to have failed."""
    now = clock.now()
    asked_at = row.asked_at or row.created_at
    if row.result_code == rules.PAID and rules.is_receipt_overdue(asked_at, now):
        _book(row)
        return
    row.result_code = rules.PAID
    row.next_ask_at = moves.schedule(row, now) or now + timedelta(seconds=rules.SENDING_SECONDS)
    row.updated_at = now
    row.save(update_fields=["result_code", "next_ask_at", "updated_at"])


def _book(row: Collection) -> None:
    """The money, once: as the payment that is there already, else as one without its receipt."""
    if PaymentRow.objects.filter(business_id=row.business_id, collection_id=row.id).exists():
        moves.move(row, "settle")
        return
    by_hand = _by_hand(row)
    twin = by_hand or _by_word(row)
    if twin is None:
        _receive(row)
    else:
        twin.collection_id = row.id
        twin.save(update_fields=["collection_id"])
        if by_hand is None:
            _doubt(twin, "maybe_two")
        elif _is_doubtful(twin):
            _doubt(twin, "maybe_two_by_hand")
        if twin.state == PaymentState.UNPLACED and row.purpose_kind != TRIAL:
            place_row(twin, Purpose(row.purpose_kind, row.purpose_id))
    moves.move(row, "settle")


def _by_hand(row: Collection) -> PaymentRow | None:
    """The same money, told by a confirmation that named no request: it lies in suspense, or went where its number said."""
    asked_at = row.asked_at or row.created_at
    account = PaymentAccount.objects.get(business_id=row.business_id, id=row.account_id)
    shown = account.account_reference or row.reference
    near = PaymentRow.objects.filter(
        business_id=row.business_id,
        account_id=row.account_id,
        state__in=(PaymentState.UNPLACED, PaymentState.PLACED),
        collection_id=None,
        amount_minor=row.amount_minor,
        currency=row.currency,
        received_at__range=rules.paid_between(asked_at),
    )
    for payment in near.order_by("id"):
        if payment.state == PaymentState.PLACED and (
            not payment.reference
            or (payment.purpose_kind, payment.purpose_id) != (row.purpose_kind, row.purpose_id)
        ):
            continue
        payer = payment.payer_index
        if rules.is_same_payer(payer, row.payer_index) and rules.is_same_reference(
            payment.reference, shown
        ):
            return payment
    return None


def _is_doubtful(by_hand: PaymentRow) -> bool:
    """Whether a person hears that it might be two. Money that its payer sent to the very purpose may answer the invoice, and the
    prompt be paid as well; and a till's, whose payer is hidden, agrees in no more than its amount and its minute."""
    is_placed = by_hand.state == PaymentState.PLACED
    return is_placed or not rules.is_surely_one(by_hand.reference, by_hand.payer_index)


def _by_word(row: Collection) -> PaymentRow | None:
    """The same money, most likely: the customer showed its code, and the merchant took their word
    for it, while the callback was missing."""
    return (
        PaymentRow.objects.filter(
            business_id=row.business_id,
            purpose_kind=row.purpose_kind,
            purpose_id=row.purpose_id,
            amount_minor=row.amount_minor,
            currency=row.currency,
            method__startswith="mpesa",
            collection_id=None,
            received_at__gte=rules.paid_between(row.asked_at or row.created_at)[0],
        )
        .exclude(receipt__contains=":")
        .exclude(state=PaymentState.REVERSED)
        .order_by("id")
        .first()
    )


def _doubt(payment: PaymentRow, reason: str) -> None:
    """Counted once, and a person is told that it might have been two."""
    log.warning("payments.maybe_two", payment_id=str(payment.id), reason=reason)
    publish(PaymentDoubtful(business_id=payment.business_id, subject_id=payment.id, reason=reason))


def _receive(row: Collection) -> None:
    account = PaymentAccount.objects.get(business_id=row.business_id, id=row.account_id)
    asked_at = row.asked_at or row.created_at
    zone = ZoneInfo(identity.business(row.business_id).timezone)
    receipt = rules.receipt_for_request(row.provider_ref or str(row.id))
    amount, purpose = (
        Money(row.amount_minor, row.currency),
        Purpose(row.purpose_kind, row.purpose_id),
    )
    counted = twins.by_word(row, clock.now())
    if counted is not None or row.purpose_kind == TRIAL:
        payment = receive_unplaced(
            account,
            receipt,
            amount,
            method=Method.MPESA_STK,
            booked_on=asked_at.astimezone(zone).date(),
            received_at=asked_at,
            collection_id=row.id,
        )
        if counted is not None:
            twins.ask_same(payment, counted, purpose)
        return
    receive(
        ids.new_id(),
        account,
        receipt,
        amount,
        purpose,
        method=Method.MPESA_STK,
        booked_on=asked_at.astimezone(zone).date(),
        received_at=asked_at,
        collection_id=row.id,
    )
    log.warning("payments.booked_without_receipt", collection_id=str(row.id))
