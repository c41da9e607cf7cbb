"""What happened in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLocked(Fact):
    """Nothing may be booked on or before `locked_on` any more."""

    kind: ClassVar[str] = "ledger.PeriodLocked"
    subject_kind: ClassVar[str] = "book"
    title: ClassVar[str] = "The books were closed up to a day"
    business_id: UUID
    subject_id: UUID
    locked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryReversed(Fact):
    """An entry was undone by another one."""

    kind: ClassVar[str] = "ledger.EntryReversed"
    subject_kind: ClassVar[str] = "entry"
    title: ClassVar[str] = "An entry in the books was reversed"
    business_id: UUID
    subject_id: UUID
    reversal_id: UUID
