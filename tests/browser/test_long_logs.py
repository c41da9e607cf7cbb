"""A log in the hand: many acts at a glance, each opened by a tap; on a wide page a table as before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import served, violations
from browser.test_support_looks import owner_on_the_web, signed_in
from doors.chat.conftest import _town_of_today, merchant, new_phone
from doors.chat.test_two_people import business_of
from doors.web.test_people import at

__all__ = ["_town_of_today", "merchant", "new_phone", "signed_in"]
LINES_MAX_PX = 90
"""When and who on one line, what on one or two, and the space around them."""


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    from hesabu.app.wsgi import application

    with served(application) as url:
        yield url.replace("127.0.0.1", "localhost")


@pytest.fixture
def audit(merchant: Any, signed_in: Callable[..., Page]) -> Callable[[str], Page]:
    client, _ = owner_on_the_web(merchant)
    address = at(business_of(merchant), "/audit")
    return lambda look: signed_in(client, address, look)


@pytest.mark.parametrize("look", ["narrow", "narrow-dark"])
def test_in_the_hand_an_act_is_short_and_a_tap_opens_the_rest(
    audit: Callable[[str], Page], look: str
) -> None:
    page = audit(look)
    rows = page.locator("#acts tbody tr")
    assert rows.count() > 3
    heights = [rows.nth(n).bounding_box()["height"] for n in range(rows.count())]  # type: ignore[index]
    assert max(heights) <= LINES_MAX_PX
    first = rows.first
    for label, is_seen in {"When": True, "Who": True, "What": True, "About": False}.items():
        expect(first.locator(f"td[data-label={label}]")).to_be_visible(visible=is_seen)
    assert violations(page) == []
    first.tap()
    expect(first.locator("td[data-label=About]")).to_be_visible()
    assert violations(page) == []
    first.locator("summary").tap(position={"x": 285, "y": 20})
    expect(first.locator("td[data-label=About]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_opened_acts_links_can_be_followed(audit: Callable[[str], Page]) -> None:
    page = audit("narrow")
    row = page.locator("#acts tbody tr").first
    row.tap()
    row.locator("td[data-label=About] a").tap()
    expect(page).to_have_url(re.compile("subject="))
    expect(page.locator("#look details")).to_have_attribute("open", "")


def test_on_a_wide_page_a_log_is_a_table_with_all_of_it(audit: Callable[[str], Page]) -> None:
    page = audit("light")
    row = page.locator("#acts tbody tr").first
    for label in ("When", "Who", "What", "About"):
        expect(row.locator(f"td[data-label={label}]")).to_be_visible()
    expect(row.locator("td.more")).to_be_hidden()
    assert violations(page) == []
