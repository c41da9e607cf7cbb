"""People of a business in the browser: invited, joined, given roles, let go; and what waits for a second person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from doors.web.people import new_address, new_browser, person_id_of, signed_up
from hesabu.kit import ids
from steady import fresh_digits

pytestmark = pytest.mark.usefixtures("database")


def joined(business_id: UUID, role: str) -> tuple[Client, UUID, str]:
    """Somebody signed in with a second factor who belongs to the business: their browser, who they are, their address."""
    from hesabu.identity import actions
    from hesabu.identity.types import Role
    from hesabu.store import tenancy

    address = new_address()
    browser = signed_up(new_browser(), address)
    person_id = person_id_of(address)
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(browser_user(person_id), generate_totp_secret())
    if role:
        with tenancy.bound(business_id):
            actions.add_member(person_id, Role(role))
    return browser, person_id, address


def browser_user(person_id: Any) -> Any:
    from hesabu.identity.models import Person

    return Person.objects.get(id=person_id)


def at(business_id: UUID, rest: str = "") -> str:
    return f"/b/{ids.short(business_id)}{rest}"


def roles_of(business_id: UUID) -> dict[UUID, str]:
    from hesabu.identity import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        return {one.person_id: one.role.value for one in queries.members(business_id)}


def test_somebody_is_invited_by_mail_and_joins(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    guest, guest_id, address = joined(business_id, "")
    said = {"role": "seller", "way": "email", "address": address}
    assert owner.post(at(business_id, "/people/invite"), said).status_code == 302
    page = owner.get(at(business_id, "/people")).content.decode()
    assert address in page
    link = letter_link(address)
    assert guest.get(link).status_code == 200
    assert guest_id not in roles_of(business_id)
    secret = link.rsplit("/", 1)[1]
    answer = guest.post("/join", {"secret": secret})
    assert answer.status_code == 302, answer.content.decode()
    assert roles_of(business_id)[guest_id] == "seller"
    assert guest.get(at(business_id, "/people")).status_code == 200
    assert guest.post("/join", {"secret": secret}).status_code == 404


def letter_link(address: str) -> str:
    from hesabu.kit import crypto
    from hesabu.messaging.models import Contact, Message
    from hesabu.store import tenancy

    with tenancy.house():
        [contact] = Contact.objects.filter(email_index=crypto.blind(f"email:{address}"))
    for business_id in set(_businesses()):
        with tenancy.bound(business_id):
            for row in Message.objects.filter(contact_id=contact.id).order_by("-id"):
                if row.letter and row.letter.get("link"):
                    return str(row.letter["link"]).replace("http://testserver", "")
    raise AssertionError("no letter with a link")


def _businesses() -> list[UUID]:
    from hesabu.identity.models import Invitation
    from hesabu.store import tenancy

    with tenancy.house():
        return list(Invitation.objects.order_by("-id").values_list("business_id", flat=True))


def test_a_forwarded_invitation_lets_nobody_in(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    thief, thief_id, _ = joined(business_id, "")
    address = new_address()
    owner.post(
        at(business_id, "/people/invite"), {"role": "manager", "way": "email", "address": address}
    )
    secret = letter_link(address).rsplit("/", 1)[1]
    assert thief.post("/join", {"secret": secret}).status_code == 403
    assert thief_id not in roles_of(business_id)


def test_a_code_is_shown_once_and_works_once(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    guest, guest_id, _ = joined(business_id, "")
    shown = owner.post(at(business_id, "/people/invite"), {"role": "viewer", "way": "code"})
    [code] = set(re.findall(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b", shown.content.decode()))
    assert code not in owner.get(at(business_id, "/people")).content.decode()
    assert guest.post("/join", {"secret": code.lower()}).status_code == 302
    assert roles_of(business_id)[guest_id] == "viewer"


@pytest.mark.parametrize("role", ["manager", "seller", "bookkeeper", "viewer"])
def test_who_is_no_owner_changes_nobody(business_id: UUID, role: str) -> None:
    browser, person_id, _ = joined(business_id, role)
    before = roles_of(business_id)
    short = ids.short(person_id)
    said: list[tuple[str, dict[str, str]]] = [
        ("/people/invite", {"role": "manager", "way": "code"}),
        (f"/people/{short}/role", {"role": "owner"}),
        (f"/people/{short}/remove", {}),
        (f"/people/{short}/owner", {}),
    ]
    for rest, given in said:
        assert browser.post(at(business_id, rest), given).status_code == 403, rest
    assert roles_of(business_id) == before


def test_another_business_is_not_found(
    business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    other = new_business()
    browser, _, _ = joined(business_id, "owner")
    for rest in ("", "/people", "/approvals"):
        assert browser.get(at(other, rest)).status_code == 404, rest
    assert browser.post(at(other, "/people/invite"), {"way": "code"}).status_code == 404
    assert browser.get("/b/not-an-id/people").status_code == 404


def test_the_last_owner_cannot_go_nor_step_down(new_business: Callable[..., UUID]) -> None:
    from hesabu.identity import actions
    from hesabu.store import tenancy

    business_id = new_business()
    owner, owner_id, _ = joined(business_id, "owner")
    [first] = [one for one in roles_of(business_id) if one != owner_id]
    with tenancy.bound(business_id):
        actions.remove_member(first)
    short = ids.short(owner_id)
    assert owner.post(at(business_id, "/people/leave")).status_code == 409
    for rest, given in (
        (f"/people/{short}/role", {"role": "viewer"}),
        (f"/people/{short}/remove", {}),
    ):
        assert owner.post(at(business_id, rest), given).status_code == 409, rest
    assert roles_of(business_id) == {owner_id: "owner"}


def test_roles_change_and_people_are_let_go(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    other, other_id, _ = joined(business_id, "viewer")
    short = ids.short(other_id)
    owner.post(at(business_id, f"/people/{short}/role"), {"role": "seller"})
    assert roles_of(business_id)[other_id] == "seller"
    assert owner.post(at(business_id, f"/people/{short}/role"), {"role": "king"}).status_code == 422
    owner.post(at(business_id, f"/people/{short}/remove"))
    assert other_id not in roles_of(business_id)
    assert other.get(at(business_id, "/people")).status_code == 404


def test_ownership_is_taken_on_the_page(business_id: UUID) -> None:
    owner, owner_id, _ = joined(business_id, "owner")
    taker, taker_id, _ = joined(business_id, "seller")
    owner.post(at(business_id, f"/people/{ids.short(taker_id)}/owner"))
    page = taker.get(at(business_id, "/approvals")).content.decode()
    [answer] = re.findall(r'action="(/b/[^"]+/answer)"', page)
    assert taker.post(answer, {"answer": "approve"}).status_code == 302
    assert roles_of(business_id)[taker_id] == "owner"
    assert roles_of(business_id)[owner_id] == "manager"


def test_where_money_goes_is_approved_and_stopped_on_the_page(business_id: UUID) -> None:
    from hesabu.identity import actions as identity
    from hesabu.identity.errors import ApprovalNeeded
    from hesabu.payments import actions, queries
    from hesabu.store import tenancy

    owner, owner_id, _ = joined(business_id, "owner")
    second, _, _ = joined(business_id, "manager")
    with tenancy.bound(business_id):
        actions.add_account("till", "111111")
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_id)):
        try:
            with tenancy.attempt():
                actions.add_account("till", "222222")
        except ApprovalNeeded as needed:
            identity.ask_approval(needed)
    page = second.get(at(business_id, "/approvals")).content.decode()
    assert "222222" in page
    [answer] = re.findall(r'action="(/b/[^"]+/answer)"', page)
    assert owner.post(answer, {"answer": "approve"}).status_code == 403
    assert second.post(answer, {"answer": "shrug"}).status_code == 422
    assert second.post(answer, {"answer": "approve"}).status_code == 302
    [stop] = re.findall(
        r'action="(/b/[^"]+/stop)"', owner.get(at(business_id, "/approvals")).content.decode()
    )
    assert owner.post(stop).status_code == 302
    assert owner.post(stop).status_code == 409
    with tenancy.bound(business_id):
        assert queries.changes_frozen() == []


def test_whoever_approves_sees_which_way_is_added_closed_or_gets_new_keys(
    business_id: UUID,
) -> None:
    from hesabu.identity import actions as identity
    from hesabu.identity.errors import ApprovalNeeded
    from hesabu.payments import actions, queries
    from hesabu.store import tenancy

    _, owner_id, _ = joined(business_id, "owner")
    second, _, _ = joined(business_id, "manager")
    keys = {"consumer_key": "ck", "consumer_secret": "cs", "passkey": "pk", "shortcode": "174379"}
    with tenancy.bound(business_id):
        closing = actions.add_account("bank", "0110 2345 6789", label="KCB Moi Avenue")
        actions.add_account("stk_till", "832909", credentials=keys)

    def asks(act: Callable[[], object]) -> None:
        with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_id)):
            with pytest.raises(ApprovalNeeded) as caught, tenancy.attempt():
                act()
            identity.ask_approval(caught.value)

    asks(lambda: actions.add_account("paybill", "247247", "0712345678", "Equity"))
    asks(lambda: actions.close_account(closing))
    fresh = keys | {"consumer_key": "fresh"}
    asks(lambda: actions.add_account("stk_till", "832909", credentials=fresh))
    page = second.get(at(business_id, "/approvals")).content.decode()
    assert "M-PESA paybill · 247247 · 0712345678 · Equity" in page
    assert "Bank account · 0110 2345 6789 · KCB Moi Avenue" in page
    assert "M-PESA till · 832909: new M-PESA keys for a way that is there already" in page
    assert "fresh" not in page
    answers = re.findall(r'action="(/b/[^"]+/answer)"', page)
    assert [second.post(one, {"answer": "approve"}).status_code for one in answers] == [302] * 3
    page = second.get(at(business_id, "/approvals")).content.decode()
    assert "gets new keys" in page
    assert "Bank account · 0110 2345 6789 · KCB Moi Avenue" in page
    with tenancy.bound(business_id):
        found = {(one.verb, one.way.number) for one in queries.changes_frozen()}
    assert found == {("added", "247247"), ("closed", "0110 2345 6789"), ("rekeyed", "832909")}
    assert "gets new keys" in second.get(at(business_id, "/ways")).content.decode()


def test_a_limit_is_set_by_the_owner_alone(business_id: UUID) -> None:
    from hesabu.identity import approvals
    from hesabu.store import tenancy

    owner, _, _ = joined(business_id, "owner")
    manager, _, _ = joined(business_id, "manager")
    said = {"kind": "invoicing.void", "amount": "10000"}
    assert manager.post(at(business_id, "/approvals/limit"), said).status_code == 403
    assert owner.post(at(business_id, "/approvals/limit"), said).status_code == 302
    with tenancy.bound(business_id):
        limit = approvals.limit(approvals.named("invoicing.void"))
        assert limit is not None
        assert limit.minor == 1_000_000
    assert (
        owner.post(at(business_id, "/approvals/limit"), said | {"amount": "ten"}).status_code == 422
    )
    owner.post(at(business_id, "/approvals/limit"), said | {"amount": ""})
    with tenancy.bound(business_id):
        assert approvals.limit(approvals.named("invoicing.void")) is None


def test_somebody_with_two_businesses_sees_both_and_where_they_were(
    business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import Role
    from hesabu.store import tenancy

    other = new_business("Njoroge Traders")
    browser, person_id, _ = joined(business_id, "owner")
    with tenancy.bound(other):
        actions.add_member(person_id, Role.SELLER)
    assert "You were here last" not in browser.get("/home").content.decode()
    page = browser.get(at(other)).content.decode()
    assert "Njoroge Traders" in page
    home = browser.get("/home").content.decode()
    assert home.count("You were here last") == 1
    assert home.index(at(other)) < home.index(at(business_id))


@pytest.mark.parametrize("secret", ["A" * 10_000, "\x00", "😀‮", ""])
def test_what_is_no_invitation_is_refused_and_never_a_fault(business_id: UUID, secret: str) -> None:
    browser, _, _ = joined(business_id, "")
    assert browser.post("/join", {"secret": secret}).status_code == 404


def test_a_number_in_doubt_is_confirmed_by_its_own_person_alone(business_id: UUID) -> None:
    from hesabu.kit import clock
    from hesabu.messaging import actions as messaging
    from hesabu.messaging import queries as messages
    from hesabu.messaging.models import Contact
    from hesabu.store import tenancy

    browser, person_id, _ = joined(business_id, "owner")
    thief, _, _ = joined(business_id, "manager")
    contact_id = _met()
    with tenancy.house():
        messaging.introduce(contact_id, person_id)
        Contact.objects.filter(id=contact_id).update(doubted_at=clock.now())

    def is_doubted() -> bool:
        with tenancy.house():
            return messages.contact(contact_id).is_doubted

    thief.post("/numbers", {"number": ids.short(contact_id)})
    assert is_doubted()
    assert "It is mine" in browser.get("/numbers").content.decode()
    browser.post("/numbers", {"number": ids.short(contact_id)})
    assert not is_doubted()


def _met() -> UUID:

    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    with tenancy.house():
        return messaging.meet(phone=f"+2547{fresh_digits(8)}")
