"""Forgetting what was said, and to whom. That it was said stays: the row, its state, its day, its price."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.kit import clock
from hesabu.kit.marks import Marks
from hesabu.messaging import queries
from hesabu.messaging.actions.pictures import forget_pictures
from hesabu.messaging.errors import StillGoingOut
from hesabu.messaging.facts import ContactErased
from hesabu.messaging.models import Contact, Leg, Message, Talk
from hesabu.messaging.types import State
from hesabu.store import facts, tenancy

ERASED = {"erased": True}
"""What is kept in place of what was said."""
UNDER_WAY = (State.QUEUED, State.SENDING, State.UNCERTAIN)
CHUNK = 500


@inner
def erase_words(marks: Marks, *, with_contacts: Collection[UUID] = ()) -> int:
    """Of the one bound business (or the house): forget every message with these contacts, and every other that tells of
    the person. How many. Raises StillGoingOut while one of them is on its way."""
    if not tenancy.current().is_house:
        forget_pictures(of=with_contacts)
    count, after = 0, None
    while True:
        rows = Message.objects.filter(business_id=tenancy.only(), erased_at=None).order_by("id")
        some = list((rows.filter(id__gt=after) if after else rows)[:CHUNK])
        if not some:
            return count
        after = some[-1].id
        told = [row for row in some if row.contact_id in with_contacts or _tells(row, marks)]
        _forget(told)
        count += len(told)


def _tells(row: Message, marks: Marks) -> bool:
    said = (row.content, row.fallback, row.letter)
    return any(marks.are_anywhere_in(one) for one in said)


def _forget(rows: Sequence[Message]) -> None:
    if any(row.state in UNDER_WAY for row in rows):
        raise StillGoingOut()
    for row in rows:
        row.content, row.fallback, row.letter, row.provider_id = ERASED, None, None, None
        row.erased_at = clock.now()
    fields = ["content", "fallback", "letter", "provider_id", "erased_at"]
    Message.objects.bulk_update(rows, fields)
    Leg.objects.filter(business_id=tenancy.only(), message_id__in=[row.id for row in rows]).update(
        provider_id=None
    )


@inner
def erase_words_before(instant: datetime, most: int = 5000) -> int:
    """Of the one bound business (or the house): forget what was said before that, where it is not under way. How many."""
    rows = (
        Message.objects.filter(business_id=tenancy.only(), created_at__lt=instant)
        .exclude(state__in=UNDER_WAY)
        .filter(erased_at=None)
        .order_by("id")[:most]
    )
    _forget(list(rows))
    if not tenancy.current().is_house:
        forget_pictures(before=instant)
    return len(rows)


@inner
def erase_talk(contact_ids: Collection[UUID], marks: Marks | None = None) -> None:
    """Forget where conversations stand: all of these contacts', or those that tell of the person. In any binding."""
    for row in Talk.objects.filter(contact_id__in=contact_ids):
        if row.answers and (marks is None or marks.are_anywhere_in(row.answers)):
            row.answers, row.flow, row.version = [], None, 0
            row.save(update_fields=["answers", "flow", "version"])


@inner
def erase_contact(contact_id: UUID) -> None:
    """Forget who somebody is, under every id they had. Writing to us again, they are met anew. In any binding."""
    known = queries.all_ids_of(contact_id)
    Contact.objects.filter(id__in=known).update(
        phone=None,
        phone_index=None,
        whatsapp_user_id=None,
        whatsapp_user_index=None,
        name=None,
        email=None,
        email_index=None,
        closed_channels={},
    )
    erase_talk(known)
    facts.publish(ContactErased(business_id=tenancy.HOUSE, subject_id=known[0]))


@inner
def forget_talks(contact_ids: Collection[UUID]) -> None:
    """These conversations wait for no answer any more. In any binding."""
    for row in Talk.objects.filter(contact_id__in=contact_ids):
        row.answers, row.flow, row.version = [], None, 0
        row.save(update_fields=["answers", "flow", "version"])
