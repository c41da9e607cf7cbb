"""Changing a draft: what, to what, and the new preview. The draft gets a new version, so old previews stop working.

What was issued does not change: a draft like it is changed instead, which takes its place when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from hesabu.doors.chat import likeness, previews, readings, words
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.invoicing import (
    ask_tax,
    kept_customer,
    lines_input,
    part_input,
    price_of,
)
from hesabu.doors.chat.speech import Chat, Option, Plain, Reads, Refusal, Steps
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import INVOICE_DRAFT
from hesabu.invoicing.types import DraftInput, TaxMode
from hesabu.kit.countries import country
from hesabu.kit.money import Money, exponent

Change = Callable[[DraftInput], DraftInput]
OF_LINES = ("amount", "description", "quantity")


@flow("change_draft", version=2)
def change_draft(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, the invoice, the version that was seen, whether it was issued and is to be replaced, and `told`,
    what the message said, in the grammar's published shape."""
    desk, invoice_id = desk_of(given), UUID(given["invoice"])
    draft = yield chat.look("draft", lambda: _draft(desk, invoice_id))
    told = given.get("told") or {"topic": given.get("field"), "problems": []}
    for problem in told["problems"]:
        yield chat.say(words.asking.problem(problem["code"], problem["at"], draft["currency"]))
    field = {"phone": "customer"}.get(told.get("topic") or "", told.get("topic"))
    if field not in (*words.asking.change_fields(), "quantity", "add", "remove"):
        field = yield chat.ask(
            "field",
            words.asking.what_to_change(),
            options=_fields(draft),
            list_title=words.talk.choose_button(),
        )
    place = 0
    if field == "remove":
        place = yield from _which_goes(chat, draft, told)
        if place is None:
            return None
    if field in OF_LINES and len(draft["lines"]) > 1:
        place = yield chat.ask("line", words.asking.which_line(), options=_lines(draft))
    if field == "add":
        to = yield from _added(chat, desk, draft, told)
    elif field == "remove":
        to = place
    else:
        to = None if told["problems"] else _told(field, told)
    if to is None:
        to = yield from _asked(chat, desk, draft, field, place)
    if field == "amount":
        to = yield from _of_each(chat, draft, place, to)
    try:
        made = yield chat.act("change", partial(_changed, desk, given, f"{field} {place}", to))
    except Refusal as refusal:
        yield chat.say(refusal.said)
        if not given.get("replaces"):
            shown = yield chat.look("as it is", lambda: previews.looked_up(desk, invoice_id))
            yield chat.say(previews.saying(shown))
        return None
    shown = yield chat.look("preview", lambda: previews.looked_up(desk, UUID(made["subject"])))
    yield chat.say(previews.saying(shown))
    return made


def _draft(desk: Desk, invoice_id: UUID) -> Plain:
    business = desk.business()
    with desk.open():
        view = invoices.invoice(invoice_id)
    return {
        "country": business.country,
        "currency": business.currency,
        "tax_name": country(business.country).tax_name,
        "is_registered": business.is_vat_registered,
        "lines": [line.description for line in view.lines],
        "quantities": [str(line.quantity) for line in view.lines],
        "prices": [words.figures.short_money(line.unit_price) for line in view.lines],
    }


def _fields(draft: Mapping[str, Any]) -> list[Option]:
    return [
        Option(title, value=field)
        for field, title in words.asking.change_fields().items()
        if field != "tax" or draft["is_registered"]
    ]


def _lines(draft: Mapping[str, Any]) -> list[Option]:
    return [
        Option(f"{n + 1}. {words.figures.shortened(what, 20)}", "", draft["prices"][n], n)
        for n, what in enumerate(draft["lines"][:10])
    ]


# --- which lines ------------------------------------------------------------------------------------------------------


def _which_goes(chat: Chat, draft: Mapping[str, Any], told: Mapping[str, Any]) -> Steps:
    """The place of the line to take away; None where it is the only one, which is said."""
    if len(draft["lines"]) == 1:
        yield chat.say(words.asking.only_line(draft["lines"][0]))
        return None
    named = (told["lines"][0]["description"] or "").casefold() if told.get("lines") else ""
    fitting = [n for n, what in enumerate(draft["lines"]) if named and named in what.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    return (yield chat.ask("line", words.asking.which_line(), options=_lines(draft)))


def _added(chat: Chat, desk: Desk, draft: Mapping[str, Any], told: Mapping[str, Any]) -> Steps:
    """The lines to add, each with a price: told, known, or asked for."""
    lines = [dict(line) for line in told.get("lines") or ()]
    where, currency = draft["country"], draft["currency"]
    if not lines or told["problems"]:
        reads = readings.some_lines(where, currency)
        return (yield chat.ask("lines", words.asking.new_lines(), reads=reads))
    for place, line in enumerate(lines):
        if not line["unit_price"]:
            known = yield chat.look(f"item{place}", partial(price_of, desk, line["description"]))
            line["unit_price"] = known
        if not line["unit_price"]:
            question = words.asking.how_much(line["description"])
            reads = readings.an_amount(where, currency)
            line["unit_price"] = yield chat.ask(f"price{place}", question, reads=reads)
    return lines


# --- to what ----------------------------------------------------------------------------------------------------------


def _told(field: str, told: Mapping[str, Any]) -> Any:
    """What the message itself said it should be; None where that must be asked."""
    first = told["lines"][0] if told.get("lines") else {}
    said = {
        "amount": (told.get("total") or {}).get("amount"),
        "due": told.get("due_on"),
        "discount": told.get("discount"),
        "deposit": told.get("deposit"),
        "tax": (told.get("tax") or {}).get("mode"),
        "description": first.get("description"),
        "quantity": first.get("quantity"),
    }
    if field == "customer":
        customer = told.get("customer") or {}
        is_told = customer.get("name") or customer.get("phone")
        return {"name": customer.get("name"), "phone": customer.get("phone")} if is_told else None
    return said.get(field)


def _asked(chat: Chat, desk: Desk, draft: Mapping[str, Any], field: str, place: int) -> Steps:
    where, currency = draft["country"], draft["currency"]
    if field == "tax":
        return (yield ask_tax(chat, draft["tax_name"]))
    asks: dict[str, tuple[str, Reads]] = {
        "amount": (
            words.asking.how_much(draft["lines"][place]),
            readings.an_amount(where, currency),
        ),
        "description": (words.asking.what_for(), readings.some_words),
        "quantity": (words.asking.how_many(draft["lines"][place]), readings.a_quantity),
        "customer": (words.asking.who_is_it_for(), readings.a_customer(where)),
        "due": (words.asking.when_due(), readings.a_due_day(desk, [])),
        "lines": (words.asking.new_lines(), readings.some_lines(where, currency)),
        "discount": (words.asking.what_discount(), readings.a_discount(where, currency)),
        "deposit": (words.asking.what_deposit(), readings.a_discount(where, currency)),
        "note": (words.asking.what_note(), readings.a_note),
    }
    question, reading = asks[field]
    is_words = field in ("description", "customer", "note")
    return (yield chat.ask("to", question, reads=reading, takes_anything=is_words))


def _of_each(chat: Chat, draft: Mapping[str, Any], place: int, to: str) -> Steps:
    """An amount for several pieces: each, or all together? Money is never guessed."""
    quantity = Decimal(draft["quantities"][place])
    if quantity == 1:
        return to
    amount = Money.parse(to, draft["currency"])
    each, together = words.asking.each_or_together(amount, quantity)
    options = [Option(each, value="each"), Option(together, value="together")]
    if (
        yield chat.ask("each", words.asking.is_it_each(draft["lines"][place]), options=options)
    ) == "each":
        return to
    share = amount.decimal / quantity
    if share != round(share, exponent(amount.currency)):
        yield chat.say(words.asking.not_divisible(amount, quantity))
        reads = readings.an_amount(draft["country"], draft["currency"])
        question = words.asking.how_much_each(draft["lines"][place])
        return (yield chat.ask("to each", question, reads=reads))
    return f"{share:f}"


# --- the change -------------------------------------------------------------------------------------------------------


def _changed(desk: Desk, given: Mapping[str, Any], what: str, to: Any) -> Plain:
    """Say it again with the change: the deed, with how it was before."""
    invoice_id = UUID(given["invoice"])
    with desk.open():
        view = invoices.invoice(invoice_id)
        before = invoices.said_of(invoice_id)
    customer_id = view.customer_id
    if what.startswith("customer"):
        customer_id = kept_customer(desk, to["name"] or view.customer_name, to["phone"])
    changed = replace(_with(before, view.currency, what, to), customer_id=customer_id)
    deed = {"business": desk.business_id.hex, "at": None}
    if given.get("replaces"):
        fresh = _in_its_place(desk, invoice_id, changed)
        new_id, _ = desk.may(INVOICE_DRAFT, lambda: invoicing.draft(fresh))
        return deed | {"verb": "drafted", "subject": new_id.hex}
    version = desk.may(
        INVOICE_DRAFT,
        lambda: invoicing.change_draft(invoice_id, given["version"], changed),
    )
    kept = {"version": version, "before": likeness.plain(before)}
    return deed | {"verb": "changed", "subject": invoice_id.hex} | kept


def _in_its_place(desk: Desk, invoice_id: UUID, changed: DraftInput) -> DraftInput:
    """A due day that has passed is the day it is sent."""
    fresh = replace(changed, replaces=invoice_id)
    is_past = fresh.due_on is not None and fresh.due_on < desk.today()
    return previews.due_on_sending(fresh) if is_past else fresh


def _with(said: DraftInput, currency: str, what: str, to: Any) -> DraftInput:
    field, _, place = what.partition(" ")
    if field in OF_LINES:
        lines = list(said.lines)
        old = lines[int(place)]
        news: dict[str, Any] = {
            "amount": lambda: {"unit_price": Money.parse(to, currency)},
            "description": lambda: {"description": to},
            "quantity": lambda: {"quantity": Decimal(to)},
        }
        lines[int(place)] = replace(old, **news[field]())
        return replace(said, lines=lines)
    if field == "remove":
        return replace(said, lines=[line for n, line in enumerate(said.lines) if n != to])
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "due": lambda: {"due_on": date.fromisoformat(to)},
        "lines": lambda: {"lines": lines_input(to, currency)},
        "add": lambda: {"lines": [*said.lines, *lines_input(to, currency)]},
        "tax": lambda: {"tax_mode": TaxMode(to)},
        "discount": lambda: {"discount": part_input(to or None, currency)},
        "deposit": lambda: {"deposit": part_input(to or None, currency)},
        "note": lambda: {"note": to},
    }
    return replace(said, **changes[field]()) if field in changes else said
