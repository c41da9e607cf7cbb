"""The words of identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is in a business."""

    OWNER = "owner"
    MANAGER = "manager"
    SELLER = "seller"
    BOOKKEEPER = "bookkeeper"
    VIEWER = "viewer"


class Permission(StrEnum):
    """Everything that can be allowed or not: `resource:action`, in alphabetical order."""

    BOOK_LOCK = "book:lock"
    BOOK_READ = "book:read"
    BUSINESS_READ = "business:read"
    BUSINESS_UPDATE = "business:update"
    CUSTOMER_KEEP = "customer:keep"
    CUSTOMER_READ = "customer:read"
    INVOICE_CREDIT = "invoice:credit"
    INVOICE_DRAFT = "invoice:draft"
    INVOICE_ISSUE = "invoice:issue"
    INVOICE_READ = "invoice:read"
    INVOICE_VOID = "invoice:void"
    MEMBER_ADD = "member:add"
    MEMBER_READ = "member:read"
    PAYMENT_COLLECT = "payment:collect"
    PAYMENT_CONFIRM = "payment:confirm"
    PAYMENT_PLACE = "payment:place"
    PAYMENT_READ = "payment:read"
    PAYMENT_RECORD = "payment:record"
    PAYMENT_ACCOUNT_CHANGE = "payment_account:change"


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
