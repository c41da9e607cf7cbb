"""Who joins a business and who leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Fact):
    """A person joined a business, in a role."""

    kind: ClassVar[str] = "identity.MemberJoined"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person joined the business"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Fact):
    """A person left a business."""

    kind: ClassVar[str] = "identity.MemberLeft"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person left the business"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Fact):
    """A member was given another role."""

    kind: ClassVar[str] = "identity.RoleChanged"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person was given another role"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Fact):
    """Somebody was asked to join, in a role, by a way: email, whatsapp or code."""

    kind: ClassVar[str] = "identity.PersonInvited"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "Somebody was invited to the business"
    role: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Fact):
    """A person joined by an invitation."""

    kind: ClassVar[str] = "identity.InvitationAccepted"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "An invitation was accepted"
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRevoked(Fact):
    """An invitation was taken back."""

    kind: ClassVar[str] = "identity.InvitationRevoked"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "An invitation was taken back"
