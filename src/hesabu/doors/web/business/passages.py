"""From the chat to a page: the link opens for the person it was sent to, signed in; and the PIN, set by whoever shows that it
is them by other means than the telephone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hesabu.doors.web import pace
from hesabu.doors.web.account import first_proof
from hesabu.doors.web.account.factors import require_fresh
from hesabu.doors.web.desk import refused, signed_in
from hesabu.identity import actions, queries
from hesabu.identity.errors import PassageEnded, PinLocked, PinNeeded, WrongPin
from hesabu.kit.errors import HesabuError


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Looking spends nothing: previews do that. A press of the button leads on, once."""
    assert request.user.pk is not None
    pace.keep("passage.follow", pace.address_of(request), times=60, seconds=3600)
    if request.method == "POST":
        try:
            return redirect(actions.take_passage(token, request.user.pk))
        except PassageEnded as error:
            page = {"title": _(error.title), "hint": _(error.hint)}
            return _kept_here(render(request, "web/business/passage.html", page, status=404))
    return _kept_here(render(request, "web/business/passage.html", {"token": token}))


def _kept_here(answer: HttpResponse) -> HttpResponse:
    """The address of the page is a secret while the link lives."""
    answer["Referrer-Policy"] = "same-origin"
    return answer


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """Choose the PIN, or another one for the present one."""
    assert request.user.pk is not None
    led = require_fresh(request)
    if led is not None:
        return led
    has_pin = queries.person(request.user.pk).has_pin
    by_number = first_proof.rests_on_number(request)
    page = {"has_pin": has_pin, "by_number": by_number and not has_pin, "wrong": {}}
    if request.method == "GET":
        return render(request, "web/business/pin.html", page)
    if (
        by_number and not has_pin
    ):  # each is told everywhere; whoever sets and stops in turn floods nobody
        pace.keep("first_pin.set", str(request.user.pk), times=10, seconds=24 * 3600)
    current = request.POST.get("current", "").strip()[:20]
    try:
        actions.set_pin(
            request.user.pk,
            request.POST.get("pin", "").strip()[:20],
            current if has_pin else None,
            by_number=by_number,
        )
    except WrongPin as error:
        said = ngettext(
            "That is not your PIN. %(count)d try is left.",
            "That is not your PIN. %(count)d tries are left.",
            error.tries_left,
        )
        page["wrong"] = {"current": said % {"count": error.tries_left}}
    except PinLocked as error:
        page["wrong"] = {"current": refused(error)}
    except PinNeeded as error:
        page["wrong"] = {"current": refused(error)}
    except HesabuError as error:
        page["wrong"] = {"pin": refused(error)}
    else:
        messages.success(request, _("Your PIN is set. Ask again in the chat for what needed it."))
        return redirect("home")
    return render(request, "web/business/pin.html", page, status=422)
