"""What happens in messaging. Facts about an outgoing message carry the subject that `send` was given, so that they stand
on the timeline of what the message was about; a message that was about nothing is its own subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Fact):
    """Somebody wrote to us. `message_kind` is a word of types.Kind."""

    kind: ClassVar[str] = "messaging.MessageReceived"
    subject_kind: ClassVar[str] = "message"
    title: ClassVar[str] = "A message came in"
    contact_id: UUID
    message_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAccepted(Fact):
    """The provider took a message of ours."""

    kind: ClassVar[str] = "messaging.MessageAccepted"
    subject_kind: str = "message"  # type: ignore[misc]
    title: ClassVar[str] = "A message was handed on"
    message_id: UUID
    contact_id: UUID
    channel: str = "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Fact):
    """It reached the contact's phone."""

    kind: ClassVar[str] = "messaging.MessageDelivered"
    subject_kind: str = "message"  # type: ignore[misc]
    title: ClassVar[str] = "A message arrived"
    message_id: UUID
    contact_id: UUID
    channel: str = "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSeen(Fact):
    """The contact opened it."""

    kind: ClassVar[str] = "messaging.MessageSeen"
    subject_kind: str = "message"  # type: ignore[misc]
    title: ClassVar[str] = "A message was seen"
    message_id: UUID
    contact_id: UUID
    channel: str = "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(Fact):
    """It did not arrive on any channel, or (code "uncertain") we could not learn whether it did: a person should look.
    `channel` is the last that was tried."""

    kind: ClassVar[str] = "messaging.MessageFailed"
    subject_kind: str = "message"  # type: ignore[misc]
    title: ClassVar[str] = "A message did not arrive"
    message_id: UUID
    contact_id: UUID
    code: str
    channel: str = "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRerouted(Fact):
    """One channel could not bring it, for the reason `code`; it goes by the next one."""

    kind: ClassVar[str] = "messaging.MessageRerouted"
    subject_kind: str = "message"  # type: ignore[misc]
    title: ClassVar[str] = "A message went by another way"
    message_id: UUID
    contact_id: UUID
    channel: str
    from_channel: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureKept(Fact):
    """A picture that somebody sent about the subject was fetched, drawn anew and kept; `message_id` is what it came with."""

    kind: ClassVar[str] = "messaging.PictureKept"
    subject_kind: str = "message"  # type: ignore[misc]
    title: ClassVar[str] = "A picture came"
    message_id: UUID
    contact_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRefused(Fact):
    """A picture that somebody sent about the subject could not be fetched, or is none that can be shown."""

    kind: ClassVar[str] = "messaging.PictureRefused"
    subject_kind: str = "message"  # type: ignore[misc]
    title: ClassVar[str] = "A picture could not be shown"
    message_id: UUID
    contact_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMet(Fact):
    """Somebody new."""

    kind: ClassVar[str] = "messaging.ContactMet"
    subject_kind: ClassVar[str] = "contact"
    title: ClassVar[str] = "Somebody new wrote"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsMerged(Fact):
    """Two contacts proved to be one; `other_id` now leads to the subject."""

    kind: ClassVar[str] = "messaging.ContactsMerged"
    subject_kind: ClassVar[str] = "contact"
    title: ClassVar[str] = "Two contacts proved to be one person"
    other_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNumberChanged(Fact):
    """A contact has another telephone number than before, or (`is_lost`) their old one belongs to somebody else now."""

    kind: ClassVar[str] = "messaging.ContactNumberChanged"
    subject_kind: ClassVar[str] = "contact"
    title: ClassVar[str] = "A contact's telephone number changed"
    is_lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactProved(Fact):
    """Whoever writes from a number that changed hands, or was silent for long, proved that they are the person they were."""

    kind: ClassVar[str] = "messaging.ContactProved"
    subject_kind: ClassVar[str] = "contact"
    title: ClassVar[str] = "A contact proved who they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactIntroduced(Fact):
    """We know which person a contact is."""

    kind: ClassVar[str] = "messaging.ContactIntroduced"
    subject_kind: ClassVar[str] = "contact"
    title: ClassVar[str] = "It became known which person a contact is"
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactErased(Fact):
    """Who a contact is was forgotten, on somebody's demand."""

    kind: ClassVar[str] = "messaging.ContactErased"
    subject_kind: ClassVar[str] = "contact"
    title: ClassVar[str] = "Who a contact is was forgotten on demand"


FACTS: tuple[type[Fact], ...] = (
    MessageReceived,
    MessageAccepted,
    MessageDelivered,
    MessageSeen,
    MessageFailed,
    MessageRerouted,
    ContactMet,
    ContactsMerged,
    ContactNumberChanged,
    ContactIntroduced,
    ContactErased,
    ContactProved,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateMissed(Fact):
    """The provider does not send a template in a language: not approved there, paused or refused. It goes in English, and those
    who run the house have it approved. Told once, and again after a month."""

    kind: ClassVar[str] = "messaging.TemplateMissed"
    subject_kind: ClassVar[str] = "template_gap"
    title: ClassVar[str] = "WhatsApp did not send a template in a language"
    template_name: str
    language: str
    code: str
