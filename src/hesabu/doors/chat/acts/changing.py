"""Changing: a draft changes; what was issued does not, another takes its place."""

from __future__ import annotations

from hesabu.doors.chat import lists, words
from hesabu.doors.chat.acts import drafting, finding, selling
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.parser import to_json
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing.types import InvoiceState, InvoiceView


def change(visit: Visit, desk: Desk, said: Understood) -> None:
    """Of the invoice that is named or quoted, else of the draft that was shown last."""
    if said.reference:
        view = finding.by_number(visit, desk, said.reference)
        if view is None:
            return
    else:
        view = finding.quoted_invoice(visit, desk) or finding.last_draft(visit, desk)
    is_draft = view is not None and view.state is InvoiceState.DRAFT
    if said.topic in ("add", "remove") and not (is_draft or said.reference):
        selling.said(visit, desk, said)
        return
    if view is None:
        visit.say(words.talk.not_understood())
        visit.say(lists.menu(visit, desk))
        return
    begin_change(visit, desk, view, said)


def begin_change(
    visit: Visit, desk: Desk, view: InvoiceView, said: Understood | None = None
) -> None:
    """Ask what to change, where it was not said. Of what was issued, a draft like it is changed, which takes its place."""
    if view.state in (InvoiceState.VOID, InvoiceState.CREDITED):
        visit.say(
            words.sending.gone_so_no_change(view) if view.number else words.sending.draft_is_gone()
        )
        return
    told = to_json(said) if said else None
    given = {
        "invoice": view.id.hex,
        "version": view.version,
        "told": told,
        "digest": "",
        "replaces": view.number is not None,
    }
    visit.begin("change_draft", desk.plain() | given)


def _change_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = finding.viewed(desk, tapped)
    if view.number is not None or drafting.is_current(visit, desk, view, tapped):
        begin_change(visit, desk, view)


INTENTS = {Intent.CHANGE: change}
TAPS = {"change": _change_tapped}
