"""How often one may ask, and how every answer says what is left of that (`RateLimit`, `RateLimit-Policy`: the draft of the
IETF's httpapi group). Counted for each key or app, and for all of a business together; across processes, in the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hesabu.identity.types import Bearer
from hesabu.kit import clock
from hesabu.kit.senders import Proxies
from hesabu.store import pace

OF_ONE, OF_ALL, FAILED, SECONDS = 600, 3000, 30, 60
ALLOWED = "hesabu_allowed"
"""On the request: what was counted for it."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A count, and what is left of it until it begins anew."""

    name: str
    times: int
    left: int
    seconds_left: int


def counted(request: HttpRequest, bearer: Bearer) -> None:
    """One more of this bearer, and of its business. Raises TooOften."""
    seconds_left = SECONDS - int(clock.now().timestamp()) % SECONDS
    found: list[Allowed] = []
    is_over = False
    for name, who, times in (
        ("key", bearer.id, OF_ONE),
        ("business", bearer.business_id, OF_ALL),
    ):
        used = pace.count(f"api.{name}", str(who), seconds=SECONDS)
        found.append(Allowed(name, times, max(0, times - used), seconds_left))
        is_over = is_over or used > times
    setattr(request, ALLOWED, found)
    if is_over:
        raise pace.TooOften(retry_after_seconds=seconds_left)


def failed(request: HttpRequest) -> None:
    """One more that opened nothing, from that address. Raises TooOften."""
    pace.keep("api.failed", address_of(request), times=FAILED, seconds=SECONDS)


class Paced:
    """The middleware: says in every answer of the API what is left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        found: list[Allowed] = getattr(request, ALLOWED, [])
        if found:
            answer["RateLimit-Policy"] = ", ".join(
                f'"{one.name}";q={one.times};w={SECONDS}' for one in found
            )
            answer["RateLimit"] = ", ".join(
                f'"{one.name}";r={one.left};t={one.seconds_left}' for one in found
            )
        return answer


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as the connection and the proxies we trust tell."""
    return _proxies(settings.CONFIG.trusted_proxies).sender(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


@cache
def _proxies(trusted: str) -> Proxies:
    return Proxies(trusted.split(","))
