"""Whoever asks about an account does not learn whether it is there: neither by the answer, nor by the work that it takes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doors.web.people import PASSWORD, new_address, new_browser, person_id_of, signed_up
from doors.web.test_people import at, joined
from doors.web.test_signing_in_by_telephone import merchant, messages_to, new_phone

pytestmark = pytest.mark.usefixtures("database")
CHANGING = re.compile(
    r"csrfmiddlewaretoken\" value=\"[^\"]+|nonce=\"[^\"]+|[\w.+-]+@example\.com|\+?2547\d{8}|"
    r"[A-Z0-9]{4}-[A-Z0-9]{4}|\b[A-Z0-9]{4}\b"
)
"""What differs between any two answers to the same question."""
STATEMENTS_APART_MAX, WRITES_APART_MAX = 10, 4
"""A statement takes less than a millisecond; a hash takes fifty of them."""


@dataclass(frozen=True)
class Seen:
    """What an asker can see, and what it cost."""

    status: int
    location: str
    page: str
    cookies: tuple[str, ...]
    statements: Counter[str]
    hashes: int


def seen(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Any]) -> Seen:
    hashed = []
    encode = Argon2PasswordHasher.encode

    def counted(self: Any, *given: Any) -> str:
        hashed.append(1)
        return encode(self, *given)

    verify = Argon2PasswordHasher.verify

    def verified(self: Any, *given: Any) -> bool:
        hashed.append(1)
        return verify(self, *given)

    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(Argon2PasswordHasher, "encode", counted)
        patch.setattr(Argon2PasswordHasher, "verify", verified)
        answer = ask()
    return Seen(
        answer.status_code,
        answer.get("Location", ""),
        CHANGING.sub("…", answer.content.decode()),
        tuple(sorted(answer.cookies)),
        Counter(shape(one["sql"]) for one in queries.captured_queries),
        len(hashed),
    )


def shape(statement: str) -> str:
    """What a statement does, and to which table."""
    verb = statement.split(maxsplit=1)[0].strip('"(').upper()
    table = re.search(r'(?:FROM|INTO|UPDATE)\s+"?(\w+)', statement)
    return f"{verb} {table[1] if table else ''}".strip()


def asks_password(who: str) -> Any:
    return new_browser().post("/account/login/", {"login": who, "password": "not the right one"})


def asks_code(who: str) -> Any:
    return new_browser().post("/account/login/code/", {"email": who})


def asks_reset(who: str) -> Any:
    return new_browser().post("/account/password/reset/", {"email": who})


def asks_sign_up(who: str) -> Any:
    given = {"name": "Wanjiku Kamau", "email": who, "password1": PASSWORD}
    return new_browser().post("/account/signup/", given)


@pytest.fixture(autouse=True)
def _unpaced(database: str) -> None:
    """Nobody asked before, so that nobody is refused for haste."""
    cache.clear()


def alike(known: Seen, unknown: Seen) -> None:
    """The answer is the same to the letter; the work is, within what no clock tells from the noise of a network."""
    assert known.status == unknown.status
    assert known.location == unknown.location
    assert known.page == unknown.page
    assert known.cookies == unknown.cookies
    assert known.hashes == unknown.hashes
    assert abs(known.statements.total() - unknown.statements.total()) <= STATEMENTS_APART_MAX, (
        known.statements - unknown.statements,
        unknown.statements - known.statements,
    )
    assert abs(writes(known) - writes(unknown)) <= WRITES_APART_MAX
    for table in ("messaging_message", "identity_attempt", "identity_entry"):
        assert known.statements[f"INSERT {table}"] == unknown.statements[f"INSERT {table}"], table


def writes(one: Seen) -> int:
    return sum(
        count
        for name, count in one.statements.items()
        if name.startswith(("INSERT", "UPDATE", "DELETE"))
    )


@pytest.mark.parametrize("ask", [asks_password, asks_code, asks_reset, asks_sign_up])
def test_a_known_address_is_answered_as_an_unknown_one(
    ask: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, unknown = new_address(), new_address()
    signed_up(new_browser(), known)
    ask(new_address())  # what is read once is read
    cache.clear()
    alike(seen(monkeypatch, lambda: ask(known)), seen(monkeypatch, lambda: ask(unknown)))


@pytest.mark.parametrize("ask", [asks_password, asks_code, asks_reset, asks_sign_up])
def test_and_again_when_it_is_asked_about_once_more(
    ask: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second question about the same address is refused for haste, or answered, whichever of the two it is."""
    known, unknown = new_address(), new_address()
    signed_up(new_browser(), known)
    cache.clear()
    for who in (known, unknown):
        ask(who)
    first, other = (seen(monkeypatch, lambda who=who: ask(who)) for who in (known, unknown))
    assert (first.status, first.location, first.page) == (other.status, other.location, other.page)
    assert first.hashes == other.hashes


def test_no_password_is_hashed_less_for_an_account_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who came by another way has no password: guessing at it takes as long as guessing at any."""
    from hesabu.identity.models import Person

    address = new_address()
    signed_up(new_browser(), address)
    person = Person.objects.get(id=person_id_of(address))
    person.set_unusable_password()
    person.save()
    alike(
        seen(monkeypatch, lambda: asks_password(address)),
        seen(monkeypatch, lambda: asks_password(new_address())),
    )


def asks_link(phone: str) -> Any:
    return new_browser().post("/account/telephone", {"phone": phone})


@pytest.mark.parametrize("is_customer", [False, True], ids=["nobody's", "a customer's"])
def test_a_number_of_a_merchant_is_answered_as_any_other(
    is_customer: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hesabu.messaging import actions as messaging
    from hesabu.store import tenancy

    known, unknown = new_phone(), new_phone()
    merchant(known)
    if is_customer:
        with tenancy.house():
            messaging.meet(unknown)
    asks_link(new_phone())
    alike(
        seen(monkeypatch, lambda: asks_link(known)), seen(monkeypatch, lambda: asks_link(unknown))
    )
    assert len(messages_to(known)) == 1
    assert messages_to(unknown) == []


def test_inviting_does_not_tell_whether_somebody_has_an_account(
    business_id: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, _, _ = joined(business_id, "owner")
    known, unknown = new_address(), new_address()
    signed_up(new_browser(), known)

    def invites(who: str) -> Any:
        said = {"role": "seller", "way": "email", "address": who}
        return owner.post(at(business_id, "/people/invite"), said)

    assert invites(new_address()).status_code == 302
    alike(seen(monkeypatch, lambda: invites(known)), seen(monkeypatch, lambda: invites(unknown)))
