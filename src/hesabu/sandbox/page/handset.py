"""One phone: its chat, its SMS and its mail, and over or beside them what M-PESA shows."""

from __future__ import annotations

from hesabu.sandbox.page import letters, mpesa, signs, texts
from hesabu.sandbox.page.bubbles import bubbles
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.mpesa import hidden
from hesabu.sandbox.page.words import number_words
from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp.chats import Chat
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.world import World

HINT = "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday"


def handset(world: World, person: Person, number: Number, side: str) -> Html:
    """A phone with WhatsApp has a chat; a basic one has SMS, and M-PESA as every SIM card does."""
    chat = world.chats.between(number, person.phone)
    form = f"say-{side}"
    has_chat = person.on_whatsapp
    screen = el(
        "div",
        _top(person, chat, world.clock.now()),
        _tabs(world, person, chat, side),
        _chat(world, person, chat, form, side) if has_chat else None,
        _composer(person, number, form) if has_chat else None,
        texts.sms(world, person, side),
        letters.mail(world, person),
        mpesa.money(person, side),
        mpesa.prompt(world, person),
        cls="screen",
    )
    return el(
        "section",
        screen,
        cls="phone" if has_chat else "phone basic",
        id=f"phone-{side}",
        data_phone=person.phone,
        data_side=side,
        data_kind="smart" if has_chat else "basic",
        data_name=person.name,
        data_written=number_words(person.phone),
        aria_label=f"{person.name}’s phone",
    )


def _tabs(world: World, person: Person, chat: Chat, side: str) -> Html:
    shown = [("chat", "Chat", chat.unread)] if person.on_whatsapp else []
    shown.append(("sms", "SMS", person.unread_sms))
    if person.on_whatsapp or person.email:
        shown.append(("mail", "Mail", world.mail.unread_in(person.email)))
    shown.append(("money", "M-PESA", 0))
    return el(
        "fieldset",
        el("legend", f"{person.first_name}’s phone shows", cls="unseen"),
        [_tab(side, *each, is_first=each is shown[0]) for each in shown],
        cls="tabs",
    )


def _tab(side: str, name: str, title: str, unread: int, *, is_first: bool) -> Html:
    radio = el(
        "input", type="radio", name=f"tab-{side}", value=name, checked=is_first, autocomplete="off"
    )
    count = None
    if unread:
        count = el("span", unread, el("span", " new", cls="unseen"), cls="count")
    badge = el("span", count, data_live=f"count-{name}", cls="badge")
    return el("label", radio, el("span", title), badge, cls="tab", data_tab=name)


def _top(person: Person, chat: Chat, now: float) -> Html:
    if not person.is_online:
        below: Child = "the phone is off"
    elif not person.on_whatsapp:
        below = "a basic phone: calls and SMS"
    elif chat.typing_until > now:
        below = el("span", "typing…", cls="types")
    else:
        below = f"on {person.first_name}’s phone"
    name = chat.number.name if person.on_whatsapp else person.first_name
    return el(
        "header",
        el("span", name[:1].upper(), cls="avatar", aria_hidden="true"),
        el("div", el("b", name), el("small", below, data_live="top-below")),
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
        data_unread=chat.unread,
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
    attach = el(
        "label",
        signs.CLIP,
        el("span", "Attach a file", cls="unseen"),
        el("input", type="file", name="file", cls="unseen"),
        cls="attach",
        title="Attach a file, or paste or drop a picture",
    )
    return el(
        "form",
        hidden(person, number),
        el("div", cls="about-to", hidden=True),
        attach,
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
        el("button", signs.SEND, el("span", "Send", cls="unseen"), cls="send"),
        el("p", cls="refusal", role="status"),
        id=form,
        cls="composer",
        action="/act/say",
        method="post",
        enctype="multipart/form-data",
    )
