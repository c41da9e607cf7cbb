"""Document numbers and receipt codes, as people type them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import Kind, Token

_WRITTEN = re.compile(r"([A-Za-z]{2,4})[-#/ ]?(\d{1,8})", re.ASCII)
_LONG = re.compile(r"[A-Za-z]{2,4}(?:[-/][A-Za-z0-9]{1,8}){1,3}", re.ASCII)
_PREFIXES = frozenset({"INV", "CN", "CRN", "QT", "QUO", "EST", "RCT", "REC", "PF"})
_DIGITS_MIN = 4
_CODE = re.compile(r"[A-Z][A-Z0-9]{9,10}", re.ASCII)
"""Ten in Kenya, ten or eleven in Tanzania."""


def reference_in(word: str) -> str | None:
    """inv7, INV-0007, inv/2026/0007 → the number as it is printed. None for anything else."""
    if match := _WRITTEN.fullmatch(word):
        return printed(match[1], match[2])
    if _LONG.fullmatch(word):
        prefix = re.split(r"[-/]", word)[0].upper()
        if prefix in _PREFIXES and any(c.isdecimal() for c in word):
            return word.upper().replace("/", "-")
    return None


def printed(prefix: str, digits: str) -> str | None:
    """At least four digits, as the series prints them."""
    if prefix.upper() not in _PREFIXES or not digits.strip("0"):
        return None
    return f"{prefix.upper()}-{int(digits):0{_DIGITS_MIN}d}"


def reference_at(
    tokens: Sequence[Token], at: int, language: Language, *, bare: bool = False
) -> tuple[int, str] | None:
    """A document's number at this place and how many tokens it takes: INV-0007, inv 7, #7,
    invoice no. 7; with ``bare`` also a plain 7.
    """
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind is Kind.WORD and (found := reference_in(token.text)):
        return 1, found
    place, has_lead = at, False
    prefix = "INV"
    if token.low.upper() in _PREFIXES:
        prefix, has_lead = token.low.upper(), True
        place += 1
    elif token.low in language.document_words:
        place += 1
    while place < min(len(tokens), at + 5):
        is_number_word = tokens[place].low == "#" or tokens[place].low in language.number_words
        if not is_number_word and tokens[place].low not in {".", "-", ":"}:
            break
        has_lead = has_lead or is_number_word
        place += 1
    if place >= len(tokens) or tokens[place].kind not in {Kind.CHUNK, Kind.NUMBER}:
        return None
    digits = tokens[place].text.rstrip(".,")
    if not digits.isdecimal() or len(digits) > 6:
        return None
    follows_digits = any(t.kind is Kind.CHUNK for t in tokens[place + 1 : place + 2])
    is_padded = digits.startswith("0") and not follows_digits  # 0007, not 0722 000 111
    if not (has_lead or bare or is_padded):
        return None
    found = printed(prefix, digits)
    return None if found is None else (place + 1 - at, found)


def code_of(text: str) -> str | None:
    """A receipt code like SKL4T7QX2P. A word of ten letters is one only in capitals with a digit."""
    word = text.upper()
    if not _CODE.fullmatch(word) or not any(c.isdecimal() for c in word):
        return None
    return word if sum(c.isalpha() for c in word) >= 3 else None
