"""Meta's errors: the envelope of a refused request, and the entry of a failed status."""

from __future__ import annotations

from typing import Any

CODES: dict[int, tuple[int, str]] = {
    4: (429, "Application request limit reached"),
    100: (400, "Invalid parameter"),
    190: (401, "Invalid OAuth access token - Cannot parse access token"),
    2500: (400, "Unknown path components"),
    130429: (429, "Rate limit hit"),
    131000: (500, "Something went wrong"),
    131008: (400, "Required parameter is missing"),
    131009: (400, "Parameter value is not valid"),
    131016: (503, "Service unavailable"),
    131021: (400, "Recipient cannot be sender"),
    131026: (400, "Message undeliverable"),
    131030: (400, "Recipient phone number not in allowed list"),
    131047: (400, "Re-engagement message"),
    131051: (400, "Unsupported message type"),
    131052: (400, "Media download error"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132005: (400, "Template hydrated text too long"),
    132012: (400, "Parameter format does not match format in the created template"),
}
"""Code to (HTTP status, title). The product should branch on the code, never on the words."""

HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class Refused(Exception):
    """The request is turned away with one of Meta's codes."""

    def __init__(self, code: int, details: str, *, subcode: int | None = None) -> None:
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details
        self.subcode = subcode

    @property
    def status(self) -> int:
        return CODES[self.code][0]

    def envelope(self, trace_id: str) -> dict[str, Any]:
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {CODES[self.code][1]}",
            "type": "OAuthException",
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        error["fbtrace_id"] = trace_id
        return {"error": error}


def failure(code: int, details: str) -> dict[str, Any]:
    """The reason inside a `failed` status."""
    title = CODES[code][1]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details},
        "href": HELP,
    }
