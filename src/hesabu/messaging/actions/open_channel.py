"""The address that the provider is given for its letters."""

from __future__ import annotations

from django.db import connection

from hesabu.messaging.channel import PROVIDER
from hesabu.store import letters, tenancy
from hesabu.store.models import Endpoint


def open_channel() -> str:
    """The token of the house's WhatsApp address, `/hooks/<token>`; opened the first time, the same ever after.

    The app's secret and the word of the handshake stay in settings, so that they can be changed there. In a house
    transaction, or its own.
    """
    with tenancy.house():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('messaging.open_channel'))")
        row = (
            Endpoint.objects.filter(provider=PROVIDER, business_id=None, closed_at=None)
            .order_by("id")
            .first()
        )
        if row is not None:
            return letters.token_of(row.id)
        _, token = letters.open_endpoint(PROVIDER)
        return token
