"""Tokens for apps: what an app gets for its code, how it renews it, and how it gives it back.

These two speak OAuth 2.1 rather than our own shapes: forms in, `{"error": …}` out, so that every library can (RFC 6749, 7009,
7636). Where people agree to it is a page of the web door.
"""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import Router

from hesabu.doors.api import paced, shapes
from hesabu.doors.api.door import open_to_all
from hesabu.identity import actions as identity
from hesabu.identity.errors import ClientBad, NotLetIn, ScopesBad
from hesabu.kit.errors import HesabuError
from hesabu.store.pace import TooOften

router = Router()
FORM = "application/x-www-form-urlencoded"
LETTERS_MAX = 2000
ERRORS: dict[type[HesabuError], tuple[str, int]] = {
    ClientBad: ("invalid_client", 401),
    NotLetIn: ("invalid_grant", 400),
    ScopesBad: ("invalid_scope", 400),
}


class Faulty(Exception):
    """What came is no request that OAuth knows. `error` is its code for that."""

    def __init__(self, error: str, words: str) -> None:
        self.error, self.words = error, words
        super().__init__(error)


def _described(fields: dict[str, str], *required: str) -> dict[str, Any]:
    properties = {
        name: {"type": "string", "maxLength": LETTERS_MAX, "description": words}
        for name, words in fields.items()
    }
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}


CLIENT = {
    "client_id": "What the app is known by",
    "client_secret": "Of an app that has one; or by HTTP Basic",
}


@router.post(
    "/token",
    response={200: shapes.TokenOut, 400: shapes.OAuthError, 401: shapes.OAuthError},
    auth=None,
    tags=["oauth"],
    openapi_extra=_described(
        {
            "grant_type": "authorization_code or refresh_token",
            "code": "The code that came back from the page where somebody agreed",
            "redirect_uri": "Where it came back to",
            "code_verifier": "What the challenge was made of",
            "refresh_token": "To renew; it works once",
            "scope": "Fewer scopes than were granted, if fewer are needed",
            **CLIENT,
        },
        "grant_type",
    ),
)
@open_to_all("an app proves itself here by what it sends")
def token(request: HttpRequest) -> HttpResponse:
    """A pair of tokens for a code or a refresh token. Either works once; a dead one ends its family."""
    return _answered(request, _exchanged)


@router.post(
    "/revoke",
    response={200: None, 400: shapes.OAuthError, 401: shapes.OAuthError},
    auth=None,
    tags=["oauth"],
    openapi_extra=_described(
        {"token": "An access or a refresh token", "token_type_hint": "Not needed", **CLIENT},
        "token",
    ),
)
@open_to_all("an app proves itself here by what it sends")
def revoke(request: HttpRequest) -> HttpResponse:
    """Give a token back. A refresh token ends all that the app was given by that person there."""
    return _answered(request, _given_back)


def _exchanged(request: HttpRequest, said: dict[str, str]) -> HttpResponse:
    client_id, secret = _client(request, said)
    kind = said.get("grant_type", "")
    if kind == "authorization_code":
        pair = identity.exchange_code(
            client_id,
            secret,
            _needed(said, "code"),
            redirect_uri=_needed(said, "redirect_uri"),
            verifier=_needed(said, "code_verifier"),
        )
    elif kind == "refresh_token":
        scopes = said["scope"].split() if "scope" in said else None
        pair = identity.renew(client_id, secret, _needed(said, "refresh_token"), scopes=scopes)
    elif kind:
        raise Faulty("unsupported_grant_type", "authorization_code and refresh_token are taken")
    else:
        raise Faulty("invalid_request", "grant_type is missing")
    return JsonResponse(
        {
            "access_token": pair.access,
            "refresh_token": pair.refresh,
            "token_type": "Bearer",
            "expires_in": pair.expires_in_seconds,
            "scope": " ".join(pair.scopes),
        }
    )


def _given_back(request: HttpRequest, said: dict[str, str]) -> HttpResponse:
    client_id, secret = _client(request, said)
    identity.give_back(client_id, secret, _needed(said, "token"))
    return HttpResponse(content_type="application/json")


def _answered(request: HttpRequest, act: Any) -> HttpResponse:
    try:
        answer: HttpResponse = act(request, _said(request))
    except Faulty as fault:
        answer = _error(fault.error, 400, fault.words)
    except tuple(ERRORS) as refusal:
        try:
            paced.failed(request)
        except TooOften as too_often:
            answer = _error("slow_down", 429, too_often.title)
            answer["Retry-After"] = str(too_often.retry_after_seconds)
        else:
            name, status = ERRORS[type(refusal)]
            answer = _error(name, status, refusal.title)
            if status == 401:
                answer["WWW-Authenticate"] = 'Basic realm="hesabu"'
    answer["Cache-Control"] = "no-store"
    return answer


def _error(name: str, status: int, words: str) -> HttpResponse:
    return JsonResponse({"error": name, "error_description": words}, status=status)


def _said(request: HttpRequest) -> dict[str, str]:
    """The form, each field once. Raises Faulty."""
    if request.content_type != FORM:
        raise Faulty("invalid_request", f"send a form, {FORM}")
    try:
        given = request.POST
    except (RequestDataTooBig, SuspiciousOperation, MultiPartParserError) as error:
        raise Faulty("invalid_request", "that is more than we take at once") from error
    said = {}
    for name, values in given.lists():
        if len(values) != 1:
            raise Faulty("invalid_request", "a field stands there twice")
        if len(values[0]) > LETTERS_MAX or not values[0].isprintable():
            raise Faulty("invalid_request", "a field is too long, or cannot be read")
        said[name] = values[0]
    return said


def _needed(said: dict[str, str], name: str) -> str:
    if not said.get(name):
        raise Faulty("invalid_request", f"{name} is missing")
    return said[name]


def _client(request: HttpRequest, said: dict[str, str]) -> tuple[str, str]:
    """(id, secret) of the app, from the header or the form; never from both. Raises Faulty, ClientBad."""
    header = request.headers.get("Authorization", "")
    if not header:
        return _needed(said, "client_id"), said.get("client_secret", "")
    kind, _, packed = header.partition(" ")
    if "client_secret" in said or kind.lower() != "basic":
        raise Faulty("invalid_request", "an app proves itself in one way")
    try:
        client_id, colon, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise ClientBad() from error
    client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    if not colon or said.get("client_id", client_id) != client_id:
        raise ClientBad()
    return client_id, secret
