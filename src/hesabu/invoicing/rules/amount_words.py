"""An amount in words, as people write it on paper that is paid by: "Ninety-one thousand naira and fifty kobo only".

Whole sentences a language, with the names of the currency in each. A currency that has no name here is said by its code,
with its minor units as a fraction ("one hundred CHF and 50/100"), which is read everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hesabu.invoicing.rules.number_words import (
    LARGEST,
    Gender,
    counts_as_one,
    in_words,
    is_read_in,
)
from hesabu.kit.money import Money, exponent


@dataclass(frozen=True, slots=True)
class Counted:
    """What one and many of a unit are called, and the gender that its numbers follow."""

    one: str
    many: str
    gender: Gender = Gender.MASCULINE


@dataclass(frozen=True, slots=True)
class Names:
    unit: Counted
    part: Counted | None = None
    """The minor unit; None for a currency that has none."""


@dataclass(frozen=True, slots=True)
class Sentences:
    whole: str
    with_part: str


SENTENCES: Mapping[str, Sentences] = {
    "en": Sentences(
        "%(number)s %(unit)s only",
        "%(number)s %(unit)s and %(part_number)s %(part)s only",
    ),
    "fr": Sentences(
        "%(number)s %(unit)s",
        "%(number)s %(unit)s et %(part_number)s %(part)s",
    ),
    "sw": Sentences(
        "%(unit)s %(number)s tu",
        "%(unit)s %(number)s na %(part)s %(part_number)s tu",
    ),
    "mk": Sentences(
        "%(number)s %(unit)s",
        "%(number)s %(unit)s и %(part_number)s %(part)s",
    ),
    "sq": Sentences(
        "%(number)s %(unit)s",
        "%(number)s %(unit)s e %(part_number)s %(part)s",
    ),
}
FRACTIONS: Mapping[str, str] = {
    "en": "%(number)s %(unit)s and %(fraction)s only",
    "fr": "%(number)s %(unit)s et %(fraction)s",
    "sw": "%(unit)s %(number)s na %(fraction)s tu",
    "mk": "%(number)s %(unit)s и %(fraction)s",
    "sq": "%(number)s %(unit)s e %(fraction)s",
}


def _same(name: str) -> Counted:
    return Counted(name, name)


_EN_CENT = Counted("cent", "cents")
_FR_CENT = Counted("centime", "centimes")
_MK_CENT, _SQ_CENT = Counted("цент", "центи"), _same("cent")

NAMES: Mapping[str, Mapping[str, Names]] = {
    "en": {
        "EUR": Names(Counted("euro", "euros"), _EN_CENT),
        "GBP": Names(Counted("pound sterling", "pounds sterling"), Counted("penny", "pence")),
        "NGN": Names(_same("naira"), _same("kobo")),
        "TZS": Names(Counted("Tanzania shilling", "Tanzania shillings"), _EN_CENT),
        "USD": Names(Counted("US dollar", "US dollars"), _EN_CENT),
    },
    "fr": {
        "EUR": Names(Counted("euro", "euros"), _FR_CENT),
        "RWF": Names(Counted("franc rwandais", "francs rwandais")),
        "USD": Names(Counted("dollar américain", "dollars américains"), Counted("cent", "cents")),
    },
    "sw": {
        "EUR": Names(_same("yuro"), _same("senti")),
        "TZS": Names(_same("shilingi za Tanzania"), _same("senti")),
        "USD": Names(_same("dola za Marekani"), _same("senti")),
    },
    "mk": {
        "EUR": Names(_same("евро"), _MK_CENT),
        "MKD": Names(Counted("денар", "денари"), Counted("дени", "дени", Gender.NEUTER)),
        "USD": Names(Counted("американски долар", "американски долари"), _MK_CENT),
    },
    "sq": {
        "EUR": Names(_same("euro"), _SQ_CENT),
        "MKD": Names(Counted("denar", "denarë"), _same("deni")),
        "USD": Names(Counted("dollar amerikan", "dollarë amerikanë"), _SQ_CENT),
    },
}


def spoken(language: str) -> str:
    """The language that a paper is written in for a reader of this one: "sw-KE" is Swahili, and what no paper is written
    in is English."""
    base = re.split(r"[-_]", language or "en")[0].lower()
    return base if is_read_in(base) else "en"


def amount_in_words(amount: Money, language: str) -> str:
    """The amount in words, begun with a capital; "" where it cannot be said so (a language without a table, less than
    nothing, more than the tables count)."""
    per_unit: int = 10 ** exponent(amount.currency)
    whole, part = divmod(amount.minor, per_unit)
    if amount.minor < 0 or whole > LARGEST or not is_read_in(language):
        return ""
    names = NAMES[language].get(amount.currency, Names(_same(amount.currency)))
    said = {
        "number": in_words(whole, language, names.unit.gender),
        "unit": _counted(whole, names.unit, language),
    }
    if not part:
        return _begun(SENTENCES[language].whole % said)
    if names.part is None:
        fraction = f"{part:0{exponent(amount.currency)}}/{per_unit}"
        return _begun(FRACTIONS[language] % (said | {"fraction": fraction}))
    said |= {
        "part_number": in_words(part, language, names.part.gender),
        "part": _counted(part, names.part, language),
    }
    return _begun(SENTENCES[language].with_part % said)


def _counted(number: int, names: Counted, language: str) -> str:
    name = names.one if counts_as_one(number, language) else names.many
    if language == "fr" and number and not number % 1_000_000:
        # A million is a noun, and what it counts follows with "de" ("un million d'euros").
        return f"d'{name}" if name[0] in "aeiou" else f"de {name}"
    return name


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
