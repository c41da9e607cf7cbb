"""The address of an invoice's page: public, short, unguessable, and made again from the invoice whenever it is needed."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from hesabu.store import links, tenancy

PAY = "pay"
"""The kind of link that leads to an invoice's page."""


def open_page(invoice_id: UUID) -> str:
    """Open the page's address, and return it. Opening it again changes nothing."""
    return _url(links.make(PAY, tenancy.only(), invoice_id))


def page_url(invoice_id: UUID) -> str:
    return _url(token(invoice_id))


def token(invoice_id: UUID) -> str:
    """The last part of the address, as a template's button carries it."""
    return links.token_of(PAY, invoice_id)


def _url(page_token: str) -> str:
    return f"{settings.CONFIG.public_url.rstrip('/')}/p/{page_token}"
