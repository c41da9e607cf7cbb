"""One phone: its chat, its prompt, its messages from M-PESA, its money."""

from __future__ import annotations

from hesabu.sandbox.daraja.books import Prompt
from hesabu.sandbox.page.bubbles import bubbles
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.words import clock_time, kes, number_words
from hesabu.sandbox.people import Person, Sms
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
        _sms(person, form),
        _money(person, side),
        _prompt(world, person),
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
        _hidden(person, number),
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


def _hidden(person: Person, number: Number | None = None) -> list[Html]:
    fields = [el("input", type="hidden", name="phone", value=person.phone)]
    if number is not None:
        fields.append(el("input", type="hidden", name="number", value=number.phone_number_id))
    return fields


def _sms(person: Person, form: str) -> Html:
    messages: list[Child] = [_one_sms(sms, form, n) for n, sms in enumerate(person.sms)]
    if not messages:
        words = "No messages. M-PESA writes here when money moves."
        messages = [el("p", words, cls="empty", data_key="empty", data_version="empty")]
    return el(
        "div",
        messages,
        cls="sms",
        role="log",
        tabindex="0",
        aria_label=f"SMS to {person.name}",
        data_live="sms",
    )


def _one_sms(sms: Sms, form: str, ordinal: int) -> Html:
    copy = el(
        "button",
        "Put into the chat",
        form=form,
        name="fill",
        value=sms.text,
        data_fill=True,
        cls="quiet",
    )
    return el(
        "div",
        el(
            "div",
            el("span", "M-PESA", cls="from"),
            el("p", sms.text),
            clock_time(sms.at),
            cls="bubble",
        ),
        copy,
        cls="turn",
        data_key=f"sms-{ordinal}-{sms.receipt}",
        data_version="1",
    )


def _money(person: Person, side: str) -> Html:
    kinds = (("shortcode", "Paybill"), ("till", "Till"), ("phone", "Person"))
    chosen = [
        el(
            "label",
            el("input", type="radio", name="kind", value=value, checked=value == "shortcode"),
            el("span", title),
        )
        for value, title in kinds
    ]
    return el(
        "div",
        el(
            "p",
            el("small", "M-PESA balance"),
            el("strong", kes(person.balance_cents), data_live="balance"),
            cls="balance",
        ),
        el(
            "form",
            _hidden(person),
            el("fieldset", el("legend", "Pay by hand"), el("div", chosen, cls="kinds")),
            _field(side, "to", "Number", inputmode="numeric", required=True),
            _field(side, "account", "Account (paybill only)"),
            _field(side, "amount", "Amount in KES", inputmode="decimal", required=True),
            el("button", "Pay", cls="btn primary"),
            el("p", cls="refusal", role="status"),
            action="/act/pay",
            method="post",
        ),
        el(
            "p",
            "It goes straight to the payee, as from M-PESA’s own menu. No PIN is asked.",
            cls="note",
        ),
        cls="money",
    )


def _field(
    side: str, name: str, title: str, *, inputmode: str = "text", required: bool = False
) -> Html:
    made_id = f"pay-{name}-{side}"
    return el(
        "p",
        el("label", title, for_=made_id),
        el(
            "input",
            id=made_id,
            name=name,
            inputmode=inputmode,
            required=required,
            autocomplete="off",
        ),
        cls="field",
    )


def _prompt(world: World, person: Person) -> Html:
    ringing = world.books.ringing_on(person.phone)
    inner = _ringing(world, person, ringing) if ringing else None
    return el("div", inner, cls="over", data_live="prompt", aria_live="assertive")


def _ringing(world: World, person: Person, prompt: Prompt) -> Html:
    account = f", account {prompt.account}" if prompt.shortcode.kind == "paybill" else ""
    question = f"Pay {kes(prompt.amount_cents)} to {prompt.shortcode.name}{account}?"
    pad = [el("button", digit, type="button", data_digit=digit) for digit in "123456789"]
    pad.append(el("button", "⌫", type="button", data_digit="back", aria_label="Delete a digit"))
    pad.append(el("button", "0", type="button", data_digit="0"))
    left = max(0, round(prompt.rings_until - world.clock.now()))
    return el(
        "form",
        _hidden(person),
        el("h2", "M-PESA"),
        el("p", question, cls="question"),
        el(
            "label",
            el("span", "PIN"),
            el(
                "input",
                type="password",
                name="pin",
                inputmode="numeric",
                maxlength=4,
                autocomplete="off",
                cls="pin",
            ),
        ),
        el("div", pad, cls="pad"),
        el(
            "div",
            # first in the source, so that Enter in the PIN's field sends it
            el("button", "Send", name="action", value="pin", cls="btn primary"),
            el("button", "Cancel", name="action", value="cancel", cls="btn"),
            cls="acts",
        ),
        el(
            "button",
            el("span", "Let it ring out"),
            " ",
            el("span", f"({left} s)", data_counts=left, aria_hidden="true"),
            name="action",
            value="ignore",
            cls="quiet",
        ),
        cls="prompt",
        action="/act/prompt",
        method="post",
        data_key=prompt.checkout_id,
        data_version="1",
    )


def caption(person: Person, role: str) -> Html:
    return el(
        "div",
        el("b", person.name),
        el("span", number_words(person.phone), cls="number"),
        el("span", role, cls="chip"),
        cls="who",
    )
