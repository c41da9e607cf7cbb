"""One more like it: what an invoice said, on today's terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from hesabu.doors.chat import words
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.speech import Plain
from hesabu.identity.types import Business
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import DraftInput, InvoiceView, LineInput, TaxMode
from hesabu.kit import clock
from hesabu.kit.money import Money


def of(desk: Desk, view: InvoiceView) -> tuple[DraftInput, list[str]]:
    """What a new draft like this invoice says, and what is not as it was, in words.

    The prices are today's where the thing is among what is sold, the tax is as the business stands today, and there are
    as many days to pay as there were.
    """
    business = desk.business()
    with desk.open():
        said = invoices.said_of(view.id)
    lines, notes = _at_todays_prices(desk, said)
    mode = _tax_mode(business, TaxMode(said.tax_mode))
    if mode == TaxMode.NONE:
        lines = [replace(line, tax_code=None) for line in lines]
    fresh = replace(said, lines=lines, tax_mode=mode, due_on=None, replaces=None)
    if view.issued_on and view.due_on and view.due_on > view.issued_on:
        due_on = clock.today(business.timezone) + (view.due_on - view.issued_on)
        fresh = replace(fresh, due_on=due_on)
    elif view.number is None and said.due_on and said.due_on >= desk.today():
        fresh = replace(fresh, due_on=said.due_on)
    return fresh, notes


def _at_todays_prices(desk: Desk, said: DraftInput) -> tuple[list[LineInput], list[str]]:
    lines, notes = [], []
    for line in said.lines:
        with desk.open():
            item = invoices.item_named(line.description)
        now = item.unit_price if item else line.unit_price
        if item and now != line.unit_price and now.currency == line.unit_price.currency:
            notes.append(words.selling.price_is_now(item.name, now, line.unit_price))
            line = replace(line, unit_price=now)
        lines.append(line)
    return lines, notes


def _tax_mode(business: Business, was: TaxMode) -> TaxMode:
    if not business.is_vat_registered:
        return TaxMode.NONE
    return TaxMode.EXCLUSIVE if was == TaxMode.NONE else was


def new_things(desk: Desk, view: InvoiceView) -> list[tuple[str, Money]]:
    """What an invoice sold by the piece and is not among what is sold yet, with its price."""
    sold = [line for line in view.lines if line.quantity != 1 and len(line.description) <= 40]
    with desk.open():
        return [
            (line.description, line.unit_price)
            for line in sold
            if invoices.item_named(line.description) is None
        ]


# --- as the memory keeps it -------------------------------------------------------------------------------------------


def plain(said: DraftInput) -> Plain:
    """What a draft says, as JSON carries it."""
    return {
        "customer": said.customer_id.hex,
        "lines": [
            [line.description, str(line.quantity), _money(line.unit_price), line.tax_code]
            for line in said.lines
        ],
        "due_on": said.due_on.isoformat() if said.due_on else None,
        "tax_mode": str(said.tax_mode),
        "discount": _part(said.discount),
        "deposit": _part(said.deposit),
        "note": said.note,
        "replaces": said.replaces.hex if said.replaces else None,
    }


def read(kept: Plain) -> DraftInput:
    """The other way round."""
    return DraftInput(
        customer_id=UUID(kept["customer"]),
        lines=[
            LineInput(what, Decimal(quantity), Money(*price), tax_code)
            for what, quantity, price, tax_code in kept["lines"]
        ],
        due_on=date.fromisoformat(kept["due_on"]) if kept["due_on"] else None,
        tax_mode=TaxMode(kept["tax_mode"]),
        discount=_read_part(kept["discount"]),
        deposit=_read_part(kept["deposit"]),
        note=kept["note"],
        replaces=UUID(kept["replaces"]) if kept["replaces"] else None,
    )


def _money(amount: Money) -> list[int | str]:
    return [amount.minor, amount.currency]


def _part(part: Money | int | None) -> Plain:
    return _money(part) if isinstance(part, Money) else part


def _read_part(kept: Plain) -> Money | int | None:
    return Money(*kept) if isinstance(kept, list) else kept
