"""Pictures that people send about something of a business: fetched with no transaction open, drawn anew, kept sealed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from hesabu.identity.permissions import anybody, inner
from hesabu.kit import clock, ids
from hesabu.kit.errors import HesabuError
from hesabu.messaging.actions.fetch_media import fetch_picture
from hesabu.messaging.errors import MediaUnavailable
from hesabu.messaging.facts import PictureKept, PictureRefused
from hesabu.messaging.models import Picture, Upload
from hesabu.store import facts, files, jobs, tenancy

FILENAME = "picture.png"


@anybody("whoever was written to about it answers with a picture")
def take_picture(message_id: UUID, contact_id: UUID, subject: tuple[str, UUID]) -> None:
    """Keep the picture of a message for the one bound business, about that; it is fetched later. Again: nothing changes."""
    row = Picture(
        id=ids.new_id(),
        business_id=tenancy.only(),
        contact_id=contact_id,
        message_id=message_id,
        subject_kind=subject[0],
        subject_id=subject[1],
        created_at=clock.now(),
    )
    Picture.objects.bulk_create([row], ignore_conflicts=True)
    kept = Picture.objects.only("id").get(
        business_id=row.business_id, message_id=message_id, subject_id=row.subject_id
    )
    if kept.id == row.id:
        jobs.defer("messaging.fetch", business_id=row.business_id, picture_id=row.id)


@inner
def fetch_taken(business_id: UUID, picture_id: UUID) -> None:
    """Fetch a picture that was taken, and keep it. Outside of any transaction; again: nothing changes."""
    with tenancy.bound(business_id):
        row = Picture.objects.filter(business_id=business_id, id=picture_id).first()
        if row is None or row.file_id or row.error_code:
            return
    try:
        drawn = fetch_picture(row.message_id).content
    except HesabuError as error:  # what is not the picture's fault is tried again
        if error.status >= 500 and not isinstance(error, MediaUnavailable):
            raise
        _refuse(business_id, picture_id, error)
        return
    with tenancy.bound(business_id):
        waits = _waiting(picture_id)
        if waits is None:
            return
        waits.file_id = files.keep(drawn, "image/png", FILENAME)
        waits.save(update_fields=["file_id"])
        facts.publish(
            PictureKept(
                business_id=business_id,
                subject_id=waits.subject_id,
                subject_kind=waits.subject_kind,
                message_id=waits.message_id,
                contact_id=waits.contact_id,
            )
        )


def _refuse(business_id: UUID, picture_id: UUID, error: HesabuError) -> None:
    with tenancy.bound(business_id):
        waits = _waiting(picture_id)
        if waits is None:
            return
        waits.error_code = error.code
        waits.save(update_fields=["error_code"])
        facts.publish(
            PictureRefused(
                business_id=business_id,
                subject_id=waits.subject_id,
                subject_kind=waits.subject_kind,
                message_id=waits.message_id,
                contact_id=waits.contact_id,
                code=error.code,
            )
        )


def _waiting(picture_id: UUID) -> Picture | None:
    """The row, held, where nobody has fetched it meanwhile."""
    row: Picture | None = (
        Picture.objects.select_for_update()
        .filter(business_id=tenancy.only(), id=picture_id, file_id=None, error_code="")
        .first()
    )
    return row


def forget_pictures(*, of: Collection[UUID] = (), before: datetime | None = None) -> None:
    """Of the one bound business: forget the pictures that these contacts sent, or those that came before that."""
    rows = Picture.objects.filter(business_id=tenancy.only())
    rows = rows.filter(contact_id__in=of) if before is None else rows.filter(created_at__lt=before)
    found = list(rows.values_list("id", "file_id"))
    if not found:
        return
    file_ids = [file_id for _, file_id in found if file_id]
    Upload.objects.filter(business_id=tenancy.only(), file_id__in=file_ids).delete()
    Picture.objects.filter(business_id=tenancy.only(), id__in=[one for one, _ in found]).delete()
    files.remove(file_ids)
