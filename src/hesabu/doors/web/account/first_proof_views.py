"""Pages of the first proof besides the number: waiting for it, and stopping it."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hesabu.doors.web import pace
from hesabu.doors.web.account import first_proof, operating
from hesabu.doors.web.desk import open_to_all, signed_in
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.kit import crypto, ids
from hesabu.store import tenancy

ASKED_PER_DAY = 10
"""Each is told everywhere; whoever asks and stops in turn floods nobody."""


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Why they wait, since when, and what is quicker; asking for it, and stopping it."""
    person_id = request.user.pk
    assert person_id is not None
    begun = queries.first_proof_of(person_id)
    if request.method == "POST" and request.POST.get("action") == "stop" and begun is not None:
        identity.stop_first_proof(begun.id, "asked")
        messages.success(request, _("It is stopped. Nothing was set up."))
        return redirect("first-proof")
    if not first_proof.waits(request):
        return redirect("mfa_index")
    if request.method == "POST":
        pace.keep("first_proof.ask", str(person_id), times=ASKED_PER_DAY, seconds=24 * 3600)
        with tenancy.house():
            begun, is_new = identity.ask_first_proof(person_id)
            if is_new:
                first_proof.tell(person_id, begun.id, "account/first_proof_asked")
        return redirect("first-proof")
    page = {
        "due_at": begun.due_at if begun else None,
        "has_password": request.user.has_usable_password(),  # type: ignore[union-attr]
        "has_address": EmailAddress.objects.filter(user_id=person_id, verified=True).exists(),
    }
    return render(request, "web/account/first_proof.html", page)


@open_to_all("whoever has the link that went to the person; it only takes something back")
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, which: str, mark: str) -> HttpResponse:
    """The link of the message. Looking changes nothing; pressed, it is stopped, and every session of theirs ends,
    and what apps were let do."""
    pace.keep("first_proof.stop", pace.address_of(request), times=30, seconds=3600)
    try:
        first_proof_id = ids.read_short(which)
    except ids.BadId as error:
        raise Http404 from error
    if not crypto.same(
        mark.encode("utf-8", "replace"), first_proof.mark_of(first_proof_id).encode()
    ):
        raise Http404
    page = {"which": which, "mark": mark, "is_stopped": False, "is_late": False}
    if request.method == "POST":
        person_id = identity.stop_first_proof(first_proof_id, "link")
        if person_id is not None:
            operating.end_sessions(person_id)
            identity.end_apps_of(person_id)
        page |= {"is_stopped": person_id is not None, "is_late": person_id is None}
    answer = render(request, "web/account/first_proof_stop.html", page)
    answer["Referrer-Policy"] = "same-origin"
    return answer
