"""Taking back what was just done, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from hesabu.doors.chat.words.figures import first_name, short_money
from hesabu.invoicing.types import InvoiceView
from hesabu.kit.money import Money
from hesabu.payments.types import PaymentView

__all__ = [
    "as_it_was",
    "cannot_be_undone",
    "changed_since",
    "customer_will_hear",
    "has_been_seen",
    "invoice_replaced",
    "invoice_taken_back",
    "nothing_to_take_back",
    "payment_corrected",
    "really_withdraw",
    "too_long_ago",
    "withdraw_buttons",
    "withdrawn",
    "withdrawn_before",
    "withdrawn_from",
]


def nothing_to_take_back() -> str:
    return _(
        "There is nothing of the last ten minutes to undo. To take back an invoice, write: void INV-0007"
    )


def too_long_ago() -> str:
    return _(
        "That was more than ten minutes ago, so I don't undo it by one word. To take back an invoice, write: void INV-0007"
    )


def cannot_be_undone(verb: str) -> str:
    """Why, and what can be done instead."""
    said: dict[str, Callable[[], str]] = {
        "drafted": lambda: _(
            "That draft is sent or gone already. Write “undo” again for what came before."
        ),
        "voided": lambda: _(
            "An invoice that was taken back stays so: its number is reversed in the books. Write “repeat” and its number for a new one like it."
        ),
        "credited": lambda: _(
            "A credit note stays written. Write “repeat” and the invoice's number for a new one like it."
        ),
        "reminded": lambda: _("A reminder that was sent can't be called back."),
        "resent": lambda: _("What was sent can't be called back."),
        "rejected": lambda: _(
            "The customer was told that the money is not there. If it came after all, write: paid INV-0007"
        ),
        "placed": lambda: _(
            "That money is M-PESA's word, so it stays counted. Credit the invoice if it belongs elsewhere."
        ),
    }
    return said.get(verb, lambda: _("That can't be undone."))()


def changed_since() -> str:
    return _("That draft has changed or was sent since, so I leave it as it is.")


def as_it_was() -> str:
    return _("Undone. It is as it was:")


def has_been_seen(view: InvoiceView) -> str:
    return _("%(name)s has seen it.") % {"name": first_name(view.customer_name)}


def customer_will_hear(view: InvoiceView) -> str:
    return _("I will tell %(name)s.") % {"name": first_name(view.customer_name)}


def really_withdraw(payment: PaymentView, number: str) -> str:
    if number:
        return _(
            "Take back the %(amount)s noted on *%(number)s*? The entry is reversed in the books, and the customer is told."
        ) % {"amount": short_money(payment.amount), "number": number}
    return _("Take back the %(amount)s you noted? The entry is reversed in the books.") % {
        "amount": short_money(payment.amount)
    }


def withdraw_buttons() -> tuple[str, str]:
    return _("Yes, take it back"), _("Keep it")


def withdrawn(amount: Money) -> str:
    return _("%(amount)s is taken back and out of the books.") % {"amount": short_money(amount)}


def withdrawn_from(amount: Money, view: InvoiceView) -> str:
    return _("%(amount)s is taken back. %(owed)s is owed on *%(number)s*.") % {
        "amount": short_money(amount),
        "owed": short_money(view.owed),
        "number": view.number,
    }


def withdrawn_before() -> str:
    return _("That is taken back already. Nothing changed.")


def payment_corrected(seller: str, number: str, amount: Money, view: InvoiceView) -> str:
    """To the customer, who had a receipt for it."""
    return _(
        "%(seller)s has corrected an entry: %(amount)s on *%(number)s* was noted by mistake. %(owed)s is owed on it."
    ) % {
        "seller": seller,
        "amount": short_money(amount),
        "number": number,
        "owed": short_money(view.owed),
    }


def invoice_taken_back(seller: str, number: str) -> str:
    """To the customer."""
    return _("%(seller)s has taken invoice *%(number)s* back. Nothing is to be paid on it.") % {
        "seller": seller,
        "number": number,
    }


def invoice_replaced(seller: str, old: str, number: str) -> str:
    """To the customer."""
    return _(
        "%(seller)s has corrected invoice *%(old)s*: *%(number)s* takes its place. Please pay only the new one."
    ) % {"seller": seller, "old": old, "number": number}
