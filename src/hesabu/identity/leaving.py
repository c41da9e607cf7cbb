"""Questions about what somebody takes along, and about accounts that close. Asked through `queries`."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity import models
from hesabu.identity.errors import ExportNotFound
from hesabu.identity.types import ClosingView, ExportOn, ExportState, ExportView
from hesabu.kit import clock
from hesabu.store import tenancy


def export(export_id: UUID) -> ExportView:
    """In its binding. Raises ExportNotFound."""
    row = models.Export.objects.filter(business_id=tenancy.only(), id=export_id).first()
    if row is None:
        raise ExportNotFound(str(export_id))
    return _export(row)


def exports_on(on: ExportOn, subject_id: UUID, limit: int = 5) -> list[ExportView]:
    """What was asked for on somebody, newest first. In the binding of the business, or of the house."""
    rows = models.Export.objects.filter(
        business_id=tenancy.only(), kind=on, subject_id=subject_id
    ).exclude(state=ExportState.GONE)
    return [_export(row) for row in rows.order_by("-id")[:limit]]


def _export(row: models.Export) -> ExportView:
    is_there = (
        row.file_id is not None and row.expires_at is not None and row.expires_at > clock.now()
    )
    return ExportView(
        row.id,
        ExportOn(row.kind),
        row.subject_id,
        row.asked_by_id,
        ExportState(row.state),
        row.done_count,
        row.total_count,
        row.asked_at,
        row.expires_at,
        is_there,
    )


def closing_of(person_id: UUID) -> ClosingView | None:
    """Whether, and when, somebody's account will be gone. In a house transaction, or its own."""
    with tenancy.house():
        row = models.Closing.objects.filter(
            person_id=person_id, cancelled_at=None, done_at=None
        ).first()
        return ClosingView(row.asked_at, row.due_at) if row else None


def closings_due(most: int = 100) -> list[UUID]:
    """People whose accounts are to go now, who waited longest first. In a house transaction."""
    rows = models.Closing.objects.filter(
        cancelled_at=None, done_at=None, due_at__lte=clock.now()
    ).order_by("due_at")
    return list(rows.values_list("person_id", flat=True)[:most])
