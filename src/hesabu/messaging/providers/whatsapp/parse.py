"""An envelope taken apart: every entry, every change, every message and status in it.

Pure. What is not known is passed over; what should be there and is not makes an `Unread` for that one part, naming the
place and the fault and never the content. Nothing that came from outside is trusted to be of the type it should be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from hesabu.kit import strict_json
from hesabu.messaging.providers.checks import (
    ID_MAX,
    Unreadable,
    a_list,
    a_phone,
    an_id,
    an_instant,
    an_object,
    text,
)
from hesabu.messaging.providers.port import Arrived, Contents, Moved, Told, Unread
from hesabu.messaging.providers.whatsapp import codes
from hesabu.messaging.providers.whatsapp.kinds import content_of
from hesabu.messaging.rules import Cure

PARTS_MAX = 5000
VERBS = {
    "sent": "pass_on",
    "delivered": "deliver",
    "read": "see",
    "played": "play",
    "failed": "fail",
}


def envelope(body: bytes, *, phone_number_id: str = "") -> Contents:
    """Everything in the letter. With `phone_number_id`, what was sent to another number of the app is refused."""
    try:
        whole = an_object(strict_json.read(body, exact=True), "the letter")
        if whole.get("object") != "whatsapp_business_account":
            raise Unreadable("it is not from a WhatsApp account")
        changes = list(_changes(whole))
    except ValueError as error:
        reason = str(error) if isinstance(error, Unreadable) else "it is no JSON"
        return Contents(unread=[Unread("letter", reason)])
    found = _Found()
    for place, change in changes:
        found.read(place, partial(_change, change, place, found, phone_number_id))
    return Contents(found.arrived, found.told, found.moved, unread=found.unread)


class _Found:
    """What was read so far."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.told: list[Told] = []
        self.moved: list[Moved] = []
        self.unread: list[Unread] = []

    def read(self, place: str, part: Callable[[], None]) -> None:
        """Read one part; if it is bad, only it is."""
        try:
            part()
        except Unreadable as error:
            self.unread.append(Unread(place, str(error)))


def _changes(whole: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for i, entry in enumerate(a_list(whole.get("entry"), "entry")):
        changes = entry.get("changes") if isinstance(entry, dict) else None
        if not isinstance(changes, list):
            yield f"entry[{i}]", None
            continue
        for j, change in enumerate(changes):
            yield f"entry[{i}].changes[{j}]", change


def _change(change: Any, place: str, found: _Found, phone_number_id: str) -> None:
    change = an_object(change, "the change")
    if change.get("field") != "messages":
        return
    value = an_object(change.get("value"), "value")
    metadata = value.get("metadata")
    to_number = str(metadata.get("phone_number_id", "")) if isinstance(metadata, dict) else ""
    if phone_number_id and to_number and to_number != phone_number_id:
        raise Unreadable("it is for another number")
    people = _people(value.get("contacts"))
    messages = a_list(value.get("messages") or [], "messages")
    statuses = a_list(value.get("statuses") or [], "statuses")
    if len(messages) + len(statuses) > PARTS_MAX:
        raise Unreadable("there are too many parts in it")
    for i, message in enumerate(messages):
        found.read(f"{place}.messages[{i}]", partial(_message, message, people, found))
    for i, status in enumerate(statuses):
        found.read(f"{place}.statuses[{i}]", partial(_status, status, found))


def _people(contacts: Any) -> dict[str, Mapping[str, Any]]:
    """Who is spoken of, by number and by user id. A contact that is no contact is nobody."""
    people: dict[str, Mapping[str, Any]] = {}
    for contact in contacts if isinstance(contacts, list) else []:
        if isinstance(contact, dict):
            for key in (contact.get("wa_id"), contact.get("user_id")):
                if isinstance(key, str) and key:
                    people[key] = contact
    return people


def _message(message: Any, people: Mapping[str, Mapping[str, Any]], found: _Found) -> None:
    message = an_object(message, "the message")
    provider_id = an_id(message.get("id"))
    sent_at = an_instant(message.get("timestamp"))
    number, user_id = text(message.get("from"), ID_MAX), text(message.get("from_user_id"), ID_MAX)
    contact = people.get(number) or people.get(user_id) or {}
    user_id = user_id or text(contact.get("user_id"), ID_MAX)
    number = number or text(contact.get("wa_id"), ID_MAX)
    phone = a_phone(number) if number else None
    if not phone and not user_id:
        raise Unreadable("it says nobody who sent it")
    if message.get("type") == "system":
        _system(message, provider_id, sent_at, phone, user_id or None, found)
        return
    kind, content = content_of(message)
    context = message.get("context")
    quoted = text(context.get("id"), ID_MAX) if isinstance(context, dict) else ""
    profile = contact.get("profile")
    name = text(profile.get("name"), 200) if isinstance(profile, dict) else ""
    found.arrived.append(
        Arrived(
            provider_id=provider_id,
            phone=phone,
            user_id=user_id or None,
            name=name.strip() or None,
            kind=kind,
            sent_at=sent_at,
            content=content | ({"quoted": quoted} if quoted else {}) | _device(message),
        )
    )


def _device(message: dict[str, Any]) -> dict[str, str]:
    """The sign by which one telephone is told from the next, where the house asked Meta for it: it changes when somebody sets
    WhatsApp up anew."""
    identity = message.get("identity")
    sign = text(identity.get("hash"), ID_MAX) if isinstance(identity, dict) else ""
    return {"device": sign} if sign else {}


def _system(
    message: dict[str, Any],
    provider_id: str,
    sent_at: datetime,
    old_phone: str | None,
    old_user_id: str | None,
    found: _Found,
) -> None:
    """Somebody's number changed. Other notices are passed over."""
    system = an_object(message.get("system"), "system")
    if system.get("type") not in (
        "user_changed_number",
        "customer_changed_number",
        "user_id_update",
    ):
        return
    number = text(system.get("wa_id") or system.get("new_wa_id"), ID_MAX)
    new_user_id = text(system.get("user_id") or system.get("new_user_id"), ID_MAX)
    if not number and not new_user_id:
        raise Unreadable("it says no new number")
    found.moved.append(
        Moved(
            provider_id,
            old_phone,
            old_user_id,
            a_phone(number) if number else None,
            new_user_id or None,
            sent_at,
        )
    )


def _status(status: Any, found: _Found) -> None:
    status = an_object(status, "the status")
    word = status.get("status")
    verb = VERBS.get(word) if isinstance(word, str) else None
    if verb is None:
        raise Unreadable("it is a status we do not know")
    code, cure = "", Cure.NONE
    if verb == "fail":
        errors = status.get("errors")
        first = errors[0] if isinstance(errors, list) and errors else None
        code, cure = codes.of_error(first, otherwise=Cure.NONE)
    mark = status.get("biz_opaque_callback_data")
    pricing = status.get("pricing")
    pricing = pricing if isinstance(pricing, dict) else {}
    billable = pricing.get("billable")
    found.told.append(
        Told(
            provider_id=an_id(status.get("id")),
            verb=verb,
            at=an_instant(status.get("timestamp")),
            mark=mark if isinstance(mark, str) and mark else None,
            code=code,
            cure=cure,
            is_billable=billable if isinstance(billable, bool) else None,
            price_category=text(pricing.get("category"), 40),
        )
    )
