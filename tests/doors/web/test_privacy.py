"""Your data, and a customer's: all of it comes out to the one who may have it, and what goes, goes."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from app.test_forgetting import NAME, Shop, where
from doors.web.people import (
    PASSWORD,
    is_in,
    letters_to,
    new_address,
    new_browser,
    person_id_of,
    signed_up,
    signs_in,
)
from doors.web.test_audit import browser_of, owner_of, somebody
from hesabu.app import closing, retention, taking_out
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import ExportNotFound, NotLetIn
from hesabu.identity.facts import ExportAsked
from hesabu.identity.models import Export, Person, Refusal
from hesabu.identity.types import ExportOn, Role
from hesabu.kit import clock, ids
from hesabu.messaging import actions as messaging
from hesabu.store import facts, tenancy
from hesabu.store.models import FileRow
from identity.apps import registered


def fresh(browser: Client) -> Client:
    """They have just shown once more that it is them."""
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return browser


@pytest.fixture
def phone() -> str:
    return f"+2547{ids.new_id().int % 10**8:08d}"


@pytest.fixture
def address() -> str:
    return new_address()


@pytest.fixture
def me(database: str, address: str) -> Client:
    return signed_up(new_browser(), address)


def made(export_id: UUID, business_id: UUID = tenancy.HOUSE) -> None:
    """As the job does it."""
    with tenancy.house() if business_id == tenancy.HOUSE else tenancy.bound(business_id):
        on = people.export(export_id)
    asked = ExportAsked(
        business_id=business_id, subject_id=export_id, on=on.on.value, on_id=on.subject_id
    )
    taking_out.make([asked])


def exports(person_id: UUID) -> list[UUID]:
    with tenancy.house():
        return [one.id for one in people.exports_on(ExportOn.PERSON, person_id)]


def asked_for(browser: Client, person_id: UUID) -> UUID:
    assert browser.post("/account/data/export").status_code == 302
    return exports(person_id)[0]


def unpacked(answer: object) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:  # type: ignore[attr-defined]
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_that_is_held_on_me_comes_out_as_json_and_as_a_page(me: Client, address: str) -> None:
    export_id = asked_for(me, person_id_of(address))
    assert b"Being made" in me.get("/account/data").content
    made(export_id)
    answer = me.get(f"/account/data/export/{ids.short(export_id)}")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    files = unpacked(answer)
    said = json.loads(files["held.json"])
    assert said["person"][0]["name"] == "Wanjiku Kamau"
    assert said["person"][0]["sign_in_addresses"] == [{"email": address, "is_verified": True}]
    assert said["person"][0]["sessions"]
    page = files["held.html"].decode()
    assert address in page
    assert "<script" not in page
    for secret in ("argon2", PASSWORD, "secret_hash", "pin_hash"):
        assert secret not in files["held.json"].decode() + page


def test_what_businesses_hold_on_my_number_is_in_it(
    me: Client, address: str, business_id: UUID, phone: str
) -> None:
    shop = Shop(business_id, phone)
    with tenancy.house():
        messaging.introduce(shop.contact_id, person_id_of(address))
    export_id = asked_for(me, person_id_of(address))
    made(export_id)
    files = unpacked(me.get(f"/account/data/export/{ids.short(export_id)}"))
    assert NAME in files["held.json"].decode()
    assert any(name.startswith("papers/") and name.endswith(".pdf") for name in files)


def test_the_page_says_how_far_it_is(me: Client, address: str) -> None:
    export_id = asked_for(me, person_id_of(address))
    with tenancy.house():
        identity.note_progress(export_id, 3, 4)
    piece = me.get(f"/account/data/export/{ids.short(export_id)}/state").content.decode()
    assert 'value="75"' in piece
    assert "hx-get" in piece
    made(export_id)
    piece = me.get(f"/account/data/export/{ids.short(export_id)}/state").content.decode()
    assert "Download" in piece
    assert "hx-get" not in piece


def test_nobody_else_opens_it(me: Client, address: str) -> None:
    export_id = asked_for(me, person_id_of(address))
    made(export_id)
    other = signed_up(new_browser(), new_address())
    place = f"/account/data/export/{ids.short(export_id)}"
    for path in (place, f"{place}/state"):
        assert other.get(path).status_code == 404
        assert new_browser().get(path).status_code == 302


def test_when_its_days_are_over_it_opens_for_nobody_and_its_file_goes(
    me: Client, address: str
) -> None:

    export_id = asked_for(me, person_id_of(address))
    made(export_id)
    with tenancy.house():
        file_id = Export.objects.get(id=export_id).file_id
    with clock.moved(days=settings.CONFIG.keep_exports_days + 1):
        person_id = person_id_of(address)
        with tenancy.house(), pytest.raises(ExportNotFound):
            identity.fetch_export(export_id, person_id)
        retention.forget()
    with tenancy.house():
        assert not FileRow.objects.filter(id=file_id).exists()
    assert exports(person_id_of(address)) == []


def test_killed_halfway_it_is_made_again_and_kept_once(
    me: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hesabu.app import holding

    export_id = asked_for(me, person_id_of(address))

    class Killed(BaseException):
        pass

    def killed(held: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(holding, "packed", killed)
        with pytest.raises(Killed):
            made(export_id)
    made(export_id)
    made(export_id)
    with tenancy.house():
        told = [one.kind for one in facts.timeline(export_id)]
    assert told == ["identity.ExportAsked", "identity.ExportMade"]


def test_asking_twice_makes_one(me: Client, address: str) -> None:
    first = asked_for(me, person_id_of(address))
    assert asked_for(me, person_id_of(address)) == first


def test_what_goes_and_what_stays_is_said_before(me: Client) -> None:
    shown = me.get("/account/data/delete").content.decode()
    assert "What goes" in shown
    assert "What stays" in shown
    assert me.post("/account/data/delete").status_code == 422


def test_saying_so_ends_every_session_key_and_app_at_once(
    me: Client, address: str, business_id: UUID
) -> None:
    person_id = person_id_of(address)
    other = new_browser()
    signs_in(other, address)
    assert is_in(other)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.VIEWER)
    counter = registered(business_id)
    actor = tenancy.Actor("person", person_id)
    pair = counter.exchanges(counter.asks(business_id, actor)[1])
    assert identity.let_in(pair.access, "10.0.0.1").business_id == business_id
    assert me.post("/account/data/delete", {"understood": "yes"}).status_code == 302
    assert not is_in(me)
    assert not is_in(other)
    with pytest.raises(NotLetIn):
        identity.let_in(pair.access, "10.0.0.1")
    assert any("will be deleted" in subject for subject, _ in letters_to(address))
    with tenancy.house():
        assert facts.timeline(person_id)[-1].kind == "identity.ClosingAsked"


def test_until_the_day_it_can_be_taken_back(me: Client, address: str) -> None:
    me.post("/account/data/delete", {"understood": "yes"})
    browser = new_browser()
    signs_in(browser, address)
    assert "Keep my account" in browser.get("/account/data").content.decode()
    assert browser.post("/account/data/keep").status_code == 302
    with clock.moved(days=40):
        closing.close_due()
    assert Person.objects.get(id=person_id_of(address)).is_active


def test_on_the_day_who_they_were_is_nowhere_and_what_they_did_stays(
    me: Client, address: str, business_id: UUID, owner_url: str
) -> None:
    person_id = person_id_of(address)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.VIEWER)
    me.post("/account/data/delete", {"understood": "yes"})
    with clock.moved(days=1):
        closing.close_due()
    assert Person.objects.get(id=person_id).is_active
    settle(person_id, address)
    with clock.moved(days=40):
        closing.close_due()
        closing.close_due()
    row = Person.objects.get(id=person_id)
    assert (row.name, row.email, row.is_active) == ("—", None, False)
    assert address.encode() not in _everything(owner_url)
    assert where(owner_url, name=address, phone="") == set()
    with tenancy.bound(business_id):
        assert person_id not in [one.person_id for one in people.members(business_id)]
        assert "identity.MemberLeft" in [one.kind for one in facts.timeline(person_id)]
    with tenancy.house():
        assert facts.timeline(person_id)[-1].kind == "identity.AccountClosed"
    assert signs_in(new_browser(), address).status_code == 200


def settle(person_id: UUID, address: str) -> None:
    """What was queued to them has been sent: nobody runs a worker here."""
    from hesabu.kit import crypto
    from hesabu.messaging.models import Contact, Message

    with tenancy.house():
        contacts = Contact.objects.filter(email_index=crypto.blind(f"email:{address}"))
        Message.objects.filter(contact_id__in=list(contacts.values_list("id", flat=True))).update(
            state="sent"
        )


def _everything(owner_url: str) -> bytes:
    import psycopg

    with psycopg.connect(owner_url) as owner:
        rows = owner.execute("SELECT a::text FROM account_emailaddress a").fetchall()
    return " ".join(row[0] for row in rows).encode()


def test_while_a_letter_to_them_is_on_its_way_it_waits(me: Client, address: str) -> None:
    person_id = person_id_of(address)
    me.post("/account/data/delete", {"understood": "yes"})
    with clock.moved(days=40):
        closing.close_due()
    assert Person.objects.get(id=person_id).is_active
    assert people.closing_of(person_id) is not None
    settle(person_id, address)
    with clock.moved(days=40):
        closing.close_due()
    assert not Person.objects.get(id=person_id).is_active


def test_the_last_owner_hands_over_first(me: Client, address: str) -> None:
    person_id = person_id_of(address)
    business_id = identity.register_business("Wanjiku Prints", "KE", person_id)
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(
        user=Person.objects.get(id=person_id), type="totp", data={"secret": ""}
    )
    shown = me.get("/account/data/delete").content.decode()
    assert "Wanjiku Prints" in shown
    assert me.post("/account/data/delete", {"understood": "yes"}).status_code == 409
    assert people.closing_of(person_id) is None
    somebody(business_id, Role.OWNER, "Baraka Mwangi")
    assert me.post("/account/data/delete", {"understood": "yes"}).status_code == 302
    assert people.closing_of(person_id) is not None


def test_who_became_the_last_owner_meanwhile_is_not_deleted(me: Client, address: str) -> None:
    person_id = person_id_of(address)
    me.post("/account/data/delete", {"understood": "yes"})
    identity.register_business("Wanjiku Later", "KE", person_id)
    settle(person_id, address)
    with clock.moved(days=40):
        closing.close_due()
    assert Person.objects.get(id=person_id).is_active


# A customer, by their business


@pytest.fixture
def shop(business_id: UUID, phone: str) -> Shop:
    return Shop(business_id, phone)


@pytest.fixture
def place(shop: Shop) -> str:
    return f"/b/{ids.short(shop.id)}/privacy"


@pytest.fixture
def owner(shop: Shop) -> Client:
    return fresh(browser_of(owner_of(shop.id)))


@pytest.mark.parametrize("by", ["name", "part", "phone", "mail", "national"])
def test_a_customer_is_found(shop: Shop, place: str, owner: Client, by: str) -> None:
    wanted = {
        "name": NAME.upper(),
        "part": "nyamv",
        "phone": shop.phone,
        "mail": f"{shop.phone[1:]}@example.com",
        "national": "0" + shop.phone[4:],
    }[by]
    shown = owner.get(place, {"q": wanted}).content.decode()
    assert NAME in shown
    assert ids.short(shop.customer_id) in shown


def test_nobody_is_found_by_nonsense(place: str, owner: Client) -> None:
    for wanted in ("zzz nobody", "<script>", "💰", "x" * 5000, "+254799999999", "\x00"):
        answer = owner.get(place, {"q": wanted})
        assert answer.status_code == 200
        assert NAME not in answer.content.decode()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SELLER, Role.BOOKKEEPER, Role.VIEWER])
def test_only_owners_see_what_is_held(shop: Shop, place: str, role: Role) -> None:
    browser = fresh(browser_of(somebody(shop.id, role)))
    assert browser.get(place).status_code == 403
    assert browser.get(f"{place}/{ids.short(shop.customer_id)}").status_code == 403
    for act in ("export", "erase"):
        address = f"{place}/{ids.short(shop.customer_id)}/{act}"
        assert browser.post(address, {"understood": "yes"}).status_code == 403


def test_all_that_is_held_on_a_customer_comes_out_to_who_asked(
    shop: Shop, place: str, owner: Client
) -> None:
    address = f"{place}/{ids.short(shop.customer_id)}"
    assert owner.post(f"{address}/export").status_code == 302
    with tenancy.bound(shop.id):
        (asked,) = people.exports_on(ExportOn.CUSTOMER, shop.customer_id)
    made(asked.id, shop.id)
    files = unpacked(owner.get(f"{address}/export/{ids.short(asked.id)}"))
    text = files["held.json"].decode()
    for said in (NAME, "14 Ngong Road", "your invoice"):
        assert said in text
    assert any(name.endswith(".pdf") for name in files)
    second = fresh(browser_of(somebody(shop.id, Role.OWNER, "Baraka Mwangi")))
    assert second.get(f"{address}/export/{ids.short(asked.id)}").status_code == 404


def test_an_export_holds_nothing_that_another_business_knows(
    shop: Shop, place: str, owner: Client, new_business: Callable[..., UUID]
) -> None:
    other = Shop(new_business("Mama Fua"), shop.phone, "Zuhura Elsewhere")
    address = f"{place}/{ids.short(shop.customer_id)}"
    owner.post(f"{address}/export")
    with tenancy.bound(shop.id):
        (asked,) = people.exports_on(ExportOn.CUSTOMER, shop.customer_id)
    made(asked.id, shop.id)
    text = unpacked(owner.get(f"{address}/export/{ids.short(asked.id)}"))["held.json"].decode()
    assert "Zuhura Elsewhere" not in text
    assert str(other.id) not in text


def test_a_customer_is_forgotten_from_the_page(shop: Shop, place: str, owner: Client) -> None:
    address = f"{place}/{ids.short(shop.customer_id)}"
    assert "2031" in owner.get(address).content.decode()
    assert owner.post(f"{address}/erase").status_code == 422
    assert owner.post(f"{address}/erase", {"understood": "yes"}).status_code == 302
    shown = owner.get(address).content.decode()
    assert NAME not in shown
    assert "This customer is forgotten" in shown
    with tenancy.bound(shop.id):
        told = facts.timeline(shop.customer_id)[-1]
    assert (told.kind, told.actor_kind) == ("invoicing.CustomerErased", "person")


def test_who_still_owes_is_not_forgotten_and_it_is_said_why(business_id: UUID, phone: str) -> None:
    shop = Shop(business_id, phone, pays=False)
    owner = fresh(browser_of(owner_of(business_id)))
    address = f"/b/{ids.short(business_id)}/privacy/{ids.short(shop.customer_id)}"
    assert "still owe" in owner.get(address).content.decode()
    answer = owner.post(f"{address}/erase", {"understood": "yes"})
    assert answer.status_code == 409
    assert NAME in answer.content.decode()


# What is refused on pages


def test_a_page_of_another_business_is_on_record_as_tried(
    business_id: UUID, new_business: Callable[..., UUID]
) -> None:
    stranger = owner_of(new_business())
    browser = browser_of(stranger)
    assert browser.get(f"/b/{ids.short(business_id)}/audit").status_code == 404
    with tenancy.house():
        row = Refusal.objects.get(actor_id=stranger)
    assert (row.why, row.permission, row.count) == ("elsewhere", "business:enter", 1)


def test_a_refused_page_is_on_record_at_the_business(business_id: UUID) -> None:
    seller = somebody(business_id, Role.SELLER)
    for _ in range(3):
        assert browser_of_again(seller).get(f"/b/{ids.short(business_id)}/audit").status_code == 403
    with tenancy.bound(business_id):
        rows = Refusal.objects.filter(actor_id=seller)
        assert sum(row.count for row in rows) == 3
    with clock.moved(seconds=121):
        identity.tell_refusals()
    shown = browser_of(owner_of(business_id)).get(f"/b/{ids.short(business_id)}/audit").content
    assert b"identity.ActRefused" in shown
    assert b"See and export everything that was done" in shown


def browser_of_again(person_id: UUID) -> Client:
    browser = Client()
    person = Person.objects.get(id=person_id)
    from allauth.mfa.models import Authenticator

    if not Authenticator.objects.filter(user=person).exists():
        Authenticator.objects.create(user=person, type="totp", data={"secret": ""})
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_a_wrong_password_when_asked_once_more_is_on_record(me: Client, address: str) -> None:
    answer = me.post("/account/reauthenticate/", {"password": "wrong horse battery"})
    assert answer.status_code == 200
    with tenancy.house():
        row = Refusal.objects.get(actor_id=person_id_of(address))
    assert row.why == "not_proved"
    assert re.fullmatch(r"\w+:\w+", row.permission)


def test_signing_out_throws_away_what_the_browser_kept(me: Client) -> None:
    assert "Clear-Site-Data" not in me.get("/account/data")
    assert me.post("/account/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in me.get("/account/login/")


def test_a_session_whose_time_is_over_is_thrown_away_too(me: Client) -> None:
    with clock.moved(days=30):
        assert me.get("/home")["Clear-Site-Data"] == '"cache", "storage"'
