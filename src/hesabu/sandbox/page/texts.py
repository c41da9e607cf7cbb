"""The SMS on a phone: what came, what was written, and a line to write in."""

from __future__ import annotations

from hesabu.sandbox.page import signs
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.words import clock_time, linked, number_words
from hesabu.sandbox.people import Person, Sms
from hesabu.sandbox.world import World

OTHERS_MAX = 20


def sms(world: World, person: Person, side: str) -> Html:
    form = f"sms-{side}"
    messages: list[Child] = [
        _one(world, person, each, side, ordinal) for ordinal, each in enumerate(person.sms)
    ]
    if not messages:
        words = "No messages. M-PESA writes here when money moves, and the business when WhatsApp cannot reach this phone."
        empty = el("p", words)
        messages = [el("div", empty, cls="empty", data_key="empty", data_version="empty")]
    shown = el(
        "div",
        messages,
        cls="texts",
        role="log",
        tabindex="0",
        aria_label=f"SMS of {person.name}",
        data_live="sms",
    )
    return el("div", shown, _composer(world, person, form), cls="sms")


def _one(world: World, person: Person, text: Sms, side: str, ordinal: int) -> Html:
    kind = "me" if text.is_mine else ""
    whence = f"To {text.to}" if text.is_mine else _sender(world, text)
    return el(
        "div",
        el(
            "div",
            el("span", whence, cls="from"),
            el("p", linked(text.text)),
            clock_time(text.at),
            cls=f"bubble {kind}".strip(),
        ),
        _forward(person, text, side),
        cls=f"turn {kind}".strip(),
        data_key=f"sms-{text.id or text.receipt or ordinal}-{text.at}",
        data_version="1",
    )


def _sender(world: World, text: Sms) -> str:
    if text.sender == "MPESA":
        return "M-PESA"
    known = next((p for p in world.people.everyone() if p.phone == text.sender), None)
    return known.name if known else text.sender


def _forward(person: Person, text: Sms, side: str) -> Html | None:
    """M-PESA's own words are what people pass on to be believed."""
    if not text.receipt:
        return None
    into, words = ("say", "Put into the chat") if person.on_whatsapp else ("sms", "Pass it on")
    return el(
        "button",
        words,
        form=f"{into}-{side}",
        name="fill",
        value=text.text,
        data_fill=True,
        cls="quiet",
    )


def _composer(world: World, person: Person, form: str) -> Html:
    return el(
        "form",
        el("input", type="hidden", name="phone", value=person.phone),
        _recipients(world, person, form),
        el(
            "textarea",
            "",
            name="text",
            rows=1,
            maxlength=1530,
            placeholder="Text message",
            aria_label=f"SMS from {person.name}",
            autocomplete="off",
        ),
        el("button", signs.SEND, el("span", "Send SMS", cls="unseen"), cls="send"),
        el("p", cls="refusal", role="status"),
        id=form,
        cls="composer",
        action="/act/sms",
        method="post",
    )


def _recipients(world: World, person: Person, form: str) -> Html:
    account = world.texting.account()
    options = [el("option", f"{account.shortcode}, the business", value=account.shortcode)]
    others = [p for p in world.people.everyone() if p is not person][:OTHERS_MAX]
    options += [el("option", f"{p.name}, {number_words(p.phone)}", value=p.phone) for p in others]
    return el(
        "p",
        el("label", "To", for_=f"{form}-to"),
        el("select", options, id=f"{form}-to", name="to"),
        cls="to",
    )
