"""What a second person was asked, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked(Fact):
    """Somebody asked for what a second person has to approve."""

    kind: ClassVar[str] = "identity.ApprovalAsked"
    subject_kind: ClassVar[str] = "approval"
    title: ClassVar[str] = "A second person was asked to approve"
    approval_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(Fact):
    """A second person approved, and it was done."""

    kind: ClassVar[str] = "identity.ApprovalGiven"
    subject_kind: ClassVar[str] = "approval"
    title: ClassVar[str] = "A second person approved"
    approval_kind: str
    asked_by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(Fact):
    """A second person said no."""

    kind: ClassVar[str] = "identity.ApprovalRefused"
    subject_kind: ClassVar[str] = "approval"
    title: ClassVar[str] = "A second person said no"
    approval_kind: str
    asked_by_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalWithdrawn(Fact):
    """Whoever asked no longer does."""

    kind: ClassVar[str] = "identity.ApprovalWithdrawn"
    subject_kind: ClassVar[str] = "approval"
    title: ClassVar[str] = "What was to be approved is no longer asked for"
    approval_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLimitSet(Fact):
    """From another amount on something needs a second person; no amount: never. `was_minor` is from which on before."""

    kind: ClassVar[str] = "identity.ApprovalLimitSet"
    subject_kind: ClassVar[str] = "business"
    title: ClassVar[str] = "From which amount a second person approves was changed"
    approval_kind: str
    amount_minor: int | None
    was_minor: int | None = None
    currency: str | None = None
