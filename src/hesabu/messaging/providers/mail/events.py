"""What Mailgun tells: one event a letter. Its signature covers time and token and not the event itself, so nothing more is
believed of it than the state of a message of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hesabu.kit import strict_json
from hesabu.messaging.providers.checks import Unreadable, an_object, part, text
from hesabu.messaging.providers.port import Contents, Told, Unread
from hesabu.messaging.types import Channel

VERBS = {
    "accepted": "pass_on",
    "delivered": "deliver",
    "opened": "see",
    "clicked": "see",
    "rejected": "fail",
    "complained": "deliver",
    "unsubscribed": "deliver",
}
CODES = {"rejected": "rejected", "complained": "complained", "unsubscribed": "opted_out"}
SUPPRESSED = {
    "suppress-bounce": "bounced",
    "suppress-complaint": "complained",
    "suppress-unsubscribe": "opted_out",
}
"""Reasons for which Mailgun drops a mail without trying."""
MARK = "hesabu-mark"


def letter(body: bytes) -> Contents:
    """The event, as a status; nothing where it says nothing new (a failure that Mailgun will try again by itself)."""
    try:
        told = _told(body)
    except Unreadable as error:
        return Contents(unread=[Unread("letter", str(error))])
    return Contents(told=[told] if told else [])


def _told(body: bytes) -> Told | None:
    try:
        whole = strict_json.read(body, exact=True)
    except strict_json.NotJson as error:
        raise Unreadable("it is no JSON") from error
    event = part(an_object(whole, "the letter"), "event-data")
    word = text(event.get("event"), 40)
    verb, code = VERBS.get(word, ""), CODES.get(word, "")
    if word == "failed":
        if event.get("severity") != "permanent":
            return None
        verb, code = "fail", _why(event)
    if word == "opened" and _is_machine(event):
        return None
    if not verb:
        return None
    headers = part(part(event, "message"), "headers")
    provider_id = text(headers.get("message-id"), 998).strip("<>")
    if not provider_id:
        raise Unreadable("it is about no message")
    variables = event.get("user-variables")
    mark = variables.get(MARK) if isinstance(variables, dict) else None
    return Told(
        provider_id=provider_id,
        verb=verb,
        at=_instant(event.get("timestamp")),
        mark=mark if isinstance(mark, str) and mark else None,
        code=code,
        channel=Channel.EMAIL,
    )


def _why(event: dict[str, Any]) -> str:
    """Whether the address is no good, or only this mail was not wanted."""
    reason = text(event.get("reason"), 40)
    if reason in SUPPRESSED:
        return SUPPRESSED[reason]
    status = event.get("delivery-status")
    code = status.get("code") if isinstance(status, dict) else None
    if reason == "bounce" or code in (550, 551, 553):
        return "bounced"
    return "expired" if reason == "old" else "undeliverable"


def _is_machine(event: dict[str, Any]) -> bool:
    """Mail is opened by filters and proxies, too; those Mailgun names are no readers."""
    client = event.get("client-info")
    return isinstance(client, dict) and bool(client.get("bot"))


def _instant(value: Any) -> datetime:
    """Seconds with a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unreadable("its timestamp is no unix time")
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError, InvalidOperation) as error:
        raise Unreadable("its timestamp is no unix time") from error
