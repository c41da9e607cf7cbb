"""The first page after signing in: the businesses somebody belongs to; and the first page of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hesabu.doors.web.account.factors import require_fresh
from hesabu.doors.web.desk import LAST, Desk, at_business, id_in, signed_in
from hesabu.doors.web.home.figures import figures_of
from hesabu.doors.web.people.views import ROLES
from hesabu.doors.web.rail import BOOKKEEPERS
from hesabu.identity import queries as identity
from hesabu.identity.permissions import BUSINESS_READ
from hesabu.kit import ids
from hesabu.kit.countries import country as country_of
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.payments.permissions import PAYMENT_ACCOUNT_CHANGE
from hesabu.store import tenancy


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All of their businesses, the one they were at last before the others. None is entered by itself."""
    assert request.user.pk is not None
    last = request.session.get(LAST)
    memberships = identity.memberships_of(request.user.pk)
    businesses = [
        {
            "short": ids.short(one.business_id),
            "name": one.business_name,
            "role_words": _(ROLES[one.role]),
            "is_last": ids.short(one.business_id) == last,
        }
        for one in memberships
    ]
    businesses.sort(key=lambda one: not one["is_last"])
    keeps_books = any(one.role in BOOKKEEPERS for one in memberships)
    page = {"businesses": businesses, "keeps_books": keeps_books}
    return render(request, "web/home.html", page)


@at_business(BUSINESS_READ)
@require_GET
def business(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits, what is owed, what came in, and how the business is set up."""
    waiting = [
        view for view in identity.approvals_waiting() if identity.may_answer(view, desk.person_id)
    ]
    here = desk.business()
    page = {
        "role": _(ROLES[desk.membership.role]),
        "waiting_count": len(waiting),
        "may_add_way": desk.may(PAYMENT_ACCOUNT_CHANGE) and not desk.is_support,
        "country": country_of(here.country).name,
        **figures_of(here, desk.may, leads_to_pages=not desk.is_support),
    }
    return desk.render(request, "web/business.html", page)


@signed_in
@require_http_methods(["GET", "POST"])
def numbers(request: HttpRequest) -> HttpResponse:
    """Telephone numbers that may be somebody else's by now: whoever is signed in, and shows it afresh, says which is theirs."""
    assert request.user.pk is not None
    with tenancy.house():
        found = [one for one in messages.contacts_of_person(request.user.pk) if one.is_doubted]
    if request.method == "GET":
        shown = [{"short": ids.short(one.id), "phone": one.phone} for one in found]
        return render(request, "web/numbers.html", {"numbers": shown})
    led = require_fresh(request)
    if led is not None:
        return led
    wanted = id_in(request.POST.get("number", ""))
    for one in found:
        if one.id == wanted:
            messaging.vouch(one.id)
    return redirect("numbers")
