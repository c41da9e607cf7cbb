"""Across businesses: a partner accountant with several clients, and an agent who brings some and sees nothing inside."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from doors.web.test_people import at, joined, roles_of
from hesabu.identity import actions, permissions, queries
from hesabu.identity.errors import AgentNotFound, AgentRefused, NotAllowed, NotPartner
from hesabu.identity.types import PlatformRole, Role
from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.store import tenancy

pytestmark = pytest.mark.usefixtures("database")
NewBusiness = Callable[..., UUID]


def partner_of(*business_ids: UUID) -> tuple[Client, UUID]:
    browser, person_id, _ = joined(business_ids[0], "")
    actions.grant_platform(person_id, PlatformRole.PARTNER)
    for business_id in business_ids:
        with tenancy.bound(business_id):
            actions.add_member(person_id, Role.PARTNER)
    return browser, person_id


def agent(business_id: UUID) -> tuple[Client, UUID, str]:
    browser, person_id, _ = joined(business_id, "")
    actions.grant_platform(person_id, PlatformRole.AGENT)
    with tenancy.house():
        code = queries.agent_code_of(person_id)
    assert code is not None
    return browser, person_id, code


def issued(business_id: UUID, price: str = "75000") -> Any:
    from hesabu.invoicing import actions as invoicing
    from hesabu.invoicing.types import DraftInput, LineInput

    with tenancy.bound(business_id):
        customer_id = invoicing.keep_customer("Unmistakable Customer", "0733 111 678")
        lines = [LineInput("logo design", Decimal(1), Money.parse(price, "KES"))]
        draft = invoicing.draft(DraftInput(customer_id=customer_id, lines=lines))
        return invoicing.issue(*draft)


def owner_of(business_id: UUID) -> UUID:
    with tenancy.bound(business_id):
        return next(one.person_id for one in queries.members(business_id) if one.role is Role.OWNER)


def as_owner(business_id: UUID, act: Callable[[], Any]) -> Any:
    actor = tenancy.Actor("person", owner_of(business_id))
    with tenancy.bound(business_id, actor=actor):
        return act()


# --- partner accountants ------------------------------------------------------------------------------------------------


def test_a_partner_keeps_the_books_and_says_nothing_of_money_that_came(business_id: UUID) -> None:
    _, person_id = partner_of(business_id)
    can = permissions.granted(Role.PARTNER)
    assert {"book:read", "book:lock", "payment:place", "credit:apply", "invoice:read"} <= can
    never = {"payment:record", "payment:confirm", "invoice:credit", "invoice:issue", "invoice:void"}
    never |= {one.name for one in permissions.declared() if one.is_dangerous}
    never |= {"audit:read", "key:read", "payment_account:stop", "agent:name"}
    assert not never & can
    with tenancy.bound(business_id, actor=tenancy.Actor("person", person_id)):
        from hesabu.ledger.permissions import BOOK_LOCK
        from hesabu.payments.permissions import PAYMENT_RECORD

        permissions.require(BOOK_LOCK)
        with pytest.raises(NotAllowed):
            permissions.require(PAYMENT_RECORD)


def test_a_partner_sees_all_clients_and_what_waits_at_each(new_business: NewBusiness) -> None:
    quiet, busy, other = (new_business(name) for name in ("Quiet", "Busy", "Not Theirs"))
    browser, _ = partner_of(quiet, busy)
    issued(busy, "75000")
    issued(busy, "1500.50")
    issued(other)
    _waits_for_approval(busy)
    _unplaced(busy)
    page = browser.get("/clients").content.decode()
    assert page.index("Busy") < page.index("Quiet")
    assert "Not Theirs" not in page
    assert "76,500.50" in page
    assert f'href="{at(busy)}"' in page
    assert "Approvals at Busy: 1" in page
    assert ">1</td>" in page[page.index("Busy") : page.index("Quiet")]
    assert "Unmistakable" not in page
    assert browser.get(at(busy)).status_code == 200
    assert browser.get(at(quiet)).status_code == 200
    assert browser.get(at(other)).status_code == 404
    assert 'href="/clients"' in browser.get("/home").content.decode()


def _waits_for_approval(business_id: UUID) -> None:
    _, member_id, _ = joined(business_id, "manager")
    as_owner(business_id, lambda: actions.offer_ownership(member_id))


def _unplaced(business_id: UUID) -> None:
    """Somebody pays the paybill by hand, and says not for what."""
    from payments.shop import open_shop

    open_shop(business_id).paid_by_hand(f"SK{secrets.token_hex(4).upper()}", "2200")


def test_a_bookkeeper_of_two_has_the_page_too_and_a_seller_an_empty_one(
    new_business: NewBusiness,
) -> None:
    one, two = new_business("One"), new_business("Two")
    browser, person_id, _ = joined(one, "bookkeeper")
    with tenancy.bound(two):
        actions.add_member(person_id, Role.BOOKKEEPER)
    page = browser.get("/clients").content.decode()
    assert "One" in page
    assert "Two" in page
    seller, _, _ = joined(one, "seller")
    assert "You keep nobody's books yet" in seller.get("/clients").content.decode()


def test_who_is_a_partner_no_more_leaves_all_clients_at_once(new_business: NewBusiness) -> None:
    one, two = new_business("One"), new_business("Two")
    browser, person_id = partner_of(one, two)
    third = new_business("Third")
    with tenancy.bound(third):
        actions.add_member(person_id, Role.BOOKKEEPER)
    actions.take_platform(person_id, PlatformRole.PARTNER)
    assert person_id not in roles_of(one) | roles_of(two)
    assert roles_of(third)[person_id] == "bookkeeper"
    assert browser.get(at(one)).status_code == 404
    from hesabu.store import audit

    with tenancy.bound(one):
        [left] = audit.acts(audit.Asked(kind="identity.MemberLeft"))
        assert left.fact.subject_id == person_id
        with pytest.raises(NotPartner):
            actions.add_member(person_id, Role.PARTNER)


def test_an_owner_lets_a_partner_go_and_their_page_forgets_the_business(
    new_business: NewBusiness,
) -> None:
    one, two = new_business("One Shop"), new_business("Two Shop")
    browser, person_id = partner_of(one, two)
    as_owner(one, lambda: actions.remove_member(person_id))
    page = browser.get("/clients").content.decode()
    assert "One Shop" not in page
    assert "Two Shop" in page


# --- agents -------------------------------------------------------------------------------------------------------------


def test_an_owner_names_the_agent_by_their_link_and_the_agent_sees_that_it_is_there(
    new_business: NewBusiness,
) -> None:
    shop, other = new_business("Their Shop"), new_business("Another Shop")
    browser, agent_id, code = agent(shop)
    assert f"/begin/{code}" in browser.get("/merchants").content.decode()
    owner, _, _ = joined(shop, "owner")
    page = owner.get(f"/begin/{code}").content.decode()
    assert "Wanjiku Kamau brought you here" in page
    assert "Nothing inside" in page
    assert "Their Shop" not in browser.get("/merchants").content.decode()
    answer = owner.post(f"/begin/{code}", {"business": ids.short(shop)})
    assert answer.status_code == 302
    page = browser.get("/merchants").content.decode()
    assert "Their Shop" in page
    assert "Kenya" in page
    assert "has begun" in page
    assert "Another Shop" not in page
    for address in (at(shop), at(shop, "/people"), at(other)):
        assert browser.get(address).status_code == 404, address
    with tenancy.bound(shop, actor=tenancy.Actor("person", agent_id)), pytest.raises(NotAllowed):
        permissions.require(permissions.BUSINESS_READ)


def test_a_business_begins_in_the_browser_by_the_agents_link(business_id: UUID) -> None:
    browser, agent_id, code = agent(business_id)
    owner, owner_id, _ = joined(business_id, "")
    answer = owner.post(f"/begin/{code}", {"name": "Njeri Bakes", "country": "KE"})
    assert answer.status_code == 302
    [place] = queries.memberships_of(owner_id)
    assert (place.business_name, place.role) == ("Njeri Bakes", Role.OWNER)
    with tenancy.house():
        [listed] = queries.listed_businesses(brought_by_id=agent_id)
    assert listed.business_id == place.business_id
    from hesabu.store import audit

    with tenancy.bound(place.business_id):
        [brought] = audit.acts(audit.Asked(kind="identity.BusinessBrought"))
    assert (brought.fact.subject_id, brought.fact.actor_id) == (agent_id, owner_id)
    assert "Njeri Bakes" in browser.get("/merchants").content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "Njeri Bakes", "country": "XX"}, "country-wrong"),
        ({"name": "Njeri Bakes"}, "country-wrong"),
        ({"name": "", "country": "KE"}, "name-wrong"),
        ({"name": "n" * 190, "country": "KE"}, "name-wrong"),
        ({"name": "\u202eekaB", "country": "KE"}, "name-wrong"),
    ],
)
def test_a_business_that_makes_no_sense_is_refused_at_its_field(
    business_id: UUID, said: dict[str, str], field: str
) -> None:
    owner, owner_id, _ = joined(business_id, "")
    answer = owner.post("/begin", said)
    assert answer.status_code == 422
    assert f'id="{field}"' in answer.content.decode()
    assert queries.memberships_of(owner_id) == []


def test_what_an_agent_sees_of_a_business_is_its_state_and_not_its_figures(
    business_id: UUID,
) -> None:
    browser, _, code = agent(business_id)
    as_owner(business_id, lambda: actions.name_agent(code))
    issued(business_id)
    page = browser.get("/merchants").content.decode()
    assert "at work" in page
    assert "75,000" not in page
    assert "Unmistakable" not in page
    from hesabu.doors.web.platform.merchants import states_of

    with clock.moved(days=31), tenancy.house():
        [listed] = [one for one in queries.listed_businesses() if one.business_id == business_id]
        assert states_of([listed]) == {business_id: "quiet"}


def test_an_agent_is_named_once_early_and_by_the_owner_alone(new_business: NewBusiness) -> None:
    shop, old = new_business("Shop"), new_business("Old Shop")
    _, _, first = agent(shop)
    _, second_id, second = agent(shop)
    manager, manager_id, _ = joined(shop, "manager")
    with tenancy.bound(shop, actor=tenancy.Actor("person", manager_id)), pytest.raises(NotAllowed):
        actions.name_agent(first)
    assert manager.post(f"/begin/{first}", {"business": ids.short(shop)}).status_code == 404
    for wrong in ("", "nonsense", ids.short(ids.new_id())):
        with pytest.raises(AgentNotFound):
            as_owner(shop, lambda wrong=wrong: actions.name_agent(wrong))
    as_owner(shop, lambda: actions.name_agent(first))
    as_owner(shop, lambda: actions.name_agent(first))
    with pytest.raises(AgentRefused):
        as_owner(shop, lambda: actions.name_agent(second))
    with clock.moved(days=31), pytest.raises(AgentRefused):
        as_owner(old, lambda: actions.name_agent(second))
    with tenancy.bound(old):
        actions.add_member(second_id, Role.MANAGER)
    with pytest.raises(AgentRefused):
        as_owner(old, lambda: actions.name_agent(second))


def test_the_link_of_who_is_an_agent_no_more_leads_nowhere(business_id: UUID) -> None:
    browser, agent_id, code = agent(business_id)
    owner, _, _ = joined(business_id, "owner")
    actions.take_platform(agent_id, PlatformRole.AGENT)
    assert owner.get(f"/begin/{code}").status_code == 404
    assert browser.get("/merchants").status_code == 404
    for odd in ("x", "%00", "..", "01" * 40):
        assert owner.get(f"/begin/{odd}").status_code == 404, odd
