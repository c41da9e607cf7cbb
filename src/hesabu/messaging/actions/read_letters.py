"""Reading what the provider wrote: who said what, and what became of ours.

Runs in the house transaction of the drain that claimed the letters, one drain at a time: what came in is read in the order
in which it was sent (by the provider's clock, then as it arrived). Reading a letter twice changes nothing: a message is
let in by the uniqueness of its provider's id, and a status only ever moves a message forward.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection

from hesabu.kit import clock, ids
from hesabu.messaging import channel, rules
from hesabu.messaging.actions import tell
from hesabu.messaging.actions.meet import NewMarks, meet_row, move_number
from hesabu.messaging.actions.recording import provider_index, try_again
from hesabu.messaging.facts import MessageReceived
from hesabu.messaging.models import Contact, Dispatch, Message, Refusal
from hesabu.messaging.providers.port import Arrived, Contents, Moved, Told
from hesabu.messaging.types import Direction, State
from hesabu.store import facts, jobs, tenancy
from hesabu.store.letters import FiledLetter

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Said:
    """Something somebody said, and the letter it stood in."""

    letter_id: UUID
    what: Arrived | Moved


def read_letters(letters: Sequence[FiledLetter]) -> None:
    """Read a batch of the house's letters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('messaging.read_letters'))")
    provider = channel.provider()
    told: list[Told] = []
    said: list[_Said] = []
    for letter in letters:
        contents = provider.read(letter.body)
        _keep_refusals(letter, contents)
        told += contents.told
        said += [_Said(letter.id, one) for one in contents.arrived]
        said += [_Said(letter.id, one) for one in contents.moved]
    _hear(told)
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
        if _let_in(what.provider_id, ids.new_id()):
            move_number(what.old_phone, what.old_user_id, marks)
        return
    message_id = ids.new_id()
    if not _let_in(what.provider_id, message_id):
        return
    contact = meet_row(what.phone, what.user_id, what.name)
    if what.opens_window:
        _open_window(contact, what)
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
    if what.opens_window:
        newest[contact.id] = message_id


def _let_in(provider_id: str, message_id: UUID) -> bool:
    """False for what came before."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO messaging_dispatch"
            " (id, business_id, message_id, attempt, provider_index, asked_at, recorded_at)"
            " VALUES (%s, %s, %s, 0, %s, %s, %s) ON CONFLICT DO NOTHING",
            (ids.new_id(), tenancy.HOUSE, message_id, provider_index(provider_id), now, now),
        )
        return bool(cursor.rowcount == 1)


def _open_window(contact: Contact, what: Arrived) -> None:
    now = clock.now()
    contact.window_closes_at = rules.window_after(contact.window_closes_at, what.sent_at, now)
    contact.last_inbound_at = max(filter(None, (contact.last_inbound_at, what.sent_at)))
    contact.save(update_fields=["window_closes_at", "last_inbound_at"])


def _keep_message(message_id: UUID, contact: Contact, what: Arrived) -> None:
    now = clock.now()
    Message(
        id=message_id,
        business_id=tenancy.HOUSE,
        contact=contact,
        direction=Direction.IN,
        kind=what.kind,
        content=dict(what.content),
        cause=f"received:{message_id}",
        subject_id=message_id,
        state=State.RECEIVED,
        provider_id=what.provider_id,
        created_at=now,
        sent_at=what.sent_at,
        settled_at=now,
    ).save(force_insert=True)


def _hear(told: Sequence[Told]) -> None:
    """What became of our messages, each in its business's binding."""
    by_business: dict[UUID, list[tuple[UUID, int, Told]]] = defaultdict(list)
    for one in told:
        found = _attempt_of(one)
        if found is None:
            log.info("status.of_nobody", verb=one.verb)
            continue
        business_id, message_id, attempt = found
        by_business[business_id].append((message_id, attempt, one))
    closed: list[tuple[UUID, datetime]] = []
    for business_id, statuses in by_business.items():
        with tenancy.bound(business_id, actor=tenancy.Actor("provider")):
            for message_id, attempt, one in statuses:
                row = _apply(business_id, message_id, attempt, one)
                if row is not None and row.sent_at and one.cure is rules.Cure.TEMPLATE:
                    closed.append((row.contact_id, row.sent_at))
    for contact_id, sent_at in closed:
        _close_window(contact_id, sent_at)


def _attempt_of(told: Told) -> tuple[UUID, UUID, int] | None:
    """(business, message, attempt) that a status is about: by the provider's id, else by the mark we sent along."""
    index = provider_index(told.provider_id)
    columns = ("business_id", "message_id", "attempt")
    found = (
        Dispatch.objects.filter(provider_index=index, attempt__gt=0).values_list(*columns).first()
    )
    if found is None and told.mark:
        message_id, _, number = told.mark.partition(".")
        if not _is_mark(message_id, number):
            return None
        found = (
            Dispatch.objects.filter(
                message_id=UUID(hex=message_id), attempt=int(number), provider_index=None
            )
            .values_list(*columns)
            .first()
        )
    return found


def _is_mark(message_id: str, number: str) -> bool:
    is_id = len(message_id) == 32 and all(c in "0123456789abcdef" for c in message_id)
    return is_id and number.isascii() and number.isdigit() and 0 < len(number) <= 4


def _apply(business_id: UUID, message_id: UUID, attempt: int, told: Told) -> Message | None:
    """Move the message; its row, where the status counts."""
    row = Message.objects.select_for_update().filter(business_id=business_id, id=message_id).first()
    if row is None or attempt < row.live_from_attempt:
        return None
    if attempt == row.attempt_count and row.provider_id is None:
        _remember_provider_id(row, attempt, told.provider_id)
    if told.verb == "fail" and try_again(
        row, told.code, told.cure, "try_again", reused_upload=True
    ):
        return row
    before = row.error_code
    row.error_code = told.code if told.verb == "fail" else ""
    if not tell.move(row, told.verb):
        row.error_code = before
    tell.save(row)
    return row


def _remember_provider_id(row: Message, attempt: int, provider_id: str) -> None:
    """A status came before the answer to the request, or in its place."""
    row.provider_id = provider_id
    Dispatch.objects.filter(message_id=row.id, attempt=attempt, provider_index=None).update(
        provider_index=provider_index(provider_id), recorded_at=clock.now()
    )


def _close_window(contact_id: UUID, sent_at: datetime) -> None:
    """The provider said that the window was closed for a message sent then. Unless the contact has written since, it knows
    better than we. Contacts come after all messages: that is the order in which everybody locks."""
    Contact.objects.filter(id=contact_id, last_inbound_at__lt=sent_at).update(
        window_closes_at=sent_at
    )
