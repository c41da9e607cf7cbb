"""Letters as Meta writes them, for tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

PHONE_NUMBER_ID = "100200300400500"
AT = 1_795_424_400  # 2026-11-23 09:00 UTC


def instant(timestamp: int) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)


def text(
    body: str,
    *,
    message_id: str = "wamid.IN1",
    sender: str | None = "254712345678",
    user_id: str | None = None,
    at: int = AT,
    **more: Any,
) -> dict[str, Any]:
    return message(
        "text", {"body": body}, message_id=message_id, sender=sender, user_id=user_id, at=at, **more
    )


def message(
    kind: str,
    part: Any,
    *,
    message_id: str = "wamid.IN1",
    sender: str | None = "254712345678",
    user_id: str | None = None,
    at: int = AT,
    **more: Any,
) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": message_id,
        "timestamp": str(at),
        "type": kind,
        kind: part,
        **more,
    }
    if sender:
        said["from"] = sender
    if user_id:
        said["from_user_id"] = user_id
    return said


def status(
    word: str, message_id: str = "wamid.OUT1", *, at: int = AT, **more: Any
) -> dict[str, Any]:
    return {
        "id": message_id,
        "status": word,
        "timestamp": str(at),
        "recipient_id": "254712345678",
        **more,
    }


def failed(code: int, message_id: str = "wamid.OUT1", **more: Any) -> dict[str, Any]:
    return status("failed", message_id, errors=[{"code": code, "title": "Failed"}], **more)


def envelope(
    *,
    messages: list[Any] | None = None,
    statuses: list[Any] | None = None,
    contacts: list[Any] | None = None,
    to: str = PHONE_NUMBER_ID,
) -> bytes:
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "254700100200", "phone_number_id": to},
    }
    if messages is not None:
        value["messages"] = messages
    if statuses is not None:
        value["statuses"] = statuses
    if contacts is not None:
        value["contacts"] = contacts
    return whole([{"field": "messages", "value": value}])


def whole(changes: list[Any]) -> bytes:
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    ).encode()
