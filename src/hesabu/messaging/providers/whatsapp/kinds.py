"""What a message is, and what is kept of it. A kind nobody has heard of yet is `unsupported`."""

from __future__ import annotations

from typing import Any

from hesabu.messaging.providers.checks import ID_MAX, a_list, an_id, part, text
from hesabu.messaging.types import Kind

_FILES = {
    "image": Kind.IMAGE,
    "video": Kind.VIDEO,
    "document": Kind.DOCUMENT,
    "audio": Kind.AUDIO,
    "voice": Kind.VOICE,
    "sticker": Kind.STICKER,
}


def content_of(message: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    """What it is, and what is kept of it."""
    word = text(message.get("type"), 64)
    if word == "text":
        return Kind.TEXT, {"text": text(part(message, "text").get("body"))}
    if word == "interactive":
        return _interactive(part(message, "interactive"))
    if word == "button":
        button = part(message, "button")
        return Kind.BUTTON, _tapped(button.get("payload"), button.get("text"))
    if word in _FILES:
        return _file(_FILES[word], part(message, word))
    if word == "location":
        where = part(message, "location")
        kept = {key: text(where.get(key)) for key in ("latitude", "longitude", "name", "address")}
        return Kind.LOCATION, {"text": kept["name"], "location": kept}
    if word == "contacts":
        cards = a_list(message.get("contacts"), "contacts")
        return Kind.CONTACTS, {"text": "", "contacts": [_card(card) for card in cards[:20]]}
    if word == "reaction":
        reaction = part(message, "reaction")
        target = text(reaction.get("message_id"), ID_MAX)
        return Kind.REACTION, {"text": text(reaction.get("emoji"), 64), "quoted": target}
    if word == "order":
        return Kind.ORDER, {"text": ""}
    return Kind.UNSUPPORTED, {"text": "", "word": text(word, 64)}


def _interactive(reply: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    word = reply.get("type")
    if word == "button_reply":
        button = part(reply, "button_reply")
        return Kind.BUTTON, _tapped(button.get("id"), button.get("title"))
    if word == "list_reply":
        row = part(reply, "list_reply")
        return Kind.CHOICE, _tapped(row.get("id"), row.get("title"))
    if word == "nfm_reply":
        form = part(reply, "nfm_reply")
        return Kind.FORM, {"text": "", "form": text(form.get("response_json"))}
    return Kind.UNSUPPORTED, {"text": "", "word": text(word, 64)}


def _tapped(button_id: Any, title: Any) -> dict[str, Any]:
    """A tap. Its id is what we once sent, or what somebody made up."""
    return {"text": text(title, 1024), "button_id": text(button_id, 1024)}


def _file(kind: Kind, file: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    if kind is Kind.AUDIO and file.get("voice") is True:
        kind = Kind.VOICE
    media = {
        "id": an_id(file.get("id")),
        "content_type": text(file.get("mime_type"), 200),
        "sha256": text(file.get("sha256"), 200),
        "filename": text(file.get("filename"), 240),
    }
    return kind, {"text": text(file.get("caption")), "media": media}


def _card(card: Any) -> dict[str, Any]:
    """A person's card: their name and numbers."""
    card = card if isinstance(card, dict) else {}
    name = card.get("name")
    phones = card.get("phones")
    numbers = [
        text(phone.get("wa_id") or phone.get("phone"), 64)
        for phone in (phones if isinstance(phones, list) else [])[:10]
        if isinstance(phone, dict)
    ]
    called = text(name.get("formatted_name"), 200) if isinstance(name, dict) else ""
    return {"name": called, "phones": [number for number in numbers if number]}
