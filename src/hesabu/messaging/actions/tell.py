"""What became of a message of ours, told as facts. Used wherever a message moves."""

from __future__ import annotations

from collections.abc import Sequence

from hesabu.kit import clock
from hesabu.messaging import rules
from hesabu.messaging.facts import (
    MessageAccepted,
    MessageDelivered,
    MessageFailed,
    MessageSeen,
)
from hesabu.messaging.models import Message
from hesabu.messaging.types import State
from hesabu.store import facts

MOVED = ("state", "settled_at", "error_code", "provider_id", "not_before")


def move(row: Message, verb: str) -> bool:
    """Move it in memory, tell what that means; False where a late or doubled word changes nothing."""
    before = State(row.state)
    after = rules.after_telling(before, verb)
    if after is before:
        return False
    row.state, row.settled_at = after, clock.now()
    _tell(row, before, after)
    return True


def save(row: Message, also: Sequence[str] = ()) -> None:
    row.save(update_fields=[*MOVED, *also])


def tell_failed(row: Message, code: str) -> None:
    facts.publish(
        MessageFailed(
            business_id=row.business_id,
            subject_id=row.subject_id,
            subject_kind=row.subject_kind,
            message_id=row.id,
            contact_id=row.contact_id,
            code=code,
            channel=row.channel,
        )
    )


def _tell(row: Message, before: State, after: State) -> None:
    kinds: list[type[MessageAccepted | MessageDelivered | MessageSeen]] = []
    if after is State.ACCEPTED:
        kinds = [MessageAccepted]
    elif after is State.DELIVERED:
        kinds = [MessageDelivered]
    elif after in (State.SEEN, State.PLAYED) and before not in (State.SEEN, State.PLAYED):
        kinds = [MessageSeen] if before is State.DELIVERED else [MessageDelivered, MessageSeen]
    for kind in kinds:
        facts.publish(
            kind(
                business_id=row.business_id,
                subject_id=row.subject_id,
                subject_kind=row.subject_kind,
                message_id=row.id,
                contact_id=row.contact_id,
                channel=row.channel,
            )
        )
    if after is State.FAILED:
        tell_failed(row, row.error_code)
