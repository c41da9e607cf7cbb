"""Saying things: from the engine's plain sayings to messages that a phone can show."""

from __future__ import annotations

from uuid import UUID

from hesabu.doors.chat import words
from hesabu.doors.chat.engine import Option, Saying
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Buttons, Choices, Content, Template, Text
from hesabu.store import tenancy

BUTTONS_MAX, BUTTON_LETTERS, BODY_LETTERS, ROWS_MAX = 3, 20, 1000, 10


def send(contact_id: UUID, saying: Saying, cause: str) -> None:
    """Queue it. In a house transaction, or in the binding of the business it is said for."""
    if saying.business:
        with tenancy.bound(UUID(saying.business)):
            _send(contact_id, saying, cause)
    else:
        _send(contact_id, saying, cause)


def _send(contact_id: UUID, saying: Saying, cause: str) -> None:
    if saying.options and len(saying.body) > BODY_LETTERS:
        messaging.send(contact_id, Text(saying.body), f"{cause}:words")
        saying = Saying(words.choose(), saying.options, saying.list_title)
    messaging.send(contact_id, content_of(saying), cause)


def tell(contact_id: UUID, saying: Saying, cause: str) -> None:
    """Say something that was not asked for: where the contact has been silent for a day, a template carries it."""
    fallback = Template(words.UPDATE_TEMPLATE, "en", (words.in_one_line(saying.body),))
    messaging.send(contact_id, content_of(saying), cause, outside_window=fallback)


def content_of(saying: Saying) -> Content:
    """Three short options are buttons, more are a list, none is plain words."""
    options = saying.options[:ROWS_MAX]
    if not options:
        return Text(saying.body, saying.previews_links)
    is_short = all(
        len(option.title) <= BUTTON_LETTERS and not option.description for option in options
    )
    if len(options) <= BUTTONS_MAX and is_short:
        return Buttons(saying.body, [(option.id, option.title) for option in options])
    return Choices(saying.body, saying.list_title or words.choose_button(), _rows(options))


def _rows(options: tuple[Option, ...]) -> list[tuple[str, str, str]]:
    return [(option.id, option.title, option.description) for option in options]
