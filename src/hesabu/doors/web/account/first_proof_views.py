"""Pages of the first proof besides the number: waiting for it, and stopping it."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hesabu.doors.web import pace
from hesabu.doors.web.account import first_proof
from hesabu.doors.web.desk import open_to_all, signed_in
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.kit import crypto, ids
from hesabu.store import tenancy

ASKED_PER_DAY = 10
"""Each is told everywhere; whoever asks and stops in turn floods nobody."""

UNDONE = {
    "pin": gettext_lazy("The PIN was taken away."),
    "factors": gettext_lazy("Passkeys and authenticator apps that were added were taken off."),
    "codes": gettext_lazy("Recovery codes that were made no longer work."),
    "text": gettext_lazy("Codes by text message are as they were before."),
    "password": gettext_lazy("The password is what it was before."),
    "addresses": gettext_lazy("The e-mail addresses are those that there were before."),
    "others": gettext_lazy("Other ways to sign in that were connected were taken off."),
    "keys": gettext_lazy("Keys for programs that were made no longer work."),
    "invitations": gettext_lazy("Invitations that were sent were taken back."),
    "apps": gettext_lazy("What apps were let do was taken back."),
    "sessions": gettext_lazy("All sessions were ended."),
}
"""What `not_me` took back, in words."""


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Why they wait, since when, and what is quicker; asking for it, and stopping it."""
    person_id = request.user.pk
    assert person_id is not None
    begun = queries.first_proof_of(person_id)
    if request.method == "POST" and request.POST.get("action") == "stop" and begun is not None:
        identity.stop_first_proof(begun.id)
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
    """The link of the message. Looking changes nothing; pressed, it is stopped, every session of theirs ends, and what was made
    meanwhile is undone. The page says what."""
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
        undone = first_proof.not_me(first_proof_id)
        words = [str(UNDONE[one]) for one in undone or ()]
        page |= {"is_stopped": undone is not None, "is_late": undone is None, "undone": words}
    answer = render(request, "web/account/first_proof_stop.html", page)
    answer["Referrer-Policy"] = "same-origin"
    return answer
