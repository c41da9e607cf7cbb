"""The rail: the places that are always one tap away. A place shows to whoever may go there, and nowhere else is a link to it.

A new page of a business that people look for is a line in `OF_A_BUSINESS`; one about the person themselves, in `OF_A_PERSON`;
one across businesses, in `ACROSS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hesabu.identity.approvals import APPROVAL_READ
from hesabu.identity.permissions import (
    AUDIT_READ,
    BUSINESS_READ,
    BUSINESS_UPDATE,
    KEY_READ,
    MEMBER_READ,
    Declared,
)
from hesabu.identity.types import PlatformRole, Role
from hesabu.invoicing.permissions import CUSTOMER_EXPORT
from hesabu.payments.permissions import PAYMENT_ACCOUNT_STOP

if TYPE_CHECKING:
    from hesabu.doors.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go."""

    url: str
    """The name of its address."""
    sign: str
    words: str
    needs: Declared | None = None
    is_wide: bool = False
    """Whether it has no room in a hand, and is reached from another page there."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place as it is shown to somebody."""

    href: str
    sign: str
    words: str
    is_wide: bool
    is_here: bool


OF_A_BUSINESS = (
    Place("people", "◍", gettext_noop("People"), MEMBER_READ),
    Place("approvals", "✓", gettext_noop("Approvals"), APPROVAL_READ),
    Place("ways", "⇄", gettext_noop("Ways to be paid"), PAYMENT_ACCOUNT_STOP, is_wide=True),
    Place("settings", "⚙", gettext_noop("Settings"), BUSINESS_UPDATE, is_wide=True),
    Place("audit", "≡", gettext_noop("Audit"), AUDIT_READ),
    Place("keys", "⌘", gettext_noop("Keys"), KEY_READ, is_wide=True),
    Place("apps", "◇", gettext_noop("Apps"), KEY_READ, is_wide=True),
    Place("privacy", "◐", gettext_noop("Privacy"), CUSTOMER_EXPORT, is_wide=True),
    Place("support-here", "?", gettext_noop("Support"), BUSINESS_READ, is_wide=True),
)
OF_A_PERSON = (
    Place("mfa_index", "⚿", gettext_noop("Security")),
    Place("own-apps", "◇", gettext_noop("Your apps"), is_wide=True),
    Place("usersessions_list", "▣", gettext_noop("Sessions"), is_wide=True),
    Place("data", "◧", gettext_noop("Your data"), is_wide=True),
)
ACROSS = (
    (Place("clients", "▥", gettext_noop("Clients")), frozenset({PlatformRole.PARTNER})),
    (Place("merchants", "⇄", gettext_noop("Merchants")), frozenset({PlatformRole.AGENT})),
    (
        Place("platform", "◈", gettext_noop("Platform")),
        frozenset({PlatformRole.ADMIN, PlatformRole.SUPPORT}),
    ),
)
"""Of who has such a role on the platform; a bookkeeper of one business has clients, too."""
BOOKKEEPERS = frozenset({Role.BOOKKEEPER, Role.PARTNER})


def of_a_business(desk: Desk, path: str) -> Iterator[Link]:
    """What the person at the desk may open."""
    for place in OF_A_BUSINESS:
        if place.needs is None or desk.may(place.needs):
            yield _link(place, reverse(place.url, kwargs={"business": desk.short}), path)


def of_a_person(path: str) -> Iterator[Link]:
    for place in OF_A_PERSON:
        yield _link(place, reverse(place.url), path)


def across(roles: set[PlatformRole], desk: Desk | None, path: str) -> Iterator[Link]:
    """What somebody of these roles on the platform may open, at the desk where they are."""
    keeps_books = desk is not None and desk.membership.role in BOOKKEEPERS
    for place, to in ACROSS:
        if roles & to or (place.url == "clients" and keeps_books):
            yield _link(place, reverse(place.url), path)


def _link(place: Place, href: str, path: str) -> Link:
    return Link(href, place.sign, _(place.words), place.is_wide, path.startswith(href))
