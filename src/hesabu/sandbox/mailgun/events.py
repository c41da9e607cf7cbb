"""Events: what becomes of a mail, kept for who asks and posted, signed, to who listens."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from hesabu.sandbox.delivery import Parcel
from hesabu.sandbox.mail.boxes import Mail
from hesabu.sandbox.mail.fates import Fate
from hesabu.sandbox.mailgun.domains import Domain
from hesabu.sandbox.world import World

DROPPED_AT = 406
"""An answer that Mailgun takes for "do not try again"."""
LEVELS = {"failed": "error", "rejected": "warn", "complained": "warn", "unsubscribed": "warn"}


def signature(key: str, timestamp: str, token: str) -> str:
    return hmac.new(key.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()


def tell(
    world: World,
    mail: Mail,
    kind: str,
    *,
    severity: str = "",
    reason: str = "",
    fate: Fate | None = None,
    attempt: int = 1,
    is_test: bool = False,
) -> dict[str, Any]:
    """Note the event and post it to whoever listens for its kind."""
    domain = world.mailgun.domain(mail.domain)
    made = _event(world, mail, kind, is_test=is_test)
    if severity:
        made |= {"severity": severity, "reason": reason}
        made["log-level"] = "error" if severity == "permanent" else "warn"
    if kind in ("delivered", "failed"):
        made["delivery-status"] = _delivery_status(mail, fate, attempt)
    if kind in ("opened", "complained", "unsubscribed"):
        made |= _client(kind)
    domain.events.append(made)
    webhook_id = f"{severity}_fail" if severity else kind
    for url in domain.listeners(webhook_id):
        _post(world, domain, url, made)
    return made


def _event(world: World, mail: Mail, kind: str, *, is_test: bool) -> dict[str, Any]:
    sender = mail.header("Sender") or mail.sender
    return {
        "event": kind,
        "id": world.chance.letters("mailgun event", 22, _ID_ALPHABET),
        "timestamp": round(world.clock.now(), 6),
        "log-level": LEVELS.get(kind, "info"),
        "recipient": mail.to,
        "recipient-domain": mail.to.rpartition("@")[2],
        "envelope": {
            "sender": sender,
            "targets": mail.to,
            "transport": "smtp",
            "sending-ip": "203.0.113.7",
        },
        "message": {
            "headers": {
                "to": mail.header("To") or mail.to,
                "from": mail.sender,
                "subject": mail.subject,
                "message-id": mail.message_id,
            },
            "attachments": [
                {
                    "filename": each.filename,
                    "content-type": each.mime_type,
                    "size": len(each.content),
                }
                for each in mail.attachments
            ],
            "size": mail.size,
        },
        "flags": {
            "is-authenticated": True,
            "is-routed": False,
            "is-system-test": False,
            "is-test-mode": is_test,
        },
        "tags": list(mail.tags),
        "user-variables": mail.variables or [],  # theirs is an empty list when there are none
        "campaigns": [],
        "account": {"id": "sandbox"},
        "domain": {"name": mail.domain},
    }


_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _delivery_status(mail: Mail, fate: Fate | None, attempt: int) -> dict[str, Any]:
    host = mail.to.rpartition("@")[2]
    code = fate.code if fate else 250
    return {
        "tls": True,
        "mx-host": f"mx.{host}",
        "code": code,
        "description": "",
        "enhanced-code": fate.enhanced if fate else "",
        "message": fate.words if fate and fate.words else "OK",
        "attempt-no": attempt,
        "session-seconds": 0.4,
        "utf8": True,
        "certificate-verified": True,
    }


def _client(kind: str) -> dict[str, Any]:
    if kind == "complained":
        return {}
    return {
        "ip": "198.51.100.23",
        "geolocation": {"country": "KE", "region": "30", "city": "Nairobi"},
        "client-info": {
            "client-name": "Mobile Safari",
            "client-os": "iOS",
            "client-type": "mobile browser",
            "device-type": "mobile",
            "user-agent": "Mozilla/5.0",
        },
    }


def _post(world: World, domain: Domain, url: str, made: dict[str, Any]) -> None:
    timestamp = str(int(world.clock.now()))
    token = world.chance.hexadecimal("mailgun token", 50)
    signed = {
        "timestamp": timestamp,
        "token": token,
        "signature": signature(domain.signing_key, timestamp, token),
    }
    body = json.dumps({"signature": signed, "event-data": made}).encode()
    world.delivery.post(
        Parcel(
            provider="mailgun",
            url=url,
            body=body,
            subject=f"{made['event']} {made['id']}",
            line=made["recipient"],
            is_retried=True,
            dropped_at=DROPPED_AT,
        )
    )
