"""What is held on somebody, taken along; and accounts that go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(Fact):
    """All that is held on somebody was asked for, to take along. A job makes it."""

    kind: ClassVar[str] = "identity.ExportAsked"
    subject_kind: ClassVar[str] = "export"
    title: ClassVar[str] = "All that is held on somebody was asked for"
    on: str
    on_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMade(Fact):
    """It is there, for some days."""

    kind: ClassVar[str] = "identity.ExportMade"
    subject_kind: ClassVar[str] = "export"
    title: ClassVar[str] = "All that is held on somebody is ready to be fetched"
    file_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFetched(Fact):
    """Whoever asked for it fetched it."""

    kind: ClassVar[str] = "identity.ExportFetched"
    subject_kind: ClassVar[str] = "export"
    title: ClassVar[str] = "All that is held on somebody was fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingAsked(Fact):
    """A person wants their account gone. Their sessions, keys and tokens ended with it."""

    kind: ClassVar[str] = "identity.ClosingAsked"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person asked for their account to be deleted"
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingCancelled(Fact):
    """They changed their mind in time."""

    kind: ClassVar[str] = "identity.ClosingCancelled"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person kept their account after all"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountClosed(Fact):
    """A person's account is gone: who they are is forgotten, and what they did stays under their id."""

    kind: ClassVar[str] = "identity.AccountClosed"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person's account was deleted"
