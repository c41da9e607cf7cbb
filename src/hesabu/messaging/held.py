"""What is held on somebody here: for them, unsealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from hesabu.kit import crypto
from hesabu.messaging import models
from hesabu.store import tenancy


def contact_ids_of(*, phone: str | None = None, email: str | None = None) -> list[UUID]:
    """Every contact with that number (E.164) or address, under every id they had. In any binding."""
    by = {"phone_index": crypto.blind(f"phone:{phone}")} if phone else {}
    by = by or ({"email_index": crypto.blind(f"email:{email}")} if email else {})
    if not by:
        return []
    rows = models.Contact.objects.filter(**by)
    found = list(rows.values_list("id", "merged_into_id"))
    ids = {one for pair in found for one in pair if one is not None}
    before = models.Contact.objects.filter(merged_into_id__in=ids).values_list("id", flat=True)
    return sorted({*ids, *before})


def person_ids_of(contact_ids: Collection[UUID]) -> set[UUID]:
    rows = models.Contact.objects.filter(id__in=contact_ids, person_id__isnull=False)
    return {one for one in rows.values_list("person_id", flat=True) if one}


def held_on_contacts(contact_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Who they are to us, what they said to the clerk, and where the conversation stands. In a house transaction."""
    talks = {
        row.contact_id: row.answers
        for row in models.Talk.objects.filter(contact_id__in=contact_ids)
    }
    return [
        {
            "id": str(row.id),
            "phone": row.phone,
            "whatsapp_user_id": row.whatsapp_user_id,
            "name": row.name,
            "email": row.email,
            "language": row.language,
            "met_at": row.created_at,
            "last_wrote_at": row.last_inbound_at,
            "wants_no_messages_since": row.opted_out_at,
            "wants_no_reminders_since": row.reminders_out_at,
            "conversation": talks.get(row.id),
            "messages": held_words([row.id]),
        }
        for row in models.Contact.objects.filter(id__in=contact_ids).order_by("id")
    ]


def held_words(contact_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """What was said with them, in the one bound business (or the house)."""
    rows = models.Message.objects.filter(
        business_id=tenancy.only(), contact_id__in=contact_ids
    ).order_by("id")
    return [
        {
            "at": row.created_at,
            "direction": row.direction,
            "channel": row.channel,
            "state": row.state,
            "said": row.content,
        }
        for row in rows
    ]


def files_of_contacts(contact_ids: Collection[UUID]) -> dict[str, UUID]:
    """The pictures that they sent to the one bound business, each by a name of its own."""
    rows = models.Picture.objects.filter(
        business_id=tenancy.only(), contact_id__in=contact_ids, file_id__isnull=False
    ).order_by("id")
    found: dict[str, UUID] = {}
    for row in rows:
        if row.file_id is not None:
            found[f"picture-{row.created_at:%Y%m%d}-{row.id.hex[-8:]}.png"] = row.file_id
    return found


def count_with(contact_ids: Collection[UUID]) -> int:
    """How many messages with them the one bound business (or the house) still has the words of."""
    return models.Message.objects.filter(
        business_id=tenancy.only(), contact_id__in=contact_ids, erased_at=None
    ).count()
