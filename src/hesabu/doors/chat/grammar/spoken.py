"""Numbers in words: "seventy five thousand", "5 thousand", "one hundred and fifty", "half a million".

A spoken number must hold a multiplier: a lone "two" or "seven" is more often part of a name. "5,000 thousand" and "two
thousand five" (2,005, or the 2,500 of the market?) are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import UNCLEAR
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.led_numbers import read_led
from hesabu.doors.chat.grammar.text import Kind, Token

_WORDS_MAX = 16
_THOUSAND = 1000


def read_spoken(tokens: Sequence[Token], language: Language) -> list[Token]:
    """Each run of number words put together into one number."""
    if language.spoken_multipliers.isdisjoint(token.low for token in tokens):
        return list(tokens)
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        run = (
            _half(tokens, at, language)
            or read_led(tokens, at, language)
            or _spoken_at(tokens, at, language)
        )
        if run is None:
            read.append(tokens[at])
            at += 1
            continue
        length, value = run
        first, last = tokens[at], tokens[at + length - 1]
        text = " ".join(t.text for t in tokens[at : at + length])
        if _is_said_short(read, first, language):
            first, value = read.pop(), None  # "one fifty thousand": 150,000, or one of them?
            text = f"{first.text} {text}"
        kind, problem = (Kind.BAD, UNCLEAR) if value is None else (Kind.NUMBER, None)
        read.append(
            Token(kind, text, text.lower(), first.start, last.end, value, None, True, problem)
        )
        at += length
    return read


def _is_said_short(read: Sequence[Token], first: Token, language: Language) -> bool:
    return (
        bool(read)
        and read[-1].kind is Kind.WORD
        and read[-1].low in language.small_numbers
        and first.low in language.tens.keys() | language.small_numbers.keys()
    )


def _half(
    tokens: Sequence[Token], at: int, language: Language
) -> tuple[int, Decimal | None] | None:
    """Half a million."""
    words = [t.low for t in tokens[at : at + 3]]
    if len(words) < 3 or words[0] not in language.half_words or words[1] not in language.one_words:
        return None
    times = language.multipliers.get(words[2])
    return None if times is None else (3, Decimal(times) / 2)


@dataclass
class _Sum:
    """A number as it grows word by word: 150 of "one hundred and fifty", then × 1000."""

    whole: Decimal = Decimal(0)
    group: Decimal | None = None
    length: int = 0
    """Words that are surely part of it."""
    is_multiplied: bool = False
    is_clear: bool = True
    has_and: bool = False

    def start(self, value: Decimal) -> None:
        self.group = value

    def add(self, worth: Decimal, length: int) -> bool:
        """ "twenty" then "five", but not "five" then "twenty"."""
        if self.group is not None:
            group = self.group
            if group != int(group) or group % 10 or (group % 100 and worth >= 10):
                return False
        self.group = (self.group or Decimal(0)) + worth
        self.length = length
        return True

    def multiply(self, times: int, length: int) -> bool:
        if self.group is None:
            return False
        if self.group >= (_THOUSAND if times >= _THOUSAND else 100):
            self.is_clear = False
        if times >= _THOUSAND:
            self.whole, self.group = self.whole + self.group * times, None
        else:
            self.group *= times
        self.is_multiplied, self.has_and, self.length = True, False, length
        return True

    @property
    def value(self) -> Decimal | None:
        group = self.group or Decimal(0)
        is_bare_tail = bool(self.whole) and 0 < group < 100 and not self.has_and
        return self.whole + group if self.is_clear and not is_bare_tail else None


def _spoken_at(
    tokens: Sequence[Token], at: int, language: Language
) -> tuple[int, Decimal | None] | None:
    """How many tokens from here on say one number, and which; no value when it is not clear."""
    first = tokens[at]
    sum_ = _Sum()
    is_written = first.kind is Kind.NUMBER
    if is_written and first.value is not None and first.value > 0 and first.currency is None:
        sum_.start(first.value)
    elif first.low in language.one_words and _low(tokens, at + 1) in language.multipliers:
        sum_.start(Decimal(1))
    elif first.kind is not Kind.WORD or (worth := _worth(first.low, language)) is None:
        return None
    else:
        sum_.add(worth, 1)
    for length in range(2, min(_WORDS_MAX, len(tokens) - at) + 1):
        word = _low(tokens, at + length - 1)
        if word in language.multipliers:
            is_taken = sum_.multiply(language.multipliers[word], length)
        elif word in language.and_words:
            following = _low(tokens, at + length)
            is_taken = sum_.is_multiplied and _worth(following, language) is not None
            sum_.has_and = is_taken
        else:
            worth = _worth(word, language)
            is_taken = worth is not None and (sum_.is_multiplied or not is_written)
            is_taken = is_taken and sum_.add(worth or Decimal(0), length)
        if not is_taken:
            break
    return (sum_.length, sum_.value) if sum_.is_multiplied else None


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) and tokens[at].kind is Kind.WORD else ""


def _worth(word: str, language: Language) -> Decimal | None:
    if word in language.small_numbers:
        return Decimal(language.small_numbers[word])
    if word in language.tens:
        return Decimal(language.tens[word])
    tens, _, ones = word.partition("-")
    if tens in language.tens and ones in language.small_numbers:
        return Decimal(language.tens[tens] + language.small_numbers[ones])
    return None
