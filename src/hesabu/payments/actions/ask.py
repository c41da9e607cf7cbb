"""Asking a customer for money, the middle third: what happens before and after the network.

`begin_asking` commits that the request is about to leave, `record_outcome` what was answered. If
the process dies between the two, the row says "about to ask" and nothing else, and half a minute
later that is what it means: nobody knows. It is never sent a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from hesabu.identity.permissions import inner
from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.payments import rules
from hesabu.payments.actions import moves
from hesabu.payments.actions.collectors import callback_of, collector
from hesabu.payments.models import Collection, PaymentAccount
from hesabu.payments.providers.port import (
    Accepted,
    AccountKeys,
    Ask,
    Outcome,
    Rejected,
    keys_of,
)
from hesabu.payments.types import CollectionState
from hesabu.store import flags, tenancy

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that is committed as about to leave."""

    provider: str
    account: AccountKeys
    ask: Ask


@inner
def begin_asking(collection_id: UUID) -> Asking | None:
    """Commit to asking, once: None when it is not this caller's turn, or asking makes no sense
    any more."""
    business_id = tenancy.only()
    row = moves.locked(business_id, collection_id)
    if row is None or row.state != CollectionState.PREPARED or row.asked_at is not None:
        return None
    account = PaymentAccount.objects.get(business_id=business_id, id=row.account_id)
    now = clock.now()
    obstacle = _obstacle(row, account)
    if obstacle is not None:
        moves.move(row, "fail", code=obstacle)
        return None
    row.asked_at = row.updated_at = now
    row.next_ask_at = now + timedelta(seconds=rules.SENDING_SECONDS)
    row.save(update_fields=["asked_at", "updated_at", "next_ask_at"])
    url, _ = callback_of(account, row.id)
    ask = Ask(Money(row.amount_minor, row.currency), row.payer_phone, row.reference, url, now)
    return Asking(account.provider, keys_of(account), ask)


def _obstacle(row: Collection, account: PaymentAccount) -> str | None:
    if clock.now() - row.created_at > timedelta(seconds=rules.NEVER_SENT_SECONDS):
        return "never_sent"
    if not flags.is_on(collector(account.provider).flag):
        return "switched_off"
    return None if account.is_active else "account_closed"


@inner
def record_outcome(collection_id: UUID, outcome: Outcome) -> None:
    """Commit what was answered. The answer may come late: the callback may have overtaken it, and
    the janitor may have called the request uncertain already."""
    row = moves.locked(tenancy.only(), collection_id)
    if row is None:
        return
    state = CollectionState(row.state)
    if isinstance(outcome, Accepted):
        row.provider_ref = row.provider_ref or outcome.provider_ref
        row.merchant_request_id = row.merchant_request_id or outcome.merchant_request_id
        if rules.COLLECTION_MOVES.allows(state, "ask"):
            row.next_ask_at = moves.schedule(row, clock.now())
            moves.move(row, "ask")
        else:
            row.save(update_fields=["provider_ref", "merchant_request_id"])
    elif isinstance(outcome, Rejected):
        if state in (CollectionState.PREPARED, CollectionState.UNCERTAIN):
            moves.move(row, "fail", code=outcome.code)
    elif state is CollectionState.PREPARED:
        log.warning("payments.uncertain", collection_id=str(row.id), why=outcome.why)
        row.next_ask_at = moves.schedule(row, clock.now())
        moves.move(row, "doubt")
