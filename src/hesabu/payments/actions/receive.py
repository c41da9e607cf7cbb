"""Writing down money that came, outside of the letters: one payment, its receipt, its fact.

Called by the acts of this room only, with the book locked, so that looking whether a receipt is
known and writing it are one step.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.ledger import actions as ledger
from hesabu.ledger.types import AccountRole, Entry, Posting
from hesabu.payments import rules
from hesabu.payments.facts import PaymentSettled, PaymentUnplaced, ReceiptFound
from hesabu.payments.models import PaymentAccount, PaymentRow, Twin
from hesabu.payments.types import Method, PaymentState, Purpose, TwinState
from hesabu.store.facts import publish


def receive(
    payment_id: UUID,
    account: PaymentAccount,
    receipt: str,
    amount: Money,
    purpose: Purpose,
    *,
    method: Method,
    booked_on: date,
    received_at: datetime | None = None,
    collection_id: UUID | None = None,
) -> PaymentRow:
    """Money that nobody has counted yet: the row, and the fact whose reader books it."""
    row = PaymentRow.objects.create(
        id=payment_id,
        business_id=account.business_id,
        account_id=account.id,
        receipt=receipt,
        method=method,
        amount_minor=amount.minor,
        currency=amount.currency,
        received_at=received_at or clock.now(),
        booked_on=booked_on,
        collection_id=collection_id,
        purpose_kind=purpose.kind,
        purpose_id=purpose.id,
        state=PaymentState.SETTLED,
    )
    publish(
        PaymentSettled(
            business_id=row.business_id,
            subject_id=row.id,
            account_role=account.ledger_role,
            amount_minor=amount.minor,
            currency=amount.currency,
            purpose_kind=purpose.kind,
            purpose_id=purpose.id,
            booked_on=booked_on,
            collection_id=collection_id,
            method=method,
        )
    )
    row.refresh_from_db()  # what it is for may not have been able to take it
    return row


def receive_unplaced(
    account: PaymentAccount,
    receipt: str,
    amount: Money,
    *,
    method: Method,
    booked_on: date,
    received_at: datetime,
    collection_id: UUID,
) -> PaymentRow:
    """Money that answers a request and yet waits in suspense, for a person to say what it is."""
    row = PaymentRow.objects.create(
        id=ids.new_id(),
        business_id=account.business_id,
        account_id=account.id,
        receipt=receipt,
        method=method,
        amount_minor=amount.minor,
        currency=amount.currency,
        received_at=received_at,
        booked_on=booked_on,
        collection_id=collection_id,
        state=PaymentState.UNPLACED,
    )
    postings = [
        Posting(account.ledger_role, amount.minor, amount.currency),
        Posting(AccountRole.SUSPENSE, -amount.minor, amount.currency),
    ]
    entry = Entry(row.business_id, booked_on, "payments.unplaced", "payment", row.id, postings)
    ledger.post([entry], shift=True)
    publish(
        PaymentUnplaced(
            business_id=row.business_id,
            subject_id=row.id,
            amount_minor=amount.minor,
            currency=amount.currency,
        )
    )
    return row


def known(business_id: UUID, receipt: str) -> PaymentRow | None:
    """The payment with this receipt, however it was learnt of."""
    return PaymentRow.objects.filter(business_id=business_id, receipt=receipt).first()


def give_receipt(
    business_id: UUID, purpose: Purpose, receipt: str, amount: Money | None
) -> PaymentRow | None:
    """The payment of this purpose that M-PESA called paid without telling its receipt, if this
    can be it: it gets the receipt, and nothing is counted again. It may lie in suspense, where it
    is asked whether it is what was counted by word for the same."""
    asked = Twin.objects.filter(
        business_id=business_id,
        purpose_kind=purpose.kind,
        purpose_id=purpose.id,
        state=TwinState.ASKED,
    )
    is_its_own = Q(purpose_kind=purpose.kind, purpose_id=purpose.id)
    waiting = PaymentRow.objects.filter(
        is_its_own | Q(id__in=asked.values("payment_id")),
        business_id=business_id,
        receipt__startswith=rules.AWAITED,
    ).order_by("id")
    for row in waiting:
        if amount is None or (row.amount_minor, row.currency) == (amount.minor, amount.currency):
            row.receipt = receipt
            row.save(update_fields=["receipt"])
            publish(ReceiptFound(business_id=business_id, subject_id=row.id))
            return row
    return None
