"""Pages of somebody's own account that the library has none for."""

from __future__ import annotations

import structlog
from allauth.mfa.base.views import IndexView
from allauth.socialaccount.providers.openid_connect.views import callback
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from hesabu.doors.web.account import text_views
from hesabu.doors.web.desk import open_to_all, signed_in
from hesabu.identity import queries as identity

log = structlog.get_logger(__name__)


@open_to_all("signing in: whoever comes back from a provider")
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """From an OpenID Connect provider. What it says is read by the library, which trusts its shape: nonsense is refused here."""
    try:
        answer: HttpResponse = callback(request, provider_id)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        log.warning("openid.nonsense", kind=type(error).__name__)
        return render(request, "socialaccount/authentication_error.html", status=400)
    return answer


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The overview is the page of second factors."""
    return redirect("mfa_index")


@signed_in
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """The library's page of second factors, with codes by text message."""
    more = {"text": text_views.shown(request.user.pk)}
    answer: HttpResponse = IndexView.as_view(extra_context=more)(request)
    return answer


@signed_in
@require_GET
def tries(request: HttpRequest) -> HttpResponse:
    """Who tried to sign in as me, and from where."""
    assert request.user.pk is not None
    return render(
        request, "web/account/tries.html", {"tries": identity.attempts_of(request.user.pk)}
    )
