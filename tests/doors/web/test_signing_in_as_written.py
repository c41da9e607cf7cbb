"""How passwords, codes and sessions are kept, each as docs/security.md claims it."""

from __future__ import annotations

import math
import random
import re
import string
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test.utils import override_settings

from doors.web.people import (
    PASSWORD,
    code_sent_to,
    is_in,
    new_address,
    new_browser,
    person_id_of,
    signed_out,
    signed_up,
    signs_in,
)
from doors.web.test_signing_in_attacked import a_while_passes, activated_totp, figures
from doors.web.test_signing_in_by_others import comes_back, provider, somebody
from doors.web.test_signing_in_by_telephone import merchant, new_phone
from doors.web.test_signing_in_by_text import hours_since_shown
from doors.web.test_signing_in_sessions import _owns_something, new_owner
from hesabu.doors.web.account import life, operating, passwords
from hesabu.doors.web.desk import still_signed_in
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.types import PlatformRole, Role, TextPurpose
from hesabu.kit import clock
from hesabu.store import tenancy

__all__ = ["provider"]
pytestmark = pytest.mark.usefixtures("database")
ROOT = Path(passwords.__file__).parents[5]
PAGE = (ROOT / "docs" / "signing-in.md").read_text()
SOURCE = ROOT / "src" / "hesabu"


def test_words_that_are_no_password_are_written_down() -> None:
    said = re.findall(r"Words of this product and its places: (.+?)\.", PAGE, re.DOTALL)
    assert said
    assert set(said[0].replace("\n", " ").split(", ")) == passwords.FIRST_GUESSES


def test_every_way_in_is_written_down_with_what_it_is_bound_to() -> None:
    ways = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)[1:]
    told = " ".join(way for way, *_ in ways)
    for word in ("password", "code by mail", "passkey", "WhatsApp", "OpenID Connect", "Google"):
        assert word in told
    assert all(bound.strip() for *_, bound in ways)
    for second in ("passkey", "authenticator app", "recovery codes", "text message"):
        assert second in PAGE.partition("## Second factors")[2].lower()


def test_a_password_is_not_changed_by_who_does_not_know_it() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    for old in ("", "a wrong long guess", PASSWORD.upper()):
        browser.post(
            "/account/password/change/",
            {"oldpassword": old, "password1": "a wholly new sentence"},
        )
    other = new_browser()
    signs_in(other, address)
    assert is_in(other)


@pytest.mark.parametrize("page", ["/account/login/", "/account/signup/"])
def test_passwords_are_typed_hidden_and_can_be_looked_at(page: str) -> None:
    said = new_browser().get(page).content.decode()
    fields = re.findall(r"<input[^>]*password[^>]*>", said)
    assert fields
    assert all('type="password"' in field for field in fields)
    assert said.count("data-shows=") == len(fields)


def test_passwords_may_be_pasted_and_filled_in_by_a_keeper_of_passwords() -> None:
    for page, kind in (
        ("/account/login/", "current-password"),
        ("/account/signup/", "new-password"),
    ):
        assert f'autocomplete="{kind}"' in new_browser().get(page).content.decode()
    for file in [*SOURCE.glob("doors/web/**/*.js"), *SOURCE.glob("doors/web/**/*.html")]:
        assert "paste" not in file.read_text(), file


@pytest.mark.parametrize(
    "password",
    [
        "  three small Words  ",
        "nul\x01and\x7fbell here",
        "Ünïcödé ﬁne print",
        "a" * 3 + "<script>&amp;",
    ],
)
def test_passwords_are_taken_as_they_are(password: str) -> None:
    address = new_address()
    assert is_in(signed_up(new_browser(), address, password))
    for other in {password.strip(), password.lower(), password[:-1], password + " "} - {password}:
        browser = new_browser()
        signs_in(browser, address, other)
        assert not is_in(browser), other
    browser = new_browser()
    signs_in(browser, address, password)
    assert is_in(browser)


@pytest.mark.parametrize("count", [64, 128, 256])
def test_passwords_of_sixty_four_letters_and_more_are_taken_whole(count: int) -> None:
    password = "".join(random.choice(string.ascii_letters) for _ in range(count))
    address = new_address()
    assert is_in(signed_up(new_browser(), address, password))
    browser = new_browser()
    signs_in(browser, address, password[:-1])
    assert not is_in(browser)
    signs_in(browser, address, password)
    assert is_in(browser)


def test_a_new_password_does_not_step_around_the_second_factor() -> None:
    address = new_address()
    secret = activated_totp(signed_up(new_browser(), address))
    a_while_passes()
    browser = new_browser()
    browser.post("/account/password/reset/", {"email": address})
    answer = browser.post(
        "/account/password/reset/confirm/", {"code": code_sent_to(address)}, follow=True
    )
    browser.post(answer.redirect_chain[-1][0], {"password1": "a wholly new sentence"}, follow=True)
    assert not is_in(browser)
    browser.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert is_in(browser)


def some_codes() -> list[str]:
    """One of each kind that somebody types."""
    from allauth.account.adapter import get_adapter
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    with tenancy.house():
        person_id = identity.register_person("Wanjiku Kamau")
        text = identity.ask_text(person_id, new_phone(), TextPurpose.SIGN_IN)
        entry = identity.ask_entry(person_id)
    identity.begin_recovery_codes(person_id)
    adapter = get_adapter()
    return [
        text.code,
        entry.code,
        entry.token,
        text.browser,
        adapter.generate_login_code(),
        adapter.generate_password_reset_code(),
        adapter.generate_email_verification_code(),
        identity.make_recovery_codes(person_id)[0],
        generate_totp_secret(),
    ]


def test_codes_come_from_a_source_of_chance_that_nobody_foresees() -> None:
    random.seed(7)
    first = some_codes()
    random.seed(7)
    second = some_codes()
    assert [a for a, b in zip(first, second, strict=True) if a == b] == []


def test_codes_are_too_many_to_be_guessed() -> None:
    """Six figures are 19.9 bits, which the standard takes for twenty; all others have more."""
    text, entry, _, _, *by_mail, recovery, secret = some_codes()
    assert re.fullmatch(r"\d{6}", text)
    assert len(entry) * math.log2(20) > 20
    for code in by_mail:
        letters = code.replace("-", "")
        assert len(letters) * math.log2(20) > 20, code
    assert len(recovery.replace("-", "")) * math.log2(10) > 39
    assert len(secret) * 5 >= 112


def test_whoever_moves_money_is_led_to_a_second_factor_first_and_in_no_circle() -> None:
    for role in (Role.MANAGER, Role.BOOKKEEPER):
        address = new_address()
        browser = signed_up(new_browser(), address)
        with tenancy.bound(_owns_something(new_owner())):
            identity.add_member(person_id_of(address), role)
        with clock.moved(seconds=60 * 2):
            answer = browser.get("/home", follow=True)
            assert [url for url, _ in answer.redirect_chain] == ["/account/2fa/"]
            for link in set(re.findall(r'href="(/account/[^"]*)"', answer.content.decode())):
                seen = browser.get(link, follow=True)
                assert seen.status_code == 200, link
                assert len(seen.redirect_chain) <= 1, link
            activated_totp(browser)
            assert is_in(browser)


def test_platform_staff_always_has_a_second_factor() -> None:
    for role in PlatformRole:
        address = new_address()
        browser = signed_up(new_browser(), address)
        with tenancy.house():
            identity.grant_platform(person_id_of(address), role)
        with clock.moved(seconds=60 * 2):
            assert browser.get("/home")["Location"] == "/account/2fa/"


def test_what_moves_money_is_marked_in_every_room() -> None:
    from hesabu.identity.permissions import declared

    marked = {one.name for one in declared() if one.moves_money}
    assert marked == {
        "credit:apply",
        "invoice:approve",
        "invoice:credit",
        "invoice:void",
        "payment:confirm",
        "payment:place",
        "payment:record",
        "payment_account:approve",
        "payment_account:change",
        "payment_account:stop",
    }
    page = (ROOT / "docs" / "permissions.md").read_text()
    assert all(f"| `{name}`" in page for name in marked)
    assert page.count(" ¤ |") == len(marked)


def test_there_may_be_any_number_of_sessions_at_once_as_written() -> None:
    assert "any number of sessions" in PAGE
    address = new_address()
    browsers = [signed_up(new_browser(), address)]
    for _ in range(4):
        browser = new_browser()
        signs_in(browser, address)
        browsers.append(browser)
    assert all(map(is_in, browsers))


def test_a_session_that_a_provider_began_lives_and_ends_as_any_other(provider: Any) -> None:
    assert "A session that a provider began" in PAGE
    somebody(provider)
    browser = new_browser()
    comes_back(browser)
    assert is_in(browser)
    with clock.moved(seconds=60 * 121):
        assert not is_in(browser)


def test_a_session_has_more_chance_than_can_be_guessed() -> None:
    keys = {signed_up(new_browser(), new_address()).session.session_key for _ in range(3)}
    assert len(keys) == 3
    for key in keys:
        assert key
        assert len(key) * math.log2(36) >= 128


def test_an_account_that_is_closed_has_no_session() -> None:
    from hesabu.identity.models import Person

    address = new_address()
    browser = signed_up(new_browser(), address)
    assert is_in(browser)
    Person.objects.filter(id=person_id_of(address)).update(is_active=False)
    assert not is_in(browser)
    signs_in(browser, address)
    assert not is_in(browser)


def test_signing_out_is_on_every_page_of_who_is_signed_in() -> None:
    browser = signed_up(new_browser(), new_address())
    for path in ("/home", "/account/2fa/", "/account/sessions/", "/account/tries"):
        assert 'action="/account/logout/"' in browser.get(path).content.decode(), path


def test_signing_out_clears_what_the_browser_keeps() -> None:
    browser = signed_up(new_browser(), new_address())
    assert "Clear-Site-Data" not in browser.get("/home")
    key = browser.session.session_key
    answer = browser.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    from hesabu.doors.web.account.kept_sessions import SessionStore

    assert not SessionStore().exists(key)


def test_a_new_address_is_not_taken_without_showing_once_more_who_it_is() -> None:
    browser = signed_up(new_browser(), new_address())
    hours_since_shown(browser)
    other = new_address()
    answer = browser.post("/account/email/", {"action_add": "", "email": other})
    assert "reauthenticate" in answer["Location"]
    from doors.web.people import letters_to

    assert letters_to(other) == []


@pytest.mark.parametrize(
    "path",
    [
        "/account/password/set/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/text/",
    ],
)
def test_nothing_that_opens_the_account_is_changed_without_showing_once_more(path: str) -> None:
    browser = signed_up(new_browser(), new_address())
    hours_since_shown(browser)
    assert browser.post(path, {}).status_code == 302


def test_old_sessions_are_deleted() -> None:
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    address = new_address()
    browser = signed_up(new_browser(), address)
    is_in(browser)
    key = browser.session.session_key
    operating.end_old_sessions()
    assert Session.objects.filter(session_key=key).exists()
    with clock.moved(seconds=60 * 125):
        assert operating.end_old_sessions() >= 1
    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.filter(user_id=person_id_of(address)).exists()


def test_a_long_answer_ends_with_the_session() -> None:
    """Whatever streams asks `still_signed_in`; asking keeps nothing alive."""
    from django.contrib.auth import get_user_model
    from django.test import RequestFactory

    from hesabu.doors.web.account.kept_sessions import SessionStore
    from hesabu.identity.models import Person

    def asking(address: str) -> tuple[Any, Any]:
        browser = signed_up(new_browser(), address)
        assert is_in(browser)
        request: Any = RequestFactory().get("/stream")
        request.session = SessionStore(browser.session.session_key)
        request.user = get_user_model().objects.get(pk=person_id_of(address))
        assert still_signed_in(request)
        return browser, request

    browser, request = asking(new_address())
    signed_out(browser)
    assert not still_signed_in(request)
    _, request = asking(new_address())
    for minutes in (60, 119):
        with clock.moved(seconds=60 * minutes):
            assert still_signed_in(request)
    with clock.moved(seconds=60 * 125):
        assert not still_signed_in(request)
    address = new_address()
    browser, request = asking(address)
    other = new_browser()
    signs_in(other, address)
    other.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "a wholly new sentence"}
    )
    assert not still_signed_in(request)
    _, request = asking(new_address())
    Person.objects.filter(id=request.user.pk).update(is_active=False)
    assert not still_signed_in(request)


def test_no_answer_streams_to_who_is_signed_in_without_asking_still() -> None:
    for file in SOURCE.glob("doors/**/*.py"):
        text = file.read_text()
        if "StreamingHttpResponse" in text or "text/event-stream" in text:
            assert "still_signed_in" in text, file


def test_the_cookie_of_ten_minutes_is_of_this_host_alone() -> None:
    phone = new_phone()
    merchant(phone)
    with override_settings(SESSION_COOKIE_SECURE=True, ENTRY_COOKIE_NAME="__Host-entry"):
        answer = new_browser().post("/account/telephone", {"phone": phone}, secure=True)
        cookie = answer.cookies["__Host-entry"].OutputString()
    for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"):
        assert word in cookie
    assert "Domain" not in cookie


def test_no_other_cookie_is_set() -> None:
    """Whoever adds one gives it the prefix, too."""
    found = [
        file.name
        for file in SOURCE.glob("**/*.py")
        for _ in re.findall(r"\.set_cookie\(", file.read_text())
    ]
    assert found == ["telephone.py"]
    text = (SOURCE / "app" / "settings.py").read_text()
    assert text.count("__Host-") == 3


def test_limits_of_sessions_hold_for_what_a_session_knows_of_itself() -> None:
    at = life.now()
    standing = {"idle_seconds": 60, "life_seconds": 600}
    assert not life.is_over({"began_at": at, "seen_at": at, "standing": standing})
    assert life.is_over({"began_at": at, "seen_at": at - 61, "standing": standing})
    assert life.is_over({"began_at": at - 601, "seen_at": at, "standing": standing})
    assert not life.is_over({})
    assert settings.CONFIG.session_hours <= 720
    assert queries.is_trusted_with_danger([Role.BOOKKEEPER])
    assert not queries.is_trusted_with_danger([Role.SELLER, Role.VIEWER])
