"""What happens to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Fact):
    """Somebody became known to the house."""

    kind: ClassVar[str] = "identity.PersonRegistered"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person became known here"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinSet(Fact):
    """A person set or changed their PIN."""

    kind: ClassVar[str] = "identity.PinSet"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person set their PIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinCleared(Fact):
    """An operator took a forgotten PIN away, after knowing whom they spoke to."""

    kind: ClassVar[str] = "identity.PinCleared"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A forgotten PIN was taken away"
