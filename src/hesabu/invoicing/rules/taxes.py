"""Taxes as dated data: a row says which rate a code had in a country, from which day, and by which law.

The day that chooses is the tax point, which for an invoice is the day it is issued (VAT Act 2013, section 12). A row is
never changed when the law does: the next one is added below it. `uncl5305` is the category code of electronic invoices
(UN/CEFACT 5305, EN 16931), `filing_code` the letter under which the country's revenue authority knows it (for Kenya the
tax types of eTIMS).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hesabu.invoicing.errors import TaxCodeUnknown, TaxRateUnknown

STANDARD, ZERO, EXEMPT, NONE = "standard", "zero", "exempt", "none"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A rate in force from `since_on`, in basis points (16 % is 1600)."""

    country: str
    code: str
    label: str
    rate_bps: int
    since_on: date
    law: str
    uncl5305: str
    filing_code: str


NO_TAX = TaxRate("", NONE, "", 0, date.min, "", "O", "D")
"""What a line carries where no tax is charged at all."""

_ACT = "Value Added Tax Act, 2013 (No. 35 of 2013)"
_BEGAN_ON = date(2013, 9, 2)

RATES: tuple[TaxRate, ...] = (
    TaxRate("KE", STANDARD, "VAT 16%", 1600, _BEGAN_ON, f"{_ACT}, section 5(2)(b)", "S", "B"),
    TaxRate(
        "KE",
        STANDARD,
        "VAT 14%",
        1400,
        date(2020, 4, 1),
        "Value Added Tax (Amendment of the Rate of Tax) Order, 2020 (Legal Notice No. 35 of 2020)",
        "S",
        "B",
    ),
    TaxRate(
        "KE",
        STANDARD,
        "VAT 16%",
        1600,
        date(2021, 1, 1),
        "Legal Notice No. 206 of 2020 and Tax Laws (Amendment) (No. 2) Act, 2020: back to section 5(2)(b)",
        "S",
        "B",
    ),
    TaxRate("KE", ZERO, "VAT 0%", 0, _BEGAN_ON, f"{_ACT}, section 7 and Second Schedule", "Z", "C"),
    TaxRate("KE", EXEMPT, "Exempt", 0, _BEGAN_ON, f"{_ACT}, First Schedule", "E", "A"),
)


def rate(country: str, code: str, on: date) -> TaxRate:
    """The rate of a code on its tax point. Raises TaxCodeUnknown or TaxRateUnknown."""
    if code == NONE:
        return NO_TAX
    of_code = [row for row in RATES if row.country == country and row.code == code]
    if not of_code:
        raise TaxCodeUnknown(code[:20], field="tax_code")
    in_force = [row for row in of_code if row.since_on <= on]
    if not in_force:
        raise TaxRateUnknown(on.isoformat(), field="tax_code")
    return max(in_force, key=lambda row: row.since_on)


def codes(country: str) -> list[str]:
    """The codes that a country knows, the usual one first."""
    return list(dict.fromkeys(row.code for row in RATES if row.country == country))
