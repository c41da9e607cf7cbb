"""Taking along what is held on somebody: asked for here, made by a job that knows every room, fetched by who asked.

open_export ──ExportAsked──▶ the app gathers, step by step (note_progress) ──▶ keep_export ──▶ fetch_export, for some days
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.identity.errors import ExportNotFound
from hesabu.identity.facts import ExportAsked, ExportFetched, ExportMade
from hesabu.identity.models import Export
from hesabu.identity.permissions import anybody, inner
from hesabu.identity.types import ExportOn, ExportState
from hesabu.kit import clock, ids
from hesabu.store import facts, files, tenancy

CONTENT_TYPE, FILENAME = "application/zip", "held.zip"
GIVEN_UP_AFTER = timedelta(days=1)


@anybody("what is held on oneself is one's own to take along; the door knows who it is")
def ask_own_export(person_id: UUID) -> UUID:
    """The export's id; one that is being made already is that one. In a house transaction, or its own."""
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        return open_export(ExportOn.PERSON, person_id, person_id)


@inner
def open_export(on: ExportOn, subject_id: UUID, asked_by_id: UUID) -> UUID:
    """In the binding of the business whose customer it is on, or of the house."""
    business_id, now = tenancy.only(), clock.now()
    begun = Export.objects.filter(
        business_id=business_id,
        kind=on,
        subject_id=subject_id,
        asked_by_id=asked_by_id,
        state=ExportState.ASKED,
        asked_at__gt=now - GIVEN_UP_AFTER,
    ).first()
    if begun is not None:
        return begun.id
    row = Export(
        id=ids.new_id(),
        business_id=business_id,
        kind=on,
        subject_id=subject_id,
        asked_by_id=asked_by_id,
        state=ExportState.ASKED,
        asked_at=now,
    )
    row.save(force_insert=True)
    facts.publish(
        ExportAsked(business_id=business_id, subject_id=row.id, on=on.value, on_id=subject_id)
    )
    return row.id


@inner
def note_progress(export_id: UUID, done: int, total: int) -> None:
    """In the export's binding."""
    Export.objects.filter(business_id=tenancy.only(), id=export_id).update(
        done_count=done, total_count=total
    )


@inner
def keep_export(export_id: UUID, content: bytes, file_count: int, *, days: int) -> None:
    """It is made. Made twice, the first stays. In the export's binding."""
    row = _locked(export_id)
    if row.state != ExportState.ASKED:
        return
    row.file_id = files.keep(content, CONTENT_TYPE, FILENAME)
    row.state, row.made_at = ExportState.MADE, clock.now()
    row.expires_at = row.made_at + timedelta(days=days)
    row.done_count = row.total_count = max(row.total_count, 1)
    row.save()
    facts.publish(
        ExportMade(business_id=row.business_id, subject_id=export_id, file_count=file_count)
    )


@inner
def fail_export(export_id: UUID) -> None:
    """It cannot be made: there is nobody it could be on. In the export's binding."""
    row = _locked(export_id)
    if row.state == ExportState.ASKED:
        row.state = ExportState.FAILED
        row.save(update_fields=["state"])


@anybody("asked here whether it is theirs")
def fetch_export(export_id: UUID, person_id: UUID) -> bytes:
    """The zip. In the export's binding. Raises ExportNotFound to whoever did not ask for it, and when its days are over."""
    row = _locked(export_id)
    is_there = (
        row.asked_by_id == person_id
        and row.file_id is not None
        and row.expires_at is not None
        and row.expires_at > clock.now()
    )
    if not is_there or row.file_id is None:
        raise ExportNotFound(str(export_id))
    facts.publish(ExportFetched(business_id=row.business_id, subject_id=export_id))
    return files.read(row.file_id).content


@inner
def forget_exports(most: int) -> int:
    """Of the one bound business (or the house): remove the files whose days are over, and give up what was never made. How many."""
    now = clock.now()
    over = Export.objects.filter(
        business_id=tenancy.only(), state=ExportState.MADE, expires_at__lte=now
    )
    rows = list(over.order_by("id")[:most])
    files.remove([row.file_id for row in rows if row.file_id])
    for row in rows:
        row.state, row.file_id = ExportState.GONE, None
    Export.objects.bulk_update(rows, ["state", "file_id"])
    stuck = Export.objects.filter(
        business_id=tenancy.only(),
        state=ExportState.ASKED,
        asked_at__lt=now - GIVEN_UP_AFTER,
    )
    return len(rows) + stuck.update(state=ExportState.FAILED)


def _locked(export_id: UUID) -> Export:
    row = (
        Export.objects.select_for_update().filter(business_id=tenancy.only(), id=export_id).first()
    )
    if row is None:
        raise ExportNotFound(str(export_id))
    return row
