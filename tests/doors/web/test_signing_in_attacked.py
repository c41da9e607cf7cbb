"""What attackers try at the sign-in pages, and what they get."""

from __future__ import annotations

import base64
import json
import re
import statistics
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.test.utils import override_settings

from doors.web.people import (
    PASSWORD,
    code_sent_to,
    is_in,
    letters_to,
    new_address,
    new_browser,
    person_id_of,
    signed_out,
    signed_up,
    signs_in,
)
from hesabu.kit import clock
from steady import eventually

pytestmark = pytest.mark.usefixtures("database")

PAGES = [
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/login/code/",
    "/account/telephone",
]
NASTY: list[dict[str, Any]] = [
    {},
    {"login": "", "password": ""},
    {
        "login": "a\x00b@example.com",
        "email": "a\x00b@example.com",
        "password": "x\x00y",
        "name": "\x00",
    },
    {"login": "x" * 10_000, "email": "x" * 10_000 + "@example.com", "password": "p" * 10_000},
    {"login": ["a@b.co", "c@d.co"], "password": ["1", "2"], "email": "\u202eevil@example.com"},
    {"name": "😀😀😀", "email": "smile@example.com", "password1": "p" * 10_000, "phone": "😀"},
    {"name": "\u202e" * 10, "email": "a@b", "password1": "\ud83d", "phone": "+" * 5000},
]


SHOWN_UNTIL_SECOND = 24
"""Figures change at every full half minute; whoever sees them later than this waits for the next."""


def activated_totp(browser: Client) -> str:
    """The secret, once an authenticator app is set up in that browser."""
    page = browser.get("/account/2fa/totp/activate/")
    assert page.status_code == 200, page
    secret = re.findall(r'class="secret">(\w+)<', page.content.decode())[0]
    answer = browser.post("/account/2fa/totp/activate/", {"code": figures(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return str(secret)


def figures(secret: str) -> str:
    """What the app shows, early enough for it still to be shown when the server looks."""
    eventually(lambda: time.time() % 30 < SHOWN_UNTIL_SECOND)
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def a_while_passes() -> None:
    """What the library holds for seconds, used figures and pauses between mails, is over."""
    from django.core.cache import cache

    cache.clear()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("body", NASTY)
def test_a_nasty_form_is_refused_and_never_a_fault(page: str, body: dict[str, Any]) -> None:
    browser = new_browser()
    browser.raise_request_exception = False
    safe = {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in body.items()
    }
    answer = browser.post(page, safe)
    assert answer.status_code < 500
    assert not is_in(browser)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("application/json", b"{"),
        ("application/json", b"[" * 5000),
        ("multipart/form-data; boundary=x", b"--x broken"),
        ("application/x-www-form-urlencoded", b"%ff%00=%zz&" * 2000),
        ("text/plain", b"\xff\xfe\x00"),
        ("application/x-www-form-urlencoded", b"login=" + b"a" * 1_200_000),
    ],
)
def test_a_malformed_body_is_refused_and_never_a_fault(page: str, kind: str, body: bytes) -> None:
    browser = new_browser()
    browser.raise_request_exception = False
    answer = browser.post(page, data=body, content_type=kind)
    assert answer.status_code < 500
    assert not is_in(browser)


def test_a_password_of_ten_thousand_letters_is_refused_before_it_is_hashed() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    started = time.process_time()
    answer = signs_in(new_browser(), address, "p" * 10_000)
    assert "256" in answer.content.decode()
    assert time.process_time() - started < 2


def test_sign_in_answers_the_same_for_known_and_unknown_accounts() -> None:
    known, unknown = new_address(), new_address()
    signed_up(new_browser(), known)
    said = [
        signs_in(new_browser(), address, "a wrong long guess").content.decode().replace(address, "")
        for address in (known, unknown)
    ]
    assert without_tokens(said[0]) == without_tokens(said[1])


def test_reset_sign_up_and_code_answer_the_same_for_known_and_unknown_accounts() -> None:
    known, unknown = new_address(), new_address()
    signed_up(new_browser(), known)
    a_while_passes()
    for path, more in (
        ("/account/password/reset/", {}),
        ("/account/login/code/", {}),
        ("/account/signup/", {"name": "Somebody Else", "password1": "four words make sense"}),
    ):
        said = []
        for address in (known, unknown):
            answer = new_browser().post(path, {"email": address, **more}, follow=True)
            chain = [url for url, _ in answer.redirect_chain]
            said.append((chain, without_tokens(answer.content.decode().replace(address, ""))))
        assert said[0] == said[1], path


def without_tokens(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)


def test_known_and_unknown_accounts_take_about_the_same_time() -> None:
    known, unknown = new_address(), new_address()
    signed_up(new_browser(), known)
    for path, form in (
        ("/account/login/", {"password": "a wrong long guess"}),
        ("/account/signup/", {"name": "Somebody Else", "password1": "four words make sense"}),
    ):
        key = "login" if "login" in path else "email"
        took: dict[str, list[float]] = {known: [], unknown: []}
        for turn in range(5):
            for address in took:
                place = address if address == known or key == "login" else f"{turn}{address}"
                browser = new_browser()
                started = time.process_time()
                browser.post(path, {key: place, **form})
                took[address].append(time.process_time() - started)
        fast, slow = sorted(min(times) for times in took.values())
        assert slow < fast * 2, (path, took)
        assert statistics.median(took[known]) > 0


def test_signing_up_with_a_known_address_makes_nobody_and_tells_its_owner() -> None:
    from hesabu.identity.models import Person

    address = new_address()
    signed_up(new_browser(), address)
    a_while_passes()
    before = Person.objects.count()
    other = new_browser()
    answer = other.post(
        "/account/signup/",
        {"name": "Thief", "email": address, "password1": "four words make sense"},
        follow=True,
    )
    assert Person.objects.count() == before
    assert letters_to(address)[-1][0] == "You have an account already"
    other.post(answer.redirect_chain[-1][0], {"code": "BCDF-GHJK"})
    assert not is_in(other)


def test_a_code_opens_only_in_the_browser_that_asked() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    asked, thief = new_browser(), new_browser()
    asked.post("/account/login/code/", {"email": address})
    code = code_sent_to(address)
    thief.post("/account/login/code/confirm/", {"code": code})
    assert not is_in(thief)
    thief.post("/account/login/code/", {"email": address})
    thief.post("/account/login/code/confirm/", {"code": code})
    assert not is_in(thief)
    asked.post("/account/login/code/confirm/", {"code": code})
    assert is_in(asked)


def test_a_code_for_another_account_opens_nothing() -> None:
    mine, theirs = new_address(), new_address()
    signed_up(new_browser(), mine)
    signed_up(new_browser(), theirs)
    a, b = new_browser(), new_browser()
    a.post("/account/login/code/", {"email": mine})
    my_code = code_sent_to(mine)
    b.post("/account/login/code/", {"email": theirs})
    b.post("/account/login/code/confirm/", {"code": my_code})
    assert not is_in(b)


def test_a_code_opens_once() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    browser = new_browser()
    browser.post("/account/login/code/", {"email": address})
    code = code_sent_to(address)
    browser.post("/account/login/code/confirm/", {"code": code})
    signed_out(browser)
    browser.post("/account/login/code/confirm/", {"code": code})
    assert not is_in(browser)


def test_an_expired_code_opens_nothing() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    browser = new_browser()
    browser.post("/account/login/code/", {"email": address})
    with override_settings(ACCOUNT_LOGIN_BY_CODE_TIMEOUT=-1):
        browser.post("/account/login/code/confirm/", {"code": code_sent_to(address)})
    assert not is_in(browser)


def test_a_code_is_dead_after_three_wrong_ones() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    browser = new_browser()
    browser.post("/account/login/code/", {"email": address})
    for _ in range(3):
        browser.post("/account/login/code/confirm/", {"code": "BBBB-BBBB"})
    browser.post("/account/login/code/confirm/", {"code": code_sent_to(address)})
    assert not is_in(browser)


def test_figures_of_an_authenticator_open_once_in_their_window() -> None:
    address = new_address()
    secret = activated_totp(signed_up(new_browser(), address))
    first, second = new_browser(), new_browser()
    a_while_passes()
    signs_in(first, address)
    signs_in(second, address)
    code = figures(secret)
    first.post("/account/2fa/authenticate/", {"code": code})
    assert is_in(first)
    answer = second.post("/account/2fa/authenticate/", {"code": code})
    assert not is_in(second)
    assert answer.status_code == 200
    assert "used already" in answer.content.decode()


def test_the_second_step_cannot_be_reached_without_the_first() -> None:
    address = new_address()
    secret = activated_totp(signed_up(new_browser(), address))
    browser = new_browser()
    a_while_passes()
    browser.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert not is_in(browser)
    signs_in(browser, address, "a wrong long guess")
    browser.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert not is_in(browser)


def test_a_password_alone_does_not_open_an_account_with_a_second_factor() -> None:
    address = new_address()
    activated_totp(signed_up(new_browser(), address))
    browser = new_browser()
    signs_in(browser, address)
    assert not is_in(browser)


def test_a_recovery_code_opens_once() -> None:
    from allauth.mfa.models import Authenticator

    from hesabu.identity import actions

    address = new_address()
    activated_totp(signed_up(new_browser(), address))
    kept = Authenticator.objects.get(user_id=person_id_of(address), type="recovery_codes")
    code = actions.make_recovery_codes(kept.user_id)[0]
    first, second = new_browser(), new_browser()
    for browser in (first, second):
        signs_in(browser, address)
        browser.post("/account/2fa/authenticate/", {"code": code})
    assert is_in(first)
    assert not is_in(second)


def test_recovery_codes_are_shown_once_and_nothing_kept_shows_them_again() -> None:
    from allauth.mfa.models import Authenticator

    address, browser = new_address(), new_browser()
    activated_totp(signed_up(browser, address))
    page, codes = "/account/2fa/recovery-codes/", r"<code>([\d-]+)</code>"
    shown = re.findall(codes, browser.get(page).content.decode())
    assert len(set(shown)) == 10
    later = browser.get(page).content.decode()
    assert re.findall(codes, later) == []
    assert "cannot be shown again" in later
    kept = Authenticator.objects.get(user_id=person_id_of(address), type="recovery_codes")
    assert "seed" not in kept.data
    assert kept.wrap().get_unused_codes() == ["****"] * 10
    other = new_browser()
    signs_in(other, address)
    other.post("/account/2fa/authenticate/", {"code": shown[3]})
    assert is_in(other)
    again = browser.post("/account/2fa/recovery-codes/generate/")
    assert again.status_code == 302
    newer = re.findall(codes, browser.get(page).content.decode())
    assert len(set(newer)) == 10
    third = new_browser()
    signs_in(third, address)
    third.post("/account/2fa/authenticate/", {"code": shown[4]})
    assert not is_in(third)


def test_guessing_from_one_place_waits_longer_each_time_and_never_more_than_an_hour() -> None:
    from hesabu.identity import rules

    waits = [rules.attempt_wait_seconds(count) for count in range(40)]
    assert waits[:5] == [0] * 5
    assert waits[5] == 60
    assert waits == sorted(waits)
    assert waits[-1] == 3600


def test_a_guesser_waits_and_the_owner_elsewhere_does_not() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    guesser = new_browser()
    for _ in range(5):
        signs_in(guesser, address, "a wrong long guess")
    answer = signs_in(guesser, address)
    assert "Too many wrong tries" in answer.content.decode()
    assert not is_in(guesser)
    owner = new_browser()
    signs_in(owner, address)
    assert is_in(owner)
    assert "Had to wait" in owner.get("/account/tries").content.decode()
    with clock.moved(seconds=3600 * 2):
        signs_in(guesser, address)
        assert is_in(guesser)


def test_a_locked_door_leaves_the_code_by_mail_open() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    browser = new_browser()
    for _ in range(6):
        signs_in(browser, address, "a wrong long guess")
    browser.post("/account/login/code/", {"email": address})
    browser.post("/account/login/code/confirm/", {"code": code_sent_to(address)})
    assert is_in(browser)


def test_an_unknown_account_is_made_to_wait_like_a_known_one() -> None:
    known, unknown = new_address(), new_address()
    signed_up(new_browser(), known)
    said = []
    for address in (known, unknown):
        browser = new_browser()
        for _ in range(6):
            answer = signs_in(browser, address, "a wrong long guess")
        said.append(without_tokens(answer.content.decode().replace(address, "")))
    assert said[0] == said[1]
    assert "Too many wrong tries" in said[0]


def test_an_open_redirect_leads_nowhere_else() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        browser = new_browser()
        answer = browser.post(
            "/account/login/", {"login": address, "password": PASSWORD, "next": target}
        )
        assert answer.status_code == 302
        assert "evil" not in answer["Location"]
        assert "javascript" not in answer["Location"]


def test_the_session_has_another_key_after_signing_in() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    browser = new_browser()
    browser.post("/account/login/code/", {"email": address})
    before = browser.session.session_key
    browser.post("/account/login/code/confirm/", {"code": code_sent_to(address)})
    assert is_in(browser)
    assert browser.session.session_key != before


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "{}",
        "[]",
        "null",
        "7",
        '"text"',
        '{"response": null}',
        '{"response": []}',
        '{"response": {"userHandle": 7}}',
        '{"response": {"userHandle": "AAAA"}}',
        '{"response": {"userHandle": "\\u0000"}}',
        "[" * 5000,
    ],
)
def test_a_made_up_passkey_is_refused_and_never_a_fault(credential: str) -> None:
    browser = new_browser()
    browser.raise_request_exception = False
    browser.get("/account/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    answer = browser.post("/account/2fa/webauthn/login/", {"credential": credential})
    assert answer.status_code < 500
    assert not is_in(browser)


def of_bytes(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


BEGINNING = b"\0" * 32 + b"\x80" + b"\0" * 4
"""Of what an authenticator signs: whom for, that extensions follow, a count."""
DEEP_CBOR = b"\x81" * 20_000
A_PLAIN_WORD = json.dumps({"type": "webauthn.get", "challenge": "AAAA", "origin": "http://x"})


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        (BEGINNING + DEEP_CBOR, A_PLAIN_WORD),
        (b"\0" * 32 + b"\x40" + b"\0" * 20 + b"\0\x01a" + DEEP_CBOR, A_PLAIN_WORD),
        (BEGINNING + b"\xa1", A_PLAIN_WORD),
        (BEGINNING + b"\xff", A_PLAIN_WORD),
        (BEGINNING, "[" * 20_000),
        (BEGINNING, "[]"),
    ],
    ids=["deep", "deep key", "ends too soon", "no kind", "deep words", "no object"],
)
def test_what_an_authenticator_never_writes_is_refused_and_never_a_fault(
    signed: bytes, said: str
) -> None:
    browser = new_browser()
    browser.raise_request_exception = False
    browser.get("/account/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    answer = {
        "clientDataJSON": of_bytes(said.encode()),
        "authenticatorData": of_bytes(signed),
        "signature": "AAAA",
        "userHandle": "AAAA",
    }
    for rest in ({}, {"clientExtensionResults": [1]}):
        made_up = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": answer, **rest}
        refused = browser.post("/account/2fa/webauthn/login/", {"credential": json.dumps(made_up)})
        assert refused.status_code < 500
        assert not is_in(browser)


def test_an_endless_answer_of_an_authenticator_is_refused_at_once() -> None:
    browser = new_browser()
    browser.get("/account/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    endless = BEGINNING + b"\x9a\x00\x09\x00\x00" + b"\0" * 600_000
    answer = {"clientDataJSON": of_bytes(A_PLAIN_WORD.encode()), "signature": "AAAA"}
    answer |= {"authenticatorData": of_bytes(endless), "userHandle": "AAAA"}
    made_up = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": answer}
    began = time.process_time()
    browser.post("/account/2fa/webauthn/login/", {"credential": json.dumps(made_up)})
    assert time.process_time() - began < 2
    assert not is_in(browser)


@pytest.mark.parametrize("token", ["x", "%00", "é", "a" * 3000, "..%2f..", "%F0%9F%98%80"])
def test_a_made_up_link_is_refused_and_never_a_fault(token: str) -> None:
    browser = new_browser()
    browser.raise_request_exception = False
    for body in ({}, {"code": "BBBB"}, {"code": "\x00"}, {"code": "x" * 5000}):
        assert browser.post(f"/account/t/{token}", body).status_code < 500
    browser.get(f"/account/t/{token}")
    assert not is_in(browser)


def test_a_sign_in_that_waits_for_the_app_ends_with_the_password_it_began_with() -> None:
    address = new_address()
    owner = signed_up(new_browser(), address)
    secret = activated_totp(owner)
    a_while_passes()
    thief = new_browser()
    assert signs_in(thief, address)["Location"] == "/account/2fa/authenticate/"
    form = {"oldpassword": PASSWORD, "password1": "another long secret"}
    assert owner.post("/account/password/change/", form).status_code == 302
    a_while_passes()
    answer = thief.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert answer["Location"] == "/account/login/"
    assert not is_in(thief)
    a_while_passes()
    signs_in(thief, address, "another long secret")
    thief.post("/account/2fa/authenticate/", {"code": figures(secret)})
    assert is_in(thief)
