"""The merchant's own word, taken back: "no, that was a mistake"."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import needs
from hesabu.kit import clock
from hesabu.ledger import actions as ledger
from hesabu.ledger import queries as books
from hesabu.payments import queries, rules
from hesabu.payments.errors import NotByHand, PaymentNotFound
from hesabu.payments.facts import PaymentWithdrawn
from hesabu.payments.models import Claim, PaymentRow
from hesabu.payments.permissions import PAYMENT_RECORD
from hesabu.payments.types import ClaimState, PaymentState, PaymentView
from hesabu.store import tenancy
from hesabu.store.facts import publish

REASON_MAX = 500


@needs(PAYMENT_RECORD)
def withdraw(payment_id: UUID, reason: str) -> PaymentView:
    """Say that money which was counted on the merchant's word never came: each of its entries is answered by its reversal,
    and the purpose's reader gives back what it had taken. Doing it again changes nothing.

    Raises PaymentNotFound, NotByHand for money that the provider told of, and what the reader refuses. A receipt that was
    given with it is free again: it may have been typed for the wrong invoice.
    """
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    row = (
        PaymentRow.objects.select_for_update()
        .filter(business_id=business_id, id=payment_id)
        .first()
    )
    if row is None:
        raise PaymentNotFound()
    if row.state == PaymentState.REVERSED:
        return queries.payment_view(row)
    if not rules.is_word_alone(row.receipt, row.letter_id, row.collection_id):
        raise NotByHand()
    row.state = rules.PAYMENT_MOVES.after(PaymentState(row.state), "reverse")
    row.withdrawn_reason = " ".join(reason.split())[:REASON_MAX]
    row.withdrawn_at = clock.now()
    row.receipt = rules.receipt_withdrawn(row.receipt, row.id)
    row.save(update_fields=["state", "withdrawn_reason", "withdrawn_at", "receipt"])
    _reverse(row.id)
    _reject_claims(row)
    publish(
        PaymentWithdrawn(
            business_id=business_id,
            subject_id=row.id,
            amount_minor=row.amount_minor,
            currency=row.currency,
            purpose_kind=row.purpose_kind,
            purpose_id=row.purpose_id,
        )
    )
    return queries.payment_view(row)


def _reject_claims(payment: PaymentRow) -> None:
    """The customer's word that was taken for it: they may say it again."""
    claims = Claim.objects.select_for_update().filter(
        business_id=payment.business_id, payment_id=payment.id, state=ClaimState.CONFIRMED
    )
    for claim in claims.order_by("id"):
        claim.state = rules.CLAIM_MOVES.after(ClaimState(claim.state), "withdraw")
        claim.save(update_fields=["state"])


def _reverse(payment_id: UUID) -> None:
    """The opposite of every entry about the payment that has none yet, whoever posted it."""
    written = books.entries_for([payment_id])
    answered = {entry.reverses_id for entry in written}
    for entry in written:
        if entry.reverses_id is None and entry.id not in answered:
            ledger.reverse(entry.id, "payments.withdrawn")
