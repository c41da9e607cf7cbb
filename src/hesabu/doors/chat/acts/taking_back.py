"""Taking back: a draft is dropped; what was issued is voided while nobody has paid, and credited after that. Asked first."""

from __future__ import annotations

from hesabu.doors.chat import lists, stepping, words
from hesabu.doors.chat.acts import approving, drafting, finding
from hesabu.doors.chat.desk import Desk, attempt
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.speech import Option
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.visit import Visit
from hesabu.identity.errors import ApprovalNeeded
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.errors import VoidRefused
from hesabu.invoicing.permissions import INVOICE_CREDIT, INVOICE_VOID
from hesabu.invoicing.types import CreditNoteView, InvoiceState, InvoiceView
from hesabu.store import facts

REASON = "asked for in chat"


def void(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "void INV-0007", "cancel Jane's"."""
    view = finding.meant(visit, desk, said, verb="takeback", fits=finding.is_standing)
    if view is not None:
        take_back(visit, desk, view)


def cancel(visit: Visit, desk: Desk, said: Understood) -> None:
    """Outside of a flow: the invoice that was named or quoted, else the draft that was shown last."""
    is_named = said.reference or said.customer.name or said.customer.phone
    if is_named or finding.quoted_invoice(visit, desk) is not None:
        void(visit, desk, said)
        return
    view = finding.last_draft(visit, desk)
    if view is not None and view.state is InvoiceState.DRAFT:
        drafting.drop_draft(visit, desk, view)
    else:
        visit.say(words.talk.nothing_to_stop())


def take_back(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    if view.state is InvoiceState.DRAFT:
        drafting.drop_draft(visit, desk, view)
    else:
        ask_to_void(visit, desk, view)


def ask_to_void(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    """Say what will happen, and whether the customer has seen it; one tap does it."""
    if view.state in (InvoiceState.VOID, InvoiceState.CREDITED):
        visit.say(words.money.voided(view) if view.number else words.sending.draft_is_gone())
        return
    is_paid_on = bool(view.paid or view.credited)
    question = words.money.really_credit(view) if is_paid_on else words.money.really_void(view)
    yes, no = words.money.credit_buttons() if is_paid_on else words.money.void_buttons()
    verb = "credit" if is_paid_on else "void"
    said = [words.figures.in_business(lists.speaking_for(desk), question)]
    if was_seen(desk, view):
        said.append(words.undoing.has_been_seen(view))
    if view.contact_id is not None:
        said.append(words.undoing.customer_will_hear(view))
    visit.say(
        "\n\n".join([said[0], " ".join(said[1:])]) if said[1:] else said[0],
        Option(yes, written(verb, desk.business_id, view.id, view.version)),
        Option(no, written("keep", desk.business_id, view.id)),
    )


def was_seen(desk: Desk, view: InvoiceView) -> bool:
    with desk.open():
        return any(record.kind == "messaging.MessageSeen" for record in facts.timeline(view.id))


def _void_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    if _waits_for_pin(visit, desk, tapped):
        return
    try:
        view = attempt(lambda: _voided(desk, tapped))
    except ApprovalNeeded as needed:
        approving.ask(visit, desk, needed)
        return
    except VoidRefused:
        ask_to_void(visit, desk, finding.viewed(desk, tapped))
        return
    visit.did("voided", desk, view.id)
    visit.say(words.money.voided(view))


def _waits_for_pin(visit: Visit, desk: Desk, tapped: Tap) -> bool:
    """Whether the PIN is asked for before it is taken back; what was taken back already is only said once more."""
    if stepping.is_stepped_up():
        return False
    view = finding.viewed(desk, tapped)
    if view.state in (InvoiceState.VOID, InvoiceState.CREDITED):
        visit.say(words.money.voided(view) if view.number else words.sending.draft_is_gone())
    else:
        stepping.ask(visit, desk, tapped)
    return True


def _voided(desk: Desk, tapped: Tap) -> InvoiceView:
    return desk.may(INVOICE_VOID, lambda: invoicing.void(tapped.subject_id, REASON))


def _credited(desk: Desk, tapped: Tap) -> CreditNoteView:
    return desk.may(INVOICE_CREDIT, lambda: invoicing.credit(tapped.subject_id, REASON))


def _credit_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    if _waits_for_pin(visit, desk, tapped):
        return
    try:
        note = attempt(lambda: _credited(desk, tapped))
    except ApprovalNeeded as needed:
        approving.ask(visit, desk, needed)
        return
    visit.did("credited", desk, note.invoice_id)
    visit.say(words.money.credited(note.number, note.invoice_number))


def _take_back_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    take_back(visit, desk, finding.viewed(desk, tapped))


def _keep(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.say(words.money.kept())


INTENTS = {Intent.VOID: void, Intent.CANCEL: cancel}
TAPS = {
    "void": _void_tapped,
    "credit": _credit_tapped,
    "takeback": _take_back_tapped,
    "keep": _keep,
}
