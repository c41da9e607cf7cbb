"""The customer's conversations: from which number they pay, and what they say they have paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from hesabu.doors.chat import bills, payees, readings, words
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.receiving import record_payment
from hesabu.doors.chat.grammar import answers
from hesabu.doors.chat.memory import Bill
from hesabu.doors.chat.speech import (
    Chat,
    Heard,
    Option,
    Plain,
    Reads,
    Refusal,
    Saying,
    Steps,
    Unclear,
)
from hesabu.doors.chat.telling import tell_owners
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing.errors import PromiseDayBad
from hesabu.invoicing.types import InvoiceView
from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.payments import actions as payments
from hesabu.payments.types import Purpose
from hesabu.store import tenancy


@flow("pay_from", version=1)
def pay_from(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the bill, the contact, a key. For somebody whose number we do not know, or who pays from another one."""
    bill = bill_of(given)
    phone = yield chat.ask(
        "phone", words.bills.which_mpesa_number(), reads=readings.a_phone(given["country"])
    )
    try:
        asked = yield chat.act(
            "ask",
            lambda: bills.collect(bill, phone, given["key"], given["contact"], given.get("part")),
        )
    except Refusal as refusal:
        yield chat.say(bills.refusal_words(refusal))
        shown = yield chat.look("ways", lambda: bills.by_hand(bill, given.get("part")))
        yield chat.say(bills.saying(shown))
        return
    yield chat.say(asked)


@flow("say_paid", version=1)
def say_paid(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the bills it may be about, the contact, and what was said: words, code, amount."""
    choice = 0
    if len(given["bills"]) > 1:
        choice = yield from _which(chat, given)
    bill = bill_of(given["bills"][choice])
    amount = given["amount"]
    if amount is None and given.get("is_part"):
        reads = _an_amount(given["bills"][choice])
        amount = yield chat.ask("part", words.asking.how_much_paid(), reads=reads)
    try:
        told = yield chat.act("claim", lambda: _claimed(bill, {**given, "amount": amount}))
    except Refusal as refusal:
        yield chat.say(bills.refusal_words(refusal))
        return
    yield chat.say(told)


@flow("promise", version=1)
def promise(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the bills it may be about, the contact, a cause, and the day, where they named one."""
    chosen = list(range(len(given["bills"])))
    if len(chosen) > 1:
        choice = yield from _which(chat, given, all_of_them=True)
        chosen = chosen if choice == ALL else [choice]
    on_day, question, turn = given["on_day"], words.bills.promise_when(), 0
    while True:
        if on_day is None:
            on_day = yield chat.ask(f"day{turn}", question, reads=_a_day(given["bills"][chosen[0]]))
        try:
            told = yield chat.act(
                f"promise{turn}", partial(_promised, given, chosen, date.fromisoformat(on_day))
            )
        except Refusal as refusal:
            if refusal.code != PromiseDayBad.code:
                yield chat.say(bills.refusal_words(refusal))
                return
            on_day, question, turn = None, bills.refusal_words(refusal), turn + 1
            continue
        yield chat.say(told)
        return


@flow("as_whom", version=1)
def as_whom(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: both beginnings. Somebody who sells and buys here says "paid": whose money is it?"""
    paid, received = words.bills.as_whom_choices()
    options = [Option(paid, value="claim"), Option(received, value="payment")]
    side = yield chat.ask("side", words.bills.as_whom(), options=options)
    if side == "claim":
        yield from say_paid(chat, given["claim"])
    else:
        return (yield from record_payment(chat, given["payment"]))
    return None


def bill_of(plain: Mapping[str, Plain]) -> Bill:
    return Bill(UUID(plain["business"]), UUID(plain["invoice"]))


def plain_bill(bill: Bill) -> dict[str, str]:
    return {"business": bill.business_id.hex, "invoice": bill.invoice_id.hex}


ALL = -1
"""Instead of the place of one bill."""


def _which(chat: Chat, given: Mapping[str, Plain], *, all_of_them: bool = False) -> Steps:
    """The place of the bill that is meant."""
    rows = yield chat.look("bills", lambda: _rows(given["bills"]))
    options = [Option(title, "", more, place) for place, (title, more) in enumerate(rows)]
    if all_of_them:
        options = [*options[:9], Option(words.bills.all_of_them(), value=ALL)]
    return (
        yield chat.ask(
            "bill", words.bills.which_bill(), options=options, list_title=words.talk.choose_button()
        )
    )


def _a_day(plain: Mapping[str, Plain]) -> Reads:
    """An ISO day, as it is at the seller's."""

    def read(heard: Heard) -> str:
        today = clock.today(bills.business_of(bill_of(plain)).timezone)
        said = " ".join(heard.text.split())
        on_day, _ = answers.parse_due(said, today, language=get_language() or "en")
        if on_day is None:
            raise Unclear(words.asking.not_a_day(said))
        return on_day.isoformat()

    return read


def _an_amount(plain: Mapping[str, Plain]) -> Reads:
    """Major units as text, in the seller's money."""

    def read(heard: Heard) -> Plain:
        business = bills.business_of(bill_of(plain))
        return readings.an_amount(business.country, business.currency)(heard)

    return read


def _promised(given: Mapping[str, Plain], chosen: Sequence[int], on_day: date) -> str:
    """Keep it, and let the sellers hear it; what the customer is told."""
    contact_id, told = UUID(given["contact"]), []
    for place in chosen:
        bill = bill_of(given["bills"][place])
        with tenancy.bound(bill.business_id, actor=tenancy.Actor("contact", contact_id)):
            promise_id = invoicing.promise(bill.invoice_id, on_day, contact_id)
            view, business = bills.invoice(bill), bills.business_of(bill)
            today = clock.today(business.timezone)
            tell_owners(
                partial(_promise_told, view, on_day, today),
                f"told:promised:{promise_id}",
            )
        told.append(words.bills.promise_kept(business.name, str(view.number), on_day, today))
    return "\n".join(told)


def _promise_told(view: InvoiceView, on_day: date, today: date) -> Saying:
    return Saying(words.bills.promised(view, on_day, today))


def _rows(plain: list[Mapping[str, Plain]]) -> list[tuple[str, str]]:
    return bills.rows([bill_of(one) for one in plain[:10]])


def _claimed(bill: Bill, given: Mapping[str, Any]) -> str:
    """Note what they say, and let the merchant be asked."""
    contact_id = UUID(given["contact"])
    with tenancy.bound(bill.business_id, actor=tenancy.Actor("contact", contact_id)):
        owed = bills.invoice(bill)
        amount = Money.parse(given["amount"], owed.currency) if given["amount"] else None
        payments.claim(
            Purpose("invoice", bill.invoice_id),
            code=given["code"],
            amount=amount,
            contact_id=contact_id,
            said=given["said"],
        )
        seller = bills.seller(bill)
        country = bills.business_of(bill).country
        payee = payees.other_than_seller(payees.named_in(given["said"], country))
        if payee is None:
            return words.bills.told_seller(seller)
        return words.bills.paid_somebody_else(payee, seller, bills.ways_by_hand(bill))
