"""Keeping where a conversation stands."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import anybody
from hesabu.kit import clock
from hesabu.messaging.actions.meet import known, living
from hesabu.messaging.models import Message, Talk
from hesabu.messaging.rules import MOVES
from hesabu.messaging.types import Conversation, State
from hesabu.store import tenancy


@anybody("the door keeps what it talks about with whoever writes")
def keep_conversation(contact_id: UUID, state: Conversation) -> None:
    """Keep it whole, in place of what was kept. `contact_id` is the one they are known by now. In any binding."""
    row = Talk(
        contact_id=contact_id,
        flow=state.flow,
        version=state.version,
        answers=list(state.answers),
        business_id=state.business_id,
        updated_at=clock.now(),
    )
    Talk.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["contact_id"],
        update_fields=["flow", "version", "answers", "business_id", "updated_at"],
    )


@anybody("the door keeps what it talks about with whoever writes")
def end_conversation(contact_id: UUID) -> None:
    """Leave the flow; the business they were talking about stays. In any binding."""
    Talk.objects.filter(contact_id=known(contact_id).id).update(
        flow=None, version=0, answers=[], updated_at=clock.now()
    )


@anybody("whoever writes chooses their own language")
def speak(contact_id: UUID, language: str) -> None:
    """Speak to them in this language from now on. In any binding. Doing it again changes nothing."""
    if known(contact_id).language == language[:16]:
        return
    row = living(contact_id)
    row.language = language[:16]
    row.save(update_fields=["language"])


@anybody("the door answers whoever writes")
def mark_answered(message_id: UUID) -> bool:
    """A message that came in was dealt with; False if it was before. In a house transaction, or with the house bound."""
    waiting = Message.objects.filter(business_id=tenancy.HOUSE, id=message_id, state=State.RECEIVED)
    after = MOVES.after(State.RECEIVED, "answer")
    return waiting.update(state=after, settled_at=clock.now()) == 1
