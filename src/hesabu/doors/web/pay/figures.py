"""Sums and days as the reader's language writes them."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from hesabu.kit.money import Money, say


def figures(amount: Money, language: str) -> str:
    """Without the currency, which stands once beside the total; with a true minus."""
    return say(amount, language, code=False).replace("-", "\u2212")


def with_currency(amount: Money, language: str) -> str:
    return say(amount, language)


def long_day(day: date, language: str) -> str:
    """ "Friday 27 November 2026"."""
    return str(format_date(day, format="EEEE d MMMM y", locale=language))
