"""Files: bytes of a business, sealed, in the database, so that any number of machines need no shared disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hesabu.kit import clock, crypto, ids
from hesabu.kit.errors import NotFound
from hesabu.store import tenancy
from hesabu.store.models import FileRow


class FileNotFound(NotFound):
    code = "file.not_found"
    title = "That file is not here."


@dataclass(frozen=True, slots=True)
class File:
    """Bytes as they were kept."""

    content: bytes
    content_type: str
    filename: str


def keep(content: bytes, content_type: str, filename: str) -> UUID:
    """Keep bytes for the bound business (or the house). The file's id."""
    row = FileRow(
        id=ids.new_id(),
        business_id=tenancy.only(),
        content=crypto.seal(content),
        content_type=content_type,
        filename=filename,
        size_bytes=len(content),
        created_at=clock.now(),
    )
    row.save(force_insert=True)
    return row.id


def read(file_id: UUID) -> File:
    row = FileRow.objects.filter(business_id=tenancy.only(), id=file_id).first()
    if row is None:
        raise FileNotFound(str(file_id))
    return File(crypto.unseal(bytes(row.content)), row.content_type, row.filename)


def remove(file_ids: Sequence[UUID]) -> int:
    """Forget bytes of the one bound business (or the house); how many files."""
    count, _ = FileRow.objects.filter(business_id=tenancy.only(), id__in=list(file_ids)).delete()
    return count
