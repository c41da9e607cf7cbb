"""Answering: each message in one transaction with all that it did, one contact at a time, in the order they wrote.

A burst is more than `PACE_MAX` messages of one contact within `PACE_SECONDS`, several of them at a time, by the hour at
which they were written: a day's words that arrive together after a night without a network are no burst, and neither is
who waits for each answer, however fast they are. Its first message is answered as any other. The rest are gathered for a
moment and answered together: how many were read, what they said, and that nothing was done about them; only a "stop" is
carried out. So nobody gets a hundred answers, nothing is done a hundred times, and nothing is passed over unsaid.

    the first ─▶ answered
    the others ─▶ held for `HOLD_SECONDS` ─ job ─▶ one answer for all that came in the burst
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError
from django.utils.translation import override

from hesabu.doors.chat import languages, memory, speak, words
from hesabu.doors.chat.grammar.types import Intent
from hesabu.doors.chat.listen import legible, listen
from hesabu.doors.chat.memory import Memory, Pace
from hesabu.doors.chat.readings import understood
from hesabu.doors.chat.speech import Saying
from hesabu.doors.chat.visit import COUNTRY, Visit
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.facts import MessageReceived
from hesabu.messaging.types import Channel, Contact, Inbound, Kind
from hesabu.store import jobs, tenancy

log = structlog.get_logger(__name__)

PACE_MAX, PACE_SECONDS, HOLD_SECONDS = 10, 10, 3
TEXTS_MAX, TEXTS_OF_MERCHANT_MAX = 30, 120
"""Text messages that are answered in an hour."""
STOPS_MAX = 2
"""In a conversation the first "stop" ends that, and the second what is written unasked."""
TOLD_MAX = 5
"""How many different messages of a burst are repeated to whoever wrote them."""


def answer(facts: Sequence[MessageReceived]) -> None:
    """*Later, unbound*: answer all that these contacts have said and was not answered yet, in the order they said it."""
    for contact_id in dict.fromkeys(fact.contact_id for fact in facts):
        answer_contact(contact_id)


def answer_contact(contact_id: UUID) -> None:
    """Outside of any transaction; each message has one of its own."""
    while _answer_next(contact_id):
        pass


def _answer_next(contact_id: UUID) -> bool:
    """Answer one message; True where more wait. Another worker that comes for this contact waits, and finds nothing."""
    try:
        return _answered(contact_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.error("chat.answer_failed", contact_id=str(contact_id), exc_info=True)
        return _apologised(contact_id)


def _answered(contact_id: UUID) -> bool:
    with tenancy.house(actor=tenancy.Actor("contact", contact_id)) as binding:
        contact, remembered = memory.met(contact_id)
        waiting = messages.unanswered(contact_id)
        if not waiting:
            return False
        rush = _rush(remembered, waiting)
        if rush:
            return _gathered(contact, remembered, waiting, rush)
        message = waiting[0]
        binding.cause_id = message.message_id
        if message.kind is not Kind.REACTION:
            _say_back(contact, message, remembered)
        messaging.mark_answered(message.message_id)
        return len(waiting) > 1


def _say_back(contact: Contact, message: Inbound, remembered: Memory) -> None:
    if message.channel is Channel.SMS and _is_too_much(contact, message, remembered):
        return
    with override(languages.of_reader(contact, remembered)):
        visit = Visit(contact, message, remembered)
        listen(visit)
        sayings, more = speak.for_channel(visit.said, message.channel)
        visit.memory.more = more or visit.memory.more
        for place, saying in enumerate(sayings):
            cause = saying.cause or f"answer:{message.message_id}:{place}"
            tail = f":{contact.id}" if saying.cause else ""
            message_id = speak.send(contact.id, saying, cause + tail, message.channel)
            visit.memory.show(message_id, speak.about(saying))
        memory.keep(contact.id, visit.memory)


def _is_too_much(contact: Contact, message: Inbound, remembered: Memory) -> bool:
    """Each answer by text message costs the house money, whoever's number stood on the question: beyond so many in an hour
    that is said once, and the rest waits for a person who writes again."""
    most = TEXTS_MAX if contact.person_id is None else TEXTS_OF_MERCHANT_MAX
    remembered.texts = memory.one_more(remembered.texts)
    if remembered.texts.count <= most:
        return False
    if remembered.texts.count == most + 1:
        with override(languages.of_reader(contact, remembered)):
            said = Saying(words.talk.too_many_texts())
            speak.send(contact.id, said, f"answer:{message.message_id}:texts", message.channel)
    log.warning("chat.too_many_texts", contact_id=str(contact.id))
    memory.keep(contact.id, remembered)
    return True


# --- bursts -----------------------------------------------------------------------------------------------------------


def _rush(remembered: Memory, waiting: Sequence[Inbound]) -> int:
    """How many of what waits belong to a burst and are answered together; 0 where the first is answered by itself."""
    first, pace = waiting[0], remembered.pace
    span = timedelta(seconds=PACE_SECONDS)
    if pace is None or not timedelta(0) <= first.sent_at - pace.since <= span:
        pace = Pace(first.sent_at, 0)
    near = sum(message.sent_at - pace.since <= span for message in waiting)
    if pace.count and (pace.held_until is not None or pace.count + near > PACE_MAX):
        remembered.pace = pace
        return near
    is_waited_for = near == 1
    remembered.pace = None if is_waited_for else replace(pace, count=pace.count + 1)
    return 0


def _gathered(contact: Contact, remembered: Memory, waiting: Sequence[Inbound], count: int) -> bool:
    """Hold what came in a burst until it is over; then answer it together. True where more waits behind it."""
    pace, now = remembered.pace, clock.now()
    assert pace is not None
    if pace.held_until is None:
        remembered.pace = replace(pace, held_until=now + timedelta(seconds=HOLD_SECONDS))
        memory.keep(contact.id, remembered)
        _look_again(contact.id, remembered)
        return False
    if now < pace.held_until:
        _look_again(contact.id, remembered)
        return False
    burst = [message for message in waiting[:count] if message.kind is not Kind.REACTION]
    stops = [message for message in burst if _is_stop(message)]
    burst = [message for message in burst if message not in stops]
    remembered.pace = replace(pace, held_until=None)
    for message in stops[-STOPS_MAX:]:
        _say_back(contact, message, remembered)
    is_texted = bool(burst) and burst[-1].channel is Channel.SMS
    if burst and not (is_texted and _is_too_much(contact, burst[-1], remembered)):
        with override(languages.of_reader(contact, remembered)):
            said = Saying(_told(burst))
            speak.send(contact.id, said, f"answer:{burst[0].message_id}:burst", burst[-1].channel)
    memory.keep(contact.id, remembered)
    for message in waiting[:count]:
        messaging.mark_answered(message.message_id)
    return len(waiting) > count


def _is_stop(message: Inbound) -> bool:
    """Whoever wants silence gets it, however fast they write."""
    return understood(legible(message.text), COUNTRY).intent is Intent.STOP


def _look_again(contact_id: UUID, remembered: Memory) -> None:
    assert remembered.pace is not None
    jobs.defer(
        "chat.answer",
        run_at=remembered.pace.held_until,
        key=f"chat.answer:{contact_id}",
        contact_id=contact_id,
    )


def _told(burst: Sequence[Inbound]) -> str:
    """How many, and what they said: each thing once, the newest last."""
    said = [_shown(" ".join(legible(message.text).split())) for message in burst]
    different = list(dict.fromkeys(filter(None, reversed(said))))
    shown = different[:TOLD_MAX][::-1]
    return words.talk.read_together(len(burst), shown, len(different) - len(shown))


def _shown(said: str) -> str:
    """What may be a PIN is not repeated: whoever looks over a shoulder would read it twice."""
    return "•" * len(said) if re.fullmatch(r"[0-9]{4,6}", said) else said


# --- when all else fails ----------------------------------------------------------------------------------------------


def _apologised(contact_id: UUID) -> bool:
    """A fault of ours must not leave somebody without an answer, nor the next message behind this one for ever."""
    with tenancy.house(actor=tenancy.SYSTEM):
        contact, remembered = memory.met(contact_id)
        waiting = messages.unanswered(contact_id)
        if not waiting:
            return False
        message = waiting[0]
        with override(languages.of_reader(contact, remembered)):
            sorry = Saying(words.talk.went_wrong())
            speak.send(contact.id, sorry, f"answer:{message.message_id}:sorry", message.channel)
        messaging.mark_answered(message.message_id)
        return len(waiting) > 1
