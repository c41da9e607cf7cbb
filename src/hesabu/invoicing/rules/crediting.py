"""What a credit note takes back, line by line, so that the tax goes back with the sale it belonged to.

What was credited before is no longer there to be credited; crediting all that is left gives back every cent of net and
tax, whatever the parts before it were.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hesabu.invoicing import errors
from hesabu.invoicing.rules.moves import MOVES
from hesabu.invoicing.rules.placing import Standing
from hesabu.invoicing.rules.totals import half_up
from hesabu.invoicing.types import InvoiceState
from hesabu.kit.money import split

ONE = Decimal(1)
"""The quantity that a part of a line is credited as."""


@dataclass(frozen=True, slots=True)
class PartOfLine:
    """What a line still has, or loses, before tax and in tax."""

    position: int
    net_minor: int
    tax_minor: int

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.tax_minor


class LeftOfLine(PartOfLine):
    """What of a line has not been credited yet."""

    __slots__ = ()


class TakenBack(PartOfLine):
    """What a credit note takes back of one line."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Crediting:
    """How a credit lands: on what is owed first, the rest as the customer's credit."""

    to_owed_minor: int
    to_credit_minor: int
    verb: str
    after: Standing


def take_back(
    left: Sequence[LeftOfLine], *, amount_minor: int | None = None, positions: Collection[int] = ()
) -> list[TakenBack]:
    """All that is left, or some lines of it, or an amount spread over them in proportion to what is left of each."""
    chosen = [line for line in left if not positions or line.position in positions]
    if set(positions) - {line.position for line in left}:
        raise errors.CreditRefused(field="lines")
    whole_minor = sum(line.gross_minor for line in chosen)
    wanted_minor = whole_minor if amount_minor is None else amount_minor
    if not 0 < wanted_minor <= whole_minor:
        raise errors.CreditRefused(field="amount" if amount_minor is not None else "lines")
    parts = split(wanted_minor, [line.gross_minor for line in chosen])
    return [_part(line, part) for line, part in zip(chosen, parts, strict=True) if part]


def _part(line: LeftOfLine, gross_minor: int) -> TakenBack:
    tax_minor = half_up(line.tax_minor * gross_minor, line.gross_minor)
    return TakenBack(line.position, gross_minor - tax_minor, tax_minor)


def credit(invoice: Standing, amount_minor: int) -> Crediting:
    """Where an invoice stands after a credit note of that amount. Raises MoveRefused for a draft and for what is void."""
    credited_minor = invoice.credited_minor + amount_minor
    if amount_minor <= 0 or credited_minor > invoice.total_minor:
        raise errors.CreditRefused(field="amount")
    to_owed_minor = min(amount_minor, invoice.owed_minor)
    verb = "part_credit"
    if credited_minor == invoice.total_minor:
        verb = "credit"
    elif invoice.state is InvoiceState.PART_PAID and to_owed_minor == invoice.owed_minor:
        verb = "pay"  # what was left of it is credited, and the rest had been paid
    after = replace(invoice, state=MOVES.after(invoice.state, verb), credited_minor=credited_minor)
    return Crediting(to_owed_minor, amount_minor - to_owed_minor, verb, after)
