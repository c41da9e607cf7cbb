"""What is logged tells of nobody: no number, no name, no address, no words, nothing that opens anything."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doors.web.people import PASSWORD, code_sent_to, new_address, new_browser, signed_up, signs_in
from hesabu.app import dev_secrets, logs
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
