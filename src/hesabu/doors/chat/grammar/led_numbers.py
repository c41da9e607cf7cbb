"""Numbers in words whose multiplier leads: "elfu tano", "laki mbili na nusu", "elfu kumi na tano mia mbili".

In Swahili the multiplier comes first, and the parts follow from the largest down. The other way round is heard too: "5
elfu", "kumi na tano elfu". What could be two sums is asked about: "elfu mia tano" is half a million to
one and 1,500 to another, "elfu mbili na tano" is 2,005 or the 2,500 of the market.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hesabu.doors.chat.grammar.countries import currency_sign
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.noun_first import count_at
from hesabu.doors.chat.grammar.text import Kind, Token

_HUNDRED, _THOUSAND, _LARGE = 100, 1000, 100_000
_PARTS_MAX = 8

Read = tuple[int, Decimal | None]
"""How many tokens say one number, and which; no value when it is not clear."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One multiplier with its count: "elfu kumi na tano"."""

    length: int
    times: int
    value: Decimal | None
    is_bare: bool = False
    """Without a count: "elfu"."""


def read_led(tokens: Sequence[Token], at: int, language: Language) -> Read | None:
    """The number that begins at this token, if its multiplier leads it or stands alone behind it."""
    if not language.leading_multipliers:
        return None
    words = [_low(t) for t in tokens[at : at + 40]]
    if words[0] in language.parts:
        return _share_of(words, language)
    if words[0] not in language.leading_multipliers:
        return _turned(tokens, at, words, language)
    first = _part(tokens, at, words, 0, language)
    if first is None or (first.is_bare and _is_a_name(tokens, at, first)):
        return None
    length, value = _with_smaller(tokens, at, words, first, language)
    if value is not None and _is_multiplied(words, length, value, language):
        length, value = length + 1, value * language.leading_multipliers[words[length]]
    is_lone = length == 1 and first.times == _HUNDRED
    return None if is_lone and not _is_priced(tokens, at) else (length, _plain(value))


def _plain(value: Decimal | None) -> Decimal | None:
    """350000, not 350000.0"""
    return Decimal(int(value)) if value is not None and value == int(value) else value


def _low(token: Token) -> str:
    if token.kind is Kind.WORD:
        return token.low
    if token.kind is Kind.NUMBER and token.currency is None:
        return "0"
    return "\0"


def _is_a_name(tokens: Sequence[Token], at: int, part: _Part) -> bool:
    """Mia is also a woman."""
    return tokens[at].text.istitle() and (at > 0 or part.times == _HUNDRED)


def _is_priced(tokens: Sequence[Token], at: int) -> bool:
    """A hundred alone is money only where money is said: shilingi mia; or where it is all that is said."""
    return len(tokens) == 1 or (at > 0 and currency_sign(tokens[at - 1].low) is not None)


def _share_of(words: Sequence[str], language: Language) -> Read | None:
    """nusu milioni, robo milioni"""
    times = language.leading_multipliers.get(words[1]) if len(words) > 1 else None
    if times is None or times < _THOUSAND:
        return None
    return 2, _plain(Decimal(language.parts[words[0]]) * times)


def _turned(
    tokens: Sequence[Token], at: int, words: Sequence[str], language: Language
) -> Read | None:
    """5 elfu, kumi na tano elfu, mbili laki. Not when the multiplier leads a number of its own: mifuko 3 elfu mbili."""
    if tokens[at].kind is Kind.NUMBER:
        value, length = tokens[at].value, 1
        if value is None or value <= 0 or tokens[at].currency or tokens[at].is_marked:
            return None
    else:
        counted = count_at(words, 0, language)
        if counted is None:
            return None
        length, value = counted[0], Decimal(counted[1])
    times = language.leading_multipliers.get(words[length]) if length < len(words) else None
    if times is None or words[length] not in language.bare_multipliers:
        return None
    following = words[length + 1] if length + 1 < len(words) else ""
    if following == "0" or _leads_on(words, length + 1, language):
        return None
    if following in language.and_words and _leads_on(words, length + 2, language):
        return _sum_end(tokens, at, words, length + 2, language), None
    return length + 1, _plain(value * times) if value < _THOUSAND else None


def _is_multiplied(words: Sequence[str], at: int, value: Decimal, language: Language) -> bool:
    """mia mbili elfu"""
    is_bare = at < len(words) and words[at] in language.bare_multipliers
    return is_bare and value < _THOUSAND and not _leads_on(words, at + 1, language)


def _leads_on(words: Sequence[str], at: int, language: Language) -> bool:
    if at >= len(words):
        return False
    is_number = count_at(words, at, language) is not None and words[at] != "0"
    return is_number or words[at] in language.leading_multipliers or words[at] in language.parts


def _sum_end(
    tokens: Sequence[Token], at: int, words: Sequence[str], start: int, language: Language
) -> int:
    part = _part(tokens, at, words, start, language)
    return start + (part.length if part else 1)


def _part(
    tokens: Sequence[Token], at: int, words: Sequence[str], start: int, language: Language
) -> _Part | None:
    """The multiplier at ``start`` with the count behind it."""
    times = language.leading_multipliers.get(words[start]) if start < len(words) else None
    if times is None:
        return None
    place = start + 1
    if place < len(words) and words[place] == "0":
        value = tokens[at + place].value or Decimal(0)
        largest = 10 if times == _HUNDRED else _THOUSAND
        if times == _HUNDRED and not (0 < value < largest and value == int(value)):
            return None
        if not 0 < value < largest or (tokens[at + place].is_marked and value == int(value)):
            return _Part(2, times, None)
        return _Part(2, times, value * times)
    counted = count_at(words, place, language)
    if counted is not None:
        if times == _HUNDRED and counted[1] > 9:
            return None
        return _Part(1 + counted[0], times, Decimal(counted[1] * times))
    if _is_hundreds(words, place, language) and times >= _THOUSAND:
        inner = _part(tokens, at, words, place, language)
        length = 1 + (inner.length if inner else 1)
        return _Part(length, times, None)
    if times != _HUNDRED and words[start] not in language.bare_multipliers:
        return None
    return _Part(1, times, Decimal(times), is_bare=True)


def _is_hundreds(words: Sequence[str], at: int, language: Language) -> bool:
    return at < len(words) and language.leading_multipliers.get(words[at]) == _HUNDRED


def _sum(value: Decimal | None, more: Decimal | None) -> Decimal | None:
    return None if value is None or more is None else value + more


def _with_smaller(
    tokens: Sequence[Token], at: int, words: Sequence[str], first: _Part, language: Language
) -> Read:
    """The parts that follow, each smaller than the one before it; "na" may join them."""
    length, times, value = first.length, first.times, first.value
    for _ in range(_PARTS_MAX):
        has_and = length < len(words) and words[length] in language.and_words
        start = length + has_and
        if start >= len(words):
            break
        if words[start] in language.parts:
            if not has_and:
                break
            share = Decimal(language.parts[words[start]]) * times
            return start + 1, None if value is None else value + share
        part = _part(tokens, at, words, start, language)
        if part is not None and part.times < times:
            if part.is_bare and not has_and and part.times != _HUNDRED:
                break
            is_sure = times < _LARGE or part.times >= _THOUSAND
            is_sure = is_sure and value is not None and part.value is not None
            value = _sum(value, part.value) if is_sure else None
            length, times = start + part.length, part.times
            continue
        tail = count_at(words, start, language)
        if part is not None or tail is None or words[start] == "0":
            break
        is_sure = (times == _HUNDRED and (has_and or tail[1] >= 10)) or (
            times == _THOUSAND and has_and and tail[1] >= 10
        )
        is_sure = is_sure and value is not None
        return start + tail[0], _sum(value, Decimal(tail[1])) if is_sure else None
    return length, value
