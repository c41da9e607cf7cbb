"""The desk: one person at one business, for pages that belong to a business.

    @at_business(INVOICE_READ)
    def invoices(request, desk): ...            # path("b/<business>/invoices", invoices)

The address says which business; whether the person belongs to it and may look is asked before the view begins, and the view
runs bound to it, as them, in one transaction. Somebody else's business is not found, rather than forbidden. Every view
names what it needs in this way, or says by `open_to_all` or `signed_in` that it needs less: a test walks all addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from hesabu.identity import permissions
from hesabu.identity import queries as identity
from hesabu.identity.permissions import Declared
from hesabu.identity.types import Business, Membership
from hesabu.kit import ids
from hesabu.store import tenancy

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits there, and what they are in the business."""

    membership: Membership
    person_id: UUID

    @property
    def business_id(self) -> UUID:
        return self.membership.business_id

    @property
    def short(self) -> str:
        """The business, as addresses carry it."""
        return ids.short(self.business_id)

    def may(self, what: Declared) -> bool:
        return self.membership.role in what.to

    def business(self) -> Business:
        """Inside its binding."""
        return identity.business(self.business_id)


def at_business(what: Declared) -> Callable[[View], View]:
    """The view is of a business, and needs that permission there."""

    def mark(view: View) -> View:
        @login_required
        @wraps(view)
        def seen(request: HttpRequest, business: str, **rest: Any) -> HttpResponse:
            desk = _desk(request, business)
            actor = tenancy.Actor("person", desk.person_id)
            with tenancy.bound(desk.business_id, actor=actor):
                permissions.require(what)
                return view(request, desk, **rest)

        seen.leave = what.name  # type: ignore[attr-defined]
        return seen

    return mark


def signed_in(view: View) -> View:
    """The view is of the person alone."""
    seen = login_required(view)
    seen.leave = "signed in"  # type: ignore[attr-defined]
    return seen


def open_to_all(why: str) -> Callable[[View], View]:
    """The view needs nobody to be signed in, and why."""

    def mark(view: View) -> View:
        view.leave = f"open: {why}"  # type: ignore[attr-defined]
        return view

    return mark


def _desk(request: HttpRequest, short: str) -> Desk:
    person_id = request.user.pk
    assert person_id is not None
    try:
        business_id = ids.read_short(short)
    except ids.BadId as error:
        raise Http404 from error
    for membership in identity.memberships_of(person_id):
        if membership.business_id == business_id:
            return Desk(membership, person_id)
    raise Http404
