"""What a token that begins with a digit is: money, a count, a part of a word, or nothing we dare to read.

A number that can be read in two ways is not read at all. "75.000" is seventy-five thousand to one writer and
seventy-five to another: it becomes a problem at that very text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import TOO_LARGE, TOO_PRECISE, UNCLEAR, UNREADABLE
from hesabu.doors.chat.grammar.countries import currency_sign
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import Kind, Token

_PARTS = re.compile(
    r"(?P<sign>[-+])?+(?P<digits>\.?\d[\d.,']*+)(?P<suffix>[^\W\d_]*+)(?P<rest>.*+)", re.DOTALL
)
_SCIENTIFIC = re.compile(r"[-+]?[\d.]++[eE]-?\d++|0[xX][\da-fA-F]++", re.ASCII)
_LETTER_O = re.compile(r"\d[\d.,]*[oO][\doO.,]*")
_SHORT_TAIL = re.compile(r"\d{1,3}[km]\d{1,3}", re.IGNORECASE)
"""1k5: fifteen hundred to who writes so, a name of a thing to others."""
_GROUPED = re.compile(r"\d{1,3}+(?:,\d{3})++")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2}){1,5},\d{3}")
_MULTIPLIED = re.compile(r"(\d{1,5})[xX×](\d[\d,.]*+)")
DATE_SHAPE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|\d{1,2}/\d{1,2}"
)
_DOTTED_DAY = re.compile(r"\d{1,2}\.\d{1,2}")
"""15.12: a day where a comma parts the cents; there it can be no sum."""
_RANGE = re.compile(r"\d[\d.,]*+k?-\d[\d.,]*+k?", re.IGNORECASE)
_DIGITS_MAX = 24


def read_digits(digits: str, decimal_mark: str) -> Decimal | str:
    """Exactly what the digits say, or the code of why they cannot be taken."""
    if len(digits) > _DIGITS_MAX:
        return TOO_LARGE if digits.replace(",", "").isdecimal() else TOO_PRECISE
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
    if mark and not cents.isdecimal():
        return UNCLEAR
    plain = whole.replace(thousands, ",")
    if "," in plain and not (_GROUPED.fullmatch(plain) or _LAKHS.fullmatch(plain)):
        return UNCLEAR
    if not plain:
        return UNCLEAR
    if len(cents) == 3 and thousands not in whole and whole.strip("0") and len(whole) <= 3:
        return UNCLEAR  # 75.000
    plain = plain.replace(",", "")
    if not plain.isdecimal():
        return UNCLEAR
    if len(plain) > 1 and plain.startswith("0") and plain.strip("0"):
        return UNCLEAR  # a reference or a broken phone number, never money
    return Decimal(f"{plain}.{cents}" if cents else plain)


def read_chunk(token: Token, language: Language, decimal_mark: str) -> list[Token]:
    """A chunk as number tokens and words: 3x → 3 ×, 2kg → 2 kg, 75k → 75,000, 15th → a word."""
    text = token.text
    if DATE_SHAPE.fullmatch(text) or (decimal_mark == "," and _DOTTED_DAY.fullmatch(text)):
        return [token.becoming(Kind.WORD)]
    if _SCIENTIFIC.fullmatch(text) or _LETTER_O.fullmatch(text):
        return [replace(token, kind=Kind.BAD, problem=UNREADABLE)]
    if _SHORT_TAIL.fullmatch(text):
        return [replace(token, kind=Kind.BAD, problem=UNCLEAR)]
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
        sign = currency_sign(suffix)
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
        return [replace(number, currency=currency_sign(suffix))]
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
        Token(Kind.NUMBER, price, price, middle + 1, token.end, right, None, not price.isdecimal()),
    ]
