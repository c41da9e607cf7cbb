"""Counts behind their noun, as Swahili puts them, brought in front of it: "mifuko 3 ya saruji" → 3 mifuko ya saruji.

What is counted is then read like everywhere else. A number behind a noun is a count only where the words say so: a
measure before it ("kilo 2"), what it is of ("3 ya saruji"), a price of it ("3 kwa 850"), or a count in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.noun_first import count_at
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, words_of


def count_first(tokens: list[Token], language: Language) -> list[Token]:
    """The tokens of a piece, with the count of its noun in front of the noun."""
    if not language.behind_numbers:
        return tokens
    read = _in_digits(tokens, language)
    if any(token.kind is Kind.NUMBER and not is_price_like(token) for token in read[:1]):
        return read
    for at in range(1, len(read)):
        if read[at].kind is Kind.NUMBER and _is_count_behind(read, at, language):
            return _turned(read, at, language)
    return read


def _in_digits(tokens: list[Token], language: Language) -> list[Token]:
    """mifuko mitatu → mifuko 3, mayai kumi na mbili → mayai 12; but not "kila moja"."""
    words = words_of(tokens)
    little = language.for_words | language.and_words | language.behind_count | language.price_words
    for at in range(1, len(tokens)):
        if words[at] not in language.behind_numbers or tokens[at - 1].kind is not Kind.WORD:
            continue
        if words[at - 1] in language.numbered | little or _is_each(words, at, language):
            continue
        counted = count_at(words, at, language)
        if counted is None:
            continue
        length, value = counted
        last = tokens[at + length - 1]
        text = " ".join(t.text for t in tokens[at : at + length])
        number = replace(
            tokens[at],
            kind=Kind.NUMBER,
            value=Decimal(value),
            text=text,
            low=text.lower(),
            end=last.end,
        )
        return _turned([*tokens[:at], number, *tokens[at + length :]], at, language)
    return tokens


def _is_each(words: Sequence[str], at: int, language: Language) -> bool:
    return any(
        (found := language.each_phrases.at(words, start)) and start + found[0] > at
        for start in range(max(0, at - 2), at)
    )


def _is_count_behind(tokens: Sequence[Token], at: int, language: Language) -> bool:
    number, noun = tokens[at], tokens[at - 1]
    if noun.kind is not Kind.WORD or number.currency:
        return False
    if noun.low in language.numbered | language.count_leads:
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    behind = tokens[at + 2] if at + 2 < len(tokens) else None
    is_measure = noun.low in language.led_units
    if is_price_like(number):  # lita 3,000 za maji
        return is_measure and following is not None and following.low in language.behind_count
    if is_measure:
        return True
    if following is None or behind is None:
        return False
    is_of = following.low in language.behind_count and behind.kind is Kind.WORD
    return is_of or (following.low in language.price_words and behind.kind in NUMBERS)


def _leads_to(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """The "for" of "5000 ya mifuko 3", or an "and": what is counted begins behind it."""
    if tokens[at].low in language.and_words:
        return True
    return tokens[at].low in language.for_words and (at == 0 or tokens[at - 1].kind in NUMBERS)


def _turned(tokens: list[Token], at: int, language: Language) -> list[Token]:
    """The count goes before its measure, or before the whole of the words in front of it."""
    start = at
    while start > 0 and tokens[start - 1].kind is Kind.WORD:
        if start < at and _leads_to(tokens, start - 1, language):
            break
        start -= 1
    number, unit = tokens[at], tokens[at - 1]
    if unit.low in language.led_units and at - 1 > start:
        before = tokens[start : at - 1]
        return [*tokens[:start], number, unit, *before, *tokens[at + 1 :]]
    return [*tokens[:start], number, *tokens[start:at], *tokens[at + 1 :]]
