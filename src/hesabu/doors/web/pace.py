"""Pace: how often one visitor may do one thing, so that a link in wrong hands rings nobody's phone all night.

A counter per window in the cache. It is polite, not a wall: a process counts by itself where the cache is its own, and
money is guarded elsewhere (a prompt is asked once per key, and never twice within two minutes).
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.cache import cache as counters
from django.http import HttpRequest

from hesabu.kit import clock, crypto
from hesabu.kit.errors import HesabuError
from hesabu.kit.senders import Proxies


class TooOften(HesabuError):
    code, status = "pace.too_often", 429
    title = "That was a little too often."
    hint = "Wait a minute, then try again. Nothing was lost."

    @property
    def retry_after_seconds(self) -> int:
        return int(self.extra.get("retry_after_seconds", 60))


def keep(name: str, who: str, *, times: int, seconds: int) -> None:
    """Count one more. Raises TooOften beyond `times` in this window of `seconds`."""
    now = int(clock.now().timestamp())
    window = now // seconds
    key = f"pace:{name}:{window}:{crypto.digest(who).hex()[:24]}"
    counters.add(key, 0, timeout=seconds + 1)
    try:
        count = counters.incr(key)
    except ValueError:  # the counter fell out of the cache between the two calls
        return
    if count > times:
        raise TooOften(retry_after_seconds=(window + 1) * seconds - now)


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as the connection and the proxies we trust tell."""
    return _proxies(settings.CONFIG.trusted_proxies).sender(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


@cache
def _proxies(trusted: str) -> Proxies:
    return Proxies(trusted.split(","))
