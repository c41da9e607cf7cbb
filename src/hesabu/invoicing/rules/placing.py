"""Where money goes: to what the invoice owes, and the rest to the customer's credit.

Several payments for one invoice in one batch are placed one after another, each against what the ones before it left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hesabu.invoicing.rules.moves import MOVES
from hesabu.invoicing.types import OPEN, InvoiceState


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an invoice stands, in minor units of its currency."""

    state: InvoiceState
    total_minor: int
    paid_minor: int
    credited_minor: int

    @property
    def owed_minor(self) -> int:
        """What is still to be paid: nothing unless it is open."""
        if self.state not in OPEN:
            return 0
        return max(0, self.total_minor - self.paid_minor - self.credited_minor)


@dataclass(frozen=True, slots=True)
class Placement:
    """What became of one amount: `applied_minor + credit_minor` is the amount."""

    applied_minor: int
    credit_minor: int
    before: InvoiceState
    after: Standing


def place(amount_minor: int, invoice: Standing) -> Placement:
    """Put an amount of the invoice's currency where it belongs. Changes nothing but what is paid and the state."""
    if amount_minor <= 0:
        raise ValueError("money that came is above zero")
    owed_minor = invoice.owed_minor
    applied_minor = min(amount_minor, owed_minor)
    after = invoice
    if applied_minor:
        verb = "pay" if applied_minor == owed_minor else "part_pay"
        after = replace(
            invoice,
            state=MOVES.after(invoice.state, verb),
            paid_minor=invoice.paid_minor + applied_minor,
        )
    return Placement(applied_minor, amount_minor - applied_minor, invoice.state, after)


def take_off(amount_minor: int, invoice: Standing) -> Standing:
    """Where an invoice stands when money that had gone to it never came. Changes nothing but what is paid and the state."""
    if not 0 < amount_minor <= invoice.paid_minor:
        raise ValueError("only what was paid can be taken off")
    paid_minor = invoice.paid_minor - amount_minor
    verb = "part_give_back" if paid_minor else "give_back"
    return replace(invoice, state=MOVES.after(invoice.state, verb), paid_minor=paid_minor)
