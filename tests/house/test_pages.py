"""Every page there is, asked for as its owner, as nobody, and as somebody with a spiteful name: what it may hold, and what
looking at it may do."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from doors.api.programs import Program, program_at
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.kit import ids
from hesabu.store import tenancy

sys.path.insert(0, str(Path(__file__).parent))
leaves = importlib.import_module("leaves")
second = importlib.import_module("test_second_tenant")
SPITE = "<script>alert(1)</script>"
QUOTED = "\"'><img src=x onerror=alert(2)>"
NO_PAGES = ("/static/", "/metrics", "/healthz", "/readyz", "/inside", "/api/")
EXEMPT = {
    "/p/<str:token>/pay": "the link is the mark: whoever has it may ask, and there is no session to ride on",
    "/p/<str:token>/paid": "the same",
}
"""Forms without a mark of their own, and why."""


class House:
    """A business whose people, customers and wares are called spitefully, and its owner's browser."""

    def __init__(self) -> None:
        owner = identity.register_person(f"Eve {SPITE}")
        self.id = identity.register_business(f"Shop {SPITE}", "KE", owner)
        self.program: Program = program_at(self.id)
        self.customer = self.program.posts("/customers", {"name": f"{QUOTED} {SPITE}"})
        price = {"amount": "750.00", "currency": "KES"}
        lines = [{"description": f"{SPITE} {QUOTED}", "unit_price": price}]
        asked = {"customer_id": self.customer["id"], "lines": lines, "note": SPITE}
        self.invoice = self.program.posts("/invoices", asked)
        issued = self.program.posts(f"/invoices/{self.invoice['id']}/issue", {"version": 1})
        self.pay_path = "/p/" + issued["pay_url"].partition("/p/")[2]
        self.program.asks("PUT", "/items", {"name": SPITE, "unit_price": price})
        with tenancy.bound(self.id):
            self.person_id = people.members(self.id)[0].person_id
        self.browser: Client = second.browser_of(self.program)

    def filled(self, address: str) -> str:
        """The address with our own ids where it has gaps."""
        page = second.OF_BUSINESS.sub(ids.short(self.id), address)
        page = page.replace("/p/<str:token>", self.pay_path)
        page = re.sub(r"<[^>]*(person|user)[^>]*>", ids.short(self.person_id), page)
        return re.sub(r"<[^>]+>", self.invoice["id"].rpartition("_")[2], page).replace("//", "/")


@pytest.fixture(scope="module")
def house(database: str) -> House:
    return House()


@pytest.fixture(autouse=True)
def _unpaced(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_pace")


def addresses() -> list[str]:
    found = {one for one, _ in leaves.views() if "(?P" not in one and "^" not in one}
    return sorted(one for one in found if not one.startswith(NO_PAGES))


def asked(house: House, address: str) -> Iterator[Any]:
    """The page as nobody, and as its owner."""
    page = house.filled(address)
    yield Client().get(page)
    yield house.browser.get(page)
    yield house.browser.get(page, {"next": SPITE, "kind": SPITE, "q": QUOTED, "from": SPITE})


def page_faults(html: str) -> list[str]:
    """Script or style that stands in the page itself, or comes from elsewhere."""
    tags = re.findall(r"<[a-zA-Z][^>]*>", re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))
    faults = []
    for tag in tags:
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", '""', tag)
        if re.search(r"\s(on[a-z]+|style|srcdoc)\s*=", bare):
            faults.append(tag[:120])
        if re.match(r"<(style|base|object|embed|iframe|frame|applet)\b", tag):
            faults.append(tag[:120])
        if re.match(r"<script\b", tag) and 'type="application/json"' not in tag:
            source = re.search(r'\ssrc="([^"]*)"', tag)
            if source is None or not source[1].startswith("/static/"):
                faults.append(tag[:120])
        if re.match(r"<link\b", tag) and not re.search(r'href="/(static/|[a-z])', tag):
            faults.append(tag[:120])
        if re.search(r"=\s*[\"']?\s*(javascript|vbscript|data:text/html)", tag, re.IGNORECASE):
            faults.append(tag[:120])
    return faults


def test_there_are_pages_to_walk(house: House) -> None:
    assert len(addresses()) > 40
    answered = [house.browser.get(house.filled(one)).status_code for one in addresses()]
    assert answered.count(200) > 20
    own = [one for one in addresses() if second.OF_BUSINESS.search(one) and one.count("<") == 1]
    seen = {one: house.browser.get(house.filled(one)).status_code for one in own}
    lacking = [one for one, status in seen.items() if status == 404]
    assert lacking == ["/b/<str:business>/settings/logo.png"], "it has no logo, and all else"


@pytest.mark.parametrize("address", addresses())
def test_no_page_as_it_is_sent_holds_script_or_style(house: House, address: str) -> None:
    for answer in asked(house, address):
        policy = answer.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy
        if answer.get("Content-Type", "").startswith("text/html"):
            assert page_faults(answer.content.decode()) == [], address


@pytest.mark.parametrize("address", addresses())
def test_what_people_and_things_are_called_is_text_on_every_page(
    house: House, address: str
) -> None:
    for answer in asked(house, address):
        if answer.get("Content-Type", "").startswith("text/html"):
            html = answer.content.decode()
            assert SPITE not in html
            assert "<img src=x" not in html


def test_and_it_is_shown(house: House) -> None:
    """The walk would prove nothing if the names were nowhere."""
    shown = house.browser.get(f"/b/{ids.short(house.id)}/people").content.decode()
    assert "Eve &lt;script&gt;" in shown
    assert "&lt;script&gt;" in Client().get(house.pay_path).content.decode()


@pytest.mark.parametrize("address", addresses())
def test_an_answer_says_what_it_is_and_is_not_guessed_at(house: House, address: str) -> None:
    for answer in asked(house, address):
        assert answer["X-Content-Type-Options"] == "nosniff"
        kind = answer.get("Content-Type", "")
        if answer.content and kind.startswith("text/"):
            assert "charset=utf-8" in kind.replace('"', "").lower(), address
        if answer.content and kind.split(";")[0] in (
            "application/json",
            "application/problem+json",
        ):
            answer.json()


def rows(house: House) -> str:
    """All that the business has, and how many facts there are of anybody."""
    with tenancy.bound(house.id), connection.cursor() as cursor:
        state = []
        for model in second.tenant_models():
            table = model._meta.db_table
            if table in ("store_fact", "store_origin"):
                continue  # that somebody looked, or was refused, goes on record
            cursor.execute(
                f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
                " WHERE business_id = %s",
                [house.id],
            )
            state.append(f"{table} {cursor.fetchone()[0]}")
    with tenancy.house(), connection.cursor() as cursor:
        for table in (
            "identity_person",
            "identity_entry",
            "account_emailaddress",
            "mfa_authenticator",
        ):
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            state.append(f"{table} {cursor.fetchone()[0]}")
    return "\n".join(state)


SPEND = ("/account/logout/",)


def test_looking_at_any_page_changes_nothing(house: House) -> None:
    """GET and HEAD, of every address, as its owner: not a row of the business, no person, no factor is another afterwards."""
    house.browser.get(
        f"{house.pay_path}/invoice.pdf"
    )  # it is set once, when somebody first looks at it
    before = rows(house)
    seen = 0
    for address in addresses():
        page = house.filled(address)
        for ask in (house.browser.get, house.browser.head):
            seen += ask(page).status_code in (200, 302)
    assert seen > 40
    assert [one for one in rows(house).split("\n") if one not in before.split("\n")] == []


@pytest.mark.parametrize("address", addresses())
def test_nothing_is_taken_without_the_mark_of_its_form(house: House, address: str) -> None:
    """Another site can make a browser post; it cannot read the mark that each form carries."""
    view = next(view for one, view in leaves.views() if one == address)
    is_exempt = getattr(view, "csrf_exempt", False)
    assert bool(is_exempt) == (address in EXEMPT), address
    if is_exempt:
        return
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = house.browser.cookies
    answer = strict.post(
        house.filled(address), {"name": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code in (403, 404, 405), address
    for method in ("put", "patch", "delete"):
        answer = getattr(strict, method)(house.filled(address))
        assert answer.status_code in (403, 404, 405), (method, address)


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="x">',
        "<a onclick=x>",
        "<script>x</script>",
        '<script nonce="a">x</script>',
        '<script src="https://evil.example/x.js"></script>',
        "<style>",
        '<a href="javascript:x">',
        "<iframe srcdoc=x>",
        '<link rel="stylesheet" href="https://evil.example/x.css">',
        "<base href=x>",
    ],
)
def test_script_in_a_page_is_caught(planted: str) -> None:
    assert page_faults(planted)
