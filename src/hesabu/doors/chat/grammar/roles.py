"""Roles: what each token of a piece is to it, words or a number, or what stands between the two.

    w words   N number   X times   @ at   E each   F for, beside a number   K "kwa" before a price, until it is known which

Brackets and dashes beside a number mean nothing; a number that belongs to its noun ("room 12") is a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.counts import count_first
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, words_of


@dataclass
class Part:
    role: str
    tokens: list[Token]

    @property
    def number(self) -> Token:
        return self.tokens[0]


def parts_of(tokens: Sequence[Token], language: Language) -> list[Part]:
    kept = _without_numbered([t for t in tokens if t.kind is not Kind.GAP], language)
    kept = count_first(_counted_in_words(kept, language), language)
    kept = _without_punctuation(kept)
    words = words_of(kept)
    parts: list[Part] = []
    at = 0
    while at < len(kept):
        each = _each_at(kept, words, at, parts, language)
        role = "E" if each else _role_at(kept, at, language, is_first=not parts)
        stop = at + (each or 1)
        if role == "w" and parts and parts[-1].role == "w":
            parts[-1].tokens.append(kept[at])
        else:
            parts.append(Part(role, kept[at:stop]))
        at = stop
    while parts and parts[0].role == "F":
        parts.pop(0)
    while parts and parts[-1].role in "F@K":
        parts.pop()
    return parts


def _each_at(
    kept: Sequence[Token],
    words: Sequence[str],
    at: int,
    parts: Sequence[Part],
    language: Language,
) -> int:
    """How many tokens from here on say "each"; 0 where none does."""
    each = language.each_phrases.at(words, at)
    if not each or not parts or kept[at].kind in NUMBERS:
        return 0
    if kept[at].low in language.price_words and _goes_on(kept, at + each[0], language):
        return 0  # "kwa siku 3" is for three days
    return each[0] if _may_be_each(parts, kept, at + each[0]) else 0


def _role_at(kept: Sequence[Token], at: int, language: Language, *, is_first: bool) -> str:
    token, follows = kept[at], kind_at(kept, at + 1) in NUMBERS
    is_beside_number = follows or kind_at(kept, at - 1) in NUMBERS
    if token.kind in NUMBERS:
        return "N"
    if token.low in language.times_words and is_beside_number:
        return "X"
    if token.low in language.count_leads and follows:
        return "X"
    if token.low in language.price_words and follows and not _is_measured(kept, at + 1, language):
        return "K"
    if token.low in language.at_words and follows:
        return "@"
    if token.low in language.for_words and (is_beside_number or is_first):
        return "F"
    return "w"


def _goes_on(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """Does a number, or what it is of, follow what looked like "each"?"""
    is_of = at < len(tokens) and tokens[at].low in language.behind_count
    return is_of or kind_at(tokens, at) in NUMBERS


def _is_measured(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """ "kwa siku 3", by now "kwa 3 siku", is for three days, not at a price of three."""
    is_unit = at + 1 < len(tokens) and tokens[at + 1].low in language.led_units
    return is_unit and not is_price_like(tokens[at])


def priced(parts: list[Part]) -> list[Part]:
    """ "kwa" before a price says each's price beside "kila moja" or no count; else each or together is asked."""
    if all(part.role != "K" for part in parts):
        return parts
    roles = [part.role for part in parts]
    if not {"E", "X"} & {*roles} and roles.count("N") > 1:
        return [part for part in parts if part.role != "K"]
    return [replace(part, role="@") if part.role == "K" else part for part in parts]


_PUNCTUATION = frozenset("-:=.•·●|~_?!()[]\"'")


def _without_punctuation(tokens: list[Token]) -> list[Token]:
    """Brackets, dashes and colons beside a number, or at either end, mean nothing."""
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        is_edge = not kept or at + 1 == len(tokens)
        is_beside_number = kind_at(tokens, at + 1) in NUMBERS or (
            bool(kept) and kept[-1].kind in NUMBERS
        )
        if (
            token.kind is not Kind.MARK
            or token.low not in _PUNCTUATION | {"*"}
            or (token.low == "*" and kept)
            or (not is_edge and not is_beside_number)
        ):
            kept.append(token)
    return kept


def kind_at(tokens: Sequence[Token], at: int) -> Kind | None:
    return tokens[at].kind if 0 <= at < len(tokens) else None


def _may_be_each(parts: Sequence[Part], tokens: Sequence[Token], stop: int) -> bool:
    return parts[-1].role == "N" or kind_at(tokens, stop) in NUMBERS or stop >= len(tokens)


def _without_numbered(tokens: list[Token], language: Language) -> list[Token]:
    """ "room 12", "November 2026": numbers that belong to their noun are words."""
    read = list(tokens)
    for at in range(1, len(read)):
        token, before = read[at], read[at - 1]
        if token.kind is not Kind.NUMBER or token.is_marked or before.kind is not Kind.WORD:
            continue
        is_year = token.text.isdecimal() and re.fullmatch(r"(?:19|20)\d\d", token.text)
        if (before.low in language.numbered and len(token.text) <= 4) or (
            is_year and before.low in language.months
        ):
            read[at] = token.becoming(Kind.WORD)
    return read


def _counted_in_words(tokens: list[Token], language: Language) -> list[Token]:
    """ "two bags at 500": a number word in front of a noun counts."""
    if len(tokens) < 2 or tokens[0].kind is not Kind.WORD or tokens[1].kind is not Kind.WORD:
        return tokens
    count = language.small_numbers.get(tokens[0].low) or language.tens.get(tokens[0].low)
    if count is None or tokens[0].low in language.behind_numbers:
        return tokens
    return [replace(tokens[0], kind=Kind.NUMBER, value=Decimal(count)), *tokens[1:]]


def all_words(parts: Sequence[Part]) -> list[Token]:
    return [token for part in parts for token in part.tokens]


def words_in(parts: Sequence[Part]) -> list[Token]:
    return [token for part in parts if part.role == "w" for token in part.tokens]


def numbers_in(parts: Sequence[Part]) -> list[Token]:
    return [part.number for part in parts if part.role == "N"]


def is_count(token: Token) -> bool:
    """A bare number, not marked as money."""
    return (
        token.kind is Kind.NUMBER and token.currency is None and not token.is_marked
    ) or is_fraction(token)


def is_fraction(token: Token) -> bool:
    """2.5 hours"""
    return (
        token.kind is Kind.NUMBER
        and token.currency is None
        and bool(re.fullmatch(r"\d{1,3}\.\d{1,2}", token.text))
    )
