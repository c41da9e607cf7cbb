"""Pictures: what a customer sends about an invoice reaches its seller, in chat and on the web; what a merchant sends may be
the logo.

    a picture ─▶ which bill? ─▶ messaging.take_picture ─ job ─▶ fetched, drawn anew, kept sealed
                                                            └─▶ PictureKept ─later─▶ the owners see it, with their claim
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from hesabu.doors.chat import bills, customer, taps, words
from hesabu.doors.chat.engine import flow
from hesabu.doors.chat.flows.billing import bill_of, plain_bill
from hesabu.doors.chat.memory import Bill, one_more
from hesabu.doors.chat.speech import Chat, Option, Plain, Saying, Steps
from hesabu.doors.chat.telling import tell_contact, tell_owners, worded
from hesabu.doors.chat.visit import Visit
from hesabu.doors.chat.words import pictures as said
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import INVOICE, InvoiceView
from hesabu.messaging import actions as messaging
from hesabu.messaging import queries as messages
from hesabu.messaging.facts import PictureKept, PictureRefused
from hesabu.messaging.types import Kind
from hesabu.payments import queries as collected
from hesabu.payments.types import ClaimState, ClaimView
from hesabu.store import tenancy

FILENAME = "picture.png"
FROM_CUSTOMERS = frozenset(["say_paid", "pay_from", "promise", "picture_of"])
"""Conversations of somebody who owes: a picture in one of them is about their bill."""


def is_customers(visit: Visit) -> bool:
    """Whether the message brings a picture of somebody who owes something here."""
    message = visit.message
    if message.kind is not Kind.IMAGE or message.media is None or not visit.memory.bills:
        return False
    script = visit.memory.script
    is_asked = script is not None and script.flow in FROM_CUSTOMERS
    return visit.desk is None or is_asked or customer.quotes_bill(visit)


def take(visit: Visit) -> None:
    """Pass it on; where several bills are open, ask which it is about. A question that waits is put again."""
    if _is_too_often(visit):
        visit.say(words.bills.told_enough(bills.seller(visit.memory.bills[-1])))
        return
    found = customer.meant(visit)
    if len(found) > 1 and visit.memory.script is None:
        given = {
            "bills": [plain_bill(bill) for bill in found[:10]],
            "contact": visit.contact.id.hex,
            "message": visit.message.message_id.hex,
        }
        visit.begin("picture_of", given)
        return
    visit.say(passed_on(found[0], visit.message.message_id, visit.contact.id))
    if visit.memory.script is not None:
        visit.answer(None)


def _is_too_often(visit: Visit) -> bool:
    """As often in an hour as any word of theirs reaches a seller."""
    visit.memory.told = one_more(visit.memory.told)
    return visit.memory.told.count > customer.PASSED_ON_MAX


def passed_on(bill: Bill, message_id: UUID, contact_id: UUID) -> str:
    """It is fetched and told of later; what its sender hears now."""
    with tenancy.bound(bill.business_id, actor=tenancy.Actor("contact", contact_id)):
        messaging.take_picture(message_id, contact_id, (INVOICE, bill.invoice_id))
    view = bills.invoice(bill)
    return said.passed_on(bills.seller(bill), str(view.number))


@flow("picture_of", version=1)
def picture_of(chat: Chat, given: Mapping[str, Plain]) -> Steps:
    """`given`: the contact, the message that brought the picture, and the bills it may be about."""
    rows = yield chat.look("bills", lambda: _rows(given["bills"]))
    place = yield chat.ask(
        "bill",
        words.bills.which_bill(),
        options=[Option(title, "", more, at) for at, (title, more) in enumerate(rows)],
        list_title=words.talk.choose_button(),
    )
    take_it = partial(
        passed_on, bill_of(given["bills"][place]), UUID(given["message"]), UUID(given["contact"])
    )
    yield chat.say((yield chat.act("take", take_it)))


def _rows(plain: Sequence[Mapping[str, Plain]]) -> list[tuple[str, str]]:
    return bills.rows([bill_of(one) for one in plain])


# --- later ------------------------------------------------------------------------------------------------------------


def tell_picture(facts: Sequence[PictureKept]) -> None:
    """*Later*: the owners see it, with what its sender said of the invoice."""
    for fact in facts:
        if fact.subject_kind != INVOICE:
            continue
        kept = messages.pictures([fact.subject_id])
        shown = next((one for one in kept if one.message_id == fact.message_id), None)
        if shown is None or shown.file_id is None:
            continue
        view = invoices.invoice(fact.subject_id)
        claim = next(
            (
                one
                for one in collected.claims_waiting()
                if one.purpose.id == view.id and one.state is ClaimState.MADE
            ),
            None,
        )
        tell_owners(partial(_shown, view, claim, shown.file_id), f"told:picture:{shown.id}")


def _shown(view: InvoiceView, claim: ClaimView | None, file_id: UUID) -> Saying:
    business_id, document = tenancy.only(), (file_id.hex, FILENAME)
    if claim is None:
        show = Option(said.show_button(), taps.written("show", business_id, view.id))
        return Saying(said.came(view), (show,), document=document)
    verbs = zip(("confirm", "reject"), words.money.claim_buttons(), strict=True)
    options = tuple(
        Option(title, taps.written(verb, business_id, claim.id)) for verb, title in verbs
    )
    return Saying(said.came_with_claim(view), options, document=document)


def tell_not_shown(facts: Sequence[PictureRefused]) -> None:
    """*Later*: whoever sent it hears that it could not be opened."""
    for fact in facts:
        if fact.subject_kind == INVOICE:
            view = invoices.invoice(fact.subject_id)
            language = invoices.customer(view.customer_id).language
            make = worded(said.not_shown, str(view.number))
            cause = f"told:picture:{fact.message_id}"
            tell_contact(fact.contact_id, make, cause, language)


READERS = (
    (PictureKept, tell_picture, False),
    (PictureRefused, tell_not_shown, False),
)
