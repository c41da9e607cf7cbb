"""What happens in identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
class MemberJoined(Fact):
    """A person joined a business, in a role."""

    kind: ClassVar[str] = "identity.MemberJoined"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person joined the business"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Fact):
    """A person left a business."""

    kind: ClassVar[str] = "identity.MemberLeft"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person left the business"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanged(Fact):
    """A member was given another role."""

    kind: ClassVar[str] = "identity.RoleChanged"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person was given another role"
    role: str


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
class PasswordChanged(Fact):
    """A person has another password. All their other sessions ended with it."""

    kind: ClassVar[str] = "identity.PasswordChanged"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A password was changed"


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
class RestorationAsked(Fact):
    """An operator said that somebody lost all second factors. They are told, and it is done a day later."""

    kind: ClassVar[str] = "identity.RestorationAsked"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A way back in was asked for somebody who lost their proofs"
    restoration_id: UUID
    due_at: datetime


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
class RestorationAgreed(Fact):
    """A second person, an admin of the platform, agreed that somebody's second factors are taken off."""

    kind: ClassVar[str] = "identity.RestorationAgreed"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "An admin agreed to a way back in"
    restoration_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstProofAsked(Fact):
    """Somebody who came in by their number alone wants to set up a proof of their own. They are told, and may a day later."""

    kind: ClassVar[str] = "identity.FirstProofAsked"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A first proof besides the number was asked for"
    first_proof_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstProofStopped(Fact):
    """It was stopped. `why` is link (the one that went to the person) or asked (on the page)."""

    kind: ClassVar[str] = "identity.FirstProofStopped"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A first proof besides the number was stopped"
    first_proof_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationDone(Fact):
    """All second factors of a person were taken off, and their sessions ended."""

    kind: ClassVar[str] = "identity.RestorationDone"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "All second proofs of a person were taken off"
    restoration_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Fact):
    """An operator ended all sessions of a person."""

    kind: ClassVar[str] = "identity.SessionsEnded"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "A person was signed out everywhere"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Fact):
    """Somebody was asked to join, in a role, by a way: email, whatsapp or code."""

    kind: ClassVar[str] = "identity.PersonInvited"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "Somebody was invited to the business"
    role: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Fact):
    """A person joined by an invitation."""

    kind: ClassVar[str] = "identity.InvitationAccepted"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "An invitation was accepted"
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRevoked(Fact):
    """An invitation was taken back."""

    kind: ClassVar[str] = "identity.InvitationRevoked"
    subject_kind: ClassVar[str] = "invitation"
    title: ClassVar[str] = "An invitation was taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipHandedOver(Fact):
    """An owner gave their place to a member, who took it; they are a manager since."""

    kind: ClassVar[str] = "identity.OwnershipHandedOver"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "The business was handed over to another owner"
    from_person_id: UUID


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
class KeyUsedElsewhere(Fact):
    """A key was used from an address that is not on its list, and refused; told once an hour at most."""

    kind: ClassVar[str] = "identity.KeyUsedElsewhere"
    subject_kind: ClassVar[str] = "key"
    title: ClassVar[str] = "A key was used from where it may not be, and refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBesieged(Fact):
    """More than a hundred wrong tries for one account within an hour; told once an hour at most."""

    kind: ClassVar[str] = "identity.AccountBesieged"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "Somebody tried again and again to get into an account"
    try_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBroken(Fact):
    """The proof of a business's books and log found faults; told once a day at most. About the house's own log where the
    subject is the house."""

    kind: ClassVar[str] = "identity.ChainBroken"
    subject_kind: ClassVar[str] = "business"
    title: ClassVar[str] = "The proof of the books found faults"
    fault_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessBrought(Fact):
    """An owner said which agent brought their business here."""

    kind: ClassVar[str] = "identity.BusinessBrought"
    subject_kind: ClassVar[str] = "person"
    title: ClassVar[str] = "The agent who brought the business was named"


FACTS: tuple[type[Fact], ...] = (
    BusinessRegistered,
    BusinessUpdated,
    MemberJoined,
    MemberLeft,
    RoleChanged,
    PersonRegistered,
    PinSet,
    PinCleared,
)


def of_person(kind: type[Fact], person_id: UUID, business_id: UUID) -> Fact:
    """A fact about a person that says nothing further."""
    return kind(business_id=business_id, subject_id=person_id)


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
