"""Discounts, in money and per cent; and a percentage that says nothing of what it is of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import amount_problem
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, span, words_of
from hesabu.doors.chat.grammar.types import Discount, Problem

PERCENT_UNCLEAR = "percent_unclear"
DISCOUNT_UNCLEAR = "discount_unclear"
DISCOUNT_RANGE = "discount_out_of_range"


def cut_discounts(terms: Terms) -> None:
    language, words = terms.language, words_of(terms.tokens)
    if language.discount_before.may_be_in(words) or language.discount_after.may_be_in(words):
        _cut_said(terms)
    if any(token.kind is Kind.PERCENT for token in terms.tokens):
        _cut_unsaid(terms)


def _cut_said(terms: Terms) -> None:
    at = 0
    while at < len(terms.tokens):
        found = _discount_at(terms, at)
        if found is None:
            at += 1
            continue
        said, stop = found
        take_discount(terms, said, at, stop)
        terms.cut(at, stop)
        at = stop


def _cut_unsaid(terms: Terms) -> None:
    """A percentage of nothing that is said: asked about, unless words go on behind it."""
    for place, token in enumerate(terms.tokens):
        if token.kind is Kind.PERCENT:
            following = terms.tokens[place + 1 : place + 2]
            is_share = bool(following) and following[0].low in terms.language.of_words
            if following and following[0].kind is Kind.WORD and not is_share:
                terms.tokens[place] = token.becoming(Kind.WORD)
            else:
                terms.object_to(PERCENT_UNCLEAR, place, place + 1)
                terms.cut(place, place + 1)


def _discount_at(terms: Terms, at: int) -> tuple[Token | Discount, int] | None:
    """What a discount that is said here comes to, and where it ends."""
    tokens, language = terms.tokens, terms.language
    if tokens[at].kind is Kind.GAP:
        return None
    words = words_of(tokens[at : at + 8])
    lead = language.discount_before.at(words, 0)
    number = at + (lead[0] if lead else 0)
    while (
        lead
        and number < len(tokens)
        and (tokens[number].low in {":", "=", "-"} | language.is_words | language.article_words)
    ):
        number += 1
    if number >= len(tokens) or tokens[number].kind not in NUMBERS | {Kind.PERCENT}:
        return _share_at(terms, number) if lead is None else None
    after = language.discount_after.at(words_of(tokens[number + 1 : number + 6]), 0)
    if after and _kind(tokens, number + 1 + after[0]) in NUMBERS | {Kind.PERCENT}:
        after = None  # "10% less 5%": the second word leads the next one
    stop = number + 1 + (after[0] if after else 0)
    if lead and (after or lead[1]):
        return tokens[number], stop
    if after is None:
        return None
    follows_word = stop < len(tokens) and tokens[stop].kind is Kind.WORD
    if tokens[number].kind is not Kind.PERCENT and follows_word:
        return None  # "500 discount cards"
    return tokens[number], stop


def _share_at(terms: Terms, at: int) -> tuple[Discount, int] | None:
    """ "half off": only where nothing else is said to be half."""
    words = words_of(terms.tokens[at : at + 8])
    share = terms.language.shares.at(words, 0)
    after = None if share is None else terms.language.discount_after.at(words, share[0])
    if share is None or after is None:
        return None
    stop = at + share[0] + after[0]
    follows_word = stop < len(terms.tokens) and terms.tokens[stop].kind is Kind.WORD
    return None if follows_word else (Discount(percent=Decimal(share[1])), stop)


def _kind(tokens: Sequence[Token], at: int) -> Kind | None:
    return tokens[at].kind if at < len(tokens) else None


def take_discount(terms: Terms, said: Token | Discount, start: int, stop: int) -> None:
    terms.discount_said = terms.discount_said or span(terms.text, terms.tokens[start:stop])
    if terms.discount is not None:
        terms.object_to(DISCOUNT_UNCLEAR, start, stop)
    else:
        terms.discount = honest_part(terms, said, start, stop, DISCOUNT_RANGE)


def honest_part(
    terms: Terms, said: Token | Discount, start: int, stop: int, out_of_range: str
) -> Discount | None:
    """A share or an amount that can be taken; else what is wrong with it is objected to."""
    if isinstance(said, Token) and said.kind is not Kind.PERCENT:
        problem = amount_problem(said, terms.currency)
        if problem is not None:
            terms.problems.append(Problem(problem, said.text))
            return None
        return Discount(amount=said.value)
    percent = (said.value if isinstance(said, Token) else said.percent) or Decimal(0)
    if 0 < percent < 100 and percent == round(percent, 4):
        return Discount(percent=percent)
    terms.object_to(out_of_range, start, stop)
    return None
