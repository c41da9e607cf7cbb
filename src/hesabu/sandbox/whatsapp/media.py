"""Files that WhatsApp holds: uploaded by the business, or sent by a person. Bounded, oldest out."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from hesabu.sandbox.whatsapp.errors import Refused

HELD_BYTES_MAX = 256 * 1024 * 1024
HELD_MAX = 1_000
URL_SECONDS = 300
"""How long the address of a file serves; after that it is asked for again."""

MEGABYTE = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCUMENTS = (
    "application/pdf",
    "text/plain",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    f"{_OFFICE}wordprocessingml.document",
    f"{_OFFICE}spreadsheetml.sheet",
    f"{_OFFICE}presentationml.presentation",
)
LIMITS: dict[str, tuple[str, int]] = {
    "image/jpeg": ("image", 5 * MEGABYTE),
    "image/png": ("image", 5 * MEGABYTE),
    "image/webp": ("sticker", 500 * 1024),
    **{f"audio/{kind}": ("audio", 16 * MEGABYTE) for kind in ("aac", "mp4", "mpeg", "amr", "ogg")},
    "video/mp4": ("video", 16 * MEGABYTE),
    "video/3gpp": ("video", 16 * MEGABYTE),
    **dict.fromkeys(DOCUMENTS, ("document", 100 * MEGABYTE)),
}
"""Content type to (kind of message, bytes at most)."""


@dataclass(frozen=True)
class Media:
    id: str
    content: bytes
    mime_type: str
    filename: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def kind(self) -> str:
        return LIMITS.get(self.mime_type, ("document", 0))[0]


class MediaShelf:
    def __init__(self) -> None:
        self._held: OrderedDict[str, Media] = OrderedDict()
        self._bytes = 0

    def keep(self, media: Media) -> Media:
        self._held[media.id] = media
        self._bytes += len(media.content)
        while len(self._held) > HELD_MAX or self._bytes > HELD_BYTES_MAX:
            _, gone = self._held.popitem(last=False)
            self._bytes -= len(gone.content)
        return media

    def find(self, media_id: str) -> Media | None:
        return self._held.get(media_id)

    def drop(self, media_id: str) -> None:
        gone = self._held.pop(media_id, None)
        if gone is not None:
            self._bytes -= len(gone.content)


def check_upload(mime_type: str, size: int) -> None:
    limit = LIMITS.get(mime_type)
    if limit is None:
        raise Refused(
            100, f"Param file must be a file with one of the supported types: {mime_type}"
        )
    if size > limit[1]:
        raise Refused(131053, f"The file is {size} bytes; {limit[0]} takes {limit[1]} at most")
    if size == 0:
        raise Refused(100, "Param file must not be empty")
