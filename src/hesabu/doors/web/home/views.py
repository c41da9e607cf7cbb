"""The first page after signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hesabu.identity import queries as identity


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    memberships = identity.memberships_of(request.user.pk)
    return render(request, "web/home.html", {"memberships": memberships})
