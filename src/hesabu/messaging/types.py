"""The words of messaging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class State(StrEnum):
    """Where a message stands; drawn in the room's essay."""

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    SEEN = "seen"
    PLAYED = "played"
    RECEIVED = "received"
    ANSWERED = "answered"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Kind(StrEnum):
    """What a message is. Of what comes in, the conversation understands text, button and choice; the rest is answered
    kindly."""

    TEXT = "text"
    BUTTON = "button"
    CHOICE = "choice"
    BUTTONS = "buttons"
    CHOICES = "choices"
    DOCUMENT = "document"
    TEMPLATE = "template"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    FORM = "form"
    ORDER = "order"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words, up to 4096 letters. `*bold*` and `_italic_` are the provider's own marks."""

    body: str
    previews_links: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    """Words with one to three buttons under them, (id, title of at most 20 letters); a document may be pinned on top."""

    body: str
    buttons: Sequence[tuple[str, str]]
    document: UUID | None = None
    filename: str = "document.pdf"
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Words with a list of at most ten rows behind one button: (id, title of at most 24 letters, description)."""

    body: str
    button: str
    rows: Sequence[tuple[str, str, str]]
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A kept file of the same business, with a caption, and buttons if any."""

    file_id: UUID
    filename: str
    caption: str = ""
    buttons: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A message that the provider approved beforehand; the only kind that reaches a contact outside the window."""

    name: str
    language: str
    params: Sequence[str] = ()
    button_param: str | None = None
    """The end of the address of its button that opens a page."""
    header_document: UUID | None = None
    header_filename: str = "document.pdf"
    replies: Sequence[str] = ()
    """What its quick replies carry when they are tapped, in the template's order; they stand before that button."""


Content = Text | Buttons | Choices | Document | Template


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at the other end. `id` is the one they are known by now, whichever of their ids was asked for."""

    id: UUID
    phone: str | None
    name: str | None
    language: str | None
    person_id: UUID | None
    is_window_open: bool
    window_closes_at: datetime | None
    is_opted_out: bool


@dataclass(frozen=True, slots=True)
class Media:
    """A photo, voice note or file that somebody sent; fetch it with `actions.fetch_media`."""

    provider_id: str
    content_type: str
    sha256: str
    filename: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that came in. `text` holds the words, the caption, or the title of what was tapped."""

    message_id: UUID
    contact_id: UUID
    kind: Kind
    text: str
    button_id: str | None
    media: Media | None
    quoted_provider_id: str | None
    quoted_message_id: UUID | None
    sent_at: datetime
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message of ours, as it stands."""

    message_id: UUID
    business_id: UUID
    contact_id: UUID
    kind: Kind
    state: State
    error_code: str
    attempt_count: int
    went_as_template: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a talk stands: the flow's name and version, the answers so far, and the business it is about."""

    flow: str | None = None
    version: int = 0
    answers: Sequence[Any] = ()
    business_id: UUID | None = None
    updated_at: datetime | None = None
