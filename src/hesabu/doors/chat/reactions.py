"""What the chat door reads. `answer` is unbound: each message is answered in one transaction of its own, with all that it
did, so that a worker killed anywhere leaves it unanswered and whole, and it is answered once.

The others tell the merchant (and, where a prompt failed or a claim was refused, the customer) what happened. They are
bound, and say each thing once, by its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from hesabu.doors.chat import (
    bills,
    corrections,
    habits,
    joining,
    lists,
    memory,
    news,
    payees,
    pictures,
    taps,
    words,
)
from hesabu.doors.chat.acts import approving, support
from hesabu.doors.chat.answering import answer
from hesabu.doors.chat.memory import Bill
from hesabu.doors.chat.speech import Option, Saying
from hesabu.doors.chat.telling import tell_contact, tell_owners, worded
from hesabu.identity import queries as identity
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.facts import (
    InvoiceOverpaid,
    InvoicePaid,
    InvoicePartPaid,
    InvoiceReminded,
    InvoiceResent,
    InvoiceSent,
    InvoiceUnsendable,
    WayToPayMissing,
)
from hesabu.invoicing.types import INVOICE, HabitName, InvoiceView
from hesabu.kit.money import Money
from hesabu.messaging import queries as messages
from hesabu.messaging.facts import MessageFailed, MessageReceived
from hesabu.messaging.types import Category
from hesabu.payments import queries as collected
from hesabu.payments.facts import (
    ClaimMade,
    ClaimRejected,
    CollectionExpired,
    CollectionFailed,
    PaymentAccountAdded,
    PaymentDoubtful,
    PaymentUnplaced,
)
from hesabu.payments.types import ClaimState, ClaimView, CollectionState
from hesabu.store import facts as store_facts
from hesabu.store import tenancy
from hesabu.store.facts import Fact

Reader = Callable[[Sequence[Any]], None]


# --- what became of an invoice ----------------------------------------------------------------------------------------


def remember_bill(facts: Sequence[InvoiceSent | InvoiceResent | InvoiceReminded]) -> None:
    """*Later*: the customer's chat knows which bill it was shown."""
    for fact in facts:
        contact_id = messages.outbound(fact.message_id).contact_id
        remembered = memory.locked(contact_id)
        remembered.remember_bill(Bill(fact.business_id, fact.subject_id))
        if not remembered.language:
            customer = invoices.customer(invoices.invoice(fact.subject_id).customer_id)
            remembered.language = customer.language or identity.business(tenancy.only()).language
        memory.keep(contact_id, remembered)


def tell_unreached(facts: Sequence[MessageFailed]) -> None:
    """*Later*: WhatsApp could not bring an invoice: here is the link to share."""
    for fact in facts:
        if fact.subject_kind == INVOICE and _is_the_invoice(fact.subject_id, fact.message_id):
            view = invoices.invoice(fact.subject_id)
            is_doubt = fact.code == "uncertain"
            make = worded(
                words.sending.maybe_not_reached if is_doubt else words.sending.not_reached, view
            )
            tell_owners(make, f"told:unreached:{view.id}:{'doubt' if is_doubt else 'no'}")


def tell_unsendable(facts: Sequence[InvoiceUnsendable]) -> None:
    """*Later*: there is no address at all; whoever pressed Send was given the link already."""
    for fact in facts:
        view = invoices.invoice(fact.subject_id)
        if view.customer_phone or view.contact_id:
            tell_owners(worded(words.sending.not_reached, view), f"told:unreached:{view.id}:no")


def tell_no_way(facts: Sequence[WayToPayMissing]) -> None:
    """*Later*: a customer who wants to pay finds no way to. Said once for an invoice, on the page or in the chat."""
    for fact in facts:
        view, business = invoices.invoice(fact.subject_id), identity.business(fact.business_id)
        tell_owners(partial(_asked_how, view, business.country), f"told:how:{view.id}")


def _asked_how(view: InvoiceView, country: str) -> Saying:
    return Saying(words.bills.customer_asks_how_to_pay(view, country))


def _is_the_invoice(invoice_id: UUID, message_id: UUID) -> bool:
    """Whether the message is the one that carried the invoice, and not a receipt."""
    return any(
        record.kind == InvoiceSent.kind and record.payload.get("message_id") == str(message_id)
        for record in store_facts.timeline(invoice_id)
    )


# --- money ------------------------------------------------------------------------------------------------------------


def tell_paid(facts: Sequence[InvoicePaid]) -> None:
    """*Later*: "Paid. KES 75,000 from Jane by M-PESA, SKL4T7QX2P." """
    for fact in facts if invoices.does(HabitName.PAYMENT_NEWS) else ():
        if fact.payment_id is None:
            view = invoices.invoice(fact.subject_id)
            tell_owners(worded(words.money.paid_by_credit, view), f"told:credit:{fact.subject_id}")
            continue
        payment = collected.payment(fact.payment_id)
        applied = Money(fact.applied_minor, fact.currency)
        tell_owners(partial(news.paid, fact.subject_id, payment, applied))


def tell_part_paid(facts: Sequence[InvoicePartPaid]) -> None:
    """*Later*: what came, and what is still owed."""
    for fact in facts if invoices.does(HabitName.PAYMENT_NEWS) else ():
        if fact.payment_id is None:
            continue
        payment = collected.payment(fact.payment_id)
        applied = Money(fact.applied_minor, fact.currency)
        owed = Money(fact.owed_minor, fact.currency)
        tell_owners(partial(news.part_paid, fact.subject_id, payment, applied, owed))


def tell_overpaid(facts: Sequence[InvoiceOverpaid]) -> None:
    """*Later*: what came beyond the invoice is the customer's credit."""
    for fact in facts:
        credit = Money(fact.credit_minor, fact.currency)
        tell_owners(partial(news.overpaid, fact.subject_id, fact.payment_id, credit))


def ask_where_to_place(facts: Sequence[PaymentUnplaced]) -> None:
    """*Later*: money without an owner: which invoice?"""
    for fact in facts:
        payment = collected.payment(fact.subject_id)
        if payment.purpose is None and collected.twin_of(payment.id) is None:
            make = partial(lists.unplaced, fact.business_id, payment)
            tell_owners(make, f"told:unplaced:{payment.id}")


def ask_about_claim(facts: Sequence[ClaimMade]) -> None:
    """*Later*: a customer says they have paid; one tap of the merchant settles it."""
    for fact in facts:
        claim = collected.claim(fact.subject_id)
        if fact.purpose_kind != INVOICE or claim.state is not ClaimState.MADE:
            continue
        view = invoices.invoice(fact.purpose_id)
        tell_owners(partial(_claimed, claim, view), f"told:claim:{claim.id}")


def _claimed(claim: ClaimView, view: InvoiceView) -> Saying:
    verbs = zip(("confirm", "reject"), words.money.claim_buttons(), strict=True)
    options = tuple(
        Option(title, taps.written(verb, tenancy.only(), claim.id)) for verb, title in verbs
    )
    body = words.money.claimed(view, claim.amount or view.owed, claim.code)
    country = identity.business(tenancy.only()).country
    payee = payees.other_than_seller(payees.named_in(claim.said, country))
    if payee is not None:
        body = f"{body}\n{words.bills.names_other_payee(payee)}"
    return Saying(body, options)


def tell_rejected(facts: Sequence[ClaimRejected]) -> None:
    """*Later*: the merchant does not see the money; whoever said so hears it."""
    for fact in facts:
        claim = collected.claim(fact.subject_id)
        if fact.purpose_kind != INVOICE or claim.contact_id is None:
            continue
        view = invoices.invoice(fact.purpose_id)
        seller = identity.business(fact.business_id).name
        make = worded(words.bills.not_found_yet, seller, str(view.number))
        language = invoices.customer(view.customer_id).language
        tell_contact(claim.contact_id, make, f"told:rejected:{claim.id}", language)


def tell_prompt_failed(facts: Sequence[CollectionFailed]) -> None:
    """*Later*: the customer hears why nothing was taken. The merchant has the timeline."""
    for fact in facts:
        if fact.purpose_kind != INVOICE:
            continue
        collection = collected.collection(fact.subject_id)
        view = invoices.invoice(fact.purpose_id)
        if (
            collection.state is not CollectionState.FAILED
            or view.contact_id is None
            or not view.owed
        ):
            continue
        if messages.contact(view.contact_id).is_window_open:
            bill = Bill(fact.business_id, fact.purpose_id)
            make = partial(
                bills.failed, bill, collection.words, is_retryable=collection.is_retryable
            )
            language = invoices.customer(view.customer_id).language
            tell_contact(view.contact_id, make, f"told:failed:{collection.id}", language)


def tell_doubtful(facts: Sequence[PaymentDoubtful]) -> None:
    """*Later*: money that was counted once may have come twice, or counted twice and come once; only a person with the
    statement knows."""
    for fact in facts:
        payment = collected.payment(fact.subject_id)
        cause = f"told:doubtful:{payment.id}"
        if fact.reason == "maybe_two":
            tell_owners(worded(words.money.maybe_two, payment.amount), cause)
        elif fact.reason == "maybe_two_by_hand":
            tell_owners(worded(words.money.maybe_two_by_hand, payment.amount), cause)
        elif fact.reason == "amount" and payment.receipt:
            make = worded(words.money.other_amount, payment.amount, payment.receipt)
            tell_owners(make, f"{cause}:amount")
        elif fact.reason == "maybe_same":
            twin = collected.twin_of(payment.id)
            if twin is not None and twin.purpose.kind == INVOICE:
                tell_owners(partial(news.asked_same, twin), f"{cause}:same")


def tell_prompt_expired(facts: Sequence[CollectionExpired]) -> None:
    """*Later*: the provider was asked for days and never told; the merchant looks at the statement."""
    for fact in facts:
        if fact.purpose_kind == INVOICE:
            view = invoices.invoice(fact.purpose_id)
            amount = collected.collection(fact.subject_id).amount
            make = worded(words.money.prompt_never_told, str(view.number), amount)
            tell_owners(make, f"told:expired:{fact.subject_id}")


# --- where money goes -------------------------------------------------------------------------------------------------


def tell_account_added(facts: Sequence[PaymentAccountAdded]) -> None:
    """*Later*: where money goes was changed: every owner hears it, whoever did it, and whoever wants no news, too. The first
    way of all is no change."""
    for fact in facts:
        offered = {way.account_id for way in collected.ways_to_pay()}
        if fact.subject_id in offered and len(offered) > 1:
            business = identity.business(fact.business_id)
            make = worded(words.house.account_added, business.name)
            tell_owners(make, f"told:account:{fact.subject_id}", Category.TRANSACTION)


READERS: tuple[tuple[type[Fact], Reader, bool], ...] = (
    (MessageReceived, answer, True),
    (InvoiceSent, remember_bill, False),
    (InvoiceResent, remember_bill, False),
    (InvoiceReminded, remember_bill, False),
    (MessageFailed, tell_unreached, False),
    (InvoiceUnsendable, tell_unsendable, False),
    (WayToPayMissing, tell_no_way, False),
    (InvoicePaid, tell_paid, False),
    (InvoicePartPaid, tell_part_paid, False),
    (InvoiceOverpaid, tell_overpaid, False),
    (PaymentUnplaced, ask_where_to_place, False),
    (ClaimMade, ask_about_claim, False),
    (ClaimRejected, tell_rejected, False),
    (CollectionFailed, tell_prompt_failed, False),
    (CollectionExpired, tell_prompt_expired, False),
    (PaymentDoubtful, tell_doubtful, False),
    (PaymentAccountAdded, tell_account_added, False),
    *approving.READERS,
    *joining.READERS,
    *support.READERS,
    *corrections.READERS,
    *habits.READERS,
    *pictures.READERS,
)
"""(fact, later reader, whether unbound): what the app's wiring declares."""
