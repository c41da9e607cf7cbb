"""What the merchant answers, by one tap, to a customer who had a word about a bill; the customer hears it.

amend      [Change it]   another invoice in its place is drafted, and they are asked what to change
right      [It's right]  the customer hears that it stands, and how to pay it
willcall   [I'll call]   the customer hears that they will be called
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hesabu.doors.chat import bills, leaves, words
from hesabu.doors.chat.acts import changing
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.memory import Bill
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.telling import Make, tell_contact
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.permissions import INVOICE_READ
from hesabu.invoicing.types import OPEN, InvoiceView
from hesabu.kit import clock


def disputed(view: InvoiceView, bill: Bill, said: str) -> Saying:
    """What the merchant is told of "that is not right"."""
    change, right = words.bills.dispute_buttons()
    return Saying(
        words.bills.amount_disputed(view, said),
        (_option("amend", bill, change), _option("right", bill, right)),
    )


def called_for(view: InvoiceView, bill: Bill, said: str) -> Saying:
    """What the merchant is told of "call me"."""
    return Saying(
        words.bills.wants_a_call(view, said),
        (_option("willcall", bill, words.bills.call_button()),),
    )


def _option(verb: str, bill: Bill, title: str) -> Option:
    return Option(title, written(verb, bill.business_id, bill.invoice_id))


def tap(visit: Visit, desk: Desk, tapped: Tap) -> bool:
    """Answer a tap of these; False for any other."""
    act = TAPS.get(tapped.verb)
    if act is None:
        return False
    desk.require(leaves.TAPS.get(tapped.verb))
    view = desk.may(INVOICE_READ, lambda: invoices.invoice(tapped.subject_id))
    act(visit, desk, view)
    return True


def _amend(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    """Another invoice in its place; this one stands until that one is sent."""
    if view.state not in OPEN:
        visit.say(words.money.nothing_owed_on(view))
        return

    def make(seller: str) -> Saying:
        return Saying(words.bills.being_changed(view, seller))

    _tell_customer(visit, desk, view, make, "amend")
    changing.begin_change(visit, desk, view)


def _right(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    bill = Bill(desk.business_id, view.id)

    def make(seller: str) -> Saying:
        options = bills.options_of(bill) if view.owed else ()
        return Saying(words.bills.found_right(view, seller), options)

    if _tell_customer(visit, desk, view, make, "right"):
        visit.say(words.bills.customer_told(view.customer_name))


def _will_call(visit: Visit, desk: Desk, view: InvoiceView) -> None:
    def make(seller: str) -> Saying:
        return Saying(words.bills.will_call(seller, str(view.number)))

    if _tell_customer(visit, desk, view, make, "willcall"):
        visit.say(words.bills.customer_told(view.customer_name))


def _tell_customer(
    visit: Visit, desk: Desk, view: InvoiceView, make: Callable[[str], Saying], verb: str
) -> bool:
    """In their language, once an hour however often it is tapped; False, and said so, where there is no way to them."""
    if view.contact_id is None:
        visit.say(words.sending.not_reached(view))
        return False
    with desk.open():
        seller = desk.business().name
        language = invoices.customer(view.customer_id).language
        made: Make = partial(make, seller)
        cause = f"told:reply:{verb}:{view.id}:{clock.now():%Y-%m-%dT%H}"
        tell_contact(view.contact_id, made, cause, language)
    return True


TAPS: dict[str, Callable[[Visit, Desk, InvoiceView], None]] = {
    "amend": _amend,
    "right": _right,
    "willcall": _will_call,
}
