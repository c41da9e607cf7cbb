"""Contacts: known by a number, by a user id, or by both; and one person is one contact."""

from __future__ import annotations

import secrets
from uuid import UUID

import psycopg
import pytest

from hesabu.identity import actions as identity
from hesabu.kit import ids
from hesabu.messaging import actions, queries
from hesabu.messaging.actions.meet import NewMarks, move_number
from hesabu.messaging.errors import ContactNotFound, NoAddress
from hesabu.messaging.types import Conversation
from hesabu.store import facts, tenancy
from steady import fresh_digits

pytestmark = pytest.mark.usefixtures("database")


def _number() -> str:
    return f"+2547{fresh_digits(8)}"


def _user_id() -> str:
    return f"KE.{secrets.token_hex(8)}"


def _meet(phone: str | None = None, user_id: str | None = None, name: str | None = None) -> UUID:
    with tenancy.house():
        return actions.meet(phone, user_id, name)


def _kinds(contact_id: UUID) -> list[str]:
    with tenancy.house():
        return [fact.kind.removeprefix("messaging.") for fact in facts.timeline(contact_id)]


def test_the_same_number_is_the_same_contact() -> None:
    number = _number()
    first = _meet(number, name="Jane")
    assert _meet(number) == first
    with tenancy.house():
        found = queries.contact(first)
    assert (found.phone, found.name, found.is_window_open) == (number, "Jane", False)


def test_a_contact_needs_some_mark() -> None:
    with pytest.raises(NoAddress):
        _meet()
    with tenancy.house(), pytest.raises(ContactNotFound):
        queries.contact(ids.new_id())


def test_seen_by_user_id_first_and_with_the_number_later_is_one_contact() -> None:
    number, user_id = _number(), _user_id()
    first = _meet(None, user_id)
    assert _meet(number, user_id) == first
    assert _meet(number) == first


def test_two_contacts_that_prove_to_be_one_are_merged() -> None:
    number, user_id = _number(), _user_id()
    from_invoice = _meet(number, name="Jane of the shop")
    from_chat = _meet(None, user_id)
    with tenancy.house():
        actions.keep_conversation(from_chat, Conversation("sign_up", 1, ["Jane"]))
    kept = _meet(number, user_id)
    assert kept == from_invoice
    with tenancy.house():
        assert queries.contact(from_chat).id == kept
        assert queries.all_ids_of(from_chat) == [kept, from_chat]
        assert queries.conversation(from_chat).flow == "sign_up"
        assert queries.contact(kept).phone == number
    assert _kinds(kept) == ["ContactMet", "ContactsMerged"]


def test_who_signed_up_stays_when_two_are_merged() -> None:
    number, user_id = _number(), _user_id()
    _meet(number)
    signed_up = _meet(None, user_id)
    person_id = identity.register_person("Jane Wanjiku")
    actions.introduce(signed_up, person_id)
    actions.introduce(signed_up, person_id)
    assert _meet(number, user_id) == signed_up
    with tenancy.house():
        assert [c.id for c in queries.contacts_of_person(person_id)] == [signed_up]


def test_who_gets_a_discarded_number_does_not_get_the_account() -> None:
    number, old_user, new_user = _number(), _user_id(), _user_id()
    merchant = _meet(number, old_user)
    actions.introduce(merchant, identity.register_person("The merchant"))
    stranger = _meet(number, new_user)
    assert stranger != merchant
    assert _meet(None, old_user) == merchant
    with tenancy.house():
        assert queries.contact(merchant).phone is None
        assert queries.contact(stranger).person_id is None
    assert "ContactNumberChanged" in _kinds(merchant)


def test_a_number_that_passes_between_two_known_users_moves() -> None:
    number, one_user, two_user = _number(), _user_id(), _user_id()
    one, two = _meet(number, one_user), _meet(None, two_user)
    assert _meet(number, two_user) == two
    with tenancy.house():
        assert (queries.contact(one).phone, queries.contact(two).phone) == (None, number)


def test_two_people_are_never_merged_by_a_number_that_one_of_them_writes_from() -> None:
    number, user_id = _number(), _user_id()
    one, two = _meet(number), _meet(None, user_id)
    for contact_id in (one, two):
        actions.introduce(contact_id, identity.register_person("Somebody"))
    assert _meet(number, user_id) == two
    with tenancy.house():
        assert (queries.contact(one).phone, queries.contact(two).phone) == (None, number)
        assert queries.contact(one).person_id != queries.contact(two).person_id


def test_a_new_number_leads_to_the_same_contact() -> None:
    old, new, old_user, new_user = _number(), _number(), _user_id(), _user_id()
    contact_id = _meet(old, old_user)
    with tenancy.house():
        move_number(old, old_user, NewMarks(new, new_user))
    assert _meet(new, new_user) == contact_id
    assert _meet(old) != contact_id


def test_a_new_number_that_wrote_before_the_notice_came_is_the_same_contact() -> None:
    old, new, old_user, new_user = _number(), _number(), _user_id(), _user_id()
    contact_id = _meet(old, old_user)
    early = _meet(new, new_user)
    with tenancy.house():
        move_number(old, old_user, NewMarks(new, new_user))
        assert queries.contact(early).id == contact_id
    assert _meet(new, new_user) == contact_id


def test_two_people_are_never_merged_by_a_moving_number() -> None:
    old, new = _number(), _number()
    one, two = _meet(old), _meet(new)
    for contact_id in (one, two):
        actions.introduce(contact_id, identity.register_person("Somebody"))
    with tenancy.house():
        move_number(old, None, NewMarks(new, None))
        assert queries.contact(one).phone == new
        assert queries.contact(two).phone is None
        assert queries.contact(two).id == two


def test_numbers_and_names_are_sealed_at_rest(admin_url: str) -> None:
    number = _number()
    contact_id = _meet(number, _user_id(), "Jane Wanjiku")
    with psycopg.connect(admin_url) as admin:
        row = admin.execute(
            "SELECT phone, name, whatsapp_user_id FROM messaging_contact WHERE id = %s",
            (contact_id,),
        ).fetchone()
    assert row is not None
    assert number[1:].encode() not in row[0]
    assert b"Jane" not in row[1]
    assert b"KE." not in row[2]


def test_a_business_may_meet_somebody_by_number(business_id: UUID) -> None:
    number = _number()
    with tenancy.bound(business_id):
        contact_id = actions.meet(number, name="Jane")
        assert actions.meet(number) == contact_id


def test_a_conversation_is_kept_until_it_ends(business_id: UUID) -> None:
    contact_id = _meet(_number())
    with tenancy.house():
        assert queries.conversation(contact_id) == Conversation()
        actions.keep_conversation(
            contact_id, Conversation("new_invoice", 3, ["Jane", {"minor": 100}], business_id)
        )
    with tenancy.bound(business_id):
        kept = queries.conversation(contact_id)
        assert (kept.flow, kept.version, list(kept.answers)) == (
            "new_invoice",
            3,
            ["Jane", {"minor": 100}],
        )
        actions.end_conversation(contact_id)
        ended = queries.conversation(contact_id)
    assert (ended.flow, ended.business_id) == (None, business_id)
