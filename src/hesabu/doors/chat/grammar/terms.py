"""The terms of an invoice: its due day, tax, discount and stated total, each cut out where it is said.

What is cut out leaves a gap, so that the words around it stay apart. A day that is no due day
("cleaning on Friday", "rent for 30 Nov") stays in the description, and its numbers are no longer money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import amount_problem
from hesabu.doors.chat.grammar.countries import Currency
from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.days import UNCLEAR as DATE_UNCLEAR
from hesabu.doors.chat.grammar.days import Day
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import Kind, Token, span, words_of
from hesabu.doors.chat.grammar.types import Discount, Problem, Tax, TaxMode

PERCENT_UNCLEAR = "percent_unclear"
DISCOUNT_UNCLEAR = "discount_unclear"
TAX_UNCLEAR = "tax_unclear"
_NUMBERS = {Kind.NUMBER, Kind.BAD}
_ENDS = {Kind.COMMA, Kind.BREAK}


@dataclass
class Terms:
    """What was cut out so far, and what is left."""

    text: str
    language: Language
    currency: Currency
    today: date
    tokens: list[Token]
    due_on: date | None = None
    tax: Tax | None = None
    discount: Discount | None = None
    discount_said: str = ""
    total: Token | None = None
    email: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def cut(self, start: int, stop: int) -> None:
        for at in range(start, stop):
            self.tokens[at] = self.tokens[at].becoming(Kind.GAP)

    def object_to(self, code: str, start: int, stop: int) -> None:
        self.problems.append(Problem(code, span(self.text, self.tokens[start:stop])))


def cut_terms(terms: Terms) -> Terms:
    """Everything that is not who, what and how much."""
    _cut_emails(terms)
    _cut_tax(terms)
    _cut_due(terms)
    _cut_discounts(terms)
    _cut_total(terms)
    return terms


def _cut_emails(terms: Terms) -> None:
    for at, token in enumerate(terms.tokens):
        if token.kind is Kind.EMAIL:
            terms.email = terms.email or token.low
            terms.cut(at, at + 1)


# --- days ------------------------------------------------------------------------------------------


def _cut_due(terms: Terms) -> None:
    at = 0
    has_amount = False
    words = words_of(terms.tokens)
    while at < len(terms.tokens):
        token = terms.tokens[at]
        lead = None if token.kind is Kind.GAP else terms.language.due_leads.at(words, at)
        if lead is not None and (taken := _led_day(terms, at, lead[0])):
            at += taken
            continue
        if token.kind in _NUMBERS and token.is_marked:
            has_amount = True
        day = (
            None if token.kind in _ENDS else read_day(terms.tokens, at, terms.today, terms.language)
        )
        if day is None or (day.is_named and not _is_unnamed(terms, at)):
            has_amount = has_amount or token.kind in _NUMBERS
            at += 1
            continue
        if _stands_alone(terms, at, day):
            _take_day(terms, at, at + day.length, day)
            at += day.length
        elif has_amount or not _is_in_a_name(terms, at):
            _keep_as_words(terms, at, day.length)
            at += day.length
        else:
            at += 1


def _led_day(terms: Terms, at: int, lead: int) -> int:
    """The day after "due"; how many tokens it took, 0 if "due" was no such word."""
    day = read_day(terms.tokens, at + lead, terms.today, terms.language, is_led=True)
    if day is not None:
        _take_day(terms, at, at + lead + day.length, day)
        return lead + day.length
    token = terms.tokens[at]
    if token.low not in terms.language.due_words or token.is_capitalised:
        return 0
    stop = at + lead
    while stop < len(terms.tokens) and stop < at + lead + 3:
        if terms.tokens[stop].kind in _ENDS or terms.tokens[stop].kind in {Kind.PHONE, Kind.GAP}:
            break
        if terms.tokens[stop].low in terms.language.for_words:
            break
        stop += 1
    following = terms.tokens[at + lead : stop]
    if not following or _is_money(following[0]):
        return 0
    terms.object_to(DATE_UNCLEAR, at, stop)
    terms.cut(at, stop)
    return stop - at


def _is_money(token: Token) -> bool:
    return token.kind in _NUMBERS and (
        token.is_marked or token.value is None or abs(token.value) >= 100
    )


def _take_day(terms: Terms, start: int, stop: int, day: Day) -> None:
    if day.problem is not None:
        terms.object_to(day.problem, start, stop)
    elif terms.due_on not in {None, day.on}:
        terms.object_to(DATE_UNCLEAR, start, stop)
    else:
        terms.due_on = day.on
    terms.cut(start, stop)


def _is_unnamed(terms: Terms, at: int) -> bool:
    """A lone weekday counts only where no name can be: after an amount, a comma, something cut out."""
    return at > 0 and terms.tokens[at - 1].kind in _ENDS | _NUMBERS | {Kind.GAP, Kind.PHONE}


def _stands_alone(terms: Terms, at: int, day: Day) -> bool:
    """A day without "due" is the due day if it ends the message or its part of it, and is not
    the tail of a description: "5000, 30 Nov"; "logo 5000 in 7 days"; not "rent for 30 Nov".
    """
    if at == 0:
        return False
    stop = at + day.length
    following = terms.tokens[stop] if stop < len(terms.tokens) else None
    is_end = following is None or following.kind in _ENDS | {Kind.GAP, Kind.PHONE}
    if following is not None and not is_end and not _is_courtesy(terms, stop):
        return False
    before = terms.tokens[at - 1]
    if before.kind in _ENDS | _NUMBERS | {Kind.GAP, Kind.PHONE}:
        return True
    return day.is_soft and before.low not in terms.language.for_words | terms.language.of_words


def _is_courtesy(terms: Terms, at: int) -> bool:
    rest = terms.tokens[at : at + 8]
    return all(t.low in terms.language.polite_lines or t.low in ".!" for t in rest)


def _is_in_a_name(terms: Terms, at: int) -> bool:
    """Before the first amount a month may be a person: "June 15 bags at 500"."""
    return terms.tokens[at].low in terms.language.months or terms.tokens[at].kind in _NUMBERS


def _keep_as_words(terms: Terms, at: int, length: int) -> None:
    for place in range(at, at + length):
        if terms.tokens[place].kind in _NUMBERS:
            terms.tokens[place] = terms.tokens[place].becoming(Kind.WORD)


# --- tax -------------------------------------------------------------------------------------------


def _cut_tax(terms: Terms) -> None:
    tokens = terms.tokens
    places = [i for i, t in enumerate(tokens) if t.low != "."]
    words = [_tax_word(tokens[i]) for i in places]
    found: list[tuple[int, int, TaxMode | None, Decimal | None]] = []
    at = 0
    while at < len(words):
        phrase = terms.language.tax_phrases.at(words, at)
        if phrase is None or _is_a_name(tokens, places[at], phrase[0]):
            at += 1
            continue
        start, stop = places[at], places[at + phrase[0] - 1] + 1
        rates = [t.value for t in tokens[start:stop] if t.kind is Kind.PERCENT and t.value]
        found.append((start, stop, phrase[1], rates[0] if rates else None))
        at += phrase[0]
    for start, stop, mode, percent in found:
        known = terms.tax is not None and mode is not None and terms.tax.mode is not mode
        if mode is None or known or (percent is not None and not 0 < percent <= 100):
            terms.object_to(TAX_UNCLEAR, start, stop)
        else:
            terms.tax = Tax(mode, percent)
        terms.cut(start, stop)


def _tax_word(token: Token) -> str:
    if token.kind is Kind.PERCENT and token.value != 0:
        return "%"
    return "\0" if token.kind is Kind.GAP else token.low


def _is_a_name(tokens: Sequence[Token], at: int, length: int) -> bool:
    """ "VAT Exempt Advisers Ltd": every word a capital, and another name goes on behind."""
    phrase, following = tokens[at : at + length], tokens[at + length : at + length + 1]
    return (
        at == 0
        and bool(following)
        and following[0].kind is Kind.WORD
        and following[0].is_capitalised
        and all(t.is_capitalised for t in phrase)
    )


# --- discount, total -------------------------------------------------------------------------------


def _cut_discounts(terms: Terms) -> None:
    at = 0
    while at < len(terms.tokens):
        found = _discount_at(terms, at)
        if found is None:
            at += 1
            continue
        number, stop = found
        take_discount(terms, terms.tokens[number], at, stop)
        terms.cut(at, stop)
        at = stop
    for place, token in enumerate(terms.tokens):
        if token.kind is Kind.PERCENT:
            following = terms.tokens[place + 1 : place + 2]
            is_share = bool(following) and following[0].low in terms.language.of_words
            if following and following[0].kind is Kind.WORD and not is_share:
                terms.tokens[place] = token.becoming(Kind.WORD)
            else:
                terms.object_to(PERCENT_UNCLEAR, place, place + 1)
                terms.cut(place, place + 1)


def _discount_at(terms: Terms, at: int) -> tuple[int, int] | None:
    """Where the number of a discount stands, and where it ends."""
    tokens, language = terms.tokens, terms.language
    if tokens[at].kind is Kind.GAP:
        return None
    words = words_of(tokens[at : at + 8])
    lead = language.discount_before.at(words, 0)
    number = at + (lead[0] if lead else 0)
    while (
        lead
        and number < len(tokens)
        and (tokens[number].low in {":", "=", "-"} | language.is_words | language.article_words)
    ):
        number += 1
    if number >= len(tokens) or tokens[number].kind not in _NUMBERS | {Kind.PERCENT}:
        return None
    after = language.discount_after.at(words_of(tokens[number + 1 : number + 6]), 0)
    if after and _kind(tokens, number + 1 + after[0]) in _NUMBERS | {Kind.PERCENT}:
        after = None  # "10% less 5%": the second word leads the next one
    stop = number + 1 + (after[0] if after else 0)
    if lead and (after or lead[1]):
        return number, stop
    if after is None:
        return None
    follows_word = stop < len(tokens) and tokens[stop].kind is Kind.WORD
    if tokens[number].kind is not Kind.PERCENT and follows_word:
        return None  # "500 discount cards"
    return number, stop


def _kind(tokens: Sequence[Token], at: int) -> Kind | None:
    return tokens[at].kind if at < len(tokens) else None


def take_discount(terms: Terms, token: Token, start: int, stop: int) -> None:
    terms.discount_said = terms.discount_said or span(terms.text, terms.tokens[start:stop])
    if terms.discount is not None:
        terms.object_to(DISCOUNT_UNCLEAR, start, stop)
    elif token.kind is Kind.PERCENT:
        percent = token.value or Decimal(0)
        if 0 < percent < 100 and percent == round(percent, 4):
            terms.discount = Discount(percent=percent)
        else:
            terms.object_to("discount_out_of_range", start, stop)
    elif problem := amount_problem(token, terms.currency):
        terms.problems.append(Problem(problem, token.text))
        terms.discount = None
    else:
        terms.discount = Discount(amount=token.value)


def _cut_total(terms: Terms) -> None:
    """A total said beside other amounts is checked against them; alone it is simply the amount."""
    words = words_of(terms.tokens)
    numbers = sum(t.kind in _NUMBERS for t in terms.tokens)
    for at, token in enumerate(terms.tokens):
        if token.kind is Kind.GAP:
            continue
        phrase = terms.language.total_phrases.at(words, at)
        if phrase is None:
            continue
        length = phrase[0]
        number = at + length
        while number < min(len(words), at + 6) and (
            words[number] in {":", "="} | terms.language.is_words
        ):
            number += 1
        if number >= len(words) or terms.tokens[number].kind not in _NUMBERS:
            if at and terms.tokens[at - 1].kind in _NUMBERS:
                terms.cut(at, at + length)
            continue
        if numbers > 1 and terms.total is None:
            terms.total = terms.tokens[number]
            terms.cut(at, number + 1)
        else:
            terms.cut(at, number)
        return
