"""A business to look at: Kamau Designs of Wanjiku Kamau, paid by prompts on the sandbox's paybill. Never in production.

Making it again changes nothing, so `hesabu up` does it at every start.
"""

from __future__ import annotations

from uuid import UUID

OWNER_NAME, OWNER_PHONE = "Wanjiku Kamau", "+254722000111"
BUSINESS_NAME, COUNTRY = "Kamau Designs", "KE"


def seed() -> str:
    """The demo business, made the first time; one line about it. Django is set up by then."""
    from hesabu.store import tenancy

    business_id, is_new = _business()
    with tenancy.bound(business_id, actor=tenancy.Actor("operator")):
        connect_prompts()
    word = "made" if is_new else "is there"
    return f"{BUSINESS_NAME} {word}: {OWNER_NAME}, {OWNER_PHONE}"


def connect_prompts() -> UUID:
    """Let the bound business send M-PESA prompts, through the sandbox's paybill; the payment account's id.

    This is what an operator does with the keys that Safaricom gives a business; chat never asks for them.
    """
    from hesabu.payments import actions as payments
    from hesabu.sandbox.config import SandboxConfig

    box = SandboxConfig.from_env()
    keys = {
        "consumer_key": box.mpesa_key,
        "consumer_secret": box.mpesa_secret,
        "passkey": box.mpesa_passkey,
    }
    return payments.add_account("stk_paybill", box.mpesa_shortcode, credentials=keys)


def _business() -> tuple[UUID, bool]:
    """The owner's business, and whether it is new. One at a time, should two start at once."""
    from django.db import connection

    from hesabu.identity import actions as identity
    from hesabu.identity import queries as people
    from hesabu.messaging import actions as messaging
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    with tenancy.house(actor=tenancy.Actor("operator")):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('hesabu.demo'))")
        contact = messages.contact(messaging.meet(phone=OWNER_PHONE, name=OWNER_NAME))
        person_id = contact.person_id
        if person_id is None:
            person_id = identity.register_person(OWNER_NAME)
            messaging.introduce(contact.id, person_id)
        known = people.memberships_of(person_id)
        if known:
            return known[0].business_id, False
        business_id = identity.register_business(BUSINESS_NAME, COUNTRY, person_id)
        with tenancy.bound(business_id):
            identity.update_business(business_id, phone=OWNER_PHONE)
        return business_id, True
