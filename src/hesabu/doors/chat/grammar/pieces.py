"""One piece of an invoice: what it is, how many, and for how much.

The tokens of a piece are reduced to a short string of roles, and the string is compared with a table of shapes::

    "3 bags at 850 each"   →   N w @ N E     →   3 × 850, bags
    "logo design 75,000"   →   w N           →   1 × 75,000, logo design
    "3 bags 850"           →   N w N         →   each, or together? asked

    w words   N number   X times   @ at   E each   F for, beside a number

A shape that is not in the table is not understood, and says so. Nothing here adds up what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import COUNT_BELOW, is_price_like
from hesabu.doors.chat.grammar.amounts import UNCLEAR as AMOUNT_UNCLEAR
from hesabu.doors.chat.grammar.counts import count_first
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import Kind, Token, words_of

PRICE_UNCLEAR = "price_unclear"
QUANTITY_MISSING = "quantity_missing"
LINES_UNCLEAR = "lines_unclear"
TOTAL_MISMATCH = "total_mismatch"

_NUMBERS = {Kind.NUMBER, Kind.BAD}
_ROLES_MAX = 40
_PRICE_LEAST = 10
"""A bare number below this behind a noun may be how many of it."""


@dataclass
class Draft:
    """A line in the making."""

    words: list[Token] = field(default_factory=list)
    quantity: Token | None = None
    price: Token | None = None
    total: Token | None = None
    """Said for all of them together, to be compared with quantity × price."""
    problem: str | None = None
    is_item: bool = False
    """A thing that is sold, without a price: its own line."""
    is_for: bool = False
    """ "5000 for ...": what follows is free text."""

    @property
    def is_words_only(self) -> bool:
        return not (self.quantity or self.price or self.problem or self.is_item)


@dataclass
class _Part:
    role: str
    tokens: list[Token]

    @property
    def number(self) -> Token:
        return self.tokens[0]


def read_piece(tokens: Sequence[Token], language: Language) -> Draft:
    if (listed := _item_price_count(tokens)) is not None:
        return listed
    parts = _priced(parts_of(tokens, language))
    shape = "".join(part.role for part in parts)
    if len(shape) > _ROLES_MAX:
        return Draft(_all_words(parts), problem=LINES_UNCLEAR if "N" in shape else None)
    if free := _FREE_TEXT.match(shape):
        return _priced_text(parts, free.end() - 2, language)
    for pattern, read in _SHAPES:
        if pattern.fullmatch(shape):
            return read(parts, language)
    if "N" not in shape:
        return Draft(_all_words(parts))
    return Draft(_all_words(parts), problem=LINES_UNCLEAR)


# --- roles -----------------------------------------------------------------------------------------


def parts_of(tokens: Sequence[Token], language: Language) -> list[_Part]:
    kept = _without_numbered([t for t in tokens if t.kind is not Kind.GAP], language)
    kept = count_first(_counted_in_words(kept, language), language)
    kept = _without_punctuation(kept)
    words = words_of(kept)
    parts: list[_Part] = []
    at = 0
    while at < len(kept):
        token = kept[at]
        each = language.each_phrases.at(words, at)
        if each and token.low in language.price_words and _goes_on(kept, at + each[0], language):
            each = None  # "kwa siku 3" is for three days
        is_beside_number = kind_at(kept, at + 1) in _NUMBERS or kind_at(kept, at - 1) in _NUMBERS
        if token.kind in _NUMBERS:
            parts.append(_Part("N", [token]))
        elif each and parts and _may_be_each(parts, kept, at + each[0]):
            parts.append(_Part("E", list(kept[at : at + each[0]])))
            at += each[0]
            continue
        elif (token.low in language.times_words and is_beside_number) or (
            token.low in language.count_leads and kind_at(kept, at + 1) in _NUMBERS
        ):
            parts.append(_Part("X", [token]))
        elif (
            token.low in language.price_words
            and kind_at(kept, at + 1) in _NUMBERS
            and not _is_measured(kept, at + 1, language)
        ):
            parts.append(_Part("K", [token]))
        elif token.low in language.at_words and kind_at(kept, at + 1) in _NUMBERS:
            parts.append(_Part("@", [token]))
        elif token.low in language.for_words and (is_beside_number or not parts):
            parts.append(_Part("F", [token]))
        elif parts and parts[-1].role == "w":
            parts[-1].tokens.append(token)
        else:
            parts.append(_Part("w", [token]))
        at += 1
    while parts and parts[0].role == "F":
        parts.pop(0)
    while parts and parts[-1].role in "F@K":
        parts.pop()
    return parts


def _goes_on(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """Does a number, or what it is of, follow what looked like "each"?"""
    is_of = at < len(tokens) and tokens[at].low in language.behind_count
    return is_of or kind_at(tokens, at) in _NUMBERS


def _is_measured(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """ "kwa siku 3", by now "kwa 3 siku", is for three days, not at a price of three."""
    is_unit = at + 1 < len(tokens) and tokens[at + 1].low in language.led_units
    return is_unit and not is_price_like(tokens[at])


def _priced(parts: list[_Part]) -> list[_Part]:
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
        is_beside_number = kind_at(tokens, at + 1) in _NUMBERS or (
            bool(kept) and kept[-1].kind in _NUMBERS
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


def _may_be_each(parts: Sequence[_Part], tokens: Sequence[Token], stop: int) -> bool:
    return parts[-1].role == "N" or kind_at(tokens, stop) in _NUMBERS or stop >= len(tokens)


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


def _all_words(parts: Sequence[_Part]) -> list[Token]:
    return [token for part in parts for token in part.tokens]


def _words(parts: Sequence[_Part]) -> list[Token]:
    return [token for part in parts if part.role == "w" for token in part.tokens]


def _numbers(parts: Sequence[_Part]) -> list[Token]:
    return [part.number for part in parts if part.role == "N"]


def _is_count(token: Token) -> bool:
    """A bare number, not marked as money."""
    return (
        token.kind is Kind.NUMBER and token.currency is None and not token.is_marked
    ) or _is_fraction(token)


def _is_fraction(token: Token) -> bool:
    """2.5 hours"""
    return (
        token.kind is Kind.NUMBER
        and token.currency is None
        and bool(re.fullmatch(r"\d{1,3}\.\d{1,2}", token.text))
    )


# --- shapes ----------------------------------------------------------------------------------------


def _priced_text(parts: list[_Part], number: int, language: Language) -> Draft:
    """ "5000 for 3 bags": what follows is text, unless it says a sum of its own, which must agree."""
    price, after = parts[number].number, parts[number + 2 :]
    inner = "".join(part.role for part in after)
    if not is_price_like(price) and inner.startswith("N"):
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)  # "2 for 500"
    after_words = _all_words(after)
    words = _words(parts[:number]) + after_words
    if re.search(r"[X@E]", inner):
        told = read_piece(_all_words(after), language)
        if told.problem is None and told.quantity is not None and told.price is not None:
            told.total = price
            told.words = _words(parts[:number]) + told.words
            return told
    if any(_is_money(after_words, at, language) for at in range(len(after_words))):
        return Draft(_all_words(parts), problem=LINES_UNCLEAR)
    return Draft(words, price=price, is_for=True)


def _is_money(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """A second sum of money inside what should be text. "3,000 litres" is none."""
    token = tokens[at]
    if token.kind is Kind.BAD:
        return True
    if token.kind is not Kind.NUMBER or not token.is_marked:
        return token.kind is Kind.NUMBER and (token.value or 0) <= 0
    is_measure = at + 1 < len(tokens) and tokens[at + 1].low in language.units
    return token.currency is not None or not (is_measure or _is_fraction(token))


def _multiplied(parts: list[_Part], language: Language) -> Draft:
    """ "2 x 1,500": the smaller bare number is the count; the product is the same either way."""
    first, second = _numbers(parts)
    if not _is_count(first) and not _is_count(second):
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)
    is_turned = not _is_count(first) or (
        _is_count(second)
        and second.text.isdecimal()
        and (second.value or 0) < COUNT_BELOW <= (first.value or 0)
    )
    count, price = (second, first) if is_turned else (first, second)
    return Draft(_words(parts), quantity=count, price=price)


def _counted(parts: list[_Part], language: Language) -> Draft:
    """ "3 bags at 850", "5 chairs 1200 each"."""
    count, price = _numbers(parts)
    if not _is_count(count):
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)
    return Draft(_words(parts), quantity=count, price=price)


def _price_first(parts: list[_Part], language: Language) -> Draft:
    """ "1200 each for 5 chairs"."""
    price, count = _numbers(parts)
    if not _is_count(count):
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)
    return Draft(_words(parts), quantity=count, price=price)


def _noun_counted(parts: list[_Part], language: Language) -> Draft:
    """ "bags 3 @ 850" is a count, "room twelve at 5000" is not: only the sign @ or "each" tells."""
    is_told = any(p.role == "E" or (p.role == "@" and p.number.text == "@") for p in parts)
    if is_told:
        return _counted(parts, language)
    return Draft(_all_words(parts), problem=PRICE_UNCLEAR)


def _noun_measured(parts: list[_Part], language: Language) -> Draft:
    """ "consulting 2 hours at 2500": what, then how much of it."""
    count, price = _numbers(parts)
    unit = parts[2].tokens
    if not _is_count(count) or len(unit) != 1 or unit[0].low not in language.units:
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)
    return Draft([*unit, *parts[0].tokens], quantity=count, price=price)


def _only_count(parts: list[_Part], language: Language) -> Draft:
    """ "3x wig", "wig x 3": its price may be known by its name."""
    count = _numbers(parts)[0]
    if not _is_count(count):
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)
    return Draft(_words(parts), quantity=count)


def _number_then_words(parts: list[_Part], language: Language) -> Draft:
    number, words = _numbers(parts)[0], _words(parts)
    if _is_cut_short(number, words[0], language):
        return Draft(_all_words(parts), problem=AMOUNT_UNCLEAR)
    if _is_count(number) and (words[0].low in language.units or not is_price_like(number)):
        return Draft(words, quantity=number)
    return Draft(words, price=number)


def _single(parts: list[_Part], language: Language) -> Draft:
    """ "chai 50"; but "wigi 3" is a count to whoever puts counts behind, and 3 is hardly a price."""
    number, words = _numbers(parts)[0], _words(parts)
    is_noun_first = [part.role for part in parts] == ["w", "N"]
    if is_noun_first and _is_count(number) and 0 < value_of(number) < _PRICE_LEAST:
        return Draft(words, quantity=number, problem=PRICE_UNCLEAR)
    return Draft(words, price=number)


def _words_around(parts: list[_Part], language: Language) -> Draft:
    """ "iPhone 13 screen" holds no price; "logo 5000 design" does."""
    number = _numbers(parts)[0]
    if _is_cut_short(number, parts[-1].tokens[0], language):
        return Draft(_all_words(parts), problem=AMOUNT_UNCLEAR)
    if not is_price_like(number):
        return Draft(_all_words(parts))
    return Draft(_words(parts), price=number)


def _is_cut_short(number: Token, following: Token, language: Language) -> bool:
    """ "1.5 m for a car": a million and a half, or metres?"""
    return (
        number.kind is Kind.NUMBER
        and number.currency is None
        and following.low in language.suffixes
        and following.low not in language.units
    )


def _each_without_count(parts: list[_Part], language: Language) -> Draft:
    return Draft(_words(parts), price=_numbers(parts)[0], problem=QUANTITY_MISSING)


def _each_or_together(parts: list[_Part], language: Language) -> Draft:
    """ "3 bags 850"; only of one bag is it the same."""
    count, price = _numbers(parts)
    if not _is_count(count):
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)
    if count.value == 1:
        return Draft(_words(parts), price=price)
    return Draft(_all_words(parts), quantity=count, problem=PRICE_UNCLEAR)


def _together(parts: list[_Part], language: Language) -> Draft:
    """ "3 bags for 2550": the price of all of them."""
    count, price = _numbers(parts)
    if not _is_count(count) or not is_price_like(price):
        return Draft(_all_words(parts), problem=PRICE_UNCLEAR)
    return Draft([count, *_words(parts)], price=price)


def _named_with_number(parts: list[_Part], language: Language) -> Draft:
    """ "iPhone 13 75,000": one number belongs to the noun if the other is plainly the money."""
    first, second = _numbers(parts)
    if _is_count(first) and not is_price_like(first) and second.is_marked:
        words = [t for p in parts for t in p.tokens if p.role == "w" or t is first]
        return Draft(words, price=second)
    return Draft(_all_words(parts), problem=PRICE_UNCLEAR)


def _undecided(parts: list[_Part], language: Language) -> Draft:
    return Draft(_all_words(parts), problem=PRICE_UNCLEAR)


def _item_price_count(tokens: Sequence[Token]) -> Draft | None:
    """ "Logo - 5000 - 2": item, price, count, with a dash between."""
    kept = [t for t in tokens if t.kind is not Kind.GAP]
    if len(kept) < 5 or [t.low for t in (kept[-2], kept[-4])] != ["-", "-"]:
        return None
    price, count, words = kept[-3], kept[-1], kept[:-4]
    if price.kind not in _NUMBERS or not _is_count(count) or not is_price_like(price):
        return None
    if any(t.kind is not Kind.WORD for t in words):
        return None
    return Draft(words, quantity=count, price=price)


_FREE_TEXT = re.compile(r"w?NF")
_SHAPES: tuple[tuple[re.Pattern[str], Callable[[list[_Part], Language], Draft]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"N", _single),
        (r"w?@?N", _single),
        (r"@?Nw", _number_then_words),
        (r"wF@?N", _single),
        (r"w@?Nw", _words_around),
        (r"w?NXN(F?w)?", _multiplied),
        (r"NXw@?NE?", _multiplied),
        (r"NXwE@?N", _multiplied),
        (r"NwX@?NE?", _multiplied),
        (r"NXw|XNw|wXN|wNX", _only_count),
        (r"Nw?@NE?(F?w)?", _counted),
        (r"Nw?NE", _counted),
        (r"Nw?E@?N", _counted),
        (r"w?N@NE?", _noun_counted),
        (r"wXN@NE?", _counted),
        (r"XNw?@NE?", _counted),
        (r"wNw@NE?", _noun_measured),
        (r"@?NEF?Nw", _price_first),
        (r"w?@?NE(F?w)?|wE@?N", _each_without_count),
        (r"NwN", _each_or_together),
        (r"NwFN", _together),
        (r"wNw?N", _named_with_number),
        (r"NNw?|NwNw|wNN", _undecided),
    )
)


def value_of(token: Token | None) -> Decimal:
    return Decimal(1) if token is None or token.value is None else token.value
