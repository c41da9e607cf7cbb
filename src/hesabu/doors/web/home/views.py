"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hesabu.doors.web.desk import signed_in
from hesabu.identity import queries as identity


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    memberships = identity.memberships_of(request.user.pk)
    return render(request, "web/home.html", {"memberships": memberships})
