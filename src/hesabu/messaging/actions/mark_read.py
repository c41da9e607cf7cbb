"""A courtesy: the sender sees two blue ticks, and that we are writing."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.messaging import channel
from hesabu.messaging.models import Message
from hesabu.messaging.types import Channel, Direction, State
from hesabu.store import flags, tenancy


@inner
def mark_read(message_id: UUID) -> None:
    """Show the contact that their message was read. Opens its own transaction; failing is no harm."""
    with tenancy.house():
        row = Message.objects.filter(
            business_id=tenancy.HOUSE, id=message_id, direction=Direction.IN
        ).first()
        if row is None or not flags.is_on("messaging.whatsapp"):
            return
        provider_id, is_waiting = str(row.provider_id), row.state == State.RECEIVED
    channel.provider(Channel.WHATSAPP).mark_read(provider_id, shows_typing=is_waiting)
