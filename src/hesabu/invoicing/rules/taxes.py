"""Taxes: which rate holds on a day, and what it comes to, to the cent.

The day that chooses is the tax point, which for an invoice is the day it is issued. The rates themselves, dated and with
their laws, are data in `tax_rates.py`.

Where a country charges several taxes at once (Ghana), each is rounded by itself, because each is shown and paid over by
itself, and the tax of a line is their sum:

    on top   each levy = net × rate, half up; one that is on the others too = (net + the levies before it) × rate
    within   net = gross ÷ (1 + what they come to together, exactly); the levies as above; the last takes what is left,
             so that the total stays what was typed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hesabu.invoicing.errors import TaxCodeUnknown, TaxRateUnknown
from hesabu.invoicing.rules.tax_rates import EXEMPT as EXEMPT
from hesabu.invoicing.rules.tax_rates import HOSPITALITY as HOSPITALITY
from hesabu.invoicing.rules.tax_rates import NO_TAX as NO_TAX
from hesabu.invoicing.rules.tax_rates import NONE as NONE
from hesabu.invoicing.rules.tax_rates import RATES as RATES
from hesabu.invoicing.rules.tax_rates import REDUCED as REDUCED
from hesabu.invoicing.rules.tax_rates import REVERSE as REVERSE
from hesabu.invoicing.rules.tax_rates import STANDARD as STANDARD
from hesabu.invoicing.rules.tax_rates import ZERO as ZERO
from hesabu.invoicing.rules.tax_rates import Levy
from hesabu.invoicing.rules.tax_rates import TaxRate as TaxRate
from hesabu.kit.money import split


@dataclass(frozen=True, slots=True)
class LevySum:
    """What one of several taxes comes to. `base_minor` is what it was reckoned on."""

    code: str
    label: str
    rate_bps: int
    base_minor: int
    tax_minor: int


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


def tax_on(row: TaxRate, net_minor: int) -> int:
    """The tax that comes on top of a net amount."""
    if not row.levies:
        return half_up(net_minor * row.rate_bps, 10_000)
    return sum(part.tax_minor for part in _on_top(row.levies, net_minor))


def tax_within(row: TaxRate, gross_minor: int) -> int:
    """The tax that is in an amount which includes it."""
    if not row.levies:
        return half_up(gross_minor * row.rate_bps, 10_000 + row.rate_bps)
    whole = 1 + effective(row)
    return gross_minor - half_up(gross_minor * whole.denominator, whole.numerator)


def parts_of(row: TaxRate, net_minor: int, tax_minor: int) -> tuple[LevySum, ...]:
    """The tax of a line, levy by levy: they add up to it, whatever a price that includes them came to."""
    if not row.levies:
        return ()
    parts = _on_top(row.levies, net_minor)
    left_minor = tax_minor - sum(part.tax_minor for part in parts[:-1])
    if left_minor >= 0:
        return (*parts[:-1], replace(parts[-1], tax_minor=left_minor))
    # A few cents of a credited part can be less than the levies come to by themselves: each then takes its share.
    shares = split(tax_minor, [part.tax_minor for part in parts])
    return tuple(replace(part, tax_minor=share) for part, share in zip(parts, shares, strict=True))


def effective(row: TaxRate) -> Fraction:
    """What the rate comes to, exactly: 0.18125 for two levies of 2.5 % and 12.5 % on top of both."""
    if not row.levies:
        return Fraction(row.rate_bps, 10_000)
    whole = Fraction(0)
    for levy in row.levies:
        base = 1 + whole if levy.is_on_the_others else Fraction(1)
        whole += base * Fraction(levy.rate_bps, 10_000)
    return whole


def _on_top(levies: tuple[Levy, ...], net_minor: int) -> list[LevySum]:
    parts: list[LevySum] = []
    for levy in levies:
        before_minor = sum(part.tax_minor for part in parts) if levy.is_on_the_others else 0
        base_minor = net_minor + before_minor
        tax_minor = half_up(base_minor * levy.rate_bps, 10_000)
        parts.append(LevySum(levy.code, levy.label, levy.rate_bps, base_minor, tax_minor))
    return parts


def half_up(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator, rounded half up, in whole numbers. Neither is negative."""
    return (2 * numerator + denominator) // (2 * denominator)
