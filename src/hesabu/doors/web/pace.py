"""Pace at the web door: who asks. The counting is the store's."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from hesabu.kit.senders import Proxies
from hesabu.store.pace import TooOften, keep

__all__ = ["TooOften", "address_of", "keep"]


def address_of(request: HttpRequest) -> str:
    """Who asks, as far as the connection and the proxies we trust tell."""
    return _proxies(settings.CONFIG.trusted_proxies).sender(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


@cache
def _proxies(trusted: str) -> Proxies:
    return Proxies(trusted.split(","))
