"""Every page of somebody who is signed in, full and empty: it fits, and can be read, in light, in dark and in the hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from playwright.sync_api import Page

from browser.conftest import served, violations
from browser.test_signing_in import fits, looked_at
from doors.web.full import Full
from doors.web.test_people import at, joined
from hesabu.kit import ids

FULL = ("/b/{business}", "/b/{business}/people", "/b/{business}/approvals", "/b/{business}/keys")
FULL = (*FULL, "/b/{business}/privacy/{customer}", "/platform/", "/platform/businesses")
FULL = (*FULL, "/platform/members", "/platform/notices", "/platform/log", "/support")
FULL = (*FULL, "/home", "/clients", "/merchants", "/begin/{code}")
EMPTY = ("/b/{business}", "/home", "/clients", "/merchants", "/begin", "/support")
EMPTY = (*EMPTY, "/numbers", "/join", "/account/data/delete", "/account/tries")


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    from hesabu.app.wsgi import application

    with served(application) as url:
        yield url.replace("127.0.0.1", "localhost")


@pytest.fixture
def opened(visit: Callable[..., Page], site: str) -> Callable[[Client, str], Page]:
    """Somebody's browser, opened where they are signed in already."""

    def open_as(client: Client, page: str) -> Page:
        kept = [
            {"name": name, "value": cookie.value, "domain": "localhost", "path": "/"}
            for name, cookie in client.cookies.items()
            if cookie.value
        ]
        return visit(f"{site}{page}", storage_state={"cookies": kept, "origins": []})

    return open_as


@pytest.fixture(scope="module")
def full(database: str) -> Full:
    made = Full()
    made.grow(4)
    return made


@pytest.mark.parametrize("address", FULL)
def test_a_page_with_much_on_it(
    opened: Callable[[Client, str], Page], full: Full, address: str
) -> None:
    assert full.customer_id is not None
    customer = ids.short(full.customer_id)
    asked = address.format(business=ids.short(full.id), customer=customer, code=full.code)
    looked_at(opened(full.browser, asked), f"full-{name_of(address)}")


@pytest.mark.parametrize("address", EMPTY)
def test_a_page_with_nothing_on_it(
    opened: Callable[[Client, str], Page], business_id: UUID, address: str
) -> None:
    from hesabu.identity import actions
    from hesabu.identity.types import PlatformRole

    owner, person_id, _ = joined(business_id, "owner")
    for role in PlatformRole:
        actions.grant_platform(person_id, role)
    page = opened(owner, address.format(business=ids.short(business_id)))
    looked_at(page, f"empty-{name_of(address)}")


def name_of(address: str) -> str:
    return re.sub(r"[^a-z]+", "-", address).strip("-")


def test_in_the_hand_every_place_is_in_the_menu(
    opened: Callable[[Client, str], Page], business_id: UUID
) -> None:
    page = opened(joined(business_id, "owner")[0], at(business_id))
    places: Any = page.get_by_role("navigation", name="Main")
    page.get_by_role("link", name="Privacy").wait_for()
    assert page.get_by_role("button", name="Menu").count() == 0
    page.set_viewport_size({"width": 360, "height": 740})
    assert places.count() == 0
    page.get_by_role("button", name="Menu").click()
    places.get_by_role("link", name="Your data").wait_for()
    assert violations(page) == []
    assert fits(page)
    places.get_by_role("link", name="Privacy").click()
    page.get_by_role("heading", name="Privacy", exact=True).wait_for()
    assert places.count() == 0
