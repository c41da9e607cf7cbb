"""Who came in, who was held up, and who was sent out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Fact):
    """A person signed in with the browser. `way` is how."""

    kind: ClassVar[str] = "identity.SignedIn"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person signed in"
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInHeldUp(Fact):
    """After wrong tries, the next one from the same place has to wait; told once for each wait."""

    kind: ClassVar[str] = "identity.SignInHeldUp"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "Signing in was held up after wrong tries"
    way: str
    wait_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBesieged(Fact):
    """More than a hundred wrong tries for one account within an hour; told once an hour at most."""

    kind: ClassVar[str] = "identity.AccountBesieged"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "Somebody tried again and again to get into an account"
    try_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Fact):
    """A person has another password. All their other sessions ended with it."""

    kind: ClassVar[str] = "identity.PasswordChanged"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A password was changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Fact):
    """An operator ended all sessions of a person."""

    kind: ClassVar[str] = "identity.SessionsEnded"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person was signed out everywhere"
    count: int
