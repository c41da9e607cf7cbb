"""The tour: ninety seconds from a sentence to the books, played on the phones themselves.

Each step is a row here: what is said, what it points at, and what it does. The page's module
plays them (`static/tour.js`); without it they are read as a list.
"""

from __future__ import annotations

from dataclasses import dataclass

from hesabu.sandbox.page.markup import Html, el
from hesabu.sandbox.page.panels import panel
from hesabu.sandbox.people import Person


@dataclass(frozen=True)
class Step:
    title: str
    words: str
    points_at: str
    """A selector of what it is about."""
    act: str = ""
    """What is played before it: see `ACTS` in the module."""
    what: str = ""
    """The words that are typed, or the title of the button."""
    seconds: int = 7
    """How long it stays when nobody presses Next."""


def steps(left: Person, right: Person, written: str) -> tuple[Step, ...]:
    me, you = left.first_name, right.first_name
    sentence = f"Invoice {right.name} {written} 75,000 for logo design due Friday"
    return (
        Step(
            "Two people, two phones",
            f"{me} runs a small business. {you} is about to owe her money. Neither installs anything: they have WhatsApp.",
            "#phone-left",
        ),
        Step(
            "She says it in her own words",
            f"{me} tells Hesabu who owes what, as she would tell a clerk.",
            "#phone-left .composer",
            act="say",
            what=sentence,
            seconds=6,
        ),
        Step(
            "It is read back",
            "Customer, item, tax, total, due date. Nothing leaves before she says so.",
            "#phone-left .turn:not(.me, .typing)",
            act="wait-buttons",
            seconds=8,
        ),
        Step(
            "One tap",
            f"She taps Send. The invoice gets its number, and is on its way to {you}.",
            "#phone-left .turn:not(.me, .typing)",
            act="tap",
            what="Send",
            seconds=6,
        ),
        Step(
            "It arrives as a document",
            f"{you} gets a PDF that opens on any phone, and a button to pay. She needs no app and no account.",
            "#phone-right .turn:not(.me, .typing)",
            act="wait-document",
            seconds=8,
        ),
        Step(
            "The invoice itself",
            f"Numbered without gaps, and frozen when it was issued: what {you} sees today is what it will always be.",
            "#viewer, #phone-right .turn:not(.me, .typing) .doc",
            act="open-document",
            seconds=8,
        ),
        Step(
            "She pays with her PIN",
            "M-PESA asks for it on her phone. It is entered there, and nobody else sees it.",
            "#phone-right .prompt",
            act="pay",
            what="Pay with M-PESA",
            seconds=8,
        ),
        Step(
            "Both hear of it",
            f"{me} hears that she was paid, and by whom; {you} has her receipt. M-PESA’s own SMS is under SMS.",
            "#phone-left .turn:not(.me, .typing)",
            act="pin",
            what=right.pin,
            seconds=9,
        ),
        Step(
            "And it is in the books",
            "Every message became a letter, every letter facts, and the money an entry in double entry. Here is the way it went.",
            "#inside",
            act="inside",
            seconds=10,
        ),
        Step(
            "Now you",
            f"Write as {me} or as {you}. Take away {you}’s WhatsApp under People and send another: it goes by SMS. Or turn a dial, and see what holds.",
            "#panel-what-may-go-wrong",
            seconds=12,
        ),
    )


def tour(left: Person, right: Person, written: str) -> Html:
    rows = [
        el(
            "li",
            el("b", step.title),
            el("span", step.words),
            data_points=step.points_at,
            data_act=step.act,
            data_what=step.what,
            data_seconds=step.seconds,
        )
        for step in steps(left, right, written)
    ]
    return panel(
        "The tour in words",
        el(
            "p",
            "The button at the top plays it on the phones. These are its steps.",
            cls="note",
        ),
        el("ol", rows, cls="tour-steps", id="tour-steps"),
        is_open=False,
    )
