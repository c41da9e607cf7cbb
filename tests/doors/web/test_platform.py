"""The platform's own pages: for its people alone, each look on record, nothing of what is inside a business."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from doors.web.people import letters_to, new_address, new_browser, person_id_of, signed_up
from doors.web.test_people import at, joined, roles_of
from hesabu.identity import actions, queries
from hesabu.identity.errors import LastAdmin, NotAllowed
from hesabu.identity.types import NoticeWay, PlatformRole, When
from hesabu.kit import ids
from hesabu.store import tenancy

pytestmark = pytest.mark.usefixtures("database")
NewBusiness = Callable[..., UUID]
PAGES = ("/platform/", "/platform/businesses", "/platform/members", "/platform/notices")
PAGES = (*PAGES, "/platform/log")


def of_platform(business_id: UUID, role: PlatformRole) -> tuple[Client, UUID]:
    browser, person_id, _ = joined(business_id, "")
    actions.grant_platform(person_id, role)
    return browser, person_id


def house_records(kind: str, actor_id: UUID) -> list[Any]:
    from hesabu.store import audit

    with tenancy.house():
        found = audit.acts(audit.Asked(kind=kind, actor_id=actor_id), most=100)
    return [act.fact for act in reversed(found)]


def house_about(kind: str, subject_id: UUID) -> list[Any]:
    from hesabu.store import audit

    with tenancy.house():
        found = audit.acts(audit.Asked(kind=kind, subject_id=subject_id), most=100)
    return [act.fact for act in found]


def held(person_id: UUID) -> set[PlatformRole]:
    return queries.platform_roles_of(person_id)


@pytest.mark.parametrize("role", ["owner", "bookkeeper", "viewer"])
def test_nobody_of_a_business_finds_the_platform(business_id: UUID, role: str) -> None:
    browser, _, _ = joined(business_id, role)
    for page in PAGES:
        assert browser.get(page).status_code == 404, page
    assert 'href="/platform/"' not in browser.get("/home").content.decode()


@pytest.mark.parametrize("role", [PlatformRole.AGENT, PlatformRole.PARTNER])
def test_agents_and_partners_see_no_page_of_the_platform(
    business_id: UUID, role: PlatformRole
) -> None:
    browser, _ = of_platform(business_id, role)
    for page in (*PAGES, "/support"):
        assert browser.get(page).status_code == 404, page


@pytest.mark.parametrize("role", [PlatformRole.ADMIN, PlatformRole.SUPPORT])
def test_each_look_is_on_record_before_it_is_seen(business_id: UUID, role: PlatformRole) -> None:
    browser, person_id = of_platform(business_id, role)
    for page in PAGES:
        assert browser.get(page).status_code == 200, page
    looked = [fact.payload["page"] for fact in house_records("identity.PlatformLooked", person_id)]
    assert looked == [
        *("platform", "platform-businesses", "platform-members"),
        *("platform-notices", "platform-log"),
    ]
    assert 'href="/platform/"' in browser.get("/home").content.decode()
    log = browser.get("/platform/log").content.decode()
    assert '<td data-label="Further">Businesses</td>' in log
    assert "platform-businesses" not in log
    assert "Wanjiku Kamau" in log


def test_the_log_tells_in_words_what_was_chosen_and_what_the_operator_did(
    business_id: UUID,
) -> None:
    from click.testing import CliRunner

    from hesabu.app.cli import commands

    browser, person_id = of_platform(business_id, PlatformRole.ADMIN)
    _, lost_id, address = joined(business_id, "")
    with tenancy.house(actor=tenancy.Actor("person", person_id)):
        actions.choose_notice("business.new", When.NEVER, NoticeWay.SMS)
    for option in ((), ("--stop",)):
        said = CliRunner().invoke(commands, ["person", "restore", address, *option])
        assert said.exit_code == 0, said.output
    log = browser.get("/platform/log").content.decode()
    assert '<td data-label="Further">A new business, Not, SMS</td>' in log
    rows = [row for row in log.split("<tr>") if "letting somebody back" in row or "to let" in row]
    assert len(rows) == 2
    assert all('<td data-label="Who">The operator</td>' in row for row in rows)
    assert "stopped letting somebody back in" in rows[0]
    for kind in ("identity.RestorationAsked", "identity.RestorationStopped"):
        assert [fact.actor_kind for fact in house_about(kind, lost_id)] == ["operator"]


def test_without_a_second_factor_no_page_opens(business_id: UUID) -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    person_id = person_id_of(address)
    actions.grant_platform(person_id, PlatformRole.ADMIN)
    for page in (*PAGES, "/support"):
        answer = browser.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/2fa/"), page
    assert house_records("identity.PlatformLooked", person_id) == []


def test_the_overview_says_that_businesses_are_there_and_nothing_inside(
    new_business: NewBusiness, business_id: UUID
) -> None:
    from hesabu.invoicing import actions as invoicing

    named = new_business("Mama Njeri Kitchen", "TZ")
    with tenancy.bound(named):
        invoicing.keep_customer("Unmistakable Customer", "0754 123 456")
    browser, _ = of_platform(business_id, PlatformRole.ADMIN)
    page = browser.get("/platform/").content.decode()
    assert "Mama Njeri Kitchen" in page
    assert "Tanzania" in page
    assert "Unmistakable" not in page
    [count] = re.findall(r'id="count">(\d+)<', page)
    assert int(count) >= 2
    assert browser.get(at(named)).status_code == 404


def test_all_businesses_are_listed_a_page_at_a_time(
    new_business: NewBusiness, business_id: UUID
) -> None:
    made = [new_business(f"Shop {number}") for number in range(3)]
    with tenancy.house():
        first = queries.listed_businesses(most=2)
        second = queries.listed_businesses(before=first[-1].business_id, most=2)
    assert [one.business_id for one in (*first, *second)][:3] == made[::-1]
    assert [one.name for one in first] == ["Shop 2", "Shop 1"]


def test_an_admin_invites_by_mail_and_whoever_proves_the_address_joins(business_id: UUID) -> None:
    admin, _ = of_platform(business_id, PlatformRole.ADMIN)
    guest, guest_id, address = joined(business_id, "")
    thief, thief_id, _ = joined(business_id, "")
    said = {"role": "support", "email": address.upper()}
    assert admin.post("/platform/members/invite", said).status_code == 302
    assert address in admin.get("/platform/members").content.decode()
    secret = invited(address)
    assert thief.post("/join", {"secret": secret}).status_code == 403
    assert guest.get(f"/join/{secret}").status_code == 200
    assert held(guest_id) == set()
    assert guest.post("/join", {"secret": secret}).status_code == 302
    assert (held(guest_id), held(thief_id)) == ({PlatformRole.SUPPORT}, set())
    assert guest.post("/join", {"secret": secret}).status_code == 404
    assert guest.get("/platform/").status_code == 200


def invited(address: str) -> str:
    """What is in the last link that went there."""
    from hesabu.kit import crypto
    from hesabu.messaging.models import Contact, Message

    assert letters_to(address)[-1][0] == "You are invited to the platform of Hesabu"
    with tenancy.house():
        [contact] = Contact.objects.filter(email_index=crypto.blind(f"email:{address}"))
        row = Message.objects.filter(contact_id=contact.id).order_by("-id")[0]
    return str(row.letter["link"]).rpartition("/")[2]


def test_an_invitation_is_worth_nothing_once_taken_back_or_its_admin_is_gone(
    business_id: UUID,
) -> None:
    admin, admin_id = of_platform(business_id, PlatformRole.ADMIN)
    of_platform(business_id, PlatformRole.ADMIN)
    guest, guest_id, address = joined(business_id, "")
    said = {"role": "admin", "email": address}
    admin.post("/platform/members/invite", said)
    with tenancy.house():
        one = next(one for one in queries.platform_invitations() if one.address == address)
    assert admin.post(f"/platform/invitations/{ids.short(one.id)}/revoke").status_code == 302
    assert guest.post("/join", {"secret": invited(address)}).status_code == 404
    admin.post("/platform/members/invite", said)
    actions.take_platform(admin_id, PlatformRole.ADMIN)
    assert guest.post("/join", {"secret": invited(address)}).status_code == 404
    assert held(guest_id) == set()


@pytest.mark.parametrize(
    "said",
    [
        {"role": "admin", "email": "nobody"},
        {"role": "admin", "email": ""},
        {"role": "admin", "email": "a@b.c\x00"},
        {"role": "admin", "email": "x" * 400 + "@example.com"},
        {"role": "owner", "email": "asha@example.com"},
        {"email": "asha@example.com"},
        {"role": "ad\u202emin", "email": "asha@example.com"},
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused_at_its_field(
    business_id: UUID, said: dict[str, str]
) -> None:
    admin, admin_id = of_platform(business_id, PlatformRole.ADMIN)
    answer = admin.post("/platform/members/invite", said)
    assert answer.status_code in (400, 422), answer.status_code
    if "\x00" not in said.get("email", ""):
        assert 'class="wrong"' in answer.content.decode()
    assert house_records("identity.PlatformInvited", admin_id) == []


def test_support_changes_nobody(business_id: UUID) -> None:
    browser, person_id = of_platform(business_id, PlatformRole.SUPPORT)
    me = ids.short(person_id)
    for page, said in (
        ("/platform/members/invite", {"role": "admin", "email": "asha@example.com"}),
        (f"/platform/members/{me}/support/change", {"role": "admin"}),
        (f"/platform/members/{me}/support/let-go", {}),
    ):
        assert browser.post(page, said).status_code == 404, page
    assert held(person_id) == {PlatformRole.SUPPORT}
    assert "Let go" not in browser.get("/platform/members").content.decode()
    with (
        tenancy.house(actor=tenancy.Actor("person", person_id)),
        pytest.raises(NotAllowed),
    ):
        actions.change_platform(person_id, PlatformRole.SUPPORT, PlatformRole.ADMIN)


def test_a_program_changes_nobody_of_the_platform(business_id: UUID) -> None:
    _, admin_id = of_platform(business_id, PlatformRole.ADMIN)
    for kind in ("key", "app", "contact", "support"):
        actor = tenancy.Actor(kind, admin_id)
        with tenancy.house(actor=actor), pytest.raises(NotAllowed):
            actions.let_platform_go(admin_id, PlatformRole.ADMIN)


def test_an_admin_changes_roles_and_lets_go(business_id: UUID) -> None:
    admin, admin_id = of_platform(business_id, PlatformRole.ADMIN)
    _, other_id = of_platform(business_id, PlatformRole.SUPPORT)
    other = ids.short(other_id)
    page = f"/platform/members/{other}/support/change"
    assert admin.post(page, {"role": "agent"}).status_code == 302
    assert held(other_id) == {PlatformRole.AGENT}
    assert admin.post(page, {"role": "king"}).status_code == 422
    assert admin.post(f"/platform/members/{other}/agent/let-go").status_code == 302
    assert admin.post(f"/platform/members/{other}/agent/let-go").status_code == 404
    assert held(other_id) == set()
    granted = house_records("identity.PlatformRoleGranted", admin_id)
    assert [fact.payload["role"] for fact in granted] == ["agent"]


def test_the_last_admin_cannot_go(business_id: UUID, admin_url: str) -> None:
    import psycopg

    with psycopg.connect(admin_url, autocommit=True) as root:
        root.execute("DELETE FROM identity_platform_member WHERE role = 'admin'")
    admin, admin_id = of_platform(business_id, PlatformRole.ADMIN)
    me = ids.short(admin_id)
    answer = admin.post(f"/platform/members/{me}/admin/let-go")
    assert answer.status_code == 409, answer.status_code
    assert "needs an admin" in answer.content.decode()
    assert admin.post(f"/platform/members/{me}/admin/change", {"role": "agent"}).status_code == 409
    assert held(admin_id) == {PlatformRole.ADMIN}
    with pytest.raises(LastAdmin):
        actions.take_platform(admin_id, PlatformRole.ADMIN)
    with pytest.raises(LastAdmin):
        actions.ask_closing(admin_id, wait_days=7)
    of_platform(business_id, PlatformRole.ADMIN)
    assert admin.post(f"/platform/members/{me}/admin/let-go").status_code == 302
    assert admin.get("/platform/").status_code == 404


def test_somebody_chooses_when_and_how_they_are_told(business_id: UUID) -> None:
    browser, person_id = of_platform(business_id, PlatformRole.ADMIN)
    page = browser.get("/platform/notices").content.decode()
    assert "A new business" in page
    said = {
        "timezone": "Africa/Nairobi",
        "when:business.new": "at_once",
        "way:business.new": "whatsapp",
        "when:security.chain_broken": "sometimes",
        "way:security.chain_broken": "pigeon",
        "when:no.such": "never",
        "way:no.such": "sms",
    }
    assert browser.post("/platform/notices", said).status_code == 302
    with tenancy.house():
        chosen = {one.kind: one for one in queries.notice_choices(person_id)}
        assert queries.digest_timezone(person_id) == "Africa/Nairobi"
    assert (chosen["business.new"].when, chosen["business.new"].way) == ("at_once", "whatsapp")
    assert chosen["security.chain_broken"].when == "at_once"
    answer = browser.post("/platform/notices", said | {"timezone": "Mars"})
    assert answer.status_code == 422
    assert 'id="timezone-wrong"' in answer.content.decode()


def test_what_support_looks_at_stands_in_the_platforms_log_too(business_id: UUID) -> None:
    from doors.web.test_support import asks, consent_of

    owner, _, _ = joined(business_id, "owner")
    browser, person_id = of_platform(business_id, PlatformRole.SUPPORT)
    asks(browser, business_id)
    assert "no answer yet" in browser.get("/support").content.decode()
    owner.post(at(business_id, f"/support/{consent_of(business_id)}/allow"), {"hours": "1"})
    assert browser.get(at(business_id, "/people")).status_code == 200
    looked = house_records("identity.PlatformLooked", person_id)
    places = [
        (fact.payload["page"], fact.payload["at_business_id"])
        for fact in looked
        if fact.payload["at_business_id"]
    ]
    assert places == [("support-ask", str(business_id)), ("people", str(business_id))]
    assert "Kamau Designs" in browser.get("/platform/log").content.decode()
    assert "may look" in browser.get("/support").content.decode()


def test_the_owner_sees_on_every_page_that_support_asks_and_others_do_not(
    business_id: UUID,
) -> None:
    from doors.web.test_support import asks

    owner, _, _ = joined(business_id, "owner")
    seller, _, _ = joined(business_id, "seller")
    browser, _ = of_platform(business_id, PlatformRole.SUPPORT)
    asks(browser, business_id)
    for page in ("", "/people", "/approvals", "/audit"):
        assert "Support asks" in owner.get(at(business_id, page)).content.decode(), page
    assert "Support asks" not in seller.get(at(business_id)).content.decode()


def test_a_partner_role_needs_the_platform_to_know_them(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    guest, guest_id, address = joined(business_id, "")
    from doors.web.test_people import letter_link

    said = {"role": "partner", "way": "email", "address": address}
    assert owner.post(at(business_id, "/people/invite"), said).status_code == 302
    secret = letter_link(address).rsplit("/", 1)[1]
    answer = guest.post("/join", {"secret": secret})
    assert answer.status_code == 403
    assert "does not know them as a partner" in answer.content.decode()
    assert guest_id not in roles_of(business_id)
    actions.grant_platform(guest_id, PlatformRole.PARTNER)
    assert guest.post("/join", {"secret": secret}).status_code == 302
    assert roles_of(business_id)[guest_id] == "partner"


def test_nobody_unknown_is_made_a_partner_by_a_change_of_role(business_id: UUID) -> None:
    owner, _, _ = joined(business_id, "owner")
    _, other_id, _ = joined(business_id, "viewer")
    page = at(business_id, f"/people/{ids.short(other_id)}/role")
    assert owner.post(page, {"role": "partner"}).status_code == 403
    assert roles_of(business_id)[other_id] == "viewer"
