"""Reading what the provider wrote: who said what, and what became of ours.

Runs in the house transaction of the drain that claimed the letters, one drain at a time: what came in is read in the order
in which it was sent (by the provider's clock, then as it arrived). Reading a letter twice changes nothing: a message is
let in by the uniqueness of its provider's id, and a status only ever moves a message forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import connection

from hesabu.identity.permissions import inner
from hesabu.kit import clock, ids
from hesabu.messaging import channel as channels
from hesabu.messaging import rules
from hesabu.messaging.actions.hearing import close_channels, hear
from hesabu.messaging.actions.meet import NewMarks, doubt, meet_row, move_number
from hesabu.messaging.actions.recording import provider_index
from hesabu.messaging.facts import MessageReceived
from hesabu.messaging.models import Contact, Message, Refusal
from hesabu.messaging.providers.port import Arrived, Closed, Contents, Moved, Told
from hesabu.messaging.types import Channel, Direction, State
from hesabu.store import facts, jobs, letters, tenancy
from hesabu.store.letters import FiledLetter

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Said:
    """Something somebody said, and the letter it stood in."""

    letter_id: UUID
    what: Arrived | Moved


@inner
def read_waiting() -> int:
    """Read a batch of each provider's letters but Meta's own, which have a drain to themselves. How many were taken."""
    others = (name for name in channels.writers() if name != "whatsapp")
    return sum(letters.drain(name, read_letters) for name in others)


@inner
def read_letters(filed: Sequence[FiledLetter]) -> None:
    """Read a batch of the house's letters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('messaging.read_letters'))")
    told: list[Told] = []
    said: list[_Said] = []
    closed: list[Closed] = []
    for letter in filed:
        contents = channels.reader(letter.provider).read(letter.body, letter.ref)
        _keep_refusals(letter, contents)
        told += contents.told
        said += [_Said(letter.id, one) for one in contents.arrived]
        said += [_Said(letter.id, one) for one in contents.moved]
        closed += contents.closed
    hear(told)
    close_channels(closed)
    newest: dict[UUID, UUID] = {}
    for one in sorted(said, key=lambda one: one.what.sent_at):
        _take_in(one, newest)
    for message_id in newest.values():
        jobs.defer("messaging.mark_read", message_id=message_id)


def _keep_refusals(letter: FiledLetter, contents: Contents) -> None:
    rows = [
        Refusal(
            letter_id=letter.id,
            place=unread.place[:200],
            reason=unread.reason[:200],
            created_at=clock.now(),
        )
        for unread in contents.unread
    ]
    if rows:
        log.warning("letter.partly_refused", letter_id=str(letter.id), parts=len(rows))
        Refusal.objects.bulk_create(rows, ignore_conflicts=True)


def _take_in(one: _Said, newest: dict[UUID, UUID]) -> None:
    what = one.what
    if isinstance(what, Moved):
        marks = NewMarks(what.new_phone, what.new_user_id)
        if _let_in(what.provider_id, ids.new_id(), Channel.WHATSAPP):
            move_number(what.old_phone, what.old_user_id, marks)
        return
    message_id = ids.new_id()
    if not _let_in(what.provider_id, message_id, what.channel):
        return
    contact = meet_row(what.phone, what.user_id, what.name)
    if what.is_said:
        _hear_from(contact, what)
    _keep_message(message_id, contact, what)
    actor = tenancy.Actor("contact", contact.id)
    with tenancy.bound(tenancy.HOUSE, actor=actor, cause_id=one.letter_id):
        facts.publish(
            MessageReceived(
                business_id=tenancy.HOUSE,
                subject_id=message_id,
                contact_id=contact.id,
                message_kind=what.kind.value,
            )
        )
    if what.is_said and what.channel is Channel.WHATSAPP:
        newest[contact.id] = message_id


def _let_in(provider_id: str, message_id: UUID, channel: Channel) -> bool:
    """False for what came before."""
    now, index = clock.now(), provider_index(provider_id, channel)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_dispatch"
            " (id, business_id, message_id, attempt, provider_index, asked_at, recorded_at, channel,"
            " cost_currency, price_category) VALUES (%s, %s, %s, 0, %s, %s, %s, %s, '', '')"
            " ON CONFLICT DO NOTHING",
            (ids.new_id(), tenancy.HOUSE, message_id, index, now, now, channel),
        )
        return bool(cursor.rowcount == 1)


def _hear_from(contact: Contact, what: Arrived) -> None:
    """They wrote: there they are reached. What they closed themselves stays closed until they ask for it."""
    changed = ["last_inbound_at"]
    heard = [at for at in (contact.last_inbound_at, contact.proved_at) if at is not None]
    if heard and what.sent_at - max(heard) > rules.SILENCE:
        doubt(contact)
    if what.channel is Channel.WHATSAPP:
        now = clock.now()
        contact.window_closes_at = rules.window_after(contact.window_closes_at, what.sent_at, now)
        changed.append("window_closes_at")
    if contact.last_inbound_at is None or contact.last_inbound_at <= what.sent_at:
        if contact.channel != what.channel:
            contact.channel = what.channel
            changed.append("channel")
        contact.last_inbound_at = what.sent_at
    closure = contact.closed_channels.get(what.channel)
    if closure is not None and closure[0] != "opted_out":
        del contact.closed_channels[what.channel]
        changed.append("closed_channels")
    contact.save(update_fields=changed)


def _keep_message(message_id: UUID, contact: Contact, what: Arrived) -> None:
    now = clock.now()
    Message(
        id=message_id,
        business_id=tenancy.HOUSE,
        contact=contact,
        direction=Direction.IN,
        kind=what.kind,
        channel=what.channel,
        content=dict(what.content),
        cause=f"received:{message_id}",
        subject_id=message_id,
        state=State.RECEIVED,
        provider_id=what.provider_id,
        created_at=now,
        sent_at=what.sent_at,
        settled_at=now,
    ).save(force_insert=True)
