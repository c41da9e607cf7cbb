"""A person gives money in suspense an owner."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import needs
from hesabu.kit import clock
from hesabu.ledger import actions as ledger
from hesabu.payments import queries, rules
from hesabu.payments.errors import AlreadyPlaced, PaymentNotFound
from hesabu.payments.facts import PaymentPlaced
from hesabu.payments.models import PaymentRow
from hesabu.payments.permissions import PAYMENT_PLACE
from hesabu.payments.types import PaymentState, PaymentView, Purpose
from hesabu.store import tenancy
from hesabu.store.facts import publish


@needs(PAYMENT_PLACE)
def place(payment_id: UUID, purpose: Purpose) -> PaymentView:
    """Say what the money is for. The purpose's reader books the way out of suspense. The same
    again changes nothing; another purpose is refused with AlreadyPlaced."""
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    row = (
        PaymentRow.objects.select_for_update()
        .filter(business_id=business_id, id=payment_id)
        .first()
    )
    if row is None:
        raise PaymentNotFound()
    if row.state in (PaymentState.PLACED, PaymentState.SETTLED):
        if (row.purpose_kind, row.purpose_id) != (purpose.kind, purpose.id):
            raise AlreadyPlaced()
        return queries.payment_view(row)
    place_row(row, purpose)
    return queries.payment_view(row)


def place_row(row: PaymentRow, purpose: Purpose) -> None:
    """The step itself, with the book locked. Booked today: on its own day it lay in suspense."""
    row.state = rules.PAYMENT_MOVES.after(PaymentState(row.state), "place")
    row.purpose_kind, row.purpose_id = purpose.kind, purpose.id
    row.save(update_fields=["state", "purpose_kind", "purpose_id"])
    publish(
        PaymentPlaced(
            business_id=row.business_id,
            subject_id=row.id,
            amount_minor=row.amount_minor,
            currency=row.currency,
            purpose_kind=purpose.kind,
            purpose_id=purpose.id,
            booked_on=clock.today(identity.business(row.business_id).timezone),
        )
    )
