"""Previews: a draft as it will look, with the buttons that carry its version."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from hesabu.doors.chat import likeness, taps, words
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.speech import Option, Plain, Saying
from hesabu.identity import queries as identity
from hesabu.invoicing import queries as invoicing
from hesabu.invoicing.types import DraftInput, InvoiceView
from hesabu.kit import clock
from hesabu.kit.countries import country


def of(desk: Desk, view: InvoiceView) -> Saying:
    """Outside of the desk's binding or inside it."""
    with desk.open():
        business = identity.business(desk.business_id)
    several = len(identity.memberships_of(desk.person_id)) > 1
    today = clock.today(business.timezone)
    body = words.sending.preview(
        view, today, country(business.country).tax_name, business.name if several else None
    )
    if view.replaces_id is not None:
        with desk.open():
            old = invoicing.invoice(view.replaces_id)
        body = words.sending.in_place_of(body, old)
    return Saying(body, _buttons(desk, view))


def on_its_way(desk: Desk, view: InvoiceView) -> Saying:
    """It was sent: what else may be wanted now."""
    options = []
    if likeness.new_things(desk, view):
        title = words.selling.keep_prices()
        options.append(Option(title, taps.written("keepsold", desk.business_id, view.id)))
    old = None
    if view.replaces_id is not None:
        with desk.open():
            old = invoicing.invoice(view.replaces_id)
    body = words.sending.sent_in_place_of(view, old) if old else words.sending.on_its_way(view)
    return Saying(body, tuple(options), about=(desk.business_id.hex, view.id.hex))


def _buttons(desk: Desk, view: InvoiceView) -> tuple[Option, ...]:
    verbs = zip(("send", "change", "drop"), words.sending.preview_buttons(), strict=True)
    return tuple(
        Option(title, taps.written(verb, desk.business_id, view.id, view.version))
        for verb, title in verbs
    )


def plain(saying: Saying) -> Plain:
    """As a script carries it."""
    return {"body": saying.body, "options": [[o.title, o.id] for o in saying.options]}


def saying(kept: Plain) -> Saying:
    return Saying(kept["body"], tuple(Option(title, tap) for title, tap in kept["options"]))


def looked_up(desk: Desk, invoice_id: UUID) -> Plain:
    """The preview of a draft, as a flow looks it up."""
    with desk.open():
        view = invoicing.invoice(invoice_id)
    return plain(of(desk, view))


def due_on_sending(said: DraftInput) -> DraftInput:
    """Due on the day it is issued."""
    return replace(said, due_on=None)
