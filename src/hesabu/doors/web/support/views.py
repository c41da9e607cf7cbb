"""Support's desk, and what a business sees of it."""

from __future__ import annotations

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
    if request.method == "GET":
        return render(request, "web/support/desk.html", {})
    person_id = request.user.pk
    assert person_id is not None
    pace.keep("web.support", str(person_id), times=30, seconds=3600)
    given = {name: request.POST.get(name, "").strip()[:300] for name in ("business", "reason")}
    try:
        actions.ask_consent(id_in(given["business"]), person_id, given["reason"])
    except HesabuError as error:
        page = {"wrong": refused(error), "given": given}
        return render(request, "web/support/desk.html", page, status=error.status)
    messages.success(request, _("Asked. Once its owner agrees, its pages open to you."))
    return redirect("support")


@at_business(BUSINESS_READ)
@require_GET
def here(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who of support asked, who may look, and until when."""
    rows = [
        {
            "short": ids.short(one.id),
            "name": queries.person(one.person_id).name,
            "reason": one.reason,
            "is_open": one.is_open,
            "asked_at": one.asked_at,
            "expires_at": one.expires_at,
        }
        for one in queries.consents()
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
