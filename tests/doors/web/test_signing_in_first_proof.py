"""Somebody borrows a phone for a minute and comes in by it; and its honest owner, who has nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from doors.web.people import (
    PASSWORD,
    code_sent_to,
    is_in,
    letters_to,
    new_address,
    new_browser,
    person_id_of,
    signed_up,
)
from doors.web.test_signing_in_attacked import figures
from doors.web.test_signing_in_by_telephone import asked, merchant, messages_to, new_phone
from hesabu.doors.web.account import first_proof
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.types import Role
from hesabu.kit import clock
from hesabu.messaging import actions as messaging
from hesabu.store import jobs, tenancy
from hesabu.store.tenancy import Actor
from identity.apps import registered

pytestmark = pytest.mark.usefixtures("database")
HOUR, DAY = 3600, 24 * 3600
PAGE, APP = "/account/first-proof", "/account/2fa/totp/activate/"
MAKES_A_WAY_IN = [
    *("/account/2fa/totp/activate/", "/account/2fa/webauthn/add/", "/account/2fa/text/"),
    *("/account/2fa/text/confirm", "/account/email/", "/account/confirm-email/"),
    *("/account/password/set/", "/account/3rdparty/", "/account/authorize"),
]


@contextmanager
def after(seconds: int) -> Iterator[None]:
    with clock.moved(seconds=seconds):
        yield


def came_in(phone: str) -> Client:
    """By the link to the number. In a browser of its own."""
    browser = new_browser()
    browser.post(asked(phone, browser))
    return browser


def led_away(browser: Client, path: str) -> bool:
    answer = browser.get(path)
    return answer.status_code == 302 and answer["Location"] == PAGE


def sets_up_app(browser: Client) -> None:
    page = browser.get(APP).content.decode()
    secret = re.findall(r"[A-Z2-7]{32}", page)[0]
    browser.post(APP, {"code": figures(secret)})


def has_app(person_id: UUID) -> bool:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user_id=person_id, type="totp").exists()


def stop_link(words: str) -> str:
    return re.findall(r"/account/first-proof/stop/\S+", words)[0]


def facts_about(person_id: UUID) -> list[str]:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind FROM store_fact WHERE subject_id = %s ORDER BY id", (person_id,)
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_borrowed_phone_sets_up_nothing_that_outlives_the_minute() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        thief = came_in(phone)
        assert is_in(thief)
        for path in MAKES_A_WAY_IN:
            assert led_away(thief, path), path
        thief.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
        thief.post("/account/email/", {"email": new_address(), "action_add": ""})
        thief.post(APP, {"code": "123456"})
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    assert not get_user_model().objects.get(pk=person_id).has_usable_password()
    assert not EmailAddress.objects.filter(user_id=person_id).exists()
    assert not has_app(person_id)


def test_they_are_told_at_once_and_a_day_later_and_either_link_stops_it() -> None:
    for which in (0, 1):
        phone = new_phone()
        person_id = merchant(phone)
        with after(DAY + 60):
            thief = came_in(phone)
            thief.post(PAGE)
            told = [one for one in messages_to(phone) if "first-proof" in one]
            assert len(told) == 1
            thief.post(PAGE)  # asked again it is the same, and told once
        with after(2 * DAY + 120):
            jobs.tasks["web.remind_first_proofs"].run()
            jobs.tasks["web.remind_first_proofs"].run()
            told = [one for one in messages_to(phone) if "first-proof" in one]
            assert len(told) == 2
            again = came_in(phone)
            link = stop_link(told[which])
            owner = new_browser()
            assert "Was it not you?" in owner.get(link).content.decode()
            assert queries.first_proof_of(person_id)  # a preview that only looks stops nothing
            assert "It is stopped" in owner.post(link).content.decode()
            assert "nothing to stop" in owner.post(link).content.decode()
            assert queries.first_proof_of(person_id) is None
            assert not is_in(again)
            assert led_away(came_in(phone), APP)
        assert not has_app(person_id)
        said = facts_about(person_id)
        assert said.count("identity.FirstProofAsked") == 1
        assert said.count("identity.FirstProofStopped") == 1


def test_what_apps_were_let_do_meanwhile_is_stopped_as_well(business_id: UUID) -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.VIEWER)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
        link = stop_link(messages_to(phone)[-1])
    with after(2 * DAY + 120):
        grant_id, _ = registered(business_id).asks(
            business_id, Actor("person", person_id), has_factor=False
        )
        new_browser().post(link)
    with tenancy.bound(business_id):
        [app] = [one for one in queries.apps() if one.id == grant_id]
    assert app.revoked_why == "signed_out"


def test_asking_and_stopping_in_turn_floods_nobody(on_the_hour: None) -> None:
    phone = new_phone()
    merchant(phone)
    with after(DAY + 60):
        browser = came_in(phone)
        for _ in range(15):
            browser.post(PAGE)
            browser.post(PAGE, {"action": "stop"})
        assert browser.post(PAGE).status_code == 429
    assert len([one for one in messages_to(phone) if "first-proof" in one]) == 10


def test_an_honest_owner_without_an_address_sets_one_up_a_day_later() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        browser = came_in(phone)
        assert "Begin the day" in browser.get(PAGE).content.decode()
        browser.post(PAGE)
        assert "You are waiting" in browser.get(PAGE).content.decode()
    with after(2 * DAY):
        assert led_away(came_in(phone), APP)  # a minute too early
    with after(2 * DAY + 120):
        browser = came_in(phone)
        assert browser.get(PAGE)["Location"] == "/account/2fa/"
        sets_up_app(browser)
        assert has_app(person_id)
        assert facts_about(person_id).count("identity.FirstProofUsed") == 1
        assert queries.first_proof_of(person_id) is None
        assert not led_away(browser, "/account/password/set/")


def test_what_was_not_used_within_a_week_is_asked_for_again() -> None:
    phone = new_phone()
    merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
    with after(9 * DAY + 120):
        browser = came_in(phone)
        assert led_away(browser, APP)
        assert jobs.tasks["web.remind_first_proofs"].run() is None
        browser.post(PAGE)
        assert "You are waiting" in browser.get(PAGE).content.decode()


def test_whoever_needs_a_second_factor_sees_why_they_wait_and_nothing_else(
    business_id: UUID,
) -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with tenancy.bound(business_id):
        identity.add_member(person_id, Role.OWNER)
    with after(DAY + 60):
        browser = came_in(phone)
        assert browser.get("/home")["Location"] == PAGE


def test_an_account_that_is_not_a_day_old_has_nobody_elses_to_lose() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    sets_up_app(came_in(phone))
    assert has_app(person_id)
    assert not [one for one in messages_to(phone) if "first-proof" in one]


def in_by_pin(phone: str, pin: str) -> Client:
    browser = came_in(phone)
    browser.post("/account/telephone/pin", {"pin": pin})
    assert "_auth_user_id" in browser.session
    return browser


def test_a_pin_that_is_a_day_old_is_proof_enough_and_one_set_by_the_borrowed_phone_is_none() -> (
    None
):
    phone = new_phone()
    person_id = merchant(phone)
    with after(10 * DAY):
        identity.set_pin(person_id, "7391")
        assert led_away(in_by_pin(phone, "7391"), APP)
    with after(11 * DAY - HOUR):
        identity.set_pin(person_id, "8402", current="7391")  # changed: known as long as before
    with after(11 * DAY + 60):
        browser = in_by_pin(phone, "8402")
        assert not led_away(browser, APP)
        sets_up_app(browser)
    assert has_app(person_id)
    with after(12 * DAY):
        identity.clear_pin(person_id)
        identity.set_pin(person_id, "6153")
        assert queries.needs_first_proof(person_id, has_shown_pin=True)


def test_a_pin_from_before_it_was_noted_since_when_is_an_old_one() -> None:
    from hesabu.identity.models import Person

    phone = new_phone()
    person_id = merchant(phone)
    identity.set_pin(person_id, "7391")
    Person.objects.filter(id=person_id).update(pin_set_at=None)
    with after(2 * DAY):
        assert not led_away(in_by_pin(phone, "7391"), APP)


def with_password() -> tuple[str, str, UUID]:
    address, phone = new_address(), new_phone()
    signed_up(new_browser(), address)
    with tenancy.house():
        messaging.introduce(messaging.meet(phone), person_id_of(address))
    return address, phone, person_id_of(address)


def test_whoever_has_a_password_shows_it_and_need_not_wait() -> None:
    address, phone, person_id = with_password()
    with after(DAY + 60):
        browser = came_in(phone)
        assert led_away(browser, APP)
        assert "Type the password" in browser.get(PAGE).content.decode()
        browser.post("/account/reauthenticate/", {"password": "a wrong long guess"})
        assert led_away(browser, APP)
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        sets_up_app(browser)
    assert has_app(person_id)
    assert not [one for one, _ in letters_to(address) if "secure your account" in one]


def test_whoever_has_an_address_comes_in_by_a_code_and_need_not_wait() -> None:
    address, phone, person_id = with_password()
    with after(DAY + 60):
        assert "code that goes to your e-mail" in came_in(phone).get(PAGE).content.decode()
        browser = new_browser()
        browser.post("/account/login/code/", {"email": address})
        browser.post("/account/login/code/confirm/", {"code": code_sent_to(address)})
        assert not led_away(browser, APP)
    assert not has_app(person_id)


def test_those_with_an_address_are_told_there_too() -> None:
    address, phone, _ = with_password()
    with after(DAY + 60):
        came_in(phone).post(PAGE)
        subject, words = letters_to(address)[-1]
        assert "secure your account" in subject
        assert "Was it not you?" in new_browser().get(stop_link(words)).content.decode()


def test_a_link_with_another_mark_stops_nothing() -> None:
    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
        link = stop_link(messages_to(phone)[-1])
        for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), link[:-32] + "ä" * 32):
            assert new_browser().post(wrong).status_code == 404
        assert new_browser().post("/account/first-proof/stop/nonsense/x").status_code == 404
        assert queries.first_proof_of(person_id)


def test_no_number_and_no_link_is_in_a_fact_or_a_job() -> None:
    phone = new_phone()
    merchant(phone)
    with after(DAY + 60):
        came_in(phone).post(PAGE)
        mark = stop_link(messages_to(phone)[-1]).rsplit("/", 1)[1]
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(args::text, '') FROM procrastinate_jobs)"
            " || (SELECT string_agg(payload::text, '') FROM store_fact)"
        )
        kept = str(cursor.fetchone())
    assert mark not in kept
    assert phone not in kept


def test_nobody_connects_a_providers_account_to_a_borrowed_phones() -> None:
    from allauth.core.exceptions import ImmediateHttpResponse
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.auth import get_user_model

    from hesabu.doors.web.account.adapter import SocialAdapter

    phone = new_phone()
    person_id = merchant(phone)
    with after(DAY + 60):
        request: Any = RequestFactory().get("/")
        request.session = came_in(phone).session
        request.user = get_user_model().objects.get(pk=person_id)
        comes_back = SocialLogin()
        comes_back.state = {"process": "connect"}
        with pytest.raises(ImmediateHttpResponse) as led:
            SocialAdapter(request).pre_social_login(request, comes_back)
        assert led.value.response["Location"] == PAGE
        comes_back.state = {"process": "login"}
        SocialAdapter(request).pre_social_login(request, comes_back)


HARMLESS = {
    *("account-hours", "account-tries", "account_change_password", "account_confirm_login_code"),
    *("account_confirm_password_reset_code", "account_complete_password_reset", "account_home"),
    *("account_inactive", "account_login", "account_logout", "account_password_reset_completed"),
    *("account_reauthenticate", "account_request_login_code", "account_reset_password"),
    *("account_signup", "data", "data-ask", "data-delete", "data-fetch", "data-keep", "data-state"),
    *("entry-ask", "entry-follow", "entry-pin", "entry-wait", "first-proof", "first-proof-stop"),
    *("google_callback", "mfa_authenticate"),
    *("mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_edit_webauthn"),
    *("mfa_generate_recovery_codes", "mfa_index", "mfa_list_webauthn", "mfa_login_webauthn"),
    *("mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn"),
    *("mfa_view_recovery_codes", "openid_connect_callback", "openid_connect_login"),
    *("own-apps", "own-apps-end", "socialaccount_login_cancelled", "socialaccount_login_error"),
    *("socialaccount_signup", "stop-restoration", "text-again", "text-remove", "text-step"),
    "usersessions_list",
}
"""Pages of an account that make no way in, ask for what one has first, or are of who is not in yet."""


def names_under(patterns: list[Any], before: str = "") -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from names_under(one.url_patterns, path)
        elif isinstance(one, URLPattern) and path.startswith("account/") and one.name:
            yield one.name


def test_every_page_of_an_account_is_held_back_or_known_to_be_harmless() -> None:
    names = set(names_under(get_resolver().url_patterns))
    assert names == first_proof.OUTLIVES | HARMLESS
    assert not first_proof.OUTLIVES & HARMLESS
