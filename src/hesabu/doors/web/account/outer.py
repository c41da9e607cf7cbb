"""Cloudflare Access as an outer door: where it is set, no page opens without a word signed by it.

Its word says that somebody passed there, and nothing more: who they are here, they show here. Checked are the signature (RS256
and nothing else, by the key that the word names), who says it, for which application, of which kind, and its time. The
unsigned headers that Access sends besides are not looked at. Pages for customers, webhooks, the API and health have doors of
their own and stay open.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hesabu.doors.web import problems
from hesabu.kit import clock, http, strict_json
from hesabu.kit.errors import Unavailable

log = structlog.get_logger(__name__)
View = Callable[[HttpRequest], HttpResponse]
HEADER = "HTTP_CF_ACCESS_JWT_ASSERTION"
OWN_DOORS = (
    "/p/",
    "/live/p/",
    "/api/",
    "/hooks/",
    "/static/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/.well-known/",
)
LEEWAY_SECONDS = 60
KEEP_KEYS_SECONDS, ASK_AGAIN_SECONDS = 3600, 60
LETTERS_MAX = 8192
KEY_BITS_MIN = 2048


class NotItsWord(Exception):
    """What came is no word of Access for us; the text says why, for the log."""


class Outer:
    """The middleware. Costs nothing where Access is not set."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        team = settings.CONFIG.access_team
        if team and not request.path.startswith(OWN_DOORS):
            try:
                checked(request.META.get(HEADER, ""), team, settings.CONFIG.access_audience)
            except NotItsWord as error:
                log.warning("access.refused", why=str(error))
                return problems.forbidden(request)
            except http.HttpFailure:
                log.error("access.keys_away")
                return problems.answer(request, Unavailable())
        return self.get_response(request)


def checked(word: str, team: str, audience: str) -> dict[str, Any]:
    """What a word of Access claims, once it proved to be one. Raises NotItsWord, HttpFailure."""
    if not word or len(word) > LETTERS_MAX or word.count(".") != 2:
        raise NotItsWord("none")
    signed, _, signature = word.rpartition(".")
    head, _, body = signed.partition(".")
    header, claims = _read(head), _read(body)
    if header.get("alg") != "RS256":
        raise NotItsWord("algorithm")
    key = keys_of(team).named(header.get("kid"))
    try:
        key.verify(_raw(signature), signed.encode(), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise NotItsWord("signature") from error
    _require_claims(claims, team, audience)
    return claims


def _require_claims(claims: dict[str, Any], team: str, audience: str) -> None:
    at = clock.now().timestamp()
    for_whom = claims.get("aud")
    if claims.get("iss") != _origin(team):
        raise NotItsWord("issuer")
    if audience not in (for_whom if isinstance(for_whom, list) else [for_whom]):
        raise NotItsWord("audience")
    if claims.get("type") != "app":
        raise NotItsWord("type")
    if not _is_time(claims.get("exp")) or at > claims["exp"] + LEEWAY_SECONDS:
        raise NotItsWord("expired")
    for name in ("nbf", "iat"):
        begins = claims.get(name)
        if begins is not None and (not _is_time(begins) or at < begins - LEEWAY_SECONDS):
            raise NotItsWord("early")


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _raw(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise NotItsWord("unreadable") from error


def _read(text: str) -> dict[str, Any]:
    try:
        found = strict_json.read(_raw(text))
    except strict_json.NotJson as error:
        raise NotItsWord("unreadable") from error
    if not isinstance(found, dict):
        raise NotItsWord("unreadable")
    return found


def _origin(team: str) -> str:
    """https, but where development stands in for it on this machine."""
    return f"http://{team}" if team.startswith("127.0.0.1:") else f"https://{team}"


class Keys:
    """A team's public keys: kept for an hour; an unknown one is asked for again, at most once a minute."""

    def __init__(self, team: str) -> None:
        self._client = http.Client("access", _origin(team), timeout_seconds=5)
        self._lock = threading.Lock()
        self._keys: dict[str, RSAPublicKey] = {}
        self._asked_at = 0.0

    def named(self, kid: Any) -> RSAPublicKey:
        """Raises NotItsWord for a key that the team has not, HttpFailure where it cannot be asked."""
        if not isinstance(kid, str):
            raise NotItsWord("key")
        with self._lock:
            age = clock.now().timestamp() - self._asked_at
            if age > KEEP_KEYS_SECONDS or (kid not in self._keys and age > ASK_AGAIN_SECONDS):
                self._ask()
            if kid not in self._keys:
                raise NotItsWord("key")
            return self._keys[kid]

    def _ask(self) -> None:
        answer = self._client.request("GET", "/cdn-cgi/access/certs", idempotent=True)
        told = answer.json()
        listed = told.get("keys") if answer.is_ok and isinstance(told, dict) else None
        if not isinstance(listed, list):
            raise http.Unknown("access: no keys")
        self._keys = {str(one["kid"]): key for one in listed if (key := _key(one)) is not None}
        self._asked_at = clock.now().timestamp()


def _key(told: Any) -> RSAPublicKey | None:
    if not isinstance(told, dict) or told.get("kty") != "RSA" or "kid" not in told:
        return None
    try:
        e, n = (int.from_bytes(_raw(str(told[name])), "big") for name in ("e", "n"))
        key = RSAPublicNumbers(e, n).public_key()
    except (KeyError, ValueError, NotItsWord):
        return None
    return key if key.key_size >= KEY_BITS_MIN else None


_known: dict[str, Keys] = {}


def keys_of(team: str) -> Keys:
    return _known.setdefault(team, Keys(team))
