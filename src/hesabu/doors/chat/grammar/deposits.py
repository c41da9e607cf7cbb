"""Deposits: "50% deposit", "deposit 20k", "half upfront". A share of the total, or an amount of it.

An amount is a deposit only beside another one: "Invoice Jane 5000 deposit" asks for five thousand, and a line called "security
deposit 5000" is a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.discounts import honest_part
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, span, words_of
from hesabu.doors.chat.grammar.types import Discount

DEPOSIT_UNCLEAR = "deposit_unclear"
DEPOSIT_RANGE = "deposit_out_of_range"
_ENDS = {Kind.COMMA, Kind.BREAK}
_BETWEEN = frozenset({":", "=", "-"})


def cut_deposits(terms: Terms) -> None:
    language, words = terms.language, words_of(terms.tokens)
    if not (language.deposit_before.may_be_in(words) or language.deposit_after.may_be_in(words)):
        return
    at = 0
    while at < len(terms.tokens):
        found = None if terms.tokens[at].kind is Kind.GAP else _deposit_at(terms, at)
        if found is None:
            at += 1
            continue
        deposit, stop = found
        if _is_paid(terms, stop):
            stop += 1
            terms.object_to(DEPOSIT_UNCLEAR, at, stop)
        elif terms.deposit is not None:
            terms.object_to(DEPOSIT_UNCLEAR, at, stop)
        else:
            take_deposit(terms, deposit, at, stop)
        terms.cut(at, stop)
        at = stop
    if terms.deposit is not None:
        _cut_balance(terms)


def _cut_balance(terms: Terms) -> None:
    """ "balance on delivery" is what is left beside a deposit, and no part of what was sold."""
    words = words_of(terms.tokens)
    if not terms.language.balance_phrases.may_be_in(words):
        return
    for at in range(len(words)):
        found = terms.language.balance_phrases.at(words, at)
        if found is not None:
            terms.cut(at, at + found[0])
            return


def _is_paid(terms: Terms, at: int) -> bool:
    """ "20k deposit paid": of a payment that was, not of one to ask for."""
    return at < len(terms.tokens) and terms.tokens[at].low in terms.language.paid_words


def take_deposit(terms: Terms, said: Discount | Token, start: int, stop: int) -> None:
    terms.deposit_said = span(terms.text, terms.tokens[start:stop])
    terms.deposit = honest_part(terms, said, start, stop, DEPOSIT_RANGE)


def _deposit_at(terms: Terms, at: int) -> tuple[Discount | Token, int] | None:
    """What a deposit that is said here comes to, and where it ends."""
    tokens, language = terms.tokens, terms.language
    words = words_of(tokens[at : at + 10])
    lead = language.deposit_before.at(words, 0)
    number = lead[0] if lead else 0
    between = _BETWEEN | language.is_words | language.article_words
    while lead and number < len(words) and words[number] in between:
        number += 1
    share = language.shares.at(words, number)
    if share is not None:
        stop, value = number + share[0], Discount(percent=Decimal(share[1]))
    elif number < len(words) and tokens[at + number].kind is Kind.PERCENT:
        stop, value = number + 1, Discount(percent=tokens[at + number].value)
    elif number < len(words) and tokens[at + number].kind in NUMBERS:
        return _amount(terms, at, number, lead)
    else:
        return None
    after = language.deposit_after.at(words, stop)
    is_said = after is not None or (lead is not None and lead[1])
    return (value, at + stop + (after[0] if after else 0)) if is_said else None


def _amount(
    terms: Terms, at: int, number: int, lead: tuple[int, bool] | None
) -> tuple[Token, int] | None:
    tokens = terms.tokens
    token = tokens[at + number]
    after = terms.language.deposit_after.at(words_of(tokens[at + number + 1 : at + number + 6]), 0)
    if (
        after
        and at + number + 1 + after[0] < len(tokens)
        and (tokens[at + number + 1 + after[0]].kind in NUMBERS | {Kind.PERCENT})
    ):
        after = None  # "5000 deposit 2000": the second word leads the next number
    if after is None and not (lead and lead[1]):
        return None
    stop = at + number + 1 + (after[0] if after else 0)
    has_others = any(t.kind in NUMBERS for part in (tokens[:at], tokens[stop:]) for t in part)
    if not has_others or not is_price_like(token):
        return None
    if lead and lead[1] and _is_a_line(tokens, at, stop):
        return None
    if (
        after
        and stop < len(tokens)
        and tokens[stop].kind is Kind.WORD
        and not _ends_here(terms, stop)
    ):
        return None  # "5000 advance training"
    return token, stop


def _ends_here(terms: Terms, stop: int) -> bool:
    """Does what follows belong to something else: a due day, "for", tax, a courtesy?"""
    language = terms.language
    token = terms.tokens[stop]
    return (
        token.low
        in language.for_words | language.and_words | language.polite_lines | language.paid_words
        or language.due_leads.at(words_of(terms.tokens[stop : stop + 6]), 0) is not None
        or language.discount_before.at(words_of(terms.tokens[stop : stop + 6]), 0) is not None
    )


def _is_a_line(tokens: Sequence[Token], at: int, stop: int) -> bool:
    """ "rent 15000, security deposit 5000": words before it, and no other amount, in its part of the message."""
    start = at
    while start and tokens[start - 1].kind not in _ENDS:
        start -= 1
    end = stop
    while end < len(tokens) and tokens[end].kind not in _ENDS:
        end += 1
    if start == 0 and end == len(tokens):
        return False
    has_words = any(t.kind is Kind.WORD for t in tokens[start:at])
    others = [*tokens[start:at], *tokens[stop:end]]
    return start > 0 and has_words and not any(t.kind in NUMBERS for t in others)
