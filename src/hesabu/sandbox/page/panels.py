"""Beside the phones: who is here, what may go wrong, the clock and the seed."""

from __future__ import annotations

from hesabu.sandbox.dials import PRESETS, Dial, Value
from hesabu.sandbox.page.markup import Child, Html, el
from hesabu.sandbox.page.words import clock_time, number_words
from hesabu.sandbox.people import Person
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
    ("on_whatsapp", "Is on WhatsApp"),
    ("sends_receipts", "Sends read receipts"),
    ("shows_phone", "Shows the number to businesses"),
)
JUMPS = ((60, "1 minute"), (3600, "1 hour"), (86_400, "1 day"))


def people(world: World, left: Person, right: Person) -> Html:
    return panel(
        "People",
        _chooser(world, left, right),
        _settings(left),
        _settings(right),
        el(
            "form",
            el("h3", "Somebody new"),
            _text("new-name", "name", "Name"),
            _text("new-phone", "phone", "Phone", inputmode="tel"),
            el("button", "Add and show", cls="btn"),
            el("p", cls="refusal", role="status"),
            action="/act/person",
            method="post",
            data_reloads=True,
        ),
        is_open=False,
    )


def _chooser(world: World, left: Person, right: Person) -> Html:
    def pick(name: str, title: str, chosen: Person) -> Html:
        options = [
            el("option", f"{p.name}, {number_words(p.phone)}", value=p.phone, selected=p is chosen)
            for p in _those_shown(world, chosen)
        ]
        made_id = f"pick-{name}"
        select = el("select", options, id=made_id, name=name, data_submits=True)
        return el("p", el("label", title, for_=made_id), select, cls="field")

    numbers = list(world.chats.numbers.values())
    more = None
    if len(numbers) > 1:
        options = [
            el("option", f"{n.name}, {n.display_phone}", value=n.phone_number_id) for n in numbers
        ]
        select = el("select", options, id="pick-number", name="number", data_submits=True)
        more = el("p", el("label", "They chat with", for_="pick-number"), select, cls="field")
    return el(
        "form",
        pick("left", "Phone on the left", left),
        pick("right", "Phone on the right", right),
        more,
        el("button", "Show", cls="btn plain-only"),
        action="/",
        method="get",
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
        el("button", "Set", cls="btn plain-only"),
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
    sets = [
        el(
            "fieldset",
            el("legend", PROVIDERS[provider]),
            [_dial(provider, dial, value) for dial, value in dials.described()],
        )
        for provider, dials in world.dials.items()
    ]
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


def _text(made_id: str, name: str, title: str, *, inputmode: str = "text") -> Html:
    return el(
        "p",
        el("label", title, for_=made_id),
        el("input", id=made_id, name=name, inputmode=inputmode, required=True, autocomplete="off"),
        cls="field",
    )
