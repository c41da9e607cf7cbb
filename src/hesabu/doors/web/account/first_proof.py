"""Who came in by their number alone sets up nothing that outlives a borrowed phone, until a day has passed in which they were
told everywhere and could stop it. See identity's `first_proofs`.

What counts as more than the number: a password, a second factor, or a PIN that is a day old (one that was first set by the
number alone, once that was told for a day). An account that is not a day old has nobody else's to lose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hesabu.doors.web.account import letters, operating
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.facts import FirstPinSet, FirstProofUsed
from hesabu.kit import clock, crypto, ids
from hesabu.store import tenancy

View = Callable[..., HttpResponse]
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


def rests_on_number(request: HttpRequest) -> bool:
    """Whether nothing but the number, and a PIN that proves nothing yet, was shown by whoever is signed in."""
    shown = _shown_ways(request)
    if not shown or not shown <= BY_NUMBER:
        return False
    return "pin" not in shown or queries.is_pin_doubted(request.user.pk)  # type: ignore[arg-type]


@contextmanager
def using(request: HttpRequest | None) -> Iterator[None]:
    """What is set up in here is kept together with the fact that it was the first proof, if it was: in one transaction, and told
    by who reads that fact (`tell_used`). For everybody else nothing is different."""
    if request is None or not _waited(request):
        yield
        return
    person_id = request.user.pk
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        known = identity.begin_use(person_id)  # type: ignore[arg-type]
        yield
        identity.end_use(person_id, known)  # type: ignore[arg-type]


def _waited(request: HttpRequest) -> bool:
    if not request.user.is_authenticated or not request.session.session_key:
        return False
    shown = _shown_ways(request)
    if not shown or not shown <= BY_NUMBER:
        return False
    begun = queries.first_proof_of(request.user.pk)
    return begun is not None and begun.is_open(clock.now())


def used_by(view: View) -> View:
    """A page on which a first proof is set up."""

    @wraps(view)
    def seen(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with using(request):
            return view(request, *args, **kwargs)

    seen.uses_first_proof = True  # type: ignore[attr-defined]
    return seen


def tell_pin(facts: Sequence[FirstPinSet]) -> None:
    """A first PIN was set by the number alone: told everywhere, but by the number in whose conversation it just was."""
    for fact in facts:
        person_id = identity.take_first_pin(fact.first_proof_id)
        if person_id is not None:
            tell(person_id, fact.first_proof_id, "account/pin_set", skips_last=fact.in_chat)


def tell_used(facts: Sequence[FirstProofUsed]) -> None:
    """It is set up: told everywhere, also at the addresses that went by that."""
    for fact in facts:
        told = identity.first_proof_to_tell(fact.first_proof_id)
        tell(told.person_id, fact.first_proof_id, "account/first_proof_used", also=told.addresses)


def not_me(first_proof_id: UUID) -> tuple[str, ...] | None:
    """Whoever followed the link says that it was not them: what was undone, sessions too; None where nothing is to stop. All of
    it, or nothing."""
    with tenancy.house():
        stopped = identity.say_not_me(first_proof_id)
        if stopped is None:
            return None
        count = operating.end_sessions(stopped.person_id)
        return (*stopped.undone, *(["sessions"] if count else []))


def remind() -> int:
    """Tell those whose day is over, and can still stop it; how many. And those of a first PIN whom nobody told."""
    for first_proof_id in queries.untold_first_pins():
        with tenancy.house():
            whose = identity.take_first_pin(first_proof_id)
            if whose is not None:
                tell(whose, first_proof_id, "account/pin_set")
    told = 0
    for one in queries.due_first_proofs():
        with tenancy.house():
            person_id = identity.take_first_proof(one.id)
            if person_id is not None:
                tell(
                    person_id,
                    one.id,
                    "account/pin_due" if one.is_pin else "account/first_proof_due",
                )
                told += 1
    return told


def _shown_ways(request: HttpRequest) -> set[str]:
    return {one["method"] for one in get_authentication_records(request, request.user)}


def mark_of(first_proof_id: UUID) -> str:
    return crypto.mac("first_proof", str(first_proof_id), 32)


def tell(
    person_id: UUID,
    first_proof_id: UUID,
    kind: str,
    *,
    skips_last: bool = False,
    also: Sequence[str] = (),
) -> None:
    """Every number and address of theirs, and who else owns their businesses; each with the link."""
    path = reverse("first-proof-stop", args=[ids.short(first_proof_id), mark_of(first_proof_id)])
    told = {"link": settings.CONFIG.public_url + path, "name": queries.person(person_id).name}
    cause = str(first_proof_id)
    letters.write_everywhere(person_id, kind, cause, told, skips_last=skips_last, also=also)
    for owner_id in queries.fellow_owners_of(person_id):
        letters.write_everywhere(owner_id, f"{kind}/fellow", cause, told)
