"""Figures, days and names, as they are spoken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hesabu.kit.money import Money, exponent, say

_LINE_MAX = 60


def spoken() -> str:
    """The language that is spoken now, as CLDR knows it."""
    try:
        return str(Locale.parse((get_language() or "en").replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


def money(amount: Money) -> str:
    """KES 75,000.00"""
    return say(amount, spoken())


def short_money(amount: Money) -> str:
    """KES 75,000: without cents where there are none."""
    said = say(amount, spoken())
    places = exponent(amount.currency)
    is_whole = places and amount.minor % 10**places == 0
    return said[: -places - 1] if is_whole else said


def figures(amount: Money) -> str:
    return say(amount, spoken(), code=False)


def day(value: date, today: date) -> str:
    """Fri 27 November, with the year where it is not this one."""
    pattern = "EEE d MMMM" if value.year == today.year else "EEE d MMMM y"
    return str(format_date(value, pattern, locale=spoken()))


_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "eng",
        "mama",
        "baba",
        "papa",
        "st",
        "saint",
        "the",
        "kwa",
        "hon",
        "rev",
        "pst",
        "sir",
    ]
)


def first_name(name: str) -> str:
    """How one speaks of somebody: Jane, but Mama Njeri and Acme Ltd whole."""
    parts = name.split()
    is_person = len(parts) in (2, 3) and all(p.isalpha() and len(p) > 2 for p in parts)
    if not is_person or parts[0].lower() in _TITLES or parts[-1].lower() in _COMPANY:
        return name
    return parts[0]


_COMPANY = frozenset(
    [
        "ltd",
        "limited",
        "plc",
        "llc",
        "inc",
        "company",
        "traders",
        "stores",
        "store",
        "shop",
        "hotel",
        "school",
        "group",
        "enterprises",
        "agency",
        "designs",
        "salon",
        "hardware",
        "supplies",
        "services",
        "academy",
        "church",
        "clinic",
        "hospital",
        "sacco",
        "bakery",
        "cafe",
        "restaurant",
    ]
)


def quantity(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_one_line(body: str) -> str:
    """As a template carries it: no line breaks, no long gaps."""
    return " ".join(body.replace("*", "").split())[:900]


def shortened(text: str, most: int = _LINE_MAX) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def in_business(business: str | None, body: str) -> str:
    """The words, under the name of the business they are about, where there are several."""
    return f"_{business}_\n{body}" if business else body


def translated(sentence: str) -> str:
    """A room's own sentence, in the reader's language."""
    return _(sentence) if sentence else ""
