"""The platform's own people, and what they look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRoleGranted(Fact):
    """Somebody has a role on the platform: an operator gave it, an admin did, or they accepted an invitation."""

    kind: ClassVar[str] = "identity.PlatformRoleGranted"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "Somebody got a role on the platform"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRoleTaken(Fact):
    """Somebody has a role on the platform no more."""

    kind: ClassVar[str] = "identity.PlatformRoleTaken"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "Somebody lost a role on the platform"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformTakingAsked(Fact):
    """An operator is to take an admin's role. All admins are told, and it is done a day later."""

    kind: ClassVar[str] = "identity.PlatformTakingAsked"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "An admin's role is to be taken"
    taking_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformTakingStopped(Fact):
    """It was stopped. `why` is admin (one of them said no), operator, or last (nobody else was left)."""

    kind: ClassVar[str] = "identity.PlatformTakingStopped"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "The taking of an admin's role was stopped"
    taking_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformInvited(Fact):
    """Somebody was asked to join the platform, in a role."""

    kind: ClassVar[str] = "identity.PlatformInvited"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "Somebody was invited to the platform"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformInvitationRevoked(Fact):
    """An invitation to the platform was taken back."""

    kind: ClassVar[str] = "identity.PlatformInvitationRevoked"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "An invitation to the platform was taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformLooked(Fact):
    """Somebody of the platform looked at a page, or asked a business to let them; `page` is its name, `at_business_id` the
    business, where it was about one."""

    kind: ClassVar[str] = "identity.PlatformLooked"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A page of the platform was looked at"
    page: str
    at_business_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformNoticesChosen(Fact):
    """Somebody of the platform chose when and how they are told of a kind of notice."""

    kind: ClassVar[str] = "identity.PlatformNoticesChosen"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "Somebody chose what the platform tells them"
    notice: str
    when: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportAsked(Fact):
    """Somebody of support asked an owner to let them look."""

    kind: ClassVar[str] = "identity.SupportAsked"
    subject_kind: ClassVar[str] = "consent"
    title: ClassVar[str] = "Support asked to look into the business"
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportAllowed(Fact):
    """An owner let support look, until then."""

    kind: ClassVar[str] = "identity.SupportAllowed"
    subject_kind: ClassVar[str] = "consent"
    title: ClassVar[str] = "Support was let look into the business"
    person_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportEnded(Fact):
    """Somebody of the business said no to support, or no longer."""

    kind: ClassVar[str] = "identity.SupportEnded"
    subject_kind: ClassVar[str] = "consent"
    title: ClassVar[str] = "Support may no longer look into the business"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportLooked(Fact):
    """Somebody of support looked at a page of the business; `page` is its name."""

    kind: ClassVar[str] = "identity.SupportLooked"
    subject_kind: ClassVar[str] = "consent"
    title: ClassVar[str] = "Support looked at a page of the business"
    person_id: UUID
    page: str
