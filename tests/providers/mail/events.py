"""Mailgun's events, as it posts them."""

from __future__ import annotations

import json
from typing import Any

from hesabu.kit import clock
from hesabu.messaging.providers.mail.intake import signature_of
from providers.ways import EMAIL, MARK

KEY = "test_signing_key"
MESSAGE_ID = "20261121090000.1@mg.example.com"


def event(
    word: str, *, mark: str = MARK, message_id: str = MESSAGE_ID, **more: Any
) -> dict[str, Any]:
    """The body, unsigned."""
    said = {
        "event": word,
        "id": "ncV2XwymRUKbPek_MIM-Gw",
        "timestamp": 1763715600.25,
        "recipient": EMAIL,
        "message": {"headers": {"message-id": message_id, "to": EMAIL, "subject": "Invoice"}},
        "user-variables": {"hesabu-mark": mark} if mark else [],
        "flags": {"is-test-mode": False},
    }
    return {"event-data": said | more}


def signed(said: dict[str, Any], *, token: str, at: int | None = None, key: str = KEY) -> bytes:
    timestamp = str(int(clock.now().timestamp()) if at is None else at)
    signature = {
        "timestamp": timestamp,
        "token": token,
        "signature": signature_of(key, timestamp, token),
    }
    return json.dumps({"signature": signature, **said}).encode()
