"""Money the merchant tells of: "INV-0007 is paid, in cash", and money that waits for an owner."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from hesabu.doors.chat import news, readings, stepping, words
from hesabu.doors.chat.desk import Desk, desk_of
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.proving import prove_it_is_you
from hesabu.doors.chat.speech import Chat, Option, Plain, Refusal, Steps
from hesabu.doors.chat.words import stepping as steps
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import INVOICE
from hesabu.kit.money import Money
from hesabu.payments import actions as payments
from hesabu.payments import queries as collected
from hesabu.payments.permissions import PAYMENT_PLACE, PAYMENT_RECORD
from hesabu.payments.types import Method, Purpose

ROWS_MAX = 10
METHODS = {
    "cash": Method.CASH,
    "mpesa": Method.MPESA_TILL,
    "bank": Method.BANK,
}


@flow("record_payment", version=3)
def record_payment(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk, a key that counts it once, and what was said: invoice, amount, method, code, customer."""
    desk = desk_of(given)
    invoice = given["invoice"]
    if invoice is None:
        choices = yield chat.look("open", lambda: _open(desk, given))
        if not choices:
            named = given["customer"]
            yield chat.say(
                words.money.nothing_open_for(named) if named else words.money.nothing_open()
            )
            return None
        if len(choices) == 1 and given["customer"]:
            invoice = choices[0]["id"]
        else:
            options = [Option(one["title"], "", one["more"], one["id"]) for one in choices]
            invoice = yield chat.ask(
                "invoice",
                words.money.which_invoice(),
                options=options,
                list_title=words.talk.choose_button(),
            )
    method = given["method"]
    if method is None:
        titles = words.money.methods(given["currency"]).items()
        options = [Option(title, value=method) for method, title in titles]
        method = yield chat.ask("method", words.money.which_method(), options=options)
    amount = given["amount"]
    if amount is None and given.get("is_part"):
        reads = readings.an_amount(given["country"], given["currency"])
        amount = yield chat.ask("part", words.asking.how_much_paid(), reads=reads)
    proved = ""
    for turn in range(3):
        if not proved:
            asks = yield chat.look(
                f"asks{turn}", partial(_asks_for_pin, desk, UUID(invoice), amount)
            )
            proved = (
                (yield from prove_it_is_you(chat, desk, steps.ask_pin_at_till())) if asks else ""
            )
            if asks and not proved:
                return None
        try:
            told = yield chat.act(
                f"record{turn}",
                partial(_recorded, desk, given, UUID(invoice), method, amount, proved),
            )
        except Refusal as refusal:
            yield chat.say(refusal.said)
            if refusal.field != "amount":
                return None
            reads = readings.an_amount(given["country"], given["currency"])
            amount = yield chat.ask(f"amount{turn}", words.asking.how_much(None), reads=reads)
            continue
        for saying in told["said"]:
            yield chat.say(news.saying(saying))
        return told["deed"]
    return None


def _open(desk: Desk, given: Mapping[str, Plain]) -> Plain:
    """Open invoices it may be for: of the customer that was named, of exactly that amount, else all."""
    with desk.open():
        found = invoices.open_invoices()
    wanted = (given["customer"] or "").casefold().split()
    if wanted:
        found = [v for v in found if v.customer_name.casefold().split()[: len(wanted)] == wanted]
    amount = given["amount"]
    if amount is not None:
        same = [view for view in found if view.owed == Money.parse(amount, view.currency)]
        found = same or found
    rows = []
    for view in found[:ROWS_MAX]:
        title, more = words.standing.list_row(view)
        rows.append({"id": view.id.hex, "title": title, "more": more})
    return rows


def _asks_for_pin(desk: Desk, invoice_id: UUID, amount: str | None) -> bool:
    """Whether the PIN is asked for before it is counted; where nothing is owed, nothing is."""
    with desk.open():
        view = invoices.invoice(invoice_id)
    sum_ = Money.parse(amount, view.currency) if amount is not None else view.owed
    return bool(sum_) and stepping.asks_for(desk, sum_)


def _recorded(
    desk: Desk,
    given: Mapping[str, Plain],
    invoice_id: UUID,
    method: str,
    amount: str | None,
    proved: str,
) -> Any:
    """Count it, once; what there is to say of it."""
    with desk.open():
        view = invoices.invoice(invoice_id)
    if amount is None and not view.owed:
        return {"said": [news.plain(words.money.nothing_owed_on(view))], "deed": None}
    sum_ = Money.parse(amount, view.currency) if amount is not None else view.owed
    with stepping.proved(proved):
        payment = desk.may(
            PAYMENT_RECORD,
            lambda: payments.record(
                Purpose(INVOICE, invoice_id),
                sum_,
                METHODS.get(method, Method.OTHER),
                receipt=given["code"],
                key=None if given["code"] else given["key"],
            ),
            settles=sum_,
        )
    deed = {
        "verb": "recorded",
        "business": desk.business_id.hex,
        "subject": payment.id.hex,
    }
    with desk.open():
        said = [news.as_plain(one) for one in news.of_payment(invoice_id, payment.id)]
    return {"said": said, "deed": deed}


@flow("place_money", version=2)
def place_money(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the desk and the payment. For when more invoices are open than one list holds, the number is asked for."""
    desk, payment_id = desk_of(given), UUID(given["payment"])
    invoice = yield chat.ask(
        "invoice", words.money.which_invoice(), reads=readings.an_open_invoice(desk)
    )
    asks = yield chat.look("asks", lambda: _asks_to_place(desk, payment_id))
    proved = (yield from prove_it_is_you(chat, desk, steps.ask_pin_at_till())) if asks else ""
    if asks and not proved:
        return
    try:
        placed = yield chat.act("place", lambda: place(desk, payment_id, UUID(invoice), proved))
    except Refusal as refusal:
        yield chat.say(refusal.said)
        return
    yield chat.say(placed)


def _asks_to_place(desk: Desk, payment_id: UUID) -> bool:
    with desk.open():
        payment = collected.payment(payment_id)
    return payment.purpose is None and stepping.asks_for(desk, payment.amount)


def place(desk: Desk, payment_id: UUID, invoice_id: UUID, proved: str = "") -> str:
    """Give it to the invoice; in words."""
    with desk.open():
        waits = collected.payment(payment_id)
    settles = waits.amount if waits.purpose is None else Money.zero(waits.amount.currency)
    with stepping.proved(proved):
        payment = desk.may(
            PAYMENT_PLACE,
            lambda: payments.place(payment_id, Purpose(INVOICE, invoice_id)),
            settles=settles,
        )
    with desk.open():
        number = str(invoices.invoice(invoice_id).number)
    return words.money.placed(payment.amount, number)
