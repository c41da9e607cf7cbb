"""The house's channel: one WhatsApp number, as settings describe it."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from hesabu.messaging.providers.port import Provider
from hesabu.messaging.providers.whatsapp.client import WhatsApp

PROVIDER = "whatsapp"


def provider() -> Provider:
    config = settings.CONFIG
    return _provider(
        config.whatsapp_base_url, config.whatsapp_token, config.whatsapp_phone_number_id
    )


@lru_cache(maxsize=4)
def _provider(base_url: str, token: str, phone_number_id: str) -> Provider:
    return WhatsApp(base_url=base_url, token=token, phone_number_id=phone_number_id)
