"""Two people at one business, and one person at two: who may do what in the chat, and who is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

if TYPE_CHECKING:
    from doors.chat.town import Phone


def business_of(phone: Phone) -> UUID:
    from hesabu.identity import queries
    from hesabu.messaging import queries as messages

    contact_id = phone.contact_id()
    assert contact_id is not None
    from hesabu.store import tenancy

    with tenancy.house():
        person_id = messages.contact(contact_id).person_id
        assert person_id is not None
        return queries.memberships_of(person_id)[0].business_id


def person_of(phone: Phone) -> UUID:
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    contact_id = phone.contact_id()
    assert contact_id is not None
    with tenancy.house():
        person_id = messages.contact(contact_id).person_id
    assert person_id is not None
    return person_id


def joins(phone: Phone, business_id: UUID, role: str) -> None:
    """Somebody of whom we know the person belongs to that business, and has their phone speak for it."""
    from hesabu.identity import actions
    from hesabu.identity.types import Role
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    phone.says("hello")
    contact_id = phone.contact_id()
    assert contact_id is not None
    with tenancy.house():
        person_id = actions.register_person(phone.name)
        messaging.introduce(contact_id, person_id)
    with tenancy.bound(business_id):
        actions.add_member(person_id, Role(role))
    phone.says("cancel")


@pytest.fixture
def colleague(merchant: Phone, new_phone: Callable[..., Phone]) -> Phone:
    phone = new_phone("Achieng Atieno")
    joins(phone, business_of(merchant), "manager")
    return phone


def test_a_viewer_is_refused_before_the_first_question(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    viewer = new_phone("Viola Viewer")
    joins(viewer, business_of(merchant), "viewer")
    for words in ("invoice Jane 500 for tea", "remind all", "till 654321", "vat", "paid 500 cash"):
        (said, *_) = viewer.says(words)
        assert "does not allow" in said.body, words


def test_where_money_goes_waits_for_the_colleague_who_gives_their_pin(
    merchant: Phone, colleague: Phone
) -> None:
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    merchant.says("till 654321")
    merchant.says("7391")
    done = merchant.taps("Both")
    assert "second person" in done[0].body
    (asked,) = [m for m in colleague.inbox() if "asks for your approval" in m.body]
    assert "till 654321" in asked.body
    choose = colleague.taps("Approve", asked)[-1]
    assert "PIN" in choose.body
    done = colleague.says("8402")
    assert any("Approved, and done." in m.body for m in done)
    with tenancy.bound(business_of(merchant)):
        [change] = payments.changes_frozen()
        assert change.way.number == "654321"
    assert any("approved it" in m.body for m in merchant.inbox())
    colleague.taps("Approve", asked)
    with tenancy.bound(business_of(merchant)):
        assert len(payments.changes_frozen()) == 1


def test_new_keys_of_the_provider_are_named_to_who_approves_and_told_to_every_owner(
    merchant: Phone, colleague: Phone
) -> None:
    from doors.chat.town import settle_down
    from hesabu.identity import actions as identity
    from hesabu.identity.errors import ApprovalNeeded
    from hesabu.payments import actions, queries
    from hesabu.store import tenancy
    from hesabu.store.tenancy import Actor

    keys = {"consumer_key": "ck", "consumer_secret": "cs", "passkey": "pk", "shortcode": "174379"}
    business_id, owner = business_of(merchant), Actor("person", person_of(merchant))
    with tenancy.bound(business_id):
        account_id = actions.add_account("stk_till", "832909", credentials=keys)
    fresh = keys | {"consumer_key": "fresh"}
    with tenancy.bound(business_id, actor=owner):
        with pytest.raises(ApprovalNeeded) as caught, tenancy.attempt():
            actions.add_account("stk_till", "832909", credentials=fresh)
        identity.ask_approval(caught.value)
        with pytest.raises(ApprovalNeeded) as caught, tenancy.attempt():
            actions.close_account(account_id)
        identity.ask_approval(caught.value)
    settle_down()
    asked = [m for m in colleague.inbox() if "asks for your approval" in m.body]
    rekeyed = next(m for m in asked if "New M-PESA keys" in m.body)
    assert "till 832909" in rekeyed.body
    closed = next(m for m in asked if "Close a way to be paid" in m.body)
    assert "till 832909" in closed.body
    colleague.taps("Approve", rekeyed)
    assert any("Approved, and done." in m.body for m in colleague.says("8402"))
    heard = [m for m in merchant.inbox() if "new M-PESA keys count" in m.body]
    assert len(heard) == 1
    assert "till 832909" in heard[0].body
    merchant.taps("Stop it", heard[0])
    with tenancy.bound(business_id):
        assert queries.changes_frozen() == []


def test_what_the_colleague_refuses_is_not_done_and_the_asker_hears_it(
    merchant: Phone, colleague: Phone
) -> None:
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    merchant.says("till 654321")
    merchant.says("7391")
    merchant.taps("Both")
    (asked,) = [m for m in colleague.inbox() if "asks for your approval" in m.body]
    assert "Refused" in colleague.taps("Refuse", asked)[-1].body
    with tenancy.bound(business_of(merchant)):
        assert payments.changes_frozen() == []
    assert any("refused it" in m.body for m in merchant.inbox())


def test_a_forged_tap_of_a_stranger_approves_nothing(
    merchant: Phone, colleague: Phone, new_phone: Callable[..., Phone]
) -> None:
    from doors.chat.town import tap_of
    from hesabu.doors.chat import taps
    from hesabu.payments import queries as payments
    from hesabu.store import tenancy

    merchant.says("till 654321")
    merchant.says("7391")
    merchant.taps("Both")
    (asked,) = [m for m in colleague.inbox() if "asks for your approval" in m.body]
    tapped = tap_of(asked, "Approve")
    thief = new_phone("Thief")
    thief.says("hello")
    button = taps.written("approve", tapped.business_id, tapped.subject_id)
    thief.taps_id(button, "Approve", asked)
    with tenancy.bound(business_of(merchant)):
        assert payments.changes_frozen() == []


def test_above_the_owners_limit_a_void_waits_for_a_second_person(
    merchant: Phone, colleague: Phone
) -> None:
    from hesabu.identity import actions
    from hesabu.kit.money import Money
    from hesabu.store import tenancy
    from hesabu.store.tenancy import Actor

    business_id, owner_id = business_of(merchant), person_of(merchant)
    with tenancy.bound(business_id, actor=Actor("person", owner_id)):
        actions.set_limit("invoicing.void", Money.parse("1000", "KES"))
    for amount, is_held in (("900", False), ("5000", True)):
        colleague.says(f"invoice Jane 0733111678 {amount} for tea due friday")
        sent = colleague.taps("Send")
        assert sent
        number = "INV-0001" if not is_held else "INV-0002"
        really = colleague.says(f"void {number}")[-1]
        asked_for_pin = colleague.taps(next(iter(really.titles)), really)[-1].body
        assert "PIN" in asked_for_pin
        said = colleague.proves()[-1].body
        assert ("second person" in said) is is_held, said
    (asked,) = [m for m in merchant.inbox() if "asks for your approval" in m.body]
    assert "INV-0002" in asked.body
    merchant.taps("Approve", asked)
    assert any("Approved, and done." in m.body for m in merchant.proves())
    assert any("approved it" in m.body for m in colleague.inbox())


def test_a_tap_acts_for_the_business_it_was_shown_for_whichever_they_speak_for(
    merchant: Phone, new_business: Callable[..., UUID]
) -> None:
    """Money never goes to a business that was guessed: the button says which."""
    from hesabu.identity import actions
    from hesabu.identity.types import Role
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    first, other = business_of(merchant), new_business("Njoroge Traders")
    owner_id = person_of(merchant)
    (preview,) = merchant.says("invoice Jane 0733111678 500 for tea due friday")
    with tenancy.bound(other):
        actions.add_member(owner_id, Role.OWNER)
    (which,) = merchant.says("switch")
    merchant.taps("Njoroge Traders", which)
    merchant.taps("Send", preview)
    with tenancy.bound(first):
        assert len(invoices.open_invoices()) == 1
    with tenancy.bound(other):
        assert invoices.open_invoices() == []


def test_support_looks_once_an_owner_agrees_with_their_pin(merchant: Phone) -> None:
    from doors.chat.town import settle_down
    from hesabu.identity import actions, queries
    from hesabu.identity.types import PlatformRole
    from hesabu.store import tenancy

    business_id, salim_id = business_of(merchant), actions.register_person("Salim Support")
    actions.grant_platform(salim_id, PlatformRole.SUPPORT)
    actions.ask_consent(business_id, salim_id, "An invoice that does not arrive")
    settle_down()
    (asked,) = [m for m in merchant.inbox() if "of support asks" in m.body]
    assert "PIN" in merchant.taps("Let them for a day", asked)[-1].body
    merchant.says("7391")
    with tenancy.bound(business_id):
        assert [one.is_open for one in queries.consents()] == [True]
    told = [m for m in merchant.inbox() if "End it now" in m.titles][-1]
    merchant.taps("End it now", told)
    with tenancy.bound(business_id):
        assert queries.consents() == []
