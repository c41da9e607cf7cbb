"""An envelope taken apart: every entry, every change, every message and status in it.

Pure. What is not known is passed over; what should be there and is not makes an `Unread` for that one part, naming the
place and the fault and never the content. Nothing that came from outside is trusted to be of the type it should be.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from hesabu.messaging.providers.port import Arrived, Contents, Moved, Told, Unread
from hesabu.messaging.providers.whatsapp import codes
from hesabu.messaging.rules import Cure
from hesabu.messaging.types import Kind

PARTS_MAX = 5000
ID_MAX = 512
VERBS = {
    "sent": "pass_on",
    "delivered": "deliver",
    "read": "see",
    "played": "play",
    "failed": "fail",
}
_FILES = {
    "image": Kind.IMAGE,
    "video": Kind.VIDEO,
    "document": Kind.DOCUMENT,
    "audio": Kind.AUDIO,
    "voice": Kind.VOICE,
    "sticker": Kind.STICKER,
}


class Unreadable(ValueError):
    """One part of a letter is not what it should be; says what is wrong, never what was there."""


def envelope(body: bytes, *, phone_number_id: str = "") -> Contents:
    """Everything in the letter. With `phone_number_id`, what was sent to another number of the app is refused."""
    try:
        whole = _an_object(_json(body), "the letter")
        if whole.get("object") != "whatsapp_business_account":
            raise Unreadable("it is not from a WhatsApp account")
        changes = list(_changes(whole))
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, Unreadable) else "it is no JSON"
        return Contents(unread=[Unread("letter", reason)])
    found = _Found()
    for place, change in changes:
        found.read(place, partial(_change, change, place, found, phone_number_id))
    return Contents(found.arrived, found.told, found.moved, found.unread)


def _json(body: bytes) -> Any:
    """Fractions stay exact; what JSON does not have (NaN) is refused."""
    return json.loads(body, parse_float=Decimal, parse_constant=_no_number)


def _no_number(word: str) -> Any:
    raise ValueError(word)


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
    for i, entry in enumerate(_a_list(whole.get("entry"), "entry")):
        changes = entry.get("changes") if isinstance(entry, dict) else None
        if not isinstance(changes, list):
            yield f"entry[{i}]", None
            continue
        for j, change in enumerate(changes):
            yield f"entry[{i}].changes[{j}]", change


def _change(change: Any, place: str, found: _Found, phone_number_id: str) -> None:
    change = _an_object(change, "the change")
    if change.get("field") != "messages":
        return
    value = _an_object(change.get("value"), "value")
    metadata = value.get("metadata")
    to_number = str(metadata.get("phone_number_id", "")) if isinstance(metadata, dict) else ""
    if phone_number_id and to_number and to_number != phone_number_id:
        raise Unreadable("it is for another number")
    people = _people(value.get("contacts"))
    messages = _a_list(value.get("messages") or [], "messages")
    statuses = _a_list(value.get("statuses") or [], "statuses")
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
    message = _an_object(message, "the message")
    provider_id = _an_id(message.get("id"))
    sent_at = _an_instant(message.get("timestamp"))
    number, user_id = _text(message.get("from"), ID_MAX), _text(message.get("from_user_id"), ID_MAX)
    contact = people.get(number) or people.get(user_id) or {}
    user_id = user_id or _text(contact.get("user_id"), ID_MAX)
    number = number or _text(contact.get("wa_id"), ID_MAX)
    phone = _a_phone(number) if number else None
    if not phone and not user_id:
        raise Unreadable("it says nobody who sent it")
    if message.get("type") == "system":
        _system(message, provider_id, sent_at, phone, user_id or None, found)
        return
    kind, content = _content(message)
    context = message.get("context")
    quoted = _text(context.get("id"), ID_MAX) if isinstance(context, dict) else ""
    profile = contact.get("profile")
    name = _text(profile.get("name"), 200) if isinstance(profile, dict) else ""
    found.arrived.append(
        Arrived(
            provider_id=provider_id,
            phone=phone,
            user_id=user_id or None,
            name=name.strip() or None,
            kind=kind,
            sent_at=sent_at,
            content=content | ({"quoted": quoted} if quoted else {}),
        )
    )


def _system(
    message: dict[str, Any],
    provider_id: str,
    sent_at: datetime,
    old_phone: str | None,
    old_user_id: str | None,
    found: _Found,
) -> None:
    """Somebody's number changed. Other notices are passed over."""
    system = _an_object(message.get("system"), "system")
    if system.get("type") not in (
        "user_changed_number",
        "customer_changed_number",
        "user_id_update",
    ):
        return
    number = _text(system.get("wa_id") or system.get("new_wa_id"), ID_MAX)
    new_user_id = _text(system.get("user_id") or system.get("new_user_id"), ID_MAX)
    if not number and not new_user_id:
        raise Unreadable("it says no new number")
    found.moved.append(
        Moved(
            provider_id,
            old_phone,
            old_user_id,
            _a_phone(number) if number else None,
            new_user_id or None,
            sent_at,
        )
    )


def _content(message: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    """What it is, and what is kept of it."""
    word = _text(message.get("type"), 64)
    if word == "text":
        return Kind.TEXT, {"text": _text(_part(message, "text").get("body"))}
    if word == "interactive":
        return _interactive(_part(message, "interactive"))
    if word == "button":
        button = _part(message, "button")
        return Kind.BUTTON, _tapped(button.get("payload"), button.get("text"))
    if word in _FILES:
        return _file(_FILES[word], _part(message, word))
    if word == "location":
        where = _part(message, "location")
        kept = {key: _text(where.get(key)) for key in ("latitude", "longitude", "name", "address")}
        return Kind.LOCATION, {"text": kept["name"], "location": kept}
    if word == "contacts":
        cards = _a_list(message.get("contacts"), "contacts")
        return Kind.CONTACTS, {"text": "", "contacts": [_card(card) for card in cards[:20]]}
    if word == "reaction":
        reaction = _part(message, "reaction")
        target = _text(reaction.get("message_id"), ID_MAX)
        return Kind.REACTION, {"text": _text(reaction.get("emoji"), 64), "quoted": target}
    if word == "order":
        return Kind.ORDER, {"text": ""}
    return Kind.UNSUPPORTED, {"text": "", "word": _text(word, 64)}


def _interactive(reply: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    word = reply.get("type")
    if word == "button_reply":
        button = _part(reply, "button_reply")
        return Kind.BUTTON, _tapped(button.get("id"), button.get("title"))
    if word == "list_reply":
        row = _part(reply, "list_reply")
        return Kind.CHOICE, _tapped(row.get("id"), row.get("title"))
    if word == "nfm_reply":
        form = _part(reply, "nfm_reply")
        return Kind.FORM, {"text": "", "form": _text(form.get("response_json"))}
    return Kind.UNSUPPORTED, {"text": "", "word": _text(word, 64)}


def _tapped(button_id: Any, title: Any) -> dict[str, Any]:
    """A tap. Its id is what we once sent, or what somebody made up."""
    return {"text": _text(title, 1024), "button_id": _text(button_id, 1024)}


def _file(kind: Kind, file: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    if kind is Kind.AUDIO and file.get("voice") is True:
        kind = Kind.VOICE
    media = {
        "id": _an_id(file.get("id")),
        "content_type": _text(file.get("mime_type"), 200),
        "sha256": _text(file.get("sha256"), 200),
        "filename": _text(file.get("filename"), 240),
    }
    return kind, {"text": _text(file.get("caption")), "media": media}


def _card(card: Any) -> dict[str, Any]:
    """A person's card: their name and numbers."""
    card = card if isinstance(card, dict) else {}
    name = card.get("name")
    phones = card.get("phones")
    numbers = [
        _text(phone.get("wa_id") or phone.get("phone"), 64)
        for phone in (phones if isinstance(phones, list) else [])[:10]
        if isinstance(phone, dict)
    ]
    called = _text(name.get("formatted_name"), 200) if isinstance(name, dict) else ""
    return {"name": called, "phones": [number for number in numbers if number]}


def _status(status: Any, found: _Found) -> None:
    status = _an_object(status, "the status")
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
    found.told.append(
        Told(
            provider_id=_an_id(status.get("id")),
            verb=verb,
            at=_an_instant(status.get("timestamp")),
            mark=mark if isinstance(mark, str) and mark else None,
            code=code,
            cure=cure,
        )
    )


def _an_object(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is no object")
    return value


def _part(whole: dict[str, Any], name: str) -> dict[str, Any]:
    return _an_object(whole.get(name), name)


def _a_list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise Unreadable(f"{name} is no list")
    return value


def _an_id(value: Any) -> str:
    text = _text(value, ID_MAX + 1)
    if not text or len(text) > ID_MAX:
        raise Unreadable("its id is missing or too long")
    return text


def _an_instant(value: Any) -> datetime:
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        raise Unreadable("its timestamp is no unix time")
    return datetime.fromtimestamp(int(text), UTC)


def _a_phone(number: str) -> str:
    """WhatsApp's form is the international one without a plus."""
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 15):
        raise Unreadable("its number is no telephone number")
    return f"+{digits}"


def _text(value: Any, most: int = 65_536) -> str:
    """Text that can be kept: numbers as they are written, lone surrogates replaced, anything else nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return str(value)[:most].encode("utf-8", "replace").decode()
