"""What a token that begins with a digit is: money, a count, a part of a word, or nothing we dare to read.

A number that can be read in two ways is not read at all. "75.000" is seventy-five thousand to one writer and
seventy-five to another; "2 500" is one number or two. Both become a problem at that very text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hesabu.doors.chat.grammar.countries import (
    CURRENCIES,
    LOCAL_SIGNS,
    LOCAL_WORDS,
    SHILLINGS,
    Currency,
)
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import Kind, Token

UNCLEAR = "amount_unclear"
UNREADABLE = "amount_unreadable"
NOT_POSITIVE = "amount_not_positive"
TOO_LARGE = "amount_too_large"
TOO_PRECISE = "amount_too_precise"
OTHER_CURRENCY = "currency_other"

_PARTS = re.compile(
    r"(?P<sign>[-+])?+(?P<digits>\.?\d[\d.,']*+)(?P<suffix>[^\W\d_]*+)(?P<rest>.*+)", re.DOTALL
)
_SCIENTIFIC = re.compile(r"[-+]?[\d.]++[eE]-?\d++|0[xX][\da-fA-F]++", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}+(?:,\d{3})++")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2}){1,5},\d{3}")
_MULTIPLIED = re.compile(r"(\d{1,5})[xX×](\d[\d,.]*+)")
DATE_SHAPE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}/\d{1,2}"
)
_RANGE = re.compile(r"\d[\d.,]*+k?-\d[\d.,]*+k?", re.IGNORECASE)
_DIGITS_MAX = 24
COUNT_BELOW = 100
"""A bare whole number below this, before a noun, is a count."""


def read_digits(digits: str, decimal_mark: str) -> Decimal | str:
    """Exactly what the digits say, or the code of why they cannot be taken."""
    if len(digits) > _DIGITS_MAX:
        return TOO_LARGE if digits.replace(",", "").isdigit() else TOO_PRECISE
    thousands = "," if decimal_mark == "." else "."
    bare = digits.replace("'", "")
    if "'" in digits and not re.fullmatch(r"\d{1,3}(?:'\d{3})+(?:[.,]\d{1,2})?", digits):
        return UNCLEAR
    if bare.count(",") > 1 and bare.count(".") <= 1 and decimal_mark == ",":
        thousands, decimal_mark = ",", "."
    elif bare.count(".") > 1 and bare.count(",") <= 1 and decimal_mark == ".":
        thousands, decimal_mark = ".", ","
    elif "," in bare and "." in bare:
        # Both marks: the later one is the decimal mark, whatever the country.
        decimal_mark = max(",.", key=bare.rindex)
        thousands = "," if decimal_mark == "." else "."
    whole, mark, cents = bare.partition(decimal_mark)
    if mark and not cents.isdigit():
        return UNCLEAR
    plain = whole.replace(thousands, ",")
    if "," in plain and not (_GROUPED.fullmatch(plain) or _LAKHS.fullmatch(plain)):
        return UNCLEAR
    if not plain:
        return UNCLEAR
    if len(cents) == 3 and thousands not in whole and whole.strip("0") and len(whole) <= 3:
        return UNCLEAR  # 75.000
    plain = plain.replace(",", "")
    if not plain.isdigit():
        return UNCLEAR
    if len(plain) > 1 and plain.startswith("0") and plain.strip("0"):
        return UNCLEAR  # a reference or a broken phone number, never money
    return Decimal(f"{plain}.{cents}" if cents else plain)


def read_chunk(token: Token, language: Language, decimal_mark: str) -> list[Token]:
    """A chunk as number tokens and words: 3x → 3 ×, 2kg → 2 kg, 75k → 75,000, 15th → a word."""
    text = token.text
    if DATE_SHAPE.fullmatch(text):
        return [token.becoming(Kind.WORD)]
    if _SCIENTIFIC.fullmatch(text):
        return [replace(token, kind=Kind.BAD, problem=UNREADABLE)]
    if multiplied := _MULTIPLIED.fullmatch(text):
        return _multiplied(token, multiplied, language, decimal_mark)
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return [token.becoming(Kind.WORD)]
    digits, suffix, rest = parts["digits"], parts["suffix"].lower(), parts["rest"]
    if rest in {"/=", "/-", "="}:
        rest = ""
        is_money = True
    else:
        is_money = False
    if _RANGE.fullmatch(text):
        return [replace(token, kind=Kind.BAD, problem=UNCLEAR)]
    if rest and rest != "%":
        return [token.becoming(Kind.WORD)]
    value = read_digits(digits, decimal_mark)
    is_glued_unit = suffix in language.units or suffix in language.times_words
    if suffix and suffix not in language.suffixes and not is_glued_unit:
        sign = _currency_sign(suffix)
        if sign is None:
            return [token.becoming(Kind.WORD)]
        is_money = True
    if isinstance(value, str):
        return [replace(token, kind=Kind.BAD, problem=value)]
    if parts["sign"] == "-":
        value = -value
    if rest == "%":
        return [replace(token, kind=Kind.PERCENT, value=value)]
    is_marked = is_money or "," in digits or "." in digits or "'" in digits
    number = replace(token, kind=Kind.NUMBER, value=value, is_marked=is_marked)
    if suffix in language.suffixes:
        return [replace(number, value=value * language.suffixes[suffix], is_marked=True)]
    if is_glued_unit:
        at = token.start + len(text) - len(suffix)
        number = replace(number, text=text[: at - token.start], end=at)
        kind = Kind.MARK if suffix in language.times_words else Kind.WORD
        return [number, Token(kind, text[-len(suffix) :], suffix, at, token.end)]
    if suffix:
        return [replace(number, currency=_currency_sign(suffix))]
    return [number]


def _multiplied(
    token: Token, match: re.Match[str], language: Language, decimal_mark: str
) -> list[Token]:
    """2x1,500. But 4x4 is a car, and stays a word."""
    left, right = (read_digits(part, decimal_mark) for part in match.groups())
    if isinstance(left, str) or isinstance(right, str) or right < 10:
        return [token.becoming(Kind.WORD)]
    middle, start = token.start + match.end(1), token.start
    price = match.group(2)
    return [
        Token(Kind.NUMBER, match.group(1), match.group(1), start, middle, left),
        Token(Kind.MARK, "x", "x", middle, middle + 1),
        Token(Kind.NUMBER, price, price, middle + 1, token.end, right, None, not price.isdigit()),
    ]


def _currency_sign(word: str) -> str | None:
    """The currency that a sign or code stands for; "local" for the shilling of the place."""
    bare = word.rstrip(".")
    if bare in LOCAL_SIGNS:
        return "local"
    return _SIGNS.get(bare)


_SIGNS = {sign: c.code for c in CURRENCIES.values() for sign in c.signs}
_AFTER = {word: c.code for c in CURRENCIES.values() for word in c.words} | dict.fromkeys(
    LOCAL_WORDS, "local"
)
_CAPITAL_SIGNS = {"N": "NGN", "R": "ZAR"}


def read_numbers(
    tokens: Sequence[Token], language: Language, decimal_mark: str, currency: str = "KES"
) -> list[Token]:
    """All numbers of a message read: spoken ones put together, currencies taken in."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind is Kind.CHUNK:
            opened.extend(read_chunk(token, language, decimal_mark))
        else:
            opened.append(token)
    opened = _spoken(opened, language)
    opened = _with_currency(opened, language, currency)
    return _glued(_spaced_thousands(opened))


# --- spoken numbers --------------------------------------------------------------------------------


def _spoken(tokens: list[Token], language: Language) -> list[Token]:
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


# --- currencies ------------------------------------------------------------------------------------


def _with_currency(tokens: list[Token], language: Language, currency: str) -> list[Token]:
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        after = tokens[at + 2] if at + 2 < len(tokens) else None
        code = _code_before(token)
        if code and following is not None and following.low == "." and after is not None:
            following, dotted = after, 2
        else:
            dotted = 1
        if code and following is not None and following.low == "-" and after is not None:
            if token.end == following.start and following.end == after.start and after.value:
                negative = replace(after, value=-after.value, text=f"-{after.text}")
                read.append(_joined(token, negative, code, currency))
                at += 3
                continue
        if code and following is not None and following.kind in {Kind.NUMBER, Kind.BAD}:
            joined = _joined(token, following, code, currency)
            at += dotted + 1
        elif token.kind in {Kind.NUMBER, Kind.BAD}:
            joined = token if token.currency is None else _own(token, currency)
            at += 1
        else:
            read.append(token)
            at += 1
            continue
        while at < len(tokens):
            code = _code_after(tokens[at], joined)
            if code is None and tokens[at].low not in language.only_words:
                break
            if code is not None and _belongs_to_next(tokens, at, joined):
                break
            joined = _joined(joined, tokens[at], code, currency)
            at += 1
        read.append(joined)
    return read


def _belongs_to_next(tokens: Sequence[Token], at: int, number: Token) -> bool:
    """Between two numbers, "500, KES 300": a sign goes with the one it touches, else with the next."""
    if tokens[at].low in _AFTER or tokens[at].start == number.end or at + 1 >= len(tokens):
        return False
    return tokens[at + 1].kind in {Kind.NUMBER, Kind.BAD}


def _code_before(token: Token) -> str | None:
    if token.kind not in {Kind.WORD, Kind.MARK}:
        return None
    return _currency_sign(token.low) or _CAPITAL_SIGNS.get(token.text.rstrip("."))


def _code_after(token: Token, number: Token) -> str | None:
    if token.kind not in {Kind.WORD, Kind.MARK} or number.currency is not None:
        return None
    return _currency_sign(token.low) or _AFTER.get(token.low)


def _joined(first: Token, second: Token, code: str | None, currency: str) -> Token:
    """A number with its currency, spanning both. "only" after it adds nothing but its length."""
    number = second if second.kind in {Kind.NUMBER, Kind.BAD} else first
    text = f"{first.text}{' ' if second.start > first.end else ''}{second.text}"
    joined = replace(
        number, text=text, low=text.lower(), start=first.start, end=second.end, is_marked=True
    )
    return joined if code is None else _own(replace(joined, currency=code), currency)


def _own(token: Token, currency: str) -> Token:
    """Settle whose shilling it is; the rand's R and the naira's N only at home."""
    code = token.currency
    if code == "local":
        code = currency if currency in SHILLINGS else "shilling"
    return replace(token, currency=code, is_marked=True)


# --- spaces as thousands marks -----------------------------------------------------------------------


def _spaced_thousands(tokens: list[Token]) -> list[Token]:
    """ "KES 75 000" is one number; "75 000" alone may be two, so it is asked about."""
    read: list[Token] = []
    for token in tokens:
        before = read[-1] if read else None
        if (
            before is not None
            and before.kind in {Kind.NUMBER, Kind.BAD}
            and token.kind is Kind.NUMBER
            and token.start - before.end == 1
            and _ends_in_group(before)
            and _is_group(token)
        ):
            joined = replace(
                before,
                text=f"{before.text} {token.text}",
                low=f"{before.low} {token.low}",
                end=token.end,
                value=(before.value or Decimal(0)) * 1000 + (token.value or Decimal(0)),
                is_marked=True,
            )
            if before.currency is None and token.currency is None:
                joined = replace(joined, kind=Kind.BAD, problem=UNCLEAR)
            read[-1] = (
                joined if token.currency is None else replace(joined, currency=token.currency)
            )
        else:
            read.append(token)
    return read


_LAST_GROUP = re.compile(r"(?:^|[^\d.,'])(\d{1,3})(?: \d{3})*$")


def _ends_in_group(token: Token) -> bool:
    if token.kind is Kind.BAD and " " not in token.text:
        return False
    return bool(_LAST_GROUP.search(token.text[-40:])) and (token.value or 0) > 0


def _is_group(token: Token) -> bool:
    digits = token.text.split()[0] if token.text else ""
    return bool(re.fullmatch(r"\d{3}(?:/[=-])?", digits))


def _glued(tokens: list[Token]) -> list[Token]:
    """10^6, 5000+500, 5~6: numbers glued together by a sign are none we dare to read."""
    read: list[Token] = []
    for token in tokens:
        if (
            len(read) > 1
            and token.kind is Kind.NUMBER
            and read[-2].kind in {Kind.NUMBER, Kind.BAD}
            and read[-1].kind is Kind.MARK
            and read[-1].low not in "x×*@="
            and read[-2].end == read[-1].start
            and read[-1].end == token.start
        ):
            first, mark = read[-2], read[-1]
            text = f"{first.text}{mark.text}{token.text}"
            read[-2:] = [
                replace(
                    first,
                    kind=Kind.BAD,
                    problem=UNCLEAR,
                    text=text,
                    low=text.lower(),
                    end=token.end,
                )
            ]
        else:
            read.append(token)
    return read


# --- is it money? ------------------------------------------------------------------------------------


def amount_problem(token: Token, currency: Currency) -> str | None:
    """Why this number is no amount of this currency; None if it is an honest one."""
    if token.currency not in {None, currency.code}:
        return OTHER_CURRENCY
    if token.problem is not None:
        return token.problem
    return value_problem(token.value, currency)


def value_problem(value: Decimal | None, currency: Currency) -> str | None:
    if value is None:
        return UNREADABLE
    if value <= 0:
        return NOT_POSITIVE
    if value > currency.largest:
        return TOO_LARGE
    if value != round(value, currency.decimals):
        return TOO_PRECISE
    return None


def is_price_like(token: Token) -> bool:
    """Would anyone read this as money rather than as a count?"""
    return token.kind is Kind.BAD or (
        token.kind is Kind.NUMBER
        and (token.is_marked or token.value is None or not 0 < token.value < COUNT_BELOW)
    )
