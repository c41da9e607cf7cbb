"""One piece of an invoice: what it is, how many, and for how much.

The tokens of a piece are reduced to a short string of roles, and the string is compared with a table of shapes::

    "3 bags at 850 each"   →   N w @ N E     →   3 × 850, bags
    "logo design 75,000"   →   w N           →   1 × 75,000, logo design
    "3 bags 850"           →   N w N         →   each, or together? asked

(What each letter is: `roles`.)

A shape that is not in the table is not understood, and says so. Nothing here adds up what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import COUNT_BELOW, is_price_like
from hesabu.doors.chat.grammar.amounts import UNCLEAR as AMOUNT_UNCLEAR
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.roles import (
    Part,
    all_words,
    is_count,
    is_fraction,
    numbers_in,
    parts_of,
    priced,
    words_in,
)
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token

PRICE_UNCLEAR = "price_unclear"
QUANTITY_MISSING = "quantity_missing"
LINES_UNCLEAR = "lines_unclear"
TOTAL_MISMATCH = "total_mismatch"

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


def read_piece(tokens: Sequence[Token], language: Language) -> Draft:
    if (listed := _item_price_count(tokens)) is not None:
        return listed
    parts = priced(parts_of(tokens, language))
    shape = "".join(part.role for part in parts)
    if len(shape) > _ROLES_MAX:
        return Draft(all_words(parts), problem=LINES_UNCLEAR if "N" in shape else None)
    if free := _FREE_TEXT.match(shape):
        return _priced_text(parts, free.end() - 2, language)
    for pattern, read in _SHAPES:
        if pattern.fullmatch(shape):
            return read(parts, language)
    if "N" not in shape:
        return Draft(all_words(parts))
    return Draft(all_words(parts), problem=LINES_UNCLEAR)


# --- shapes ----------------------------------------------------------------------------------------


def _priced_text(parts: list[Part], number: int, language: Language) -> Draft:
    """ "5000 for 3 bags": what follows is text, unless it says a sum of its own, which must agree."""
    price, after = parts[number].number, parts[number + 2 :]
    inner = "".join(part.role for part in after)
    if not is_price_like(price) and inner.startswith("N"):
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)  # "2 for 500"
    after_words = all_words(after)
    words = words_in(parts[:number]) + after_words
    if re.search(r"[X@E]", inner):
        told = read_piece(all_words(after), language)
        if told.problem is None and told.quantity is not None and told.price is not None:
            told.total = price
            told.words = words_in(parts[:number]) + told.words
            return told
    if any(_is_money(after_words, at, language) for at in range(len(after_words))):
        return Draft(all_words(parts), problem=LINES_UNCLEAR)
    return Draft(words, price=price, is_for=True)


def _is_money(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """A second sum of money inside what should be text. "3,000 litres" is none."""
    token = tokens[at]
    if token.kind is Kind.BAD:
        return True
    if token.kind is not Kind.NUMBER or not token.is_marked:
        return token.kind is Kind.NUMBER and (token.value or 0) <= 0
    is_measure = at + 1 < len(tokens) and tokens[at + 1].low in language.units
    return token.currency is not None or not (is_measure or is_fraction(token))


def _multiplied(parts: list[Part], language: Language) -> Draft:
    """ "2 x 1,500": the smaller bare number is the count; the product is the same either way."""
    first, second = numbers_in(parts)
    if not is_count(first) and not is_count(second):
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)
    is_turned = not is_count(first) or (
        is_count(second)
        and second.text.isdecimal()
        and (second.value or 0) < COUNT_BELOW <= (first.value or 0)
    )
    count, price = (second, first) if is_turned else (first, second)
    return Draft(words_in(parts), quantity=count, price=price)


def _counted(parts: list[Part], language: Language) -> Draft:
    """ "3 bags at 850", "5 chairs 1200 each"."""
    count, price = numbers_in(parts)
    if not is_count(count):
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)
    return Draft(words_in(parts), quantity=count, price=price)


def _price_first(parts: list[Part], language: Language) -> Draft:
    """ "1200 each for 5 chairs"."""
    price, count = numbers_in(parts)
    if not is_count(count):
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)
    return Draft(words_in(parts), quantity=count, price=price)


def _noun_counted(parts: list[Part], language: Language) -> Draft:
    """ "bags 3 @ 850" is a count, "room twelve at 5000" is not: only the sign @ or "each" tells."""
    is_told = any(p.role == "E" or (p.role == "@" and p.number.text == "@") for p in parts)
    if is_told:
        return _counted(parts, language)
    return Draft(all_words(parts), problem=PRICE_UNCLEAR)


def _noun_measured(parts: list[Part], language: Language) -> Draft:
    """ "consulting 2 hours at 2500": what, then how much of it."""
    count, price = numbers_in(parts)
    unit = parts[2].tokens
    if not is_count(count) or len(unit) != 1 or unit[0].low not in language.units:
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)
    return Draft([*unit, *parts[0].tokens], quantity=count, price=price)


def _only_count(parts: list[Part], language: Language) -> Draft:
    """ "3x wig", "wig x 3": its price may be known by its name."""
    count = numbers_in(parts)[0]
    if not is_count(count):
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)
    return Draft(words_in(parts), quantity=count)


def _number_then_words(parts: list[Part], language: Language) -> Draft:
    number, words = numbers_in(parts)[0], words_in(parts)
    if _is_cut_short(number, words[0], language):
        return Draft(all_words(parts), problem=AMOUNT_UNCLEAR)
    if is_count(number) and (words[0].low in language.units or not is_price_like(number)):
        return Draft(words, quantity=number)
    return Draft(words, price=number)


def _single(parts: list[Part], language: Language) -> Draft:
    """ "chai 50"; but "wigi 3" is a count to whoever puts counts behind, and 3 is hardly a price."""
    number, words = numbers_in(parts)[0], words_in(parts)
    is_noun_first = [part.role for part in parts] == ["w", "N"]
    if is_noun_first and is_count(number) and 0 < value_of(number) < _PRICE_LEAST:
        return Draft(words, quantity=number, problem=PRICE_UNCLEAR)
    return Draft(words, price=number)


def _words_around(parts: list[Part], language: Language) -> Draft:
    """ "iPhone 13 screen" holds no price; "logo 5000 design" does."""
    number = numbers_in(parts)[0]
    if _is_cut_short(number, parts[-1].tokens[0], language):
        return Draft(all_words(parts), problem=AMOUNT_UNCLEAR)
    if not is_price_like(number):
        return Draft(all_words(parts))
    return Draft(words_in(parts), price=number)


def _is_cut_short(number: Token, following: Token, language: Language) -> bool:
    """ "1.5 m for a car": a million and a half, or metres?"""
    return (
        number.kind is Kind.NUMBER
        and number.currency is None
        and following.low in language.suffixes
        and following.low not in language.units
    )


def _each_without_count(parts: list[Part], language: Language) -> Draft:
    return Draft(words_in(parts), price=numbers_in(parts)[0], problem=QUANTITY_MISSING)


def _each_or_together(parts: list[Part], language: Language) -> Draft:
    """ "3 bags 850"; only of one bag is it the same."""
    count, price = numbers_in(parts)
    if not is_count(count):
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)
    if count.value == 1:
        return Draft(words_in(parts), price=price)
    return Draft(all_words(parts), quantity=count, problem=PRICE_UNCLEAR)


def _together(parts: list[Part], language: Language) -> Draft:
    """ "3 bags for 2550": the price of all of them."""
    count, price = numbers_in(parts)
    if not is_count(count) or not is_price_like(price):
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)
    return Draft([count, *words_in(parts)], price=price)


def _named_with_number(parts: list[Part], language: Language) -> Draft:
    """ "iPhone 13 75,000": one number belongs to the noun if the other is plainly the money."""
    first, second = numbers_in(parts)
    between = parts[2].tokens[0] if parts[2].role == "w" else None
    if between is not None and between.low in language.units:
        return Draft(all_words(parts), problem=PRICE_UNCLEAR)  # "soap 12pcs 8.50": each?
    if is_count(first) and not is_price_like(first) and second.is_marked:
        words = [t for p in parts for t in p.tokens if p.role == "w" or t is first]
        return Draft(words, price=second)
    return Draft(all_words(parts), problem=PRICE_UNCLEAR)


def _undecided(parts: list[Part], language: Language) -> Draft:
    return Draft(all_words(parts), problem=PRICE_UNCLEAR)


def _item_price_count(tokens: Sequence[Token]) -> Draft | None:
    """ "Logo - 5000 - 2": item, price, count, with a dash between."""
    kept = [t for t in tokens if t.kind is not Kind.GAP]
    if len(kept) < 5 or [t.low for t in (kept[-2], kept[-4])] != ["-", "-"]:
        return None
    price, count, words = kept[-3], kept[-1], kept[:-4]
    if price.kind not in NUMBERS or not is_count(count) or not is_price_like(price):
        return None
    if any(t.kind is not Kind.WORD for t in words):
        return None
    return Draft(words, quantity=count, price=price)


_FREE_TEXT = re.compile(r"w?NF")
_SHAPES: tuple[tuple[re.Pattern[str], Callable[[list[Part], Language], Draft]], ...] = tuple(
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
        (r"wNw@NE?|wNwNE", _noun_measured),
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
