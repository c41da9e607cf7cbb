"""From the business to the person: accepted now, and what became of it told later."""

from __future__ import annotations

import base64
from typing import Any

import httpx

from hesabu.sandbox.people import BadPhone, Person, as_msisdn
from hesabu.sandbox.whatsapp import checks
from hesabu.sandbox.whatsapp.chats import TYPING_SECONDS, Chat, Line, Mark
from hesabu.sandbox.whatsapp.errors import Refused, failure
from hesabu.sandbox.whatsapp.media import LIMITS, Media
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.whatsapp.shown import file_card, shown_of
from hesabu.sandbox.whatsapp.templates import require_english
from hesabu.sandbox.whatsapp.webhooks import post_status
from hesabu.sandbox.world import World

SENT_SECONDS, DELIVERED_SECONDS = 0.05, 0.15
LINK_BYTES_MAX = 16 * 1024 * 1024


def message_id(world: World, name: str) -> str:
    """A wamid: base64 in WhatsApp's shape, without the phone number that real ones carry."""
    mark = world.chance.hexadecimal(name, 32).upper().encode()
    body = b"\x1c\x18\x10" + mark[:16] + b"\x15\x02\x00\x11\x18\x10" + mark[16:] + b"\x00"
    return "wamid." + base64.b64encode(body).decode()


def send(world: World, number: Number, sent: dict[str, Any]) -> dict[str, Any]:
    kind = checks.message(sent)
    person, by_phone = _recipient(world, number, sent)
    chat = world.chats.between(number, person.phone)
    if world.dials["whatsapp"].is_on("pair_limit") and not chat.takes_one_more(world.clock.now()):
        raise Refused(131056, "Message failed to send because there were too many to this person")
    if kind == "reaction":
        line = _react(world, chat, sent["reaction"])
    else:
        line = _line(world, chat, sent, kind)
    line.opaque = sent.get("biz_opaque_callback_data", "")
    line.by_phone = by_phone
    world.timetable.after(SENT_SECONDS, lambda: _go(world, chat, person, line))
    return _accepted(person, sent, line, by_phone=by_phone)


def _recipient(world: World, number: Number, sent: dict[str, Any]) -> tuple[Person, bool]:
    if sent.get("to"):
        try:
            phone = as_msisdn(str(sent["to"]))
        except BadPhone as error:
            raise Refused(131009, str(error)) from error
        if phone == number.display_phone:
            raise Refused(131021, "Sender and recipient phone number is the same")
        if number.allowed and phone not in number.allowed:
            raise Refused(131030, "Add the recipient phone number to the allowed list")
        return world.people.reached_at(phone), True
    person = world.people.with_user_id(str(sent["recipient"]))
    if person is None:
        raise Refused(131009, "recipient is not a user id of this business")
    return person, False


def _line(world: World, chat: Chat, sent: dict[str, Any], kind: str) -> Line:
    if kind == "template" and world.dials["whatsapp"].is_on("english_only"):
        require_english(sent["template"])
    shown = shown_of(sent, kind, world.chats)
    context_id = sent.get("context", {}).get("message_id", "")
    category = shown.pop("category", "service")
    line = Line(
        id=message_id(world, "business message"),
        at=world.clock.now(),
        is_mine=False,
        type=kind,
        shown=shown,
        context_id=context_id,
        category=category,
    )
    world.chats.add(chat, line)
    return line


def _react(world: World, chat: Chat, reaction: dict[str, Any]) -> Line:
    """A reaction is a message with an id and statuses, but shows on the line it is about."""
    about = chat.line(reaction["message_id"])
    if about is None:
        raise Refused(131009, "reaction['message_id'] is not a message of this chat")
    about.reactions["business"] = reaction["emoji"]
    return Line(message_id(world, "business message"), world.clock.now(), False, "reaction", {})


def _accepted(
    person: Person, sent: dict[str, Any], line: Line, *, by_phone: bool
) -> dict[str, Any]:
    contact = {"input": str(sent.get("to") or sent.get("recipient")), "user_id": person.user_id}
    if by_phone:
        contact["wa_id"] = person.phone
    message = {"id": line.id}
    if line.type == "template":
        message["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}


async def _go(world: World, chat: Chat, person: Person, line: Line) -> None:
    """After the answer: fail for one of Meta's late reasons, or go out to the phone."""
    reason = await _late_failure(world, chat, person, line)
    if reason is not None:
        mark(world, chat, person, line, "failed", reason)
        return
    mark(world, chat, person, line, "sent")
    chat.typing_until = 0.0
    if person.is_online:
        _deliver_soon(world, chat, person, line)


async def _late_failure(
    world: World, chat: Chat, person: Person, line: Line
) -> dict[str, Any] | None:
    if not person.on_whatsapp:
        return failure(131026, "The recipient is not a valid WhatsApp user")
    if line.type != "template" and not chat.is_window_open(line.at):
        words = "more than 24 hours have passed since the customer last replied to this number"
        return failure(131047, f"Message failed to send because {words}")
    return await _fetch_link(world, line)


async def _fetch_link(world: World, line: Line) -> dict[str, Any] | None:
    file = line.shown.get("file") or {}
    if "link" not in file or "id" in file:
        return None
    try:
        content, mime_type = await world.delivery.fetch(file["link"], LINK_BYTES_MAX)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return failure(131053, f"Downloading media from weblink failed: {type(error).__name__}")
    if mime_type not in LIMITS:
        return failure(131053, f"Unsupported media type {mime_type}")
    media = Media(world.chance.digits("media", 16), content, mime_type)
    line.shown["file"] = file_card(world.chats.media.keep(media), file["filename"])
    return None


def _deliver_soon(world: World, chat: Chat, person: Person, line: Line) -> None:
    async def deliver() -> None:
        if not person.is_online or line.is_marked("delivered") or line.is_marked("read"):
            return
        if world.chance.happens(
            world.dials["whatsapp"].number("status_skip_delivered"), "skip", line.id
        ):
            line.marks.append(Mark("delivered", world.clock.now()))  # known here, never told
            world.changed(person.phone)
            return
        mark(world, chat, person, line, "delivered")

    world.timetable.after(DELIVERED_SECONDS, deliver)


def mark(
    world: World,
    chat: Chat,
    person: Person,
    line: Line,
    status: str,
    reason: dict[str, Any] | None = None,
) -> None:
    made = Mark(status, world.clock.now(), reason)
    line.marks.append(made)
    post_status(world, chat, person, line, made)
    world.changed(person.phone)


def come_online(world: World, person: Person) -> None:
    """What waited for the phone is delivered now."""
    for chat in world.chats.of(person.phone):
        for line in chat.lines:
            if not line.is_mine and line.status == "sent":
                _deliver_soon(world, chat, person, line)


def open_chat(world: World, person: Person, number: Number) -> int:
    """The person looks at the chat: everything in it that arrived is read. Returns how many."""
    chat, count = world.chats.between(number, person.phone), 0
    if chat.unread:
        for line in chat.lines:
            line.is_seen = line.is_seen or line.is_marked("delivered")
        world.changed(person.phone)
    if not person.sends_receipts:
        return 0
    for line in chat.lines:
        if not line.is_mine and line.is_marked("delivered") and not line.is_marked("read"):
            mark(world, chat, person, line, "read")
            count += 1
    return count


def mark_read(world: World, number: Number, sent: dict[str, Any]) -> dict[str, Any]:
    """The business has read a person's message, and may be typing."""
    asked = checks.text_of(sent, "message_id", 512, "message")
    found = world.chats.with_line(number, asked)
    if sent.get("status") != "read" or found is None or not found[1].is_mine:
        raise Refused(131009, "message_id is not a message that was received")
    chat, line = found
    now = world.clock.now()
    if not line.is_marked("read"):
        line.marks.append(Mark("read", now))
    if "typing_indicator" in sent:
        if sent["typing_indicator"] != {"type": "text"}:
            raise Refused(131009, "typing_indicator must be {'type': 'text'}")
        chat.typing_until = now + TYPING_SECONDS
        _stop_typing_later(world, chat)
    world.changed(chat.phone)
    return {"success": True}


def _stop_typing_later(world: World, chat: Chat) -> None:
    async def stop() -> None:
        world.changed(chat.phone)

    world.timetable.after(TYPING_SECONDS + 0.1, stop, is_idle=True)
