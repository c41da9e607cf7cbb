"""Somebody lost all second factors, an operator asked that they go, and an admin of the platform agrees, or does not."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hesabu.doors.web.desk import id_in, on_platform, refused
from hesabu.identity import actions, platform, queries
from hesabu.identity.platform import PLATFORM_READ, RESTORATION_AGREE
from hesabu.kit import ids
from hesabu.kit.errors import HesabuError
from hesabu.store import tenancy


@on_platform(PLATFORM_READ)
@require_GET
def restorations(request: HttpRequest) -> HttpResponse:
    """Those that wait for a word."""
    rows = [
        {
            "short": ids.short(one.id),
            "name": queries.person(one.person_id).name,
            "person": ids.short(one.person_id),
            "asked_at": one.asked_at,
            "due_at": one.due_at,
            "is_own": one.person_id == request.user.pk,
        }
        for one in queries.restorations_waiting()
    ]
    may_agree = platform.may(request.user.pk, RESTORATION_AGREE)  # type: ignore[arg-type]
    return render(request, "web/platform/restorations.html", {"rows": rows, "may_agree": may_agree})


@on_platform(RESTORATION_AGREE)
@require_POST
def agree(request: HttpRequest, restoration: str) -> HttpResponse:
    return _answered(request, actions.agree_to_restoration, restoration, _("You agreed."))


@on_platform(RESTORATION_AGREE)
@require_POST
def refuse(request: HttpRequest, restoration: str) -> HttpResponse:
    return _answered(request, actions.refuse_restoration, restoration, _("It is stopped."))


def _answered(
    request: HttpRequest, act: Callable[[UUID], None], restoration: str, done: str
) -> HttpResponse:
    try:
        with tenancy.attempt():
            act(id_in(restoration))
    except HesabuError as error:
        messages.warning(request, refused(error))
    else:
        messages.success(request, done)
    return redirect("platform-restorations")
