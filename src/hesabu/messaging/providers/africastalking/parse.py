"""What Africa's Talking posts: forms, one thing each. Which thing, the address says that it came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from hesabu.kit import clock
from hesabu.messaging.providers.africastalking import codes
from hesabu.messaging.providers.checks import Unreadable, a_phone, an_id, text
from hesabu.messaging.providers.port import Arrived, Closed, Contents, Told, Unread
from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Channel, Kind

FIELDS_MAX = 40
Form = Mapping[str, str]


def letter(body: bytes, ref: str) -> Contents:
    """What stands in one form. A field that is missing makes it unreadable, never half read."""
    try:
        return _reading(ref)(_form(body))
    except Unreadable as error:
        return Contents(unread=[Unread(f"letter:{ref[:40]}", str(error))])


def _reading(ref: str) -> Callable[[Form], Contents]:
    read = _KINDS.get(ref.strip("/"))
    if read is None:
        raise Unreadable("nothing of ours comes to that address")
    return read


def _form(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="replace"
        )
    except ValueError as error:
        raise Unreadable("it is no form") from error
    if not pairs:
        raise Unreadable("it is no form")
    return dict(pairs)


def _report(form: Form) -> Contents:
    status = form.get("status", "")
    verb = codes.VERBS.get(status)
    if verb is None:
        raise Unreadable("it is a status we do not know")
    code, cure = "", Cure.NONE
    if verb == "fail":
        code, cure = codes.of_report(status, form.get("failureReason", ""))
    told = Told(
        provider_id=an_id(form.get("id")),
        verb=verb,
        at=clock.now(),
        code=code,
        cure=cure,
        channel=Channel.SMS,
    )
    return Contents(told=[told])


def _incoming(form: Form) -> Contents:
    arrived = Arrived(
        provider_id=an_id(form.get("id")),
        phone=_phone(form.get("from", "")),
        user_id=None,
        name=None,
        kind=Kind.TEXT,
        sent_at=_instant(form.get("date", "")),
        content={"text": text(form.get("text", ""))},
        channel=Channel.SMS,
    )
    return Contents(arrived=[arrived])


def _opted_out(form: Form) -> Contents:
    return Contents(closed=[Closed(Channel.SMS, _phone(form.get("phoneNumber", "")), "opted_out")])


_KINDS: dict[str, Callable[[Form], Contents]] = {
    "delivery": _report,
    "inbound": _incoming,
    "optout": _opted_out,
}


def _phone(number: str) -> str:
    """A plus that nobody escaped came as a space."""
    return a_phone(number.strip())


def _instant(date: str) -> datetime:
    """Taken for UTC, and never later than now. What cannot be read came just now: words are worth more than their date."""
    now = clock.now()
    try:
        written = datetime.fromisoformat(date.strip().removesuffix("Z"))
    except ValueError:
        return now
    return min(written if written.tzinfo else written.replace(tzinfo=UTC), now)
