"""A message taken to pieces: by commas and lines, and by "and" or alternation where both sides have a price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.roles import kind_at, parts_of
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token


@dataclass
class Piece:
    tokens: list[Token]
    separator: str
    """What stood before it: start, comma, break, and."""


def pieces_of(tokens: Sequence[Token], language: Language) -> list[Piece]:
    """Parted by commas and lines; by "and" and by alternation only where both sides have a price."""
    pieces: list[Piece] = []
    current: list[Token] = []
    separator = "start"
    for token in tokens:
        if token.kind in {Kind.COMMA, Kind.BREAK}:
            pieces.extend(_parted(_unnumbered(current, separator), separator, language))
            current, separator = [], "comma" if token.kind is Kind.COMMA else "break"
        else:
            current.append(token)
    pieces.extend(_parted(_unnumbered(current, separator), separator, language))
    return [p for p in pieces if any(t.kind is not Kind.GAP for t in p.tokens)]


def _unnumbered(tokens: list[Token], separator: str) -> list[Token]:
    """ "2. Cards 3000" on a line of its own: the number is the list's."""
    if separator != "break" or len(tokens) < 3 or tokens[0].kind is not Kind.NUMBER:
        return tokens
    number, mark = tokens[0], tokens[1]
    is_listed = mark.low in {".", ")"} and mark.start == number.end and len(number.text) <= 2
    return tokens[2:] if is_listed and tokens[2].kind is Kind.WORD else tokens


def _parted(tokens: list[Token], separator: str, language: Language) -> list[Piece]:
    parts: list[list[Token]] = [[]]
    prices = [_is_price(tokens, at, language) for at in range(len(tokens))]
    joins = [token.low in language.and_words for token in tokens]
    has_price = has_number = False
    for at, token in enumerate(tokens):
        if joins[at] and (
            (has_price and _price_before_next_join(prices, joins, at + 1))
            or (has_number and not any(prices) and kind_at(tokens, at + 1) in NUMBERS)
        ):
            parts.append([])
            has_price = has_number = False
            continue
        has_price = has_price or prices[at]
        has_number = has_number or token.kind in NUMBERS
        parts[-1].append(token)
    pieces: list[Piece] = []
    for part in parts:
        for alternated in _alternated(part, language):
            pieces.append(Piece(alternated, "and" if pieces else separator))
    return pieces


def _is_price(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """Money by its looks, or by the words around it: "at 50", "50 each"."""
    if tokens[at].kind not in NUMBERS:
        return False
    before = tokens[at - 1].low if at else ""
    return (
        is_price_like(tokens[at])
        or before in language.at_words | language.price_words
        or language.each_phrases.at([t.low for t in tokens[at + 1 : at + 4]], 0) is not None
    )


def _price_before_next_join(prices: Sequence[bool], joins: Sequence[bool], start: int) -> bool:
    for at in range(start, len(prices)):
        if prices[at]:
            return True
        if joins[at]:
            return False
    return False


def _alternated(tokens: list[Token], language: Language) -> list[list[Token]]:
    """ "11000 design 10000 printing" and "design 11000 printing 10000" are two lines each; so are
    "5000 for rent 3000 for water". Every number must plainly be a price.
    """
    kept = [t for t in tokens if t.kind is not Kind.GAP]
    parts = parts_of(kept, language)
    shape = "".join(part.role for part in parts)
    numbers = [part.number for part in parts if part.role == "N"]
    if len(numbers) < 2 or not all(map(is_price_like, numbers)):
        return [tokens]
    pattern = next((p for p in _ALTERNATIONS if p[0].fullmatch(shape)), None)
    if pattern is None:
        return [tokens]
    size = pattern[1]
    return [
        [t for part in parts[at : at + size] for t in part.tokens]
        for at in range(0, len(parts), size)
    ]


_ALTERNATIONS = (
    (re.compile(r"(?:Nw){2,}"), 2),
    (re.compile(r"(?:wN){2,}"), 2),
    (re.compile(r"(?:NFw){2,}"), 3),
    (re.compile(r"(?:w@N){2,}"), 3),
)
