"""Forgetting a customer on demand, as the operator. What has been kept long enough goes by itself: `retention`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from hesabu.store import tenancy

if TYPE_CHECKING:
    from hesabu.invoicing.types import Erasure

OPERATOR = tenancy.Actor("operator")


def customers_of(address: str, only: UUID | None = None) -> list[tuple[UUID, str, UUID]]:
    """(business, its name, customer) for a telephone number or a mail address."""
    from hesabu.app.books import businesses
    from hesabu.app.holding import marks
    from hesabu.identity import queries as identity
    from hesabu.invoicing import queries as invoicing

    phone, email = marks(address)
    found = []
    for business_id in businesses(str(only) if only else None):
        with tenancy.bound(business_id, actor=OPERATOR):
            name = identity.business(business_id).name
            ids = invoicing.customer_ids_of(phone, email, [])
            found += [(business_id, name, customer_id) for customer_id in ids]
    return found


def erase(business_id: UUID, customer_id: UUID) -> Erasure:
    """As the operator, on somebody's demand."""
    from hesabu.invoicing import actions as invoicing

    return invoicing.erase_customer(business_id, customer_id, OPERATOR)
