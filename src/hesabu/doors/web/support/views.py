"""Support's desk, and what a business sees of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hesabu.doors.web.desk import Desk, at_business, id_in, on_platform, refused
from hesabu.identity import actions, queries
from hesabu.identity.permissions import BUSINESS_READ, SUPPORT_ALLOW
from hesabu.identity.platform import SUPPORT_LOOK
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError
from hesabu.store import pace, tenancy


@on_platform(SUPPORT_LOOK)
@require_http_methods(["GET", "POST"])
def desk_of_support(request: HttpRequest) -> HttpResponse:
    """Ask an owner to let support look. Whether there is such a business is not told."""
    person_id = request.user.pk
    assert person_id is not None
    if request.method == "GET":
        given = {"business": request.GET.get("business", "")[:40]}
        return _shown(request, person_id, given=given)
    pace.keep("web.support", str(person_id), times=30, seconds=3600)
    given = {name: request.POST.get(name, "").strip()[:300] for name in ("business", "reason")}
    try:
        with tenancy.attempt():
            actions.ask_consent(id_in(given["business"]), person_id, given["reason"])
    except HesabuError as error:
        return _shown(request, person_id, wrong=refused(error), given=given, status=error.status)
    messages.success(request, _("Asked. Once its owner agrees, its pages open to you."))
    return redirect("support")


def _shown(
    request: HttpRequest, person_id: UUID, *, status: int = 200, **more: Any
) -> HttpResponse:
    """With what they asked lately, and what became of it."""
    asked = queries.businesses_asked_by(person_id, days=30)
    names, last = queries.names_of(asked), {}
    if asked:
        with tenancy.bound(*asked):
            last = queries.last_consents_of(person_id)
    rows = [
        {
            "short": ids.short(business_id),
            "name": names.get(business_id, ""),
            "reason": one.reason,
            "is_open": one.is_open,
            "is_answered": one.granted_by_id is not None,
            "expires_at": one.expires_at,
        }
        for business_id in asked
        if (one := last.get(business_id))
    ]
    page = {"asked": rows, **more}
    return render(request, "web/support/desk.html", page, status=status)


@at_business(BUSINESS_READ)
@require_GET
def here(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who of support asked, who may look, and until when."""
    found = queries.consents()
    names = queries.names_of_people(one.person_id for one in found)
    rows = [
        {
            "short": ids.short(one.id),
            "name": names.get(one.person_id, ""),
            "reason": one.reason,
            "is_open": one.is_open,
            "expires_at": one.expires_at,
        }
        for one in found
    ]
    page = {"consents": rows, "may_allow": desk.may(SUPPORT_ALLOW)}
    return desk.render(request, "web/support/here.html", page)


@at_business(SUPPORT_ALLOW)
@require_POST
def allow(request: HttpRequest, desk: Desk, consent: str) -> HttpResponse:
    hours = request.POST.get("hours", "24")
    try:
        with tenancy.attempt():
            actions.allow_support(id_in(consent), int(hours) if hours.isdecimal() else 0)
    except HesabuError as error:
        messages.error(request, refused(error))
    return redirect("support-here", business=desk.short)


@at_business(SUPPORT_ALLOW)
@require_POST
def end(request: HttpRequest, desk: Desk, consent: str) -> HttpResponse:
    actions.end_support(id_in(consent))
    return redirect("support-here", business=desk.short)
