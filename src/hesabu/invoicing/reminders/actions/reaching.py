"""How a customer is reached."""

from __future__ import annotations

from uuid import UUID

from hesabu.invoicing.models import Customer
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages


def contact_of(customer: Customer) -> UUID | None:
    """The contact a customer is reached by; None where there is neither a number nor an address. Somebody known by those
    only is met now, and remembered; their mail address is a rung of the ladder."""
    if customer.contact_id is None and (customer.phone or customer.email):
        customer.contact_id = messaging.meet(phone=customer.phone, email=customer.email)
        customer.save(update_fields=["contact_id"])
    elif customer.contact_id is not None and customer.email:
        keep_email(customer.contact_id, customer.email)
    return customer.contact_id


def keep_email(contact_id: UUID, email: str) -> None:
    """A customer's mail address is the contact's, where the contact has none: another business may know a better one, and
    what they told us themselves is better than what others say."""
    if messages.contact(contact_id).email is None:
        messaging.keep_email(contact_id, email)
