"""One phone: its chat, and over it or beside it what M-PESA shows."""

from __future__ import annotations

from hesabu.sandbox.page import mpesa
from hesabu.sandbox.page.bubbles import bubbles
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.mpesa import hidden
from hesabu.sandbox.page.words import number_words
from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp.chats import Chat
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.world import World

HINT = "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday"
TABS = (("chat", "Chat"), ("sms", "SMS"), ("money", "M-PESA"))


def handset(world: World, person: Person, number: Number, side: str) -> Html:
    chat = world.chats.between(number, person.phone)
    form = f"say-{side}"
    tabs = [_tab(side, name, title, is_first=name == "chat") for name, title in TABS]
    screen = el(
        "div",
        _top(person, chat, world.clock.now()),
        el(
            "fieldset",
            el("legend", f"{person.first_name}’s phone shows", cls="unseen"),
            tabs,
            cls="tabs",
        ),
        _chat(world, person, chat, form, side),
        _composer(person, number, form),
        mpesa.sms(person, form),
        mpesa.money(person, side),
        mpesa.prompt(world, person),
        cls="screen",
    )
    return el(
        "section",
        screen,
        cls="phone",
        id=f"phone-{side}",
        data_phone=person.phone,
        data_side=side,
        aria_label=f"{person.name}’s phone",
    )


def _tab(side: str, name: str, title: str, *, is_first: bool) -> Html:
    radio = el(
        "input", type="radio", name=f"tab-{side}", value=name, checked=is_first, autocomplete="off"
    )
    return el("label", radio, el("span", title), cls="tab", data_tab=name)


def _top(person: Person, chat: Chat, now: float) -> Html:
    if not person.is_online:
        below = "the phone is off"
    elif not person.on_whatsapp:
        below = "not on WhatsApp"
    elif chat.typing_until > now:
        below = "typing…"
    else:
        below = f"on {person.first_name}’s phone"
    return el(
        "header",
        el("span", chat.number.name[:1].upper(), cls="avatar", aria_hidden="true"),
        el("div", el("b", chat.number.name), el("small", below, data_live="top-below")),
    )


def _chat(world: World, person: Person, chat: Chat, form: str, side: str) -> Html:
    lines: list[Child] = list(bubbles(chat, form, world.clock.now()))
    if not lines:
        lines = [_empty(person, chat, form, side)]
    return el(
        "div",
        lines,
        cls="chat",
        role="log",
        tabindex="0",
        aria_label=f"Chat of {person.name} with {chat.number.name}",
        data_live="chat",
        data_unread=_unread(chat),
    )


def _unread(chat: Chat) -> int:
    return sum(
        1
        for line in chat.lines
        if not line.is_mine and line.is_marked("delivered") and not line.is_marked("read")
    )


def _empty(person: Person, chat: Chat, form: str, side: str) -> Html:
    name = chat.number.name
    if side != "left":
        words = f"Nothing yet. What {name} sends to {person.first_name} appears here."
        return el("div", el("p", words), cls="empty", data_key="empty", data_version="empty")
    return el(
        "div",
        el(
            "p",
            f"You are {person.first_name}, and {name} keeps your accounts. Say who owes you what, for instance:",
        ),
        el("button", HINT, form=form, name="fill", value=HINT, data_fill=True, cls="hint"),
        cls="empty",
        data_key="empty",
        data_version="empty",
    )


def _composer(person: Person, number: Number, form: str) -> Html:
    return el(
        "form",
        hidden(person, number),
        el(
            "label",
            el("span", "+", aria_hidden="true"),
            el("span", "Attach a file", cls="unseen"),
            el("input", type="file", name="file", data_submits=True, cls="unseen"),
            cls="attach",
            title="Attach a file",
        ),
        el(
            "textarea",
            "",
            name="text",
            rows=1,
            maxlength=4096,
            placeholder="Message",
            aria_label=f"Message from {person.name}",
            autocomplete="off",
        ),
        el(
            "button",
            el("span", "➤", aria_hidden="true"),
            el("span", "Send", cls="unseen"),
            cls="send",
        ),
        el("p", cls="refusal", role="status"),
        id=form,
        cls="composer",
        action="/act/say",
        method="post",
        enctype="multipart/form-data",
    )


def caption(person: Person, role: str) -> Html:
    return el(
        "div",
        el("b", person.name),
        el("span", number_words(person.phone), cls="number"),
        el("span", role, cls="chip"),
        cls="who",
    )
