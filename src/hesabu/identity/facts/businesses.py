"""What happens to a business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRegistered(Fact):
    """A business began. Its book is opened in the same transaction."""

    kind: ClassVar[str] = "identity.BusinessRegistered"
    subject_kind: ClassVar[str] = "business"
    title: ClassVar[str] = "The business began"
    country: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessUpdated(Fact):
    """Details of a business changed; `changed` names the fields, comma-separated, not their values. What they were and what
    they became lies sealed under `change_id`."""

    kind: ClassVar[str] = "identity.BusinessUpdated"
    subject_kind: ClassVar[str] = "business"
    title: ClassVar[str] = "Details of the business were changed"
    changed: str
    change_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessBrought(Fact):
    """An owner said which agent brought their business here."""

    kind: ClassVar[str] = "identity.BusinessBrought"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "The agent who brought the business was named"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipHandedOver(Fact):
    """An owner gave their place to a member, who took it; they are a manager since."""

    kind: ClassVar[str] = "identity.OwnershipHandedOver"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "The business was handed over to another owner"
    from_person_id: UUID
