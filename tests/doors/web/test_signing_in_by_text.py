"""Codes by text message as a second step: what opens, and what attackers try."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from doors.web.people import (
    PASSWORD,
    code_sent_to,
    is_in,
    letters_to,
    new_address,
    new_browser,
    new_place,
    person_id_of,
    signed_up,
    signs_in,
)
from doors.web.test_signing_in_attacked import a_while_passes, activated_totp, figures
from doors.web.test_signing_in_by_telephone import asked as link_asked
from doors.web.test_signing_in_by_telephone import merchant, messages_to, new_phone
from doors.web.test_signing_in_sessions import configured
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.types import PlatformRole
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as contacts
from hesabu.store import tenancy

pytestmark = pytest.mark.usefixtures("database")
SET_UP, CONFIRM, STEP = "/account/2fa/text/", "/account/2fa/text/confirm", "/account/2fa/text/step"


@pytest.fixture(autouse=True)
def _texts() -> Iterator[None]:
    """An installation that can send text messages."""
    with configured(sms_provider="africastalking"):
        yield


class Texted:
    """Somebody whose second step are codes by text message."""

    def __init__(self) -> None:
        self.address, self.phone = new_address(), new_phone()
        self.browser = signed_up(new_browser(), self.address)
        self.person_id: UUID = person_id_of(self.address)
        with tenancy.house():
            self.contact_id = messaging.meet(self.phone)
            messaging.introduce(self.contact_id, self.person_id)
        self.answer = self._set_up()

    def _set_up(self) -> Any:
        self.browser.post(SET_UP, {"number": str(self.contact_id)})
        answer = self.browser.post(CONFIRM, {"code": code_texted_to(self.phone)})
        assert answer.status_code == 302, answer.content.decode()
        return answer

    def comes(self, browser: Client | None = None) -> Client:
        """As far as the second step."""
        browser = browser or new_browser()
        answer = signs_in(browser, self.address)
        assert answer.status_code == 302
        assert answer["Location"] == STEP
        assert not is_in(browser)
        return browser


def code_texted_to(phone: str) -> str:
    return re.findall(r"^(\d{6}) is your", messages_to(phone)[-1])[0]


def doubted(phone: str) -> None:
    """The network says that somebody else has the number now."""
    from hesabu.kit import crypto
    from hesabu.messaging.models import Contact

    with tenancy.house():
        Contact.objects.filter(phone_index=crypto.blind(f"phone:{phone}")).update(
            doubted_at=clock.now()
        )


def hours_since_shown(browser: Client) -> None:
    session = browser.session
    session["account_authentication_methods"] = [
        {**one, "at": time.time() - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()


def recovery_codes(person_id: UUID) -> list[str]:
    """What the page shows when it makes them."""
    return identity.make_recovery_codes(person_id)


def test_a_code_by_text_lets_on_after_the_password() -> None:
    one = Texted()
    browser = one.comes()
    browser.post(STEP, {"code": code_texted_to(one.phone)})
    assert is_in(browser)
    assert "text_message" in browser.get("/account/tries").content.decode()
    assert letters_to(one.address)[-1][0] == "Codes by text message were added to your account."


def test_recovery_codes_come_with_it() -> None:
    one = Texted()
    assert "recovery-codes" in one.answer["Location"]
    browser = one.comes()
    browser.post(STEP, {"code": recovery_codes(one.person_id)[0]})
    assert is_in(browser)


def test_it_goes_as_a_text_message_tied_to_our_address() -> None:
    from hesabu.messaging.models import Message

    one = Texted()
    with tenancy.house():
        row = Message.objects.filter(contact_id=one.contact_id).latest("id")
        assert row.channel == "sms"
        assert re.search(r"\n@\S+ #\d{6}$", row.letter["body"])


def test_a_password_alone_does_not_open_it() -> None:
    one = Texted()
    browser = one.comes()
    for path in ("/home", "/account/2fa/", "/account/sessions/", SET_UP):
        assert browser.get(path).status_code == 302
    assert not is_in(browser)


def test_the_step_of_the_text_cannot_be_reached_without_the_first() -> None:
    one = Texted()
    one.comes()
    code = code_texted_to(one.phone)
    stranger = new_browser()
    assert stranger.get(STEP)["Location"] == "/account/login/"
    stranger.post(STEP, {"code": code})
    signs_in(stranger, one.address, "a wrong long guess")
    stranger.post(STEP, {"code": code})
    stranger.post(STEP, {"action": "send"})
    assert not is_in(stranger)


def test_a_text_code_opens_only_in_the_browser_that_asked() -> None:
    one = Texted()
    owner = one.comes()
    code = code_texted_to(one.phone)
    thief = one.comes()
    thief.post(STEP, {"code": code})
    assert not is_in(thief)
    owner.post(STEP, {"code": code})
    assert is_in(owner)


def test_a_text_code_needs_what_its_browser_was_given_and_not_only_its_id() -> None:
    """Ids are no secrets: whoever learned one, and the code, still has to be the browser that asked."""
    one = Texted()
    owner = one.comes()
    code = code_texted_to(one.phone)
    thief = one.comes()
    session = thief.session
    session["text_code"] = {**session["text_code"], "id": owner.session["text_code"]["id"]}
    session.save()
    thief.post(STEP, {"code": code})
    assert not is_in(thief)
    owner.post(STEP, {"code": code})
    assert is_in(owner)


def test_a_text_code_opens_once() -> None:
    one = Texted()
    browser = one.comes()
    code = code_texted_to(one.phone)
    kept = browser.session["text_code"]
    browser.post(STEP, {"code": code})
    assert is_in(browser)
    again = one.comes()
    session = again.session
    session["text_code"] = kept
    session.save()
    again.post(STEP, {"code": code})
    assert not is_in(again)


def test_a_text_code_is_dead_after_ten_minutes() -> None:
    one = Texted()
    browser = one.comes()
    code = code_texted_to(one.phone)
    with clock.moved(seconds=601):
        browser.post(STEP, {"code": code})
        assert not is_in(browser)


def test_a_text_code_is_dead_after_three_wrong_ones() -> None:
    one = Texted()
    browser = one.comes()
    code = code_texted_to(one.phone)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(3):
        answer = browser.post(STEP, {"code": wrong})
        assert "not right" in answer.content.decode()
    browser.post(STEP, {"code": code})
    assert not is_in(browser)


def test_a_text_code_for_another_account_opens_nothing() -> None:
    mine, theirs = Texted(), Texted()
    own = mine.comes()
    code, kept = code_texted_to(mine.phone), own.session["text_code"]
    other = theirs.comes()
    session = other.session
    session["text_code"] = kept
    session.save()
    other.post(STEP, {"code": code})
    assert not is_in(other)


def test_a_text_code_for_one_thing_is_good_for_no_other() -> None:
    one = Texted()
    one.browser.post(SET_UP, {"number": str(one.contact_id)})
    code, kept = code_texted_to(one.phone), one.browser.session["text_code"]
    browser = one.comes()
    session = browser.session
    session["text_code"] = kept
    session.save()
    browser.post(STEP, {"code": code})
    assert not is_in(browser)


def test_guessing_text_codes_waits_longer_each_time() -> None:
    one, place = Texted(), new_place()
    for _ in range(2):
        browser = one.comes(new_browser(place))
        for _ in range(3):
            answer = browser.post(STEP, {"code": "999999"})
    assert "Too many wrong tries" in answer.content.decode()
    browser.post(STEP, {"code": code_texted_to(one.phone)})
    assert not is_in(browser)
    elsewhere = one.comes()
    elsewhere.post(STEP, {"code": code_texted_to(one.phone)})
    assert is_in(elsewhere)


def test_no_number_gets_more_than_five_codes_an_hour(on_the_hour: None) -> None:
    one = Texted()
    browser = one.comes()
    for _ in range(8):
        answer = browser.post(STEP, {"action": "send"})
    assert "Five codes" in answer.content.decode()
    sent = [said for said in messages_to(one.phone) if "is your Hesabu code" in said]
    assert len(sent) == 5
    one.comes()
    assert len([said for said in messages_to(one.phone) if "is your" in said]) == 5
    browser.post(STEP, {"code": recovery_codes(one.person_id)[0]})
    assert is_in(browser)


def test_a_number_that_changed_hands_opens_nothing_and_gets_no_code() -> None:
    one = Texted()
    doubted(one.phone)
    before = len(messages_to(one.phone))
    browser = one.comes()
    page = browser.get(STEP).content.decode()
    assert "prove itself again" in page
    browser.post(STEP, {"action": "send"})
    assert len(messages_to(one.phone)) == before
    assert not is_in(browser)
    browser.post(STEP, {"code": recovery_codes(one.person_id)[0]})
    assert is_in(browser)


def test_a_code_that_went_out_before_the_number_was_doubted_opens_nothing() -> None:
    one = Texted()
    browser = one.comes()
    code = code_texted_to(one.phone)
    doubted(one.phone)
    browser.post(STEP, {"code": code})
    assert not is_in(browser)


def test_a_doubted_number_cannot_be_set_up() -> None:
    address, phone = new_address(), new_phone()
    browser = signed_up(new_browser(), address)
    with tenancy.house():
        contact_id = messaging.meet(phone)
        messaging.introduce(contact_id, person_id_of(address))
    doubted(phone)
    assert "No number of yours is proven" in browser.get(SET_UP).content.decode()
    browser.post(SET_UP, {"number": str(contact_id)})
    assert messages_to(phone) == []


def test_somebody_elses_number_cannot_be_set_up() -> None:
    theirs = new_phone()
    merchant(theirs)
    with tenancy.house():
        found = contacts.contact_by_phone(theirs)
    assert found
    browser = signed_up(new_browser(), new_address())
    for number in (str(found.id), theirs, "", "x" * 5000, "\x00"):
        assert browser.post(SET_UP, {"number": number}).status_code == 200
    assert messages_to(theirs) == []


def test_who_has_a_role_on_the_platform_has_no_codes_by_text() -> None:
    one = Texted()
    with tenancy.house():
        identity.grant_platform(one.person_id, PlatformRole.ADMIN)
    assert "Not for this account" in one.browser.get(SET_UP).content.decode()
    before = len(messages_to(one.phone))
    one.browser.post(SET_UP, {"number": str(one.contact_id)})
    browser = one.comes()
    assert len(messages_to(one.phone)) == before
    browser.post(STEP, {"code": recovery_codes(one.person_id)[0]})
    assert browser.get("/home")["Location"] == "/account/2fa/"  # it does not count: led to a better


def test_with_a_stronger_factor_codes_by_text_are_neither_sent_nor_taken() -> None:
    one = Texted()
    secret = activated_totp(one.browser)
    before = len(messages_to(one.phone))
    browser = new_browser()
    a_while_passes()
    answer = signs_in(browser, one.address)
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert browser.get(STEP).status_code == 302
    browser.post(STEP, {"action": "send"})
    assert len(messages_to(one.phone)) == before
    assert not is_in(browser)
    browser.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert is_in(browser)


def test_a_stronger_factor_taken_off_leaves_the_weaker_one_with_recovery_codes() -> None:
    one = Texted()
    activated_totp(one.browser)
    assert one.browser.post("/account/2fa/totp/deactivate/").status_code == 302
    browser = one.comes()
    browser.post(STEP, {"code": recovery_codes(one.person_id)[0]})
    assert is_in(browser)


def test_who_came_by_the_number_is_not_let_on_by_the_number() -> None:
    one, browser = Texted(), new_browser()
    with configured(sms_provider="none"):
        link = link_asked(one.phone, browser)
    before = len(messages_to(one.phone))
    assert browser.post(link)["Location"] == STEP
    assert "prove nothing more" in browser.get(STEP).content.decode()
    browser.post(STEP, {"action": "send"})
    assert len(messages_to(one.phone)) == before
    browser.post(STEP, {"password": "a wrong long guess"})
    assert not is_in(browser)
    browser.post(STEP, {"password": PASSWORD})
    assert is_in(browser)


def test_who_has_only_the_number_cannot_make_it_both_steps() -> None:
    phone, browser = new_phone(), new_browser()
    merchant(phone)
    with configured(sms_provider="none"):
        browser.post(link_asked(phone, browser))
    assert is_in(browser)
    assert "First another way in" in browser.get(SET_UP).content.decode()


def test_the_page_says_that_a_passkey_or_an_app_is_safer() -> None:
    page = Texted().browser.get(SET_UP).content.decode()
    assert "weakest second step" in page
    assert "/account/2fa/webauthn/add/" in page
    assert "/account/2fa/totp/activate/" in page


def test_it_is_not_taken_off_without_showing_once_more_who_it_is() -> None:
    one = Texted()
    hours_since_shown(one.browser)
    answer = one.browser.post("/account/2fa/text/remove")
    assert "reauthenticate" in answer["Location"]
    assert queries.text_factor_of(one.person_id) == one.phone


def test_it_is_taken_off_with_its_recovery_codes() -> None:
    from allauth.mfa.models import Authenticator

    one = Texted()
    one.browser.post("/account/2fa/text/remove")
    assert queries.text_factor_of(one.person_id) is None
    assert not Authenticator.objects.filter(user_id=one.person_id).exists()
    assert letters_to(one.address)[-1][0] == "Codes by text message were taken off your account."


def test_a_code_by_text_shows_once_more_that_it_is_them() -> None:
    one = Texted()
    hours_since_shown(one.browser)
    led = one.browser.get("/account/2fa/totp/activate/", follow=True)
    assert "text message" in led.content.decode()
    page = one.browser.post("/account/2fa/text/again?next=/account/2fa/", {"action": "send"})
    assert "six figures" in page.content.decode()
    one.browser.post("/account/2fa/text/again", {"code": "000000"})
    assert one.browser.get("/account/2fa/totp/activate/").status_code == 302
    answer = one.browser.post(
        "/account/2fa/text/again?next=/account/2fa/", {"code": code_texted_to(one.phone)}
    )
    assert answer.status_code == 302
    assert one.browser.get("/account/2fa/totp/activate/").status_code == 200


def test_a_new_code_by_text_ends_all_other_sessions() -> None:
    address = new_address()
    here, there = signed_up(new_browser(), address), new_browser()
    signs_in(there, address)
    assert is_in(there)
    phone = new_phone()
    with tenancy.house():
        contact_id = messaging.meet(phone)
        messaging.introduce(contact_id, person_id_of(address))
    here.post(SET_UP, {"number": str(contact_id)})
    here.post(CONFIRM, {"code": code_texted_to(phone)})
    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize("code", ["", "\x00", "😀😀😀", "1" * 5000, "\u202e123456", "１２３４５６"])
def test_a_nasty_text_code_is_refused_and_never_a_fault(code: str) -> None:
    one = Texted()
    browser = one.comes()
    browser.raise_request_exception = False
    for body in ({"code": code}, {"password": code}, {"action": code}, {"code": [code, code]}):
        assert browser.post(STEP, body).status_code < 500
    assert not is_in(browser)


def test_no_text_code_lies_in_clear() -> None:
    from django.db import connection

    one = Texted()
    one.comes()
    code = code_texted_to(one.phone)
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        jobs = "".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT row_to_json(c)::text FROM identity_text_code c")
        rows = "".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT row_to_json(f)::text FROM identity_text_factor f")
        rows += "".join(row[0] for row in cursor.fetchall())
    assert one.phone not in jobs + rows
    assert f'"{code}"' not in jobs + rows


def test_a_code_by_mail_still_needs_the_code_by_text() -> None:
    one, browser = Texted(), new_browser()
    a_while_passes()
    browser.post("/account/login/code/", {"email": one.address})
    browser.post("/account/login/code/confirm/", {"code": code_sent_to(one.address)})
    assert not is_in(browser)
    browser.post(STEP, {"code": code_texted_to(one.phone)})
    assert is_in(browser)


def test_the_number_of_codes_by_text_is_told_to_its_person_and_goes_with_the_account() -> None:
    one = Texted()
    with tenancy.house():
        held = queries.held_on_person(one.person_id)
    assert {"text_message", "recovery_codes"} == {f["kind"] for f in held["second_factors"]}
    assert one.phone in str(held["second_factors"])
    identity.ask_closing(one.person_id, wait_days=0)
    with tenancy.house():
        identity.close_account(one.person_id)
    assert queries.text_factor_of(one.person_id) is None


def test_apps_lose_what_moves_money_with_the_last_second_factor() -> None:
    from hesabu.identity.models import Grant

    one = Texted()
    with tenancy.house():
        business_id = identity.register_business("Kamau Designs", "KE", one.person_id)
        Grant(
            business_id=business_id,
            person_id=one.person_id,
            app_name="Stock counter",
            scopes=["payment:record"],
            created_at=clock.now(),
            has_factor=True,
        ).save(force_insert=True)
    activated_totp(one.browser)
    one.browser.post("/account/2fa/totp/deactivate/")
    assert Grant.objects.get(person_id=one.person_id).has_factor  # codes by text remain
    one.browser.post("/account/2fa/text/remove")
    assert not Grant.objects.get(person_id=one.person_id).has_factor


def test_a_sign_in_begun_before_the_app_was_set_up_is_not_ended_by_text() -> None:
    one = Texted()
    thief = one.comes()
    code = code_texted_to(one.phone)
    a_while_passes()
    activated_totp(one.browser)
    answer = thief.post(STEP, {"code": code})
    assert answer["Location"] == "/account/login/"
    assert not is_in(thief)


def test_a_sign_in_begun_with_the_old_password_ends_with_it() -> None:
    one = Texted()
    thief = one.comes()
    code = code_texted_to(one.phone)
    a_while_passes()
    form = {"oldpassword": PASSWORD, "password1": "another long secret"}
    assert one.browser.post("/account/password/change/", form).status_code == 302
    answer = thief.post(STEP, {"code": code}, follow=True)
    assert "Begin again" in answer.content.decode()
    assert not is_in(thief)


def test_a_sign_in_that_waits_for_a_text_ends_when_texts_are_taken_off() -> None:
    one = Texted()
    waiting = one.comes()
    code = code_texted_to(one.phone)
    one.browser.post("/account/2fa/text/remove")
    answer = waiting.post(STEP, {"code": code})
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/"
    assert not is_in(waiting)
