"""Saying something to a contact."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import anybody
from hesabu.kit import clock, ids
from hesabu.messaging import rules
from hesabu.messaging.actions import climbing
from hesabu.messaging.actions.meet import known
from hesabu.messaging.models import Message
from hesabu.messaging.types import (
    Category,
    Channel,
    Content,
    Direction,
    Letter,
    State,
    Template,
)
from hesabu.store import jobs, tenancy


@anybody("what is said was decided by an act that was asked for, or answers whoever wrote")
def send(
    contact_id: UUID,
    content: Content,
    cause: str,
    *,
    outside_window: Template | None = None,
    subject: tuple[str, UUID] | None = None,
    letter: Letter | None = None,
    category: Category = Category.ANSWER,
    channel: Channel | None = None,
) -> UUID:
    """Queue a message of the one bound business (or the house) and the job that delivers it; its id.

    A `cause` sends one message per business, ever: the second call gets the first message's id. It is kept in clear, so
    it is made of ids. `outside_window` goes in its place if the contact has not written for 24 hours. `subject` is what
    it is about, ("invoice", id); its facts stand on that timeline. Messages to one contact leave in the order they were
    queued.

    With a `letter` it climbs: WhatsApp, else SMS, else e-mail, starting where the contact is best reached. Without one it
    goes by the channel they wrote on last, and there is no other. A given `channel` is the only one it goes by.
    """
    business_id = tenancy.only()
    said = rules.checked(content)
    fallback = rules.written(rules.checked(outside_window)) if outside_window else None
    words = rules.written_letter(rules.checked_letter(letter)) if letter else None
    to = known(contact_id)
    message_id, now = ids.new_id(), clock.now()
    climbs = letter is not None and channel is None
    row = Message(
        id=message_id,
        business_id=business_id,
        contact_id=to.id,
        direction=Direction.OUT,
        kind=rules.KIND_OF[type(said)],
        content=rules.written(said),
        fallback=fallback,
        letter=words,
        category=category,
        channel=channel or climbing.first_channel(to, category, climbs=climbs),
        climbs=climbs,
        rung_began_at=now,
        cause=cause,
        subject_kind=subject[0] if subject else "message",
        subject_id=subject[1] if subject else message_id,
        state=State.QUEUED,
        created_at=now,
    )
    Message.objects.bulk_create([row], ignore_conflicts=True)
    kept = Message.objects.only("id").get(business_id=business_id, cause=cause)
    if kept.id == message_id:
        jobs.defer(
            "messaging.deliver",
            business_id=business_id,
            message_id=message_id,
            lock=f"contact:{to.id}",
        )
        climbing.watch(row)
    return kept.id
