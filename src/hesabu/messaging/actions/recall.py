"""Calling a message back: what it says has become untrue before it arrived."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.messaging import rules
from hesabu.messaging.actions import tell
from hesabu.messaging.actions.preparing import locked
from hesabu.messaging.types import State

RECALLED = "recalled"


@inner
def recall(message_id: UUID) -> bool:
    """Let a message go no further: what has not left stays here, and what has left climbs to no other channel. True where
    it has not left. Nobody is told, because nothing went wrong. In the binding of its business; doing it again changes
    nothing."""
    row = locked(message_id)
    if row is None:
        return False
    if row.climbs:
        row.climbs = False
        row.save(update_fields=["climbs"])
    if row.state == State.QUEUED:
        row.state, row.error_code = rules.MOVES.after(State.QUEUED, "fail"), RECALLED
        tell.save(row)
    return row.error_code == RECALLED
