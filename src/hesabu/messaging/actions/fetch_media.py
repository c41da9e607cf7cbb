"""Fetching a file that somebody sent."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.kit import pictures, scanning
from hesabu.kit.pictures import Picture
from hesabu.messaging import channel, queries
from hesabu.messaging.errors import MediaUnavailable
from hesabu.messaging.providers.port import Fetched
from hesabu.messaging.types import Channel
from hesabu.store import tenancy

BYTES_MAX = 16 * 1024 * 1024
PICTURE_BYTES_MAX = 5 * 1024 * 1024
"""What WhatsApp takes for a photo."""
PICTURE_SIDES = (2000, 2000)


@inner
def fetch_media(message_id: UUID, *, bytes_max: int = BYTES_MAX) -> Fetched:
    """The bytes of a photo, voice note or file that came in. Opens its own transaction; not to be called inside of another,
    since the provider and a scanner are asked. Raises MediaTooLarge, MediaUnavailable (providers keep them for days only),
    Harmful, ScannerAway."""
    with tenancy.house():
        media = queries.inbound(message_id).media
    if media is None:
        raise MediaUnavailable()
    fetched = channel.provider(Channel.WHATSAPP).fetch(
        media.provider_id, sha256=media.sha256, bytes_max=bytes_max
    )
    scanning.look(fetched.content)
    return fetched


@inner
def fetch_picture(message_id: UUID) -> Picture:
    """A photo that came in, as it may be shown: drawn anew from its points, whatever it was called and whatever stood in it
    besides. Otherwise as `fetch_media`. Raises BadPicture, too."""
    fetched = fetch_media(message_id, bytes_max=PICTURE_BYTES_MAX)
    return pictures.drawn_anew(fetched.content, PICTURE_SIDES)
