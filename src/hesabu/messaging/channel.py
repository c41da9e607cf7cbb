"""The house's channels, as settings describe them: one WhatsApp number."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from hesabu.messaging.providers.port import Provider
from hesabu.messaging.providers.whatsapp.client import WhatsApp
from hesabu.messaging.types import Channel

PROVIDER = "whatsapp"


def ours() -> frozenset[Channel]:
    """The channels that this house has."""
    return frozenset({Channel.WHATSAPP})


def silence_seconds(channel: Channel) -> int:
    """How long a message may stay without a word that it arrived before it takes the next channel."""
    return 3600


def reader(provider: str) -> Provider:
    """Who reads the letters of a provider."""
    return _whatsapp()


def provider(channel: Channel) -> Provider:
    """Who carries messages there."""
    return _whatsapp()


def _whatsapp() -> Provider:
    config = settings.CONFIG
    return _cloud(config.whatsapp_base_url, config.whatsapp_token, config.whatsapp_phone_number_id)


@lru_cache(maxsize=4)
def _cloud(base_url: str, token: str, phone_number_id: str) -> Provider:
    return WhatsApp(base_url=base_url, token=token, phone_number_id=phone_number_id)
