"""Resending: the paper once more, by the way it went or by another."""

from __future__ import annotations

from functools import partial

from hesabu.doors.chat import words
from hesabu.doors.chat.acts import finding
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Understood
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.permissions import INVOICE_SEND
from hesabu.invoicing.types import InvoiceState, InvoiceView
from hesabu.messaging.types import Channel

WAYS: tuple[Channel | None, ...] = (None, Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)
"""What a tap's version says: none is the way the customer is best reached."""


def resend(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "resend INV-0007", "resend Jane's by sms"."""
    way = _way(said.topic)
    view = finding.meant(
        visit, desk, said, verb="resend", fits=finding.is_issued, version=WAYS.index(way)
    )
    if view is not None:
        resend_it(visit, desk, view, way)


def _way(topic: str | None) -> Channel | None:
    try:
        return Channel(topic or "")
    except ValueError:
        return None


def resend_it(visit: Visit, desk: Desk, view: InvoiceView, way: Channel | None) -> None:
    if view.state is InvoiceState.DRAFT:
        visit.say(words.reminding.not_sent_yet(view))
        return
    if view.state in (InvoiceState.VOID, InvoiceState.CREDITED):
        visit.say(words.money.nothing_owed_on(view))
        return
    message_id = desk.may(INVOICE_SEND, partial(invoicing.resend, view.id, way))
    if message_id is None:
        visit.say(words.reminding.no_way_to_send(view, way))
        visit.say(words.talk.pass_this_on(view))
        return
    visit.did("resent", desk, view.id)
    visit.say(words.reminding.resent(view, way))


def _resend_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    way = WAYS[tapped.version] if tapped.version < len(WAYS) else None
    resend_it(visit, desk, finding.viewed(desk, tapped), way)


TAPS = {"resend": _resend_tapped}
