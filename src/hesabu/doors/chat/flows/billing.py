"""The customer's conversations: from which number they pay, and what they say they have paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hesabu.doors.chat import bills, readings, words
from hesabu.doors.chat.engine import Chat, Option, Plain, Refusal, Steps, flow
from hesabu.doors.chat.flows.receiving import record_payment
from hesabu.doors.chat.memory import Bill
from hesabu.kit.money import Money
from hesabu.payments import actions as payments
from hesabu.payments.types import Purpose
from hesabu.store import tenancy


@flow("pay_from", version=1)
def pay_from(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the bill, the contact, a key. For somebody whose number we do not know, or who pays from another one."""
    bill = bill_of(given)
    phone = yield chat.ask(
        "phone", words.which_mpesa_number(), reads=readings.a_phone(given["country"])
    )
    try:
        asked = yield chat.act(
            "ask", lambda: bills.collect(bill, phone, given["key"], given["contact"])
        )
    except Refusal as refusal:
        yield chat.say(f"{refusal.title} {refusal.hint}")
        shown = yield chat.look("ways", lambda: bills.by_hand(bill))
        yield chat.say(bills.saying(shown))
        return
    yield chat.say(asked)


@flow("say_paid", version=1)
def say_paid(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the bills it may be about, the contact, and what was said: words, code, amount."""
    choice = 0
    if len(given["bills"]) > 1:
        rows = yield chat.look("bills", lambda: _rows(given["bills"]))
        options = [Option(title, "", more, place) for place, (title, more) in enumerate(rows)]
        choice = yield chat.ask(
            "bill", words.which_bill(), options=options, list_title=words.choose_button()
        )
    bill = bill_of(given["bills"][choice])
    try:
        told = yield chat.act("claim", lambda: _claimed(bill, given))
    except Refusal as refusal:
        yield chat.say(f"{refusal.title} {refusal.hint}")
        return
    yield chat.say(told)


@flow("as_whom", version=1)
def as_whom(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: both beginnings. Somebody who sells and buys here says "paid": whose money is it?"""
    paid, received = words.as_whom_choices()
    options = [Option(paid, value="claim"), Option(received, value="payment")]
    side = yield chat.ask("side", words.as_whom(), options=options)
    if side == "claim":
        yield from say_paid(chat, given["claim"])
    else:
        return (yield from record_payment(chat, given["payment"]))
    return None


def bill_of(plain: Mapping[str, Plain]) -> Bill:
    return Bill(UUID(plain["business"]), UUID(plain["invoice"]))


def plain_bill(bill: Bill) -> dict[str, str]:
    return {"business": bill.business_id.hex, "invoice": bill.invoice_id.hex}


def _rows(plain: list[Mapping[str, Plain]]) -> list[tuple[str, str]]:
    return [bills.row(bill_of(one)) for one in plain[:10]]


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
        return words.told_seller(bills.seller(bill))
