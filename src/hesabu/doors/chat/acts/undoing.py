"""Undoing: the last act of this person in this chat, within ten minutes. What nobody else has seen is taken back at once;
what a customer may know of, or the books do, is asked first; what cannot be undone says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from hesabu.doors.chat import likeness, news, previews, stepping, words
from hesabu.doors.chat.acts import finding, selling, taking_back
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.memory import Deed
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.telling import tell_contact
from hesabu.doors.chat.visit import Visit
from hesabu.identity import queries as people
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import INVOICE_DRAFT
from hesabu.invoicing.types import INVOICE, InvoiceState
from hesabu.kit import clock
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_RECORD
from hesabu.payments.types import PaymentState

WITHIN = timedelta(minutes=10)
"""Older acts are not taken back by a word that does not say which."""
REASON = "undone in chat"


def undo(visit: Visit, desk: Desk, said: Understood) -> None:
    deed = visit.memory.deeds[-1] if visit.memory.deeds else None
    if deed is None or deed.business_id != desk.business_id:
        visit.say(words.undoing.nothing_to_take_back())
    elif clock.now() - deed.at > WITHIN:
        visit.say(words.undoing.too_long_ago())
    else:
        act = UNDOES.get(deed.verb)
        if act is None:
            visit.say(words.undoing.cannot_be_undone(deed.verb))
        else:
            act(visit, desk, deed)


def _forget(visit: Visit, deed: Deed) -> None:
    visit.memory.deeds = [known for known in visit.memory.deeds if known != deed]


def _undraft(visit: Visit, desk: Desk, deed: Deed) -> None:
    """A draft that was just begun is dropped."""
    view = finding.view_of(desk, deed.subject_id)
    if view.state is InvoiceState.DRAFT:
        desk.may(INVOICE_DRAFT, lambda: invoicing.discard(view.id))
        visit.say(words.sending.dropped())
        _forget(visit, deed)
    else:
        visit.say(words.undoing.cannot_be_undone("drafted"))


def _unchange(visit: Visit, desk: Desk, deed: Deed) -> None:
    """A draft as it was before the change, under a version of its own."""
    view = finding.view_of(desk, deed.subject_id)
    if view.state is not InvoiceState.DRAFT or view.version != deed.version:
        visit.say(words.undoing.changed_since())
        return
    said = likeness.read(deed.before)
    desk.may(INVOICE_DRAFT, lambda: invoicing.change_draft(view.id, view.version, said))
    _forget(visit, deed)
    visit.say(words.undoing.as_it_was())
    visit.say(previews.of(desk, finding.view_of(desk, view.id)))


def _undrop(visit: Visit, desk: Desk, deed: Deed) -> None:
    """What was dropped stays dropped; a draft that says the same is there again."""
    with desk.open():
        said = invoices.said_of(deed.subject_id)
    if said.due_on is not None and said.due_on < desk.today():
        said = previews.due_on_sending(said)
    invoice_id, _ = desk.may(INVOICE_DRAFT, lambda: invoicing.draft(said))
    _forget(visit, deed)
    visit.say(words.undoing.as_it_was())
    visit.say(previews.of(desk, finding.view_of(desk, invoice_id)))


def _unissue(visit: Visit, desk: Desk, deed: Deed) -> None:
    taking_back.ask_to_void(visit, desk, finding.view_of(desk, deed.subject_id))


def _unrecord(visit: Visit, desk: Desk, deed: Deed) -> None:
    """Money that was counted by hand: say what will happen; one tap does it."""
    with desk.open():
        payment = collected.payment(deed.subject_id)
        purpose = payment.purpose
        number = invoices.invoice(purpose.id).number if purpose else None
    if payment.state is PaymentState.REVERSED:
        visit.say(words.money.kept())
        return
    yes, no = words.undoing.withdraw_buttons()
    visit.say(
        words.undoing.really_withdraw(payment, number or ""),
        Option(yes, written("withdraw", desk.business_id, payment.id)),
        Option(no, written("keep", desk.business_id, payment.id)),
    )


def _withdraw(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        before = collected.payment(tapped.subject_id)
    if before.state is PaymentState.REVERSED:
        visit.say(words.undoing.withdrawn_before())
        return
    if not stepping.is_stepped_up():
        stepping.ask(visit, desk, tapped)
        return
    desk.may(PAYMENT_RECORD, partial(payments.withdraw, tapped.subject_id, REASON))
    visit.memory.deeds = [d for d in visit.memory.deeds if d.subject_id != tapped.subject_id]
    if before.purpose is None or before.purpose.kind != INVOICE:
        visit.say(words.undoing.withdrawn(before.amount))
        return
    view = finding.view_of(desk, before.purpose.id)
    visit.say(
        Saying(words.undoing.withdrawn_from(before.amount, view), about=news.about(desk, view))
    )
    if view.contact_id is not None:
        with desk.open():
            seller = people.business(desk.business_id).name
            make = partial(
                words.undoing.payment_corrected, seller, str(view.number), before.amount, view
            )
            tell_contact(view.contact_id, lambda: Saying(make()), f"told:withdrawn:{before.id}")


UNDOES: dict[str, Callable[[Visit, Desk, Deed], None]] = {
    "drafted": _undraft,
    "changed": _unchange,
    "dropped": _undrop,
    "issued": _unissue,
    "recorded": _unrecord,
    "item": selling.put_back,
}
INTENTS = {Intent.UNDO: undo}
TAPS = {"withdraw": _withdraw}
