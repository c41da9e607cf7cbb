"""Which provider moves the money of an account, by its name in the account's row."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.conf import settings

from hesabu.payments.actions import tokens
from hesabu.payments.errors import NoWayToCollect
from hesabu.payments.models import PaymentAccount
from hesabu.payments.providers.mpesa.client import Mpesa
from hesabu.payments.providers.mpesa.listing import MpesaList
from hesabu.payments.providers.port import Collector, Lister
from hesabu.payments.types import Provider
from hesabu.store import letters


def collector(provider: str) -> Collector:
    """Who asks for money on this provider's wires. Raises LookupError for one that nobody asks."""
    if provider != Provider.MPESA:
        raise LookupError(f"nobody collects by {provider}")
    return _mpesa(settings.CONFIG.mpesa_base_url, settings.CONFIG.public_url)


def lister(provider: str) -> Lister:
    """Who shows what came to an account of this provider. Raises LookupError for one that nobody asks."""
    wire = collector(provider)
    assert isinstance(wire, Mpesa)
    return MpesaList(wire)


@cache
def _mpesa(base_url: str, public_url: str) -> Mpesa:
    return Mpesa(base_url, public_url, tokens.token)


def callback_of(account: PaymentAccount, collection_id: UUID) -> tuple[str, str]:
    """Where the provider is to answer about a collection, and the secret end of it."""
    if account.endpoint_id is None:
        raise NoWayToCollect()
    token = letters.token_of(account.endpoint_id)
    return collector(account.provider).callback_url(token, collection_id)
