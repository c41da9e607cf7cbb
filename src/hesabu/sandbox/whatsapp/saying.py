"""From the person to the business: what is typed, tapped, photographed, or reacted with."""

from __future__ import annotations

from typing import Any

from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp.chats import Chat, Line, Mark
from hesabu.sandbox.whatsapp.errors import failure
from hesabu.sandbox.whatsapp.media import Media
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.whatsapp.sending import message_id
from hesabu.sandbox.whatsapp.shown import file_card
from hesabu.sandbox.whatsapp.webhooks import post_message
from hesabu.sandbox.world import World

Said = tuple[str, dict[str, Any], dict[str, Any]]
"""The type, the object on the wire, and what the phone shows."""


class CannotSay(ValueError):
    """There is nothing to say, or no such button."""


def say(world: World, person: Person, number: Number, what: dict[str, Any]) -> str:
    """Say one thing, as the phone's owner; returns the message's id."""
    if not person.on_whatsapp:
        raise CannotSay(f"{person.name} is not on WhatsApp")
    chat = world.chats.between(number, person.phone)
    context_id = str(what.get("reply_to") or "")
    kind, wire, shown = _content(world, chat, what)
    if kind == "interactive" or kind == "button":
        context_id = shown.pop("tapped", "") or context_id
    now = world.clock.now()
    line = Line(
        id=message_id(world, "person message"),
        at=now,
        is_mine=True,
        type=kind,
        shown=shown,
        context_id=context_id,
        marks=[Mark("sent", now)],
    )
    if kind == "reaction":
        _show_reaction(chat, wire)
    else:
        world.chats.add(chat, line)
        chat.heard_at = now  # a reaction is not known to open the window, so here it does not
    message: dict[str, Any] = {"type": kind, kind: wire}
    if kind == "unsupported":
        message = {"type": kind, "errors": [failure(131051, "Message type is not supported")]}
    if context_id:
        message["context"] = {"from": number.display_phone, "id": context_id}
    world.act(f"{person.name} says ({kind})")
    post_message(world, chat, person, line, message)
    world.changed(person.phone)
    return line.id


def _content(world: World, chat: Chat, what: dict[str, Any]) -> Said:
    if what.get("text"):
        text = str(what["text"])
        return "text", {"body": text}, {"text": text}
    if what.get("button_id"):
        return _tapped(chat, str(what["button_id"]), what)
    if what.get("list_id"):
        return _chosen(chat, str(what["list_id"]), what)
    if what.get("media"):
        return _file(world, what["media"])
    if what.get("reaction"):
        return _reaction(what["reaction"])
    if what.get("location"):
        return "location", dict(what["location"]), {"text": "", "location": what["location"]}
    if what.get("contacts"):
        names = ", ".join(c.get("name", {}).get("formatted_name", "") for c in what["contacts"])
        return "contacts", what["contacts"], {"text": names}
    if what.get("unsupported"):
        return "unsupported", {}, {"text": "(a kind of message the business cannot read)"}
    raise CannotSay("say one of text, button_id, list_id, media, reaction, location, contacts")


def _tapped(chat: Chat, button_id: str, what: dict[str, Any]) -> Said:
    """The newest message with that button, unless `reply_to` names an older one."""
    for line in _candidates(chat, what):
        for reply in line.shown.get("buttons", ()):
            if reply["id"] == button_id:
                wire = {"type": "button_reply", "button_reply": dict(reply)}
                return "interactive", wire, {"text": reply["title"], "tapped": line.id}
        for quick in line.shown.get("replies", ()):
            if button_id in (quick["payload"], quick["text"]):
                wire = {"payload": quick["payload"], "text": quick["text"]}
                return "button", wire, {"text": quick["text"], "tapped": line.id}
    if what.get("title"):  # nothing stops a modified client from sending any id it likes
        forged = {"id": button_id, "title": str(what["title"])}
        wire = {"type": "button_reply", "button_reply": forged}
        return "interactive", wire, {"text": forged["title"]}
    raise CannotSay(f"no message in this chat has the button {button_id!r}")


def _chosen(chat: Chat, row_id: str, what: dict[str, Any]) -> Said:
    for line in _candidates(chat, what):
        for section in line.shown.get("list", {}).get("sections", ()):
            for row in section["rows"]:
                if row["id"] == row_id:
                    wire = {"type": "list_reply", "list_reply": dict(row)}
                    return "interactive", wire, {"text": row["title"], "tapped": line.id}
    raise CannotSay(f"no message in this chat has the row {row_id!r}")


def _candidates(chat: Chat, what: dict[str, Any]) -> list[Line]:
    lines = [line for line in reversed(chat.lines) if not line.is_mine]
    if what.get("reply_to"):
        return [line for line in lines if line.id == what["reply_to"]]
    return lines


def _file(world: World, given: dict[str, Any]) -> Said:
    """`given` holds the bytes, a name and a type; who decoded them checked them."""
    media = Media(
        world.chance.digits("media", 16),
        given["content"],
        str(given.get("mime_type") or "application/octet-stream"),
        str(given.get("filename") or ""),
    )
    world.chats.media.keep(media)
    kind, caption = media.kind, str(given.get("caption") or "")
    wire: dict[str, Any] = {
        "id": media.id,
        "mime_type": media.mime_type,
        "sha256": media.sha256,
    }
    if caption and kind in ("image", "video", "document"):
        wire["caption"] = caption
    if kind == "document":
        wire["filename"] = media.filename
    if kind == "audio":
        wire["voice"] = bool(given.get("voice", True))
    return kind, wire, {"text": caption, "file": file_card(media)}


def _reaction(given: dict[str, Any]) -> Said:
    wire = {"message_id": str(given.get("message_id", ""))}
    if given.get("emoji"):
        wire["emoji"] = str(given["emoji"])
    return "reaction", wire, {}


def _show_reaction(chat: Chat, wire: dict[str, Any]) -> None:
    about = chat.line(wire["message_id"])
    if about is None:
        raise CannotSay("there is no such message to react to")
    if "emoji" in wire:
        about.reactions["person"] = wire["emoji"]
    else:
        about.reactions.pop("person", None)
