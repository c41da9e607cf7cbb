"""At home: words outside of any flow, of a merchant at their desk, of a customer with bills, of somebody new.

Who sells here and buys here is both; where money could be either side's, it is asked.
"""

from __future__ import annotations

from hesabu.doors.chat import customer, languages, lists, merchant, words
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.visit import Visit
from hesabu.kit import phones
from hesabu.kit.countries import COUNTRIES

OF_CUSTOMERS = (
    Intent.PAY,
    Intent.HAVE_PAID,
    Intent.PROMISE,
    Intent.WRONG_AMOUNT,
    Intent.CALL_ME,
)
"""What somebody says who owes."""


def hear(visit: Visit, said: Understood) -> None:
    desk = visit.desk
    if languages.asked(said):
        languages.answer(visit, said)
        if said.topic and desk is None and not visit.memory.bills:
            begin_sign_up(visit, "")
        return
    if desk is None:
        _without_business(visit, said)
        return
    if said.intent is Intent.I_OWE and customer.open_bills(visit):
        visit.say(words.working.only_invoices_kept())
        customer.greet(visit)
        return
    if _heard_as_customer(visit, desk, said):
        return
    if said.intent in (Intent.YES, Intent.NO):
        visit.say(words.talk.nothing_asked())
        return
    if merchant.command(visit, desk, visit.plain_words()):
        return
    if not merchant.hear(visit, desk, said):
        visit.say(words.talk.not_understood())
        visit.say(lists.menu(visit, desk))


def _heard_as_customer(visit: Visit, desk: Desk, said: Understood) -> bool:
    """Whether somebody who sells and buys here spoke as the buyer. Of money it is never guessed: it is asked."""
    if said.intent not in OF_CUSTOMERS or not customer.open_bills(visit):
        return False
    if said.customer.name and said.intent is Intent.PAY:
        return False  # "Jane wants to pay half" is a seller's
    has_payee = said.payment is not None and said.payment.payee is not None
    is_sure = said.intent is not Intent.HAVE_PAID or has_payee or customer.quotes_bill(visit)
    if is_sure:
        return customer.hear(visit, said)
    visit.begin(
        "as_whom",
        {
            "claim": customer.claim_given(visit, customer.open_bills(visit), said),
            "payment": merchant.payment_given(visit, desk, said, None),
        },
    )
    return True


def _without_business(visit: Visit, said: Understood) -> None:
    """Somebody who was sent a bill, or somebody new."""
    if customer.hear_about_writing(visit, said):
        return
    if visit.memory.bills and said.intent in (Intent.YES, Intent.NO):
        visit.say(words.talk.nothing_asked())
        customer.greet(visit)
        return
    if visit.memory.bills and said.intent not in (Intent.START, Intent.INVOICE):
        if not customer.hear(visit, said):
            customer.puzzle(visit)
        return
    is_whole = said.intent is Intent.INVOICE and bool(said.lines)
    begin_sign_up(visit, visit.message.text if is_whole else "")


def begin_sign_up(visit: Visit, then: str) -> None:
    """`then`: what they wanted to say, and say once they have signed up."""
    phone = visit.contact.phone
    place = phones.country_of(phone) if phone else None
    visit.begin(
        "sign_up",
        {
            "contact": visit.contact.id.hex,
            "country": place if place in COUNTRIES else None,
            "has_phone": phone is not None,
            "phone": phone,
            "then": then,
        },
    )
