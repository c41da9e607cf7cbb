"""Questions about what waits for somebody's word: a second person's, or an owner's to support. Asked through `queries`."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from hesabu.identity import approvals, models, permissions
from hesabu.identity.errors import ApprovalNotFound
from hesabu.identity.types import ApprovalState, ApprovalView, ConsentView
from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.store import tenancy


def approvals_waiting(limit: int = 50) -> list[ApprovalView]:
    """What waits for a second person in the one bound business, oldest first."""
    rows = models.Approval.objects.filter(
        business_id=tenancy.only(), state=ApprovalState.ASKED, expires_at__gt=clock.now()
    )
    return [_approval(row) for row in rows.order_by("id")[:limit]]


def approvals_waiting_counts() -> dict[UUID, int]:
    """How much waits for a second person at each of the bound businesses where something does."""
    rows = models.Approval.objects.filter(
        business_id__in=tenancy.current().business_ids,
        state=ApprovalState.ASKED,
        expires_at__gt=clock.now(),
    )
    return dict(rows.values_list("business_id").annotate(count=Count("id")))


def approvals_answered(limit: int = 20) -> list[ApprovalView]:
    """What was answered or lapsed, newest first."""
    waiting = Q(state=ApprovalState.ASKED, expires_at__gt=clock.now())
    rows = models.Approval.objects.filter(business_id=tenancy.only()).exclude(waiting)
    return [_approval(row) for row in rows.order_by("-id")[:limit]]


def approval(approval_id: UUID) -> ApprovalView:
    """In the binding of its business. Raises ApprovalNotFound."""
    row = models.Approval.objects.filter(business_id=tenancy.only(), id=approval_id).first()
    if row is None:
        raise ApprovalNotFound(str(approval_id))
    return _approval(row)


def may_answer(view: ApprovalView, person_id: UUID) -> bool:
    """Whether that person may approve or refuse it. In the binding of its business."""
    if view.asked_by_id == person_id:
        return False
    if view.for_person_id is not None:
        return view.for_person_id == person_id
    return permissions.may(person_id, approvals.named(view.kind).approves)


def _approval(row: models.Approval) -> ApprovalView:
    amount = None
    if row.amount_minor is not None and row.currency is not None:
        amount = Money(row.amount_minor, row.currency)
    return ApprovalView(
        row.id,
        row.kind,
        approvals.named(row.kind).words,
        row.given,
        amount,
        row.asked_by_id,
        row.for_person_id,
        ApprovalState(row.state),
        row.state == ApprovalState.ASKED and row.expires_at <= clock.now(),
        row.asked_at,
        row.expires_at,
        row.answered_by_id,
        row.answered_at,
    )


def consents_of(person_id: UUID) -> list[ConsentView]:
    """What somebody of support asked of the one bound business lately, newest first, answered or not."""
    tenancy.only()
    return [view for _, view in _asked_lately(person_id)]


def last_consents_of(person_id: UUID) -> dict[UUID, ConsentView]:
    """The last of what somebody of support asked lately of each of the bound businesses, answered or not."""
    return dict(reversed(_asked_lately(person_id)))


def _asked_lately(person_id: UUID) -> list[tuple[UUID, ConsentView]]:
    now = clock.now()
    rows = models.Consent.objects.filter(
        business_id__in=tenancy.current().business_ids,
        person_id=person_id,
        asked_at__gt=now - timedelta(days=30),
    )
    return [
        (
            row.business_id,
            _seen(row, now),
        )
        for row in rows.order_by("-id")
    ]


def consents() -> list[ConsentView]:
    """What support asked for or has in the one bound business, newest first; what is over is left out."""
    now = clock.now()
    rows = models.Consent.objects.filter(
        Q(expires_at=None, asked_at__gt=now - timedelta(days=7)) | Q(expires_at__gt=now),
        business_id=tenancy.only(),
        ended_at=None,
    )
    return [_seen(row, now) for row in rows.order_by("-id")]


def _seen(row: models.Consent, now: datetime) -> ConsentView:
    is_open = row.ended_at is None and row.expires_at is not None and row.expires_at > now
    return ConsentView(
        row.id,
        row.person_id,
        row.reason,
        row.asked_at,
        row.granted_by_id,
        row.expires_at,
        is_open,
    )
