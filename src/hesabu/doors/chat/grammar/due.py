"""The due day of an invoice. A day that is none ("cleaning on Friday", "rent for 30 Nov") stays in the description, and
its numbers are no longer money.
"""

from __future__ import annotations

from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.days import UNCLEAR as DATE_UNCLEAR
from hesabu.doors.chat.grammar.days import Day
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, words_of

_ENDS = {Kind.COMMA, Kind.BREAK}


def cut_due(terms: Terms) -> None:
    at = 0
    has_amount = False
    words = words_of(terms.tokens)
    while at < len(terms.tokens):
        token = terms.tokens[at]
        lead = None if token.kind is Kind.GAP else terms.language.due_leads.at(words, at)
        if lead is not None and (taken := _led_day(terms, at, lead[0])):
            at += taken
            continue
        if token.kind in NUMBERS and token.is_marked:
            has_amount = True
        day = (
            None if token.kind in _ENDS else read_day(terms.tokens, at, terms.today, terms.language)
        )
        if day is None or (day.is_named and not _is_unnamed(terms, at)):
            has_amount = has_amount or token.kind in NUMBERS
            at += 1
            continue
        if _stands_alone(terms, at, day):
            _take_day(terms, at, at + day.length, day)
            at += day.length
        elif has_amount or not _is_in_a_name(terms, at):
            _keep_as_words(terms, at, day.length)
            at += day.length
        else:
            at += 1


def _led_day(terms: Terms, at: int, lead: int) -> int:
    """The day after "due"; how many tokens it took, 0 if "due" was no such word."""
    day = read_day(terms.tokens, at + lead, terms.today, terms.language, is_led=True)
    if day is not None:
        stop = at + lead + day.length
        if other := _or_another_day(terms, stop):
            terms.object_to(DATE_UNCLEAR, at, other)
            terms.cut(at, other)
            return other - at
        _take_day(terms, at, stop, day)
        return lead + day.length
    token = terms.tokens[at]
    if token.low not in terms.language.due_words or token.is_capitalised:
        return 0
    stop = at + lead
    while stop < len(terms.tokens) and stop < at + lead + 3:
        if terms.tokens[stop].kind in _ENDS or terms.tokens[stop].kind in {Kind.PHONE, Kind.GAP}:
            break
        if terms.tokens[stop].low in terms.language.for_words:
            break
        stop += 1
    following = terms.tokens[at + lead : stop]
    if not following or _is_money(following[0]):
        return 0
    terms.object_to(DATE_UNCLEAR, at, stop)
    terms.cut(at, stop)
    return stop - at


def _or_another_day(terms: Terms, at: int) -> int:
    """ "due Friday or Saturday": where the second of them ends; 0 if there is none."""
    if at >= len(terms.tokens) or terms.tokens[at].low not in terms.language.or_words:
        return 0
    other = read_day(terms.tokens, at + 1, terms.today, terms.language, is_led=True)
    return at + 1 + other.length if other is not None else 0


def _is_money(token: Token) -> bool:
    return token.kind in NUMBERS and (
        token.is_marked or token.value is None or abs(token.value) >= 100
    )


def _take_day(terms: Terms, start: int, stop: int, day: Day) -> None:
    if day.problem is not None:
        terms.object_to(day.problem, start, stop)
    elif terms.due_on not in {None, day.on}:
        terms.object_to(DATE_UNCLEAR, start, stop)
    else:
        terms.due_on = day.on
    terms.cut(start, stop)


def _is_unnamed(terms: Terms, at: int) -> bool:
    """A lone weekday counts only where no name can be: after an amount, a comma, something cut out."""
    return at > 0 and terms.tokens[at - 1].kind in _ENDS | NUMBERS | {Kind.GAP, Kind.PHONE}


def _stands_alone(terms: Terms, at: int, day: Day) -> bool:
    """A day without "due" is the due day if it ends the message or its part of it, and is not
    the tail of a description: "5000, 30 Nov"; "logo 5000 in 7 days"; not "rent for 30 Nov".
    """
    if at == 0:
        return False
    stop = at + day.length
    following = terms.tokens[stop] if stop < len(terms.tokens) else None
    is_end = following is None or following.kind in _ENDS | {Kind.GAP, Kind.PHONE}
    if following is not None and not is_end and not _is_courtesy(terms, stop):
        return False
    before = terms.tokens[at - 1]
    if before.kind in _ENDS | NUMBERS | {Kind.GAP, Kind.PHONE}:
        return True
    return day.is_soft and before.low not in terms.language.for_words | terms.language.of_words


def _is_courtesy(terms: Terms, at: int) -> bool:
    rest = terms.tokens[at : at + 8]
    return all(t.low in terms.language.polite_lines or t.low in ".!" for t in rest)


def _is_in_a_name(terms: Terms, at: int) -> bool:
    """Before the first amount a month may be a person: "June 15 bags at 500"."""
    return terms.tokens[at].low in terms.language.months or terms.tokens[at].kind in NUMBERS


def _keep_as_words(terms: Terms, at: int, length: int) -> None:
    for place in range(at, at + length):
        if terms.tokens[place].kind in NUMBERS:
            terms.tokens[place] = terms.tokens[place].becoming(Kind.WORD)
