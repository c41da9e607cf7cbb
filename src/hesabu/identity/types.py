"""The words of identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from hesabu.kit.countries import country as country_of
from hesabu.kit.money import Money

LOGO_BYTES_MAX = 2 * 1024 * 1024
"""The largest file that is taken for a logo."""


class Role(StrEnum):
    """What a person is in a business."""

    OWNER = "owner"
    MANAGER = "manager"
    SELLER = "seller"
    BOOKKEEPER = "bookkeeper"
    PARTNER = "partner"  # an accountant from outside, whom the platform knows
    VIEWER = "viewer"


class PlatformRole(StrEnum):
    """What a person is on the platform, across businesses."""

    ADMIN = "admin"
    SUPPORT = "support"
    AGENT = "agent"
    PARTNER = "partner"


class When(StrEnum):
    """When somebody is told."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NEVER = "never"


class NoticeWay(StrEnum):
    """How somebody of the platform is told."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Something that the platform's people may be told of, as it happened. `business_id` is the house's for what is about no
    business."""

    id: UUID
    kind: str
    words: str
    is_alert: bool
    business_id: UUID
    subject_kind: str
    subject_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """What somebody chose for a kind of notice, or what counts until they do."""

    kind: str
    words: str
    is_alert: bool
    when: When
    way: NoticeWay


@dataclass(frozen=True, slots=True)
class PlatformPlace:
    """Somebody's role on the platform. `code` is what an agent hands to the businesses that they bring."""

    person_id: UUID
    name: str
    role: PlatformRole
    granted_at: datetime
    code: str
    taking_id: UUID | None = None
    taken_at: datetime | None = None
    """When an admin's role goes, because an operator said so; and by which taking."""


@dataclass(frozen=True, slots=True)
class PlatformInvitation:
    """Somebody was asked to join the platform, and has not yet."""

    id: UUID
    role: PlatformRole
    address: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A business as the platform sees it: that it is there, and nothing inside."""

    business_id: UUID
    name: str
    country: str
    created_at: datetime
    brought_by_id: UUID | None


class ExportOn(StrEnum):
    """On whom an export is."""

    PERSON = "person"
    CUSTOMER = "customer"


class ExportState(StrEnum):
    """How far an export is. Gone: its days are over, or it was given up."""

    ASKED = "asked"
    MADE = "made"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ExportView:
    """All that is held on somebody, being made or made. `is_there` while it can be fetched."""

    id: UUID
    on: ExportOn
    subject_id: UUID
    asked_by_id: UUID
    state: ExportState
    done_count: int
    total_count: int
    asked_at: datetime
    expires_at: datetime | None
    is_there: bool


@dataclass(frozen=True, slots=True)
class ClosingView:
    """An account that will be gone."""

    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentView:
    """Support asked to look into a business. `is_open` while they may."""

    id: UUID
    person_id: UUID
    reason: str
    asked_at: datetime
    granted_by_id: UUID | None
    expires_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Business:
    """A tenant, as its members see it. `tax_id` is what its country calls it (in Kenya, the KRA PIN)."""

    id: UUID
    name: str
    legal_name: str
    country: str
    currency: str
    timezone: str
    language: str
    tax_id: str | None
    is_vat_registered: bool
    address: str | None
    phone: str | None
    vat_number: str | None = None
    registration_number: str | None = None
    signatory: str | None = None
    email: str | None = None
    logo_id: UUID | None = None
    """The kept picture that its papers show."""
    pin_for_payments: str = "above"
    """When a chat asks for the PIN before money is counted as received: `always`, `never`, `above` what is usual in the country,
    or `above` an amount in minor units of its currency ("above 500000")."""

    @property
    def pin_above(self) -> Money | None:
        """What may be counted as received in a chat within a day without the PIN; nothing at all is zero, None without end."""
        level, _, minor = self.pin_for_payments.partition(" ")
        if level == "never":
            return None
        if level == "always":
            return Money.zero(self.currency)
        if minor:
            return Money(int(minor), self.currency)
        usual = country_of(self.country).pin_above.get(self.currency, 0)
        return Money.parse(str(usual), self.currency)


@dataclass(frozen=True, slots=True)
class BusinessChangeView:
    """Details of a business changed: the ones that did, as they were and as they became."""

    id: UUID
    person_id: UUID | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime
    may_be_undone_until: datetime
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody. `has_pin` says whether they have set one."""

    id: UUID
    name: str
    language: str
    has_pin: bool
    created_at: datetime
    """When they became known."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in a business."""

    business_id: UUID
    business_name: str
    person_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as its page shows it; never its secret. `shown` is how it begins."""

    id: UUID
    name: str
    shown: str
    scopes: tuple[str, ...]
    addresses: tuple[str, ...]
    made_by_id: UUID
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AppView:
    """An app that is registered. `client_id` is what it calls itself by; `made_by` is the business that keeps it."""

    id: UUID
    client_id: str
    name: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    is_confidential: bool
    is_for_others: bool
    business_id: UUID
    made_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Programs:
    """What programs of a business are called, the newest first: keys; apps, and what people let each of them do."""

    keys: Mapping[UUID, str]
    apps: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class GrantView:
    """An app that a person let act for them. `is_open` while it may."""

    id: UUID
    business_id: UUID
    app_name: str
    person_id: UUID
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    ends_at: datetime | None
    is_open: bool
    revoked_why: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a key or a token speaks for. `kind` is key (by itself) or app (for a person)."""

    kind: str
    id: UUID
    business_id: UUID
    scopes: frozenset[str]
    person_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an app gets: a short access token, and a refresh token for the next pair."""

    access: str
    refresh: str
    expires_in_seconds: int
    scopes: tuple[str, ...]


class Outcome(StrEnum):
    """What became of a try to sign in."""

    IN = "in"
    WRONG = "wrong"
    WAITED = "waited"


@dataclass(frozen=True, slots=True)
class AttemptView:
    """A try to sign in, as the person it was about sees it."""

    at: datetime
    way: str
    outcome: Outcome
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A way in by telephone that was just asked for. `token` goes into the link, `browser` into the cookie of whoever asked,
    `code` is what their page shows."""

    id: UUID
    token: str
    browser: str
    code: str


class TextPurpose(StrEnum):
    """What a code by text message is good for."""

    SET_UP = "set_up"
    SIGN_IN = "sign_in"
    ONCE_MORE = "once_more"


@dataclass(frozen=True, slots=True)
class TextAsked:
    """A code that is to go out by text message. `browser` is held by the session that asked."""

    id: UUID
    browser: str
    code: str


@dataclass(frozen=True, slots=True)
class RestorationView:
    """Second factors that are to be taken off, at `due_at`, because an operator said that they are lost."""

    id: UUID
    person_id: UUID
    asked_at: datetime
    due_at: datetime
    waits_for_word: bool = False
    """Whether an admin of the platform has yet to agree."""


@dataclass(frozen=True, slots=True)
class FirstProofView:
    """Somebody may set up the first proof besides their number from `due_at` on, until `ends_at`."""

    id: UUID
    person_id: UUID
    due_at: datetime
    ends_at: datetime
    is_pin: bool = False
    """It is no way in but a first PIN, which counts from then on."""

    def is_open(self, now: datetime) -> bool:
        return self.due_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class TakingView:
    """The role of an admin that is to be taken, at `due_at`, because an operator said so."""

    id: UUID
    person_id: UUID
    due_at: datetime


@dataclass(frozen=True, slots=True)
class FirstProofToTell:
    """Whom to tell of a first proof, and where else than they are now: at the addresses that they had before."""

    person_id: UUID
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody said that it was not them. `undone` names what was taken back: pin, factors, codes, text, password, addresses,
    others, keys, invitations, apps."""

    person_id: UUID
    undone: tuple[str, ...]


class InvitationWay(StrEnum):
    """How somebody is asked to join."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as it is made: the secret is seen this once. `address` is where it is to be sent, as it is kept."""

    id: UUID
    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation that is open, as its page shows it."""

    id: UUID
    role: Role
    way: InvitationWay
    address: str
    invited_by_id: UUID | None
    created_at: datetime
    expires_at: datetime


class ApprovalState(StrEnum):
    """Where something stands that needs a second person."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """Something that waits for a second person, or did. `is_over` says that nobody answered in time."""

    id: UUID
    kind: str
    words: str
    given: Mapping[str, Any]
    amount: Money | None
    asked_by_id: UUID
    for_person_id: UUID | None
    state: ApprovalState
    is_over: bool
    asked_at: datetime
    expires_at: datetime
    answered_by_id: UUID | None
    answered_at: datetime | None
