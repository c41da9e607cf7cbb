"""Pages of somebody's own account that the library has none for."""

from __future__ import annotations

import zoneinfo

from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hesabu.doors.web.account import oidc, text_views
from hesabu.doors.web.desk import open_to_all, signed_in
from hesabu.identity import actions
from hesabu.identity import queries as identity
from hesabu.identity.errors import BadDetail

begin_other = open_to_all("signing in: whoever goes to a provider")(oidc.begin)
come_back = open_to_all("signing in: whoever comes back from a provider")(oidc.come_back)


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The overview is the page of second factors."""
    return redirect("mfa_index")


@signed_in
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """The library's page of second factors, with codes by text message."""
    assert request.user.pk is not None
    more = {
        "text": text_views.shown(request.user.pk),
        "restoration": identity.restoration_of(request.user.pk),
        "timezones": sorted(zoneinfo.available_timezones()),
    }
    answer: HttpResponse = IndexView.as_view(extra_context=more)(request)
    return answer


@signed_in
@require_POST
def hours(request: HttpRequest) -> HttpResponse:
    """In whose hours I am told times, outside of my businesses."""
    assert request.user.pk is not None
    try:
        chosen = actions.set_hours(request.user.pk, request.POST.get("timezone", "").strip()[:60])
    except BadDetail:
        messages.error(
            request, _("There is no such time zone. Choose one of the list, as Africa/Nairobi.")
        )
        return redirect("mfa_index")
    if chosen:
        said = _("Times are told as they are in %(place)s.") % {"place": chosen}
    else:
        said = _("Times are told as they are at your business.")
    messages.success(request, said)
    return redirect("mfa_index")


@signed_in
@require_POST
def stop_restoration(request: HttpRequest) -> HttpResponse:
    """No, I have not lost them."""
    assert request.user.pk is not None
    if actions.stop_restoration(request.user.pk, "asked"):
        messages.success(request, _("It is stopped. Your second factors stay."))
    return redirect("mfa_index")


@signed_in
@require_GET
def tries(request: HttpRequest) -> HttpResponse:
    """Who tried to sign in as me, and from where."""
    assert request.user.pk is not None
    return render(
        request, "web/account/tries.html", {"tries": identity.attempts_of(request.user.pk)}
    )
