"""Delivering a message: prepare (committed), ask (no transaction), record (committed).

Whatever dies between two of these steps leaves a row that says how far it got. Only a message that is `queued` is ever
taken, so a job that runs twice sends once; one that was taken and never recorded becomes `uncertain` by `look_for_lost`.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hesabu.identity.permissions import inner
from hesabu.kit import clock
from hesabu.messaging import channel, rules
from hesabu.messaging.actions import climbing, tell
from hesabu.messaging.actions.hearing import forget_early
from hesabu.messaging.actions.preparing import bound, locked, prepare
from hesabu.messaging.actions.recording import lose, record, record_dispatch
from hesabu.messaging.models import Dispatch, Message
from hesabu.messaging.types import Channel, State
from hesabu.store import tenancy


@inner
def deliver(business_id: UUID, message_id: UUID) -> None:
    """Try to deliver a queued message, once. Opens its own transactions."""
    attempt = prepare(business_id, message_id)
    if attempt is not None:
        record(attempt, channel.provider(attempt.channel).send(attempt.errand))


@inner
def climb(business_id: UUID, message_id: UUID, from_channel: Channel) -> None:
    """The time of a rung is over: where nothing says that the message arrived, it takes the next. Opens its own
    transaction. Doing it again changes nothing."""
    with bound(business_id):
        row = locked(message_id)
        if row is not None:
            climbing.leave_silent(row, from_channel)
            _tell_doubt(row)


@inner
def look_again(business_id: UUID, message_id: UUID) -> None:
    """Tell a person about a message that is uncertain still; once. Opens its own transaction."""
    with bound(business_id):
        row = locked(message_id)
        if row is not None:
            _tell_doubt(row)


def _tell_doubt(row: Message) -> None:
    """Nobody knows what became of it, and no other channel is left that could bring it."""
    is_known = row.state != State.UNCERTAIN or row.error_code == "uncertain"
    if is_known or climbing.next_channel(row) is not None:
        return
    row.error_code = "uncertain"
    tell.save(row)
    tell.tell_failed(row, "uncertain")


@inner
def look_for_lost() -> None:
    """Attempts that were begun and never recorded: their worker died. Opens its own transactions."""
    with tenancy.house():
        forget_early()
        begun_before = clock.now() - timedelta(seconds=rules.LOST_SECONDS)
        lost = list(
            Dispatch.objects.filter(recorded_at=None, asked_at__lt=begun_before)
            .order_by("asked_at")
            .values_list("business_id", "message_id", "attempt")[:200]
        )
    for business_id, message_id, number in lost:
        with bound(business_id):
            row = locked(message_id)
            record_dispatch(message_id, number)
            if row is not None and row.attempt_count == number and row.state == State.SENDING:
                lose(row)
