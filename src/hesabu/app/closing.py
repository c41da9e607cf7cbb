"""Accounts whose day has come go: every hour, each in a transaction of its own, over all rooms that know the person."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import connections

from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import ClosingNotFound, LastOwner
from hesabu.kit.marks import marks_of
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.errors import StillGoingOut
from hesabu.store import jobs, tenancy

log = structlog.get_logger(__name__)


@jobs.task("app.close_accounts", retries=1)
def close_due() -> None:
    """One that cannot go yet waits for the next hour: a message to them is on its way, or they became the only
    owner of a business meanwhile."""
    with tenancy.house():
        due = people.closings_due()
    for person_id in due:
        try:
            close(person_id)
        except (ClosingNotFound, LastOwner, StillGoingOut) as error:
            log.warning("account.not_closed", person_id=str(person_id), code=error.code)
        except Exception:  # one that cannot go keeps nobody else here
            log.exception("account.closing_failed", person_id=str(person_id))


def close(person_id: UUID) -> None:
    """All of it, or nothing. What a business has said to them, as its customer, stays the business's."""
    with tenancy.house():
        emails = people.proved_emails_of(person_id)
        known_here = messages.contacts_of_person(person_id)
        contacts = [one for one in known_here if not one.is_doubted]  # another may have the number
        marks = marks_of(words=emails, phones=[contact.phone for contact in contacts])
        roots = {contact.id for contact in contacts}
        roots |= {one for email in emails for one in messages.contact_ids_of(email=email)}
        known = {root: messages.all_ids_of(root) for root in sorted(roots)}
        identity.close_account(person_id)
        messaging.erase_words(marks, with_contacts=[one for some in known.values() for one in some])
        messaging.part(person_id)
        for root, every in known.items():
            messaging.erase_talk(every)
            if not _is_anybodys(every):
                messaging.erase_contact(root)
        log.info("account.closed", person_id=str(person_id))


def _is_anybodys(contact_ids: list[UUID]) -> bool:
    """Whether a business knows the contact. Looked up as the owner's role, as no other sees across businesses; nothing but yes
    or no comes back."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM invoicing_customer WHERE contact_id = ANY(%s))"
            " OR EXISTS (SELECT FROM messaging_message WHERE contact_id = ANY(%s) AND business_id <> %s)",
            (contact_ids, contact_ids, tenancy.HOUSE),
        )
        return bool(cursor.fetchone()[0])


jobs.every("app.close_accounts", cron="41 * * * *")
