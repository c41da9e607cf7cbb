"""Looking inside, in development: what one message led to, for whoever has the token."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from doors.chat.town import Phone
from hesabu.app.dev_secrets import inside_token
from providers.whatsapp import envelopes


def inside(**asked: str) -> dict[str, Any]:
    token = inside_token(settings.CONFIG.secret_key)
    answer = Client().get("/inside", asked, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer something else", "Bearer é"])
def test_nobody_looks_inside_without_the_token(database: str, shown: str) -> None:
    assert Client().get("/inside", headers={"Authorization": shown}).status_code == 404


def test_what_a_message_led_to_is_shown_down_to_the_books(merchant: Phone) -> None:
    merchant.says("Invoice Jane Wanjiku 0712 345 678 75,000 for logo design")
    before = inside(since="")["cursor"]
    merchant.taps("Send")

    since = inside(since=before)
    kinds = [fact["kind"] for fact in since["facts"]]
    assert kinds[0] == "messaging.MessageReceived"
    assert "invoicing.InvoiceIssued" in kinds
    [entry] = since["entries"]
    assert entry["kind"] == "invoicing.issued"
    assert {(line["side"], line["amount"]) for line in entry["lines"]} == {
        ("debit", "KES 75,000.00"),
        ("credit", "KES 75,000.00"),
    }
    assert inside(since=since["cursor"])["facts"] == []


def test_what_followed_from_one_message_is_shown_and_nothing_else(merchant: Phone) -> None:
    who = merchant._who()
    merchant.writes(envelopes.text("Invoice Jane Wanjiku 0712 345 678 75,000 for logo", **who))
    merchant.hears()
    merchant.says("who owes me")

    found = inside(message=who["message_id"])
    kinds = [fact["kind"] for fact in found["facts"]]
    assert kinds[0] == "messaging.MessageReceived"
    assert "invoicing.InvoiceDrafted" in kinds
    assert kinds.count("messaging.MessageReceived") == 1
    assert found["entries"] == []


def test_an_unknown_message_led_to_nothing(database: str) -> None:
    found = inside(message="wamid.nobody-sent-this")
    assert found["facts"] == found["entries"] == found["letters"] == found["jobs"] == []
