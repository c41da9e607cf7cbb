"""Whose letters are Mailgun's.

Mailgun signs a time and a token, not the event: hex HMAC-SHA256(webhook signing key, timestamp + token). Somebody who saw
one signature could put another event under it, so a token is taken once (it is what a letter is unique on), and only while
Mailgun itself may still be trying to bring it.
"""

from __future__ import annotations

import hmac
import re

from hesabu.kit import clock, crypto, strict_json
from hesabu.store.letters import HookRequest, NotGenuine, OpenEndpoint, Verdict

AGE_SECONDS_MAX = 12 * 3600
"""Mailgun tries for eight hours."""
AHEAD_SECONDS_MAX = 600


_TIME = re.compile(r"[0-9]{1,11}")
_WORD = re.compile(r"[!-~]{16,200}")


def signature_of(key: str, timestamp: str, token: str) -> str:
    return hmac.digest(key.encode(), (timestamp + token).encode(), "sha256").hex()


class MailgunIntake:
    """Knows the HTTP webhook signing key of the account."""

    body_bytes_max = 512 * 1024

    def __init__(self, signing_key: str, *, before: str = "") -> None:
        """`before` is what it was until lately, and may still come."""
        self._signing_keys = [signing_key, before]

    def verify(self, endpoint: OpenEndpoint, request: HookRequest) -> Verdict:
        keys = [
            one for one in ([endpoint.secret] if endpoint.secret else self._signing_keys) if one
        ]
        if not keys:
            raise NotGenuine("mailgun: no signing key is set")
        timestamp, token, signature = _signed(request.body)
        expected = [signature_of(key, timestamp, token) for key in keys]
        if not crypto.same_as_one(signature, expected):
            raise NotGenuine("mailgun: wrongly signed")
        age = clock.now().timestamp() - int(timestamp)
        if not -AHEAD_SECONDS_MAX <= age <= AGE_SECONDS_MAX:
            raise NotGenuine("mailgun: too old")
        return Verdict(is_vouched=True, external_key=crypto.digest(f"mailgun:{token}"))

    def handshake(self, endpoint: OpenEndpoint, request: HookRequest) -> bytes | None:
        return None


def _signed(body: bytes) -> tuple[str, str, str]:
    """Timestamp, token and signature, each of the shape it should have."""
    try:
        whole = strict_json.read(body)
    except strict_json.NotJson as error:
        raise NotGenuine("mailgun: no JSON") from error
    said = whole.get("signature") if isinstance(whole, dict) else None
    if not isinstance(said, dict):
        raise NotGenuine("mailgun: unsigned")
    timestamp, token, signature = (said.get(key) for key in ("timestamp", "token", "signature"))
    if not isinstance(timestamp, str) or not _TIME.fullmatch(timestamp):
        raise NotGenuine("mailgun: unsigned")
    if not isinstance(token, str) or not _WORD.fullmatch(token):
        raise NotGenuine("mailgun: unsigned")
    if not isinstance(signature, str) or not _WORD.fullmatch(signature):
        raise NotGenuine("mailgun: unsigned")
    return timestamp, token, signature
