"""Second factors: added and taken off, the first one, and the way back for who lost all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hesabu.store.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAdded(Fact):
    """A person has one way more to prove who they are. `what` is totp, webauthn, recovery_codes or text_message."""

    kind: ClassVar[str] = "identity.SecondFactorAdded"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A second way to prove who they are was added"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRemoved(Fact):
    """A person has one way less to prove who they are."""

    kind: ClassVar[str] = "identity.SecondFactorRemoved"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A second way to prove who they are was taken off"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstProofAsked(Fact):
    """Somebody who came in by their number alone wants to set up a proof of their own. They are told, and may a day later."""

    kind: ClassVar[str] = "identity.FirstProofAsked"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A first proof besides the number was asked for"
    first_proof_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPinSet(Fact):
    """Somebody of whom only the number is known set their first PIN. They are told everywhere, and it proves nothing for a day.
    `in_chat`: by the number from which they wrote last, which needs not to be told at once."""

    kind: ClassVar[str] = "identity.FirstPinSet"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A first PIN was set by the number alone"
    first_proof_id: UUID
    in_chat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstProofUsed(Fact):
    """The first way in besides the number was set up, as they had asked for. They are told everywhere."""

    kind: ClassVar[str] = "identity.FirstProofUsed"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "The first proof besides the number was set up"
    first_proof_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstProofStopped(Fact):
    """It was stopped. `why` is link (the one that went to the person) or asked (on the page). `undone` names what was taken back
    with it, comma-separated: pin, factors, codes, text, password, addresses, others, keys, invitations, apps, sessions."""

    kind: ClassVar[str] = "identity.FirstProofStopped"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A first proof besides the number was stopped"
    first_proof_id: UUID
    why: str
    undone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationAsked(Fact):
    """An operator said that somebody lost all second factors. They are told, and it is done a day later."""

    kind: ClassVar[str] = "identity.RestorationAsked"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A way back in was asked for somebody who lost their proofs"
    restoration_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationAgreed(Fact):
    """A second person, an admin of the platform, agreed that somebody's second factors are taken off."""

    kind: ClassVar[str] = "identity.RestorationAgreed"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "An admin agreed to a way back in"
    restoration_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationStopped(Fact):
    """It was stopped. `why` is asked (by the person), shown (they showed a second factor), operator, refused (by an admin of the
    platform) or lapsed (no admin agreed within three days)."""

    kind: ClassVar[str] = "identity.RestorationStopped"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A way back in was stopped"
    restoration_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationDone(Fact):
    """All second factors of a person were taken off, and their sessions ended."""

    kind: ClassVar[str] = "identity.RestorationDone"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "All second proofs of a person were taken off"
    restoration_id: UUID
