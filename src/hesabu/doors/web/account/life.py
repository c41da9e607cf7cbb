"""How long somebody stays signed in: so long without doing anything, and so long at most, by what they are.

What a person is (their roles, whether they need a second factor and have one) is looked up once a minute and kept in the
session between; a change of their second factors forgets it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model, logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hesabu.doors.web import pace
from hesabu.doors.web.account import texted
from hesabu.doors.web.account.kept_sessions import SessionStore
from hesabu.identity import queries as identity
from hesabu.kit import clock, crypto

BEGAN, SEEN, STANDING = "began_at", "seen_at", "standing"
NOTED = "noted"
"""In the session: for which minute, and for which browser where, its row among the sessions was written last."""
LOOK_AGAIN_SECONDS = 60
BY_ITSELF = "Hesabu-By-Itself"
"""A header: a page that follows what happens fetches itself, and nobody did anything."""
REAL_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is, as far as their session asks."""

    idle_seconds: int
    life_seconds: int
    needs_factor: bool
    has_factor: bool
    looked_at: int


def now() -> int:
    return int(clock.now().timestamp())


def standing(request: HttpRequest, *, afresh: bool = False) -> Standing:
    """Of whoever is signed in."""
    kept = request.session.get(STANDING)
    if kept and not afresh and now() - kept["looked_at"] < LOOK_AGAIN_SECONDS:
        return Standing(**kept)
    assert request.user.pk is not None
    found = standing_of(request.user.pk)
    if not is_by_itself(request):
        request.session[STANDING] = asdict(found)
    return found


def is_by_itself(request: HttpRequest) -> bool:
    """Whether a page asks and nobody did anything: it opens a stream, or fetches what a stream told it of. That keeps no
    session alive. Whoever claims it of what they did themselves only hurts themselves."""
    return request.path.startswith("/live/") or BY_ITSELF in request.headers


def forget_standing(request: HttpRequest) -> None:
    request.session.pop(STANDING, None)


def has_real_factor(person_id: UUID) -> bool:
    """Whether they have a passkey or an authenticator app."""
    return bool(Authenticator.objects.filter(user_id=person_id, type__in=REAL_FACTORS).exists())


def has_factor(person_id: UUID) -> bool:
    """Whether they have a second factor that counts: a passkey, an authenticator app, or codes by text message."""
    return has_real_factor(person_id) or texted.counts_for(person_id)


def drop_dangling_recovery_codes(person_id: UUID) -> None:
    """Recovery codes stand in for a second step; without one there is nothing to stand in for."""
    mine = Authenticator.objects.filter(user_id=person_id)
    if not mine.filter(type__in=REAL_FACTORS).exists():
        mine.delete()


def standing_of(person_id: UUID) -> Standing:
    """As the database has it now."""
    config = settings.CONFIG
    roles = {one.role for one in identity.memberships_of(person_id)}
    limits = [config.session_limits[role] for role in roles if role in config.session_limits]
    if len(limits) < len(roles) or not roles:
        limits.append((config.session_idle_minutes * 60, config.session_hours * 3600))
    is_of_house = bool(identity.platform_roles_of(person_id))
    return Standing(
        idle_seconds=min(idle for idle, _ in limits),
        life_seconds=min(most for _, most in limits),
        needs_factor=config.second_factor_for_all
        or is_of_house
        or identity.is_trusted_with_danger(roles),
        has_factor=has_factor(person_id),
        looked_at=now(),
    )


def is_over(session: Mapping[str, Any]) -> bool:
    """Whether its time is over, by what it knows of itself. Nobody's session has no time of its own."""
    of, at = session.get(STANDING), now()
    if not of or BEGAN not in session or SEEN not in session:
        return False
    return bool(at - session[SEEN] > of["idle_seconds"] or at - session[BEGAN] > of["life_seconds"])


def still_signed_in(request: HttpRequest) -> bool:
    """Whether whoever began this request is signed in still, asked of the database and not of what the request remembers. A
    response that lives long (a stream) asks this every minute at least, and ends when it is not so. Asking is not doing
    something: it keeps no session alive."""
    key, person_id = request.session.session_key, request.user.pk
    if not key or person_id is None:
        return False
    return _kept_of(key, person_id) is not None


def still_signed_in_by(key: str, person_id: UUID) -> bool:
    """The same of a session by its key, by the limits and factors that hold for the person now, whatever the session remembers:
    for what is open for hours, in which no request comes to look them up again."""
    kept = _kept_of(key, person_id)
    if kept is None:
        return False
    of = standing_of(person_id)
    if of.needs_factor and not of.has_factor:
        return False
    return not is_over({**kept, STANDING: asdict(of)})


def _kept_of(key: str, person_id: UUID) -> dict[str, Any] | None:
    """What their session holds, if it is theirs still and not over."""
    kept = SessionStore(key).load()
    person = get_user_model().objects.filter(pk=person_id, is_active=True).first()
    if person is None or kept.get(SESSION_KEY) != str(person_id) or is_over(kept):
        return None
    mark = str(kept.get(HASH_SESSION_KEY, "")).encode()
    return kept if crypto.same(mark, person.get_session_auth_hash().encode()) else None


class SessionLife:
    """Ends a session whose time is over; the page then asks to sign in again."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_in = bool(request.session.session_key and request.user.is_authenticated)
        if was_in:
            self._look(request)
        answer = self.get_response(request)
        if was_in and not request.user.is_authenticated:
            # The cookie is gone by itself; `cookies` here would end those of other hosts of the same owner, too.
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def _look(self, request: HttpRequest) -> None:
        session, at = request.session, now()
        by_itself = is_by_itself(request)
        if not by_itself:
            session.setdefault(BEGAN, at)
            session.setdefault(SEEN, at)
        standing(request)
        if is_over(session):
            logout(request)
            messages.info(request, _("You were signed out, because it had been a while."))
        elif not by_itself and at - session[SEEN] >= LOOK_AGAIN_SECONDS:
            session[SEEN] = at


class Tracked(UserSessionsMiddleware):  # type: ignore[misc]
    """Notes when and from where each session did something last: when `SessionLife` sees that another minute began, or it goes
    on under another key, from another address or by another browser. What a page does by itself is none of it."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if is_by_itself(request) or not (session.session_key and request.user.is_authenticated):
            return self.get_response(request)  # type: ignore[no-any-return]
        where = f"{pace.address_of(request)}|{request.META.get('HTTP_USER_AGENT', '')}"
        noted = [session.get(SEEN), crypto.mac("seen", f"{session.session_key}|{where}", 22)]
        if session.get(NOTED) == noted:
            return self.get_response(request)  # type: ignore[no-any-return]
        session[NOTED] = noted
        return super().__call__(request)  # type: ignore[no-any-return]
