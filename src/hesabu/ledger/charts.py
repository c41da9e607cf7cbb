"""Charts of accounts per country, as data: (code, name, kind, role).

Every chart has the same roles, once each: rooms post to roles and never learn which country's accounts they were. North
Macedonia prescribes the codes; elsewhere a business is free, and the numbering is the one that bookkeepers there learn
(assets from 1000, liabilities 2000, equity 3000, income 4000, expenses 5000). A book keeps the chart it was opened with.
"""

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


def _called(names: dict[R, str]) -> tuple[Line, ...]:
    """The usual chart with other names, as accountants of the place say them."""
    return tuple((code, names.get(role, name), kind, role) for code, name, kind, role in KENYA)


USUAL = _called({R.MPESA: "Mobile money"})
"""Where nothing is prescribed and no name is another."""

NIGERIA = _called(
    {
        R.MPESA: "Mobile money",
        R.RECEIVABLES: "Trade debtors",
        R.VAT_OUTPUT: "Output VAT payable",
        R.FEES: "Bank charges",
    }
)

ZIMBABWE = _called(
    {
        R.MPESA: "Mobile money",
        R.RECEIVABLES: "Trade debtors",
        R.VAT_OUTPUT: "VAT output",
        R.FEES: "Bank charges",
    }
)

SOUTH_AFRICA = _called(
    {
        R.MPESA: "Mobile money",
        R.RECEIVABLES: "Trade debtors",
        R.VAT_OUTPUT: "VAT control: output",
        R.FEES: "Bank charges",
    }
)

GHANA = _called(
    {
        R.MPESA: "Mobile money",
        R.RECEIVABLES: "Trade receivables",
        R.VAT_OUTPUT: "VAT, NHIL and GETFund payable",
        R.FEES: "Bank and mobile money charges",
    }
)

NORTH_MACEDONIA: tuple[Line, ...] = (
    ("102", "Парични средства во благајна", K.ASSET, R.CASH),
    ("100", "Парични средства на трансакциски сметки во денари", K.ASSET, R.BANK),
    ("108", "Останати парични средства", K.ASSET, R.MPESA),
    ("120", "Побарувања од купувачи во земјата", K.ASSET, R.RECEIVABLES),
    ("230", "Обврски за данокот на додадена вредност", K.LIABILITY, R.VAT_OUTPUT),
    (
        "222",
        "Обврски за примени аванси, депозити и кауции во земјата",
        K.LIABILITY,
        R.CUSTOMER_CREDIT,
    ),
    ("259", "Останати краткорочни обврски", K.LIABILITY, R.SUSPENSE),
    ("900", "Основна главнина – запишан и уплатен капитал", K.EQUITY, R.EQUITY),
    ("740", "Приходи од продажба на добра (производи) и услуги во земјата", K.INCOME, R.SALES),
    ("769", "Останати приходи од работењето", K.INCOME, R.ROUNDING),
    ("446", "Банкарски услуги и трошоци за платен промет", K.EXPENSE, R.FEES),
    ("466", "Расходи врз основа на директен отпис на побарувања", K.EXPENSE, R.BAD_DEBTS),
)
"""Правилник за сметковниот план и содржината на одделните сметки во сметковниот план (Службен весник 174/2011): the
three-digit accounts it prescribes for what each role is."""

CHARTS = {
    "KE": KENYA,
    "NG": NIGERIA,
    "MK": NORTH_MACEDONIA,
    "ZW": ZIMBABWE,
    "TZ": USUAL,
    "UG": USUAL,
    "GH": GHANA,
    "RW": USUAL,
    "ZA": SOUTH_AFRICA,
}

BY_LAW = {"MK": "Правилник за сметковниот план (Службен весник 174/2011)"}
"""Countries that prescribe the codes, and by what; elsewhere they are custom."""


def chart(country: str) -> tuple[Line, ...]:
    """The country's chart; the usual one where it has none of its own (the roles are the same everywhere)."""
    return CHARTS.get(country, USUAL)
