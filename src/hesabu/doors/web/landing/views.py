"""The front of the house."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hesabu.doors.web.desk import open_to_all


@open_to_all("the front of the house")
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, for whoever finds the address. `SANDBOX_URL` is set in development only."""
    page = {"sandbox_url": getattr(settings, "SANDBOX_URL", "")}
    return render(request, "web/landing.html", {"page": page})
