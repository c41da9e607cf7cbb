"""The audit page: who may see it, that it finds what is asked, and that its files hold exactly that and no formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from hesabu.doors.web.audit.views import harmless
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.types import Role
from hesabu.kit import ids
from hesabu.store import origins, tenancy
from hesabu.store.tenancy import Actor


def owner_of(business_id: UUID) -> UUID:
    with tenancy.bound(business_id):
        return next(m.person_id for m in people.members(business_id) if m.role == Role.OWNER)


def somebody(business_id: UUID, role: Role, name: str = "Akinyi Odhiambo") -> UUID:
    person_id = identity.register_person(name)
    with tenancy.bound(business_id):
        identity.add_member(person_id, role)
    return person_id


def browser_of(person_id: UUID) -> Client:
    """Signed in, with a second factor."""
    from allauth.mfa.models import Authenticator

    from hesabu.identity.models import Person

    person = Person.objects.get(id=person_id)
    Authenticator.objects.create(user=person, type="totp", data={"secret": ""})
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def page(business_id: UUID) -> str:
    return f"/b/{ids.short(business_id)}/audit"


@pytest.fixture
def owner(business_id: UUID) -> Client:
    return browser_of(owner_of(business_id))


def renamed(business_id: UUID, name: str, by: UUID, address: str = "") -> None:
    with (
        origins.came_from(address),
        tenancy.bound(business_id, actor=Actor("person", by)),
    ):
        identity.update_business(business_id, name=name)


def test_an_act_is_shown_with_who_when_what_and_from_where(
    business_id: UUID, page: str, owner: Client
) -> None:
    renamed(business_id, "Kamau Prints", owner_of(business_id), "196.201.214.7")
    shown = owner.get(page).content.decode()
    with tenancy.bound(business_id):
        name = people.person(owner_of(business_id)).name
    assert "identity.BusinessUpdated" in shown
    assert "196.201.214.7" in shown
    assert name in shown
    assert "changed=name" in shown


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.SELLER, 403), (Role.BOOKKEEPER, 403), (Role.VIEWER, 403)],
)
def test_only_owners_and_managers_see_it(
    business_id: UUID, page: str, role: Role, status: int
) -> None:
    browser = browser_of(somebody(business_id, role))
    for address in (page, f"{page}.csv", f"{page}.json"):
        assert browser.get(address).status_code == status


def test_a_stranger_finds_nothing_there(
    page: str, new_business: Callable[..., UUID], business_id: UUID
) -> None:
    stranger = browser_of(owner_of(new_business()))
    for address in (page, f"{page}.csv", f"{page}.json"):
        assert stranger.get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_anothers_person_or_subject_finds_nothing(
    business_id: UUID, page: str, owner: Client, new_business: Callable[..., UUID]
) -> None:
    other = new_business()
    for query in ({"person": str(owner_of(other))}, {"subject": str(other)}):
        assert json.loads(owner.get(f"{page}.json", query).content) == []


def test_it_is_searched_by_kind_person_day_and_subject(
    business_id: UUID, page: str, owner: Client
) -> None:
    manager = somebody(business_id, Role.OWNER, "Baraka Mwangi")
    renamed(business_id, "Kamau One", owner_of(business_id))
    renamed(business_id, "Kamau Two", manager)

    def found(**query: str) -> list[dict[str, str]]:
        return list(json.loads(owner.get(f"{page}.json", query).content))

    assert {one["kind"] for one in found(kind="identity.BusinessUpdated")} == {
        "identity.BusinessUpdated"
    }
    assert [one["actor"] for one in found(person=str(manager))] == ["Baraka Mwangi"]
    assert {one["subject"] for one in found(subject=str(manager))} == {str(manager)}
    assert {one["subject"] for one in found(subject=f"per_{ids.short(manager)}")} == {str(manager)}
    assert found(to="2020-01-01") == []
    assert len(found(**{"from": "2020-01-01"})) == len(found())


@pytest.mark.parametrize(
    "query",
    [
        *("from=yesterday", "to=2026-02-31", "subject=nothing", "person=%00", "before=x"),
        *("from=0001-01-01", "to=9999-12-31", "subject=" + "z" * 5000),
    ],
)
def test_nonsense_is_refused_and_is_no_fault(page: str, owner: Client, query: str) -> None:
    assert owner.get(f"{page}?{query}").status_code == 422


@pytest.mark.parametrize(
    "kind", ["<script>alert(1)</script>", "💰", "'; DROP TABLE x; --", "x\x00"]
)
def test_a_strange_kind_finds_nothing(page: str, owner: Client, kind: str) -> None:
    answer = owner.get(page, {"kind": kind})
    assert answer.status_code in (200, 422)
    assert b"<script>alert" not in answer.content


def test_pages_follow_one_another_without_gap_or_double(
    business_id: UUID, page: str, owner: Client
) -> None:
    for number in range(60):
        renamed(business_id, f"Kamau {number}", owner_of(business_id))
    every = json.loads(owner.get(f"{page}.json").content)
    first = owner.get(page).content.decode()
    older = re.search(r'href="\?before=([0-9a-z]+)"', first)
    assert older
    second = owner.get(page, {"before": older[1]}).content.decode()
    shown = [
        str(ids.read_short(one)) for one in re.findall(r'id="act-([0-9a-z]+)"', first + second)
    ]
    assert shown == [one["id"] for one in every][: len(shown)]
    assert len(shown) == len(every)


def test_the_files_hold_what_is_filtered_and_the_same(
    business_id: UUID, page: str, owner: Client
) -> None:
    renamed(business_id, "Kamau Prints", owner_of(business_id))
    query = {"kind": "identity.BusinessUpdated"}
    rows = list(csv.DictReader(io.StringIO(owner.get(f"{page}.csv", query).content.decode())))
    every = json.loads(owner.get(f"{page}.json", query).content)
    assert [row["id"] for row in rows] == [one["id"] for one in every]
    said = owner.get(f"{page}.csv", {"filename": "../x.html"})["Content-Disposition"]
    assert said == 'attachment; filename="audit.csv"'
    assert {row["kind"] for row in rows} == {"identity.BusinessUpdated"}


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    assert harmless(name) == f"'{name}"


def test_a_name_that_is_a_formula_is_harmless_in_the_file(
    business_id: UUID, page: str, owner: Client
) -> None:
    manager = somebody(business_id, Role.OWNER, '=HYPERLINK("http://x")')
    renamed(business_id, "Kamau Three", manager)
    rows = csv.DictReader(io.StringIO(owner.get(f"{page}.csv").content.decode()))
    assert any(row["actor"].startswith("'=HYPERLINK") for row in rows)


def test_no_fact_holds_a_name(business_id: UUID) -> None:
    from django.db import connection

    manager = somebody(business_id, Role.MANAGER, "Zawadi Unmistakable")
    renamed(business_id, "Kamau Four", owner_of(business_id))
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(f::text, ' ') FROM store_fact f")
        text = cursor.fetchone()[0]
    assert "Zawadi" not in text
    assert str(manager) in text
