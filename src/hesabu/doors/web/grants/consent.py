"""Where an app sends somebody, so that they let it act for them: OAuth 2.1, a code with a challenge by S256.

    GET  /account/authorize?response_type=code&client_id=app_…&redirect_uri=…&scope=…&state=…&code_challenge=…&code_challenge_method=S256
         the page that says which app, for which business, for what
    POST what they answered ──▶ redirect_uri?code=…&state=…&iss=…     or ?error=access_denied&state=…&iss=…

What an app asks for by an address that it did not register is told on a page and sent nowhere. Everything else that is wrong
goes back to the app. What was asked is carried from the page to the answer sealed, with whom it was shown to and when: another
person's answer, or one to something else, is none.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hesabu.doors.web import scopes
from hesabu.doors.web.account import life
from hesabu.doors.web.account.factors import require_fresh
from hesabu.doors.web.desk import LAST, open_to_all, refused, signed_in
from hesabu.identity import actions, permissions
from hesabu.identity import queries as identity
from hesabu.identity.types import AppView, Membership
from hesabu.kit import clock, crypto, ids
from hesabu.kit.errors import Forbidden, HesabuError, Invalid
from hesabu.store import pace, tenancy

STATE_MAX, ANSWERED_WITHIN_SECONDS, PER_HOUR = 2000, 600, 120


class AskFaulty(Invalid):
    code = "authorize.faulty"
    title = "An app sent you here in a way that we cannot answer."
    hint = "Nothing was agreed to. Go back to the app, and tell whoever made it."


class AskNotYours(Forbidden):
    code = "authorize.not_yours"
    title = "That was asked of somebody else, or too long ago."
    hint = "Nothing was agreed to. Go back to the app and begin again."


@dataclass(frozen=True, slots=True)
class Ask:
    """What an app asks for, as it was shown."""

    client_id: str
    redirect_uri: str
    scopes: list[str]
    state: str
    challenge: str
    person_id: str
    at: int


class SentBack(Exception):
    """Wrong, and the app is told. `error` is the code that RFC 6749 has for it."""

    def __init__(self, error: str, words: str) -> None:
        self.error, self.words = error, words
        super().__init__(error)


@signed_in
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    person_id = request.user.pk
    assert person_id is not None
    pace.keep("web.authorize", str(person_id), times=PER_HOUR, seconds=3600)
    if request.method == "POST":
        return _answered(request, person_id)
    given = request.GET
    app, redirect_uri = _asking(given)
    try:
        ask = _understood(given, app, redirect_uri, person_id)
    except SentBack as wrong:
        said = {"error": wrong.error, "error_description": wrong.words}
        return _sent_back(redirect_uri, _state(given), said)
    return require_fresh(request) or _shown(request, app, ask)


@open_to_all("what every library of OAuth reads first (RFC 8414)")
@require_GET
def described(request: HttpRequest) -> HttpResponse:
    base = issuer()
    ways = ["client_secret_basic", "client_secret_post", "none"]
    return JsonResponse(
        {
            "issuer": base,
            "authorization_endpoint": f"{base}/account/authorize",
            "token_endpoint": f"{base}/api/v1/token",
            "revocation_endpoint": f"{base}/api/v1/revoke",
            "scopes_supported": [one.name for one in permissions.declared()],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ways,
            "revocation_endpoint_auth_methods_supported": ways,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "service_documentation": f"{base}/api/v1/docs",
        }
    )


def issuer() -> str:
    return str(settings.CONFIG.public_url).rstrip("/")


def _asking(given: QueryDict) -> tuple[AppView, str]:
    """The app, and the address of its own that it may be answered at. Raises what is shown to the person and to nobody else."""
    clients, addresses = given.getlist("client_id"), given.getlist("redirect_uri")
    if len(clients) != 1 or len(addresses) != 1:
        raise AskFaulty()
    return identity.app_asking(clients[0], addresses[0]), addresses[0]


def _state(given: QueryDict) -> str:
    """As it came; one that is no text of a decent length is left out."""
    state = given.get("state", "")
    return state if len(state) <= STATE_MAX and state.isprintable() else ""


def _understood(given: QueryDict, app: AppView, redirect_uri: str, person_id: UUID) -> Ask:
    """Raises SentBack."""
    if any(len(values) != 1 for _name, values in given.lists()):
        raise SentBack("invalid_request", "a parameter stands there twice")
    if given.get("response_type") != "code":
        raise SentBack("unsupported_response_type", "response_type is code")
    if given.get("response_mode", "query") != "query":
        raise SentBack("invalid_request", "response_mode is query")
    if "request" in given or "request_uri" in given:
        raise SentBack("request_not_supported", "send plain parameters")
    if _state(given) != given.get("state", ""):
        raise SentBack("invalid_request", "state is too long, or cannot be read")
    if given.get("code_challenge_method") != "S256":
        raise SentBack("invalid_request", "code_challenge_method is S256")
    challenge = given.get("code_challenge", "")
    if len(challenge) != 43 or not challenge.isascii() or not challenge.isprintable():
        raise SentBack("invalid_request", "code_challenge is the S256 of a verifier")
    wanted = given.get("scope", "").split()
    if not wanted or not set(wanted) <= set(app.scopes):
        raise SentBack("invalid_scope", "ask for some of what the app was registered with")
    at = int(clock.now().timestamp())
    chosen = sorted(set(wanted))
    return Ask(app.client_id, redirect_uri, chosen, _state(given), challenge, str(person_id), at)


def _shown(
    request: HttpRequest, app: AppView, ask: Ask, wrong: str = "", status: int = 200
) -> HttpResponse:
    member_of = identity.memberships_of(UUID(ask.person_id))
    open_to = [one for one in member_of if _may_let(one, app, ask)]
    last = request.session.get(LAST)
    shorts = [ids.short(one.business_id) for one in open_to]
    page = {
        "app": app,
        "is_strange": app.business_id not in {one.business_id for one in member_of},
        "host": urlsplit(app_address := ask.redirect_uri).netloc or app_address,
        "groups": scopes.grouped(ask.scopes),
        "businesses": [
            {"short": ids.short(one.business_id), "name": one.business_name} for one in open_to
        ],
        "proposed": last if last in shorts else shorts[0] if len(shorts) == 1 else "",
        "ask": _sealed(ask),
        "wrong": wrong,
        "days": settings.CONFIG.app_days,
    }
    answer = render(request, "web/grants/consent.html", page, status=status)
    answer._csp_update = {"form-action": [_origin(ask.redirect_uri)]}  # type: ignore[attr-defined]
    return answer


def _may_let(one: Membership, app: AppView, ask: Ask) -> bool:
    """Whether the app is for that business, and the person may there what it asks, or some of it."""
    is_for_it = app.is_for_others or app.business_id == one.business_id
    return is_for_it and bool(permissions.granted(one.role) & set(ask.scopes))


def _answered(request: HttpRequest, person_id: UUID) -> HttpResponse:
    ask = _unsealed(request.POST.get("ask", ""))
    is_late = clock.now().timestamp() - ask.at > ANSWERED_WITHIN_SECONDS
    if ask.person_id != str(person_id) or is_late:
        raise AskNotYours()
    app = identity.app_asking(ask.client_id, ask.redirect_uri)
    if request.POST.get("answer") != "agree":
        said = {"error": "access_denied", "error_description": "they said no"}
        return _sent_back(ask.redirect_uri, ask.state, said)
    if (led := require_fresh(request)) is not None:
        return led
    member_of = identity.memberships_of(person_id)
    wanted = request.POST.get("business", "")
    chosen = next((one for one in member_of if ids.short(one.business_id) == wanted), None)
    if chosen is None or not _may_let(chosen, app, ask):
        return _shown(request, app, ask, _("Choose for which business."), status=422)
    try:
        with tenancy.bound(chosen.business_id, actor=tenancy.Actor("person", person_id)):
            _grant_id, code = actions.grant_app(
                app.id,
                ask.scopes,
                redirect_uri=ask.redirect_uri,
                challenge=ask.challenge,
                has_factor=life.standing(request).has_factor,
            )
    except HesabuError as error:
        return _shown(request, app, ask, refused(error), status=error.status)
    return _sent_back(ask.redirect_uri, ask.state, {"code": code})


def _sent_back(redirect_uri: str, state: str, said: dict[str, str]) -> HttpResponse:
    """To an address that the app registered, with what it sent along and who answers (RFC 9207)."""
    more = urlencode({**said, **({"state": state} if state else {}), "iss": issuer()})
    answer = HttpResponse(status=303)
    answer["Location"] = f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{more}"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer


def _origin(redirect_uri: str) -> str:
    """What the content policy calls where the form leads on to."""
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def _sealed(ask: Ask) -> str:
    return base64.urlsafe_b64encode(crypto.seal(json.dumps(asdict(ask)).encode())).decode()


def _unsealed(text: str) -> Ask:
    """Raises AskNotYours for what we did not seal."""
    try:
        found: dict[str, Any] = json.loads(crypto.unseal(base64.urlsafe_b64decode(text)))
        return Ask(**found)
    except (crypto.Unreadable, binascii.Error, ValueError, TypeError) as error:
        raise AskNotYours() from error
