"""What needs a second person is asked for by a program, and done once somebody approves it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from doors.api.programs import Program
from doors.api.test_invoicing import drafted
from hesabu.identity import actions as identity
from hesabu.identity import permissions
from hesabu.identity.errors import ApprovalIsOwn
from hesabu.identity.types import Role
from hesabu.kit import ids
from hesabu.kit.money import Money
from hesabu.store import tenancy


@pytest.fixture
def maker(business_id: UUID) -> UUID:
    person_id = identity.register_person("Wanjiku Kamau")
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.OWNER)
        identity.set_limit("invoicing.void", Money.parse("1000", "KES"))
    return person_id


@pytest.fixture
def program(business_id: UUID, maker: UUID) -> Program:
    with tenancy.bound(business_id, actor=tenancy.Actor("person", maker)):
        scopes = sorted(permissions.granted(Role.OWNER))
        return Program(business_id, identity.make_key("Shop till", scopes)[1])


def issued(program: Program) -> dict[str, Any]:
    draft = drafted(program)
    said: dict[str, Any] = program.posts(
        f"/invoices/{draft['id']}/issue", {"version": draft["version"]}
    )
    return said


def voids(program: Program, invoice: dict[str, Any]) -> Any:
    return program.asks("POST", f"/invoices/{invoice['id']}/void", {"reason": "a mistake"})


def second_person(business_id: UUID) -> tenancy.Actor:
    person_id = identity.register_person("Otieno Odhiambo")
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.MANAGER)
    return tenancy.Actor("person", person_id)


def test_it_is_asked_for_and_the_answer_says_where_to_look(program: Program) -> None:
    invoice = issued(program)
    asked = voids(program, invoice)
    assert asked.status_code == 409
    assert asked.headers["Content-Type"] == "application/problem+json"
    said = asked.json()
    assert said["code"] == "identity.approval_needed"
    assert said["approval_url"].endswith(f"/api/v1/approvals/{said['approval_id']}")
    assert said["page_url"].endswith(f"/b/{ids.short(program.business_id)}/approvals")
    assert voids(program, invoice).json()["approval_id"] == said["approval_id"]
    waiting = program.gets(f"/approvals/{said['approval_id']}")
    assert (waiting["kind"], waiting["state"]) == ("invoicing.void", "asked")
    assert waiting["amount"] == {"amount": "75000.00", "currency": "KES"}
    assert [one["id"] for one in program.gets("/approvals")] == [said["approval_id"]]
    assert program.gets(f"/invoices/{invoice['id']}")["state"] == "issued"


def test_once_approved_it_is_done(program: Program) -> None:
    invoice = issued(program)
    shown = voids(program, invoice).json()["approval_id"]
    second = second_person(program.business_id)
    with tenancy.bound(program.business_id, actor=second):
        identity.approve(ids.read("apv", shown))
    assert program.gets(f"/approvals/{shown}")["state"] == "done"
    assert program.gets(f"/invoices/{invoice['id']}")["state"] == "void"


def test_whoever_made_the_key_cannot_approve_what_it_asks(program: Program, maker: UUID) -> None:
    shown = voids(program, issued(program)).json()["approval_id"]
    with (
        tenancy.bound(program.business_id, actor=tenancy.Actor("person", maker)),
        pytest.raises(ApprovalIsOwn),
    ):
        identity.approve(ids.read("apv", shown))


def test_a_repeat_with_the_same_key_asks_the_same(program: Program) -> None:
    with tenancy.bound(program.business_id):
        identity.set_limit("invoicing.credit", Money.parse("1000", "KES"))
    invoice = issued(program)
    path, body = f"/invoices/{invoice['id']}/credit", {"reason": "a mistake"}
    first, again = (
        program.asks("POST", path, body, **{"Idempotency-Key": "once"}) for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (409, 409), first.content
    assert first.json()["approval_id"] == again.json()["approval_id"]


def test_approvals_of_another_business_are_not_found(program: Program, new_business: Any) -> None:
    from doors.api.programs import program_at

    shown = voids(program, issued(program)).json()["approval_id"]
    stranger = program_at(new_business())
    assert stranger.asks("GET", f"/approvals/{shown}").status_code == 404
    assert stranger.gets("/approvals") == []


def test_a_key_without_the_scope_sees_none(program: Program, maker: UUID) -> None:
    shown = voids(program, issued(program)).json()["approval_id"]
    with tenancy.bound(program.business_id, actor=tenancy.Actor("person", maker)):
        key = identity.make_key("Reader", ["invoice:read"])[1]
    reader = Program(program.business_id, key)
    assert reader.asks("GET", "/approvals").status_code == 403
    assert reader.asks("GET", f"/approvals/{shown}").status_code == 403
