"""People and what they do with their phones."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hesabu.sandbox.africastalking import sending as texting
from hesabu.sandbox.africastalking.writing import opt_in, opt_out, write
from hesabu.sandbox.control.desk import Unfit, desk, flag, whole
from hesabu.sandbox.control.files import file_answer
from hesabu.sandbox.daraja import c2b, stk
from hesabu.sandbox.daraja.errors import RESULTS
from hesabu.sandbox.mail.boxes import bare
from hesabu.sandbox.mail.reading import act_on
from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp import sending
from hesabu.sandbox.whatsapp.saying import say
from hesabu.sandbox.world import World

FLAGS = ("shows_phone", "on_whatsapp", "is_online", "sends_receipts")


def routes(world: World) -> list[Route]:
    one = "/control/phones/{phone}"
    return [
        desk(world, "/control/phones", listed, "GET"),
        desk(world, "/control/phones", added, "POST"),
        desk(world, one, seen, "GET"),
        desk(world, f"{one}/say", said, "POST"),
        desk(world, f"{one}/read", opened, "POST"),
        desk(world, f"{one}/prompt", prompted, "POST"),
        desk(world, f"{one}/pay", paid, "POST"),
        desk(world, f"{one}/whatsapp", switched, "POST"),
        desk(world, f"{one}/sms", written, "POST"),
        desk(world, f"{one}/sms/read", sms_read, "POST"),
        desk(world, f"{one}/sms/optout", opted_out, "POST"),
        desk(world, f"{one}/mail/{{mail_id}}", mail_met, "POST"),
        desk(world, "/control/media/{media_id}", media, "GET"),
    ]


async def listed(world: World, _: Request, __: dict[str, Any]) -> Any:
    return {"phones": [person.as_json() for person in world.people.everyone()]}


async def added(world: World, _: Request, asked: dict[str, Any]) -> Any:
    """Add a person, or change one: only what is named changes."""
    return settle(world, asked).as_json()


def settle(world: World, asked: dict[str, Any]) -> Person:
    more: dict[str, Any] = {name: flag(asked, name) for name in FLAGS if name in asked}
    if "balance_cents" in asked:
        more["balance_cents"] = whole(asked, "balance_cents")
    if "pin" in asked:
        pin = str(asked["pin"])
        if not (pin.isdigit() and len(pin) == 4):
            raise Unfit("a PIN has four digits")
        more |= {"pin": pin, "wrong_pins": 0}
    if "email" in asked:
        more["email"] = _address(asked["email"])
    if asked.get("is_pin_locked") is False:
        more["wrong_pins"] = 0
    phone, name = str(asked.get("phone") or ""), str(asked.get("name") or "").strip()
    known = {person.phone for person in world.people.everyone()}
    person = world.people.settle(phone, name, **more)
    if not person.name:
        person.name = f"Stranger {person.phone[-4:]}"
    if more.get("is_online"):
        sending.come_online(world, person)
        texting.come_online(world, person)
    if person.phone not in known:
        world.journal.publish("people", {"phone": person.phone})
    world.changed(person.phone)
    return person


def _address(given: Any) -> str:
    address = bare(str(given or ""))
    if given and not address:
        raise Unfit(f"{given!r} is not an e-mail address")
    return address


async def seen(world: World, request: Request, _: dict[str, Any]) -> Any:
    """Everything on this phone: chats with their ticks, prompts, SMS, mail, balance."""
    person = _person(world, request)
    now = world.clock.now()
    chats = [
        {
            "phone_number_id": chat.number.phone_number_id,
            "name": chat.number.name,
            "is_window_open": chat.is_window_open(now),
            "is_typing": chat.typing_until > now,
            "lines": [line.as_json() for line in chat.lines],
        }
        for chat in world.chats.of(person.phone)
    ]
    return {
        **person.as_json(),
        "chats": chats,
        "prompts": [prompt.as_json() for prompt in world.books.prompts_on(person.phone)],
        "sms": [sms.as_json() for sms in person.sms],
        "unread_sms": person.unread_sms,
        "mail": [mail.as_json() for mail in world.mail.of(person.email)],
        "unread_mail": world.mail.unread_in(person.email),
    }


async def said(world: World, request: Request, asked: dict[str, Any]) -> Any:
    person = _person(world, request)
    number = world.chats.number(str(asked.get("phone_number_id") or ""))
    if asked.get("media"):
        asked = {**asked, "media": _decoded(asked["media"])}
    return {"id": say(world, person, number, asked)}


def _decoded(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not given.get("base64"):
        raise Unfit("media is {base64, mime_type, filename, caption?}")
    try:
        content = base64.b64decode(given["base64"], validate=True)
    except (binascii.Error, TypeError) as error:
        raise Unfit("media.base64 is not base64") from error
    return {**given, "content": content}


async def opened(world: World, request: Request, asked: dict[str, Any]) -> Any:
    person = _person(world, request)
    number = world.chats.number(str(asked.get("phone_number_id") or ""))
    return {"read": sending.open_chat(world, person, number)}


async def prompted(world: World, request: Request, asked: dict[str, Any]) -> Any:
    """Answer the ringing prompt: `pin`, `cancel`, `ignore`, or a `result` that M-PESA decides."""
    return answer_prompt(world, _person(world, request), asked)


def answer_prompt(world: World, person: Person, asked: dict[str, Any]) -> dict[str, Any]:
    prompt = world.books.ringing_on(person.phone)
    if prompt is None:
        raise Unfit("no prompt is ringing on this phone")
    action = asked.get("action")
    world.act(f"{person.name} answers the prompt: {action}")
    if action == "pin":
        pin = asked.get("pin")
        stk.answer_with_pin(world, person, prompt, person.pin if pin is None else str(pin))
    elif action == "cancel":
        stk.end(world, prompt, 1032)
    elif action == "ignore":
        stk.end(world, prompt, 1037)
    elif action == "result":
        code = asked.get("code")
        if code == 0 or code not in RESULTS:
            raise Unfit(f"code is one of {', '.join(str(c) for c in RESULTS if c)}")
        stk.end(world, prompt, int(code))
    else:
        raise Unfit("action is pin, cancel, ignore or result")
    return prompt.as_json()


async def paid(world: World, request: Request, asked: dict[str, Any]) -> Any:
    person = _person(world, request)
    payment = await c2b.pay_by_hand(world, person, asked)
    world.act(f"{person.name} pays {payment.payee} by hand, {payment.receipt}")
    text = next(sms.text for sms in reversed(person.sms) if sms.receipt == payment.receipt)
    return {"receipt": payment.receipt, "sms": text, "balance_cents": person.balance_cents}


async def switched(world: World, request: Request, asked: dict[str, Any]) -> Any:
    """`{"is_on": false}` makes it a basic phone: calls and SMS, no WhatsApp."""
    person = _person(world, request)
    person.on_whatsapp = flag(asked, "is_on") if "is_on" in asked else True
    world.changed(person.phone)
    return person.as_json()


async def written(world: World, request: Request, asked: dict[str, Any]) -> Any:
    """The person writes an SMS: `text`, and `to` unless it goes to the short code."""
    words, to = str(asked.get("text") or ""), str(asked.get("to") or "")
    return {"id": write(world, _person(world, request), words, to)}


async def sms_read(world: World, request: Request, _: dict[str, Any]) -> Any:
    person = _person(world, request)
    read_sms(world, person)
    return {"unread_sms": person.unread_sms}


def read_sms(world: World, person: Person) -> None:
    if person.unread_sms:
        person.sms_read_at = world.clock.now()
        world.changed(person.phone)


async def opted_out(world: World, request: Request, asked: dict[str, Any]) -> Any:
    """`sender` is blocked (the short code, if none is named); `{"is_out": false}` lets it in again."""
    person, sender = _person(world, request), str(asked.get("sender") or "")
    if "is_out" in asked and not flag(asked, "is_out"):
        opt_in(world, person, sender)
    else:
        opt_out(world, person, sender)
    return person.as_json()


async def mail_met(world: World, request: Request, asked: dict[str, Any]) -> Any:
    """`{"act": "open" | "spam" | "unsubscribe"}` on a mail in this person's box."""
    person, mail = _person(world, request), world.mail.find(request.path_params["mail_id"])
    if mail.to != person.email.lower():
        raise Unfit("that mail is in somebody else’s box")
    act_on(world, mail, str(asked.get("act") or ""))
    return mail.as_json()


async def media(world: World, request: Request, _: dict[str, Any]) -> Any:
    """A file as the phone opens it: no bearer, for it is on the phone already."""
    found = world.chats.media.find(request.path_params["media_id"])
    if found is None:
        return Response("This file is no longer held.", 404, media_type="text/plain")
    return file_answer(found.content, found.filename or found.id, found.mime_type)


def _person(world: World, request: Request) -> Person:
    return world.people.at(request.path_params["phone"])
