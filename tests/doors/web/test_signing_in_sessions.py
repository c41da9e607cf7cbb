"""How long sessions live, what ends them, and who needs a second factor."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from doors.web.people import (
    PASSWORD,
    is_in,
    new_address,
    new_browser,
    person_id_of,
    signed_up,
    signs_in,
)
from doors.web.test_signing_in_attacked import activated_totp
from hesabu.identity import actions as identity
from hesabu.identity.types import Role
from hesabu.kit import clock
from hesabu.store import tenancy

pytestmark = pytest.mark.usefixtures("database")
START = {"at": clock.now()}
"""Near to the wall's clock, which the library reads by itself for how long ago somebody showed who they are."""


@pytest.fixture(autouse=True)
def _starts_now() -> None:
    START["at"] = clock.now().replace(microsecond=0)


@contextmanager
def configured(**changes: Any) -> Iterator[None]:
    with override_settings(CONFIG=settings.CONFIG.model_copy(update=changes)):
        yield


def test_a_session_ends_after_a_while_without_doing_anything() -> None:
    browser = signed_up(new_browser(), new_address())
    with clock.moved(seconds=60 * 100):
        assert is_in(browser)
    with clock.moved(seconds=60 * 215):
        assert is_in(browser)
    with clock.moved(seconds=60 * 340):
        assert not is_in(browser)


def test_a_session_ends_at_last_whatever_is_done() -> None:
    browser = signed_up(new_browser(), new_address())
    with configured(session_hours=3):
        for minutes in (60, 120, 170):
            with clock.moved(seconds=60 * minutes):
                assert is_in(browser), minutes
        with clock.moved(seconds=60 * 190):
            assert not is_in(browser)


def test_the_strictest_role_sets_the_limits() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    activated_totp(browser)
    _owns_something(address)
    with configured(session_by_role="owner=30/24", session_idle_minutes=600):
        with clock.moved(seconds=60 * 5):
            assert is_in(browser)
        with clock.moved(seconds=60 * 40):
            assert not is_in(browser)


def at_minute(minutes: float) -> AbstractContextManager[None]:
    """So many minutes after a fixed instant of today, whatever the wall's clock does meanwhile."""
    return clock.fixed(START["at"] + timedelta(minutes=minutes))


def did_something_until(last_second: int) -> Client:
    browser = signed_up(new_browser(), new_address())
    for second in sorted({0, 30, last_second}):
        if second <= last_second:
            with at_minute(second / 60):
                assert is_in(browser)
    return browser


@pytest.mark.parametrize("last_second", [0, 1, 59, 60, 61, 119])
def test_doing_nothing_for_the_limit_ends_a_session_to_the_minute(last_second: int) -> None:
    """What was done last counts by the minute it was in, so nobody stays longer, or loses more than that minute."""
    with at_minute(0), configured(session_idle_minutes=30):
        stays, goes = did_something_until(last_second), did_something_until(last_second)
        with at_minute(last_second / 60 + 29):
            assert is_in(stays)
        with at_minute(last_second / 60 + 30.02):
            assert not is_in(goes)


def seen_of(address: str) -> Any:
    from allauth.usersessions.models import UserSession

    return UserSession.objects.get(user_id=person_id_of(address))


def written(browser: Client, path: str = "/home") -> list[str]:
    """What a page writes."""
    with CaptureQueriesContext(connection) as captured:
        browser.get(path)
    writes = ("INSERT", "UPDATE", "DELETE")
    return [one["sql"] for one in captured.captured_queries if one["sql"].startswith(writes)]


def test_that_a_session_did_something_is_written_once_a_minute() -> None:
    address = new_address()
    with at_minute(0):
        browser = signed_up(new_browser(), address)
        is_in(browser)
        before = seen_of(address).last_seen_at
        assert written(browser) == []
    with at_minute(0.98):
        assert written(browser) == []
    with at_minute(1):
        assert [one for one in written(browser) if "usersessions" in one]
        assert written(browser) == []
    assert seen_of(address).last_seen_at > before


def test_another_place_or_browser_is_noted_at_once_within_the_minute() -> None:
    address = new_address()
    with at_minute(0):
        browser = signed_up(new_browser("10.3.3.1"), address)
        is_in(browser)
        browser.get("/home", REMOTE_ADDR="10.3.3.2")
        assert seen_of(address).ip == "10.3.3.2"
        browser.get("/home", REMOTE_ADDR="10.3.3.2", HTTP_USER_AGENT="Thief/1")
        assert seen_of(address).user_agent == "Thief/1"


def test_a_new_password_ends_all_other_sessions() -> None:
    address = new_address()
    here, there = signed_up(new_browser(), address), new_browser()
    signs_in(there, address)
    assert is_in(there)
    here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "a wholly new sentence"},
    )
    assert is_in(here)
    assert not is_in(there)


def test_a_new_second_factor_ends_all_other_sessions() -> None:
    address = new_address()
    here, there = signed_up(new_browser(), address), new_browser()
    signs_in(there, address)
    assert is_in(there)
    signs_in(here, address)
    activated_totp(here)
    assert is_in(here)
    assert not is_in(there)


def test_sessions_are_listed_and_the_others_can_be_ended() -> None:
    address = new_address()
    here, there = signed_up(new_browser("10.1.1.1"), address), new_browser("10.2.2.2")
    signs_in(there, address)
    page = here.get("/account/sessions/").content.decode()
    assert "10.1.1.1" in page
    assert "10.2.2.2" in page
    here.post("/account/sessions/")
    assert is_in(here)
    assert not is_in(there)


def shown_an_hour_ago(browser: Client) -> None:
    session = browser.session
    key = "account_authentication_methods"
    session[key] = [{**one, "at": time.time() - 3600} for one in session[key]]
    session.save()


def test_other_sessions_are_ended_only_by_who_shows_once_more_who_it_is() -> None:
    address = new_address()
    here, there = signed_up(new_browser(), address), new_browser()
    signs_in(there, address)
    shown_an_hour_ago(here)
    assert here.get("/account/sessions/").status_code == 200
    answer = here.post("/account/sessions/")
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert is_in(there)
    here.post(answer["Location"], {"password": PASSWORD})
    here.post("/account/sessions/")
    assert is_in(here)
    assert not is_in(there)


def test_showing_once_more_who_it_is_makes_a_new_session() -> None:
    address = new_address()
    browser, thief = signed_up(new_browser(), address), new_browser()
    shown_an_hour_ago(browser)
    before = str(browser.session.session_key)
    thief.cookies["sessionid"] = before
    assert is_in(thief)
    browser.post("/account/reauthenticate/", {"password": "a wrong long guess"})
    assert browser.session.session_key == before
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert browser.session.session_key != before
    assert is_in(browser)
    assert not is_in(thief)
    page = browser.get("/account/sessions/").content.decode()
    assert page.count("127.0.0.1") <= 1


def test_whoever_may_send_money_elsewhere_is_led_to_a_second_factor_first() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    assert is_in(browser)
    _owns_something(address)
    with clock.moved(seconds=60 * 2):
        answer = browser.get("/home")
        assert answer.status_code == 302
        assert answer["Location"] == "/account/2fa/"
        assert browser.get("/account/2fa/").status_code == 200
        activated_totp(browser)
        assert is_in(browser)


def test_whoever_only_sells_needs_none() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    business_id = _owns_something(new_owner())
    with tenancy.bound(business_id):
        identity.add_member(person_id_of(address), Role.SELLER)
    with clock.moved(seconds=60 * 2):
        assert is_in(browser)


def test_one_switch_makes_second_factors_compulsory_for_everybody() -> None:
    browser = signed_up(new_browser(), new_address())
    assert is_in(browser)
    with configured(second_factor_for_all=True), clock.moved(seconds=60 * 2):
        assert browser.get("/home")["Location"] == "/account/2fa/"


def test_pages_for_everybody_stay_open_to_who_lacks_a_second_factor() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    _owns_something(address)
    with clock.moved(seconds=60 * 2):
        assert browser.get("/healthz").status_code == 200
        assert browser.get("/account/sessions/").status_code == 200


def test_an_authenticator_is_not_taken_off_without_showing_once_more_who_it_is() -> None:
    browser = signed_up(new_browser(), new_address())
    activated_totp(browser)
    import time

    session = browser.session
    session["account_authentication_methods"] = [
        {**one, "at": time.time() - 3600} for one in session["account_authentication_methods"]
    ]
    session.save()
    answer = browser.post("/account/2fa/totp/deactivate/")
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


def new_owner() -> str:
    address = new_address()
    signed_up(new_browser(), address)
    return address


def _owns_something(address: str) -> Any:
    return identity.register_business("Kamau Designs", "KE", person_id_of(address))
