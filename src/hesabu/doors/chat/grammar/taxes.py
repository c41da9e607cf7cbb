"""Tax, as a message says it: inside the price, on top of it, or none; and the rate, where it is named."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import Kind, Token
from hesabu.doors.chat.grammar.types import Tax, TaxMode

TAX_UNCLEAR = "tax_unclear"


def cut_tax(terms: Terms) -> None:
    tokens = terms.tokens
    places = [i for i, t in enumerate(tokens) if t.low != "."]
    words = [_tax_word(tokens[i]) for i in places]
    found: list[tuple[int, int, TaxMode | None, Decimal | None]] = []
    at = 0
    while at < len(words):
        phrase = terms.language.tax_phrases.at(words, at)
        if (
            phrase is None
            or _is_a_name(tokens, places[at], phrase[0])
            or _is_rent(terms, places[at + phrase[0] - 1])
        ):
            at += 1
            continue
        start, stop = places[at], places[at + phrase[0] - 1] + 1
        rates = [t.value for t in tokens[start:stop] if t.kind is Kind.PERCENT and t.value]
        found.append((start, stop, phrase[1], rates[0] if rates else None))
        at += phrase[0]
    for start, stop, mode, percent in found:
        known = terms.tax is not None and mode is not None and terms.tax.mode is not mode
        if mode is None or known or (percent is not None and not 0 < percent <= 100):
            terms.object_to(TAX_UNCLEAR, start, stop)
        else:
            terms.tax = Tax(mode, percent)
        terms.cut(start, stop)


def _is_rent(terms: Terms, at: int) -> bool:
    """ "pamoja na kodi ya nyumba": together with the rent of the house, in the word that is tax, too."""
    if terms.tokens[at].low not in terms.language.rent_words or at + 2 >= len(terms.tokens):
        return False
    link, what = terms.tokens[at + 1 : at + 3]
    return link.low in terms.language.behind_count and what.kind is Kind.WORD


def _tax_word(token: Token) -> str:
    if token.kind is Kind.PERCENT and token.value != 0:
        return "%"
    return "\0" if token.kind is Kind.GAP else token.low


def _is_a_name(tokens: Sequence[Token], at: int, length: int) -> bool:
    """ "VAT Exempt Advisers Ltd": every word a capital, and another name goes on behind."""
    phrase, following = tokens[at : at + length], tokens[at + length : at + length + 1]
    return (
        at == 0
        and bool(following)
        and following[0].kind is Kind.WORD
        and following[0].is_capitalised
        and all(t.is_capitalised for t in phrase)
    )
