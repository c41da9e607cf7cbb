"""What is logged tells of nobody: no number, no name, no address, no words, nothing that opens anything."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from app.test_forgetting import Shop
from doors.api.programs import program_at
from doors.web.people import PASSWORD, code_sent_to, new_address, new_browser, signed_up, signs_in
from doors.web.test_audit import browser_of, owner_of
from doors.web.test_privacy import fresh
from doors.web.test_privacy import made as exported
from hesabu.app import closing, dev_secrets, logs, retention
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.types import ExportOn
from hesabu.kit import clock, ids
from hesabu.store import tenancy
from stories.test_chat_to_cash import surroundings, told

__all__ = ["surroundings"]
NUMBER = re.compile(r"(?<![\w.\-:])\+?(254|0)[17]\d{8}(?!\w)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    """All that is logged, down to the least, as the app would write it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("DEBUG")
    written = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written.getvalue
    root.handlers = handlers
    root.setLevel(level)


def test_signing_up_and_in_rightly_and_wrongly_is_logged_without_the_person(
    database: str, logged: Callable[[], str]
) -> None:
    address = new_address()
    browser = signed_up(new_browser(), address)
    code = code_sent_to(address)
    session = browser.session.session_key
    browser.post("/account/logout/")
    signs_in(browser, address, "wrong horse battery")
    signs_in(browser, address)
    browser.get("/home?token=hsb_sekret")
    browser.get("/nowhere/hsb_sekret")
    text = logged()
    logging.getLogger("probe").warning("it does write")
    assert "it does write" in logged()
    for secret in (address, address.split("@")[0], "Wanjiku", PASSWORD, "wrong horse", code):
        assert secret not in text
    assert session
    assert session not in text
    assert "hsb_sekret" not in text


def test_programs_that_ask_rightly_and_wrongly_are_logged_without_their_keys_and_words(
    database: str, business_id: UUID, logged: Callable[[], str]
) -> None:
    program = program_at(business_id)
    made = program.posts("/customers", {"name": "Zuhura Nyamvula", "phone": "0733111678"})
    program.asks("GET", f"/customers/{made['id']}?note=hsb_in_a_query")
    program.asks(
        "POST", "/customers", {"name": "Zuhura", "phone": "no number", "x": "hsb_in_a_body"}
    )
    program.asks("GET", "/nowhere/hsb_in_a_path")
    Client().get("/api/v1/me", headers={"Authorization": "Bearer hsb_made_up_secret"})
    text = logged()
    logging.getLogger("probe").warning("it does write")
    assert "it does write" in logged()
    assert program.key.rpartition("_")[2] not in text
    for secret in (
        "Zuhura",
        "Nyamvula",
        "0733111678",
        "733111678",
        "no number",
        "hsb_in_a",
        "made_up",
    ):
        assert secret not in text


def test_pages_of_data_privacy_and_audit_are_logged_without_the_people(
    database: str, business_id: UUID, logged: Callable[[], str]
) -> None:
    phone = f"+2547{ids.new_id().int % 10**8:08d}"
    shop = Shop(business_id, phone, "Zuhura Nyamvula")
    owner = fresh(browser_of(owner_of(business_id)))
    place = f"/b/{ids.short(business_id)}"
    for wanted in ("Zuhura", phone, "nobody@example.com"):
        owner.get(f"{place}/privacy", {"q": wanted})
    owner.get(f"{place}/audit", {"address": "196.201.214.7"})
    owner.get(f"{place}/audit.csv")
    customer = f"{place}/privacy/{ids.short(shop.customer_id)}"
    owner.post(f"{customer}/export")
    with tenancy.bound(business_id):
        (asked,) = people.exports_on(ExportOn.CUSTOMER, shop.customer_id)
    exported(asked.id, business_id)
    owner.get(f"{customer}/export/{ids.short(asked.id)}")
    owner.post(f"{customer}/erase", {"understood": "yes"})
    address = new_address()
    me = signed_up(new_browser("196.201.214.7"), address)
    me.post("/account/data/export")
    me.post("/account/reauthenticate/", {"password": "wrong horse battery"})
    me.post("/account/data/delete", {"understood": "yes"})
    with clock.moved(days=60):
        closing.close_due()
        retention.forget()
        identity.tell_refusals()
    text = logged()
    assert "forgotten" in text
    for secret in ("Zuhura", "Nyamvula", phone, phone[4:], address, "Wanjiku", "196.201.214.7"):
        assert secret not in text
    assert "wrong horse" not in text
    assert MAIL.findall(text) == []


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_whole_conversation_is_logged_without_the_people(surroundings: dict[str, str]) -> None:
    assert told(surroundings)["ok"]
    place = Path(surroundings["HESABU_VAR_DIR"])
    text = "".join(
        path.read_text(errors="replace") for path in (place / "log").rglob("*") if path.is_file()
    )
    assert len(text) > 200, "something was logged"
    for name in ("Jane", "Wanjiku", "Kamau", "logo design", "75,000"):
        assert name not in text
    assert NUMBER.findall(text) == []
    assert MAIL.findall(text) == []
    for name, secret in dev_secrets.kept(place / "keys" / "dev.env").items():
        if name != "whatsapp_phone_number_id":
            assert secret not in text, name


def test_the_patterns_find_what_they_look_for() -> None:
    assert NUMBER.search('"to": "+254712345678"')
    assert NUMBER.search("call 0712345678 now")
    assert MAIL.search("to jane@example.com")
    assert not NUMBER.search("01a1fd4e-cd11-73ec-a02a-254712345678")
