"""Who came in by their number alone sets up nothing that outlives a borrowed phone, until a day has passed in which they were
told everywhere and could stop it. See identity's `first_proofs`.

What counts as more than the number: a password, a second factor, or a PIN that is a day old. An account that is not a day
old has nobody else's to lose.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hesabu.doors.web.account import letters
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.kit import crypto, ids
from hesabu.store import tenancy

OUTLIVES = frozenset(
    {
        *("mfa_activate_totp", "mfa_add_webauthn", "text-set-up", "text-confirm"),
        *("account_email", "account_email_verification_sent", "account_set_password"),
        *("socialaccount_connections", "authorize"),
    }
)
"""Pages that make something by which one comes in later without the phone. A provider that comes back is asked about by itself
(`SocialAdapter.pre_social_login`)."""
BY_NUMBER = frozenset({"whatsapp", "pin"})


def waits(request: HttpRequest) -> bool:
    """Whether whoever is signed in has to wait before they set up a proof of their own."""
    if not request.user.is_authenticated or not request.session.session_key:
        return False
    shown = _shown_ways(request)
    if not shown or not shown <= BY_NUMBER:
        return False
    return queries.needs_first_proof(request.user.pk, has_shown_pin="pin" in shown)


def stands_before(request: HttpRequest) -> HttpResponse | None:
    """Instead of a page that makes a way in: what to do first."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    return redirect("first-proof") if page in OUTLIVES and waits(request) else None


def was_used(request: HttpRequest, user: Any) -> None:
    """They set up a way in. Where they had waited for it, every number and address of theirs hears that it is done."""
    shown = {one["method"] for one in get_authentication_records(request, user)}
    if not shown or not shown <= BY_NUMBER:
        return

    def tell() -> None:
        with tenancy.house():
            used = identity.use_first_proof(user.pk)
            if used is not None:
                letters.write_everywhere(user.pk, "account/first_proof_used", str(used))

    transaction.on_commit(tell)


def remind() -> int:
    """Tell those whose day is over, and can still stop it; how many."""
    told = 0
    for one in queries.due_first_proofs():
        with tenancy.house():
            person_id = identity.take_first_proof(one.id)
            if person_id is not None:
                tell(person_id, one.id, "account/first_proof_due")
                told += 1
    return told


def _shown_ways(request: HttpRequest) -> set[str]:
    return {one["method"] for one in get_authentication_records(request, request.user)}


def mark_of(first_proof_id: UUID) -> str:
    return crypto.mac("first_proof", str(first_proof_id), 32)


def tell(person_id: UUID, first_proof_id: UUID, kind: str) -> None:
    path = reverse("first-proof-stop", args=[ids.short(first_proof_id), mark_of(first_proof_id)])
    link = settings.CONFIG.public_url + path
    letters.write_everywhere(person_id, kind, str(first_proof_id), {"link": link})
