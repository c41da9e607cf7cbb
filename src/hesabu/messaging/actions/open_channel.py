"""The addresses that providers are given for their letters."""

from __future__ import annotations

from django.db import connection

from hesabu.identity.permissions import inner
from hesabu.messaging import channel as channels
from hesabu.messaging.types import Webhook
from hesabu.store import letters, tenancy
from hesabu.store.models import Endpoint

PURPOSES = {"africastalking": ("delivery", "inbound", "optout")}
"""A provider whose letters do not say what they are has an address for each kind."""


@inner
def open_channel(provider: str = "whatsapp") -> str:
    """The token of the house's address for a provider, `/hooks/<token>`; opened the first time, the same ever after.

    The provider's secrets stay in settings, so that they can be changed there. In a house transaction, or its own.
    """
    with tenancy.house():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('messaging.open_channel'))")
        row = (
            Endpoint.objects.filter(provider=provider, business_id=None, closed_at=None)
            .order_by("id")
            .first()
        )
        if row is not None:
            return letters.token_of(row.id)
        _, token = letters.open_endpoint(provider)
        return token


@inner
def open_channels() -> list[Webhook]:
    """The addresses of all providers that were chosen, as they are registered there. In a house transaction, or its own."""
    found = []
    for provider in channels.writers():
        path = f"/hooks/{open_channel(provider)}"
        purposes = PURPOSES.get(provider, ("",))
        found += [Webhook(provider, one, f"{path}/{one}".rstrip("/")) for one in purposes]
    return found


@inner
def register_webhook(url: str) -> bool:
    """Tell 360dialog where to bring its letters, and the word to bring with them: it has no page for that. False where it
    did not take it. With no transaction open."""
    return channels.register_webhook(url)
