"""Who an invoice is for: the words before or after the amount that are a name.

A name may hold any keyword ("Formal Wear Ltd", "May Due", "Friday Okon"), so words are never searched for
inside it: a name ends where a number, a telephone number, a comma or a plain "for" begins. Between a name and
a description without such a border, capitals decide ("Jane wig 5000"); without capitals, too, the
name is all of it and the description is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.text import (
    Kind,
    Token,
    clean,
    has_letters,
    said,
    tokens_of,
    trimmed,
    words_of,
)

WORDS_MAX = 7
LOWER_WORDS_MAX = 4
LENGTH_MAX = 80
_NUMBERS = {Kind.NUMBER, Kind.BAD, Kind.PERCENT}
_SEPARATORS = {Kind.COMMA, Kind.BREAK}
_ENDS = _NUMBERS | _SEPARATORS | {Kind.PHONE, Kind.GAP, Kind.EMAIL}


def find_customer(
    tokens: list[Token], language: Language, known_names: Sequence[str]
) -> tuple[str | None, list[Token]]:
    """The name, and the tokens with it cut out."""
    known = _known(tokens, known_names)
    place = known[1] if known else _written(tokens, language)
    if place is None:
        return None, tokens
    start, stop = place
    name = known[0] if known else tidy_name(said(tokens[start:stop]), language)
    if name is None and not _is_nobody(said(tokens[start:stop]), language):
        return None, tokens
    if start and tokens[start - 1].low in language.to_words | language.for_words:
        start -= 1
    cut = [
        token.becoming(Kind.GAP) if start <= at < stop else token for at, token in enumerate(tokens)
    ]
    return name, cut


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


# --- known names -----------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def _words_of_name(name: str) -> tuple[str, ...]:
    return tuple(words_of(tokens_of(clean(name))))


def _known(
    tokens: Sequence[Token], known_names: Sequence[str]
) -> tuple[str, tuple[int, int]] | None:
    """The longest known name in the message; of equals the first."""
    if not known_names:
        return None
    words = words_of(tokens)
    present = set(words)
    best: tuple[str, tuple[int, int]] | None = None
    for known in known_names:
        name = _words_of_name(known)
        if not name or name[0] not in present:
            continue
        for at in range(len(words) - len(name) + 1):
            if words[at] == name[0] and tuple(words[at : at + len(name)]) == name:
                if any(t.kind in _SEPARATORS | {Kind.GAP} for t in tokens[at : at + len(name)]):
                    continue
                if best is None or len(name) > best[1][1] - best[1][0]:
                    best = known, (at, at + len(name))
                break
    return best


def starts_with_known(tokens: Sequence[Token], known_names: Sequence[str]) -> bool:
    words = words_of(tokens)
    return any(
        (name := _words_of_name(known)) and tuple(words[: len(name)]) == name
        for known in known_names
    )


# --- written names ---------------------------------------------------------------------------------


def _written(tokens: Sequence[Token], language: Language) -> tuple[int, int] | None:
    start = 0
    while start < len(tokens) and (
        tokens[start].kind in _SEPARATORS | {Kind.GAP}
        or (tokens[start].kind is Kind.MARK and tokens[start].low not in {"(", '"'})
        or (start == 0 and tokens[start].low in language.to_words | language.for_words)
    ):
        start += 1
    if start >= len(tokens):
        return None
    is_led = tokens[start].low in language.for_words | language.to_words
    if is_led and start + 1 < len(tokens) and tokens[start + 1].kind is Kind.WORD:
        start += 1
    if tokens[start].kind in _NUMBERS:
        return _after_amount(tokens, start, language)
    if tokens[start].kind is Kind.PHONE:
        return _first_words(tokens, start + 1, language)
    return _before_amount(tokens, start, language)


def _first_words(tokens: Sequence[Token], at: int, language: Language) -> tuple[int, int] | None:
    """The number came first: the name is what follows it, before or after the amount."""
    while at < len(tokens) and tokens[at].kind in _SEPARATORS | {Kind.GAP, Kind.PHONE, Kind.MARK}:
        at += 1
    if at >= len(tokens):
        return None
    if tokens[at].kind in _NUMBERS:
        return _after_amount(tokens, at, language)
    return _before_amount(tokens, at, language)


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
        or border.low in language.at_words
        or border.low in language.times_words
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
        if is_before_number and token.low in language.at_words | language.times_words:
            break
        is_for = token.low in language.for_words and at > start
        if is_for and not _is_inside_a_name(tokens, at, language):
            break
        at += 1
    return at


def _is_inside_a_name(tokens: Sequence[Token], at: int, language: Language) -> bool:
    """ "Center for Arts 5000 for paint": capitals on both sides, and another "for" after the amount."""
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
