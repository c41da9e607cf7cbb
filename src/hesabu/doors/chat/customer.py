"""The customer's side: somebody who was sent an invoice looks at it, pays it, says they have, or wants a word."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_UP, Decimal
from functools import partial
from typing import Any
from uuid import UUID

from hesabu.doors.chat import bills, replies, words
from hesabu.doors.chat.desk import attempt
from hesabu.doors.chat.flows.billing import plain_bill
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.memory import Bill, one_more
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.taps import Tap, written
from hesabu.doors.chat.telling import Make, tell_owners
from hesabu.doors.chat.visit import Visit
from hesabu.invoicing.types import InvoiceView
from hesabu.kit import phones
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.errors import MessageNotFound
from hesabu.payments.errors import AlreadyAsked
from hesabu.store import tenancy


def open_bills(visit: Visit) -> list[Bill]:
    """What they were sent and still owe on, the newest first."""
    return bills.open_among(visit.memory.bills[::-1])


def hear(visit: Visit, said: Understood) -> bool:
    """Answer what a customer wrote outside of any flow; False where it was not for this side."""
    act = INTENTS.get(said.intent)
    if act is None:
        return False
    act(visit, said)
    return True


def tap(visit: Visit, tapped: Tap) -> bool:
    """Answer a tap below a bill; False for one that is none of the customer's."""
    act = TAPS.get(tapped.verb)
    if act is None:
        return False
    bill = Bill(tapped.business_id, tapped.subject_id)
    bills.invoice(bill)  # a tap that was forged is refused before it is remembered
    visit.memory.remember_bill(bill)
    if tapped.verb == "pay" and tapped.version:
        _pay(visit, bill, str(tapped.version))  # a part that the seller agreed to
    else:
        act(visit, bill)
    return True


def greet(visit: Visit) -> None:
    """Their bills, and what can be done about them."""
    found = open_bills(visit)
    if not found:
        visit.say(words.bills.nothing_to_pay())
    elif len(found) == 1:
        visit.say(bills.shown(found[0]))
    else:
        visit.say(_which(found))


def puzzle(visit: Visit) -> None:
    """Whatever else they wrote: their bills, and the offer to pass on what they said."""
    found = [quoted] if (quoted := _quoted(visit)) else open_bills(visit)
    is_something = any(letter.isalpha() for letter in visit.message.text)
    if len(found) == 1 and is_something and bills.is_open(found[0]):
        visit.memory.aside = visit.message.text[:ASIDE_MAX]
        visit.say(bills.shown_with_offer(found[0]))
    else:
        greet(visit)


ASIDE_MAX = 500
"""How much of what is not understood is kept, to be passed on."""


# --- what is tapped ---------------------------------------------------------------------------------------------------


def _pay(visit: Visit, bill: Bill, part: str | None = None) -> None:
    view = bills.invoice(bill)
    why_not = bills.not_owed(bill, view)
    if why_not:
        visit.say(why_not)
    elif not bills.can_be_prompted(bill):
        visit.say(bills.saying(bills.by_hand(bill, part)))
        if not visit.said[-1].options:
            country = bills.business_of(bill).country
            _tell_owners(
                bill,
                lambda: Saying(words.bills.customer_asks_how_to_pay(view, country)),
                f"how:{bill.invoice_id}",
            )
    elif visit.contact.phone:
        _prompt(visit, bill, visit.contact.phone, part)
    else:
        ask_for_number(visit, bill, part)


def ask_for_number(visit: Visit, bill: Bill, part: str | None = None) -> None:
    given = plain_bill(bill) | {
        "contact": visit.contact.id.hex,
        "key": f"chat:{visit.message.message_id}",
        "country": bills.business_of(bill).country,
        "part": part,
    }
    visit.begin("pay_from", given)


def _prompt(visit: Visit, bill: Bill, phone: str, part: str | None) -> None:
    key = f"chat:{visit.message.message_id}"
    said = visit.try_to(lambda: _collected(bill, phone, key, visit.contact.id.hex, part))
    if said is not None:
        visit.say(said)
        return
    if bills.invoice(bill).owed:
        visit.say(bills.saying(bills.by_hand(bill, part)))


def _collected(bill: Bill, phone: str, key: str, contact: str, part: str | None) -> str:
    try:
        return attempt(lambda: bills.collect(bill, phone, key, contact, part))
    except AlreadyAsked as error:
        return bills.refusal_words(error)


def _view(visit: Visit, bill: Bill) -> None:
    view = bills.invoice(bill)
    visit.say(Saying(words.bills.here_it_is(view, view.pay_url or ""), previews_links=True))


def _said(visit: Visit, bill: Bill) -> None:
    """[I have paid]"""
    view = bills.invoice(bill)
    why_not = bills.not_owed(bill, view)
    if why_not:
        visit.say(why_not)
        return
    visit.begin("say_paid", claim_given(visit, [bill], None))


def _shown(visit: Visit, bill: Bill) -> None:
    """Chosen from a list; what was said before that list can be passed on now."""
    has_words = bool(visit.memory.aside) and bills.is_open(bill)
    visit.say(bills.shown_to_pass_on(bill) if has_words else bills.shown(bill))


def _pass_on(visit: Visit, bill: Bill) -> None:
    """[Pass it on]: the merchant hears it in the customer's own words."""
    said, visit.memory.aside = visit.memory.aside, ""
    if not said:
        visit.say(words.talk.old_button())
        return
    view = bills.invoice(bill)
    make = partial(_wrote, view, said)
    if _pass_to_owners(visit, bill, make, f"wrote:{visit.message.message_id}"):
        visit.say(words.bills.passed_on(bills.seller(bill)))


def _wrote(view: InvoiceView, said: str) -> Saying:
    return Saying(words.bills.customer_wrote(view, said))


TAPS: dict[str, Callable[[Visit, Bill], None]] = {
    "pay": _pay,
    "view": _view,
    "said": _said,
    "bill": _shown,
    "passon": _pass_on,
}


# --- what is written --------------------------------------------------------------------------------------------------


def _meant(visit: Visit, reference: str | None) -> list[Bill]:
    """The bills a message may be about: the one it quotes, the one it names, all that are open, else the newest."""
    quoted = _quoted(visit)
    if quoted is not None:
        return [quoted]
    if reference:
        known = bills.invoices_of(visit.memory.bills[::-1])
        return [bill for bill, view in known.items() if view.number == reference]
    return open_bills(visit) or visit.memory.bills[-1:]


def meant(visit: Visit) -> list[Bill]:
    """What a message without words may be about."""
    return _meant(visit, None)


def quotes_bill(visit: Visit) -> bool:
    return _quoted(visit) is not None


def _quoted(visit: Visit) -> Bill | None:
    """The bill that the quoted message is about."""
    quoted = visit.message.quoted_message_id
    if quoted is None:
        return None
    for business_id in dict.fromkeys(bill.business_id for bill in visit.memory.bills):
        subject_id = _subject_there(business_id, quoted)
        if subject_id is not None:
            about = Bill(business_id, subject_id)
            return about if about in visit.memory.bills else None
    return None


def _subject_there(business_id: UUID, message_id: UUID) -> UUID | None:
    """What a message of that business is about; None where it sent no such message."""
    try:
        with tenancy.bound(business_id):
            subject = attempt(lambda: messages.outbound(message_id)).subject
    except MessageNotFound:
        return None
    return subject[1] if subject else None


def _one(visit: Visit, said: Understood) -> Bill | None:
    """The one bill that is meant; else it is asked which."""
    found = _meant(visit, said.reference)
    if len(found) == 1:
        return found[0]
    if found:
        if said.intent in _TOLD:
            visit.memory.aside = visit.message.text[:ASIDE_MAX]
        visit.say(_which(found))
    elif said.reference:
        visit.say(words.standing.no_such_invoice(said.reference))
        greet(visit)
    else:
        visit.say(words.bills.nothing_to_pay())
    return None


_TOLD = (Intent.WRONG_AMOUNT, Intent.CALL_ME)
"""What is for the seller to hear: kept, while it is asked which bill they mean."""


def _which(found: list[Bill]) -> Saying:
    listed = found[:10]
    options = tuple(
        Option(title, written("bill", bill.business_id, bill.invoice_id), more)
        for bill, (title, more) in zip(listed, bills.rows(listed), strict=True)
    )
    return Saying(words.bills.which_bill(), options, words.talk.choose_button())


def _pay_written(visit: Visit, said: Understood) -> None:
    bill = _one(visit, said)
    if bill is None:
        return
    asks_where = said.topic == "by_hand" and bills.is_open(bill)
    if asks_where and bills.ways_by_hand(bill):  # a number to pay to, and no prompt
        visit.say(bills.saying(bills.by_hand(bill)))
    else:
        _pay(visit, bill, _part_of(bill, said))


def _part_of(bill: Bill, said: Understood) -> str | None:
    """ "pay 500", "pay half": in major units; a share of what is owed, in whole ones, for so M-PESA carries it."""
    if said.payment is not None and said.payment.amount is not None:
        return str(said.payment.amount)
    if said.topic is None or not said.topic.endswith("%"):
        return None
    share = bills.invoice(bill).owed.share(int(said.topic[:-1]) * 100)
    return str(share.decimal.quantize(Decimal(1), ROUND_UP))


def _view_written(visit: Visit, said: Understood) -> None:
    bill = _one(visit, said)
    if bill is not None:
        _view(visit, bill)


def _shown_written(visit: Visit, said: Understood) -> None:
    bill = _one(visit, said)
    if bill is not None:
        visit.say(bills.shown(bill))


def _paid_written(visit: Visit, said: Understood) -> None:
    """ "paid", "paid SKL4T7QX2P", or M-PESA's message, pasted."""
    found = _meant(visit, said.reference)
    if not found:
        visit.say(words.bills.nothing_to_pay())
        return
    if len(found) == 1:
        why_not = bills.not_owed(found[0], bills.invoice(found[0]))
        if why_not:
            visit.say(why_not)
            return
    visit.begin("say_paid", claim_given(visit, found, said))


def claim_given(visit: Visit, found: list[Bill], said: Understood | None) -> dict[str, Any]:
    """What "I have paid" is begun with; a tap says nothing further."""
    payment = said.payment if said else None
    has_amount = payment is not None and payment.amount is not None
    return {
        "bills": [plain_bill(bill) for bill in found],
        "contact": visit.contact.id.hex,
        "said": visit.message.text if said else "",
        "code": payment.code if payment else None,
        "amount": str(payment.amount) if payment and has_amount else None,
        "is_part": said is not None and said.topic is not None and said.topic.endswith("%"),
    }


def _promised(visit: Visit, said: Understood) -> None:
    """ "I'll pay Friday": kept, so that reminders wait for it, and the merchant hears it."""
    found = bills.open_among(_meant(visit, said.reference))
    if not found:
        visit.say(words.bills.nothing_to_pay())
        return
    visit.begin(
        "promise",
        {
            "bills": [plain_bill(bill) for bill in found],
            "contact": visit.contact.id.hex,
            "cause": f"promised:{visit.message.message_id}",
            "on_day": said.due_on.isoformat() if said.due_on else None,
        },
    )


def _disputed(visit: Visit, said: Understood) -> None:
    """ "That is not right": the merchant looks at it, with one tap to answer."""
    bill = _one(visit, said)
    if bill is None:
        return
    view = bills.invoice(bill)
    make = partial(replies.disputed, view, bill, visit.message.text)
    if _pass_to_owners(visit, bill, make, f"disputed:{visit.message.message_id}"):
        visit.say(words.bills.dispute_passed_on(view, bills.seller(bill)))


def _asked_for_call(visit: Visit, said: Understood) -> None:
    bill = _one(visit, said)
    if bill is None:
        return
    view = bills.invoice(bill)
    make = partial(replies.called_for, view, bill, visit.message.text)
    if _pass_to_owners(visit, bill, make, f"call:{visit.message.message_id}"):
        visit.say(words.bills.call_passed_on(bills.seller(bill)))


def hear_about_writing(visit: Visit, said: Understood) -> bool:
    """ "stop" and "start", of somebody without a business; False for anything else. "Acha" is both "leave it" and "stop it":
    who has nothing begun can only mean what we write to them."""
    if said.intent is Intent.STOP or _says_leave_off(visit, said):
        messaging.opt_out(visit.contact.id, reminders_only=True)
        visit.say(words.bills.reminders_off())
        return True
    if said.intent is Intent.START and visit.contact.is_opted_out:
        messaging.opt_in(visit.contact.id)
        visit.say(words.bills.reminders_on())
        return True
    return False


_LEAVE_OFF = frozenset({"acha", "acheni", "wacha", "wacheni", "usitume", "acha hiyo", "basi acha"})


def _says_leave_off(visit: Visit, said: Understood) -> bool:
    is_bare = said.intent in (Intent.CANCEL, Intent.UNKNOWN) and not said.reference
    words_said = visit.plain_words().rstrip(".! ")
    return is_bare and bool(visit.memory.bills) and words_said in _LEAVE_OFF


PASSED_ON_MAX = 6
"""What a customer says reaches sellers so often in an hour: each time may cost them a template or a text message."""


def _pass_to_owners(visit: Visit, bill: Bill, make: Make, cause: str) -> bool:
    """False, and said so, where they had it passed on often enough."""
    visit.memory.told = one_more(visit.memory.told)
    if visit.memory.told.count > PASSED_ON_MAX:
        visit.say(words.bills.told_enough(bills.seller(bill)))
        return False
    _tell_owners(bill, make, cause)
    return True


def _tell_owners(bill: Bill, make: Make, cause: str) -> None:
    """Something the owners should know about one of their invoices."""
    with tenancy.bound(bill.business_id):
        tell_owners(make, f"told:{cause}")


def _greeted(visit: Visit, said: Understood) -> None:
    visit.say(words.talk.hello(visit.contact.name, _country(visit)))
    greet(visit)


def _helped(visit: Visit, said: Understood) -> None:
    """ "help", "who is this?": who we are, what can be written, and their bills."""
    known = visit.memory.bills[-1:]
    found = open_bills(visit)
    visit.say(words.talk.customer_help(bills.seller((found or known)[0])))
    if len(found) == 1 and len(visit.message.text.split()) > 1:  # it may be the seller they ask
        visit.memory.aside = visit.message.text[:ASIDE_MAX]
        visit.say(bills.shown_to_pass_on(found[0]))
    else:
        greet(visit)


def _owing(visit: Visit, said: Understood) -> None:
    """ "how much do I owe": what they were sent through us."""
    greet(visit)


def _country(visit: Visit) -> str | None:
    """Where they are, by their number."""
    return phones.country_of(visit.contact.phone) if visit.contact.phone else None


def _thanked(visit: Visit, said: Understood) -> None:
    visit.say(words.talk.welcome_thanks(_country(visit)))


INTENTS: dict[Intent, Callable[[Visit, Understood], None]] = {
    Intent.PAY: _pay_written,
    Intent.VIEW: _view_written,
    Intent.STATUS: _shown_written,
    Intent.HAVE_PAID: _paid_written,
    Intent.PAID: _paid_written,
    Intent.DONE: _paid_written,
    Intent.PROMISE: _promised,
    Intent.WRONG_AMOUNT: _disputed,
    Intent.CALL_ME: _asked_for_call,
    Intent.GREETING: _greeted,
    Intent.THANKS: _thanked,
    Intent.HELP: _helped,
    Intent.MENU: _helped,
    Intent.I_OWE: _owing,
}
