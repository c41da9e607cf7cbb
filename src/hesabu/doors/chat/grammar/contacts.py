"""The numbers of a message: which are telephone numbers, which may be money, and which could be either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hesabu.doors.chat.grammar.amounts import UNREADABLE
from hesabu.doors.chat.grammar.known import Known
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.numbers import read_numbers
from hesabu.doors.chat.grammar.phones import FoundPhone, find_phones
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, span, tokens_of
from hesabu.doors.chat.grammar.types import Problem

PHONE_INVALID = "phone_invalid"
PHONE_OR_AMOUNT = "phone_or_amount"
PHONE_SECOND = "phone_second"


def read_contacts(
    text: str, setting: Setting, *, has_phones: bool = True, is_phone_wanted: bool = False
) -> tuple[list[Token], str | None, list[Problem]]:
    """The tokens of a text with all numbers read, the first telephone number, and what is wrong.

    Nine bare digits are a telephone number only beside another amount, or when one was asked for.
    """
    found = find_phones(text, setting.region) if has_phones else []
    tokens = _tokens(text, found, setting)
    weak = {p.start for p in found if p.is_weak}
    if weak and not is_phone_wanted and not any(t.kind in NUMBERS for t in tokens):
        tokens = [
            replace(t, kind=Kind.BAD, problem=PHONE_OR_AMOUNT) if t.start in weak else t
            for t in tokens
        ]
        found = [p for p in found if not p.is_weak]
    phone: str | None = None
    problems: list[Problem] = []
    for one in found:
        if one.e164 is None:
            problems.append(Problem(PHONE_INVALID, text[one.start : one.end]))
        elif phone is None:
            phone = one.e164
        elif phone != one.e164:
            problems.append(Problem(PHONE_SECOND, text[one.start : one.end]))
    return _without_phone_labels(tokens, setting.language), phone, problems


def _tokens(text: str, phones: Sequence[FoundPhone], setting: Setting) -> list[Token]:
    tokens = tokens_of(text, [(p.start, p.end) for p in phones])
    if setting.items:
        tokens = _items_whole(text, tokens, setting.items)
    tokens = read_numbers(
        tokens, setting.language, setting.country.decimal_mark, setting.currency.code
    )
    if not any(t.kind in NUMBERS for t in tokens):
        tokens = [_unreadable(t, setting.language) for t in tokens]
    return tokens


def _items_whole(text: str, tokens: list[Token], items: Known) -> list[Token]:
    """A thing sold under several words is one word here, whatever they are: "Coke 500ml", "Food for two"."""
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        found = items.at(tokens, at)
        if found is None or found[0] < 2:
            read.append(tokens[at])
            at += 1
            continue
        here = tokens[at : at + found[0]]
        name = span(text, here)
        read.append(Token(Kind.WORD, name, name.lower(), here[0].start, here[-1].end))
        at += found[0]
    return read


def _unreadable(token: Token, language: Language) -> Token:
    """ "nan" where an amount is wanted. "Nan" with a capital is somebody's grandmother."""
    if token.kind is Kind.WORD and token.low in language.unreadable and not token.text.istitle():
        return replace(token, kind=Kind.BAD, problem=UNREADABLE)
    return token


def _without_phone_labels(tokens: list[Token], language: Language) -> list[Token]:
    read = list(tokens)
    for at, token in enumerate(tokens):
        if token.kind is not Kind.PHONE:
            continue
        before = at - 1
        while before >= 0 and (
            read[before].low in language.phone_labels or read[before].low in ":.-("
        ):
            read[before] = read[before].becoming(Kind.GAP)
            before -= 1
        if at + 1 < len(read) and read[at + 1].low == ")":
            read[at + 1] = read[at + 1].becoming(Kind.GAP)
    return read
