"""Keys: what opens, what does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.errors import (
    AddressesBad,
    ExpiryBad,
    KeyNotFound,
    NotAllowed,
    NotLetIn,
    ScopesBad,
    WrongAddress,
)
from hesabu.identity.models import Key
from hesabu.identity.types import Role
from hesabu.kit import clock
from hesabu.store import facts, tenancy
from hesabu.store.tenancy import Actor
from identity.apps import SCOPES, member

HERE = "203.0.113.7"


def made(business_id: UUID, **more: object) -> tuple[UUID, str]:
    with tenancy.bound(business_id, actor=member(business_id)):
        return identity.make_key("Till in the shop", SCOPES, **more)  # type: ignore[arg-type]


# --- keys


def test_a_key_opens_its_business_with_its_scopes_and_no_more(
    new_business: Callable[..., UUID],
) -> None:
    business_id = new_business()
    key_id, key = made(business_id)
    bearer = identity.let_in(key, HERE)
    assert (bearer.kind, bearer.id, bearer.business_id) == ("key", key_id, business_id)
    assert bearer.scopes == frozenset(SCOPES)


def test_the_secret_is_nowhere_in_the_database(new_business: Callable[..., UUID]) -> None:
    key_id, key = made(new_business())
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_key::text FROM identity_key WHERE id = %s", (key_id,))
        assert key.split("_", 2)[2] not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key[:-5],
        lambda key: key.replace("hsb_", "hsa_"),
        lambda key: "hsb_" + "0" * 26 + "_" + key.rpartition("_")[2],
        lambda key: "hsb__",
        lambda key: "",
        lambda key: "hsb_\x00_\x00",
        lambda key: "x" * 10_000,
    ],
)
def test_what_is_not_the_key_opens_nothing_and_says_nothing(
    new_business: Callable[..., UUID], spoilt: Callable[[str], str]
) -> None:
    _, key = made(new_business())
    with pytest.raises(NotLetIn):
        identity.let_in(spoilt(key), HERE)


def test_a_key_that_was_taken_back_opens_nothing(new_business: Callable[..., UUID]) -> None:
    business_id = new_business()
    key_id, key = made(business_id)
    with tenancy.bound(business_id, actor=member(business_id, Role.MANAGER)):
        identity.revoke_key(key_id)
        identity.revoke_key(key_id)
    with tenancy.bound(business_id):
        assert [one.kind for one in facts.timeline(key_id)] == [
            "identity.KeyMade",
            "identity.KeyRevoked",
        ]
    with pytest.raises(NotLetIn):
        identity.let_in(key, HERE)


def test_another_business_cannot_take_it_back(new_business: Callable[..., UUID]) -> None:
    key_id, key = made(new_business())
    other = new_business()
    with tenancy.bound(other, actor=member(other)), pytest.raises(KeyNotFound):
        identity.revoke_key(key_id)
    assert identity.let_in(key, HERE).id == key_id
    with tenancy.bound(other):
        assert queries.keys() == []


def test_a_key_ends_on_its_day(new_business: Callable[..., UUID]) -> None:
    _, key = made(new_business(), expires_at=clock.now() + timedelta(days=30))
    with clock.moved(seconds=29 * 86400):
        identity.let_in(key, HERE)
    with clock.moved(seconds=31 * 86400), pytest.raises(NotLetIn):
        identity.let_in(key, HERE)


def test_a_key_is_used_from_its_addresses_only(new_business: Callable[..., UUID]) -> None:
    _, key = made(new_business(), addresses=["203.0.113.0/24", "2001:db8::1"])
    identity.let_in(key, HERE)
    identity.let_in(key, "2001:db8::1")
    for elsewhere in ("198.51.100.1", "2001:db8::2", "", "203.0.113.7, 1.2.3.4"):
        with pytest.raises(WrongAddress):
            identity.let_in(key, elsewhere)


def test_a_key_does_no_more_than_its_maker(new_business: Callable[..., UUID]) -> None:
    business_id = new_business()
    for role in (Role.MANAGER, Role.SELLER, Role.VIEWER):
        with tenancy.bound(business_id, actor=member(business_id, role)), pytest.raises(NotAllowed):
            identity.make_key("Till", SCOPES)
    with tenancy.bound(business_id, actor=member(business_id)):
        for scopes in ([], ["no:such"], ["*:*"], [*SCOPES, "business:sell_it_all"]):
            with pytest.raises(ScopesBad):
                identity.make_key("Till", scopes)
        with pytest.raises(AddressesBad):
            identity.make_key("Till", SCOPES, addresses=["everywhere"])
        for days in (-1, 0, 800):
            with pytest.raises(ExpiryBad):
                identity.make_key("Till", SCOPES, expires_at=clock.now() + timedelta(days=days))


def test_a_key_cannot_make_keys(new_business: Callable[..., UUID]) -> None:
    business_id = new_business()
    with (
        tenancy.bound(business_id, actor=Actor("key", business_id, frozenset({"key:make"}))),
        pytest.raises(ScopesBad),
    ):
        identity.make_key("Another", SCOPES)


def test_when_it_was_last_used_is_noted(new_business: Callable[..., UUID]) -> None:
    business_id = new_business()
    _, key = made(business_id)
    identity.let_in(key, HERE)
    with tenancy.bound(business_id):
        [seen] = queries.keys()
    assert seen.last_used_at is not None
    assert seen.last_used_from == HERE
    assert key.startswith(seen.shown.rstrip("…"))


# --- who made it


def kept(business_id: UUID, *scopes: str) -> tuple[UUID, UUID, str]:
    """Of a second owner: who they are, the key they made, and all of it."""
    maker = member(business_id)
    assert maker.id is not None
    with tenancy.bound(business_id, actor=maker):
        key_id, key = identity.make_key("Till in the shop", scopes or SCOPES)
    return maker.id, key_id, key


def told_of(business_id: UUID, key_id: UUID) -> list[str]:
    with tenancy.bound(business_id):
        return [one.kind for one in facts.timeline(key_id)]


@pytest.mark.parametrize("by_themselves", [True, False])
def test_a_key_of_who_left_opens_nothing(business_id: UUID, by_themselves: bool) -> None:
    maker_id, key_id, key = kept(business_id)
    identity.let_in(key, HERE)
    actor = Actor("person", maker_id) if by_themselves else member(business_id)
    with tenancy.bound(business_id, actor=actor):
        identity.leave() if by_themselves else identity.remove_member(maker_id)
    with pytest.raises(NotLetIn):
        identity.let_in(key, HERE)
    assert told_of(business_id, key_id) == ["identity.KeyMade", "identity.KeyRevoked"]


def test_a_key_that_may_what_its_makers_role_allows_no_more_is_taken_back(
    business_id: UUID,
) -> None:
    maker_id, key_id, key = kept(business_id, "customer:keep", "customer:read")
    readers_maker, _, reads = kept(business_id)
    with tenancy.bound(business_id, actor=member(business_id)):
        identity.change_role(maker_id, Role.VIEWER)
        identity.change_role(readers_maker, Role.VIEWER)
    with pytest.raises(NotLetIn):
        identity.let_in(key, HERE)
    assert told_of(business_id, key_id) == ["identity.KeyMade", "identity.KeyRevoked"]
    assert identity.let_in(reads, HERE).scopes == frozenset(SCOPES)


def test_a_key_may_today_what_its_maker_may_today(business_id: UUID) -> None:
    """Whatever became of the key when they got another role."""
    maker_id, key_id, key = kept(business_id, "customer:keep", "customer:read")
    with tenancy.bound(business_id):
        identity.change_role(maker_id, Role.VIEWER)
    with tenancy.house():
        Key.objects.filter(id=key_id).update(revoked_at=None)
    assert identity.let_in(key, HERE).scopes == frozenset({"customer:read"})
    with tenancy.bound(business_id):
        identity.remove_member(maker_id)
    with tenancy.house():
        Key.objects.filter(id=key_id).update(revoked_at=None)
    with pytest.raises(NotLetIn):
        identity.let_in(key, HERE)


def test_a_key_at_another_business_stays_when_its_maker_leaves_one(
    new_business: Callable[..., UUID],
) -> None:
    first, other = new_business(), new_business()
    maker_id, _, _ = kept(first)
    with tenancy.bound(other):
        identity.add_member(maker_id, Role.OWNER)
    with tenancy.bound(other, actor=Actor("person", maker_id)):
        _, there = identity.make_key("Till", SCOPES)
    with tenancy.bound(first):
        identity.remove_member(maker_id)
    assert identity.let_in(there, HERE).business_id == other
