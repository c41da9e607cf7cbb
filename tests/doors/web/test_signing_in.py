"""Signing in through the browser's door."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from doors.web.people import (
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

pytestmark = pytest.mark.usefixtures("database")


def test_somebody_signs_up_proves_their_address_and_is_home() -> None:
    browser = signed_up(new_browser(), new_address())
    assert "Wanjiku Kamau" in browser.get("/home").content.decode()


def test_nothing_that_opens_an_account_lies_in_clear() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM account_emailaddress")
        kept = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT session_key, session_data FROM django_session")
        sessions = cursor.fetchall()
        cursor.execute("SELECT session_key, ip FROM usersessions_usersession")
        seen = cursor.fetchall()
    assert kept
    assert all(text.startswith("~1.") and "@" not in text for text in kept)
    assert sessions
    assert all(key.startswith("~1.") for key, _ in sessions)
    assert seen
    assert all(key.startswith("~1.") and ip.startswith("~1.") for key, ip in seen)
    key = browser.session.session_key
    assert key
    assert key not in str(sessions) + str(seen)


def test_they_come_back_with_their_password() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    signed_out(browser)
    assert signs_in(browser, address, "not it at all").status_code == 200
    assert not is_in(browser)
    signs_in(browser, address.upper())
    assert is_in(browser)


def test_they_come_back_with_a_code_by_mail() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    signed_out(browser)
    browser.post("/account/login/code/", {"email": address})
    browser.post("/account/login/code/confirm/", {"code": code_sent_to(address)})
    assert is_in(browser)


def test_a_forgotten_password_is_replaced_by_a_code() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    browser = new_browser()
    browser.post("/account/password/reset/", {"email": address})
    answer = browser.post(
        "/account/password/reset/confirm/", {"code": code_sent_to(address)}, follow=True
    )
    answer = browser.post(
        answer.redirect_chain[-1][0], {"password1": "a wholly new sentence"}, follow=True
    )
    assert is_in(browser)
    again = new_browser()
    signs_in(again, address, "a wholly new sentence")
    assert is_in(again)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password123",
        "Password2026!",
        "hesabu12345678",
        "nairobi2026nairobi"[:11] + "!!!",
        "wanjikukamau",
        "aaaaaaaaaaaaaa",
        "1234567890",
        "x" * 257,
    ],
)
def test_an_easy_password_is_refused_with_its_reason(password: str) -> None:
    browser, address = new_browser(), new_address()
    answer = browser.post(
        "/account/signup/",
        {"name": "Wanjiku Kamau", "email": address, "password1": password},
    )
    assert answer.status_code == 200
    assert 'class="wrong"' in answer.content.decode()
    assert letters_to(address) == []


@pytest.mark.parametrize(
    "password",
    [
        "three small words",
        "correct horse battery",
        "ng'ombe wawili shambani",
        "漢字仮名交じりの合言葉を",
    ],
)
def test_no_rule_of_composition_stands_in_the_way(password: str) -> None:
    browser = signed_up(new_browser(), new_address(), password)
    assert is_in(browser)


def test_codes_are_in_no_job_and_no_fact_and_sealed_in_the_message() -> None:
    address = new_address()
    signed_up(new_browser(), address)
    code = code_sent_to(address)
    from hesabu.store import tenancy

    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        jobs = "".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT cause FROM messaging_message")
        causes = "".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT string_agg(encode(letter, 'escape'), '') FROM messaging_message")
        letters = cursor.fetchone()[0]
    assert code not in jobs + causes + letters
    assert address not in jobs + causes + letters


def test_mail_is_in_the_language_of_whoever_it_goes_to() -> None:
    from hesabu.identity.models import Person

    address = new_address()
    browser = signed_up(new_browser(), address)
    Person.objects.filter(id=person_id_of(address)).update(language="fr")
    signed_out(browser)
    browser.post("/account/login/code/", {"email": address}, HTTP_ACCEPT_LANGUAGE="en")
    assert letters_to(address)[-1][0]


def test_every_mail_that_the_library_sends_has_words_of_ours() -> None:
    import allauth

    from hesabu.doors.web.account.letters import KINDS

    root = allauth.__path__[0]
    import pathlib

    found = {
        str(path.relative_to(f"{root}/templates"))[: -len("_subject.txt")]
        for path in pathlib.Path(root, "templates").rglob("email/*_subject.txt")
    }
    unused = {"account/email/password_reset_key"}
    assert found - unused <= set(KINDS)


def test_the_outcome_of_tries_is_shown_to_whom_they_were_about() -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    other = new_browser("10.9.8.7")
    signs_in(other, address, "some other guess")
    page = browser.get("/account/tries").content.decode()
    assert "Was wrong" in page
    assert "10.9.8.7" in page
    assert "Came in" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(address, 'escape') FROM identity_attempt")
        assert "10.9.8.7" not in json.dumps(cursor.fetchall())
