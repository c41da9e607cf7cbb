"""Settling, second half: write what a batch came to, a statement per table."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from hesabu.kit import clock, crypto, ids
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import AccountRole, Entry, Posting
from hesabu.payments import facts, rules
from hesabu.payments.actions.settle_read import NAIROBI_OFFSET, Arrival, Batch
from hesabu.payments.settling import Asked, Known
from hesabu.payments.types import TRIAL, PaymentState
from hesabu.store import jobs, letters, sql
from hesabu.store.facts import Fact, publish

_PAYMENTS = """
INSERT INTO payments_payment (id, business_id, account_id, receipt, method, amount_minor, currency, received_at,
    booked_on, collection_id, purpose_kind, purpose_id, payer_name, payer_index, reference, state, letter_id)
SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::text[],
    %b::timestamptz[], %b::date[], %b::uuid[], %b::text[], %b::uuid[], %b::bytea[], %b::bytea[], %b::bytea[],
    %b::text[], %b::uuid[])
"""
_COLLECTIONS = """
UPDATE payments_collection c SET state = t.state, result_code = t.code, provider_ref = t.ref,
    merchant_request_id = t.mref, updated_at = %s,
    next_ask_at = CASE WHEN t.state = 'failed' AND t.code = ANY(%b::text[]) THEN %s::timestamptz END
FROM unnest(%b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[]) AS t (b, id, state, code, ref, mref)
WHERE c.business_id = t.b AND c.id = t.id
"""
_TWIN = """
INSERT INTO payments_twin (id, business_id, payment_id, by_word_id, purpose_kind, purpose_id, state, asked_at)
VALUES (%s, %s, %s, %s, %s, %s, 'asked', %s)
"""


def write(batch: Batch) -> None:
    """All of it, inside the binding that holds the books."""
    now = clock.now()
    days = {arrival.id: _day(arrival, now) for arrival in batch.arrivals}
    _write_payments(batch, days)
    _write_collections(batch, now)
    _write_receipts(batch)
    _write_owners(batch)
    _write_vouched(batch)
    _write_twins(batch, now)
    if batch.read_ids:
        letters.mark_read(batch.read_ids)
    for letter_id, reason in batch.aside:
        letters.set_aside(letter_id, reason)
    _book_unplaced(batch, days)
    _tell(batch, days)


def _day(arrival: Arrival, now: datetime) -> date:
    return rules.booked_on(arrival.received_at, now, NAIROBI_OFFSET)


def _write_payments(batch: Batch, days: dict[UUID, date]) -> None:
    came = batch.arrivals
    if not came:
        return
    with sql.cursor() as cursor:
        cursor.execute(
            _PAYMENTS,
            (
                [a.id for a in came],
                [a.account.business_id for a in came],
                [a.account.id for a in came],
                [a.receipt for a in came],
                [str(a.method) for a in came],
                [a.amount_minor for a in came],
                [a.currency for a in came],
                [a.received_at for a in came],
                [days[a.id] for a in came],
                [a.collection.id if a.collection else None for a in came],
                [owner.purpose_kind if (owner := _owner(a)) else None for a in came],
                [owner.purpose_id if (owner := _owner(a)) else None for a in came],
                [crypto.seal(a.payer_name.encode()) if a.payer_name else None for a in came],
                [a.payer_index for a in came],
                [crypto.seal(a.reference.encode()) if a.reference else None for a in came],
                [str(a.state) for a in came],
                [a.letter_id for a in came],
            ),
        )


def _owner(arrival: Arrival) -> Asked | None:
    """The request whose purpose the money goes to; none while it lies in suspense."""
    return arrival.collection if arrival.state == PaymentState.SETTLED else None


def _write_collections(batch: Batch, now: datetime) -> None:
    changed = [asked for asked, _ in batch.changed.values()]
    with sql.cursor() as cursor:
        if changed:
            cursor.execute(
                _COLLECTIONS,
                (
                    now,
                    sorted(rules.NOT_THE_LAST_WORD),
                    now + timedelta(seconds=rules.CHECK_SECONDS),
                    [a.business_id for a in changed],
                    [a.id for a in changed],
                    [str(a.state) for a in changed],
                    [code for _, code in batch.changed.values()],
                    [a.provider_ref for a in changed],
                    [a.merchant_request_id for a in changed],
                ),
            )
        if batch.asked_again:
            cursor.execute(
                "UPDATE payments_collection SET next_ask_at = %s, asked_at = coalesce(asked_at, %s)"
                " WHERE id = ANY(%s)",
                (now, now, list(batch.asked_again)),
            )


def _write_receipts(batch: Batch) -> None:
    with sql.cursor() as cursor:
        for known, receipt in batch.receipts:
            cursor.execute(
                "UPDATE payments_payment SET receipt = %s WHERE id = %s", (receipt, known.id)
            )


def _write_owners(batch: Batch) -> None:
    """Money that waited in suspense, or was taken at the merchant's word, answers a request after all."""
    with sql.cursor() as cursor:
        for known, asked in batch.owned:
            if _is_placed_now(known, asked):
                cursor.execute(
                    "UPDATE payments_payment SET state = %s, collection_id = %s, purpose_kind = %s, purpose_id = %s"
                    " WHERE id = %s",
                    (
                        str(rules.PAYMENT_MOVES.after(known.state, "place")),
                        asked.id,
                        asked.purpose_kind,
                        asked.purpose_id,
                        known.id,
                    ),
                )
            else:
                cursor.execute(
                    "UPDATE payments_payment SET collection_id = coalesce(collection_id, %s) WHERE id = %s",
                    (asked.id, known.id),
                )


def _is_placed_now(known: Known, asked: Asked) -> bool:
    """Money of a trial is for nothing, and stays in suspense."""
    return known.state == PaymentState.UNPLACED and asked.purpose_kind != TRIAL


def _write_vouched(batch: Batch) -> None:
    """What the merchant had told of, M-PESA tells of too: it is no longer theirs alone to take back."""
    with sql.cursor() as cursor:
        for known, letter_id in batch.vouched:
            cursor.execute(
                "UPDATE payments_payment SET letter_id = coalesce(letter_id, %s) WHERE id = %s",
                (letter_id, known.id),
            )


def _write_twins(batch: Batch, now: datetime) -> None:
    """The merchant is asked whether it is what they had counted."""
    with sql.cursor() as cursor:
        for arrival, by_word_id in batch.twins:
            assert arrival.collection is not None
            cursor.execute(
                _TWIN,
                (
                    ids.new_id(),
                    arrival.account.business_id,
                    arrival.id,
                    by_word_id,
                    arrival.collection.purpose_kind,
                    arrival.collection.purpose_id,
                    now,
                ),
            )


def _book_unplaced(batch: Batch, days: dict[UUID, date]) -> None:
    entries = [
        Entry(
            a.account.business_id,
            days[a.id],
            "payments.unplaced",
            "payment",
            a.id,
            [
                Posting(a.account.ledger_role, a.amount_minor, a.currency),
                Posting(AccountRole.SUSPENSE, -a.amount_minor, a.currency),
            ],
        )
        for a in batch.arrivals
        if _owner(a) is None
    ]
    ledger.post(entries, books=dict(batch.books), shift=True)


def _tell(batch: Batch, days: dict[UUID, date]) -> None:
    # In the order in which the letters came, so that a batch comes to what its letters would have come to singly.
    for _, some in groupby(batch.arrivals, key=lambda arrival: _owner(arrival) is None):
        publish(*(_arrived(arrival, days[arrival.id]) for arrival in some))
    told: list[Fact] = []
    for asked, code in batch.changed.values():
        if asked.state == "failed":
            told.append(
                facts.CollectionFailed(
                    business_id=asked.business_id,
                    subject_id=asked.id,
                    purpose_kind=asked.purpose_kind,
                    purpose_id=asked.purpose_id,
                    code=code,
                )
            )
    for asked, _ in batch.asked_again.values():
        told.append(
            facts.CollectionDoubted(
                business_id=asked.business_id,
                subject_id=asked.id,
                purpose_kind=asked.purpose_kind,
                purpose_id=asked.purpose_id,
            )
        )
    for known, asked in batch.owned:
        if _is_placed_now(known, asked):
            told.append(
                facts.PaymentPlaced(
                    business_id=asked.business_id,
                    subject_id=known.id,
                    amount_minor=known.amount_minor,
                    currency=known.currency,
                    purpose_kind=asked.purpose_kind,
                    purpose_id=asked.purpose_id,
                    booked_on=clock.today("Africa/Nairobi"),
                )
            )
    for known, _ in batch.receipts:
        told.append(facts.ReceiptFound(business_id=batch.whose[known.id], subject_id=known.id))
    for arrival, _ in batch.twins:
        told.append(_doubtful(arrival.account.business_id, arrival.id, "maybe_same"))
    for account, known in batch.doubtful:
        told.append(_doubtful(account.business_id, known.id, "amount"))
    if told:
        publish(*told)
    for account, receipt in batch.looked_up:
        jobs.defer(
            "payments.look_up",
            key=f"payments.look_up:{account.id}:{receipt}",
            business_id=account.business_id,
            account_id=account.id,
            receipt=receipt,
        )


def _doubtful(business_id: UUID, payment_id: UUID, reason: str) -> Fact:
    return facts.PaymentDoubtful(business_id=business_id, subject_id=payment_id, reason=reason)


def _arrived(arrival: Arrival, booked_on: date) -> Fact:
    asked = _owner(arrival)
    if asked is None:
        return facts.PaymentUnplaced(
            business_id=arrival.account.business_id,
            subject_id=arrival.id,
            amount_minor=arrival.amount_minor,
            currency=arrival.currency,
        )
    return facts.PaymentSettled(
        business_id=arrival.account.business_id,
        subject_id=arrival.id,
        account_role=arrival.account.ledger_role,
        amount_minor=arrival.amount_minor,
        currency=arrival.currency,
        purpose_kind=asked.purpose_kind,
        purpose_id=asked.purpose_id,
        booked_on=booked_on,
        collection_id=asked.id,
        method=str(arrival.method),
    )
