"""How many statements a page asks of the database: no more with fifteen of everything than with three, and few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doors.web.full import Full
from doors.web.test_people import at
from hesabu.kit import ids

pytestmark = pytest.mark.usefixtures("database")

OF_A_BUSINESS = {
    "": 31,
    "/people": 19,
    "/approvals": 25,
    "/ways": 18,
    "/settings": 29,
    "/audit": 28,
    "/keys": 18,
    "/keys/make": 26,
    "/apps": 19,
    "/apps/register": 26,
    "/privacy": 26,
    "/privacy?q=Otieno": 28,
    "/privacy/{customer}": 34,
    "/support": 18,
}
OF_A_PERSON = {
    "/home": 16,
    "/clients": 18,
    "/merchants": 30,
    "/begin": 12,
    "/begin/{code}": 16,
    "/join": 10,
    "/numbers": 13,
    "/pin": 21,
    "/support": 31,
    "/platform/": 32,
    "/platform/businesses": 28,
    "/platform/members": 29,
    "/platform/notices": 30,
    "/platform/log": 31,
    "/account/2fa/": 27,
    "/account/2fa/text/": 17,
    "/account/2fa/recovery-codes/generate/": 11,
    "/account/2fa/totp/deactivate/": 12,
    "/account/apps": 16,
    "/account/sessions/": 14,
    "/account/tries": 13,
    "/account/data": 16,
    "/account/data/delete": 24,
    "/account/password/change/": 10,
    "/account/email/": 13,
}
"""Each page, and how many statements it may ask at most: the session, the person and the three of each transaction, too."""
ROOM = 4


def asked(full: Full, page: str) -> list[str]:
    """The statements of a page that was opened before."""
    short = ids.short(full.customer_id) if full.customer_id else ""
    address = page.format(customer=short, code=full.code)
    full.browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = full.browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.get("Location"))
    return [one["sql"] for one in captured.captured_queries]


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
