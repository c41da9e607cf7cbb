"""Telling the merchant what they did not ask for: everybody who owns the business and can be reached, each once."""

from __future__ import annotations

from uuid import UUID

from hesabu.doors.chat import memory, speak
from hesabu.doors.chat.engine import Saying
from hesabu.identity import queries as identity
from hesabu.identity.types import Role
from hesabu.messaging import queries as messages
from hesabu.messaging.types import Contact
from hesabu.store import tenancy


def owners() -> list[Contact]:
    """Where the owners of the bound business are reached: each person where they wrote last."""
    found = []
    for member in identity.members(tenancy.only()):
        if member.role is Role.OWNER:
            found += messages.contacts_of_person(member.person_id)[:1]
    return found


def tell_owners(saying: Saying, cause: str = "") -> None:
    """Say it to each owner, once per cause. What can be tapped can be answered in words, too. Inside the binding."""
    for contact in owners():
        speak.tell(contact.id, saying, f"{saying.cause or cause}:{contact.id}")
        if saying.options:
            remembered = memory.locked(contact.id)
            remembered.offer(saying.options)
            memory.keep(contact.id, remembered)


def tell_contact(contact_id: UUID, saying: Saying, cause: str) -> None:
    """Say something to a customer, inside the binding of the business it comes from."""
    speak.tell(contact_id, saying, cause)
    if saying.options:
        remembered = memory.locked(contact_id)
        remembered.offer(saying.options)
        memory.keep(contact_id, remembered)
