"""Permissions: an action asks for its own, whoever calls it by whichever door."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from hesabu.identity import actions as identity
from hesabu.identity import permissions
from hesabu.identity.errors import NotAllowed
from hesabu.identity.permissions import BOOKKEEPERS, SELLERS, anybody, inner, needs, permission
from hesabu.identity.types import PlatformRole, Role
from hesabu.kit import ids
from hesabu.store import tenancy
from hesabu.store.tenancy import SYSTEM, Actor

STAMP = permission("test_paper:stamp", to=SELLERS, words="Stamp papers")
LOOK = permission("test_paper:look", to=BOOKKEEPERS, words="Look", is_customers=True)


@needs(STAMP)
def stamp() -> str:
    return file_away()


@needs(LOOK)
def look() -> str:
    return "seen"


@inner
def file_away() -> str:
    return "stamped"


@anybody("a test")
def greet() -> str:
    return file_away()


def member(business_id: UUID, role: Role) -> Actor:
    person_id = identity.register_person("Otieno Odhiambo")
    if role is Role.PARTNER:
        identity.grant_platform(person_id, PlatformRole.PARTNER)
    with tenancy.bound(business_id):
        identity.add_member(person_id, role)
    return Actor("person", person_id)


@pytest.mark.parametrize("role", list(Role))
def test_a_person_may_what_their_role_may(new_business: Callable[..., UUID], role: Role) -> None:
    business_id = new_business()
    actor = member(business_id, role)
    with tenancy.bound(business_id, actor=actor):
        if role in SELLERS:
            assert stamp() == "stamped"
        else:
            with pytest.raises(NotAllowed):
                stamp()


def test_a_person_of_another_business_may_nothing(new_business: Callable[..., UUID]) -> None:
    stranger = member(new_business(), Role.OWNER)
    with tenancy.bound(new_business(), actor=stranger), pytest.raises(NotAllowed):
        stamp()


def test_a_role_that_is_taken_away_in_the_same_transaction_allows_nothing_more(
    new_business: Callable[..., UUID],
) -> None:
    business_id = new_business()
    actor = member(business_id, Role.SELLER)
    assert actor.id is not None
    with tenancy.bound(business_id, actor=actor):
        assert stamp() == "stamped"
        with tenancy.bound(business_id, actor=SYSTEM):
            identity.change_role(actor.id, Role.VIEWER)
        with pytest.raises(NotAllowed):
            stamp()


def test_a_key_may_what_its_scopes_say(new_business: Callable[..., UUID]) -> None:
    business_id = new_business()
    for scopes, is_let_in in ((frozenset({"test_paper:stamp"}), True), (frozenset(), False)):
        actor = Actor("key", ids.new_id(), scopes)
        with tenancy.bound(business_id, actor=actor):
            if is_let_in:
                assert stamp() == "stamped"
            else:
                with pytest.raises(NotAllowed):
                    stamp()


def test_a_customer_may_only_what_is_theirs(new_business: Callable[..., UUID]) -> None:
    with tenancy.bound(new_business(), actor=Actor("contact", ids.new_id())):
        assert look() == "seen"
        with pytest.raises(NotAllowed):
            stamp()


@pytest.mark.parametrize("kind", ["person", "key", "contact"])
def test_nobody_from_outside_calls_what_is_the_houses_own(
    new_business: Callable[..., UUID], kind: str
) -> None:
    with tenancy.bound(new_business(), actor=Actor(kind, ids.new_id())):
        with pytest.raises(NotAllowed):
            file_away()
        assert greet() == "stamped"


def test_the_system_acts_by_nobodys_leave(new_business: Callable[..., UUID]) -> None:
    with tenancy.bound(new_business()):
        assert [stamp(), look(), file_away()] == ["stamped", "seen", "stamped"]


def test_a_permission_is_declared_once_and_in_the_grammar() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        permission("test_paper:stamp", to=SELLERS, words="Something else")
    for name in ("stamp", "paper stamp", "paper:", ":stamp", "paper:sta-mp"):
        with pytest.raises(ValueError, match="resource:action"):
            permission(name, to=SELLERS, words="")
    assert permissions.named("test_paper:stamp") is STAMP
    assert "test_paper:stamp" in permissions.granted(Role.OWNER)
    assert "test_paper:look" not in permissions.granted(Role.SELLER)
