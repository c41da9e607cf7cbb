"""What a channel must offer. Four methods; every refusal, delay and doubt is a value, never an exception.

A provider never reads or writes rows, never retries a send by itself, and never decides what becomes of a message: it says
what the other side said. `rules` says what that means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Channel, Content, Cost, Kind, Letter


@dataclass(frozen=True, slots=True)
class Address:
    """Where a contact is reached: by number, by the provider's own id, or either; by mail address."""

    phone: str | None
    user_id: str | None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name a mail goes: what is shown before the house's address."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file on its way: its bytes, or the id under which the provider already holds it."""

    content: bytes
    content_type: str
    filename: str
    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """One attempt at one message. `mark` travels with it and comes back in every status, where the provider can. A text
    message's content is a Text that fits, a mail's is a Letter."""

    address: Address
    content: Content | Letter
    mark: str
    attachments: Mapping[UUID, Attachment] = field(default_factory=dict)
    sender: Sender = field(default_factory=Sender)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it. `uploads` are the files it now holds, `user_id` its id of the contact and `cost` its price,
    where it says. `is_passed_on`: it has it no longer, and will never tell more."""

    provider_id: str
    user_id: str | None = None
    uploads: Mapping[UUID, str] = field(default_factory=dict)
    cost: Cost | None = None
    is_passed_on: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider surely did not take it. `code` is a short word, `cure` what would help."""

    code: str
    cure: Cure = Cure.NONE
    uploads: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been taken. `reason` is a short word for the log."""

    reason: str
    uploads: Mapping[UUID, str] = field(default_factory=dict)


Outcome = Accepted | Refused | Uncertain


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file somebody sent us."""

    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody wrote to us."""

    provider_id: str
    phone: str | None
    user_id: str | None
    name: str | None
    kind: Kind
    sent_at: datetime
    content: Mapping[str, Any]
    channel: Channel = Channel.WHATSAPP

    @property
    def is_said(self) -> bool:
        """Whether somebody said something; a heart under a message of ours is no word."""
        return self.kind is not Kind.REACTION


@dataclass(frozen=True, slots=True)
class Told:
    """A status of a message of ours: `verb` is one of rules.TOLD. `mark` is what we sent along, where it came back. A `code`
    of rules.CLOSING closes the channel for the contact, also where the message arrived (they complained about it)."""

    provider_id: str
    verb: str
    at: datetime
    mark: str | None = None
    code: str = ""
    cure: Cure = Cure.NONE
    channel: Channel = Channel.WHATSAPP
    is_billable: bool | None = None
    price_category: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Somebody told the provider that they want nothing more from us there. `code` is one of rules.CLOSING."""

    channel: Channel
    phone: str
    code: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A contact has a new number, or a new id, or both."""

    provider_id: str
    old_phone: str | None
    old_user_id: str | None
    new_phone: str | None
    new_user_id: str | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a letter that could not be read: where, and what is wrong with it (never its content)."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All that was in one letter, in the order it stood there."""

    arrived: Sequence[Arrived] = ()
    told: Sequence[Told] = ()
    moved: Sequence[Moved] = ()
    closed: Sequence[Closed] = ()
    unread: Sequence[Unread] = ()


class Provider(Protocol):
    """A channel."""

    returns_marks: bool
    """Whether its statuses carry the mark of the errand; else only the id in its answer says whose they are."""

    def send(self, errand: Errand) -> Outcome:
        """Called once per attempt, with no transaction open. Uploads what is not uploaded yet, then sends. Must not send
        twice, must not wait for delivery, and answers Refused only where the message surely was not taken."""
        ...

    def mark_read(self, provider_id: str, *, shows_typing: bool) -> bool:
        """Called after a message came in, with no transaction open, as a courtesy: True if it was taken. Must not be
        needed for anything."""
        ...

    def fetch(self, media_id: str, *, sha256: str, bytes_max: int) -> Fetched:
        """Called when somebody wants a file that came in, with no transaction open. Raises MediaTooLarge before loading
        more than `bytes_max`, MediaUnavailable where it is gone or is not what its hash says."""
        ...

    def read(self, body: bytes, ref: str) -> Contents:
        """Called with the raw bytes of a letter whose signature held, and the path behind its token. Pure. Tolerates what it does not know; one bad part
        does not spoil the others."""
        ...
