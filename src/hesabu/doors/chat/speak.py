"""Saying things: from the engine's plain sayings to messages that a phone can show."""

from __future__ import annotations

from uuid import UUID

from hesabu.doors.chat import taps, words
from hesabu.doors.chat.engine import Option, Saying
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Buttons, Choices, Content, Template, Text
from hesabu.store import tenancy

BUTTONS_MAX, BUTTON_LETTERS, BODY_LETTERS, ROWS_MAX = 3, 20, 1000, 10


def send(contact_id: UUID, saying: Saying, cause: str) -> UUID:
    """Queue it; the message's id. In a house transaction, or in the binding of the business it is said for."""
    if saying.business:
        with tenancy.bound(UUID(saying.business)):
            return _send(contact_id, saying, cause)
    return _send(contact_id, saying, cause)


def _send(contact_id: UUID, saying: Saying, cause: str) -> UUID:
    if saying.options and len(saying.body) > BODY_LETTERS:
        messaging.send(contact_id, Text(saying.body), f"{cause}:words")
        saying = Saying(words.choose(), saying.options, saying.list_title)
    return messaging.send(contact_id, content_of(saying), cause)


def tell(contact_id: UUID, saying: Saying, cause: str) -> UUID:
    """Say something that was not asked for: where the contact has been silent for a day, a template carries it."""
    fallback = Template(words.UPDATE_TEMPLATE, "en", (words.in_one_line(saying.body),))
    return messaging.send(contact_id, content_of(saying), cause, outside_window=fallback)


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
