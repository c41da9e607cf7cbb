"""Pace: how often one visitor may do one thing, so that a link in wrong hands rings nobody's phone all night.

A counter per window in the cache. It is polite, not a wall: a process counts by itself where the cache is its own, and
money is guarded elsewhere (a prompt is asked once per key, and never twice within two minutes).
"""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from hesabu.kit import clock, crypto
from hesabu.kit.errors import HesabuError


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
    cache.add(key, 0, timeout=seconds + 1)
    try:
        count = cache.incr(key)
    except ValueError:  # the counter fell out of the cache between the two calls
        return
    if count > times:
        raise TooOften(retry_after_seconds=(window + 1) * seconds - now)


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as the connection tells."""
    return str(request.META.get("REMOTE_ADDR", ""))
