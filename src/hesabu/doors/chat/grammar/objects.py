"""What a command is about: a document's number, a telephone number, a receipt code, an amount, a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.references import code_of, reference_at
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token
from hesabu.doors.chat.grammar.types import (
    Problem,
)

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}


@dataclass
class Parts:
    """What a command's object was found to hold."""

    reference: str | None = None
    phone: str | None = None
    code: str | None = None
    method: str | None = None
    amount: Token | None = None
    number: int | None = None
    words: list[Token] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_parts(text: str, setting: Setting, *, bare: bool) -> Parts:
    """A document's number, a telephone number, a receipt code, a method, an amount; the rest is words.
    ``bare``: a plain small number is a document's.
    """
    tokens, phone, problems = read_contacts(text, setting)
    parts = Parts(phone=phone, problems=problems)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        found = reference_at(tokens, at, setting.language, bare=bare)
        if found is not None and parts.reference is not None:
            text_of = " ".join(t.text for t in tokens[at : at + found[0]])
            parts.problems.append(Problem("reference_second", text_of))
            at += found[0]
            continue
        if found is not None:
            parts.reference = found[1]
            if found[0] == 1 and token.text.isdecimal() and len(token.text) < 4:
                parts.number = int(token.text)
            at += found[0]
            continue
        if token.kind in {Kind.WORD, Kind.BAD} and parts.code is None and code_of(token.text):
            parts.code = code_of(token.text)
        elif token.kind is Kind.WORD and token.low in setting.language.methods:
            parts.method = parts.method or setting.language.methods[token.low]
        elif token.kind in NUMBERS:
            parts.amount = parts.amount or token
        elif token.kind not in {Kind.PHONE, Kind.GAP}:
            parts.words.append(token)
        at += 1
    return parts


def bare(tokens: Sequence[Token], fillers: frozenset[str], language: Language) -> list[Token]:
    """Without the little words before the name, the punctuation, and "again" or "'s invoice" behind."""
    kept = [t for t in tokens if t.kind not in {Kind.GAP, Kind.BREAK}]
    while kept and (kept[0].low in fillers or kept[0].kind in _MARKS):
        kept.pop(0)
    while kept and (kept[-1].low in fillers | language.after_object or kept[-1].kind in _MARKS):
        kept.pop()
    if kept and len(kept) < len(tokens):
        kept[-1] = less_possessive(kept[-1], language)
    return kept


def less_possessive(token: Token, language: Language) -> Token:
    """Jane's → Jane."""
    ending = next((e for e in language.possessive_endings if token.low.endswith(e)), "")
    stop = len(token.low) - len(ending)
    if not ending or not stop:
        return token
    return replace(token, text=token.text[:stop], low=token.low[:stop], end=token.start + stop)
