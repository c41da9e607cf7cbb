"""Forgetting: a customer on demand, and everything that has been kept long enough, every night."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from hesabu.store import jobs, tenancy

if TYPE_CHECKING:
    from hesabu.invoicing.types import Erasure

log = structlog.get_logger(__name__)
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


@jobs.task("app.forget", retries=1, priority=-5)
def forget() -> None:
    """What was kept for as long as it was to be kept: letters' and messages' words, addresses, papers of the forgotten."""
    from django.conf import settings

    from hesabu.app.books import businesses
    from hesabu.invoicing import actions as invoicing
    from hesabu.kit import clock
    from hesabu.messaging import actions as messaging
    from hesabu.store import letters, origins

    config, now = settings.CONFIG, clock.now()
    counts = {"letters": 0, "messages": 0, "papers": 0}
    with tenancy.house():
        counts["letters"] = letters.erase_bodies_before(
            now - timedelta(days=config.keep_letters_days)
        )
    counts["addresses"] = origins.forget_before(now - timedelta(days=config.keep_addresses_days))
    for business_id in (tenancy.HOUSE, *businesses()):
        with tenancy.bound(business_id):
            counts["messages"] += messaging.erase_words_before(
                now - timedelta(days=config.keep_messages_days)
            )
        if business_id != tenancy.HOUSE:
            counts["papers"] += invoicing.erase_expired(business_id)
    log.info("forgotten", **counts)


jobs.every("app.forget", cron="17 1 * * *")
