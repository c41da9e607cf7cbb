"""What a business is and where its money goes, changed as somebody does: in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from browser.conftest import served
from browser.test_signing_in import looked_at
from doors.web import pictures
from doors.web.test_business import alone
from doors.web.test_people import at, joined


@pytest.fixture(scope="module")
def site(database: str) -> Iterator[str]:
    from hesabu.app.wsgi import application

    with served(application) as url:
        yield url.replace("127.0.0.1", "localhost")


def signed_in(page: Page, site: str, browser: Any) -> None:
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": site}])


def test_an_owner_changes_the_details_shows_a_logo_and_takes_a_change_back(
    visit: Callable[..., Page], site: str, business_id: UUID, tmp_path: Path
) -> None:
    owner, _, _ = joined(business_id, "owner")
    page = visit(f"{site}/account/login/")
    signed_in(page, site, owner)
    page.goto(site + at(business_id, "/settings"))
    looked_at(page, "settings")
    page.get_by_label("Name", exact=True).fill("Kamau Studio")
    page.get_by_label("KRA PIN").fill("12")
    page.locator("#details").get_by_role("button", name="Keep").click()
    page.get_by_text("not a tax number").wait_for()
    looked_at(page, "settings-wrong")
    assert page.get_by_label("KRA PIN").get_attribute("aria-invalid") == "true"
    page.get_by_label("KRA PIN").fill("P051234567X")
    page.locator("#details").get_by_role("button", name="Keep").click()
    page.get_by_text("became Kamau Studio").wait_for()
    bad, good = tmp_path / "page.png", tmp_path / "logo.png"
    bad.write_bytes(pictures.PAGE)
    good.write_bytes(pictures.drawn())
    for path, said in ((bad, "no picture"), (good, "new logo")):
        page.get_by_label("Another picture").set_input_files(path)
        page.get_by_role("button", name="Show this one").click()
        page.get_by_text(said).wait_for()
    assert page.locator("img.logo").evaluate("one => one.naturalWidth") == 600
    looked_at(page, "settings-kept")
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("It is as it was.").wait_for()
    assert page.locator("img.logo").count() == 0


def test_a_way_is_added_waits_two_days_and_is_stopped(
    visit: Callable[..., Page], site: str, business_id: UUID
) -> None:
    page = visit(f"{site}/account/login/")
    signed_in(page, site, alone(business_id))
    page.goto(site + at(business_id, "/ways"))
    looked_at(page, "ways-none")
    for number in ("123456", "654321"):
        page.get_by_label("Number", exact=True).fill(number)
        page.get_by_role("button", name="Add").click()
        page.get_by_text(number).first.wait_for()
    page.get_by_text("47 hours left").wait_for()
    looked_at(page, "ways")
    page.get_by_role("button", name="Stop it").click()
    page.get_by_text("Stopped.").wait_for()
    assert page.get_by_text("654321").count() == 0


def test_the_pin_and_the_way_from_the_chat_fit_and_can_be_read(
    visit: Callable[..., Page], site: str, business_id: UUID
) -> None:
    from hesabu.identity import actions

    owner, person_id, _ = joined(business_id, "owner")
    page = visit(f"{site}/account/login/")
    signed_in(page, site, owner)
    page.goto(f"{site}/s/{actions.ask_passage(person_id, '/pin')}")
    looked_at(page, "passage")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Your PIN").wait_for()
    looked_at(page, "pin")
    page.get_by_label("Choose a PIN").fill("7391")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("Your PIN is set").wait_for()
    actions.check_pin(person_id, "7391")
