"""A customer says "I have paid". It is their word: nothing is booked until the merchant agrees."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.payments import rules
from hesabu.payments.actions.receive import known
from hesabu.payments.errors import (
    AmountNotPositive,
    ClaimNotFound,
    CodeAlreadyUsed,
    CodeNotRead,
)
from hesabu.payments.facts import ClaimMade, ClaimRejected
from hesabu.payments.models import Claim
from hesabu.payments.permissions import PAYMENT_CLAIM, PAYMENT_CONFIRM
from hesabu.payments.types import ClaimState, PaymentState, Purpose
from hesabu.store import tenancy
from hesabu.store.facts import publish

SAID_MAX = 500


@needs(PAYMENT_CLAIM)
def claim(
    purpose: Purpose,
    code: str | None = None,
    amount: Money | None = None,
    contact_id: UUID | None = None,
    said: str = "",
) -> UUID:
    """Note it, and let the merchant be asked. The same claim again is the same claim.

    Where no code is given, the one in their words is taken, if there is just one. Raises
    CodeNotRead, and CodeAlreadyUsed where the code is counted, or claimed for something else.
    """
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    plain = _code(code, said)
    if amount is not None and amount.minor <= 0:
        raise AmountNotPositive(field="amount")
    same = _same(business_id, purpose, plain, contact_id)
    if same is not None:
        return same
    payment = known(business_id, plain) if plain else None
    if payment is not None and payment.state != PaymentState.UNPLACED:
        raise CodeAlreadyUsed(field="code")
    row = Claim.objects.create(
        id=ids.new_id(),
        business_id=business_id,
        purpose_kind=purpose.kind,
        purpose_id=purpose.id,
        code=plain,
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else identity.business(business_id).currency,
        contact_id=contact_id,
        state=ClaimState.MADE,
        said=said[:SAID_MAX],
        created_at=clock.now(),
    )
    publish(
        ClaimMade(
            business_id=business_id,
            subject_id=row.id,
            purpose_kind=purpose.kind,
            purpose_id=purpose.id,
        )
    )
    return row.id


def _code(code: str | None, said: str) -> str | None:
    if code is None or not code.strip():
        return rules.code_in(said)
    plain = rules.code(code)
    if plain is None:
        raise CodeNotRead(field="code")
    return plain


def _same(
    business_id: UUID, purpose: Purpose, code: str | None, contact_id: UUID | None
) -> UUID | None:
    """The claim this repeats: the same code for the same purpose, or one more wordless "paid"."""
    rows = Claim.objects.filter(
        business_id=business_id, state__in=[ClaimState.MADE, ClaimState.CONFIRMED]
    )
    if code is not None:
        row = rows.filter(code=code).first()
        if row is None:
            return None
        if (row.purpose_kind, row.purpose_id) != (purpose.kind, purpose.id):
            raise CodeAlreadyUsed(field="code")
        if row.state == ClaimState.CONFIRMED:
            raise CodeAlreadyUsed("It is counted for this very thing.", field="code")
        return row.id
    row = rows.filter(
        state=ClaimState.MADE,
        code=None,
        purpose_kind=purpose.kind,
        purpose_id=purpose.id,
        contact_id=contact_id,
    ).first()
    return row.id if row is not None else None


def locked_claim(business_id: UUID, claim_id: UUID) -> Claim:
    row = Claim.objects.select_for_update().filter(business_id=business_id, id=claim_id).first()
    if row is None:
        raise ClaimNotFound()
    return row


@needs(PAYMENT_CONFIRM)
def reject(claim_id: UUID) -> None:
    """The merchant says the money is not there. Doing it again changes nothing; what was confirmed
    stays confirmed."""
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    row = locked_claim(business_id, claim_id)
    if row.state == ClaimState.REJECTED:
        return
    row.state = rules.CLAIM_MOVES.after(ClaimState(row.state), "reject")
    row.decided_at = clock.now()
    row.save(update_fields=["state", "decided_at"])
    publish(
        ClaimRejected(
            business_id=business_id,
            subject_id=row.id,
            purpose_kind=row.purpose_kind,
            purpose_id=row.purpose_id,
        )
    )
