"""Choosing what goes out: by what the contact asked for, by what is known of the channel, and by the window."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hesabu.kit import clock
from hesabu.messaging import channel as channels
from hesabu.messaging import rules
from hesabu.messaging.actions import climbing
from hesabu.messaging.actions.languages import in_its_language
from hesabu.messaging.models import Contact, Message
from hesabu.messaging.rules.ladder import Reach
from hesabu.messaging.rules.plain import without_marks
from hesabu.messaging.types import Category, Channel, Content, Letter, Template, Text


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why nothing goes: on this channel, or (`is_final`) on any."""

    code: str
    is_final: bool = False


def words_to_send(row: Message, contact: Contact) -> Content | Letter | NotSent:
    """What goes out by the channel the message stands on. Says on the row whether the template goes."""
    reach, channel = climbing.reach_of(contact), Channel(row.channel)
    code = rules.refusal_by_category(
        Category(row.category),
        is_opted_out=contact.opted_out_at is not None,
        is_out_of_reminders=contact.reminders_out_at is not None,
        is_window_open=reach.is_window_open,
    )
    if code:
        return NotSent(code, is_final=True)
    if channel not in channels.ours():
        return NotSent("no_channel")
    if not reach.has_address(channel):
        return NotSent("no_address")
    if channel is Channel.WHATSAPP:
        return _by_whatsapp(row, contact, reach)
    return _by_letter(row, reach)


def _by_whatsapp(row: Message, contact: Contact, reach: Reach) -> Content | NotSent:
    content = rules.content_from(row.content)
    code = rules.refusal_before_sending(
        is_template=isinstance(content, Template),
        has_fallback=row.fallback is not None,
        is_window_open=reach.is_window_open and not row.goes_as_template,
        is_opted_out=contact.opted_out_at is not None,
    )
    if not code and rules.closed_because(Channel.WHATSAPP, reach, clock.now()) == "opted_out":
        code = "opted_out"  # who only had no WhatsApp may have it by now
    if code:
        return NotSent(code)
    row.goes_as_template = rules.goes_as_template(
        content,
        has_fallback=row.fallback is not None,
        must=row.goes_as_template,
        is_open=reach.is_window_open,
    )
    return in_its_language(
        row, rules.content_from(row.fallback) if row.goes_as_template else content
    )


def _by_letter(row: Message, reach: Reach) -> Content | Letter | NotSent:
    channel = Channel(row.channel)
    code = rules.closed_because(channel, reach, clock.now())
    if code:
        return NotSent(code)
    kept = rules.letter_from(row.letter) if row.letter is not None else None
    letter = rules.letter_of(rules.content_from(row.content), kept)
    if letter is None:
        return NotSent("no_words")
    letter = replace(letter, body=without_marks(letter.body))
    if channel is Channel.EMAIL:
        return letter
    words = rules.sms_text(letter.body, letter.link)
    return Text(words) if words else NotSent("no_words")
