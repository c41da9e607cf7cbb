"""One asked-for thing at a time: what a person answers to "How much?" or "When is it due?".

Each returns ``(value, None)``, ``(None, problem)``, or ``(None, None)`` when the answer was to leave it out ("skip").
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import (
    QUANTITY_WRONG,
    UNCLEAR,
    UNREADABLE,
    amount_problem,
    is_count,
)
from hesabu.doors.chat.grammar.contacts import PHONE_INVALID, read_contacts
from hesabu.doors.chat.grammar.countries import COUNTRIES, country_named, currency_named
from hesabu.doors.chat.grammar.cutting import cut_terms
from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.days import UNCLEAR as DATE_UNCLEAR
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.noun_first import count_at
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.switching import spoken_as
from hesabu.doors.chat.grammar.taxes import TAX_UNCLEAR
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, clean, tokens_of, words_of
from hesabu.doors.chat.grammar.types import Intent, Problem, Tax, TaxMode

NAME_UNCLEAR = "name_unclear"
YES_OR_NO = "answer_unclear"
_SAID_MAX = 60
_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK, Kind.GAP}


def parse_money(
    text: str, currency: str = "KES", *, language: str = "en"
) -> tuple[Decimal | None, Problem | None]:
    """ "75k", "it's KES 500.50". One honest amount and nothing else."""
    text = clean(text)
    setting = _setting(_country_of(currency), language, currency=currency)
    if _is_skip(text, setting.language):
        return None, None
    tokens, _, _ = read_contacts(text, setting, has_phones=False)
    numbers = [t for t in tokens if t.kind in NUMBERS]
    others = [t for t in tokens if t.kind not in NUMBERS | _MARKS]
    if not numbers:
        return None, Problem(UNREADABLE, text[:_SAID_MAX])
    if len(numbers) > 1 or any(t.low not in setting.language.answer_fillers for t in others):
        return None, Problem(UNCLEAR, text[:_SAID_MAX])
    problem = amount_problem(numbers[0], setting.currency)
    return (None, Problem(problem, numbers[0].text)) if problem else (numbers[0].value, None)


def parse_phone(text: str, country: str = "KE") -> tuple[str | None, Problem | None]:
    """E.164. Nine bare digits are a telephone number here, since one was asked for."""
    text = clean(text)
    setting = _setting(country, "en")
    if _is_skip(text, setting.language):
        return None, None
    _, phone, problems = read_contacts(text, setting, is_phone_wanted=True)
    if phone is None or problems:
        return None, Problem(PHONE_INVALID, problems[0].at if problems else text[:_SAID_MAX])
    return phone, None


def parse_due(
    text: str, today: date, *, language: str = "en"
) -> tuple[date | None, Problem | None]:
    """ "Friday", "due in 7 days", "30/11"."""
    text = clean(text)
    words = spoken_as(language)
    if _is_skip(text, words):
        return None, None
    tokens = [t for t in tokens_of(text) if t.low not in {".", "!"}]
    lead = words.due_leads.at(words_of(tokens), 0)
    for at in ([lead[0]] if lead else []) + [0]:
        day = read_day(tokens, at, today, words, is_led=True)
        if day is not None and at + day.length >= len(tokens):
            return (None, Problem(day.problem, text[:_SAID_MAX])) if day.problem else (day.on, None)
    return None, Problem(DATE_UNCLEAR, text[:_SAID_MAX])


def parse_name(text: str, *, language: str = "en") -> tuple[str | None, Problem | None]:
    """ "it's for Jane Wanjiku" → Jane Wanjiku."""
    text = clean(text)
    words = spoken_as(language)
    if _is_skip(text, words):
        return None, None
    tokens = tokens_of(text)
    fillers = words.name_fillers | words.for_words | words.to_words
    at = 0
    while at + 1 < len(tokens) and tokens[at].low in fillers:
        at += 1
    name = tidy_name(text[tokens[at].start :], words) if tokens else None
    if name is None or sum(c.isdecimal() for c in name) > 6 or "\n" in name:
        return None, Problem(NAME_UNCLEAR, text[:_SAID_MAX])
    return name, None


def parse_quantity(text: str, *, language: str = "en") -> tuple[Decimal | None, Problem | None]:
    """ "3", "2.5 hours", "two"."""
    text = clean(text)
    setting = _setting("KE", language)
    tokens, _, _ = read_contacts(text, setting, has_phones=False)
    numbers = [t for t in tokens if t.kind in NUMBERS]
    words = setting.language
    if not numbers:
        said = [t.low for t in tokens]
        counted = count_at(said, 0, words)
        if counted is None or counted[0] != len(said):
            return None, Problem(QUANTITY_WRONG, text[:_SAID_MAX])
        return Decimal(counted[1]), None
    value = numbers[0].value
    is_plain = len(numbers) == 1 and numbers[0].kind is Kind.NUMBER and numbers[0].currency is None
    if not is_plain or value is None or not is_count(value):
        return None, Problem(QUANTITY_WRONG, text[:_SAID_MAX])
    return value, None


def parse_yes_no(text: str, *, language: str = "en") -> tuple[bool | None, Problem | None]:
    """Yes, no, a thumb; 1 and 2 as the menu numbers them."""
    text = clean(text)
    words = spoken_as(language)
    key = " ".join(t.low for t in tokens_of(text) if t.low not in {".", "!", ","}).strip()
    meaning = words.phrases.get(key)
    first = key.split(" ")[0] if key else ""
    if key in words.yes or (meaning is not None and meaning[0] is Intent.YES):
        return True, None
    if key in words.no or (meaning is not None and meaning[0] is Intent.NO):
        return False, None
    if len(key.split()) <= 3 and first in words.yes and not words.no.intersection(key.split()):
        return True, None
    if len(key.split()) <= 3 and first in words.no and not words.yes.intersection(key.split()):
        return False, None
    return None, Problem(YES_OR_NO, text[:_SAID_MAX])


def parse_tax(text: str, *, language: str = "en") -> tuple[Tax | None, Problem | None]:
    """ "plus VAT", "inclusive", "no". A bare yes says too little: inside, or on top?"""
    text = clean(text)
    setting = _setting("KE", language)
    tokens, _, _ = read_contacts(text, setting, has_phones=False)
    terms = cut_terms(Terms(text, setting.language, setting.currency, setting.today, tokens))
    if terms.tax is not None and not terms.problems:
        return terms.tax, None
    modes: set[TaxMode] = {
        setting.language.tax_words[t.low] for t in tokens if t.low in setting.language.tax_words
    }
    if len(modes) == 1 and len(tokens) <= 6 and not terms.problems:
        return Tax(modes.pop()), None
    return None, Problem(TAX_UNCLEAR, text[:_SAID_MAX])


def _setting(country: str, language: str, *, currency: str | None = None) -> Setting:
    place = country_named(country)
    return Setting(
        country=place,
        region=country.upper(),
        currency=currency_named(currency or place.currency),
        language=spoken_as(language),
        today=date(2000, 1, 1),  # never looked at: no day is read here
    )


def _country_of(currency: str) -> str:
    """Where this currency is at home, for its decimal mark."""
    return next((c.code for c in COUNTRIES.values() if c.currency == currency.upper()), "KE")


def _is_skip(text: str, language: Language) -> bool:
    meaning = language.phrases.get(text.lower().strip(" .!"))
    return meaning is not None and meaning[0] is Intent.SKIP
