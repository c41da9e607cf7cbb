"""Second factors: who needs one is led to set it up before anything else, and a day earlier where the number is all they have
shown; and before what is dangerous, everybody shows
once more that it is still them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hesabu.doors.web.account import first_proof, life

View = Callable[[HttpRequest], HttpResponse]


class SecondFactorNeeded:
    """Whoever needs a second factor and has none sees only the pages on which to set one up."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        first = first_proof.stands_before(request)
        if first is not None:
            return first
        if getattr(view, "leave", "").startswith("open") or request.path.startswith(
            (reverse("account_home"), "/static/")
        ):
            return None
        if not request.session.session_key or not request.user.is_authenticated:
            return None
        of = life.standing(request)
        return _led(request) if of.needs_factor and not of.has_factor else None


def _led(request: HttpRequest) -> HttpResponse:
    messages.warning(
        request, _("What you may do here needs a second proof that it is you. Set one up to go on.")
    )
    return redirect("first-proof" if first_proof.waits(request) else "mfa_index")


def require_fresh(request: HttpRequest) -> HttpResponse | None:
    """Before something dangerous: a redirect for who needs a second factor and has none. Raises ReauthenticationRequired
    for who did not show within ten minutes that it is them; the library asks, and goes on with what they were doing."""
    of = life.standing(request, afresh=True)
    if of.needs_factor and not of.has_factor:
        return _led(request)
    if is_reauthentication_required(request, app="allauth.account"):
        raise ReauthenticationRequired()
    return None
