"""Money in suspense gets an owner: a person says it, or what its payer typed as account does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from hesabu.identity import queries as identity
from hesabu.identity.permissions import inner, needs
from hesabu.kit import clock
from hesabu.ledger import actions as ledger
from hesabu.payments import queries, rules
from hesabu.payments.errors import AlreadyPlaced, PaymentNotFound
from hesabu.payments.facts import PaymentPlaced
from hesabu.payments.models import PaymentRow, Twin
from hesabu.payments.permissions import PAYMENT_PLACE
from hesabu.payments.types import PaymentState, PaymentView, Purpose, TwinState
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
    _part(row)
    place_row(row, purpose)
    return queries.payment_view(row)


def place_told(row: PaymentRow, purpose: Purpose) -> bool:
    """Its code was told, for this: money in suspense gets that owner. Where it is being asked whether it is what was counted by
    word for the same, it waits for that answer, or it would count twice. Whether it was placed. With the book locked."""
    asked = Twin.objects.filter(
        business_id=row.business_id,
        payment_id=row.id,
        state=TwinState.ASKED,
        purpose_kind=purpose.kind,
        purpose_id=purpose.id,
    )
    if asked.exists():
        return False
    _part(row)
    place_row(row, purpose)
    return True


def _part(payment: PaymentRow) -> None:
    """Said otherwise what it is for: whether it is what was counted by word is asked no more. With the book locked."""
    for twin in Twin.objects.select_for_update().filter(
        business_id=payment.business_id, payment_id=payment.id, state=TwinState.ASKED
    ):
        twin.state = rules.TWIN_MOVES.after(TwinState.ASKED, "part")
        twin.decided_at = clock.now()
        twin.save(update_fields=["state", "decided_at"])


@inner
def place_typed(owners: Mapping[UUID, Purpose]) -> None:
    """What payers typed as account says what their money is for. Called by the reader who knows what was meant, with the books
    locked, in the transaction that filed the money: it is booked on its own day, since it never lay in suspense."""
    business_ids = tenancy.current().business_ids
    rows = PaymentRow.objects.select_for_update().filter(
        business_id__in=business_ids, id__in=list(owners), state=PaymentState.UNPLACED
    )
    publish(*(_given(row, owners[row.id], row.booked_on) for row in rows.order_by("id")))


def place_row(row: PaymentRow, purpose: Purpose) -> None:
    """The step itself, with the book locked. Booked today: on its own day it lay in suspense."""
    publish(_given(row, purpose, clock.today(identity.business(row.business_id).timezone)))


def _given(row: PaymentRow, purpose: Purpose, booked_on: date) -> PaymentPlaced:
    row.state = rules.PAYMENT_MOVES.after(PaymentState(row.state), "place")
    row.purpose_kind, row.purpose_id = purpose.kind, purpose.id
    row.save(update_fields=["state", "purpose_kind", "purpose_id"])
    return PaymentPlaced(
        business_id=row.business_id,
        subject_id=row.id,
        amount_minor=row.amount_minor,
        currency=row.currency,
        purpose_kind=purpose.kind,
        purpose_id=purpose.id,
        booked_on=booked_on,
    )
