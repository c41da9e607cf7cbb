"""Which provider moves the money of an account, by its name in the account's row."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from hesabu.payments.providers.mpesa.client import Mpesa
from hesabu.payments.providers.port import Collector
from hesabu.payments.types import Provider


def collector(provider: str) -> Collector:
    """Who asks for money on this provider's wires. Raises LookupError for one that nobody asks."""
    if provider != Provider.MPESA:
        raise LookupError(f"nobody collects by {provider}")
    return _mpesa(settings.CONFIG.mpesa_base_url, settings.CONFIG.public_url)


@cache
def _mpesa(base_url: str, public_url: str) -> Mpesa:
    return Mpesa(base_url, public_url)
