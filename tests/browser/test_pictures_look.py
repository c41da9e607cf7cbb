"""What customers sent, as its seller sees it in a browser: whole, also in the hand; and what stands there before any came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page

from browser.conftest import served
from browser.test_business import signed_in
from browser.test_signing_in import looked_at
from doors.chat.conftest import customer, merchant, new_phone
from doors.chat.test_money import billed
from doors.chat.test_pictures import browser_of, sends_picture
from doors.chat.test_pictures_that_came import Shelf, shelf
from doors.chat.test_two_people import business_of
from doors.web import pictures as files
from doors.web.test_people import at

if TYPE_CHECKING:
    from doors.chat.town import Heard, Phone

__all__ = ["billed", "customer", "merchant", "new_phone", "shelf"]

SHAPES = {"tall": (900, 1600), "wide": (1600, 300), "small": (40, 30)}
ARE_LOADED = "[...document.images].every((one) => one.complete && one.naturalWidth > 0)"
OUT_OF_SHEET = """[...document.images].filter((one) => {
  const sheet = one.closest(".pad"), right = parseFloat(getComputedStyle(sheet).paddingRight);
  return one.getBoundingClientRect().right > sheet.getBoundingClientRect().right - right + 0.5;
}).length"""
BENT = """[...document.images].filter((one) =>
  Math.abs(one.width / one.height - one.naturalWidth / one.naturalHeight) > 0.1 * one.naturalWidth / one.naturalHeight
).length"""


@pytest.fixture
def site(database: str, on_the_hour: None) -> Iterator[str]:
    from doors.chat import town
    from hesabu.app.wsgi import application

    town.begin()
    with served(application) as url:
        yield url.replace("127.0.0.1", "localhost")


def test_pictures_are_seen_whole_in_every_look_and_their_absence_teaches(
    visit: Callable[..., Page],
    site: str,
    merchant: Phone,
    customer: Phone,
    billed: Heard,
    shelf: Shelf,
) -> None:
    page = visit(f"{site}/account/login/")
    signed_in(page, site, browser_of(merchant))
    address = site + at(business_of(merchant), "/pictures")
    page.goto(address)
    page.get_by_text("When a customer sends a photo about an invoice").wait_for()
    looked_at(page, "pictures-none")
    for size in SHAPES.values():
        sends_picture(customer, shelf, files.drawn(size=size))
    sends_picture(customer, shelf, files.PAGE)
    page.goto(address)
    page.get_by_text("It could not be opened.").wait_for()
    assert page.get_by_role("img", name="What Jane Wanjiku sent about INV-0001").count() == 3
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for image in page.get_by_role("img").all():
            image.scroll_into_view_if_needed()
        page.wait_for_function(ARE_LOADED)
        assert page.evaluate(OUT_OF_SHEET) == 0, width
        assert page.evaluate(BENT) == 0, width
    looked_at(page, "pictures")
