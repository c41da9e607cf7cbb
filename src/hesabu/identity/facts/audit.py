"""What was refused, what was taken along, and proofs that fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRefused(Fact):
    """Somebody was refused what they tried, `count` times within the minute that began at `since`. `why` is not_allowed (they
    lack the permission), not_proved (a wrong PIN, password or factor when asked once more), frozen (too late to stop what is
    no longer frozen), elsewhere (a page of a business that they do not belong to, an invitation of somebody else's), own (to
    answer what they asked themselves), unknown_partner (to make a partner of somebody whom the platform does not know as one)
    or no_consent (support, where no owner let them look)."""

    kind: ClassVar[str] = "identity.ActRefused"
    subject_kind: ClassVar[str] = "business"
    title: ClassVar[str] = "Something was tried and refused"
    permission: str
    why: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExported(Fact):
    """Somebody took a part of the audit along: `form` is csv, json or jsonl, `count` how many acts."""

    kind: ClassVar[str] = "identity.AuditExported"
    subject_kind: ClassVar[str] = "business"
    title: ClassVar[str] = "A part of the audit was taken along"
    form: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBroken(Fact):
    """The proof of a business's books and log found faults; told once a day at most. About the house's own log where the
    subject is the house."""

    kind: ClassVar[str] = "identity.ChainBroken"
    subject_kind: ClassVar[str] = "business"
    title: ClassVar[str] = "The proof of the books found faults"
    fault_count: int
