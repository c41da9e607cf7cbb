"""What programs are let do, and no longer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMade(Fact):
    """A program was let in. `scopes` names what it may do, comma-separated."""

    kind: ClassVar[str] = "identity.KeyMade"
    subject_kind: ClassVar[str] = "key"
    title: ClassVar[str] = "A key for a program was made"
    scopes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Fact):
    """A key was taken back."""

    kind: ClassVar[str] = "identity.KeyRevoked"
    subject_kind: ClassVar[str] = "key"
    title: ClassVar[str] = "A key for a program was taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUsedElsewhere(Fact):
    """A key was used from an address that is not on its list, and refused; told once an hour at most."""

    kind: ClassVar[str] = "identity.KeyUsedElsewhere"
    subject_kind: ClassVar[str] = "key"
    title: ClassVar[str] = "A key was used from where it may not be, and refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRegistered(Fact):
    """A business registered an app that people may let act for them. `scopes` names the most it may ask for, comma-separated."""

    kind: ClassVar[str] = "identity.AppRegistered"
    subject_kind: ClassVar[str] = "app"
    title: ClassVar[str] = "An app was registered"
    scopes: str
    is_for_others: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDropped(Fact):
    """An app was taken off, and with it all that people had let it do."""

    kind: ClassVar[str] = "identity.AppDropped"
    subject_kind: ClassVar[str] = "app"
    title: ClassVar[str] = "An app was taken off"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppGranted(Fact):
    """A person let an app act for them. `scopes` names what it may do, comma-separated."""

    kind: ClassVar[str] = "identity.AppGranted"
    subject_kind: ClassVar[str] = "grant"
    title: ClassVar[str] = "An app was let act for a person"
    person_id: UUID
    scopes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRevoked(Fact):
    """An app's tokens were all taken back. `why` is asked, given_back, reused, left, role, factor, signed_out, dropped or over; reused means that one was stolen."""

    kind: ClassVar[str] = "identity.AppRevoked"
    subject_kind: ClassVar[str] = "grant"
    title: ClassVar[str] = "An app may no longer act for a person"
    why: str
