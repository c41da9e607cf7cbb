"""What a sandbox is told before it opens: where it listens, whom it calls, which keys fit."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

PUBLIC_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
"""The passkey Safaricom prints on its portal for shortcode 174379: public, and worth nothing."""


def _env(name: str) -> dict[str, str]:
    return {"env": f"HESABU_SANDBOX_{name}"}


@dataclass(frozen=True)
class SandboxConfig:
    """Every field can be set by the environment variable named beside it."""

    host: str = field(default="127.0.0.1", metadata=_env("HOST"))
    port: int = field(default=8100, metadata=_env("PORT"))
    seed: int = field(default=1, metadata=_env("SEED"))
    """All chance in the box derives from it: the same seed and the same acts give the same run."""
    run: str = field(default="", metadata=_env("RUN"))
    """Another word at each opening for a product that remembers the last one, so that ids do not repeat; `now` stands for
    the instant of opening. Empty: the same ids every time, for a product that begins anew."""
    product_url: str = field(default="http://127.0.0.1:8000", metadata=_env("PRODUCT_URL"))
    """Where the buttons of message templates lead (WhatsApp fixes a template's URL in advance)."""

    whatsapp_webhook: str = field(default="", metadata=_env("WHATSAPP_WEBHOOK"))
    """The URL the product listens on; empty: events are written in the log and go nowhere."""
    whatsapp_app_secret: str = field(
        default="sandbox-app-secret", metadata=_env("WHATSAPP_APP_SECRET")
    )
    whatsapp_verify_token: str = field(
        default="sandbox-verify-token", metadata=_env("WHATSAPP_VERIFY_TOKEN")
    )
    whatsapp_phone_number_id: str = field(
        default="100200300400500", metadata=_env("WHATSAPP_PHONE_NUMBER_ID")
    )
    whatsapp_token: str = field(default="sandbox-token", metadata=_env("WHATSAPP_TOKEN"))
    whatsapp_display_phone: str = field(
        default="254700100200", metadata=_env("WHATSAPP_DISPLAY_PHONE")
    )
    whatsapp_name: str = field(default="Hesabu", metadata=_env("WHATSAPP_NAME"))

    mpesa_key: str = field(default="sandbox-key", metadata=_env("MPESA_KEY"))
    mpesa_secret: str = field(default="sandbox-secret", metadata=_env("MPESA_SECRET"))
    mpesa_shortcode: str = field(default="174379", metadata=_env("MPESA_SHORTCODE"))
    mpesa_passkey: str = field(default=PUBLIC_PASSKEY, metadata=_env("MPESA_PASSKEY"))
    mpesa_name: str = field(default="KAMAU DESIGNS", metadata=_env("MPESA_NAME"))

    dialog360_key: str = field(default="sandbox-360dialog-key", metadata=_env("360DIALOG_KEY"))
    """The D360-API-KEY of the same business number, for a product that reaches WhatsApp that way."""
    dialog360_webhook: str = field(default="", metadata=_env("360DIALOG_WEBHOOK"))
    """Set: 360dialog hosts the number, and its events go here, unsigned. The product may also
    register an address by itself, as with the real one."""

    africastalking_username: str = field(
        default="sandbox", metadata=_env("AFRICASTALKING_USERNAME")
    )
    africastalking_key: str = field(
        default="sandbox-africastalking-key", metadata=_env("AFRICASTALKING_KEY")
    )
    africastalking_shortcode: str = field(
        default="20880", metadata=_env("AFRICASTALKING_SHORTCODE")
    )
    """The number people write their SMS to."""
    africastalking_senders: str = field(default="", metadata=_env("AFRICASTALKING_SENDERS"))
    """Sender ids that are registered, with commas between; empty: every sender is."""
    africastalking_delivery_webhook: str = field(
        default="", metadata=_env("AFRICASTALKING_DELIVERY_WEBHOOK")
    )
    africastalking_inbound_webhook: str = field(
        default="", metadata=_env("AFRICASTALKING_INBOUND_WEBHOOK")
    )
    africastalking_optout_webhook: str = field(
        default="", metadata=_env("AFRICASTALKING_OPTOUT_WEBHOOK")
    )

    mailgun_domain: str = field(default="mail.sandbox.test", metadata=_env("MAILGUN_DOMAIN"))
    mailgun_key: str = field(default="sandbox-mailgun-key", metadata=_env("MAILGUN_KEY"))
    mailgun_signing_key: str = field(
        default="sandbox-mailgun-signing-key", metadata=_env("MAILGUN_SIGNING_KEY")
    )
    mailgun_webhook: str = field(default="", metadata=_env("MAILGUN_WEBHOOK"))
    """Every kind of event is posted there; empty: to the addresses the product registers."""

    smtp_port: int = field(default=0, metadata=_env("SMTP_PORT"))
    """Where the mail server listens, on the same host; 0: there is none."""
    smtp_user: str = field(default="", metadata=_env("SMTP_USER"))
    """Set: nobody sends without logging in."""
    smtp_password: str = field(default="", metadata=_env("SMTP_PASSWORD"))

    inside_url: str = field(default="", metadata=_env("INSIDE_URL"))
    """Where a product in development tells what a message set off; empty: the page cannot show it."""
    inside_token: str = field(default="", metadata=_env("INSIDE_TOKEN"))

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> SandboxConfig:
        source = os.environ if environ is None else environ
        given: dict[str, str | int] = {}
        for each in fields(cls):
            name = each.metadata["env"]
            if name not in source:
                continue
            value = source[name].strip()
            if isinstance(each.default, int):
                if not value.isdigit():
                    raise ValueError(f"{name} must be a whole number")
                given[each.name] = int(value)
            else:
                given[each.name] = value
        if given.get("run") == "now":
            given["run"] = str(time.time_ns())
        return cls(**given)  # type: ignore[arg-type]
