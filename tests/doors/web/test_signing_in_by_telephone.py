"""Signing in from WhatsApp: a link to the number, for the browser that asked."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from doors.web.people import is_in, new_browser
from hesabu.identity import actions as identity
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.store import tenancy
from steady import fresh_digits

pytestmark = pytest.mark.usefixtures("database")


def new_phone() -> str:
    return f"+2547{fresh_digits(8)}"


def merchant(phone: str) -> UUID:
    """Somebody who began by writing to us from that number."""
    with tenancy.house():
        person_id = identity.register_person("Wanjiku Kamau")
        messaging.introduce(messaging.meet(phone), person_id)
    return person_id


def messages_to(phone: str) -> list[str]:
    from hesabu.kit import crypto
    from hesabu.messaging.models import Contact, Message

    with tenancy.house():
        found = Contact.objects.filter(phone_index=crypto.blind(f"phone:{phone}")).first()
        if found is None:
            return []
        rows = Message.objects.filter(contact_id=found.id).order_by("id")
        return [row.content["body"] for row in rows]


def asked(phone: str, browser: Client) -> str:
    """The path of the link that went to the number."""
    answer = browser.post("/account/telephone", {"phone": phone})
    assert answer.status_code == 302
    return "/account/t/" + re.findall(r"/account/t/(\S+)", messages_to(phone)[-1])[0]


def code_shown(browser: Client) -> str:
    page = browser.get("/account/telephone/wait").content.decode()
    return re.findall(r"<strong>([A-Z]{5})</strong>", page)[0]


def test_the_link_opened_where_it_was_asked_for_signs_in() -> None:
    phone, browser = new_phone(), new_browser()
    merchant(phone)
    link = asked(phone, browser)
    browser.post(link)
    assert is_in(browser)


def test_looking_at_a_link_opens_nothing_and_spends_nothing() -> None:
    phone, browser = new_phone(), new_browser()
    merchant(phone)
    link = asked(phone, browser)
    answer = new_browser().get(link)
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "same-origin"
    browser.get(link)
    assert not is_in(browser)
    browser.post(link)
    assert is_in(browser)


def test_opened_elsewhere_it_asks_for_the_code_and_lets_the_first_browser_in() -> None:
    phone, desk, handset = new_phone(), new_browser(), new_browser()
    merchant(phone)
    link = asked(phone, desk)
    handset.post(link)
    assert not is_in(handset)
    desk.post("/account/telephone/wait")
    assert not is_in(desk)
    handset.post(link, {"code": code_shown(desk).lower()})
    assert not is_in(handset)
    desk.post("/account/telephone/wait")
    assert is_in(desk)


def test_a_stolen_link_without_the_code_opens_nothing() -> None:
    phone, desk, thief = new_phone(), new_browser(), new_browser()
    merchant(phone)
    link = asked(phone, desk)
    thief.cookies["hesabu_entry"] = "made-up"
    thief.post(link)
    thief.post(link, {"code": "BBBB"})
    assert not is_in(thief)
    assert not is_in(desk)


def test_three_wrong_codes_end_the_link() -> None:
    phone, desk, thief = new_phone(), new_browser(), new_browser()
    merchant(phone)
    link = asked(phone, desk)
    right = code_shown(desk)
    wrong = "BBBB" if right != "BBBB" else "CCCC"
    for _ in range(3):
        thief.post(link, {"code": wrong})
    assert thief.post(link, {"code": right}).status_code == 410
    desk.post("/account/telephone/wait")
    assert not is_in(desk)


def test_a_link_opens_once() -> None:
    phone, browser = new_phone(), new_browser()
    merchant(phone)
    link = asked(phone, browser)
    cookie = browser.cookies["hesabu_entry"].value
    browser.post(link)
    browser.post("/account/logout/")
    browser.cookies["hesabu_entry"] = cookie
    assert browser.post(link).status_code == 410
    assert not is_in(browser)


def test_an_old_link_opens_nothing() -> None:
    phone, browser = new_phone(), new_browser()
    merchant(phone)
    link = asked(phone, browser)
    with clock.moved(seconds=60 * 11):
        assert browser.post(link).status_code == 410
    assert not is_in(browser)


def test_an_unknown_number_gets_the_same_answer_and_no_message() -> None:
    known, unknown = new_phone(), new_phone()
    merchant(known)
    pages = []
    for phone in (known, unknown):
        browser = new_browser()
        answer = browser.post("/account/telephone", {"phone": phone}, follow=True)
        page = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        pages.append(re.sub(r"<strong>[A-Z]{5}</strong>", "", page))
    assert pages[0] == pages[1]
    assert messages_to(unknown) == []


def test_a_customer_who_is_nobody_here_is_not_written_to() -> None:
    phone = new_phone()
    with tenancy.house():
        messaging.meet(phone)
    new_browser().post("/account/telephone", {"phone": phone})
    assert messages_to(phone) == []


def test_links_and_codes_are_in_no_job_and_no_cause() -> None:
    phone, browser = new_phone(), new_browser()
    merchant(phone)
    token = asked(phone, browser).rsplit("/", 1)[1]
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT cause FROM messaging_message")
        kept += str(cursor.fetchall())
        cursor.execute("SELECT payload::text FROM store_fact")
        kept += str(cursor.fetchall())
    assert token not in kept
    assert phone not in kept


def test_a_number_with_a_second_factor_still_needs_it() -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import generate_totp_secret
    from allauth.mfa.utils import encrypt

    phone, browser = new_phone(), new_browser()
    person_id = merchant(phone)
    Authenticator.objects.create(
        user_id=person_id, type="totp", data={"secret": encrypt(generate_totp_secret())}
    )
    browser.post(asked(phone, browser))
    assert not is_in(browser)


def test_one_number_is_not_flooded(on_the_hour: None) -> None:
    phone = new_phone()
    merchant(phone)
    for _ in range(5):
        assert new_browser().post("/account/telephone", {"phone": phone}).status_code == 302
    assert new_browser().post("/account/telephone", {"phone": phone}).status_code == 429


def message_rows(phone: str) -> list[Any]:
    from hesabu.kit import crypto
    from hesabu.messaging.models import Contact, Message

    with tenancy.house():
        found = Contact.objects.get(phone_index=crypto.blind(f"phone:{phone}"))
        return list(Message.objects.filter(contact_id=found.id).order_by("id"))


def test_outside_the_window_a_template_carries_the_link_and_a_text_message_stands_behind_it() -> (
    None
):
    phone, browser = new_phone(), new_browser()
    merchant(phone)
    link = asked(phone, browser)
    row = message_rows(phone)[-1]
    assert (row.channel, row.climbs, row.category) == ("whatsapp", True, "entry")
    assert row.fallback["name"] == "sign_in_link"
    assert link.endswith(row.fallback["button_param"])
    assert link in row.letter["body"]


def test_the_template_is_one_that_whatsapp_takes_with_its_button() -> None:
    from hesabu.messaging.providers.whatsapp import compose
    from hesabu.messaging.types import Template
    from hesabu.sandbox.whatsapp.chats import Chats
    from hesabu.sandbox.whatsapp.shown import shown_of
    from hesabu.sandbox.whatsapp.templates import approved

    chats = object.__new__(Chats)
    chats.templates = approved("https://hesabu.example")
    for language in ("en", "sw"):
        sent = compose.body(Template("sign_in_link", language, button_param="tok3n"), {})
        shown = shown_of(sent, "template", chats)
        assert shown["url"]["url"] == "https://hesabu.example/account/t/tok3n"
        assert shown["category"] == "utility"


def test_a_way_in_never_goes_by_mail() -> None:
    """Whoever has the mail has not shown that they have the number."""
    from hesabu.messaging.actions import climbing
    from hesabu.messaging.models import Contact
    from hesabu.messaging.types import Category, Channel

    phone, browser = new_phone(), new_browser()
    merchant(phone)
    with tenancy.house():
        messaging.keep_email(messaging.meet(phone), "wanjiku@example.com")
    asked(phone, browser)
    row = message_rows(phone)[-1]
    with tenancy.house():
        row.channel = Channel.SMS
        assert climbing.next_channel(row) is None
        row.category = Category.TRANSACTION
        assert climbing.next_channel(row) in (Channel.EMAIL, None)
        contact = Contact.objects.get(id=row.contact_id)
        assert climbing.first_channel(contact, Category.ENTRY, climbs=True) is not Channel.EMAIL


@pytest.mark.parametrize("why", ["it changed hands", "it was silent for half a year"])
def test_a_number_that_may_be_a_strangers_gets_no_way_in_and_the_page_says_the_same(
    why: str,
) -> None:
    from hesabu.messaging.actions.meet import NewMarks, move_number
    from hesabu.messaging.models import Contact

    phone, browser = new_phone(), new_browser()
    merchant(phone)
    with tenancy.house():
        contact_id = messaging.meet(phone)
        Contact.objects.filter(id=contact_id).update(last_inbound_at=clock.now())
        if why == "it changed hands":
            move_number(phone, None, NewMarks(phone, "KE.somebody-else"))
    known = messages_to(phone)
    with clock.moved(days=0 if why == "it changed hands" else 181):
        answer = browser.post("/account/telephone", {"phone": phone})
    assert answer.status_code == 302
    assert messages_to(phone) == known
    with tenancy.house():
        messaging.vouch(contact_id)
    with clock.moved(days=0 if why == "it changed hands" else 170):
        assert asked(phone, new_browser())


def with_pin(phone: str) -> UUID:
    person_id = merchant(phone)
    identity.set_pin(person_id, "7391")
    return person_id


def test_a_phone_alone_does_not_open_the_account_of_who_has_a_pin() -> None:
    phone, browser = new_phone(), new_browser()
    with_pin(phone)
    answer = browser.post(asked(phone, browser))
    assert answer["Location"] == "/account/telephone/pin"
    assert not is_in(browser)
    page = browser.post("/account/telephone/pin", {"pin": "1111"}).content.decode()
    assert "That is not your PIN." in page
    assert not is_in(browser)
    browser.post("/account/telephone/pin", {"pin": " 7391"})
    assert is_in(browser)


def test_let_in_from_another_device_the_pin_is_asked_where_one_goes_in() -> None:
    phone, desk, handset = new_phone(), new_browser(), new_browser()
    with_pin(phone)
    link = asked(phone, desk)
    handset.post(link, {"code": code_shown(desk)})
    desk.post("/account/telephone/wait")
    assert not is_in(desk)
    assert not is_in(handset)
    assert handset.get("/account/telephone/pin").status_code == 302
    desk.post("/account/telephone/pin", {"pin": "7391"})
    assert is_in(desk)


def test_the_pin_is_not_guessed_on_the_page_either() -> None:
    phone, browser = new_phone(), new_browser()
    with_pin(phone)
    browser.post(asked(phone, browser))
    for guess in range(1000, 1012):
        page = browser.post("/account/telephone/pin", {"pin": str(guess)}).content.decode()
    assert "Too many wrong PINs." in page
    page = browser.post("/account/telephone/pin", {"pin": "7391"}).content.decode()
    assert "Too many wrong PINs." in page
    assert not is_in(browser)


def test_the_page_of_the_pin_is_for_who_showed_their_number_within_ten_minutes() -> None:
    phone, browser = new_phone(), new_browser()
    with_pin(phone)
    assert browser.get("/account/telephone/pin")["Location"] == "/account/telephone"
    browser.post(asked(phone, browser))
    assert browser.get("/account/telephone/pin").status_code == 200
    with clock.moved(seconds=700):
        answer = browser.post("/account/telephone/pin", {"pin": "7391"})
    assert answer["Location"] == "/account/telephone"
    assert not is_in(browser)
