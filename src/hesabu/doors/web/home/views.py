"""The first page after signing in: the businesses somebody belongs to; and the first page of each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import LAST, Desk, at_business, signed_in
from hesabu.identity import queries as identity
from hesabu.identity.permissions import BUSINESS_READ
from hesabu.kit import ids


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All of their businesses, the one they were at last before the others. None is entered by itself."""
    assert request.user.pk is not None
    last = request.session.get(LAST)
    businesses = [
        {
            "short": ids.short(one.business_id),
            "name": one.business_name,
            "role": one.role.value,
            "is_last": ids.short(one.business_id) == last,
        }
        for one in identity.memberships_of(request.user.pk)
    ]
    businesses.sort(key=lambda one: not one["is_last"])
    return render(request, "web/home.html", {"businesses": businesses})


@at_business(BUSINESS_READ)
@require_GET
def business(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How the business is set up, and what waits."""
    waiting = [
        view for view in identity.approvals_waiting() if identity.may_answer(view, desk.person_id)
    ]
    page = {"role": desk.membership.role.value, "waiting_count": len(waiting)}
    return desk.render(request, "web/business.html", page)
