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
    assert '<span class="faint">changed</span> name' in shown


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
    kind = "identity.BusinessUpdated"
    assert found(kind=kind, **{"from": "2020-01-01"}) == found(kind=kind)


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
    first = owner.get(page).content.decode()
    older = re.search(r'href="\?before=([0-9a-z]+)"', first)
    assert older
    second = owner.get(page, {"before": older[1]}).content.decode()
    every = json.loads(owner.get(f"{page}.json").content)
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


def test_it_is_searched_by_the_address_it_came_from(
    business_id: UUID, page: str, owner: Client
) -> None:
    renamed(business_id, "Kamau Here", owner_of(business_id), "196.201.214.7")
    renamed(business_id, "Kamau There", owner_of(business_id), "2001:db8::7")
    for address in ("196.201.214.7", "2001:0db8::0007"):
        found = json.loads(owner.get(f"{page}.json", {"address": address}).content)
        assert len(found) == 1
        assert found[0]["address"] == ("2001:db8::7" if ":" in address else address)
    assert owner.get(page, {"address": "not an address"}).status_code == 422


def test_taking_it_along_leaves_a_fact(business_id: UUID, page: str, owner: Client) -> None:
    for ending in ("csv", "json", "jsonl"):
        assert owner.get(f"{page}.{ending}").status_code == 200
    told = json.loads(owner.get(f"{page}.json", {"kind": "identity.AuditExported"}).content)
    assert [one["said"]["form"] for one in told] == ["jsonl", "json", "csv"]
    assert all(one["said"]["count"] > 0 for one in told)
    assert {one["actor_id"] for one in told} == {str(owner_of(business_id))}


def test_as_lines_every_line_is_an_act(business_id: UUID, page: str, owner: Client) -> None:
    renamed(business_id, "Kamau Lines", owner_of(business_id))
    answer = owner.get(f"{page}.jsonl", {"kind": "identity.BusinessUpdated"})
    lines = answer.content.decode().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["identity.BusinessUpdated"]
    assert answer["Content-Disposition"] == 'attachment; filename="audit.jsonl"'


def test_what_was_so_before_stands_beside_what_became_so(
    business_id: UUID, page: str, owner: Client
) -> None:
    somebody_else = somebody(business_id, Role.SELLER)
    by = tenancy.Actor("person", owner_of(business_id))
    with tenancy.bound(business_id, actor=by):
        identity.change_role(somebody_else, Role.BOOKKEEPER)
    shown = owner.get(page, {"subject": str(somebody_else)}).content.decode()
    assert re.search(r"<del>.*seller</del>.*<ins>.*bookkeeper</ins>", shown)
    told = json.loads(owner.get(f"{page}.json", {"kind": "identity.RoleChanged"}).content)
    assert (told[0]["before"], told[0]["said"]) == ({"role": "seller"}, {"role": "bookkeeper"})


def test_amounts_are_shown_as_money_and_ids_by_their_end() -> None:
    from datetime import UTC, datetime

    from hesabu.doors.web.audit.changes import changes_of
    from hesabu.store.audit import Act
    from hesabu.store.facts import FactRecord

    thing = ids.new_id()
    said = {"total_minor": 750000, "currency": "KES", "customer_id": str(thing), "is_new": True}
    record = FactRecord(
        *(thing, "x.Y", "x", thing, thing, datetime.now(UTC), "system", None, None, said)
    )
    changes = changes_of(Act(record, "", {"total_minor": 500000}), "Africa/Nairobi")
    found = {one.name: (one.before, one.after) for one in changes}
    assert found["total"] == ("KES 5,000.00", "KES 7,500.00")
    assert found["customer id"] == ("", f"…{ids.short(thing)[-8:]}")
    assert found["is new"] == ("", "yes")


def test_the_page_says_how_far_the_chain_is(business_id: UUID, page: str, owner: Client) -> None:
    from hesabu.store import seals

    assert b"Nothing is sealed yet" in owner.get(page).content
    seals.seal(behind_seconds=0)
    with tenancy.bound(business_id):
        standing = seals.standing(business_id)
    shown = owner.get(page).content.decode()
    assert standing.head in shown
    assert standing.fact_count > 0


def test_bars_count_what_is_asked_for_day_by_day(
    business_id: UUID, page: str, owner: Client
) -> None:
    for number in range(3):
        renamed(business_id, f"Kamau Bars {number}", owner_of(business_id))
    shown = owner.get(page, {"kind": "identity.BusinessUpdated"}).content.decode()
    assert re.search(r"<desc[^>]*>From .* to .*: 3 acts\.</desc>", shown)
    assert shown.count("<rect") == 30
    assert owner.get(page, {"from": "2001-01-01", "to": "2029-01-01"}).content.count(b"<rect") == 92
