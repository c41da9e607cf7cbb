"""Charts of accounts per country, as data: (code, name, kind, role)."""

from __future__ import annotations

from hesabu.ledger.types import AccountKind as K
from hesabu.ledger.types import AccountRole as R

Line = tuple[str, str, K, R]

KENYA: tuple[Line, ...] = (
    ("1000", "Cash", K.ASSET, R.CASH),
    ("1010", "Bank", K.ASSET, R.BANK),
    ("1020", "M-PESA", K.ASSET, R.MPESA),
    ("1100", "Receivables", K.ASSET, R.RECEIVABLES),
    ("2000", "VAT payable", K.LIABILITY, R.VAT_OUTPUT),
    ("2100", "Customers' credit", K.LIABILITY, R.CUSTOMER_CREDIT),
    ("2200", "Suspense: money without an owner", K.LIABILITY, R.SUSPENSE),
    ("3000", "Owner's equity", K.EQUITY, R.EQUITY),
    ("4000", "Sales", K.INCOME, R.SALES),
    ("4900", "Rounding", K.INCOME, R.ROUNDING),
    ("5000", "Payment fees", K.EXPENSE, R.FEES),
    ("5100", "Bad debts", K.EXPENSE, R.BAD_DEBTS),
)

CHARTS = {"KE": KENYA}


def chart(country: str) -> tuple[Line, ...]:
    """The country's chart; Kenya's where it has none of its own yet (the roles are the same everywhere)."""
    return CHARTS.get(country, KENYA)
