"""Saying things: from the engine's plain sayings to messages that a phone can show.

WhatsApp shows buttons and lists. A basic phone shows text: what can be tapped is numbered there (messaging writes it so),
sayings that belong together are one message, and what would be longer than three text messages ends in "more".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from hesabu.doors.chat import taps, words
from hesabu.doors.chat.speech import Option, Saying
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import (
    Buttons,
    Category,
    Channel,
    Choices,
    Contact,
    Content,
    Document,
    Letter,
    Template,
    Text,
)
from hesabu.store import tenancy

BUTTONS_MAX, BUTTON_LETTERS, BODY_LETTERS, ROWS_MAX = 3, 20, 1000, 10
SMS_LETTERS, SMS_LETTERS_OTHER_SCRIPTS = 430, 180
"""What three text messages hold, with room for the word on how to get the rest."""
SECOND_LINE_MIN = 10
"""Letters; a shorter rest of an option's second line says nothing."""


def send(contact_id: UUID, saying: Saying, cause: str, channel: Channel | None = None) -> UUID:
    """Queue it; the message's id. By the channel that is given, else the one they wrote on last. In a house transaction,
    or in the binding of the business it is said for."""
    if saying.business:
        with tenancy.bound(UUID(saying.business)):
            return _send(contact_id, saying, cause, channel)
    return _send(contact_id, saying, cause, channel)


def _send(contact_id: UUID, saying: Saying, cause: str, channel: Channel | None) -> UUID:
    if saying.options and len(saying.body) > BODY_LETTERS:
        messaging.send(contact_id, Text(saying.body), f"{cause}:words", channel=channel)
        saying = Saying(words.talk.choose(), saying.options, saying.list_title)
    return messaging.send(contact_id, content_of(saying), cause, channel=channel)


def tell(
    contact: Contact,
    saying: Saying,
    cause: str,
    category: Category = Category.NEWS,
    english: str = "",
) -> UUID:
    """Say something that was not asked for. Where the contact has been silent for a day a template carries it, and where
    WhatsApp does not reach them a text message or a mail: what can be tapped is numbered in those. Whoever writes text
    messages is told by one. `english` is the same in English, for a template that the provider has in no other language."""
    if contact.channel is Channel.SMS:
        short, _ = _fitted(saying)
        return messaging.send(
            contact.id, content_of(short), cause, category=category, channel=Channel.SMS
        )
    language = words.talk.template_language()
    said = (words.figures.in_one_line(saying.body),)
    in_english = (words.figures.in_one_line(english),) if english else ()
    fallback = Template(words.talk.UPDATE_TEMPLATE, language, said, english=in_english)
    return messaging.send(
        contact.id,
        content_of(saying),
        cause,
        outside_window=fallback,
        letter=Letter(_subject(saying.body), _numbered(saying), "", _attached(saying)),
        category=category,
    )


def _attached(saying: Saying) -> list[tuple[UUID, str]]:
    """What travels with a mail."""
    return [(UUID(saying.document[0]), saying.document[1])] if saying.document else []


def _subject(body: str) -> str:
    return words.figures.shortened(body.strip().partition("\n")[0].replace("*", ""), 78)


def _numbered(saying: Saying) -> str:
    rows = [f"{place} {option.title}" for place, option in enumerate(saying.options, 1)]
    return "\n".join([saying.body, *rows])


# --- phones without buttons -------------------------------------------------------------------------------------------


def for_channel(said: Sequence[Saying], channel: Channel) -> tuple[list[Saying], str]:
    """What is said, as that channel can carry it, and the rest of what was too long for it."""
    if channel is not Channel.SMS:
        return list(said), ""
    sayings, more = [], ""
    for saying in _joined(said):
        fitted, rest = _fitted(saying)
        sayings.append(fitted)
        more = rest or more
    return sayings, more


def _joined(said: Sequence[Saying]) -> list[Saying]:
    """Plain words go before what follows them, in one message. What is said for another reason stays by itself."""
    joined: list[Saying] = []
    for saying in said:
        before = joined[-1] if joined else None
        is_plain = before is not None and not (before.options or before.cause or before.business)
        if before is not None and is_plain and not (saying.cause or saying.business):
            joined[-1] = replace(saying, body=f"{before.body}\n{saying.body}")
        else:
            joined.append(saying)
    return joined


def _fitted(saying: Saying) -> tuple[Saying, str]:
    """At most three text messages: long lists lose their second lines, and long words their end."""
    options = saying.options[:ROWS_MAX]
    most = SMS_LETTERS if _is_latin(saying.body) else SMS_LETTERS_OTHER_SCRIPTS
    if _length(options) + len(saying.body) > most:
        options = _narrowed(options, most - len(saying.body))
    room = max(most - _length(options), most // 3)
    if len(saying.body) <= room:
        return replace(saying, options=options), ""
    cut = _cut(saying.body, room)
    body = f"{saying.body[:cut].rstrip()}\n{words.talk.more_to_read()}"
    return replace(saying, body=body, options=options), saying.body[cut:].strip()


def _narrowed(options: tuple[Option, ...], room: int) -> tuple[Option, ...]:
    """Second lines as short as they must be, or none where too little would be left of them."""
    titles = sum(len(option.title) + 6 for option in options)
    each = (room - titles) // max(1, len(options))
    if each < SECOND_LINE_MIN:
        return tuple(replace(option, description="") for option in options)
    return tuple(
        replace(option, description=words.figures.shortened(option.description, each))
        for option in options
    )


def _cut(body: str, room: int) -> int:
    """Where to end: after a line, else after a word."""
    for mark in ("\n", " "):
        place = body.rfind(mark, room // 2, room)
        if place > 0:
            return place
    return room


def _length(options: Sequence[Option]) -> int:
    return sum(len(option.title) + len(option.description) + 6 for option in options)


def _is_latin(body: str) -> bool:
    """Whether the network can write it in its short letters; typographic marks and pictures are taken out on the way."""
    return not any(letter.isalpha() and ord(letter) > 0x24F for letter in body)


def about(saying: Saying) -> tuple[UUID, UUID] | None:
    """The business and the invoice that a saying is about: as it says itself, or as all its buttons do."""
    if saying.about is not None:
        return UUID(saying.about[0]), UUID(saying.about[1])
    tapped = [tap for option in saying.options if (tap := taps.read(option.id)) is not None]
    subjects = {(tap.business_id, tap.subject_id) for tap in tapped}
    is_one = len(subjects) == 1 and all(tap.verb in taps.ABOUT_INVOICES for tap in tapped)
    return subjects.pop() if is_one else None


def content_of(saying: Saying) -> Content:
    """Three short options are buttons, more are a list, none is plain words."""
    options = saying.options[:ROWS_MAX]
    if saying.document is not None:
        file_id, filename = saying.document
        buttons = [(option.id, option.title) for option in options[:BUTTONS_MAX]]
        return Document(UUID(file_id), filename, saying.body, buttons)
    if not options:
        return Text(saying.body, saying.previews_links)
    is_short = all(
        len(option.title) <= BUTTON_LETTERS and not option.description for option in options
    )
    if len(options) <= BUTTONS_MAX and is_short:
        return Buttons(saying.body, [(option.id, option.title) for option in options])
    return Choices(saying.body, saying.list_title or words.talk.choose_button(), _rows(options))


def _rows(options: tuple[Option, ...]) -> list[tuple[str, str, str]]:
    return [(option.id, option.title, option.description) for option in options]
