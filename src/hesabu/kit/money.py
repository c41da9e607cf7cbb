"""Money: whole minor units and a currency that travels with them.

There is no float anywhere near an amount. A sum of money is an integer count of the currency's smallest unit
(`Money(7_500_000, "KES")` is 75,000 shillings); mixing currencies raises; splitting is one exact function, so that the
parts always add up to the whole. Exponents come from ISO 4217 by way of CLDR (Babel).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, format_decimal, get_currency_precision

from hesabu.kit.errors import Invalid

LARGEST_MINOR = 2**63 - 1  # what a PostgreSQL bigint holds


class BadAmount(Invalid):
    code = "money.bad_amount"
    title = "That is not an amount of money."
    hint = "Write it as 75,000 or 75000.50."


class CurrencyMismatch(Invalid):
    code = "money.currency_mismatch"
    title = "These amounts are in different currencies."
    hint = "Use one currency for all of them."


@lru_cache(maxsize=256)
def exponent(currency: str) -> int:
    """Digits after the point: 2 for KES, 0 for UGX, 3 for TND (ISO 4217)."""
    return int(get_currency_precision(currency))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount. `minor` counts the smallest unit of `currency` (cents of a shilling) and may be negative."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole: {self.minor!r}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str | Decimal | int, currency: str) -> Money:
        """Read major units ("75000.00"). Refuses more decimals than the currency has, nan, inf, exponents, and what
        overflows. Anything but text, Decimal and int is a mistake of the caller: TypeError."""
        if not (isinstance(text, str | Decimal) or type(text) is int):
            raise TypeError("an amount is text, Decimal or int")
        if isinstance(text, str) and not _PLAIN.fullmatch(text):
            raise BadAmount(detail=text[:40])
        amount = Decimal(text)
        if not amount.is_finite() or _is_too_long(amount):
            raise BadAmount(detail=str(text)[:40])
        scaled = amount.scaleb(exponent(currency))
        if scaled != scaled.to_integral_value() or abs(scaled) > LARGEST_MINOR:
            raise BadAmount(detail=str(text)[:40])
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        """Major units, with as many places as the currency has: Decimal("75000.00")."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal}"

    def times(self, factor: Decimal | int) -> Money:
        """Multiply and round half up to the minor unit, away from zero."""
        return Money(round_half_up(Decimal(self.minor) * factor), self.currency)

    def share(self, bps: int) -> Money:
        """`bps` basis points of it (16 % is 1600), rounded half up."""
        return self.times(Decimal(bps) / 10_000)

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """Split by weights without losing a cent: the largest remainders get the odd units, earlier parts first."""
        return [Money(part, self.currency) for part in split(self.minor, weights)]

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(detail=f"{self.currency}/{other.currency}")
        return other.minor


_PLAIN = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", re.ASCII)


def _is_too_long(amount: Decimal) -> bool:
    """Longer than Decimal keeps exactly, or than a bigint could hold."""
    return len(amount.as_tuple().digits) > 28 or abs(amount.adjusted()) > 18


def round_half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers that sum to `total`, in proportion to `weights` (none negative, not all zero)."""
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be non-negative and not all zero")
    sign, magnitude = (-1, -total) if total < 0 else (1, total)
    parts = [magnitude * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(magnitude * weights[i] % whole), i))
    for i in by_remainder[: magnitude - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]


def say(amount: Money, language: str = "en", *, code: bool = True) -> str:
    """For people: "KES 75,000.00" (the code first, once, digits as the language writes them)."""
    places = exponent(amount.currency)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    figures = format_decimal(amount.decimal, format=pattern, locale=language)
    return f"{amount.currency} {figures}" if code else figures


def say_local(amount: Money, language: str) -> str:
    """As CLDR writes it with the symbol of the place ("Ksh 75,000.00" in Swahili)."""
    return str(format_currency(amount.decimal, amount.currency, locale=language))
