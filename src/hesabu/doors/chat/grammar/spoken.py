"""Numbers in words: "seventy five thousand", "5 thousand", "one hundred and fifty", "half a million"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import Kind, Token


def read_spoken(tokens: list[Token], language: Language) -> list[Token]:
    """ "seventy five thousand", "5 thousand", "one hundred and fifty", "half a million"."""
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        run = _spoken_at(tokens, at, language)
        if run is None:
            read.append(tokens[at])
            at += 1
            continue
        length, value = run
        first, last = tokens[at], tokens[at + length - 1]
        text = " ".join(t.text for t in tokens[at : at + length])
        read.append(
            Token(Kind.NUMBER, text, text.lower(), first.start, last.end, value, None, True)
        )
        at += length
    return read


_SPOKEN_MAX = 16


def _spoken_at(tokens: Sequence[Token], at: int, language: Language) -> tuple[int, Decimal] | None:
    """How many tokens from here on say one number, and which. It must contain a multiplier:
    a lone "two" or "seven" is more often a part of a name.
    """
    total, group = Decimal(0), Decimal(0)
    has_group = has_multiplier = False
    length = end = 0
    if (
        at + 2 < len(tokens)
        and tokens[at].low in language.half_words
        and tokens[at + 1].low in language.one_words
        and tokens[at + 2].low in language.multipliers
    ):
        return 3, Decimal(language.multipliers[tokens[at + 2].low]) / 2
    while at + length < len(tokens) and length < _SPOKEN_MAX:
        token = tokens[at + length]
        word = token.low
        if token.kind is Kind.NUMBER and length == 0 and (token.value or 0) > 0:
            group, has_group = token.value or Decimal(0), True
        elif token.kind is not Kind.WORD:
            break
        elif word in language.multipliers and (has_group or has_multiplier):
            if not has_group:
                break
            times = language.multipliers[word]
            if times >= 1000:
                total, group, has_group = total + group * times, Decimal(0), False
            else:
                group *= times
            has_multiplier = True
            end = length + 1
        elif (worth := _small(word, language)) is not None:
            if has_group and (group % 10 or (group % 100 and worth >= 10)):
                break
            if length and tokens[at].kind is Kind.NUMBER and not has_multiplier:
                break
            group, has_group = group + worth, True
            end = length + 1
        elif word in language.one_words and length == 0:
            if at + 1 < len(tokens) and tokens[at + 1].low not in language.multipliers:
                break
            group, has_group = Decimal(1), True
        elif word in language.and_words and has_multiplier:
            following = tokens[at + length + 1].low if at + length + 1 < len(tokens) else ""
            if _small(following, language) is None:
                break
        else:
            break
        length += 1
    return (end, total + group) if has_multiplier and end else None


def _small(word: str, language: Language) -> Decimal | None:
    if word in language.small_numbers:
        return Decimal(language.small_numbers[word])
    if word in language.tens:
        return Decimal(language.tens[word])
    tens, _, ones = word.partition("-")
    if tens in language.tens and ones in language.small_numbers:
        return Decimal(language.tens[tens] + language.small_numbers[ones])
    return None
