"""Telling people what they did not ask for, each in their own language: the owners of a business, and its customers.

The language of a reader: the one they chose, else the one they last wrote clearly in, else the one they have as a person,
else the business's or the customer's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, override

from hesabu.doors.chat import memory, speak
from hesabu.doors.chat.grammar.switching import LANGUAGES
from hesabu.doors.chat.speech import Saying
from hesabu.identity import queries as identity
from hesabu.identity.types import Role
from hesabu.messaging import queries as messages
from hesabu.messaging.types import Category, Contact
from hesabu.store import tenancy

LANGUAGE = "en"
"""Where nothing else is known."""
Make = Callable[[], Saying]
"""Makes the saying, in the language that is spoken while it is called."""


def worded(say: Callable[..., str], *about: Any) -> Make:
    """A saying of those words about that, made in the language of whoever it is told to."""
    return lambda: Saying(say(*about))


def language_of(contact: Contact, otherwise: str = "") -> str:
    """What this reader reads. In any binding."""
    if contact.language:
        return spoken(contact.language)
    if contact.person_id is not None:
        return spoken(identity.person(contact.person_id).language or otherwise)
    return spoken(otherwise)


def spoken(language: str) -> str:
    """The language, where we speak it: papers know more of them. Else English, so that words and figures are of one."""
    return language if language in LANGUAGES else LANGUAGE


def _read_by(contact: Contact, otherwise: str) -> str:
    """As they are answered: in the language they chose, else the one they last wrote clearly in."""
    known = contact.language or memory.language_of(contact.id)
    return spoken(known) if known else language_of(contact, otherwise)


def owners() -> list[Contact]:
    """Where the owners of the bound business are reached: each person where they wrote last."""
    found = []
    for member in identity.members(tenancy.only()):
        if member.role is Role.OWNER:
            found += reached(member.person_id)
    return found


def reached(person_id: UUID) -> list[Contact]:
    """Where a person wrote last, if that is still surely them."""
    known = messages.contacts_of_person(person_id)
    return [contact for contact in known if not contact.is_doubted][:1]


def tell_owners(make: Make, cause: str = "", category: Category = Category.NEWS) -> None:
    """Say it to each owner, made anew in each one's language, once per cause. What can be tapped can be answered in words,
    too. Inside the binding."""
    language = identity.business(tenancy.only()).language
    for contact in owners():
        _tell(contact, make, cause, language, category)


def tell_person(person_id: UUID, make: Make, cause: str) -> None:
    """Say it to one person of the bound business, where they wrote last; to nobody, where they never wrote."""
    language = identity.business(tenancy.only()).language
    for contact in reached(person_id):
        _tell(contact, make, cause, language, Category.TRANSACTION)


def tell_contact(
    contact_id: UUID,
    make: Make,
    cause: str,
    language: str = "",
    category: Category = Category.TRANSACTION,
) -> None:
    """Say something to a customer, inside the binding of the business it comes from. `language` is the customer's, as the
    business keeps it; without it, the business's own."""
    language = language or identity.business(tenancy.only()).language
    contact = messages.contact(contact_id)
    with override(_read_by(contact, language)):
        saying = make()
        message_id = speak.tell(contact, saying, saying.cause or cause, category, _in_english(make))
    _remember(contact.id, saying, message_id)


def _in_english(make: Make) -> str:
    """The same words for a template that may be there in English alone; "" where it is English that is spoken."""
    if spoken(get_language() or LANGUAGE) == LANGUAGE:
        return ""
    with override(LANGUAGE):
        return make().body


def _tell(contact: Contact, make: Make, cause: str, language: str, category: Category) -> None:
    with override(_read_by(contact, language)):
        saying = make()
        to_each = f"{saying.cause or cause}:{contact.id}"
        message_id = speak.tell(contact, saying, to_each, category, _in_english(make))
    _remember(contact.id, saying, message_id)


def _remember(contact_id: UUID, saying: Saying, message_id: UUID) -> None:
    """What can be tapped, and which invoice a message was about."""
    about = speak.about(saying)
    if saying.options or about:
        remembered = memory.locked(contact_id)
        remembered.offer(saying.options)
        remembered.show(message_id, about)
        memory.keep(contact_id, remembered)
