"""The sums of an invoice: exact, per line first and added up afterwards, so that nothing can disagree.

    amount    quantity × price, rounded half up
    discount  the line's part of what is taken off the whole, split without losing a cent
    exclusive net = amount − discount, tax = net × rate (half up),        gross = net + tax
    inclusive gross = amount − discount, tax = gross × rate ÷ (1 + rate), net = gross − tax
    none      net = gross = amount − discount

So with inclusive prices the total is what was typed, to the cent, whatever the rate. Where several taxes are charged at
once the tax is the sum of theirs (`taxes.py`), and a line keeps each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hesabu.invoicing import errors
from hesabu.invoicing.rules import taxes
from hesabu.invoicing.rules.taxes import half_up as half_up
from hesabu.invoicing.types import LineInput, TaxMode
from hesabu.kit.money import Money, split

LINES_MAX = 100
DESCRIPTION_MAX = 500
QUANTITY_MAX = Decimal(1_000_000)
QUANTITY_PLACES = 6
TOTAL_MAX_MINOR = 10**14
"""A trillion in a currency of cents: beyond it somebody mistyped, and below it nothing overflows."""


@dataclass(frozen=True, slots=True)
class ReckonedLine:
    """A line and its sums, in minor units."""

    description: str
    quantity: Decimal
    unit_price_minor: int
    tax_code: str
    tax_label: str
    tax_rate_bps: int
    amount_minor: int
    discount_minor: int
    net_minor: int
    tax_minor: int
    gross_minor: int
    levies: tuple[taxes.LevySum, ...] = ()
    tax_law: str = ""


@dataclass(frozen=True, slots=True)
class TaxSum:
    """What one rate comes to over all lines; levy by levy where it is several."""

    code: str
    label: str
    rate_bps: int
    net_minor: int
    tax_minor: int
    levies: tuple[taxes.LevySum, ...] = ()
    law: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """All sums of a document. net + tax = total, and each is the sum over its lines."""

    currency: str
    lines: tuple[ReckonedLine, ...]
    discount_minor: int
    net_minor: int
    tax_minor: int
    total_minor: int
    taxes: tuple[TaxSum, ...]


def reckon(
    lines: Sequence[LineInput],
    *,
    currency: str,
    tax_mode: TaxMode,
    discount: Money | int | None,
    country: str,
    on: date,
    is_vat_registered: bool,
) -> Totals:
    """The sums of a draft on its tax point. Raises what is wrong with it, at the very field."""
    check_lines(lines, currency)
    if tax_mode is not TaxMode.NONE and not is_vat_registered:
        raise errors.TaxNotRegistered(field="tax_mode")
    amounts = [line.unit_price.times(line.quantity).minor for line in lines]
    off = discount_minor(discount, sum(amounts), currency)
    shares = split(off, amounts) if off else [0] * len(amounts)
    reckoned = tuple(
        _line(line, amount, share, tax_mode, country, on, f"lines.{index}.tax_code")
        for index, (line, amount, share) in enumerate(zip(lines, amounts, shares, strict=True))
    )
    total_minor = sum(line.gross_minor for line in reckoned)
    if not 0 < total_minor <= TOTAL_MAX_MINOR:
        raise errors.TotalBad(field="lines")
    return Totals(
        currency=currency,
        lines=reckoned,
        discount_minor=off,
        net_minor=sum(line.net_minor for line in reckoned),
        tax_minor=sum(line.tax_minor for line in reckoned),
        total_minor=total_minor,
        taxes=tax_sums(reckoned),
    )


def check_lines(lines: Sequence[LineInput], currency: str) -> None:
    """Refuse what cannot stand on an invoice, naming the field."""
    if not lines:
        raise errors.LinesMissing(field="lines")
    if len(lines) > LINES_MAX:
        raise errors.LinesTooMany(str(len(lines)), field="lines")
    for index, line in enumerate(lines):
        at = f"lines.{index}"
        if not clean(line.description) or len(clean(line.description)) > DESCRIPTION_MAX:
            raise errors.DescriptionBad(field=f"{at}.description")
        if not is_quantity(line.quantity):
            raise errors.QuantityBad(str(line.quantity)[:40], field=f"{at}.quantity")
        if line.unit_price.currency != currency:
            raise errors.CurrencyBad(line.unit_price.currency, field=f"{at}.unit_price")
        if not 0 <= line.unit_price.minor <= TOTAL_MAX_MINOR:
            raise errors.PriceBad(str(line.unit_price)[:40], field=f"{at}.unit_price")


def is_quantity(quantity: Decimal) -> bool:
    """Above zero, finite, and with no more decimals than a row keeps."""
    if not isinstance(quantity, Decimal) or not quantity.is_finite():
        return False
    exponent = quantity.normalize().as_tuple().exponent
    return (
        0 < quantity <= QUANTITY_MAX and isinstance(exponent, int) and -exponent <= QUANTITY_PLACES
    )


def discount_minor(discount: Money | int | None, whole_minor: int, currency: str) -> int:
    """What is taken off the whole: an amount, or basis points of it. Never all of it, never below zero."""
    if discount is None:
        return 0
    if isinstance(discount, Money):
        if discount.currency != currency:
            raise errors.CurrencyBad(discount.currency, field="discount")
        off = discount.minor
    elif not 0 <= discount < 10_000:
        raise errors.DiscountBad(str(discount), field="discount")
    else:
        off = half_up(whole_minor * discount, 10_000)
    if not 0 <= off < max(whole_minor, 1):
        raise errors.DiscountBad(field="discount")
    return off


def _line(
    line: LineInput,
    amount_minor: int,
    discount_part_minor: int,
    tax_mode: TaxMode,
    country: str,
    on: date,
    field: str,
) -> ReckonedLine:
    rate = taxes.NO_TAX
    if tax_mode is not TaxMode.NONE:
        try:
            rate = taxes.rate(country, line.tax_code or taxes.STANDARD, on)
        except errors.TaxCodeUnknown as error:
            raise errors.TaxCodeUnknown(error.detail, field=field) from None
    after_minor = amount_minor - discount_part_minor
    if tax_mode is TaxMode.INCLUSIVE:
        tax_minor = taxes.tax_within(rate, after_minor)
        net_minor = after_minor - tax_minor
    else:
        net_minor = after_minor
        tax_minor = taxes.tax_on(rate, net_minor)
    return ReckonedLine(
        description=clean(line.description),
        quantity=line.quantity,
        unit_price_minor=line.unit_price.minor,
        tax_code=rate.code,
        tax_label=rate.label,
        tax_rate_bps=rate.rate_bps,
        amount_minor=amount_minor,
        discount_minor=discount_part_minor,
        net_minor=net_minor,
        tax_minor=tax_minor,
        gross_minor=net_minor + tax_minor,
        levies=taxes.parts_of(rate, net_minor, tax_minor),
        tax_law=rate.law,
    )


def tax_sums(lines: Sequence[ReckonedLine]) -> tuple[TaxSum, ...]:
    """One sum per rate, in the order the lines first name it. Lines without any tax make none."""
    sums: dict[tuple[str, int], TaxSum] = {}
    for line in lines:
        if line.tax_code == taxes.NONE:
            continue
        key = (line.tax_code, line.tax_rate_bps)
        so_far = sums.get(key, TaxSum(line.tax_code, line.tax_label, line.tax_rate_bps, 0, 0))
        sums[key] = TaxSum(
            so_far.code,
            so_far.label,
            so_far.rate_bps,
            so_far.net_minor + line.net_minor,
            so_far.tax_minor + line.tax_minor,
            _levies_together(so_far.levies, line.levies),
            line.tax_law,
        )
    return tuple(sums.values())


def _levies_together(
    so_far: tuple[taxes.LevySum, ...], more: tuple[taxes.LevySum, ...]
) -> tuple[taxes.LevySum, ...]:
    if not so_far:
        return more
    return tuple(
        replace(
            one,
            base_minor=one.base_minor + other.base_minor,
            tax_minor=one.tax_minor + other.tax_minor,
        )
        for one, other in zip(so_far, more, strict=True)
    )


def clean(text: str) -> str:
    """One line of text: spaces folded, letters that are not seen taken out, and marks that would turn other words around."""
    seen = "".join(" " if letter.isspace() else letter for letter in text)
    kept = "".join(
        letter
        for letter in seen
        if unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _TURNING
    )
    return " ".join(kept.split())


_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
