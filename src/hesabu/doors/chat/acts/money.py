"""Money that the merchant tells of, that a customer says they sent, and that waits for an owner."""

from __future__ import annotations

from typing import Any

from hesabu.doors.chat import lists, news, payees, stepping, words
from hesabu.doors.chat.acts import finding
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.flows.receiving import place
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.taps import Tap
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing import queries as invoices
from hesabu.kit.money import Money
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_CONFIRM
from hesabu.payments.types import ClaimState


def paid(visit: Visit, desk: Desk, said: Understood) -> None:
    """ "INV-0007 is paid, in cash", "Jane has paid", or "paid" below the invoice that is quoted."""
    if said.problems:
        problem = said.problems[0]
        visit.say(words.asking.problem(problem.code, problem.at, desk.business().currency))
        return
    invoice = None
    if said.reference:
        view = finding.by_number(visit, desk, said.reference)
        if view is None:
            return
        invoice = view.id.hex
    elif not said.customer.name:
        view = finding.quoted_invoice(visit, desk)
        invoice = view.id.hex if view is not None and view.number else None
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
        "is_part": said.topic is not None and said.topic.endswith("%"),
        "code": payment.code if payment else None,
        "key": f"chat:{visit.message.message_id}",
        "country": business.country,
        "currency": business.currency,
    }


def place_all(visit: Visit, desk: Desk) -> None:
    with desk.open():
        waiting = collected.unplaced()
    if not waiting:
        visit.say(words.money.nothing_to_place())
    for payment in waiting[:3]:
        with desk.open():
            asked = news.question(payment.id)
            visit.say(asked or lists.unplaced(desk.business_id, payment))


def _confirm(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        claim = collected.claim(tapped.subject_id)
        view = invoices.invoice(claim.purpose.id)
    if claim.state is not ClaimState.MADE:
        visit.say(words.money.claim_answered())
        return
    amount = claim.amount or view.owed
    if stepping.asks_for(desk, amount):
        stepping.ask(visit, desk, tapped)
        return
    way = payees.way_claimed(claim.said, desk.business().country)
    confirmed = desk.may(
        PAYMENT_CONFIRM,
        lambda: payments.confirm(claim.id, None if claim.amount else amount, way),
        settles=amount,
    )
    with desk.open():
        told = news.of_payment(view.id, confirmed.payment.id)
    if not confirmed.is_new or not told:
        visit.say(words.figures.translated(confirmed.words))
    else:
        visit.did("recorded", desk, confirmed.payment.id)
    for saying in told:
        visit.say(saying)


def _reject(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        claim = collected.claim(tapped.subject_id)
        view = invoices.invoice(claim.purpose.id)
    if claim.state is not ClaimState.MADE:
        visit.say(words.money.claim_answered())
        return
    nothing = Money.zero(view.currency)  # whoever owed it owes it still
    desk.may(PAYMENT_CONFIRM, lambda: payments.reject(claim.id), settles=nothing)
    visit.did("rejected", desk, claim.id)
    visit.say(words.money.rejected(view))


def _place_tapped(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """The version is the invoice's number; 0 asks for it."""
    if not tapped.version:
        given = desk.plain() | {"payment": tapped.subject_id.hex}
        visit.begin("place_money", given)
        return
    with desk.open():
        view = invoices.by_number(str(tapped.version))
        waits = collected.payment(tapped.subject_id)
    if waits.purpose is None and stepping.asks_for(desk, waits.amount):
        stepping.ask(visit, desk, tapped)
        return
    said = place(desk, tapped.subject_id, view.id)
    visit.did("placed", desk, tapped.subject_id)
    visit.say(said)


def _leave(visit: Visit, desk: Desk, tapped: Tap) -> None:
    with desk.open():
        payment = collected.payment(tapped.subject_id)
    visit.say(
        words.money.left_unplaced(payment.amount)
        if payment.purpose is None
        else words.money.placed_before()
    )


def _settle(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """[It is paid] below an invoice."""
    view = finding.viewed(desk, tapped)
    if not view.owed:
        visit.say(words.money.nothing_owed_on(view))
        return
    paid(visit, desk, Understood(Intent.PAID, reference=view.number))


INTENTS = {Intent.PAID: paid, Intent.HAVE_PAID: paid}
TAPS = {
    "confirm": _confirm,
    "reject": _reject,
    "place": _place_tapped,
    "leave": _leave,
    "settle": _settle,
}
COMMANDS = {"place": place_all, "panga": place_all}
