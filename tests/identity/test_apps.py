"""Apps that act for people: what opens, what does not, what a stolen token gets, and when it is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from hesabu.identity import actions as identity
from hesabu.identity import permissions, queries
from hesabu.identity.errors import (
    AppElsewhere,
    AppNotFound,
    ChallengeBad,
    ClientBad,
    FactorNeeded,
    KeyNotFound,
    NotAllowed,
    NotLetIn,
    RedirectBad,
    ScopesBad,
)
from hesabu.identity.rules import checked_redirect, proves
from hesabu.identity.types import Role, Tokens
from hesabu.kit import clock
from hesabu.store import facts, tenancy
from hesabu.store.tenancy import Actor
from identity.apps import BACK, SCOPES, Counter, member, registered

HERE = "203.0.113.7"
DAY = 86_400


@pytest.fixture
def counter(business_id: UUID) -> Counter:
    return registered(business_id)


def granted(counter: Counter, business_id: UUID, role: Role = Role.OWNER) -> tuple[Actor, Tokens]:
    actor = member(business_id, role)
    return actor, counter.exchanges(counter.asks(business_id, actor)[1])


def ended(business_id: UUID) -> list[str]:
    with tenancy.bound(business_id):
        return [one.revoked_why for one in queries.apps()]


def opens_nothing(counter: Counter, pair: Tokens) -> None:
    with pytest.raises(NotLetIn):
        identity.let_in(pair.access, HERE)
    with pytest.raises(NotLetIn):
        counter.renews(pair.refresh)


# --- codes


def test_an_app_gets_a_pair_for_its_code_once(counter: Counter, business_id: UUID) -> None:
    grant_id, code = counter.asks(business_id, member(business_id))
    pair = counter.exchanges(code)
    bearer = identity.let_in(pair.access, HERE)
    assert (bearer.kind, bearer.id, bearer.business_id) == ("app", grant_id, business_id)
    assert pair.expires_in_seconds == 900
    with pytest.raises(NotLetIn):
        counter.exchanges(code)


def test_a_code_that_comes_twice_ends_all_that_came_of_it(
    counter: Counter, business_id: UUID
) -> None:
    _, code = counter.asks(business_id, member(business_id))
    pair = counter.exchanges(code)
    newer = counter.renews(pair.refresh)
    with clock.moved(seconds=600), pytest.raises(NotLetIn):
        counter.exchanges(code, verifier="x" * 43)
    opens_nothing(counter, pair)
    opens_nothing(counter, newer)
    assert ended(business_id) == ["reused"]


def test_a_code_of_another_app_opens_nothing_and_stays_good(
    counter: Counter, business_id: UUID
) -> None:
    other = registered(business_id, is_confidential=True)
    _, code = counter.asks(business_id, member(business_id))
    with pytest.raises(NotLetIn):
        other.exchanges(code, verifier=counter.verifier)
    assert counter.exchanges(code).access


@pytest.mark.parametrize(
    "wrong",
    [
        {"verifier": ""},
        {"verifier": "a" * 43},
        {"verifier": "a" * 42},
        {"verifier": "é" * 43},
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": BACK.upper()},
        {"redirect_uri": ""},
        {"redirect_uri": "https://evil.example.com/back"},
    ],
    ids=str,
)
def test_a_code_without_its_verifier_or_for_another_address_opens_nothing(
    counter: Counter, business_id: UUID, wrong: dict[str, str]
) -> None:
    _, code = counter.asks(business_id, member(business_id))
    with pytest.raises(NotLetIn):
        counter.exchanges(code, **wrong)
    assert counter.exchanges(code).access


def test_the_challenge_itself_is_no_verifier(counter: Counter, business_id: UUID) -> None:
    _, code = counter.asks(business_id, member(business_id))
    with pytest.raises(NotLetIn):
        counter.exchanges(code, verifier=counter.challenge)


def test_the_verifier_of_rfc_7636_proves_its_challenge() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert proves(verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    assert not proves(verifier, verifier)
    assert not proves(verifier, "")


@pytest.mark.parametrize("challenge", ["", "short", "=" * 43, "a" * 44, "a" * 42 + "\n"])
def test_nobody_is_asked_without_a_challenge(business_id: UUID, challenge: str) -> None:
    counter = registered(business_id)
    with (
        tenancy.bound(business_id, actor=member(business_id)),
        pytest.raises(ChallengeBad),
    ):
        identity.grant_app(
            counter.id, SCOPES, redirect_uri=BACK, challenge=challenge, has_factor=True
        )


def test_tokens_end_by_themselves(counter: Counter, business_id: UUID) -> None:
    actor = member(business_id)
    _, code = counter.asks(business_id, actor)
    with clock.moved(seconds=61), pytest.raises(NotLetIn):
        counter.exchanges(code)
    pair = counter.exchanges(code)
    with clock.moved(seconds=901), pytest.raises(NotLetIn):
        identity.let_in(pair.access, HERE)
    idle = settings.CONFIG.app_idle_days * DAY
    with clock.moved(seconds=idle + 60), pytest.raises(NotLetIn):
        counter.renews(pair.refresh)


# --- who the app is


def test_an_app_with_a_secret_proves_itself_by_it(business_id: UUID) -> None:
    counter = registered(business_id, is_confidential=True)
    _, code = counter.asks(business_id, member(business_id))
    for secret in ("", "hsk_wrong", counter.secret[:-1]):
        with pytest.raises(ClientBad):
            counter.exchanges(code, secret=secret)
    pair = counter.exchanges(code)
    thief = Counter(counter.id, "", counter.verifier)
    with pytest.raises(ClientBad):
        thief.renews(pair.refresh)
    with pytest.raises(ClientBad):
        identity.give_back(thief.client_id, "", pair.refresh)
    assert counter.renews(pair.refresh).access


@pytest.mark.parametrize("client_id", ["", "app_", "app_\x00", "key_" + "0" * 26, "x" * 10_000])
def test_an_app_that_nobody_registered_gets_nothing(
    counter: Counter, business_id: UUID, client_id: str
) -> None:
    _, code = counter.asks(business_id, member(business_id))
    with pytest.raises(ClientBad):
        counter.exchanges(code, client_id=client_id)


def test_no_secret_of_an_app_lies_in_the_database(business_id: UUID) -> None:
    counter = registered(business_id, is_confidential=True)
    _, code = counter.asks(business_id, member(business_id))
    pair = counter.exchanges(code)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(t::text, ' ') FROM (SELECT identity_app::text t FROM identity_app"
            " UNION ALL SELECT identity_token::text FROM identity_token) AS all_of_it"
        )
        kept = cursor.fetchone()[0]
    for secret in (counter.secret, counter.verifier, code, pair.access, pair.refresh):
        assert secret[-30:] not in kept


@pytest.mark.parametrize(
    "uri",
    [
        "https://shop.example.com/back",
        "https://shop.example.com:8443/back?from=hesabu",
        "http://127.0.0.1:8931/back",
    ],
)
def test_addresses_that_people_may_be_sent_back_to(uri: str) -> None:
    assert checked_redirect(uri, is_confidential=True) == uri


def test_an_app_on_a_phone_has_a_scheme_of_its_own_and_no_secret() -> None:
    own = "com.example.counter:/back"
    assert checked_redirect(own, is_confidential=False) == own
    with pytest.raises(RedirectBad):
        checked_redirect(own, is_confidential=True)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "back",
        "//shop.example.com/back",
        "http://shop.example.com/back",
        "http://localhost/back",
        "http://127.0.0.1.evil.example/back",
        "http://127.0.0.1@evil.example/back",
        "https://shop.example.com/back#x",
        "https://shop@evil.example.com/back",
        "https://*.example.com/back",
        "https://localhost/back",
        "https://shop.example.com/a/../b",
        "https://shop.example.com:99999/back",
        "https://shop.example.com/back\nX: y",
        "https://shop.example.com/back\x00",
        "https://shop.example.com\\@evil.example/",
        "https://shop.example.com/\u202ekcab",
        "javascript:alert(1)",
        "data:text/html,hello",
        "file:/etc/passwd",
        "com.example.counter://host/back",
        "https://" + "a" * 600 + ".example.com/",
    ],
)
def test_addresses_that_nobody_is_sent_to(uri: str) -> None:
    with pytest.raises(RedirectBad):
        checked_redirect(uri, is_confidential=False)


def test_apps_are_registered_by_owners_for_what_they_may_themselves(business_id: UUID) -> None:
    for role in (Role.MANAGER, Role.VIEWER):
        with tenancy.bound(business_id, actor=member(business_id, role)), pytest.raises(NotAllowed):
            identity.register_app("Counter", [BACK], SCOPES, is_confidential=False)
    with tenancy.bound(business_id, actor=member(business_id)):
        for scopes in ([], ["no:such"], [*SCOPES, "business:sell"]):
            with pytest.raises(ScopesBad):
                identity.register_app("Counter", [BACK], scopes, is_confidential=False)
        for uris in ([], ["", " "], [BACK + str(n) for n in range(11)]):
            with pytest.raises(RedirectBad):
                identity.register_app("Counter", uris, SCOPES, is_confidential=False)
    scopes = frozenset({"app:register"})
    key = Actor("key", business_id, scopes)
    with tenancy.bound(business_id, actor=key), pytest.raises(ScopesBad):
        identity.register_app("Counter", [BACK], SCOPES, is_confidential=False)


# --- for which business, and for what


def test_an_app_is_for_the_business_that_registered_it(
    counter: Counter, business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    other = new_business()
    with pytest.raises(AppElsewhere):
        counter.asks(other, member(other))
    for_all = registered(business_id, is_for_others=True)
    pair = for_all.exchanges(for_all.asks(other, member(other))[1])
    assert identity.let_in(pair.access, HERE).business_id == other


def test_who_is_no_member_lets_no_app_act_there(
    counter: Counter, business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    stranger = member(new_business())
    with pytest.raises(NotAllowed):
        counter.asks(business_id, stranger)


def test_an_app_asks_for_no_more_than_it_was_registered_with(
    counter: Counter, business_id: UUID
) -> None:
    with pytest.raises(ScopesBad):
        counter.asks(business_id, member(business_id), [*SCOPES, "key:make"])
    with pytest.raises(ScopesBad):
        counter.asks(business_id, member(business_id), [])


def test_an_app_gets_of_it_what_the_person_may_themselves(business_id: UUID) -> None:
    counter = registered(business_id, ["business:read", "invoice:void"])
    viewer = member(business_id, Role.VIEWER)
    _, code = counter.asks(business_id, viewer, ["business:read", "invoice:void"])
    assert counter.exchanges(code).scopes == ("business:read",)
    with pytest.raises(ScopesBad):
        counter.asks(business_id, viewer, ["invoice:void"])


def test_scopes_are_never_widened_when_tokens_are_renewed(business_id: UUID) -> None:
    counter = registered(business_id, [*SCOPES, "invoice:read"])
    actor = member(business_id)
    pair = counter.exchanges(counter.asks(business_id, actor, SCOPES)[1])
    for wider in ([*SCOPES, "invoice:read"], ["key:make"], ["*"], []):
        with pytest.raises(ScopesBad):
            counter.renews(pair.refresh, wider)
    fewer = counter.renews(pair.refresh, ["member:read"])
    assert fewer.scopes == ("member:read",)
    assert identity.let_in(fewer.access, HERE).scopes == {"member:read"}
    again = counter.renews(fewer.refresh)
    assert identity.let_in(again.access, HERE).scopes == set(SCOPES)


def test_an_app_does_no_more_than_the_person_may_now(counter: Counter, business_id: UUID) -> None:
    actor = member(business_id, Role.SELLER)
    counter.asks(business_id, actor)
    app = Actor("app", actor.id, frozenset(SCOPES))
    read = permissions.permission("test_thing:read", to=permissions.EVERYBODY, words="Read")
    allowed = Actor("app", actor.id, frozenset({"test_thing:read"}))
    with tenancy.bound(business_id, actor=app), pytest.raises(NotAllowed):
        permissions.require(read)
    with tenancy.bound(business_id, actor=allowed):
        permissions.require(read)
    assert actor.id is not None
    with tenancy.bound(business_id):
        identity.remove_member(actor.id)
    with tenancy.bound(business_id, actor=allowed), pytest.raises(NotAllowed):
        permissions.require(read)


# --- refresh tokens


def test_a_refresh_token_that_comes_again_shuts_the_thief_and_the_app_out(
    counter: Counter, business_id: UUID
) -> None:
    grant_id, code = counter.asks(business_id, member(business_id))
    first = counter.exchanges(code)
    second = counter.renews(first.refresh)
    identity.let_in(second.access, HERE)
    with pytest.raises(NotLetIn):
        counter.renews(first.refresh)
    opens_nothing(counter, first)
    opens_nothing(counter, second)
    assert ended(business_id) == ["reused"]
    with tenancy.bound(business_id):
        assert [one.kind for one in facts.timeline(grant_id)] == [
            "identity.AppGranted",
            "identity.AppRevoked",
        ]


def test_two_that_refresh_at_once_do_not_both_get_a_pair(
    counter: Counter, business_id: UUID
) -> None:
    _, pair = granted(counter, business_id)
    got: list[Tokens] = []

    def ask() -> None:
        try:
            got.append(counter.renews(pair.refresh))
        except NotLetIn:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(got) == 1


def test_the_refresh_token_of_one_app_is_none_of_another(
    counter: Counter, business_id: UUID
) -> None:
    _, pair = granted(counter, business_id)
    other = registered(business_id)
    with pytest.raises(NotLetIn):
        other.renews(pair.refresh)
    identity.give_back(other.client_id, other.secret, pair.refresh)
    assert counter.renews(pair.refresh).access


def test_kinds_of_tokens_do_not_stand_in_for_each_other(
    counter: Counter, business_id: UUID
) -> None:
    _, code = counter.asks(business_id, member(business_id))
    with pytest.raises(NotLetIn):
        counter.renews(code)
    with pytest.raises(NotLetIn):
        counter.renews(code.replace("hsc_", "hsr_"))
    pair = counter.exchanges(code)
    for wrong in (pair.refresh, code, pair.access.replace("hsa_", "hsr_")):
        with pytest.raises(NotLetIn):
            identity.let_in(wrong, HERE)
    with pytest.raises(NotLetIn):
        counter.exchanges(pair.access)
    with pytest.raises(NotLetIn):
        counter.renews(pair.access)


# --- when it is over


def test_the_chain_of_refresh_tokens_ends_at_last(counter: Counter, business_id: UUID) -> None:
    _, pair = granted(counter, business_id)
    idle, most = settings.CONFIG.app_idle_days, settings.CONFIG.app_days
    day = 0
    while day + idle - 1 < most:
        day += idle - 1
        with clock.moved(seconds=day * DAY):
            pair = counter.renews(pair.refresh)
    with clock.moved(seconds=most * DAY - 60):
        pair = counter.renews(pair.refresh)
        assert pair.expires_in_seconds < 900
    with clock.moved(seconds=most * DAY + 60):
        opens_nothing(counter, pair)
        assert ended(business_id) == ["over"]


def test_it_ends_when_the_person_leaves_the_business(counter: Counter, business_id: UUID) -> None:
    actor, pair = granted(counter, business_id, Role.SELLER)
    with tenancy.bound(business_id, actor=actor):
        identity.leave()
    opens_nothing(counter, pair)
    assert ended(business_id) == ["left"]


def test_it_ends_when_the_persons_role_allows_it_no_more(business_id: UUID) -> None:
    counter = registered(business_id, ["invoice:void", "invoice:read"])
    actor = member(business_id, Role.MANAGER)
    more = counter.exchanges(counter.asks(business_id, actor, ["invoice:void"])[1])
    less = counter.exchanges(counter.asks(business_id, actor, ["invoice:read"])[1])
    assert actor.id is not None
    with tenancy.bound(business_id):
        identity.change_role(actor.id, Role.SELLER)
    opens_nothing(counter, more)
    assert identity.let_in(less.access, HERE)
    assert counter.renews(less.refresh)


def test_it_ends_when_the_person_signs_out_everywhere(
    counter: Counter, business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    actor, pair = granted(counter, business_id)
    other, others_pair = granted(counter, business_id)
    assert actor.id is not None
    identity.end_apps_of(actor.id)
    opens_nothing(counter, pair)
    assert identity.let_in(others_pair.access, HERE).person_id == other.id
    assert sorted(ended(business_id)) == ["", "signed_out"]


def test_it_ends_for_everybody_when_the_app_is_dropped(
    business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    counter, elsewhere = registered(business_id, is_for_others=True), new_business()
    _, here = granted(counter, business_id)
    _, there = granted(counter, elsewhere)
    with tenancy.bound(elsewhere, actor=member(elsewhere)), pytest.raises(AppNotFound):
        identity.drop_app(counter.id)
    with tenancy.bound(business_id, actor=member(business_id)):
        identity.drop_app(counter.id)
        identity.drop_app(counter.id)
    for pair in (here, there):
        with pytest.raises(NotLetIn):
            identity.let_in(pair.access, HERE)
        with pytest.raises(ClientBad):
            counter.renews(pair.refresh)
    with pytest.raises(AppNotFound):
        counter.asks(business_id, member(business_id))
    assert ended(elsewhere) == ["dropped"]


def test_an_app_gives_its_tokens_back(counter: Counter, business_id: UUID) -> None:
    _, pair = granted(counter, business_id)
    identity.give_back(counter.client_id, "", pair.access)
    with pytest.raises(NotLetIn):
        identity.let_in(pair.access, HERE)
    newer = counter.renews(pair.refresh)
    identity.give_back(counter.client_id, "", newer.refresh)
    opens_nothing(counter, newer)
    assert ended(business_id) == ["given_back"]
    for unknown in ("", "hsa_x", newer.refresh, "x" * 5000):
        identity.give_back(counter.client_id, "", unknown)


def test_people_take_back_their_own_and_managers_everybodys(
    counter: Counter, business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    grants = {}
    for role in (Role.OWNER, Role.SELLER):
        actor = member(business_id, role)
        grants[role] = counter.asks(business_id, actor)[0], actor
    owners_grant, _owner = grants[Role.OWNER]
    sellers_grant, seller = grants[Role.SELLER]
    with tenancy.bound(business_id, actor=seller):
        with pytest.raises(NotAllowed):
            identity.revoke_app(owners_grant)
        identity.revoke_app(sellers_grant)
        identity.revoke_app(sellers_grant)
    with tenancy.bound(business_id, actor=member(business_id, Role.MANAGER)):
        identity.revoke_app(owners_grant)
    other = new_business()
    with tenancy.bound(other, actor=member(other)), pytest.raises(KeyNotFound):
        identity.revoke_app(owners_grant)
    assert ended(business_id) == ["asked", "asked"]


# --- second factors


def test_who_needs_a_second_factor_lets_no_app_act_without_one(
    counter: Counter, business_id: UUID
) -> None:
    with pytest.raises(FactorNeeded):
        counter.asks(business_id, member(business_id), has_factor=False)
    _, code = counter.asks(business_id, member(business_id, Role.VIEWER), has_factor=False)
    assert counter.exchanges(code).access


def test_an_app_let_in_without_a_second_factor_ends_when_the_role_asks_for_one(
    counter: Counter, business_id: UUID
) -> None:
    actor = member(business_id, Role.VIEWER)
    pair = counter.exchanges(counter.asks(business_id, actor, has_factor=False)[1])
    assert actor.id is not None
    with tenancy.bound(business_id):
        identity.change_role(actor.id, Role.OWNER)
    opens_nothing(counter, pair)
    assert ended(business_id) == ["factor"]


def test_an_app_let_in_without_a_second_factor_does_nothing_dangerous(
    business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    dangerous = permissions.permission(
        "test_danger:do", to=[Role.SELLER], words="Danger", is_dangerous=True
    )
    try:
        _is_told_apart(business_id, dangerous.name)
    finally:
        permissions._declared.pop(dangerous.name)


def _is_told_apart(business_id: UUID, dangerous: str) -> None:
    from hesabu.identity.models import Grant

    counter = registered(business_id, [*SCOPES, dangerous])
    grant_id, code = counter.asks(business_id, member(business_id), [*SCOPES, dangerous])
    pair = counter.exchanges(code)
    assert dangerous in identity.let_in(pair.access, HERE).scopes
    Grant.objects.filter(id=grant_id).update(has_factor=False)
    assert identity.let_in(pair.access, HERE).scopes == set(SCOPES)


def test_the_switch_for_everybody_ends_what_was_let_in_without(
    counter: Counter, business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = member(business_id, Role.VIEWER)
    pair = counter.exchanges(counter.asks(business_id, actor, has_factor=False)[1])
    strict: Any = settings.CONFIG.model_copy(update={"second_factor_for_all": True})
    monkeypatch.setattr(settings, "CONFIG", strict)
    with pytest.raises(FactorNeeded):
        counter.asks(business_id, actor, has_factor=False)
    with pytest.raises(NotLetIn):
        identity.let_in(pair.access, HERE)
    with pytest.raises(NotLetIn):
        counter.renews(pair.refresh)
    assert ended(business_id) == ["factor"]


def test_the_switch_for_everybody_leaves_who_had_a_second_factor(
    counter: Counter, business_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = member(business_id, Role.VIEWER)
    pair = counter.exchanges(counter.asks(business_id, actor, has_factor=True)[1])
    strict: Any = settings.CONFIG.model_copy(update={"second_factor_for_all": True})
    monkeypatch.setattr(settings, "CONFIG", strict)
    assert identity.let_in(pair.access, HERE).person_id == actor.id
    counter.renews(pair.refresh)
