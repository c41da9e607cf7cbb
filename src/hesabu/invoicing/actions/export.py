"""All that is held on a customer, for the customer: asked for by an owner, made by a job."""

from __future__ import annotations

from uuid import UUID

from hesabu.identity import actions as people
from hesabu.identity.permissions import needs, refusal
from hesabu.identity.types import ExportOn
from hesabu.invoicing import finding
from hesabu.invoicing.permissions import CUSTOMER_EXPORT
from hesabu.store import tenancy


@needs(CUSTOMER_EXPORT)
def ask_customer_export(customer_id: UUID) -> UUID:
    """The export's id; only who asks may fetch it. In the binding of the one business, as a person. Raises CustomerNotFound."""
    actor = tenancy.current().actor
    if actor.kind != "person" or actor.id is None:
        raise refusal(CUSTOMER_EXPORT.name)
    finding.customer(customer_id)
    return people.open_export(ExportOn.CUSTOMER, customer_id, actor.id)
