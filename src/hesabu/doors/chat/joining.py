"""Joining a business by answering an invitation from the number it was sent to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from hesabu.doors.chat.desk import attempt
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.telling import tell_contact
from hesabu.doors.chat.visit import Visit
from hesabu.doors.chat.words import joining as words
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import BadName, InvitationElsewhere
from hesabu.identity.facts import PersonInvited
from hesabu.identity.types import InvitationWay
from hesabu.messaging import actions as messaging
from hesabu.messaging.types import Contact
from hesabu.store import tenancy
from hesabu.store.facts import Fact


def tell_invited(facts: Sequence[PersonInvited]) -> None:
    """*Later*: whoever is invited by WhatsApp is asked there."""
    for fact in facts:
        found = [one for one in people.invitations() if one.id == fact.subject_id]
        if fact.way != InvitationWay.WHATSAPP or not found:
            continue
        contact_id = messaging.meet(phone=found[0].address)
        name = people.business(fact.business_id).name
        tell_contact(
            contact_id, partial(_asked, name, fact.subject_id), f"invited:{fact.subject_id}"
        )


def _asked(business: str, invitation_id: UUID) -> Saying:
    join, no = words.join_buttons()
    business_id = tenancy.only()
    return Saying(
        words.you_are_invited(business),
        (
            Option(join, written("join", business_id, invitation_id)),
            Option(no, written("nojoin", business_id, invitation_id)),
        ),
    )


def tap(visit: Visit, tapped: Tap) -> bool:
    """A tap below an invitation; False for any other."""
    act = TAPS.get(tapped.verb)
    if act is None:
        return False
    act(visit, tapped)
    return True


def _join(visit: Visit, tapped: Tap) -> None:
    business_id = attempt(lambda: _joined(visit.contact, tapped.subject_id))
    visit.refresh()
    visit.memory.business_id, visit.memory.script = business_id, None
    with tenancy.bound(business_id):
        name = people.business(business_id).name
    visit.say(words.you_joined(name))


def _joined(contact: Contact, invitation_id: UUID) -> UUID:
    if contact.phone is None:
        raise InvitationElsewhere()
    person_id = contact.person_id
    if person_id is None or contact.is_doubted:  # somebody else has the number by now
        person_id = identity.register_person(_name_of(contact), contact.language or "en")
        messaging.introduce(contact.id, person_id)
    return identity.accept_by_number(invitation_id, person_id, contact.phone)


def _name_of(contact: Contact) -> str:
    """What they call themselves, else their number."""
    try:
        return people.tidy_name(contact.name or "")
    except BadName:
        return contact.phone or ""


def _not_joined(visit: Visit, tapped: Tap) -> None:
    visit.say(words.you_did_not_join())


TAPS: dict[str, Callable[[Visit, Tap], None]] = {"join": _join, "nojoin": _not_joined}
READERS: tuple[tuple[type[Fact], Callable[..., None], bool], ...] = (
    (PersonInvited, tell_invited, False),
)
