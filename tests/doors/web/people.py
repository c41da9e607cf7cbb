"""Somebody with a browser, and what is written to them."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.test import Client

from steady import fresh_digits

PASSWORD = "correct horse battery"
CODE = re.compile(r"^[A-Z0-9]{3,}(?:-[A-Z0-9]+)*$", re.MULTILINE)


def new_address() -> str:
    return f"wanjiku-{secrets.token_hex(5)}@example.com"


def new_place() -> str:
    """A network address that nobody else tries from."""
    number = int(fresh_digits(7))
    return ".".join(map(str, (10, number // 62_500 + 1, number // 250 % 250 + 1, number % 250 + 1)))


def new_browser(place: str | None = None) -> Client:
    return Client(REMOTE_ADDR=place or new_place())


def letters_to(address: str) -> list[tuple[str, str]]:
    """(subject, words) of all mail to that address, oldest first, as it waits to be sent."""
    from hesabu.kit import crypto
    from hesabu.messaging.models import Contact, Message
    from hesabu.store import tenancy

    with tenancy.house():
        contact_ids = Contact.objects.filter(
            email_index=crypto.blind(f"email:{address.lower()}")
        ).values_list("id", flat=True)
        rows = Message.objects.filter(contact_id__in=list(contact_ids)).order_by("id")
        assert all(row.channel == "email" for row in rows)
        return [(row.letter["subject"], row.letter["body"]) for row in rows]


def code_sent_to(address: str) -> str:
    found = CODE.findall(letters_to(address)[-1][1])
    assert found, letters_to(address)[-1]
    return str(found[0])


def signed_up(browser: Client, address: str, password: str = PASSWORD) -> Client:
    answer = browser.post(
        "/account/signup/",
        {"name": "Wanjiku Kamau", "email": address, "password1": password},
        follow=True,
    )
    assert answer.status_code == 200
    assert answer.redirect_chain, answer.content.decode()
    browser.post(answer.redirect_chain[-1][0], {"code": code_sent_to(address)}, follow=True)
    return browser


def signed_out(browser: Client) -> None:
    browser.post("/account/logout/")
    assert browser.get("/home").status_code == 302


def signs_in(browser: Client, address: str, password: str = PASSWORD) -> Any:
    return browser.post("/account/login/", {"login": address, "password": password})


def is_in(browser: Client) -> bool:
    return browser.get("/home").status_code == 200


def person_id_of(address: str) -> Any:
    from allauth.account.models import EmailAddress

    return EmailAddress.objects.get(email=address).user_id
