"""Pages of somebody's own account that the library has none for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import signed_in
from hesabu.identity import queries as identity


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The overview is the page of second factors."""
    return redirect("mfa_index")


@signed_in
@require_GET
def tries(request: HttpRequest) -> HttpResponse:
    """Who tried to sign in as me, and from where."""
    assert request.user.pk is not None
    return render(
        request, "web/account/tries.html", {"tries": identity.attempts_of(request.user.pk)}
    )
