"""Everything of an invoice that is not who, what and how much, cut out where it is said: e-mail, tax, due day, deposit,
discount, and a total that is stated.
"""

from __future__ import annotations

from hesabu.doors.chat.grammar.deposits import cut_deposits
from hesabu.doors.chat.grammar.discounts import cut_discounts
from hesabu.doors.chat.grammar.due import cut_due
from hesabu.doors.chat.grammar.taxes import cut_tax
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, words_of


def cut_terms(terms: Terms) -> Terms:
    """Everything that is not who, what and how much."""
    _cut_emails(terms)
    cut_tax(terms)
    cut_due(terms)
    cut_deposits(terms)
    cut_discounts(terms)
    _cut_total(terms)
    _cut_amount_leads(terms)
    return terms


def _cut_amount_leads(terms: Terms) -> None:
    """ "the amount is 5000" says no more than the number."""
    words = words_of(terms.tokens)
    if not terms.language.amount_leads.may_be_in(words):
        return
    for at in range(len(words)):
        found = terms.language.amount_leads.at(words, at)
        number = at + found[0] if found is not None else len(words)
        if number < len(words) and terms.tokens[number].kind in NUMBERS:
            terms.cut(at, number)


def _cut_emails(terms: Terms) -> None:
    for at, token in enumerate(terms.tokens):
        if token.kind is Kind.EMAIL:
            terms.email = terms.email or token.low
            terms.cut(at, at + 1)


def _cut_total(terms: Terms) -> None:
    """A total said beside other amounts is checked against them; alone it is simply the amount."""
    words = words_of(terms.tokens)
    numbers = sum(t.kind in NUMBERS for t in terms.tokens)
    for at, token in enumerate(terms.tokens):
        if token.kind is Kind.GAP:
            continue
        phrase = terms.language.total_phrases.at(words, at)
        if phrase is None:
            continue
        length = phrase[0]
        number = at + length
        while number < min(len(words), at + 6) and (
            words[number] in {":", "="} | terms.language.is_words
        ):
            number += 1
        if number >= len(words) or terms.tokens[number].kind not in NUMBERS:
            if at and terms.tokens[at - 1].kind in NUMBERS:
                terms.cut(at, at + length)
            continue
        if numbers > 1 and terms.total is None:
            terms.total = terms.tokens[number]
            terms.cut(at, number + 1)
        else:
            terms.cut(at, number)
        return
