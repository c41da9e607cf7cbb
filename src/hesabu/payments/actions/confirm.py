"""The merchant's one tap: "yes, that money is here".

The money may be known already, by its letter, in suspense, or as a prompt that M-PESA called paid
without a receipt. Each is found first, and then nothing is counted again.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_noop

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.payments import queries, rules
from hesabu.payments.actions.accounts import account_for
from hesabu.payments.actions.claim import locked_claim
from hesabu.payments.actions.place import place_told
from hesabu.payments.actions.receive import give_receipt, known, receive
from hesabu.payments.errors import AmountMissing, AmountNotPositive, CodeAlreadyUsed
from hesabu.payments.facts import ClaimConfirmed
from hesabu.payments.models import Claim, PaymentRow
from hesabu.payments.permissions import PAYMENT_CONFIRM
from hesabu.payments.types import ClaimState, Confirmation, Method, PaymentState, Purpose
from hesabu.store import tenancy
from hesabu.store.facts import publish


@needs(PAYMENT_CONFIRM)
def confirm(
    claim_id: UUID,
    amount: Money | None = None,
    method: Method | str | None = None,
    account_id: UUID | None = None,
) -> Confirmation:
    """Count the claimed money, once. `amount` corrects or completes what the customer said; money
    that is known by its own letter keeps its own amount. Raises AmountMissing, ClaimNotFound,
    MoveRefused for a rejected claim, and CodeAlreadyUsed for money that went back."""
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    row = locked_claim(business_id, claim_id)
    purpose = Purpose(row.purpose_kind, row.purpose_id)
    if row.state == ClaimState.CONFIRMED and row.payment_id is not None:
        payment = PaymentRow.objects.get(business_id=business_id, id=row.payment_id)
        return Confirmation(
            queries.payment_view(payment), False, gettext_noop("That was confirmed before.")
        )
    state = rules.CLAIM_MOVES.after(ClaimState(row.state), "confirm")
    amount = _amount(row, amount)
    found = _found(row, purpose, amount)
    if found is None:
        found = _received(row, purpose, amount, method, account_id), True, gettext_noop("Counted.")
    payment, is_new, words = found
    row.state = state
    row.payment_id = payment.id
    row.decided_at = clock.now()
    row.save(update_fields=["state", "payment_id", "decided_at"])
    publish(
        ClaimConfirmed(
            business_id=business_id,
            subject_id=row.id,
            purpose_kind=row.purpose_kind,
            purpose_id=row.purpose_id,
            payment_id=payment.id,
        )
    )
    return Confirmation(queries.payment_view(payment), is_new, words)


def _amount(row: Claim, amount: Money | None) -> Money | None:
    if amount is not None and amount.minor <= 0:
        raise AmountNotPositive(field="amount")
    if amount is None and row.amount_minor is not None:
        return Money(row.amount_minor, row.currency)
    return amount


def _found(
    row: Claim, purpose: Purpose, amount: Money | None
) -> tuple[PaymentRow, bool, str] | None:
    """The claimed money, if it is known already: (payment, whether this tap placed it, words)."""
    if row.code is None:
        return None
    payment = known(row.business_id, row.code)
    if payment is None:
        payment = give_receipt(row.business_id, purpose, row.code, amount)
        if payment is None:
            return None
    if payment.state == PaymentState.REVERSED:
        raise CodeAlreadyUsed("That money went back.")
    if payment.state == PaymentState.UNPLACED and place_told(payment, purpose):
        return payment, True, gettext_noop("That money had come without an owner; now it has one.")
    return payment, False, gettext_noop("That money was already counted.")


def _received(
    row: Claim,
    purpose: Purpose,
    amount: Money | None,
    method: Method | str | None,
    account_id: UUID | None,
) -> PaymentRow:
    if amount is None:
        raise AmountMissing(field="amount")
    kinds = rules.kinds_of(method) if method else rules.LIKELY_KINDS
    account = account_for(tuple(kinds), account_id)
    return receive(
        ids.new_id(),
        account,
        row.code or rules.receipt_for_word(str(row.id)),
        amount,
        purpose,
        method=Method(method) if method else rules.method_of(account.kind),
        booked_on=clock.today(identity.business(row.business_id).timezone),
        received_at=row.created_at,
    )
