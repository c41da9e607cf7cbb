"""Asking a customer for money, the first third of it: write it down, and leave the rest to a job.

collect (here)  ─▶ prepared ─ job ─▶ begin_asking ─▶ [no transaction: the provider] ─▶ record_outcome
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.identity.permissions import needs
from hesabu.kit import clock, crypto, ids
from hesabu.ledger import actions as ledger
from hesabu.payments import queries, rules
from hesabu.payments.actions.collectors import callback_of, collector
from hesabu.payments.errors import (
    AccountNotFound,
    AlreadyAsked,
    KeyReused,
    NoWayToCollect,
    ProviderSwitchedOff,
    ReferenceNotTaken,
)
from hesabu.payments.facts import CollectionPrepared
from hesabu.payments.models import Collection, PaymentAccount
from hesabu.payments.permissions import PAYMENT_COLLECT
from hesabu.payments.types import Charge, CollectionState, CollectionView, Provider
from hesabu.store import flags, jobs, tenancy
from hesabu.store.facts import publish


@needs(PAYMENT_COLLECT)
def collect(
    charge: Charge, payer_phone: str, key: str, account_id: UUID | None = None
) -> CollectionView:
    """Send the payer a prompt, soon. The same key and input give the first answer again.

    Raises AlreadyAsked while an earlier prompt for the same purpose may still be on a phone,
    NoWayToCollect, KeyReused, ProviderSwitchedOff, and what the provider would never take.
    """
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    payer_index = crypto.blind(payer_phone)
    first = Collection.objects.filter(business_id=business_id, key=key).first()
    if first is not None:
        return _first_answer(first, charge, payer_index)
    account = _account(business_id, account_id)
    provider = collector(account.provider)
    if not flags.is_on(provider.flag):
        raise ProviderSwitchedOff()
    reference = rules.reference(charge.reference)
    if reference is None:
        raise ReferenceNotTaken(field="reference")
    provider.check(charge.amount, payer_phone)
    _require_quiet(business_id, charge)
    now = clock.now()
    collection_id = ids.new_id()
    _, ref = callback_of(account, collection_id)
    row = Collection.objects.create(
        id=collection_id,
        business_id=business_id,
        account_id=account.id,
        purpose_kind=charge.purpose.kind,
        purpose_id=charge.purpose.id,
        amount_minor=charge.amount.minor,
        currency=charge.amount.currency,
        reference=reference,
        payer_phone=payer_phone,
        payer_index=payer_index,
        state=CollectionState.PREPARED,
        key=key,
        callback_ref_hash=crypto.digest(ref),
        next_ask_at=now + timedelta(seconds=rules.SENDING_SECONDS),
        created_at=now,
        updated_at=now,
    )
    publish(
        CollectionPrepared(
            business_id=business_id,
            subject_id=row.id,
            purpose_kind=row.purpose_kind,
            purpose_id=row.purpose_id,
            amount_minor=row.amount_minor,
            currency=row.currency,
        )
    )
    jobs.defer("payments.ask", business_id=business_id, collection_id=row.id)
    return queries.view_of(row)


def _first_answer(first: Collection, charge: Charge, payer_index: bytes) -> CollectionView:
    asked = (first.purpose_kind, first.purpose_id, first.amount_minor, first.currency)
    wanted = (
        charge.purpose.kind,
        charge.purpose.id,
        charge.amount.minor,
        charge.amount.currency,
    )
    if asked != wanted or bytes(first.payer_index) != payer_index:
        raise KeyReused()
    return queries.view_of(first)


def _account(business_id: UUID, account_id: UUID | None) -> PaymentAccount:
    rows = queries.offered(PaymentAccount.objects.filter(business_id=business_id))
    if account_id is not None:
        row = rows.filter(id=account_id).first()
        if row is None:
            raise AccountNotFound()
    else:
        row = rows.filter(provider=Provider.MPESA).order_by("-id").first()
    if row is None or row.provider == Provider.MANUAL:
        raise NoWayToCollect()
    return row


def _require_quiet(business_id: UUID, charge: Charge) -> None:
    """No second prompt while the first may still be answered, or is already paid."""
    now = clock.now()
    rows = Collection.objects.filter(
        business_id=business_id,
        purpose_kind=charge.purpose.kind,
        purpose_id=charge.purpose.id,
    ).exclude(state=CollectionState.SETTLED)
    for row in rows:
        if row.result_code == rules.PAID:
            raise AlreadyAsked("M-PESA says it is paid; the receipt is on its way.")
        is_quiet_over = rules.is_quiet_over(row.asked_at or row.created_at, now)
        if row.state in rules.IN_FLIGHT and not is_quiet_over:
            raise AlreadyAsked(collection_id=str(row.id))
