"""Approvals: asked by one, answered by another. What is approved is done in the same transaction, once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.identity import approvals, permissions
from hesabu.identity.actions.refusals import OWN, note_refusal
from hesabu.identity.approvals import APPROVAL_SET, Kind
from hesabu.identity.errors import (
    ApprovalAskerGone,
    ApprovalExpired,
    ApprovalIsOwn,
    ApprovalNeeded,
    ApprovalNotFound,
)
from hesabu.identity.facts import (
    ApprovalAsked,
    ApprovalGiven,
    ApprovalLimitSet,
    ApprovalRefused,
    ApprovalWithdrawn,
)
from hesabu.identity.models import Approval, ApprovalLimit
from hesabu.identity.permissions import anybody, needs
from hesabu.identity.rules import APPROVAL_MOVES
from hesabu.identity.types import ApprovalState
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.store import tenancy
from hesabu.store.facts import publish

LASTS = timedelta(days=3)


@anybody("the kind says what whoever asks must be allowed; it is required here")
def ask_approval(needed: ApprovalNeeded) -> UUID:
    """Put before a second person what an action refused to do without one; the id of what is asked. The same thing asked again
    by the same person is the same. In the binding of one business, as the person who asks."""
    return ask(approvals.named(needed.kind), needed)


def ask(what: Kind, needed: ApprovalNeeded, for_person_id: UUID | None = None) -> UUID:
    permissions.require(what.asks)
    business_id, asked_by_id = tenancy.only(), approvals.asker()
    if asked_by_id is None:
        raise permissions.refusal("approval:ask")
    now = clock.now()
    waiting = Approval.objects.filter(
        business_id=business_id,
        kind=what.name,
        asked_by_id=asked_by_id,
        for_person_id=for_person_id,
        state=ApprovalState.ASKED,
        expires_at__gt=now,
    )
    same = approvals.mark(needed.given)
    for row in waiting:
        if approvals.mark(row.given) == same:
            return row.id
    row = Approval(
        id=ids.new_id(),
        business_id=business_id,
        kind=what.name,
        given=dict(needed.given),
        amount_minor=needed.amount.minor if needed.amount else None,
        currency=needed.amount.currency if needed.amount else None,
        asked_by_id=asked_by_id,
        for_person_id=for_person_id,
        state=ApprovalState.ASKED,
        asked_at=now,
        expires_at=now + LASTS,
    )
    row.save(force_insert=True)
    publish(ApprovalAsked(business_id=business_id, subject_id=row.id, approval_kind=what.name))
    return row.id


@anybody("the kind says who may approve; it is required here")
def approve(approval_id: UUID) -> None:
    """Approve it, and have it done now. Again: nothing changes. Raises ApprovalIsOwn, ApprovalExpired, NotAllowed,
    ApprovalAskerGone where whoever asked may not do it any more, and whatever the act itself refuses; these leave it asked."""
    row, what = _answerable(approval_id)
    if row.state == ApprovalState.DONE:
        return
    if row.state == ApprovalState.ASKED and not permissions.may(row.asked_by_id, what.asks):
        raise ApprovalAskerGone()
    _move(row, "approve")
    publish(
        ApprovalGiven(
            business_id=row.business_id,
            subject_id=row.id,
            approval_kind=row.kind,
            asked_by_id=row.asked_by_id,
        )
    )
    approvals.do(what, row.given)


@anybody("the kind says who may refuse; it is required here")
def refuse(approval_id: UUID) -> None:
    """Say no. Again: nothing changes."""
    row, _ = _answerable(approval_id)
    if row.state == ApprovalState.REFUSED:
        return
    _move(row, "refuse")
    publish(
        ApprovalRefused(
            business_id=row.business_id,
            subject_id=row.id,
            approval_kind=row.kind,
            asked_by_id=row.asked_by_id,
        )
    )


@anybody("whoever asked takes back what they asked; it is required here")
def withdraw_approval(approval_id: UUID) -> None:
    """No longer ask for it. Again: nothing changes."""
    row = _locked(approval_id)
    if row.asked_by_id != _person():
        raise permissions.refusal("approval:withdraw")
    if row.state == ApprovalState.WITHDRAWN:
        return
    _move(row, "withdraw")
    publish(
        ApprovalWithdrawn(business_id=row.business_id, subject_id=row.id, approval_kind=row.kind)
    )


@needs(APPROVAL_SET)
def set_limit(kind: str, amount: Money | None) -> None:
    """From above which amount that kind needs a second person; None for never. In the binding of one business."""
    what = next((one for one in approvals.kinds() if one.name == kind and one.is_by_amount), None)
    if what is None:
        raise ApprovalNotFound(kind)
    business_id = tenancy.only()
    was = approvals.limit(what)
    if was == amount:
        return
    said = amount or was
    if amount is None:
        ApprovalLimit.objects.filter(business_id=business_id, kind=kind).delete()
    else:
        ApprovalLimit.objects.update_or_create(
            business_id=business_id,
            kind=kind,
            defaults={"amount_minor": amount.minor, "currency": amount.currency},
        )
    publish(
        ApprovalLimitSet(
            business_id=business_id,
            subject_id=business_id,
            approval_kind=kind,
            amount_minor=amount.minor if amount else None,
            was_minor=was.minor if was else None,
            currency=said.currency if said else None,
        )
    )


def _person() -> UUID:
    """The person who answers or takes back, themselves or by an app. A key does neither."""
    actor = tenancy.current().actor
    if actor.kind not in ("person", "app") or actor.id is None:
        raise permissions.refusal("approval:ask")
    return actor.id


def _locked(approval_id: UUID) -> Approval:
    rows = Approval.objects.select_for_update().filter(business_id=tenancy.only(), id=approval_id)
    row = rows.first()
    if row is None:
        raise ApprovalNotFound(str(approval_id))
    return row


def _answerable(approval_id: UUID) -> tuple[Approval, Kind]:
    """What waits, for somebody who may answer it: a person, with the permission, who did not ask."""
    row = _locked(approval_id)
    what, actor = approvals.named(row.kind), tenancy.current().actor
    if actor.kind != "person" or actor.id is None:
        raise permissions.refusal(what.approves.name)
    if row.asked_by_id == actor.id:
        note_refusal(what.approves.name, OWN)
        raise ApprovalIsOwn()
    if row.for_person_id is None:
        permissions.require(what.approves)
    elif row.for_person_id != actor.id or permissions.role_of(actor.id) is None:
        raise permissions.refusal(what.approves.name)
    if row.state == ApprovalState.ASKED and row.expires_at <= clock.now():
        raise ApprovalExpired()
    return row, what


def _move(row: Approval, verb: str) -> None:
    row.state = APPROVAL_MOVES.after(ApprovalState(row.state), verb)
    row.answered_by_id, row.answered_at = _person(), clock.now()
    row.save(update_fields=["state", "answered_by_id", "answered_at"])
