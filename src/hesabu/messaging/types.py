"""The words of messaging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
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


class Channel(StrEnum):
    """The ways to a person, best first."""

    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"


class Category(StrEnum):
    """Why somebody is written to: what they may refuse depends on it."""

    ANSWER = "answer"  # they wrote
    TRANSACTION = "transaction"  # an invoice, a receipt
    REMINDER = "reminder"
    NEWS = "news"  # what a merchant is told unasked
    ENTRY = "entry"  # a way in: never by mail, and soon by the next rung


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
    english: Sequence[str] = ()
    """The same in English, for where the provider has the template in no other language; none where they say the same."""
    replies: Sequence[str] = ()
    """What its quick replies carry when they are tapped, in the template's order; they stand before that button."""


Content = Text | Buttons | Choices | Document | Template


@dataclass(frozen=True, slots=True)
class Letter:
    """The same words for channels without templates and buttons: a text message takes body and link, a mail all of it."""

    subject: str
    body: str
    link: str = ""
    attachments: Sequence[tuple[UUID, str]] = ()
    """Kept files of the same business, each with the name it is shown under."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at the other end. `id` is the one they are known by now, whichever of their ids was asked for.

    `channel` is the one they wrote on last. `is_window_open` says whether free words reach them there. Who is opted out
    takes no reminders and no news; who is opted out of all is not written to first at all.
    """

    id: UUID
    phone: str | None
    name: str | None
    language: str | None
    person_id: UUID | None
    is_window_open: bool
    window_closes_at: datetime | None
    is_opted_out: bool
    email: str | None = None
    channel: Channel = Channel.WHATSAPP
    is_opted_out_of_all: bool = False
    is_doubted: bool = False
    """Whether the number changed hands, or was silent so long that it may have: they act for nobody until they prove it."""


@dataclass(frozen=True, slots=True)
class Media:
    """A photo, voice note or file that somebody sent; fetch it with `actions.fetch_media`."""

    provider_id: str
    content_type: str
    sha256: str
    filename: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture that somebody sent about something. `file_id` is the kept file: none while it is fetched, and none where
    `error_code` says why it cannot be shown."""

    id: UUID
    contact_id: UUID
    message_id: UUID
    subject: tuple[str, UUID]
    file_id: UUID | None
    error_code: str
    at: datetime


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
    channel: Channel = Channel.WHATSAPP


@dataclass(frozen=True, slots=True)
class Cost:
    """What a provider says a message costs: exact, in the whole unit of its currency (a text message: KES 0.8000)."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Leg:
    """One rung of the ladder: how a message fared on one channel. `is_billable` and `price_category` are WhatsApp's words;
    none where nobody said."""

    channel: Channel
    state: State
    code: str
    attempt_count: int
    began_at: datetime | None
    settled_at: datetime | None
    cost: Cost | None = None
    is_billable: bool | None = None
    price_category: str = ""


@dataclass(frozen=True, slots=True)
class ChannelCosts:
    """What one channel cost in one month (of UTC). `billable_count` counts what the provider said it bills; `costs` what it
    named a price for, a sum per currency."""

    month_on: date
    channel: Channel
    price_category: str
    message_count: int
    billable_count: int
    costs: Sequence[Cost]


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
    channel: Channel = Channel.WHATSAPP
    """The rung it stands on: where it arrived, or the last one that was tried."""
    category: Category = Category.ANSWER
    cause: str = ""
    subject: tuple[str, UUID] | None = None
    legs: Sequence[Leg] = ()
    """All rungs in the order they were tried; only `queries.message` fills them in."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that a provider is given: `purpose` says for which kind of letter, where it has an address for each."""

    provider: str
    purpose: str
    path: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a talk stands: the flow's name and version, the answers so far, and the business it is about."""

    flow: str | None = None
    version: int = 0
    answers: Sequence[Any] = ()
    business_id: UUID | None = None
    updated_at: datetime | None = None
