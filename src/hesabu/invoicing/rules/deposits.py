"""Deposits: what is asked for first, and what is to be asked for now."""

from __future__ import annotations

from hesabu.invoicing import errors
from hesabu.invoicing.rules.totals import half_up
from hesabu.kit.money import Money


def deposit_minor(deposit: Money | int | None, total_minor: int, currency: str) -> int:
    """What is asked for first, of a total: an amount, or basis points of it. Nothing without one; never all of it."""
    if deposit is None:
        return 0
    if isinstance(deposit, Money):
        if deposit.currency != currency:
            raise errors.CurrencyBad(deposit.currency, field="deposit")
        first_minor = deposit.minor
    elif not 0 < deposit < 10_000:
        raise errors.DepositBad(str(deposit), field="deposit")
    else:
        first_minor = half_up(total_minor * deposit, 10_000)
    if not 0 < first_minor < total_minor:
        raise errors.DepositBad(field="deposit")
    return first_minor


def asked_minor(deposit_minor: int, paid_minor: int, owed_minor: int) -> int:
    """What to ask for now: what is left of the deposit while it is unpaid, else what is owed."""
    left_minor = deposit_minor - paid_minor
    return min(left_minor, owed_minor) if left_minor > 0 else owed_minor
