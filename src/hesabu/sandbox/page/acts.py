"""What the page's forms do: the same acts as the control desk's, from a form's fields."""

from __future__ import annotations

import mimetypes
from typing import Any

from hesabu.sandbox.africastalking.writing import write
from hesabu.sandbox.answers import Part
from hesabu.sandbox.control.desk import Unfit
from hesabu.sandbox.control.phones import FLAGS, answer_prompt, read_sms, settle
from hesabu.sandbox.daraja import c2b
from hesabu.sandbox.dials import PROVIDERS
from hesabu.sandbox.mail.reading import act_on
from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp import sending
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.whatsapp.saying import say
from hesabu.sandbox.world import World

Form = dict[str, Part]
HERE = {"latitude": -1.286389, "longitude": 36.817223, "name": "Nairobi"}


def _text(form: Form, name: str) -> str:
    return form[name].text.strip() if name in form else ""


async def say_something(world: World, form: Form) -> str | None:
    """One thing at a time: a tapped button before a chosen file, a file before what is typed."""
    person = world.people.at(_text(form, "phone"))
    number = world.chats.number(_text(form, "number"))
    what: dict[str, Any]
    file = form.get("file")
    if "tap" in form or "choose" in form:
        name, kind = ("tap", "button_id") if "tap" in form else ("choose", "list_id")
        line_id, _, key = form[name].text.partition("|")
        what = {kind: key, "reply_to": line_id}
    elif "react" in form:
        what = {"reaction": _reaction(world, person, number, form)}
    elif "location" in form:
        what = {"location": HERE}
    elif file is not None and file.content:
        what = {"media": _media(file, _text(form, "text"))}
    else:
        what = {"text": _text(form, "fill") or _text(form, "text")}
    if ("text" in what or "media" in what) and _text(form, "reply_to"):
        what["reply_to"] = _text(form, "reply_to")
    say(world, person, number, what)
    return None


def _reaction(world: World, person: Person, number: Number, form: Form) -> dict[str, str]:
    """The same emoji a second time takes it back."""
    line_id, _, emoji = form["react"].text.partition("|")
    line = world.chats.between(number, person.phone).line(line_id)
    had = line.reactions.get("person", "") if line is not None else ""
    return {"message_id": line_id, "emoji": "" if had == emoji else emoji}


def _media(file: Part, caption: str) -> dict[str, Any]:
    guessed = mimetypes.guess_type(file.filename)[0]
    kind = file.content_type or guessed or "application/octet-stream"
    return {
        "content": file.content,
        "filename": file.filename,
        "mime_type": kind,
        "caption": caption,
    }


async def read(world: World, form: Form) -> str | None:
    person = world.people.at(_text(form, "phone"))
    sending.open_chat(world, person, world.chats.number(_text(form, "number")))
    return None


async def sms(world: World, form: Form) -> str | None:
    person = world.people.at(_text(form, "phone"))
    write(world, person, _text(form, "fill") or _text(form, "text"), _text(form, "to"))
    return None


async def sms_read(world: World, form: Form) -> str | None:
    read_sms(world, world.people.at(_text(form, "phone")))
    return None


async def mail(world: World, form: Form) -> str | None:
    act_on(world, world.mail.find(_text(form, "mail")), _text(form, "do"))
    return None


async def prompt(world: World, form: Form) -> str | None:
    person = world.people.at(_text(form, "phone"))
    answer_prompt(world, person, {"action": _text(form, "action"), "pin": _text(form, "pin")})
    return None


async def pay(world: World, form: Form) -> str | None:
    person = world.people.at(_text(form, "phone"))
    kind = _text(form, "kind")
    if kind not in ("shortcode", "till", "phone"):
        raise Unfit("pay a paybill, a till or a person")
    asked = {
        kind: _text(form, "to"),
        "account": _text(form, "account"),
        "amount": _text(form, "amount"),
    }
    payment = await c2b.pay_by_hand(world, person, asked)
    world.act(f"{person.name} pays {payment.payee} by hand, {payment.receipt}")
    return None


async def person(world: World, form: Form) -> str | None:
    """Somebody new, who is then shown; or the settings of somebody's phone."""
    asked: dict[str, Any] = {"phone": _text(form, "phone"), "name": _text(form, "name")}
    if "email" in form:
        asked["email"] = _text(form, "email")
    if "settings" in form:
        asked |= {name: name in form for name in FLAGS}
        settle(world, asked)
        return None
    asked["on_whatsapp"] = "is_basic" not in form
    side = "left" if _text(form, "side") == "left" else "right"
    return f"{side}={settle(world, asked).phone}"


async def dials(world: World, form: Form) -> str | None:
    """A preset, or all dials as the form has them: a box that is not ticked is not sent."""
    if "preset" in form:
        for each in world.dials.values():
            each.turn_to(_text(form, "preset"))
        world.journal.publish("dials", {})
        return None
    for provider, known in PROVIDERS.items():
        for dial in known:
            name = f"{provider}.{dial.name}"
            if dial.kind == "switch":
                world.dials[provider].turn(dial.name, name in form)
            elif dial.kind == "choice" and name in form:
                world.dials[provider].turn(dial.name, _text(form, name))
            elif name in form:
                value = _number(_text(form, name))
                scaled = value / 100 if dial.kind == "probability" else value
                world.dials[provider].turn(dial.name, scaled)
    world.journal.publish("dials", {})
    return None


async def advance(world: World, form: Form) -> str | None:
    await world.timetable.advance(_number(_text(form, "seconds")))
    return None


async def reset(world: World, form: Form) -> str | None:
    seed = _text(form, "seed")
    if not seed.isdigit():
        raise Unfit("a seed is a whole number")
    world.reset(int(seed))
    return None


def _number(written: str) -> float:
    try:
        value = float(written)
    except ValueError as error:
        raise Unfit(f"{written!r} is not a number") from error
    if not 0 <= value < 10**8:
        raise Unfit(f"{written} is out of range")
    return value
