"""Who invoicing listens to. Wired in the app:

now    payments.PaymentSettled → allocate        payments.PaymentPlaced → place
       payments.PaymentWithdrawn → give_back      payments.PaymentUnplaced → place_typed
later  InvoiceIssued → send_issued               InvoicePaid, InvoicePartPaid, InvoiceOverpaid → send_receipts
       InvoiceReopened → expect_again            InvoiceVoided, InvoiceCredited → recall_reminders
       identity.BusinessRegistered → begin_habits
"""

from __future__ import annotations

from collections.abc import Sequence

from hesabu.identity.facts import BusinessRegistered
from hesabu.invoicing import actions
from hesabu.invoicing.facts import (
    InvoiceCredited,
    InvoiceIssued,
    InvoiceOverpaid,
    InvoicePaid,
    InvoicePartPaid,
    InvoiceReopened,
    InvoiceVoided,
)
from hesabu.payments.facts import (
    PaymentPlaced,
    PaymentSettled,
    PaymentUnplaced,
    PaymentWithdrawn,
)


def allocate(facts: Sequence[PaymentSettled]) -> None:
    """*Now*: money that came goes to its invoices, in the transaction that settles it."""
    actions.allocate(facts)


def place(facts: Sequence[PaymentPlaced]) -> None:
    """*Now*: money that a person placed leaves suspense, or the placing fails."""
    actions.place(facts)


def place_typed(facts: Sequence[PaymentUnplaced]) -> None:
    """*Now*: money sent by hand goes to the invoice whose number its payer typed, where nothing is in doubt."""
    actions.place_typed(facts)


def give_back(facts: Sequence[PaymentWithdrawn]) -> None:
    """*Now*: money that never came leaves its invoice, or the withdrawing fails."""
    actions.give_back(facts)


def send_issued(facts: Sequence[InvoiceIssued]) -> None:
    """*Later*: the paper goes to the customer, and reminders are on their way."""
    for fact in facts:
        actions.expect(fact.subject_id)
        actions.send_invoice(fact.subject_id)


def send_receipts(facts: Sequence[InvoicePaid | InvoicePartPaid | InvoiceOverpaid]) -> None:
    """*Later*: thanks for a payment, once, whichever of its facts is read first. Using credit needs no thanks, and keeps a
    promise all the same."""
    for fact in facts:
        if fact.payment_id is not None:
            actions.send_receipt(fact.subject_id, fact.payment_id)
        actions.keep_promises(fact.subject_id)
        if isinstance(fact, InvoicePaid):
            actions.recall_reminders(fact.subject_id)


def recall_reminders(facts: Sequence[InvoiceVoided | InvoiceCredited]) -> None:
    """*Later*: what was taken back is not reminded of any more, not even by what is on its way."""
    for fact in facts:
        actions.recall_reminders(fact.subject_id)


def expect_again(facts: Sequence[InvoiceReopened]) -> None:
    """*Later*: money was taken back, so the invoice owes again."""
    for fact in facts:
        actions.expect(fact.subject_id)


def begin_habits(facts: Sequence[BusinessRegistered]) -> None:
    """*Later*: a new business gets its turns for what has an hour."""
    actions.begin_habits()
