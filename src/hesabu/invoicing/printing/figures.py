"""Figures, days and words of a paper, as CLDR has them for its language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from hesabu.invoicing.rules import amount_words
from hesabu.kit import phones
from hesabu.kit.countries import COUNTRIES, TAX_NAMES, Country
from hesabu.kit.money import Money, say


def place_of(snapshot: dict[str, Any]) -> Country | None:
    return COUNTRIES.get(snapshot.get("country") or "")


def language_of(snapshot: dict[str, Any]) -> str:
    return amount_words.spoken(snapshot["language"])


def day(iso: str, language: str) -> str:
    return str(format_date(date.fromisoformat(iso), format="d MMMM y", locale=language))


def amount(snapshot: dict[str, Any], minor: int) -> str:
    """Figures alone: the currency stands once, in the head of the column and before a total."""
    said = say(Money(minor, snapshot["currency"]), language_of(snapshot), code=False)
    return said.replace("-", "\u2212")


def phone(number: str, country: str | None) -> str:
    return phones.seen_from(number, country) if number.startswith("+") else number


def quantity(text: str, language: str) -> str:
    return str(format_decimal(Decimal(text), format="#,##0.######", locale=language))


def percent(bps: int, language: str) -> str:
    """ "7.5%", in French "7,5\u202f%": where the sign stands is CLDR's to say."""
    pattern = str(Locale(language).percent_formats[None].pattern).replace("0", "0.##")
    return str(format_percent(Decimal(bps) / 10_000, format=pattern, locale=language))


def tax_name(snapshot: dict[str, Any]) -> str:
    place, language = place_of(snapshot), language_of(snapshot)
    return place.tax_name_in(language) if place else TAX_NAMES.get(language, "VAT")
