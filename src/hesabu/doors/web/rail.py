"""The rail: the places that are always one tap away, in groups by what somebody is after. A place shows to whoever may go
there, and a group to whoever may go to one of its places. On a desk all of it stands at the side; in the hand a bar at the
bottom has the few that are near, and its menu opens the rest.

A new page of a business that people look for is a line in `OF_A_BUSINESS`; one about the person themselves, in `OF_A_PERSON`;
one across businesses, in `ACROSS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from hesabu.invoicing.permissions import CUSTOMER_EXPORT, INVOICE_READ
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
    is_near: bool = False
    """Whether it stands on the bar of a page in the hand."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place as it is shown to somebody."""

    href: str
    sign: str
    words: str
    is_near: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Places under one heading."""

    words: str
    links: tuple[Link, ...]


OF_A_BUSINESS = {
    gettext_noop("Money"): (
        Place("approvals", "✓", gettext_noop("Approvals"), APPROVAL_READ, is_near=True),
        Place("ways", "⇄", gettext_noop("Ways to be paid"), PAYMENT_ACCOUNT_STOP),
        Place("pictures", "▧", gettext_noop("Pictures"), INVOICE_READ),
    ),
    gettext_noop("People and programs"): (
        Place("people", "◍", gettext_noop("People"), MEMBER_READ, is_near=True),
        Place("keys", "⌘", gettext_noop("Keys"), KEY_READ),
        Place("apps", "◇", gettext_noop("Apps"), KEY_READ),
    ),
    gettext_noop("The business"): (
        Place("settings", "⚙", gettext_noop("Settings"), BUSINESS_UPDATE),
        Place("audit", "≡", gettext_noop("Audit"), AUDIT_READ),
        Place("privacy", "◐", gettext_noop("Privacy"), CUSTOMER_EXPORT),
        Place("support-here", "?", gettext_noop("Support"), BUSINESS_READ),
    ),
}
OF_A_PERSON = (
    Place("mfa_index", "⚿", gettext_noop("Security"), is_near=True),
    Place("own-apps", "◇", gettext_noop("Your apps")),
    Place("usersessions_list", "▣", gettext_noop("Sessions")),
    Place("data", "◧", gettext_noop("Your data")),
)
YOURSELF, OTHERS = gettext_noop("Yourself"), gettext_noop("Across businesses")
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


def groups(desk: Desk | None, roles: set[PlatformRole], path: str) -> list[Group]:
    """What somebody of these roles on the platform may open, at the desk where they are: of the business first."""
    found = [(words, _of_a_business(desk, places, path)) for words, places in _here(desk)]
    found.append((OTHERS, _across(roles, desk, path)))
    mine = (_link(one, reverse(one.url), path, is_far=desk is not None) for one in OF_A_PERSON)
    found.append((YOURSELF, mine))
    listed = [Group(_(words), tuple(links)) for words, links in found]
    return [one for one in listed if one.links]


def _here(desk: Desk | None) -> Iterable[tuple[str, tuple[Place, ...]]]:
    return OF_A_BUSINESS.items() if desk is not None else ()


def _of_a_business(desk: Desk | None, places: Iterable[Place], path: str) -> Iterator[Link]:
    for place in places:
        if desk is not None and (place.needs is None or desk.may(place.needs)):
            yield _link(place, reverse(place.url, kwargs={"business": desk.short}), path)


def _across(roles: set[PlatformRole], desk: Desk | None, path: str) -> Iterator[Link]:
    keeps_books = desk is not None and desk.membership.role in BOOKKEEPERS
    for place, to in ACROSS:
        if roles & to or (place.url == "clients" and keeps_books):
            yield _link(place, reverse(place.url), path)


def _link(place: Place, href: str, path: str, *, is_far: bool = False) -> Link:
    is_near = place.is_near and not is_far
    return Link(href, place.sign, _(place.words), is_near, path.startswith(href))
