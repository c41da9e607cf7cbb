"""Reminding: one invoice, one of somebody's, or all that are late. What cannot be reminded of says why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hesabu.doors.chat import lists, words
from hesabu.doors.chat.acts import finding
from hesabu.doors.chat.desk import Desk, attempt
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.speech import Option
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.visit import Visit, refused
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import NoWayToReach
from hesabu.invoicing.permissions import INVOICE_SEND
from hesabu.invoicing.types import InvoiceState, InvoiceView
from hesabu.kit.errors import HesabuError

LATE, OPEN = 0, 1
AT_ONCE_MAX = 50
"""So many are reminded by one tap; the rest by the next."""


def remind(visit: Visit, desk: Desk, said: Understood) -> None:
    if said.topic == "all":
        ask_to_remind_all(visit, desk)
        return
    view = finding.meant(visit, desk, said, verb="remind", fits=finding.is_open)
    if view is not None:
        remind_of(visit, desk, view)


def remind_of(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    """Send the reminder, or say why none is sent and what to do."""
    if view.state is InvoiceState.DRAFT:
        visit.say(words.reminding.not_sent_yet(view))
        return
    if not view.owed:
        visit.say(words.money.nothing_owed_on(view))
        return
    try:
        attempt(lambda: _reminded(desk, view))
    except NoWayToReach as error:
        visit.say(refused(error))
        visit.say(words.talk.pass_this_on(view))
        return
    visit.did("reminded", desk, view.id)
    visit.say(words.reminding.reminded(view))


def _reminded(desk: Desk, view: InvoiceView) -> None:
    desk.may(INVOICE_SEND, partial(invoicing.remind, view.id))


def ask_to_remind_all(visit: Visit, desk: Desk) -> None:
    """How many, and how much; one tap sends."""
    with desk.open():
        opened = invoices.open_invoices()
    late = [view for view in opened if view.is_overdue]
    if not opened:
        visit.say(words.money.nothing_open())
        return
    groups = [(LATE, late)] if late else []
    if len(late) < len(opened):
        groups.append((OPEN, opened))
    options = [
        Option(
            words.reminding.remind_button(len(group), is_late=which == LATE),
            written("remindall", desk.business_id, desk.business_id, which, len(group)),
        )
        for which, group in groups
    ]
    options.append(
        Option(words.reminding.no_button(), written("keep", desk.business_id, desk.business_id))
    )
    body = words.reminding.really_remind(
        len(late), lists.sums(late), len(opened), lists.sums(opened), lists.speaking_for(desk)
    )
    visit.say(body, *options)


def _remind_all_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        opened = invoices.open_invoices()
    wanted = [view for view in opened if view.is_overdue or tapped.version == OPEN]
    told, left = _remind_each(desk, wanted[:AT_ONCE_MAX])
    visit.say(words.reminding.reminded_all(told, left, len(wanted) - AT_ONCE_MAX))


def _remind_each(
    desk: Desk, wanted: Sequence[InvoiceView]
) -> tuple[list[InvoiceView], list[tuple[InvoiceView, str]]]:
    """Who was reminded, and who was not and why."""
    told: list[InvoiceView] = []
    left: list[tuple[InvoiceView, str]] = []
    for view in wanted:
        try:
            attempt(partial(_reminded, desk, view))
        except HesabuError as error:
            left.append((view, words.figures.translated(error.title)))
        else:
            told.append(view)
    return told, left


def _remind_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    remind_of(visit, desk, finding.viewed(desk, tapped))


INTENTS = {Intent.REMIND: remind}
TAPS = {"remind": _remind_tapped, "remindall": _remind_all_tapped}
