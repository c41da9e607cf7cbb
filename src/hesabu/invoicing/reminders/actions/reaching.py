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
        only_mail = None if customer.phone else customer.email
        customer.contact_id = messaging.meet(phone=customer.phone, email=only_mail)
        customer.save(update_fields=["contact_id"])
    keep_email(customer, None)
    return customer.contact_id


def keep_email(customer: Customer, before: str | None) -> None:
    """A customer's mail address is a rung of the contact's ladder, where the contact has none, or the one that this customer
    had `before`. A contact writes with many businesses: none of them may turn away the mail of the others."""
    if customer.contact_id is None or not customer.email:
        return
    known = messages.contact(customer.contact_id).email
    if known is None or (before is not None and known.lower() == before.lower()):
        messaging.keep_email(customer.contact_id, customer.email)
