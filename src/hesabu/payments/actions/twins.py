"""The same money twice? The merchant had said "it is paid" and named no code; then the prompt's money came, as much and for the
same. It waits in suspense, and one tap decides:

    join   the same money: what was counted by word is taken back, and the provider's stands in its place
    part   two payments: both stand

Both in one transaction, with the book locked, so that a second tap, or one at the same time, finds it decided.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from hesabu.identity.permissions import needs
from hesabu.kit import clock, ids
from hesabu.ledger import actions as ledger
from hesabu.payments import queries, rules
from hesabu.payments.actions.place import place_row
from hesabu.payments.actions.withdraw import withdraw
from hesabu.payments.errors import PaymentNotFound, TwinAnswered
from hesabu.payments.facts import PaymentDoubtful
from hesabu.payments.models import Collection, PaymentRow, Twin
from hesabu.payments.permissions import PAYMENT_RECORD
from hesabu.payments.types import PaymentState, PaymentView, Purpose, TwinState
from hesabu.store import tenancy
from hesabu.store.facts import publish

SAME = "M-PESA told of it"


@needs(PAYMENT_RECORD)
def decide_twin(payment_id: UUID, *, is_same: bool) -> PaymentView:
    """The merchant's word about money that a prompt brought: the payment as it stands then. The same word again changes nothing;
    the other one is refused with TwinAnswered. Raises PaymentNotFound where nothing was asked about it, and what taking back
    may refuse (the money was used since): then nothing has changed."""
    business_id = tenancy.only()
    ledger.lock_books([business_id])
    twin = (
        Twin.objects.select_for_update()
        .filter(business_id=business_id, payment_id=payment_id)
        .first()
    )
    if twin is None:
        raise PaymentNotFound()
    verb = "join" if is_same else "part"
    row = PaymentRow.objects.select_for_update().get(business_id=business_id, id=payment_id)
    if twin.state != TwinState.ASKED:
        if twin.state != rules.TWIN_MOVES.after(TwinState.ASKED, verb):
            raise TwinAnswered()
        return queries.payment_view(row)
    _decide(twin, verb)
    if is_same:
        withdraw(twin.by_word_id, SAME)
    if row.state == PaymentState.UNPLACED:
        place_row(row, Purpose(twin.purpose_kind, twin.purpose_id))
    return queries.payment_view(row)


def by_word(row: Collection, now: datetime) -> PaymentRow | None:
    """What the merchant counted by their word alone, for the same and as much, within the day; and was not asked about."""
    asked = Twin.objects.filter(business_id=row.business_id, state=TwinState.ASKED)
    found = PaymentRow.objects.filter(
        business_id=row.business_id,
        purpose_kind=row.purpose_kind,
        purpose_id=row.purpose_id,
        amount_minor=row.amount_minor,
        currency=row.currency,
        method__startswith="mpesa",
        receipt__startswith=rules.OWN,
        letter_id=None,
        collection_id=None,
        received_at__gte=now - timedelta(hours=rules.TWIN_HOURS),
    )
    found = found.exclude(state=PaymentState.REVERSED)
    return found.exclude(id__in=asked.values("by_word_id")).order_by("id").first()


def ask_same(payment: PaymentRow, counted: PaymentRow, purpose: Purpose) -> None:
    """Ask the merchant. With the book locked, in the transaction that wrote the payment down."""
    Twin.objects.create(
        id=ids.new_id(),
        business_id=payment.business_id,
        payment_id=payment.id,
        by_word_id=counted.id,
        purpose_kind=purpose.kind,
        purpose_id=purpose.id,
        state=TwinState.ASKED,
        asked_at=clock.now(),
    )
    publish(
        PaymentDoubtful(business_id=payment.business_id, subject_id=payment.id, reason="maybe_same")
    )


def _decide(twin: Twin, verb: str) -> None:
    twin.state = rules.TWIN_MOVES.after(TwinState(twin.state), verb)
    twin.decided_at = clock.now()
    twin.save(update_fields=["state", "decided_at"])
