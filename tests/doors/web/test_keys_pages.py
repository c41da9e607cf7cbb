"""Keys in the browser: made after showing who one is, shown once, used, taken back."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from doors.web.people import PASSWORD
from doors.web.test_people import at, joined

pytestmark = pytest.mark.usefixtures("database")

KEY = re.compile(r'<code id="key">(hsb_[^<]+)</code>')
SAID = {"name": "Till in the shop", "lasts": "90", "scope": ["business:read"], "addresses": ""}


@pytest.fixture
def owner(business_id: UUID) -> Client:
    return fresh(joined(business_id, "owner")[0])


def fresh(browser: Client) -> Client:
    """They have just shown once more that it is them."""
    answer = browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def not_lately(browser: Client) -> Client:
    """An hour has passed since they last showed that it is them."""
    session = browser.session
    records = session["account_authentication_methods"]
    for one in records:
        one["at"] -= 3600
    session["account_authentication_methods"] = records
    session.save()
    return browser


def made(owner: Client, business_id: UUID, **other: Any) -> str:
    answer = owner.post(at(business_id, "/keys/make"), SAID | other)
    assert answer.status_code == 200, answer.content.decode()
    [key] = KEY.findall(answer.content.decode())
    return html.unescape(key)


def asks(key: str, path: str = "/me") -> Any:
    return Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})


def test_a_key_is_made_shown_once_used_and_taken_back(owner: Client, business_id: UUID) -> None:
    empty = owner.get(at(business_id, "/keys")).content.decode()
    assert "curl -H" in html.unescape(empty)
    key = made(owner, business_id)
    assert asks(key).status_code == 200
    page = owner.get(at(business_id, "/keys")).content.decode()
    assert key not in page
    assert key[:12] in page
    assert "Till in the shop" in page
    assert "127.0.0.1" in page
    [revoke] = re.findall(r'href="([^"]+/revoke)"', page)
    asked = owner.get(revoke)
    assert asked.status_code == 200
    assert asks(key).status_code == 200, "it was only asked"
    assert owner.post(revoke).status_code == 302
    assert asks(key).status_code == 401
    assert owner.get(revoke).status_code == 200
    assert "Keys that work no more" in owner.get(at(business_id, "/keys")).content.decode()


def test_making_a_key_asks_once_more_who_one_is(business_id: UUID) -> None:
    owner = not_lately(joined(business_id, "owner")[0])
    for answer in (
        owner.get(at(business_id, "/keys/make")),
        owner.post(at(business_id, "/keys/make"), SAID),
    ):
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    from hesabu.identity import queries
    from hesabu.store import tenancy

    with tenancy.bound(business_id):
        assert queries.keys() == []


def test_the_key_is_kept_by_no_browser_and_no_page_runs_scripts_of_its_own(
    owner: Client, business_id: UUID
) -> None:
    answer = owner.post(at(business_id, "/keys/make"), SAID)
    assert answer["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert "<script>" not in text
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r'\sstyle="', text)


def test_what_the_key_may_do_is_in_words_by_what_it_is_about(
    owner: Client, business_id: UUID
) -> None:
    from hesabu.doors.web.scopes import RESOURCES
    from hesabu.identity import permissions

    page = owner.get(at(business_id, "/keys/make")).content.decode()
    for one in permissions.declared():
        if one.name.startswith("test_"):
            continue
        assert one.name.partition(":")[0] in RESOURCES, one.name
        assert html.escape(one.words) in page


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\u202egnp"}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"scope": []}, "scopes"),
        ({"scope": ["no:such"]}, "scopes"),
        ({"scope": ["business:read"] * 5000}, ""),
        ({"lasts": "forever"}, "lasts"),
        ({"lasts": "-1"}, "lasts"),
        ({"addresses": "everywhere"}, "addresses"),
        ({"addresses": "203.0.113.0/99"}, "addresses"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else one,
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    owner: Client, business_id: UUID, other: dict[str, Any], field: str
) -> None:
    answer = owner.post(at(business_id, "/keys/make"), SAID | other)
    text = answer.content.decode()
    assert "hsb_" not in text
    if field:
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in text
        if field != "name":
            assert 'value="Till in the shop"' in text
    else:
        assert answer.status_code in (200, 400, 413)


def test_a_key_for_some_addresses_works_from_there_alone(owner: Client, business_id: UUID) -> None:
    key = made(owner, business_id, addresses="203.0.113.0/24\n2001:db8::1")
    assert asks(key).status_code == 403
    there = Client(REMOTE_ADDR="203.0.113.9")
    shown = there.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert shown.status_code == 200


def test_managers_see_and_take_back_and_make_none_and_sellers_see_nothing(
    owner: Client, business_id: UUID
) -> None:
    key = made(owner, business_id)
    manager = fresh(joined(business_id, "manager")[0])
    page = manager.get(at(business_id, "/keys"))
    assert page.status_code == 200
    assert "/keys/make" not in page.content.decode()
    assert manager.get(at(business_id, "/keys/make")).status_code == 403
    [revoke] = re.findall(r'href="([^"]+/revoke)"', page.content.decode())
    seller, _, _ = joined(business_id, "seller")
    assert seller.get(at(business_id, "/keys")).status_code == 403
    assert seller.post(revoke).status_code == 403
    assert asks(key).status_code == 200
    assert manager.post(revoke).status_code == 302
    assert asks(key).status_code == 401


def test_a_key_of_another_business_is_not_found(
    owner: Client, business_id: UUID, new_business: Any
) -> None:
    key = made(owner, business_id)
    [revoke] = re.findall(
        r'href="([^"]+/revoke)"', owner.get(at(business_id, "/keys")).content.decode()
    )
    other = new_business()
    thief = fresh(joined(other, "owner")[0])
    assert thief.post(revoke).status_code == 404
    assert thief.post(at(other, "/keys/" + revoke.split("/")[-2] + "/revoke")).status_code == 404
    assert asks(key).status_code == 200


def test_the_description_of_the_api_names_every_operation_and_needs_nothing_from_elsewhere(
    database: str,
) -> None:
    from hesabu.doors.api.urls import api

    answer = Client().get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path.partition('/api/v1')[2]}<" in text
    assert not re.search(r'(src|href)="(https?:)?//(?!localhost|127\.0\.0\.1|testserver)', text)
    assert "<script" not in text
    assert not re.search(r'\sstyle="', text)
    anchors = re.findall(r'href="#([^"]+)"', text)
    kept = set(re.findall(r'id="([^"]+)"', text))
    assert set(anchors) <= kept
