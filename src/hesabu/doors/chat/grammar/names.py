"""Who an invoice is for: the words before or after the amount that are a name.

A name may hold any keyword ("Formal Wear Ltd", "May Due", "Friday Okon"), so words are never searched for
inside it: a name ends where a number, a telephone number, a comma or a plain "for" begins. Between a name and
a description without such a border, capitals decide ("Jane wig 5000"); without capitals, too, the
name is all of it and the description is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.known import Found, Known
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import (
    Kind,
    Token,
    has_letters,
    said,
    trimmed,
)
from hesabu.doors.chat.grammar.types import Problem

WHICH_CUSTOMER = "which_customer"
WORDS_MAX = 7
LOWER_WORDS_MAX = 4
LENGTH_MAX = 80
_NUMBERS = {Kind.NUMBER, Kind.BAD, Kind.PERCENT}
_SEPARATORS = {Kind.COMMA, Kind.BREAK}
_ENDS = _NUMBERS | _SEPARATORS | {Kind.PHONE, Kind.GAP, Kind.EMAIL}


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a message is about, and which words said so."""

    name: str | None = None
    place: tuple[int, int] | None = None
    problem: Problem | None = None


def find_customer(tokens: list[Token], setting: Setting) -> tuple[Who, list[Token]]:
    """Who it is, and the tokens with the name cut out."""
    language = setting.language
    who = _who(tokens, setting)
    if who.place is None:
        return who, tokens
    start, stop = who.place
    while start and tokens[start - 1].low in language.to_words | language.for_words:
        start -= 1
    cut = [
        token.becoming(Kind.GAP) if start <= at < stop else token for at, token in enumerate(tokens)
    ]
    return who, cut


def _who(tokens: Sequence[Token], setting: Setting) -> Who:
    """A known name where the name stands; else what is written there; else a known name elsewhere."""
    language, customers = setting.language, setting.customers
    place = _written(tokens, language, setting.items)
    if not customers:
        return _as_written(tokens, place, language)
    start = _name_start(tokens, language)
    for at in dict.fromkeys((start, *(place[:1] if place else ()))):
        if known_here := customers.at(tokens, at):
            return _known_here(tokens, place, at, known_here)
    has_phone = any(token.kind is Kind.PHONE for token in tokens)
    found = Found() if place is None else customers.like(_bare_words(tokens, place))
    elsewhere = customers.anywhere(tokens)
    if place is None or (elsewhere and not found.names and _is_plain(tokens, place)):
        if elsewhere is None:
            return Who()
        return _elsewhere(tokens, place, elsewhere, language)
    if has_phone or not found.names:
        return _as_written(tokens, place, language)
    if len(found.names) == 1 and not found.is_slip:
        return Who(found.names[0], place)
    written = said(tokens[place[0] : place[1]])
    name = tidy_name(written, language)
    return Who(name, place, Problem(WHICH_CUSTOMER, written, found.names))


def _known_here(
    tokens: Sequence[Token], place: tuple[int, int] | None, at: int, found: tuple[int, str]
) -> Who:
    """ "Jane Wanjiku wig". But "Jane Wanjiku Traders" may be another, or hers and what she bought: which?"""
    stop = at + found[0]
    goes_on = (
        place is not None
        and place[0] == at
        and place[1] > stop
        and tokens[stop].is_capitalised
        and not tokens[stop].text.isupper()
    )
    if not goes_on or place is None:
        return Who(found[1], (at, stop))
    longer = said(tokens[place[0] : place[1]])
    return Who(longer, place, Problem(WHICH_CUSTOMER, longer, (found[1], longer)))


def named(words: str, setting: Setting) -> tuple[str | None, Problem | None]:
    """Whom a few words name: one who is known, a name as it was written, or several to choose from."""
    name = tidy_name(words, setting.language)
    if name is None or not setting.customers:
        return name, None
    found = setting.customers.like(name.lower().split())
    if len(found.names) == 1 and not found.is_slip:
        return found.names[0], None
    if found.names:
        return name, Problem(WHICH_CUSTOMER, trimmed(words), found.names)
    return name, None


def _as_written(tokens: Sequence[Token], place: tuple[int, int] | None, language: Language) -> Who:
    if place is None:
        return Who()
    written = said(tokens[place[0] : place[1]])
    name = tidy_name(written, language)
    if name is None and not _is_nobody(written, language):
        return Who()
    return Who(name, place)


def _bare_words(tokens: Sequence[Token], place: tuple[int, int]) -> list[str]:
    return [t.low for t in tokens[place[0] : place[1]] if t.kind is not Kind.MARK]


def _is_plain(tokens: Sequence[Token], place: tuple[int, int]) -> bool:
    """Without a capital, what is written may as well be what is sold."""
    return not any(t.is_capitalised for t in tokens[place[0] : place[1]])


def _elsewhere(
    tokens: Sequence[Token],
    place: tuple[int, int] | None,
    known_there: tuple[int, int, str],
    language: Language,
) -> Who:
    """ "logo design 75,000 for Jane Wanjiku". All in small letters it could be either's: which?"""
    start, stop, name = known_there
    if place is None or any(t.is_capitalised for t in tokens[start:stop]):
        return Who(name, (start, stop))
    written = tidy_name(said(tokens[place[0] : place[1]]), language)
    if written is None:
        return Who(name, (start, stop))
    said_there = said(tokens[place[0] : place[1]])
    return Who(written, (start, stop), Problem(WHICH_CUSTOMER, said_there, (name, written)))


def tidy_name(words: str, language: Language) -> str | None:
    """As the writer wrote it; a name all in small letters gets its capitals."""
    name = trimmed(words)
    if not has_letters(name) or len(name) > LENGTH_MAX:
        return None
    if _is_nobody(name, language):
        return None
    if name == name.lower():
        name = " ".join(word[:1].upper() + word[1:] for word in name.split())
    return name


def _is_nobody(words: str, language: Language) -> bool:
    """ "invoice me", "bill the customer": a word, but nobody's name."""
    return all(word in language.nobody for word in words.lower().split())


# --- written names ---------------------------------------------------------------------------------


def _name_start(tokens: Sequence[Token], language: Language) -> int:
    """Where the name is first looked for: behind marks, and behind "for" or "to"."""
    start = 0
    leads = language.to_words | language.for_words
    while start < len(tokens) and (
        tokens[start].kind in _SEPARATORS | {Kind.GAP}
        or (tokens[start].kind is Kind.MARK and tokens[start].low not in {"(", '"'})
        or (start == 0 and tokens[start].low in leads)
    ):
        start += 1
    is_led = start < len(tokens) and tokens[start].low in leads
    if is_led and start + 1 < len(tokens) and tokens[start + 1].kind is Kind.WORD:
        start += 1
    return start


def _written(tokens: Sequence[Token], language: Language, items: Known) -> tuple[int, int] | None:
    start = _name_start(tokens, language)
    if start >= len(tokens):
        return None
    if tokens[start].kind in _NUMBERS:
        return _after_amount(tokens, start, language)
    if tokens[start].kind is Kind.PHONE:
        return _first_words(tokens, start + 1, language)
    place = _before_amount(tokens, start, language)
    return _less_item(tokens, place, items) if items and place else place


def _less_item(tokens: Sequence[Token], place: tuple[int, int], items: Known) -> tuple[int, int]:
    """ "jane wig": a thing that is sold ends the name, where no capital says that it belongs to it."""
    start, stop = place
    for at in range(start + 1, stop):
        found = items.at(tokens, at)
        if found and at + found[0] == stop and not tokens[at].is_capitalised:
            return start, at
    return place


def _first_words(tokens: Sequence[Token], at: int, language: Language) -> tuple[int, int] | None:
    """The number came first: the name is what follows it, before or after the amount."""
    while at < len(tokens) and tokens[at].kind in _SEPARATORS | {Kind.GAP, Kind.PHONE, Kind.MARK}:
        at += 1
    if at >= len(tokens):
        return None
    if tokens[at].kind in _NUMBERS:
        place = _after_amount(tokens, at, language)
        is_a_sentence = place is not None and _goes_on_in_small(tokens, place)
        return None if is_a_sentence else place
    return _before_amount(tokens, at, language)


def _goes_on_in_small(tokens: Sequence[Token], place: tuple[int, int]) -> bool:
    """ "0712345678 1000 Web design": beside a telephone number that is what was sold, and no name."""
    start, stop = place
    is_led = start > 0 and tokens[start - 1].kind is Kind.WORD
    following = tokens[stop] if stop < len(tokens) else None
    return (
        not is_led
        and following is not None
        and following.kind is Kind.WORD
        and not following.is_capitalised
    )


def _before_amount(
    tokens: Sequence[Token], start: int, language: Language
) -> tuple[int, int] | None:
    stop = _name_end(tokens, start, language)
    words = [t for t in tokens[start:stop] if t.kind is Kind.WORD]
    if not words:
        return None
    border = tokens[stop] if stop < len(tokens) else None
    is_open = border is None or border.kind in _SEPARATORS
    is_priced = border is not None and (
        border.kind in _NUMBERS
        or border.low in language.at_words | language.price_words | language.led_units
        or border.low in language.times_words | language.count_leads
        or (border.low in {"-", ":", "="} and _is_number(tokens, stop + 1))
    )
    if is_priced and not _described_after(tokens, stop, language):
        return _split_by_capitals(tokens, start, stop, language)
    if (is_open and len(words) > 3) or len(words) > WORDS_MAX:
        return _split_by_capitals(tokens, start, stop, language)
    return start, stop


def _is_number(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].kind in _NUMBERS


def _name_end(tokens: Sequence[Token], start: int, language: Language) -> int:
    at = start
    while at < len(tokens):
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind in _ENDS or token.low in {":", "=", "•"}:
            break
        if token.low == "-" and token.kind is Kind.MARK:
            break
        is_before_number = following is not None and following.kind in _NUMBERS
        if is_before_number and token.low in language.before_numbers:
            break
        if at > start and (
            _is_counted(token, following, language) or _is_priced_noun(tokens, start, at, language)
        ):
            break
        is_for = token.low in language.for_words and at > start
        if is_for and not _is_inside_a_name(tokens, at, language):
            break
        at += 1
    return at


def _is_counted(token: Token, following: Token | None, language: Language) -> bool:
    """ "kilo 2", "viti vitano": what is sold begins here."""
    if following is None or token.kind is not Kind.WORD:
        return False
    is_number = following.kind in _NUMBERS or following.low in language.behind_numbers
    if token.low in language.led_units:
        return is_number
    return (
        following.low in language.behind_numbers
        and not token.is_capitalised
        and not following.is_capitalised
        and token.low not in language.each_starts
    )


def _is_priced_noun(tokens: Sequence[Token], start: int, at: int, language: Language) -> bool:
    """ "bi asha mikeka 4 kwa 12000", all small: the word before a count and its price is what is sold."""
    if at + 3 >= len(tokens) or tokens[at].kind is not Kind.WORD:
        return False
    count, price_word, price = tokens[at + 1 : at + 4]
    is_small = not any(t.is_capitalised for t in tokens[start : at + 1])
    return (
        is_small
        and at - start > 1
        and count.kind is Kind.NUMBER
        and count.text.isdecimal()
        and len(count.text) < 3
        and price_word.low in language.at_words | language.price_words
        and price.kind in _NUMBERS
    )


def _is_inside_a_name(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """ "Center for Arts 5000 for paint": capitals on both sides, and another "for" after the amount."""
    if at + 1 < len(tokens) and tokens[at - 1].low in language.name_heads:
        return tokens[at + 1].kind is Kind.WORD
    if at + 1 >= len(tokens) or not (
        tokens[at - 1].is_capitalised and tokens[at + 1].is_capitalised
    ):
        return False
    has_number = False
    for token in tokens[at + 1 : at + 20]:
        if token.kind in _SEPARATORS | {Kind.PHONE}:
            return False
        if token.kind in _NUMBERS:
            has_number = True
        elif token.low in language.for_words:
            return has_number
    return False


def _described_after(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """Does the number's description follow it in the same part of the message? Not when that part
    goes on to end in another amount: "wig 5000 shoes 3000" describes before.
    """
    stop = next((i for i in range(at, len(tokens)) if tokens[i].kind in _SEPARATORS), len(tokens))
    part = [t for t in tokens[at:stop] if t.kind is not Kind.GAP]
    if sum(map(is_price_like, part)) > 1 and part and is_price_like(part[-1]):
        return False
    return any(t.kind is Kind.WORD and t.low not in language.small_words for t in part)


def _split_by_capitals(
    tokens: Sequence[Token], start: int, stop: int, language: Language
) -> tuple[int, int] | None:
    """ "Jane wig" → Jane. Small letters throughout: all of it, unless it is too long for a name."""
    end = start
    for at in range(start, stop):
        token = tokens[at]
        is_link = token.low in language.name_links and at + 1 < stop
        if is_link and at > start and tokens[at + 1].is_capitalised:
            continue
        if token.kind is Kind.WORD and not token.is_capitalised:
            break
        end = at + 1
    count = sum(t.kind is Kind.WORD for t in tokens[start:stop])
    if end == start:
        return (start, stop) if count <= LOWER_WORDS_MAX else None
    named = sum(t.kind is Kind.WORD for t in tokens[start:end])
    return (start, end) if named <= WORDS_MAX else None


# --- the amount came first -------------------------------------------------------------------------


def _after_amount(
    tokens: Sequence[Token], start: int, language: Language
) -> tuple[int, int] | None:
    leads = [at for at in range(start, len(tokens) - 1) if tokens[at + 1].kind is Kind.WORD]
    for at in leads:
        if tokens[at].low in language.to_words:
            while at + 2 < len(tokens) and tokens[at + 1].low in language.for_words:
                at += 1  # "kutoka kwa Jane"
            stop = _name_end(tokens, at + 1, language)
            return _short(tokens, at + 1, stop)
    fors = [at for at in leads if tokens[at].low in language.for_words]
    if len(fors) > 1:
        first = _short(tokens, fors[0] + 1, _name_end(tokens, fors[0] + 1, language))
        if first is not None and first[1] == fors[1]:
            return first
    for at in fors:
        stop = _name_end(tokens, at + 1, language)
        if all(t.is_capitalised or t.kind is not Kind.WORD for t in tokens[at + 1 : stop]):
            return _short(tokens, at + 1, stop)
    if fors:
        return None
    return _capitals_after(tokens, start, language)


def _capitals_after(
    tokens: Sequence[Token], start: int, language: Language
) -> tuple[int, int] | None:
    """ "500, Monica fish": the first words with a capital behind the amount."""
    at = start
    while at < len(tokens):
        previous = tokens[at - 1].kind if at else Kind.GAP
        begins = previous in _ENDS
        if begins and tokens[at].kind is Kind.WORD and tokens[at].is_capitalised:
            stop = _name_end(tokens, at, language)
            return _split_by_capitals(tokens, at, stop, language)
        at += 1
    return None


def _short(tokens: Sequence[Token], start: int, stop: int) -> tuple[int, int] | None:
    count = sum(t.kind is Kind.WORD for t in tokens[start:stop])
    return (start, stop) if 0 < count <= WORDS_MAX else None
