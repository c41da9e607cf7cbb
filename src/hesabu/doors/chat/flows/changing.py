"""Changing a draft: what, to what, and the new preview. The draft gets a new version, so old previews stop working."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from hesabu.doors.chat import previews, readings, words
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import Chat, Option, Plain, Reads, Refusal, Steps, flow
from hesabu.doors.chat.flows.invoicing import ask_tax, discount_input, lines_input
from hesabu.identity.types import Permission
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import DraftInput, InvoiceView, TaxMode
from hesabu.kit.countries import country
from hesabu.kit.money import Money

Change = Callable[[DraftInput], DraftInput]


@flow("change_draft", version=1)
def change_draft(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, the invoice, the version that was seen; `field`, where it was said what to change."""
    desk, invoice_id = desk_of(given), UUID(given["invoice"])
    draft = yield chat.look("draft", lambda: _draft(desk, invoice_id))
    field = given.get("field")
    if field not in words.change_fields():
        field = yield chat.ask(
            "field",
            words.what_to_change(),
            options=_fields(draft),
            list_title=words.choose_button(),
        )
    what, to = yield from _asked(chat, desk, draft, field)
    try:
        yield chat.act(
            "change", lambda: _changed(desk, invoice_id, given["version"], draft, what, to)
        )
    except Refusal as refusal:
        yield chat.say(f"{refusal.title} {refusal.hint}")
    shown = yield chat.look("preview", lambda: previews.looked_up(desk, invoice_id))
    yield chat.say(previews.saying(shown))


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
    }


def _fields(draft: Mapping[str, Any]) -> list[Option]:
    return [
        Option(title, value=field)
        for field, title in words.change_fields().items()
        if field != "tax" or draft["is_registered"]
    ]


def _asked(chat: Chat, desk: Desk, draft: Mapping[str, Any], field: str) -> Steps:
    """What is changed ("amount 0": that of the first line), and to what."""
    if field in ("amount", "description"):
        place = 0
        if len(draft["lines"]) > 1:
            options = [
                Option(f"{n + 1}. {words.shortened(what, 20)}", value=n)
                for n, what in enumerate(draft["lines"][:10])
            ]
            place = yield chat.ask("line", words.which_line(), options=options)
        question = words.what_for()
        if field == "amount":
            question = words.how_much(draft["lines"][place])
        reads: Reads = readings.some_words
        if field == "amount":
            reads = readings.an_amount(draft["country"], draft["currency"])
        to = yield chat.ask("to", question, reads=reads, takes_anything=field == "description")
        return f"{field} {place}", to
    if field == "tax":
        return field, (yield ask_tax(chat, draft["tax_name"]))
    asks: dict[str, tuple[str, Reads]] = {
        "customer": (words.who_is_it_for(), readings.a_customer(draft["country"])),
        "due": (words.when_due(), readings.a_due_day(desk, [])),
        "lines": (words.new_lines(), readings.some_lines(draft["country"], draft["currency"])),
        "discount": (
            words.what_discount(),
            readings.a_discount(draft["country"], draft["currency"]),
        ),
        "note": (words.what_note(), readings.a_note),
    }
    question, reading = asks[field]
    to = yield chat.ask("to", question, reads=reading, takes_anything=field in ("customer", "note"))
    return field, to


def _changed(
    desk: Desk, invoice_id: UUID, version: int, draft: Mapping[str, Any], what: str, to: Any
) -> int:
    """Say the draft again with the change; its new version."""
    with desk.open():
        view = invoices.invoice(invoice_id)
    customer_id = view.customer_id
    if what == "customer":
        customer_id = desk.may(
            Permission.CUSTOMER_KEEP,
            lambda: invoicing.keep_customer(to["name"] or view.customer_name, to["phone"]),
        )
    said = _with(view, previews.input_of(view), draft["currency"], what, to)
    changed = replace(said, customer_id=customer_id)
    return desk.may(
        Permission.INVOICE_DRAFT, lambda: invoicing.change_draft(invoice_id, version, changed)
    )


def _with(view: InvoiceView, said: DraftInput, currency: str, what: str, to: Any) -> DraftInput:
    field, _, place = what.partition(" ")
    if field in ("amount", "description"):
        lines = list(said.lines)
        old = lines[int(place)]
        if field == "amount":
            lines[int(place)] = replace(old, unit_price=_each(to, currency))
        else:
            lines[int(place)] = replace(old, description=to)
        return replace(said, lines=lines)
    if field == "due":
        return replace(said, due_on=date.fromisoformat(to))
    if field == "lines":
        return replace(said, lines=lines_input(to, currency))
    if field == "tax":
        return replace(said, tax_mode=TaxMode(to))
    if field == "discount":
        return replace(said, discount=discount_input(to or None, currency))
    if field == "note":
        return replace(said, note=to)
    return said


def _each(amount: str, currency: str) -> Money:
    return Money.parse(amount, currency)
