"""The other way round: money that could not go where it was said to go waits for a person after all."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.payments import rules
from hesabu.payments.facts import PaymentUnplaced
from hesabu.payments.models import PaymentRow
from hesabu.payments.types import PaymentState
from hesabu.store import tenancy
from hesabu.store.facts import publish


@inner
def unplace(payment_ids: Sequence[UUID]) -> None:
    """Say that these payments lie in suspense. Called by the reader of a purpose that could not take them, with the books
    locked, in the transaction that settled them."""
    business_ids = tenancy.current().business_ids
    rows = PaymentRow.objects.filter(business_id__in=business_ids, id__in=payment_ids)
    for row in rows.order_by("id"):
        row.state = rules.PAYMENT_MOVES.after(PaymentState(row.state), "unplace")
        row.purpose_kind = row.purpose_id = None
        row.save(update_fields=["state", "purpose_kind", "purpose_id"])
        publish(
            PaymentUnplaced(
                business_id=row.business_id,
                subject_id=row.id,
                amount_minor=row.amount_minor,
                currency=row.currency,
            )
        )
