"""Beside the phones: who is here, what may go wrong, the clock and the seed."""

from __future__ import annotations

from hesabu.sandbox.dials import PRESETS, Dial, Dials, Value
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.words import clock_time
from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.world import World

PEOPLE_SHOWN = 200
PROVIDERS = {
    "whatsapp": "WhatsApp",
    "360dialog": "360dialog",
    "daraja": "M-PESA",
    "africastalking": "SMS",
    "mailgun": "Mailgun",
    "smtp": "Mail by SMTP",
}
PRESET_WORDS = {"calm": "Nothing goes wrong", "storm": "Much goes wrong, a little"}
SETTINGS = (
    ("is_online", "The phone is on"),
    ("on_whatsapp", "Has WhatsApp (off: a basic phone)"),
    ("sends_receipts", "Sends read receipts"),
    ("shows_phone", "Shows the number to businesses"),
)
JUMPS = ((60, "1 minute"), (3600, "1 hour"), (86_400, "1 day"))


def people(left: Person, right: Person) -> Html:
    """Settings of the two who are shown, and a form for somebody new."""
    shown = [left] if left is right else [left, right]
    return panel(
        "People",
        [_settings(person) for person in shown],
        el(
            "form",
            el("h3", "Somebody new"),
            _text("new-name", "name", "Name"),
            _text("new-phone", "phone", "Phone", inputmode="tel"),
            _text("new-email", "email", "E-mail (may stay empty)", inputmode="email", needed=False),
            el(
                "label",
                el("input", type="checkbox", name="is_basic"),
                el("span", "A basic phone, without WhatsApp"),
            ),
            el(
                "p",
                el("label", "Show it", for_="new-side"),
                el(
                    "select",
                    el("option", "on the right", value="right"),
                    el("option", "on the left", value="left"),
                    id="new-side",
                    name="side",
                ),
                cls="field",
            ),
            el("button", "Add and show", cls="btn"),
            el("p", cls="refusal", role="status"),
            action="/act/person",
            method="post",
            data_reloads=True,
        ),
        is_open=False,
    )


def chooser(world: World, side: str, left: Person, right: Person, number: Number) -> Html:
    """Above a phone: whose it is. Any two people, or one of them twice."""
    chosen = left if side == "left" else right
    other, other_person = ("right", right) if side == "left" else ("left", left)
    options = [
        el("option", p.name, value=p.phone, selected=p is chosen)
        for p in _those_shown(world, chosen)
    ]
    made_id = f"pick-{side}"
    several = len(world.chats.numbers) > 1
    return el(
        "form",
        el("label", f"Phone on the {side}", for_=made_id, cls="unseen"),
        el("select", options, id=made_id, name=side, data_submits=True),
        el("input", type="hidden", name=other, value=other_person.phone),
        el("input", type="hidden", name="number", value=number.phone_number_id)
        if several
        else None,
        el("button", "Show", cls="btn plain-only"),
        action="/",
        method="get",
        cls="picker",
    )


def numbers(world: World, left: Person, right: Person, number: Number) -> Html | None:
    """Where several businesses have numbers: with which one people chat."""
    known = list(world.chats.numbers.values())
    if len(known) < 2:
        return None
    options = [
        el(
            "option",
            f"{n.name}, {n.display_phone}",
            value=n.phone_number_id,
            selected=n is number,
        )
        for n in known
    ]
    return el(
        "form",
        el("label", "They chat with", for_="pick-number"),
        el("select", options, id="pick-number", name="number", data_submits=True),
        el("input", type="hidden", name="left", value=left.phone),
        el("input", type="hidden", name="right", value=right.phone),
        el("button", "Show", cls="btn plain-only"),
        action="/",
        method="get",
        cls="picker",
    )


def _those_shown(world: World, chosen: Person) -> list[Person]:
    shown = world.people.everyone()[:PEOPLE_SHOWN]
    return shown if chosen in shown else [*shown, chosen]


def _settings(person: Person) -> Html:
    boxes = [
        el(
            "label",
            el(
                "input",
                type="checkbox",
                name=name,
                checked=bool(getattr(person, name)),
                data_submits=True,
            ),
            el("span", words),
        )
        for name, words in SETTINGS
    ]
    return el(
        "form",
        el("input", type="hidden", name="phone", value=person.phone),
        el("input", type="hidden", name="settings", value="1"),
        el("fieldset", el("legend", f"{person.first_name}’s phone"), boxes),
        _text(
            f"email-{person.phone}",
            "email",
            "E-mail",
            inputmode="email",
            needed=False,
            value=person.email,
        ),
        el("button", "Set", cls="btn"),
        el("p", cls="refusal", role="status"),
        action="/act/person",
        method="post",
    )


def faults(world: World) -> Html:
    presets = [
        el(
            "button",
            name.capitalize(),
            name="preset",
            value=name,
            cls="btn",
            title=PRESET_WORDS[name],
        )
        for name in PRESETS
    ]
    sets = [_set(provider, dials) for provider, dials in world.dials.items()]
    return panel(
        "What may go wrong",
        el("p", "Every stroke of luck comes from the seed, so a run can be repeated.", cls="note"),
        el(
            "form",
            el("div", presets, cls="acts"),
            action="/act/dials",
            method="post",
            data_reloads=True,
        ),
        el(
            "form",
            sets,
            el("button", "Set the dials", cls="btn plain-only"),
            action="/act/dials",
            method="post",
        ),
        is_open=False,
    )


def _set(provider: str, dials: Dials) -> Html:
    """One provider's dials, folded; the number that are turned is said outside."""
    described = dials.described()
    turned = sum(1 for dial, value in described if value != dial.default)
    count = el("span", f"{turned} turned" if turned else "calm", cls="chip")
    return el(
        "details",
        el("summary", el("h3", PROVIDERS[provider]), count),
        el(
            "fieldset",
            el("legend", f"Dials of {PROVIDERS[provider]}", cls="unseen"),
            [_dial(provider, dial, value) for dial, value in described],
        ),
        cls="dials",
        id=f"dials-{provider}",
        open=bool(turned),
    )


def _dial(provider: str, dial: Dial, value: Value) -> Html:
    made_id = f"{provider}-{dial.name}"
    name = f"{provider}.{dial.name}"
    if dial.kind == "switch":
        box = el(
            "input", type="checkbox", id=made_id, name=name, checked=bool(value), data_submits=True
        )
        return el("p", box, el("label", dial.says, for_=made_id), cls="dial switch")
    if dial.kind == "choice":
        options = [el("option", each, value=each, selected=each == value) for each in dial.options]
        select = el("select", options, id=made_id, name=name, data_submits=True)
        return el("p", el("label", dial.says, for_=made_id), select, cls="dial choice")
    if dial.kind == "probability":
        percent = round(float(value) * 100)
        control = el(
            "input",
            type="range",
            id=made_id,
            name=name,
            min=0,
            max=100,
            value=percent,
            data_submits=True,
        )
        shown = el("output", f"{percent} %", for_=made_id)
    else:
        control = el(
            "input",
            type="number",
            id=made_id,
            name=name,
            min=0,
            max=86400,
            step="any",
            value=f"{value:g}",
            data_submits=True,
        )
        shown = el("span", "s")
    return el("p", el("label", dial.says, for_=made_id), control, shown, cls=f"dial {dial.kind}")


def time_and_seed(world: World) -> Html:
    jumps = [
        el("button", f"+ {words}", name="seconds", value=seconds, cls="btn")
        for seconds, words in JUMPS
    ]
    return panel(
        "Time and seed",
        el(
            "p",
            "Now ",
            clock_time(world.clock.now()),
            ". Moving the clock lets all fall due that was waiting.",
            cls="note",
        ),
        el(
            "form",
            el("div", jumps, cls="acts"),
            action="/act/advance",
            method="post",
            data_reloads=True,
        ),
        el(
            "form",
            el("p", "Begin again clears every chat, wallet and dial on these phones.", cls="note"),
            el(
                "p",
                el("label", "Seed", for_="seed"),
                el("input", type="number", id="seed", name="seed", min=0, value=world.chance.seed),
                cls="field",
            ),
            el("button", "Begin again", cls="btn"),
            action="/act/reset",
            method="post",
            data_reloads=True,
        ),
        is_open=False,
    )


def panel(title: str, *children: Child, is_open: bool) -> Html:
    made_id = "panel-" + title.lower().replace(" ", "-")
    body = el("div", children, cls="pad")
    return el(
        "details", el("summary", el("h2", title)), body, cls="panel", id=made_id, open=is_open
    )


def _text(
    made_id: str,
    name: str,
    title: str,
    *,
    inputmode: str = "text",
    needed: bool = True,
    value: str = "",
) -> Html:
    field = el(
        "input",
        id=made_id,
        name=name,
        inputmode=inputmode,
        required=needed,
        value=value,
        autocomplete="off",
    )
    return el(
        "p",
        el("label", title, for_=made_id),
        field,
        cls="field",
    )
