"""M-PESA on a phone: its menu, and the prompt that lies over everything. Its messages are SMS (`texts`)."""

from __future__ import annotations

from hesabu.sandbox.daraja.books import Prompt
from hesabu.sandbox.page.markup import Html, el
from hesabu.sandbox.page.words import kes
from hesabu.sandbox.people import Person
from hesabu.sandbox.whatsapp.numbers import Number
from hesabu.sandbox.world import World


def hidden(person: Person, number: Number | None = None) -> list[Html]:
    fields = [el("input", type="hidden", name="phone", value=person.phone)]
    if number is not None:
        fields.append(el("input", type="hidden", name="number", value=number.phone_number_id))
    return fields


def money(person: Person, side: str) -> Html:
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
            hidden(person),
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


def prompt(world: World, person: Person) -> Html:
    ringing = world.books.ringing_on(person.phone)
    inner = _ringing(world, person, ringing) if ringing else None
    return el("div", inner, cls="over", data_live="prompt", aria_live="assertive")


def _ringing(world: World, person: Person, ringing: Prompt) -> Html:
    account = f", account {ringing.account}" if ringing.shortcode.kind == "paybill" else ""
    question = f"Pay {kes(ringing.amount_cents)} to {ringing.shortcode.name}{account}?"
    pad = [el("button", digit, type="button", data_digit=digit) for digit in "123456789"]
    pad.append(el("button", "⌫", type="button", data_digit="back", aria_label="Delete a digit"))
    pad.append(el("button", "0", type="button", data_digit="0"))
    left = max(0, round(ringing.rings_until - world.clock.now()))
    return el(
        "form",
        hidden(person),
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
        data_key=ringing.checkout_id,
        data_version="1",
    )
