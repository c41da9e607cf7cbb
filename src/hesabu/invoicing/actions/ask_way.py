"""Asking how to pay: a customer looks for a way to pay an invoice, and there is none."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.permissions import needs
from hesabu.invoicing import queries
from hesabu.invoicing.facts import WayToPayMissing
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.store import idempotency, tenancy
from hesabu.store.facts import publish


@needs(INVOICE_READ)
def ask_way(invoice_id: UUID) -> None:
    """Let it be known that a customer found no way to pay this invoice. Once for each invoice, however often they look."""
    if not queries.invoice(invoice_id).owed:
        return

    def ask() -> dict[str, str]:
        publish(WayToPayMissing(business_id=tenancy.only(), subject_id=invoice_id))
        return {}

    idempotency.once("invoicing.ask_way", str(invoice_id), {}, ask)
