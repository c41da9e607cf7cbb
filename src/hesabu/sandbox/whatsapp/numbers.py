"""The business numbers of the box, each with its own webhook and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hesabu.sandbox.config import SandboxConfig
from hesabu.sandbox.people import as_msisdn

WABA_ID = "200300400500600"


class NoSuchNumber(LookupError):
    """No business number has that id."""


@dataclass
class Number:
    """A business number: what Meta calls a phone number id, and what hangs on it."""

    phone_number_id: str
    display_phone: str
    name: str
    webhook: str
    app_secret: str
    verify_token: str
    token: str
    allowed: tuple[str, ...] = field(default=())
    """A test number sends only to these phones (131030); empty: to everybody."""
    dialog360_key: str = ""
    """The D360-API-KEY that speaks for this number; empty: 360dialog does not know it."""
    dialog360_webhook: str = ""
    """Set: 360dialog hosts the number, and tells this address instead of Meta telling its own."""
    dialog360_headers: dict[str, str] = field(default_factory=dict)
    """What 360dialog sends along, and its only proof of who it is."""

    def as_json(self) -> dict[str, Any]:
        shown = asdict(self)
        for secret in ("app_secret", "verify_token", "token", "dialog360_key", "dialog360_headers"):
            del shown[secret]
        return shown


def number_of(config: SandboxConfig, given: Mapping[str, Any] | None = None) -> Number:
    """A number as the configuration has it, with what is given laid over it."""
    told = dict(given or {})
    return Number(
        phone_number_id=str(told.get("phone_number_id") or config.whatsapp_phone_number_id),
        display_phone=as_msisdn(str(told.get("display_phone") or config.whatsapp_display_phone)),
        name=str(told.get("name") or config.whatsapp_name),
        webhook=str(told.get("webhook") or config.whatsapp_webhook),
        app_secret=str(told.get("app_secret") or config.whatsapp_app_secret),
        verify_token=str(told.get("verify_token") or config.whatsapp_verify_token),
        token=str(told.get("token") or config.whatsapp_token),
        allowed=tuple(as_msisdn(str(phone)) for phone in told.get("allowed") or ()),
        dialog360_key=str(told.get("dialog360_key") or ("" if told else config.dialog360_key)),
        dialog360_webhook=str(
            told.get("dialog360_webhook") or ("" if told else config.dialog360_webhook)
        ),
    )
