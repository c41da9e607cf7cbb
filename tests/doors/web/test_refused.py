"""What is refused leaves a line in the log, which tells of nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from structlog.testing import capture_logs

from doors.web.people import new_address, new_browser, signed_up

pytestmark = pytest.mark.usefixtures("database")


def noted(logs: list[Any]) -> list[tuple[Any, ...]]:
    found = [one for one in logs if one["event"] == "web.input_refused"]
    return [(one["status"], one["method"], one["route"], one["fields"]) for one in found]


def test_a_form_that_is_shown_again_is_on_record_by_its_fields_and_without_what_was_typed() -> None:
    with capture_logs() as logs:
        new_browser().post("/account/signup/", {"email": "no address", "password1": "secret?"})
    [(status, method, route, fields)] = noted(logs)
    assert (status, method, route) == (200, "POST", "account/signup/")
    assert "email" in fields
    assert "no address" not in json.dumps(logs, default=str)
    assert "secret?" not in json.dumps(logs, default=str)


def test_a_forged_form_is_on_record() -> None:
    stranger = Client(enforce_csrf_checks=True)
    with capture_logs() as logs:
        assert stranger.post("/account/login/", {"login": new_address()}).status_code == 403
    assert noted(logs) == [(403, "POST", "account/login/", [])]


def test_a_wrong_method_and_a_made_up_one_are_on_record() -> None:
    browser = signed_up(new_browser(), new_address())
    with capture_logs() as logs:
        browser.post("/account/tries")
        browser.generic("X-SPELL", "/account/tries")
    assert [one[:2] for one in noted(logs)] == [(405, "POST"), (405, "other")]


@pytest.mark.parametrize("body", ["{", "[1]", '{"email": ' + "[" * 5000])
def test_what_a_program_says_wrongly_is_on_record(body: str) -> None:
    with capture_logs() as logs:
        answer = Client().post("/api/v1/invoices", body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert [one[0] for one in noted(logs)] == [answer.status_code]


def test_what_went_well_and_what_is_not_there_leave_nothing() -> None:
    with capture_logs() as logs:
        new_browser().get("/account/login/")
        new_browser().get("/nothing/of/the/kind")
    assert noted(logs) == []
