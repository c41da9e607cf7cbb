"""Every state of the pay page, looked at in a browser: fit for everybody, in both themes, in the hand and on a desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Page, expect

from browser import gallery
from browser.conftest import LOOKS, served, violations

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with override_settings(ROOT_URLCONF="browser.gallery"), served(WSGIHandler()) as url:
        yield url


@pytest.mark.parametrize("look", LOOKS)
def test_every_state_is_accessible_and_fits_its_window(site: str, visit: Visit, look: str) -> None:
    page = visit(f"{site}/", look)
    wrong = {}
    for name in ["", "fault", "nowhere", *(f"p/{state}" for state in gallery.STATES)]:
        page.goto(f"{site}/{name}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("wider than the window")
        if found:
            wrong[name] = found
    assert wrong == {}


def test_axe_would_see_a_fault(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/open")
    page.evaluate(
        "document.querySelector('label[for=phone]').remove(); document.querySelector('[value=other]').click()"
    )
    assert any(line.startswith("label:") for line in violations(page))


def test_what_a_thumb_presses_is_large_enough(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/open", "narrow")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a.btn, summary, label.choice, input:not([type=radio], [type=hidden])")]
            .filter(e => e.checkVisibility()).filter(e => e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML)"""
    )
    assert small == []


def test_the_act_to_take_is_in_sight_on_a_small_phone(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/open", "narrow")
    expect(page.get_by_role("button", name="Pay KES 72,500.00")).to_be_in_viewport()


def test_the_page_turns_to_paid_by_itself_and_says_so_once(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/arriving")
    expect(page.get_by_role("heading", name="Check your phone.")).to_be_visible()
    page.evaluate(
        """() => { window.heard = []; const said = document.getElementById("said");
            new MutationObserver(() => heard.push(said.textContent)).observe(said, {childList: true}) }"""
    )
    expect(page.get_by_role("heading", name="Paid.")).to_be_visible()
    expect(page).to_have_title("Paid · Invoice INV-0214 · Kamau Designs")
    page.wait_for_function("heard.length > 0")
    expect(page.locator("#poll[hx-get]")).to_have_count(0)  # it asks no more, so it says no more
    assert page.evaluate("heard") == ["Paid. Thank you."]


def test_nothing_moves_while_nothing_changes(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/arriving")
    page.evaluate("document.getElementById('panel').dataset.seen = 'yes'")
    expect(page.locator("#poll")).to_have_attribute("hx-get", re.compile("turn=2$"))
    expect(page.locator("#panel")).to_have_attribute("data-seen", "yes")


def test_a_field_that_is_wrong_keeps_what_was_typed_and_has_the_focus(
    site: str, visit: Visit
) -> None:
    page = visit(f"{site}/p/wrong-number")
    field = page.get_by_label("M-PESA number")
    expect(field).to_have_value("0712 34")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Such as 0712 345 678 That is not a telephone number we can reach. Write it as 0712 345 678."
    )


def test_a_number_for_another_phone_is_asked_for_only_when_it_is_wanted(
    site: str, visit: Visit
) -> None:
    page = visit(f"{site}/p/open")
    expect(page.get_by_label("M-PESA number")).to_be_hidden()
    page.get_by_label("Another number").check()
    expect(page.get_by_label("M-PESA number")).to_be_visible()


def test_a_number_can_be_copied(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/by-hand", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy 400200").click()
    expect(page.locator('[data-copy="400200"]')).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "400200"


def test_the_customers_number_is_nowhere_on_the_page(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/open")
    assert "111678" not in page.content().replace(" ", "")
    expect(page.get_by_label("07•• •••678")).to_be_checked()


def test_the_page_works_without_javascript(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/by-hand", java_script_enabled=False)
    expect(page.get_by_text("400200")).to_be_visible()
    expect(page.get_by_role("button", name="Copy 400200")).to_be_hidden()
    page.goto(f"{site}/p/open")
    expect(page.get_by_role("button", name="Pay KES 72,500.00")).to_be_visible()


def test_the_page_keeps_no_cookies(site: str, visit: Visit) -> None:
    page = visit(f"{site}/p/open")
    assert page.context.cookies() == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("failed", "M-PESA says the PIN was wrong. Nothing was taken."),
        ("doubt", "Please do not pay a second time."),
        ("unanswered", "No answer from M-PESA yet."),
        ("part-paid", "KES 40,000.00 arrived. Thank you."),
        ("claimed", "Kamau Designs is looking for the money and will confirm it."),
        ("void", "This invoice was cancelled."),
        ("credited", "This invoice was taken back by a credit note."),
        ("overdue", "12 days late"),
    ],
)
def test_each_state_is_said_in_words(site: str, visit: Visit, state: str, said: str) -> None:
    page = visit(f"{site}/p/{state}")
    expect(page.get_by_text(said)).to_be_visible()


@pytest.mark.parametrize("state", ["waiting", "doubt", "paid", "void", "credited"])
def test_nobody_is_asked_to_pay_where_nothing_is_to_be_paid_now(
    site: str, visit: Visit, state: str
) -> None:
    page = visit(f"{site}/p/{state}")
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator("form[action$='/pay']")).to_have_count(0)
