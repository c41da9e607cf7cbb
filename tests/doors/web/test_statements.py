"""How many statements a page asks of the database: no more with fifteen of everything than with three, and few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doors.web.full import Full
from doors.web.test_people import at
from hesabu.kit import clock, ids

pytestmark = pytest.mark.usefixtures("database")

OF_A_BUSINESS = {
    "": 26,
    "/people": 14,
    "/approvals": 20,
    "/ways": 13,
    "/settings": 24,
    "/audit": 23,
    "/keys": 13,
    "/keys/make": 21,
    "/apps": 14,
    "/apps/register": 21,
    "/privacy": 21,
    "/privacy?q=Otieno": 23,
    "/privacy/{customer}": 29,
    "/support": 13,
}
OF_A_PERSON = {
    "/home": 11,
    "/clients": 13,
    "/merchants": 25,
    "/begin": 7,
    "/begin/{code}": 11,
    "/join": 5,
    "/numbers": 8,
    "/pin": 16,
    "/support": 26,
    "/platform/": 27,
    "/platform/businesses": 23,
    "/platform/members": 24,
    "/platform/notices": 25,
    "/platform/log": 26,
    "/account/2fa/": 22,
    "/account/2fa/text/": 12,
    "/account/2fa/recovery-codes/generate/": 6,
    "/account/2fa/totp/deactivate/": 7,
    "/account/apps": 11,
    "/account/sessions/": 9,
    "/account/tries": 8,
    "/account/data": 11,
    "/account/data/delete": 19,
    "/account/password/change/": 5,
    "/account/email/": 8,
}
"""Each page, and how many statements it may ask at most: the session, the person and the three of each transaction, too."""
ROOM = 4


def asked(full: Full, page: str) -> list[str]:
    """The statements of a page that was opened before, within the same minute: once a minute it is written that they are there."""
    short = ids.short(full.customer_id) if full.customer_id else ""
    address = page.format(customer=short, code=full.code)
    with clock.fixed(clock.now()), CaptureQueriesContext(connection) as captured:
        full.browser.get(address)
        before = len(captured)
        answer = full.browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.get("Location"))
    return [one["sql"] for one in captured.captured_queries[before:]]


def pages(full: Full) -> dict[str, int]:
    return {at(full.id, page): most for page, most in OF_A_BUSINESS.items()} | OF_A_PERSON


@pytest.fixture(scope="module")
def full(database: str) -> Full:
    return Full()


def test_no_page_asks_more_of_the_database_with_fifteen_of_everything_than_with_three(
    full: Full,
) -> None:
    full.grow(3)
    few = {page: len(asked(full, page)) for page in pages(full)}
    full.grow(12)
    many = {page: len(asked(full, page)) for page in pages(full)}
    assert {page: (few[page], many[page]) for page in few if many[page] > few[page]} == {}
    over = {page: (many[page], most) for page, most in pages(full).items() if many[page] > most}
    assert over == {}


def test_the_ceilings_are_near_what_is_asked(full: Full) -> None:
    """A ceiling far above says nothing: who makes a page cheaper lowers it."""
    loose = {
        page: (count, most)
        for page, most in pages(full).items()
        if most > (count := len(asked(full, page))) + ROOM
    }
    assert loose == {}
