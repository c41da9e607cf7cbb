"""A telephone number is a claim: one that changed hands, or was silent for half a year, proves itself before it acts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from hesabu.kit import clock

if TYPE_CHECKING:
    from doors.chat.town import Phone


def business_and_person(phone: Phone) -> tuple[UUID, UUID]:
    from hesabu.identity import queries
    from hesabu.messaging import queries as messages
    from hesabu.store import tenancy

    contact_id = phone.contact_id()
    assert contact_id is not None
    with tenancy.house():
        person_id = messages.contact(contact_id).person_id
        assert person_id is not None
        return queries.memberships_of(person_id)[0].business_id, person_id


def issued(business_id: UUID) -> int:
    from hesabu.invoicing import queries as invoices
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return len(invoices.open_invoices())


@pytest.fixture
def with_pin(merchant: Phone) -> Phone:
    merchant.says("pin")
    merchant.says("7391")
    return merchant


def test_a_number_that_was_silent_for_half_a_year_proves_itself_by_the_pin(with_pin: Phone) -> None:
    business_id, _ = business_and_person(with_pin)
    preview = with_pin.says("invoice Jane 0733111678 500 for tea due friday")[-1]
    with clock.moved(days=181):
        assert "PIN" in with_pin.taps("Send", preview)[-1].body
        assert issued(business_id) == 0
        assert "PIN" in with_pin.says("cancel")[-1].body
        assert "not your PIN" in with_pin.says("1111")[0].body
        assert "PIN" in with_pin.says("invoice Jane 0733111678 900 for tea")[-1].body
        assert issued(business_id) == 0
        assert "it is you" in with_pin.says("7391")[-1].body
        assert "Jane" in with_pin.says("invoice Jane 0733111678 900 for tea due friday")[-1].body


def test_a_number_that_was_silent_for_less_goes_on(with_pin: Phone) -> None:
    with clock.moved(days=179):
        assert "PIN" not in with_pin.says("list")[-1].body


def test_who_has_no_pin_is_sent_to_the_browser_and_does_nothing(merchant: Phone) -> None:
    business_id, _ = business_and_person(merchant)
    with clock.moved(days=181):
        for words in ("invoice Jane 0733111678 500 for tea", "pin", "7391", "till 654321"):
            said = merchant.says(words)
            assert ["/numbers" in message.body for message in said] == [True], words
    assert issued(business_id) == 0


def test_a_number_that_changed_proves_itself(with_pin: Phone) -> None:
    business_id, _ = business_and_person(with_pin)
    with_pin.number = f"2547{secrets.randbelow(10**8):08}"
    assert "PIN" in with_pin.says("invoice Jane 0733111678 500 for tea")[-1].body
    assert issued(business_id) == 0
    assert "it is you" in with_pin.says("7391")[-1].body
    assert "PIN" not in with_pin.says("list")[-1].body


def test_the_news_of_a_business_does_not_go_to_a_number_in_doubt(with_pin: Phone) -> None:
    from hesabu.doors.chat import telling
    from hesabu.store import tenancy

    business_id, _ = business_and_person(with_pin)
    with tenancy.bound(business_id):
        assert len(telling.owners()) == 1
    with clock.moved(days=181):
        with_pin.says("hello")
    with tenancy.bound(business_id):
        assert telling.owners() == []


def invite(business_id: UUID, owner_id: UUID, number: str) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import InvitationWay, Role
    from hesabu.store import tenancy

    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_id)):
        actions.invite(Role.SELLER, InvitationWay.WHATSAPP, number)


def roles(business_id: UUID) -> list[str]:
    from hesabu.identity import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return [one.role.value for one in queries.members(business_id)]


def test_somebody_is_invited_by_whatsapp_and_joins_by_a_tap(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    from doors.chat.town import settle_down

    business_id, owner_id = business_and_person(merchant)
    guest = new_phone("Achieng Atieno")
    invite(business_id, owner_id, f"+{guest.number}")
    settle_down()
    (asked,) = guest.inbox()
    assert "asks you to join" in asked.body
    assert any("You belong to" in message.body for message in guest.taps("Join", asked))
    assert roles(business_id) == ["owner", "seller"]
    assert any("opens nothing" in message.body for message in guest.taps("Join", asked))


def test_a_join_button_from_another_number_lets_nobody_in(
    merchant: Phone, new_phone: Callable[..., Phone]
) -> None:
    from doors.chat.town import settle_down

    business_id, owner_id = business_and_person(merchant)
    guest, thief = new_phone("Achieng Atieno"), new_phone("Thief")
    invite(business_id, owner_id, f"+{guest.number}")
    settle_down()
    (asked,) = guest.inbox()
    thief.says("hello")
    said = thief.taps_id(asked.titles["Join"], "Join", asked)
    assert any("sent to somebody else" in message.body for message in said)
    assert roles(business_id) == ["owner"]
