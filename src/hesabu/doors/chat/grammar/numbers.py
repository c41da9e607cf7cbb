"""All numbers of a message: chunks opened, words put together, currencies taken in.

"KES 75 000" is one number; "75 000" alone may be two, so it is asked about. So is what is glued: 10^6, 5000+500.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import UNCLEAR, is_price_like
from hesabu.doors.chat.grammar.countries import SHILLINGS, currency_sign, currency_word
from hesabu.doors.chat.grammar.digits import read_chunk
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.spoken import read_spoken
from hesabu.doors.chat.grammar.text import Kind, Token, words_of

_CAPITAL_SIGNS = {"N": "NGN", "R": "ZAR"}
_SMALL_SIGNS = {"NGN": "n", "ZAR": "r"}
"""At home the sign is typed small, too: r1500."""
_LENGTH_MAX = 24


def read_numbers(
    tokens: Sequence[Token], language: Language, decimal_mark: str, currency: str = "KES"
) -> list[Token]:
    """All numbers of a message read: spoken ones put together, currencies taken in."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind is Kind.CHUNK:
            opened.extend(read_chunk(token, language, decimal_mark))
        elif token.kind is Kind.WORD and token.low[-1].isdigit():
            opened.extend(_unglued(token, language, decimal_mark, currency))
        else:
            opened.append(token)
    opened = read_spoken(opened, language)
    opened = _with_currency(opened, language, currency)
    opened = _with_percent(opened, language)
    return _less_vague(_said_once(_glued(_spaced_thousands(opened))), language)


def _unglued(token: Token, language: Language, decimal_mark: str, currency: str) -> list[Token]:
    """elfu5 → elfu 5, where the multiplier leads; r1500 → r 1500, where the rand is at home."""
    word = token.low.rstrip("0123456789.,")
    if word not in language.leading_multipliers and word != _SMALL_SIGNS.get(currency):
        return [token]
    cut = token.start + len(word)
    count = Token(Kind.CHUNK, token.text[len(word) :], token.low[len(word) :], cut, token.end)
    first = Token(Kind.WORD, token.text[: len(word)], word, token.start, cut)
    return [first, *read_chunk(count, language, decimal_mark)]


# --- per cent in words ---


def _with_percent(tokens: list[Token], language: Language) -> list[Token]:
    """10 percent, ten per cent, asilimia kumi → 10%."""
    words = words_of(tokens)
    said = language.percent_before.union(*(p.split() for p in language.percent_words.meanings))
    if said.isdisjoint(words):
        return tokens
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        is_led = words[at] in language.percent_before
        number = at + is_led
        value = _share(tokens, number, language)
        after = language.percent_words.at(words, number + 1)
        if value is None or not (is_led or after):
            read.append(tokens[at])
            at += 1
            continue
        last = number + (after[0] if after else 0)
        here = tokens[at : last + 1]
        text = " ".join(t.text for t in here)
        start, end = here[0].start, here[-1].end
        read.append(Token(Kind.PERCENT, text, text.lower(), start, end, value))
        at = last + 1
    return read


def _share(tokens: Sequence[Token], at: int, language: Language) -> Decimal | None:
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind is Kind.NUMBER and token.currency is None:
        return token.value
    count = language.small_numbers.get(token.low) or language.tens.get(token.low)
    return None if count is None else Decimal(count)


# --- currencies ---


def _with_currency(tokens: list[Token], language: Language, currency: str) -> list[Token]:
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        after = tokens[at + 2] if at + 2 < len(tokens) else None
        code = _code_before(token, currency)
        if code and following is not None and following.low == "." and after is not None:
            following, dotted = after, 2
        else:
            dotted = 1
        if code and following is not None and after is not None and after.value:
            glued = token.end == following.start and following.end == after.start
            if glued and following.low == "-":
                negative = replace(
                    after, value=-after.value, text=f"-{after.text}", start=following.start
                )
                read.append(_joined(token, negative, code, currency))
                at += 3
                continue
        if code and following is not None and following.kind in {Kind.NUMBER, Kind.BAD}:
            joined = _joined(token, following, code, currency)
            at += dotted + 1
        elif token.kind in {Kind.NUMBER, Kind.BAD}:
            joined = token if token.currency is None else _own(token, currency)
            at += 1
        else:
            read.append(token)
            at += 1
            continue
        while at < len(tokens):
            code = _code_after(tokens[at], joined)
            if code is None and tokens[at].low not in language.only_words:
                break
            if code is not None and _belongs_to_next(tokens, at, joined):
                break
            joined = _joined(joined, tokens[at], code, currency)
            at += 1
        read.append(joined)
    return read


def _less_vague(tokens: list[Token], language: Language) -> list[Token]:
    """ "about 5000" is a number that nobody can be asked to pay."""
    read: list[Token] = []
    for token in tokens:
        before = read[-1] if read else None
        is_vague = before is not None and before.low in language.vague_words
        if before is not None and is_vague and token.kind is Kind.NUMBER and is_price_like(token):
            text = f"{before.text} {token.text}"
            read[-1] = replace(
                token,
                kind=Kind.BAD,
                problem=UNCLEAR,
                text=text,
                low=text.lower(),
                start=before.start,
            )
        else:
            read.append(token)
    return read


def _belongs_to_next(tokens: Sequence[Token], at: int, number: Token) -> bool:
    """Between two numbers, "500, KES 300": a sign goes with the one it touches, else with the next."""
    if currency_word(tokens[at].low) or tokens[at].start == number.end or at + 1 >= len(tokens):
        return False
    return tokens[at + 1].kind in {Kind.NUMBER, Kind.BAD}


def _code_before(token: Token, currency: str) -> str | None:
    if token.kind not in {Kind.WORD, Kind.MARK}:
        return None
    if token.text == _SMALL_SIGNS.get(currency):
        return currency
    return currency_sign(token.low) or _CAPITAL_SIGNS.get(token.text.rstrip("."))


def _code_after(token: Token, number: Token) -> str | None:
    if token.kind not in {Kind.WORD, Kind.MARK} or number.currency is not None:
        return None
    return currency_sign(token.low) or currency_word(token.low)


def _joined(first: Token, second: Token, code: str | None, currency: str) -> Token:
    """A number with its currency, spanning both. "only" after it adds nothing but its length."""
    number = second if second.kind in {Kind.NUMBER, Kind.BAD} else first
    text = f"{first.text}{' ' if second.start > first.end else ''}{second.text}"
    joined = replace(
        number, text=text, low=text.lower(), start=first.start, end=second.end, is_marked=True
    )
    return joined if code is None else _own(replace(joined, currency=code), currency)


def _own(token: Token, currency: str) -> Token:
    """Settle whose shilling it is; the rand's R and the naira's N only at home."""
    code = token.currency
    if code == "local":
        code = currency if currency in SHILLINGS else "shilling"
    return replace(token, currency=code, is_marked=True)


# --- spaces as thousands marks -----------------------------------------------------------------------


def _spaced_thousands(tokens: list[Token]) -> list[Token]:
    """ "KES 75 000" is one number; "75 000" alone may be two, so it is asked about."""
    read: list[Token] = []
    for token in tokens:
        before = read[-1] if read else None
        if (
            before is not None
            and before.kind in {Kind.NUMBER, Kind.BAD}
            and token.kind is Kind.NUMBER
            and token.start - before.end == 1
            and len(before.text) < _LENGTH_MAX
            and _ends_in_group(before)
            and _is_group(token)
        ):
            joined = replace(
                before,
                text=f"{before.text} {token.text}",
                low=f"{before.low} {token.low}",
                end=token.end,
                value=(before.value or Decimal(0)) * 1000 + (token.value or Decimal(0)),
                is_marked=True,
            )
            if before.currency is None and token.currency is None:
                joined = replace(joined, kind=Kind.BAD, problem=UNCLEAR)
            read[-1] = (
                joined if token.currency is None else replace(joined, currency=token.currency)
            )
        else:
            read.append(token)
    return read


_LAST_GROUP = re.compile(r"(?:^|[^\d.,'])(\d{1,3})(?: \d{3})*$")


def _ends_in_group(token: Token) -> bool:
    if token.kind is Kind.BAD and " " not in token.text:
        return False
    return bool(_LAST_GROUP.search(token.text[-40:])) and (token.value or 0) > 0


def _is_group(token: Token) -> bool:
    digits = token.text.split()[0] if token.text else ""
    return bool(re.fullmatch(r"\d{3}(?:/[=-])?", digits))


def _said_once(tokens: list[Token]) -> list[Token]:
    """ "5,000 (five thousand only)": the same amount again, in words, as on a cheque."""
    read: list[Token] = []
    at = 0
    while at < len(tokens):
        first, opening, again, closing = [*tokens[at : at + 4], None, None, None, None][:4]
        read.append(tokens[at])
        at += 1
        if first is None or opening is None or again is None or closing is None:
            continue
        is_bracketed = opening.low == "(" and closing.low == ")"
        if is_bracketed and again.kind is Kind.NUMBER and first.value == again.value:
            at += 3
    return read


def _glued(tokens: list[Token]) -> list[Token]:
    """10^6, 5000+500, 5~6: numbers glued together by a sign are none we dare to read."""
    read: list[Token] = []
    for token in tokens:
        if (
            len(read) > 1
            and token.kind is Kind.NUMBER
            and read[-2].kind in {Kind.NUMBER, Kind.BAD}
            and read[-1].kind is Kind.MARK
            and read[-1].low not in "x×*@="
            and read[-2].end == read[-1].start
            and read[-1].end == token.start
        ):
            first, mark = read[-2], read[-1]
            text = f"{first.text}{mark.text}{token.text}"
            read[-2:] = [
                replace(
                    first,
                    kind=Kind.BAD,
                    problem=UNCLEAR,
                    text=text,
                    low=text.lower(),
                    end=token.end,
                )
            ]
        else:
            read.append(token)
    return read
