"""Signing in through the browser's door."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

PASSWORD = "correct horse battery"


def new_address() -> str:
    return f"wanjiku-{secrets.token_hex(5)}@example.com"


def signed_up(browser: Client, address: str, password: str = PASSWORD) -> None:
    answer = browser.post(
        "/account/signup/",
        {"name": "Wanjiku Kamau", "email": address, "password1": password},
        follow=True,
    )
    assert answer.status_code == 200
    code = re.findall(r"^[A-Z0-9-]{6,12}$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    browser.post(answer.redirect_chain[-1][0], {"code": code[0]}, follow=True)


@pytest.fixture
def browser(database: str) -> Iterator[Client]:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield Client()


def test_somebody_signs_up_proves_their_address_and_is_home(browser: Client) -> None:
    address = new_address()
    signed_up(browser, address)
    assert "Wanjiku Kamau" in browser.get("/home").content.decode()


def test_their_address_and_name_lie_sealed(browser: Client) -> None:
    address = new_address()
    signed_up(browser, address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM account_emailaddress")
        kept = [row[0] for row in cursor.fetchall()]
    assert kept
    assert all(text.startswith("~1.") and "@" not in text for text in kept)


def test_they_come_back_with_their_password(browser: Client) -> None:
    address = new_address()
    signed_up(browser, address)
    browser.post("/account/logout/")
    assert browser.get("/home").status_code == 302
    wrong = browser.post("/account/login/", {"login": address, "password": "not it at all"})
    assert wrong.status_code == 200
    browser.post("/account/login/", {"login": address.upper(), "password": PASSWORD})
    assert browser.get("/home").status_code == 200
