"""A telephone number is handed on by its network: whoever has it next is nobody's heir."""

from __future__ import annotations

from uuid import UUID

import pytest

from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.types import InvitationWay, Role
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as contacts
from hesabu.store import tenancy
from steady import fresh_digits

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def phone() -> str:
    return f"+2547{fresh_digits(8)}"


@pytest.fixture
def old_holder(phone: str) -> UUID:
    """Somebody with an account, whose number was given to another."""
    from hesabu.messaging.models import Contact

    person_id = identity.register_person("Old Holder")
    with tenancy.house():
        contact_id = messaging.meet(phone)
        messaging.introduce(contact_id, person_id)
        Contact.objects.filter(id=contact_id).update(doubted_at=clock.now())
    return person_id


def contact_of(phone: str) -> UUID:
    with tenancy.house():
        return messaging.meet(phone)


def test_what_is_held_on_the_new_holder_is_not_handed_to_the_old_one(
    phone: str, old_holder: UUID, business_id: UUID
) -> None:
    from hesabu.app.holding import held_on_person
    from hesabu.invoicing import actions as invoicing

    with tenancy.bound(business_id):
        invoicing.keep_customer("Njeri Mwangi", phone)
    assert "Njeri Mwangi" not in repr(held_on_person(old_holder).said)


def test_the_old_ones_account_goes_and_the_new_ones_talk_stays(
    phone: str, old_holder: UUID
) -> None:
    from hesabu.app import closing

    with tenancy.house():
        identity.ask_closing(old_holder, wait_days=14)
    with clock.moved(days=15):
        closing.close(old_holder)
    with tenancy.house():
        left = contacts.contact(contact_of(phone))
    assert (left.phone, left.person_id) == (phone, None)


def test_the_new_holder_joins_a_business_as_themselves(
    phone: str, old_holder: UUID, business_id: UUID
) -> None:
    from hesabu.doors.chat import joining

    with tenancy.bound(business_id):
        (owner,) = (one for one in people.members(business_id) if one.role is Role.OWNER)
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner.person_id)):
        made = identity.invite(Role.SELLER, InvitationWay.WHATSAPP, phone)
    with tenancy.house():
        joining._joined(contacts.contact(contact_of(phone)), made.id)
        joined = contacts.contact(contact_of(phone)).person_id
    with tenancy.bound(business_id):
        members = {one.person_id for one in people.members(business_id)}
    assert joined in members
    assert old_holder not in members


def test_the_new_holder_begins_a_business_as_themselves(phone: str, old_holder: UUID) -> None:
    from hesabu.doors.chat.flows.signing_up import _register

    with tenancy.house():
        begun = _register({"contact": contact_of(phone).hex}, "Njeri Cakes", "KE", "KES")
        now = contacts.contact(contact_of(phone))
    assert begun["person"] != old_holder.hex
    assert (now.person_id, now.is_doubted) == (UUID(str(begun["person"])), False)
