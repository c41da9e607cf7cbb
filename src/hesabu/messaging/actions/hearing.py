"""What became of our messages, as providers tell it: in any order, doubled, late, or before the answer to the request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from hesabu.identity.permissions import inner
from hesabu.kit import clock
from hesabu.messaging import channel as channels
from hesabu.messaging import rules
from hesabu.messaging.actions import climbing, tell
from hesabu.messaging.actions.meet import phone_index
from hesabu.messaging.actions.preparing import locked
from hesabu.messaging.actions.recording import lock_provider_id, provider_index, try_again
from hesabu.messaging.models import Contact, Dispatch, EarlyWord, Leg, Message
from hesabu.messaging.providers.port import Closed, Told
from hesabu.messaging.types import Channel, State
from hesabu.store import tenancy

log = structlog.get_logger(__name__)
EARLY_FOR = timedelta(days=2)
"""How long a status waits for the message it is about."""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Whose status it is."""

    business_id: UUID
    message_id: UUID
    number: int
    channel: Channel


def hear(told: Sequence[Told]) -> None:
    """Each in its business's binding. In a house transaction."""
    by_business: dict[UUID, list[tuple[_Attempt, Told]]] = defaultdict(list)
    for one in told:
        found = _attempt_of(one)
        if found is not None:
            by_business[found.business_id].append((found, one))
    after: list[tuple[UUID, Told, datetime | None]] = []
    for business_id, statuses in by_business.items():
        with tenancy.bound(business_id, actor=tenancy.Actor("provider")):
            for attempt, one in statuses:
                row = _apply(attempt, one)
                if row is not None:
                    after.append((row.contact_id, one, row.sent_at))
    # Contacts come after all messages: that is the order in which everybody locks.
    for contact_id, one, sent_at in after:
        if one.cure is rules.Cure.TEMPLATE and sent_at is not None:
            _close_window(contact_id, sent_at)
        climbing.close_channel(contact_id, one.channel, one.code)


@inner
def hear_early(business_id: UUID, message_id: UUID, number: int) -> None:
    """What was told of an attempt before its answer named it. Opens its own transaction."""
    with tenancy.house():
        dispatch = Dispatch.objects.filter(message_id=message_id, attempt=number).first()
        if dispatch is None or dispatch.provider_index is None:
            return
        early = EarlyWord.objects.filter(provider_index=dispatch.provider_index)
        words = list(early.order_by("id"))
        attempt = _Attempt(business_id, message_id, number, Channel(dispatch.channel))
        with tenancy.bound(business_id, actor=tenancy.Actor("provider")):
            for word in words:
                cure = rules.Cure(word.cure)
                one = Told(
                    "", word.verb, word.at, code=word.code, cure=cure, channel=attempt.channel
                )
                row = _apply(attempt, one)
                if row is not None:
                    climbing.close_channel(row.contact_id, one.channel, one.code)
        early.filter(id__in=[word.id for word in words]).delete()


def forget_early() -> None:
    """What nobody ever claimed. In a house transaction."""
    EarlyWord.objects.filter(created_at__lt=clock.now() - EARLY_FOR).delete()


def close_channels(closed: Sequence[Closed]) -> None:
    """What people told the provider. In a house transaction."""
    for one in closed:
        found = Contact.objects.filter(phone_index=phone_index(one.phone)).first()
        if found is not None:
            climbing.close_channel(found.id, one.channel, one.code)


def _attempt_of(told: Told) -> _Attempt | None:
    """Whose status it is: by the provider's id, else by the mark we sent along. One whose provider returns no marks may
    have overtaken the answer that names its id: it is kept."""
    has_marks = channels.provider(told.channel).returns_marks
    if not has_marks:
        lock_provider_id(told.provider_id, told.channel)
    index = provider_index(told.provider_id, told.channel)
    columns = ("business_id", "message_id", "attempt", "channel")
    found = (
        Dispatch.objects.filter(provider_index=index, attempt__gt=0).values_list(*columns).first()
    )
    if found is None and told.mark:
        message_id, _, number = told.mark.partition(".")
        if _is_mark(message_id, number):
            found = (
                Dispatch.objects.filter(
                    message_id=UUID(hex=message_id),
                    attempt=int(number),
                    provider_index=None,
                    channel=told.channel,
                )
                .values_list(*columns)
                .first()
            )
    if found is not None:
        return _Attempt(found[0], found[1], found[2], Channel(found[3]))
    log.info("status.of_nobody", verb=told.verb, channel=told.channel)
    if not has_marks:
        _keep_early(told, index)
    return None


def _keep_early(told: Told, index: bytes) -> None:
    word = EarlyWord(
        provider_index=index,
        verb=told.verb,
        code=told.code,
        cure=told.cure,
        at=told.at,
        created_at=clock.now(),
    )
    EarlyWord.objects.bulk_create([word], ignore_conflicts=True)


def _is_mark(message_id: str, number: str) -> bool:
    is_id = len(message_id) == 32 and all(c in "0123456789abcdef" for c in message_id)
    return is_id and number.isascii() and number.isdigit() and 0 < len(number) <= 4


def _apply(attempt: _Attempt, told: Told) -> Message | None:
    """Move the message, or the rung it left; its row, where the status counts. In its binding."""
    row = locked(attempt.message_id)
    if row is None:
        return None
    _keep_price(attempt, told)
    if row.channel != attempt.channel:
        leg = climbing.leg_of(row, attempt.channel)
        if leg is None or attempt.number < leg.live_from_attempt:
            return None
        if attempt.number == leg.attempt_count:
            _remember_provider_id(leg, attempt, told)
        climbing.hear_of_leg(row, leg, told.verb, told.code)
        return row
    if attempt.number < row.live_from_attempt:
        return None
    if attempt.number == row.attempt_count:
        _remember_provider_id(row, attempt, told)
    if told.verb == "fail":
        _hear_failure(row, told)
        return row
    before = row.error_code
    row.error_code = ""
    if not tell.move(row, told.verb):
        row.error_code = before
    tell.save(row)
    return row


def _hear_failure(row: Message, told: Told) -> None:
    if try_again(row, told.code, told.cure, "try_again", reused_upload=True):
        return
    if rules.MOVES.allows(State(row.state), "fail"):
        climbing.give_up(row, told.code)


def _keep_price(attempt: _Attempt, told: Told) -> None:
    """The first word about the price stays: the later ones repeat it."""
    if told.is_billable is None and not told.price_category:
        return
    asked = Dispatch.objects.filter(message_id=attempt.message_id, attempt=attempt.number)
    asked.filter(is_billable=None, price_category="").update(
        is_billable=told.is_billable, price_category=told.price_category[:40]
    )


def _remember_provider_id(row: Message | Leg, attempt: _Attempt, told: Told) -> None:
    """A status came before the answer to the request, or in its place."""
    if row.provider_id is not None or not told.provider_id:
        return
    row.provider_id = told.provider_id
    row.save(update_fields=["provider_id"])
    index = provider_index(told.provider_id, attempt.channel)
    Dispatch.objects.filter(
        message_id=attempt.message_id, attempt=attempt.number, provider_index=None
    ).update(provider_index=index, recorded_at=clock.now())


def _close_window(contact_id: UUID, sent_at: datetime) -> None:
    """The provider said that the window was closed for a message sent then. Unless the contact has written since, it knows
    better than we."""
    Contact.objects.filter(id=contact_id, last_inbound_at__lt=sent_at).update(
        window_closes_at=sent_at
    )
