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
from django.utils import translation

from hesabu.doors.web.audit import changes, words
from hesabu.doors.web.audit.views import harmless
from hesabu.identity import actions as identity
from hesabu.identity import permissions
from hesabu.identity import queries as people
from hesabu.identity.permissions import declared
from hesabu.identity.types import InvitationWay, Role
from hesabu.invoicing import actions as invoicing
from hesabu.kit import ids
from hesabu.payments import actions as payments
from hesabu.store import origins, tenancy
from hesabu.store.tenancy import Actor
from hesabu.store.wiring import wiring
from steady import seal_all


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
    assert "Details of the business were changed" in shown
    assert re.search(
        r'<span class="faint">Name</span> <del>.*Kamau Designs</del>.*Kamau Prints</ins>', shown
    )


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
    assert re.search(r"<del>.*Seller</del>.*<ins>.*Bookkeeper</ins>", shown)
    told = json.loads(owner.get(f"{page}.json", {"kind": "identity.RoleChanged"}).content)
    assert (told[0]["before"], told[0]["said"]) == ({"role": "seller"}, {"role": "bookkeeper"})


def test_amounts_are_shown_as_money_and_ids_by_their_end() -> None:
    from hesabu.doors.web.audit.changes import changes_of
    from hesabu.doors.web.audit.names import Names
    from hesabu.kit import clock
    from hesabu.store.audit import Act
    from hesabu.store.facts import FactRecord

    thing, jane = ids.new_id(), ids.new_id()
    said = {
        "total_minor": 750000,
        "currency": "KES",
        "customer_id": str(jane),
        "payment_id": str(thing),
        "is_new": True,
        "count": 3,
    }
    record = FactRecord(*(thing, "x.Y", "x", thing, thing, clock.now(), "system", None, None, said))
    act = Act(record, "", {"total_minor": 500000, "count": 2})
    names = Names(customers={jane: "Jane Wanjiku"})
    read = changes_of(act, "Africa/Nairobi", names, sees_personal=True)
    found = {one.name: (one.before, one.after) for one in read}
    assert found["total"] == ("KES 5,000.00", "KES 7,500.00")
    assert found["customer"] == ("", "Jane Wanjiku")
    assert found["payment"] == ("", f"…{ids.short(thing)[-8:]}")
    assert found["is new"] == ("", "yes")
    assert found["how often"] == ("", "3")


def test_the_page_says_how_far_the_chain_is(business_id: UUID, page: str, owner: Client) -> None:
    from hesabu.store import seals

    assert b"Nothing is sealed yet" in owner.get(page).content
    seal_all()
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


def fact_fields() -> list[tuple[str, str]]:
    """(kind, field) of every fact of every room."""
    import dataclasses

    return [
        (name, field.name)
        for name, kind in sorted(wiring.fact_types.items())
        for field in dataclasses.fields(kind)
        if field.name not in ("business_id", "subject_id")
    ]


def test_every_kind_of_fact_and_every_field_has_words() -> None:
    mute = [
        kind
        for kind, declared in wiring.fact_types.items()
        if words.subject_kind_of(declared) not in words.ABOUT or words.title(kind) == kind
    ]
    assert mute == []
    without = [
        (kind, field)
        for kind, field in fact_fields()
        if field not in words.FIELDS and field not in changes.BESIDE
    ]
    assert without == []
    fields = {field for _kind, field in fact_fields()}
    assert sorted(set(words.FIELDS) - fields) == []
    assert set(changes.WAS.values()) | set(changes.WAS) <= fields


def test_every_code_that_is_one_of_a_few_has_words() -> None:
    from hesabu.identity.actions import refusals
    from hesabu.invoicing.types import HabitName
    from hesabu.messaging.types import Channel
    from hesabu.payments.types import AccountKind, Method

    for field, codes in (
        ("role", Role),
        ("name", HabitName),
        ("channel", Channel),
        ("account_kind", AccountKind),
        ("method", Method),
        ("way", InvitationWay),
        ("purpose_kind", ["invoice"]),
        ("permission", [one.name for one in declared() if not one.name.startswith("test_")]),
    ):
        assert [code for code in codes if not words.value("x.Y", field, code)] == [], field
    whys = {value for name, value in vars(refusals).items() if name.isupper() and name[0] != "_"}
    whys = {one for one in whys if isinstance(one, str)}
    assert whys == set(words.REASONS)


def test_what_was_done_is_chosen_in_words_and_by_groups_and_asked_by_code(
    business_id: UUID, page: str, owner: Client
) -> None:
    renamed(business_id, "Kamau Chosen", owner_of(business_id))
    with tenancy.bound(business_id):
        payments.add_account("till", "832909")
    shown = owner.get(page, {"kind": "payments.PaymentAccountAdded"}).content.decode()
    chosen = re.search(
        r'<optgroup label="Payments"><option value="payments.PaymentAccountAdded" selected>'
        r"A way to be paid was added</option>",
        shown,
    )
    assert chosen
    groups = re.findall(r'<optgroup label="([^"]+)">', shown.partition('name="person"')[0])
    assert groups == sorted(groups, key=str.casefold)
    assert {"The business", "People", "Payments"} <= set(groups)
    cells = re.findall(r"<br><code[^>]*>([\w.]+)</code>", shown)
    assert set(cells) == {"payments.PaymentAccountAdded"}


def test_a_kind_that_no_room_has_any_more_is_shown_by_its_name() -> None:
    assert words.title("rooms.Gone") == "rooms.Gone"
    [(group, kinds)] = words.grouped(["rooms.Gone"])
    assert (group, kinds[0].words) == ("Something else", "rooms.Gone")


def test_whoever_did_it_is_named_be_it_a_person_a_program_or_the_house(
    business_id: UUID, page: str, owner: Client
) -> None:
    with tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))):
        key_id, _secret = identity.make_key("Till at the door", ["business:read"])
    customer_id = with_customer(business_id, "Jane Wanjiku")
    for actor in (
        Actor("key", key_id, frozenset({"customer:change"})),
        Actor("system"),
        Actor("support", identity.register_person("Wanja Support")),
    ):
        with tenancy.bound(business_id, actor=actor), permissions.inside():
            invoicing.change_customer(customer_id, address=f"Street of {actor.kind}")
    told = json.loads(owner.get(f"{page}.json", {"kind": "invoicing.CustomerChanged"}).content)
    assert [one["actor"] for one in told] == [
        "Wanja Support, of support",
        "The house itself",
        "Till at the door",
    ]
    assert {one["what"] for one in told} == {"Details of a customer were changed"}
    assert {one["about"] for one in told} == {"Jane Wanjiku"}
    shown = owner.get(page).content.decode()
    assert f'<a href="?person={key_id}">Till at the door</a>' in shown
    assert f'<option value="{key_id}">Till at the door</option>' in shown
    assert [one["actor"] for one in found_by(owner, page, key_id)] == ["Till at the door"]


def found_by(owner: Client, page: str, actor_id: UUID) -> list[dict[str, str]]:
    return list(json.loads(owner.get(f"{page}.json", {"person": str(actor_id)}).content))


def with_customer(business_id: UUID, name: str) -> UUID:
    with tenancy.bound(business_id):
        return invoicing.keep_customer(name)


def test_details_of_the_business_stand_there_as_they_were_and_became(
    business_id: UUID, page: str, owner: Client
) -> None:
    by = Actor("person", owner_of(business_id))
    with tenancy.bound(business_id, actor=by):
        identity.update_business(
            business_id, timezone="Africa/Kampala", address="Moi Avenue 7", phone="0722000111"
        )
    [told] = json.loads(owner.get(f"{page}.json", {"kind": "identity.BusinessUpdated"}).content)
    found = {one["name"]: (one["before"], one["after"]) for one in told["changes"]}
    assert found["Time zone"] == ("Africa/Nairobi", "Africa/Kampala")
    assert found["Address"] == ("–", "Moi Avenue 7")
    assert found["Telephone"][1].endswith("722000111")
    assert "Moi Avenue" not in json.dumps(told["said"])


def test_who_is_no_owner_sees_that_what_may_be_a_persons_changed_and_not_what_it_was(
    business_id: UUID, page: str
) -> None:
    by = Actor("person", owner_of(business_id))
    with tenancy.bound(business_id, actor=by):
        identity.update_business(
            business_id, timezone="Africa/Kampala", address="Moi Avenue 7", signatory="Zawadi Kamau"
        )
    manager = browser_of(somebody(business_id, Role.MANAGER))
    pages = [manager.get(page), manager.get(f"{page}.csv"), manager.get(f"{page}.jsonl")]
    for answer in pages:
        text = answer.content.decode()
        assert "Africa/Kampala" in text
        assert "Moi Avenue" not in text
        assert "Zawadi" not in text
    assert "changed <span" in pages[0].content.decode()
    assert "owners see here what it was" in pages[0].content.decode()


def test_how_the_clerk_goes_about_it_stands_there_with_what_it_was(
    business_id: UUID, page: str, owner: Client
) -> None:
    with tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))):
        invoicing.keep_habit("receipts", False)
        invoicing.keep_habit("quiet_hours", "21:00-07:00")
    told = json.loads(owner.get(f"{page}.json", {"kind": "invoicing.HabitKept"}).content)
    quiet, receipts = (
        {c["name"]: (c["before"], c["after"]) for c in one["changes"]} for one in told
    )
    assert quiet["what it is"] == ("", "Quiet hours")
    assert quiet["set to"] == ("20:00-08:00", "21:00-07:00")
    assert quiet["switched on"] == ("", "yes")
    assert receipts["switched on"] == ("yes", "no")
    assert told[0]["before"] == {"value": "20:00-08:00"}


def test_from_which_amount_two_are_needed_is_money_before_and_after(
    business_id: UUID, page: str, owner: Client
) -> None:
    from hesabu.identity import approvals
    from hesabu.kit.money import Money

    kind = next(one.name for one in approvals.kinds() if one.is_by_amount)
    with tenancy.bound(business_id, actor=Actor("person", owner_of(business_id))):
        for amount in (Money(100_00, "KES"), Money(250_00, "KES"), None):
            identity.set_limit(kind, amount)
    told = json.loads(owner.get(f"{page}.json", {"kind": "identity.ApprovalLimitSet"}).content)
    amounts = [
        next((c["before"], c["after"]) for c in one["changes"] if c["name"] == "amount")
        for one in told
    ]
    assert amounts == [
        ("KES 250.00", "–"),
        ("KES 100.00", "KES 250.00"),
        ("–", "KES 100.00"),
    ]


def test_a_refusal_is_read_as_what_was_tried_and_why_not(
    business_id: UUID, page: str, owner: Client
) -> None:
    from hesabu.identity.errors import NotAllowed
    from hesabu.kit import clock

    seller = somebody(business_id, Role.SELLER)
    with (
        pytest.raises(NotAllowed),
        tenancy.bound(business_id, actor=Actor("person", seller)),
    ):
        identity.change_role(seller, Role.OWNER)
    with clock.moved(seconds=121):
        identity.tell_refusals()
    shown = owner.get(page, {"kind": "identity.ActRefused"}).content.decode()
    assert "Something was tried and refused" in shown
    assert "Change people&#x27;s roles, and let them go" in shown
    assert "they may not do that" in shown


def test_it_is_read_in_swahili(business_id: UUID, page: str, owner: Client) -> None:
    renamed(business_id, "Kamau Kiswahili", owner_of(business_id))
    with translation.override("sw"):
        shown = owner.get(page, headers={"accept-language": "sw"}).content.decode()
    assert "Taarifa za biashara zilibadilishwa" in shown
    assert "identity.BusinessUpdated" in shown
