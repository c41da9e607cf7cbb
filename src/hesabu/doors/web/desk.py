"""The desk: one person at one business, for pages that belong to a business.

    @at_business(INVOICE_READ)
    def invoices(request, desk): ...            # path("b/<business>/invoices", invoices)

The address says which business; whether the person belongs to it and may look is asked before the view begins, and the view
runs bound to it, as them, in one transaction. Somebody else's business is not found, rather than forbidden. For what is
dangerous they show once more that it is them. Every view names what it needs in this way, or says by `open_to_all` or
`signed_in` that it needs less: a test walks all addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hesabu.doors.web.account.factors import require_fresh
from hesabu.doors.web.account.life import still_signed_in as still_signed_in
from hesabu.doors.web.hours import at_the_business
from hesabu.identity import actions, permissions, platform
from hesabu.identity import queries as identity
from hesabu.identity.errors import ConsentNotFound, NotAllowed
from hesabu.identity.permissions import Declared
from hesabu.identity.platform import Allowed
from hesabu.identity.types import Business, Membership, Role
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError
from hesabu.store import tenancy

View = Callable[..., HttpResponse]
LAST = "business"
"""In the session: the business whose page was seen last."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who sits there, and what they are in the business."""

    membership: Membership
    person_id: UUID
    is_support: bool = False
    """Of the platform's support, who look by the owner's consent."""

    @property
    def business_id(self) -> UUID:
        return self.membership.business_id

    @property
    def short(self) -> str:
        """The business, as addresses carry it."""
        return ids.short(self.business_id)

    def may(self, what: Declared) -> bool:
        return self.membership.role in what.to

    def render(
        self, request: HttpRequest, template: str, page: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """A page of the business, with its name and its places in the rail."""
        shown = {"desk": self, "business": self.business(), **page}
        return render(request, template, shown, status=status)

    def business(self) -> Business:
        """Inside its binding."""
        return identity.business(self.business_id)


def at_business(
    what: Declared, *, is_dangerous: bool = False, opens_own: bool = False
) -> Callable[[View], View]:
    """The view is of a business, and needs that permission there; what `is_dangerous`, by itself or by its permission, asks
    once more whether it is them. A view that `opens_own` transactions is called after the one in which that was asked."""

    def mark(view: View) -> View:
        @login_required
        @wraps(view)
        def seen(request: HttpRequest, business: str, **rest: Any) -> HttpResponse:
            desk = _desk(request, business)
            if desk.is_support:
                return _looked(request, desk, what, lambda: view(request, desk, **rest))
            if (is_dangerous or what.is_dangerous) and (led := require_fresh(request)) is not None:
                return led
            actor = tenancy.Actor("person", desk.person_id)
            with tenancy.bound(desk.business_id, actor=actor), at_the_business(request):
                permissions.require(what)
                answered = None if opens_own else view(request, desk, **rest)
            if answered is None:
                answered = view(request, desk, **rest)
            if request.session.get(LAST) != desk.short:
                request.session[LAST] = desk.short
            return answered

        seen.leave = what.name  # type: ignore[attr-defined]
        return seen

    return mark


def alongside(what: Declared) -> Callable[[View], View]:
    """The view is of a business and needs that permission there, like `at_business`, but is no page: it reads nothing of the
    business and opens no transaction, and the business is not the one that was looked at last."""

    def mark(view: View) -> View:
        @login_required
        @wraps(view)
        def seen(request: HttpRequest, business: str, **rest: Any) -> HttpResponse:
            desk = _desk(request, business)
            if not desk.may(what):
                actor = tenancy.Actor("person", desk.person_id)
                with tenancy.bound(desk.business_id, actor=actor):
                    raise permissions.refusal(what.name)
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


def id_in(short: str) -> UUID:
    """An id as addresses carry it. What is none is not found."""
    try:
        return ids.read_short(short)
    except ids.BadId as error:
        raise Http404 from error


def refused(error: HesabuError) -> str:
    """What a room's refusal says, for people."""
    return " ".join(filter(None, [_(error.title), _(error.hint)]))


def _desk(request: HttpRequest, short: str) -> Desk:
    person_id = request.user.pk
    assert person_id is not None
    business_id = id_in(short)
    for membership in identity.memberships_of(person_id):
        if membership.business_id == business_id:
            return Desk(membership, person_id)
    if identity.platform_roles_of(person_id) & platform.SUPPORT_LOOK.to:
        there = Membership(business_id, "", person_id, Role.VIEWER)
        return Desk(there, person_id, is_support=True)
    actions.note_refusal("business:enter", "elsewhere", actor=tenancy.Actor("person", person_id))
    raise Http404


def _looked(
    request: HttpRequest, desk: Desk, what: Declared, see: Callable[[], HttpResponse]
) -> HttpResponse:
    """Support looks: on record before, in a transaction that cannot write. Without a consent there is nothing here."""
    led = require_fresh(request)
    if led is not None:
        return led
    page = request.resolver_match.view_name if request.resolver_match else ""
    try:
        actions.note_look(desk.business_id, desk.person_id, page)
    except (ConsentNotFound, NotAllowed) as error:
        raise Http404 from error
    if request.method not in ("GET", "HEAD"):
        actor = tenancy.Actor("support", desk.person_id)
        actions.note_refusal(what.name, actor=actor, business_id=desk.business_id)
        raise NotAllowed(permission=what.name)
    with tenancy.bound(desk.business_id, actor=tenancy.Actor("support", desk.person_id)):
        tenancy.only_read()
        permissions.require(what)
        with at_the_business(request):
            return see()


def on_platform(what: Allowed) -> Callable[[View], View]:
    """The view is of the platform's own people, and needs that permission there. To others it is not found. Whoever looks shows
    afresh that it is them, is on record before they see it, and sees it in a transaction of the house, as themselves."""

    def mark(view: View) -> View:
        @login_required
        @wraps(view)
        def seen(request: HttpRequest, **rest: Any) -> HttpResponse:
            with tenancy.house():
                is_allowed = platform.may(request.user.pk, what)  # type: ignore[arg-type]
            if not is_allowed:
                actor = tenancy.Actor("person", request.user.pk)
                actions.note_refusal(what.name, actor=actor)
                raise Http404
            led = require_fresh(request)
            if led is not None:
                return led
            person_id = request.user.pk
            assert person_id is not None
            if request.method in ("GET", "HEAD"):
                page = request.resolver_match.view_name if request.resolver_match else ""
                actions.note_platform_look(person_id, what, page)
            with tenancy.house(actor=tenancy.Actor("person", person_id)):
                return view(request, **rest)

        seen.leave = f"platform {what.name}"  # type: ignore[attr-defined]
        return seen

    return mark
