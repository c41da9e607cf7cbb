"""The merchant's side: what a message or a tap means to somebody who stands at the desk of a business."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hesabu.doors.chat import lists, news, previews, readings, words
from hesabu.doors.chat.desk import Desk, attempt, day_of
from hesabu.doors.chat.engine import Option
from hesabu.doors.chat.flows.receiving import place
from hesabu.doors.chat.grammar.parser import to_json
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.visit import Visit
from hesabu.identity import queries as people
from hesabu.identity.types import Permission
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import DraftOutdated, DueDayPassed, InvoiceNotFound, VoidRefused
from hesabu.invoicing.types import InvoiceState, InvoiceView
from hesabu.kit import clock, crypto
from hesabu.messaging import actions as messaging
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.types import ClaimState
from hesabu.store import facts

PREVIEW_IS_FRESH_FOR = timedelta(days=2)
"""A preview older than this is shown again before anything is sent."""
SAME_WORDS_WITHIN = timedelta(minutes=30)
"""The same words again within this time are taken for the same invoice."""


# --- words ------------------------------------------------------------------------------------------------------------


def hear(visit: Visit, desk: Desk, said: Understood) -> bool:
    """Answer what a merchant wrote outside of any flow; False where nothing was understood."""
    act = INTENTS.get(said.intent)
    if act is None:
        return False
    act(visit, desk, said)
    return True


def _invoice(visit: Visit, desk: Desk, said: Understood) -> None:
    digest = crypto.digest(" ".join(visit.message.text.lower().split())).hex()[:32]
    if said.lines and _was_said_before(visit, desk, digest):
        return
    begin_invoice(visit, desk, said, digest)


def begin_invoice(visit: Visit, desk: Desk, said: Understood, digest: str) -> None:
    told = to_json(said)
    visit.begin(
        "new_invoice", desk.plain() | {"told": told, "digest": digest, "said": visit.message.text}
    )


def _was_said_before(visit: Visit, desk: Desk, digest: str) -> bool:
    """The same words a moment ago: show what they made, make nothing."""
    last = visit.memory.last_draft
    if last is None or last.digest != digest or last.business_id != desk.business_id:
        return False
    with desk.open():
        view = invoices.invoice(last.invoice_id)
    if clock.now() - view.created_at > SAME_WORDS_WITHIN:
        return False
    if view.state is InvoiceState.DRAFT:
        visit.say(words.same_again())
        visit.say(previews.of(desk, view))
        return True
    if view.number is None:
        return False
    another, no = words.another_one()
    visit.say(
        words.same_was_sent(view.number),
        Option(another, written("again", desk.business_id, view.id)),
        Option(no, written("keep", desk.business_id, view.id)),
    )
    return True


def _who_owes(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(lists.owing(desk, only_overdue=said.topic == "overdue", name=said.customer.name))


def _list(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(lists.newest(desk, said.topic, said.customer.name))


def _status(visit: Visit, desk: Desk, said: Understood) -> None:
    view = _meant(visit, desk, said)
    if view is not None:
        visit.say(lists.standing(desk, view))


def _paid(visit: Visit, desk: Desk, said: Understood) -> None:
    invoice = None
    if said.problems:
        problem = said.problems[0]
        visit.say(words.problem(problem.code, problem.at, desk.business().currency))
        return
    if said.reference:
        view = _by_number(visit, desk, said.reference)
        if view is None:
            return
        invoice = view.id.hex
    visit.begin("record_payment", payment_given(visit, desk, said, invoice))


def payment_given(
    visit: Visit, desk: Desk, said: Understood, invoice: str | None
) -> dict[str, Any]:
    """What "Jane has paid" is begun with."""
    payment, business = said.payment, desk.business()
    method = payment.method if payment else None
    has_amount = payment is not None and payment.amount is not None
    return desk.plain() | {
        "invoice": invoice,
        "customer": said.customer.name or (payment.payer if payment else None),
        "method": method if method in ("cash", "mpesa", "bank", None) else "other",
        "amount": str(payment.amount) if payment and has_amount else None,
        "code": payment.code if payment else None,
        "key": f"chat:{visit.message.message_id}",
        "country": business.country,
        "currency": business.currency,
    }


def _void(visit: Visit, desk: Desk, said: Understood) -> None:
    view = _meant(visit, desk, said)
    if view is None:
        return
    if view.state is InvoiceState.DRAFT:
        _drop_draft(visit, desk, view)
        return
    ask_to_void(visit, desk, view)


def ask_to_void(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    if view.state in (InvoiceState.VOID, InvoiceState.CREDITED):
        visit.say(words.voided(view))
        return
    is_paid_on = bool(view.paid or view.credited)
    question = words.really_credit(view) if is_paid_on else words.really_void(view)
    yes, no = words.credit_buttons() if is_paid_on else words.void_buttons()
    verb = "credit" if is_paid_on else "void"
    visit.say(
        question,
        Option(yes, written(verb, desk.business_id, view.id, view.version)),
        Option(no, written("keep", desk.business_id, view.id)),
    )


def _cancel(visit: Visit, desk: Desk, said: Understood) -> None:
    """Outside of a flow: the draft that was shown last, or the invoice that was named."""
    if said.reference:
        _void(visit, desk, said)
        return
    last = visit.memory.last_draft
    if last is not None and last.business_id == desk.business_id:
        with desk.open():
            view = invoices.invoice(last.invoice_id)
        if view.state is InvoiceState.DRAFT:
            _drop_draft(visit, desk, view)
            return
    visit.say(words.nothing_to_stop())


def _change(visit: Visit, desk: Desk, said: Understood) -> None:
    """Of the draft that was shown last."""
    if said.topic == "language":
        visit.say(words.english_only())
        return
    last = visit.memory.last_draft
    view = None
    if said.reference:
        view = _by_number(visit, desk, said.reference)
        if view is None:
            return
    elif last is not None and last.business_id == desk.business_id:
        with desk.open():
            view = invoices.invoice(last.invoice_id)
    if view is None:
        visit.say(words.not_understood())
        visit.say(lists.menu(visit, desk))
    elif view.state is not InvoiceState.DRAFT:
        visit.say(words.already_sent(view))
        visit.say(lists.standing(desk, view))
    else:
        field = {"phone": "customer"}.get(said.topic or "", said.topic)
        begin_change(visit, desk, view, field)


def begin_change(visit: Visit, desk: Desk, view: InvoiceView, field: str | None = None) -> None:
    given = {"invoice": view.id.hex, "version": view.version, "field": field, "digest": ""}
    visit.begin("change_draft", desk.plain() | given)


def _ways(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    way = readings.way_in(said) if said else None
    given = {"way": way, "country": desk.business().country, "phone": visit.contact.phone}
    visit.begin("change_way", desk.plain() | given)


def _settings(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    visit.say(lists.settings(desk))


def _link(visit: Visit, desk: Desk, said: Understood) -> None:
    """Reminders and resending, for now: the link to pass on."""
    if said.intent is Intent.REMIND:
        visit.say(words.reminders_to_come())
    view = _meant(visit, desk, said)
    if view is None:
        return
    visit.say(words.pass_this_on(view) if view.pay_url else lists.standing(desk, view))


def _place(visit: Visit, desk: Desk) -> None:
    with desk.open():
        waiting = collected.unplaced()
    if not waiting:
        visit.say(words.nothing_to_place())
    for payment in waiting[:3]:
        with desk.open():
            visit.say(lists.unplaced(desk.business_id, payment))


def _menu(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    visit.say(lists.menu(visit, desk))


def _help(visit: Visit, desk: Desk, said: Understood | None = None) -> None:
    visit.say(words.help_text())


def _greet(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(words.hello(people.person(desk.person_id).name))
    visit.say(lists.menu(visit, desk))


def _language(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(words.english_only())


def _stop(visit: Visit, desk: Desk, said: Understood) -> None:
    messaging.opt_out(visit.contact.id)
    visit.say(words.opted_out())


def _start(visit: Visit, desk: Desk, said: Understood) -> None:
    messaging.opt_in(visit.contact.id)
    visit.say(words.opted_in())
    visit.say(lists.menu(visit, desk))


def _thanks(visit: Visit, desk: Desk, said: Understood) -> None:
    visit.say(words.welcome_thanks())


INTENTS: dict[Intent, Callable[[Visit, Desk, Understood], None]] = {
    Intent.INVOICE: _invoice,
    Intent.REPEAT: _list,
    Intent.WHO_OWES: _who_owes,
    Intent.LIST: _list,
    Intent.STATUS: _status,
    Intent.VIEW: _status,
    Intent.PAID: _paid,
    Intent.HAVE_PAID: _paid,
    Intent.VOID: _void,
    Intent.CANCEL: _cancel,
    Intent.CHANGE: _change,
    Intent.PAYMENT_SETUP: _ways,
    Intent.SETTINGS: _settings,
    Intent.REMIND: _link,
    Intent.RESEND: _link,
    Intent.MENU: _menu,
    Intent.HELP: _help,
    Intent.GREETING: _greet,
    Intent.THANKS: _thanks,
    Intent.LANGUAGE: _language,
    Intent.STOP: _stop,
    Intent.START: _start,
}

COMMANDS: dict[str, Callable[[Visit, Desk], None]] = {
    "place": _place,
    "pin": lambda visit, desk: visit.begin("set_pin", desk.plain()),
    "my pin": lambda visit, desk: visit.begin("set_pin", desk.plain()),
    "set pin": lambda visit, desk: visit.begin("set_pin", desk.plain()),
    "change pin": lambda visit, desk: visit.begin("set_pin", desk.plain()),
    "vat": lambda visit, desk: _tax(visit, desk),
    "switch": lambda visit, desk: visit.say(lists.businesses(visit)),
}
"""Short words of our own that the grammar does not know."""


def _tax(visit: Visit, desk: Desk) -> None:
    visit.begin("tax_registration", desk.plain() | {"country": desk.business().country})


def _meant(visit: Visit, desk: Desk, said: Understood) -> InvoiceView | None:
    """The invoice that a number or a name means; else a list to choose from is said."""
    if said.reference:
        return _by_number(visit, desk, said.reference)
    if said.customer.name:
        found = lists.of_customer(desk, said.customer.name)
        if len(found) == 1:
            return found[0]
        visit.say(lists.choices(desk, found) if found else words.nobody_called(said.customer.name))
        return None
    visit.say(lists.newest(desk, None, None))
    return None


def _by_number(visit: Visit, desk: Desk, reference: str) -> InvoiceView | None:
    try:
        return attempt(lambda: desk.may(Permission.INVOICE_READ, partial(_numbered, reference)))
    except InvoiceNotFound:
        visit.say(words.no_such_invoice(reference))
        return None


def _numbered(reference: str) -> InvoiceView:
    return invoices.by_number(reference)


# --- taps -------------------------------------------------------------------------------------------------------------


def tap(visit: Visit, desk: Desk, tapped: Tap) -> bool:
    """Answer a tap at that desk; False for one that is none of the merchant's."""
    act = TAPS.get(tapped.verb)
    if act is None:
        return False
    act(visit, desk, tapped)
    return True


def _viewed(desk: Desk, tapped: Tap) -> InvoiceView:
    return desk.may(Permission.INVOICE_READ, lambda: invoices.invoice(tapped.subject_id))


def _is_current(visit: Visit, desk: Desk, view: InvoiceView, tapped: Tap) -> bool:
    """Whether the draft is still what the button was shown with; else says what is the matter."""
    if view.state is InvoiceState.VOID and view.number is None:
        visit.say(words.draft_is_gone())
    elif view.state is not InvoiceState.DRAFT:
        visit.say(words.already_sent(view))
    elif view.version != tapped.version:
        visit.say(words.draft_has_changed())
        visit.say(previews.of(desk, view))
    else:
        return True
    return False


def _send(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = _viewed(desk, tapped)
    if not _is_current(visit, desk, view, tapped):
        return
    today = desk.today()
    drawn_at = _drafted_at(desk, view)
    if clock.now() - drawn_at > PREVIEW_IS_FRESH_FOR:
        visit.say(words.draft_of_before(day_of(drawn_at, desk.business().timezone), today))
        _show_anew(visit, desk, view)
        return
    try:
        issued = attempt(lambda: _issued(desk, tapped))
    except (DueDayPassed, DraftOutdated) as error:
        visit.say(words.translated(error.title))
        _show_anew(visit, desk, view)
        return
    visit.say(words.on_its_way(issued))


def _issued(desk: Desk, tapped: Tap) -> InvoiceView:
    return desk.may(
        Permission.INVOICE_ISSUE, lambda: invoicing.issue(tapped.subject_id, tapped.version)
    )


def _drafted_at(desk: Desk, view: InvoiceView) -> datetime:
    """When it was last written."""
    with desk.open():
        told = facts.timeline(view.id)
    written_at = [record.at for record in told if record.kind in _DRAFTING]
    return max(written_at, default=view.created_at)


_DRAFTING = ("invoicing.InvoiceDrafted", "invoicing.InvoiceRedrafted")


def _show_anew(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    """The same draft as of today, under a new version, so that the old buttons stay dead."""
    said = previews.input_of(view)
    is_reset = said.due_on is not None and said.due_on < desk.today()
    if is_reset:
        said = previews.due_on_sending(said)
        visit.say(words.due_day_reset())
    desk.may(Permission.INVOICE_DRAFT, lambda: invoicing.change_draft(view.id, view.version, said))
    with desk.open():
        fresh = invoices.invoice(view.id)
    visit.say(previews.of(desk, fresh))


def _change_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = _viewed(desk, tapped)
    if _is_current(visit, desk, view, tapped):
        begin_change(visit, desk, view)


def _drop(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = _viewed(desk, tapped)
    if _is_current(visit, desk, view, tapped):
        _drop_draft(visit, desk, view)


def _drop_draft(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    desk.may(Permission.INVOICE_DRAFT, lambda: invoicing.discard(view.id))
    visit.say(words.dropped())


def _again(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """One more invoice like that one."""
    view = _viewed(desk, tapped)
    said = previews.input_of(view)
    if said.due_on is not None and said.due_on < desk.today():
        said = previews.due_on_sending(said)
    invoice_id, _ = desk.may(Permission.INVOICE_DRAFT, lambda: invoicing.draft(said))
    with desk.open():
        fresh = invoices.invoice(invoice_id)
    visit.say(previews.of(desk, fresh))


def _confirm(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        claim = collected.claim(tapped.subject_id)
        view = invoices.invoice(claim.purpose.id)
    if claim.state is not ClaimState.MADE:
        visit.say(words.claim_answered())
        return
    amount = claim.amount or view.owed
    confirmed = desk.may(
        Permission.PAYMENT_CONFIRM,
        lambda: payments.confirm(claim.id, None if claim.amount else amount),
    )
    with desk.open():
        told = news.of_payment(view.id, confirmed.payment.id)
    if not confirmed.is_new or not told:
        visit.say(words.translated(confirmed.words))
    for saying in told:
        visit.say(saying)


def _reject(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        claim = collected.claim(tapped.subject_id)
        view = invoices.invoice(claim.purpose.id)
    if claim.state is not ClaimState.MADE:
        visit.say(words.claim_answered())
        return
    desk.may(Permission.PAYMENT_CONFIRM, lambda: payments.reject(claim.id))
    visit.say(words.rejected(view))


def _place_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """The version is the invoice's number; 0 asks for it."""
    if not tapped.version:
        given = desk.plain() | {"payment": tapped.subject_id.hex}
        visit.begin("place_money", given)
        return
    with desk.open():
        view = invoices.by_number(str(tapped.version))
    visit.say(place(desk, tapped.subject_id, view.id))


def _leave(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        payment = collected.payment(tapped.subject_id)
    visit.say(
        words.left_unplaced(payment.amount) if payment.purpose is None else words.placed_before()
    )


def _void_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    try:
        view = attempt(lambda: _voided(desk, tapped))
    except VoidRefused:
        ask_to_void(visit, desk, _viewed(desk, tapped))
        return
    visit.say(words.voided(view))


def _voided(desk: Desk, tapped: Tap) -> InvoiceView:
    return desk.may(
        Permission.INVOICE_VOID, lambda: invoicing.void(tapped.subject_id, "asked for in chat")
    )


def _credit_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    note = desk.may(
        Permission.INVOICE_CREDIT,
        lambda: invoicing.credit(tapped.subject_id, "asked for in chat"),
    )
    visit.say(words.credited(note.number, note.invoice_number))


def _keep(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.say(words.kept())


def _show(visit: Visit, desk: Desk, tapped: Tap) -> None:
    view = _viewed(desk, tapped)
    visit.say(
        previews.of(desk, view) if view.state is InvoiceState.DRAFT else lists.standing(desk, view)
    )


def _settle(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """[It is paid] below an invoice."""
    view = _viewed(desk, tapped)
    if not view.owed:
        visit.say(words.nothing_owed_on(view))
        return
    said = Understood(Intent.PAID, reference=view.number)
    _paid(visit, desk, said)


def _take_back(visit: Visit, desk: Desk, tapped: Tap) -> None:
    ask_to_void(visit, desk, _viewed(desk, tapped))


def _pass_on(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.say(words.pass_this_on(_viewed(desk, tapped)))


def _new(visit: Visit, desk: Desk, tapped: Tap) -> None:
    nothing = Understood(Intent.INVOICE, missing=("customer", "amount", "description"))
    begin_invoice(visit, desk, nothing, "")


def _switch(visit: Visit, desk: Desk, tapped: Tap) -> None:
    visit.memory.business_id = desk.business_id
    visit.say(words.now_speaking_for(desk.business().name))


TAPS: dict[str, Callable[[Visit, Desk, Tap], None]] = {
    "send": _send,
    "change": _change_tapped,
    "drop": _drop,
    "again": _again,
    "confirm": _confirm,
    "reject": _reject,
    "place": _place_tapped,
    "leave": _leave,
    "void": _void_tapped,
    "credit": _credit_tapped,
    "keep": _keep,
    "show": _show,
    "settle": _settle,
    "takeback": _take_back,
    "link": _pass_on,
    "new": _new,
    "owes": lambda visit, desk, tapped: visit.say(lists.owing(desk)),
    "list": lambda visit, desk, tapped: visit.say(lists.newest(desk, None, None)),
    "ways": lambda visit, desk, tapped: _ways(visit, desk),
    "settings": lambda visit, desk, tapped: _settings(visit, desk),
    "pin": lambda visit, desk, tapped: visit.begin("set_pin", desk.plain()),
    "tax": lambda visit, desk, tapped: _tax(visit, desk),
    "help": lambda visit, desk, tapped: _help(visit, desk),
    "businesses": lambda visit, desk, tapped: visit.say(lists.businesses(visit)),
    "switch": _switch,
}
