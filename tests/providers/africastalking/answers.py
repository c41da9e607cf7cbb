"""Africa's Talking's answers, as its servers write them."""

from __future__ import annotations

from typing import Any

from providers.wire import Says

KEY = "atsk_a_very_secret_key"


def recipient(code: int = 101, status: str = "Success", **more: Any) -> dict[str, Any]:
    is_taken = code < 200
    return {
        "statusCode": code,
        "number": "+254711XXXYYY",
        "status": status,
        "cost": "KES 0.8000" if is_taken else "0",
        "messageId": "ATPid_1" if is_taken else "None",
    } | more


def answered(*recipients: dict[str, Any], said: str = "Sent to 1/1 Total Cost: KES 0.8000") -> Says:
    return Says(201, {"SMSMessageData": {"Message": said, "Recipients": list(recipients)}})
