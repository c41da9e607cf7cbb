"""Where money shall go: "till 123456", "paybill 400200 account 123", "pochi 0712 345 678"."""

from __future__ import annotations

import re

from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import Kind, Token, said, tokens_of, words_of
from hesabu.doors.chat.grammar.types import (
    Intent,
    Payment,
    Problem,
    Understood,
)

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z\d]{11,30}", re.ASCII)
_ACCOUNT_MAX = 34
"""As long as the longest IBAN."""


def read_setup(text: str, setting: Setting) -> Understood | None:
    """ "till 123456", "paybill 400200 account 123", "pochi 0712 345 678", "bank Equity 0123456789"."""
    language = setting.language
    tokens = tokens_of(text)
    method, has_digits = None, False
    start = 0
    words = words_of(tokens)
    for at, token in enumerate(tokens[:8]):
        if found := language.setup_words.at(words, at):
            start, method = at + found[0], found[1]
            break
        if token.low not in language.setup_fillers:
            return None
    if method is None:
        return None
    rest = tokens[start:]
    has_digits = any(t.kind is Kind.CHUNK or _IBAN.fullmatch(t.text.upper()) for t in rest)
    if not has_digits:
        return None
    reads = {"phone": _setup_phone, "bank": _setup_bank}
    read = reads.get(method)
    if read is not None:
        return read(text, rest, setting)
    return _setup_number(method, rest, setting)


def _setup_number(method: str, tokens: list[Token], setting: Setting) -> Understood | None:
    language = setting.language
    at = 0
    while at < len(tokens) and tokens[at].low in language.setup_fillers:
        at += 1
    if at >= len(tokens) or tokens[at].kind is not Kind.CHUNK:
        return None
    number = ""
    while at < len(tokens) and tokens[at].kind is Kind.CHUNK and tokens[at].text.isdecimal():
        number += tokens[at].text
        at += 1
        if len(number) >= 5:
            break
    if not number:
        number, at = tokens[at].text, at + 1
    problems = []
    if not (number.isdecimal() and 5 <= len(number) <= 7):
        problems.append(Problem(f"{method}_invalid", number))
    account = None
    has_label = False
    while at < len(tokens) and (
        tokens[at].low in language.account_words | language.setup_fillers
        or tokens[at].kind in _MARKS
    ):
        has_label = has_label or tokens[at].low in language.account_words
        at += 1
    if at < len(tokens):
        if method == "till" and not has_label:
            return None
        account = said(tokens[at:]).strip(" .")[:40]
        account = account.replace(" ", "") if account.replace(" ", "").isdecimal() else account
    missing = ("account",) if method == "paybill" and not account else ()
    valid_number = None if problems else number
    return Understood(
        Intent.PAYMENT_SETUP,
        payment=Payment(method=method, number=valid_number, account=account or None),
        missing=missing,
        problems=tuple(problems),
    )


def _setup_phone(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    contacts, phone, problems = read_contacts(text[tokens[0].start :], setting)
    others = [t for t in contacts if t.kind not in {Kind.PHONE, Kind.GAP, *_MARKS}]
    if any(t.low not in setting.language.setup_fillers for t in others):
        return None
    if phone is None and not problems:
        return None
    return Understood(
        Intent.PAYMENT_SETUP, payment=Payment(method="phone", phone=phone), problems=tuple(problems)
    )


def _setup_bank(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    language = setting.language
    words: list[Token] = []
    digits = ""
    for token in tokens:
        if token.kind is Kind.CHUNK and token.text.replace("-", "").isdecimal():
            digits += token.text.replace("-", "")
        elif not digits and _IBAN.fullmatch(token.text.upper()):
            digits = token.text.upper()
        elif (
            token.low not in language.account_words | language.setup_fillers
            and token.kind is Kind.WORD
        ):
            words.append(token)
    if len(digits) < 6:
        return None
    problems = [] if len(digits) <= _ACCOUNT_MAX else [Problem("account_invalid", digits)]
    bank = tidy_name(said(words), language)
    return Understood(
        Intent.PAYMENT_SETUP,
        payment=Payment(method="bank", number=digits if not problems else None, bank=bank),
        missing=() if bank else ("bank",),
        problems=tuple(problems),
    )
