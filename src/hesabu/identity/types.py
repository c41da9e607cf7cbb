"""The words of identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from hesabu.kit.money import Money


class Role(StrEnum):
    """What a person is in a business."""

    OWNER = "owner"
    MANAGER = "manager"
    SELLER = "seller"
    BOOKKEEPER = "bookkeeper"
    VIEWER = "viewer"


class PlatformRole(StrEnum):
    """What a person is on the platform, across businesses."""

    ADMIN = "admin"
    SUPPORT = "support"
    AGENT = "agent"
    PARTNER = "partner"


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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody. `has_pin` says whether they have set one."""

    id: UUID
    name: str
    language: str
    has_pin: bool


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
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class GrantView:
    """An app that a person let act for them."""

    id: UUID
    app_name: str
    person_id: UUID
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
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
