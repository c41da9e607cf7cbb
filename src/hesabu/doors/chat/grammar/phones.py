"""Finding telephone numbers among amounts, by their shape.

"0712 345 678 75,000" is a number and an amount: groups are joined only until they make a valid number,
and a group with a thousands mark is never part of one. What begins like a telephone number and is none
is a problem; it is never read as money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from hesabu.doors.chat.grammar.countries import country_named
from hesabu.doors.chat.grammar.digits import DATE_SHAPE

_GROUP = re.compile(r"(?<![\w.,/#=-])(?:\(\+?\d{1,9}+\)|\+?\d{1,18}+(?:[-.]\d{2,9}+){0,5}+)")
_FOLLOWED = re.compile(r"[\w/%=]|[.,']\d|-\w")
_TRIES_MAX = 60
_GROUPS_MAX = 6
_DIGITS_MAX = 15


@dataclass(frozen=True, slots=True)
class FoundPhone:
    start: int
    end: int
    e164: str | None
    """None when it begins like a telephone number and is none."""
    is_weak: bool = False
    """Nine bare digits: a telephone number without its zero, or a very large amount."""


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    text: str
    digits: str


def find_phones(text: str, country: str) -> list[FoundPhone]:
    """The telephone numbers in a text, from left to right; never more than a few are tried."""
    found: list[FoundPhone] = []
    tries = _TRIES_MAX
    for run in _runs(text):
        at = 0
        while at < len(run) and tries > 0:
            taken, phone, tried = _phone_at(run, at, country)
            tries -= tried
            if phone is not None:
                found.append(phone)
            at += max(taken, 1)
    return found


def _runs(text: str) -> Iterator[list[_Group]]:
    """Groups of digits parted by single spaces only."""
    run: list[_Group] = []
    for match in _GROUP.finditer(text):
        start, end = match.span()
        if _FOLLOWED.match(text, end) or DATE_SHAPE.fullmatch(match.group()):
            continue
        if run and not (start == run[-1].end or text[run[-1].end : start] in {" ", " - ", "  "}):
            yield run
            run = []
        digits = "".join(c for c in match.group() if c.isdecimal())
        if not _may_be_written_so(match.group(), digits):
            continue
        run.append(_Group(start, end, match.group(), digits))
    if run:
        yield run


def _may_be_written_so(group: str, digits: str) -> bool:
    """0712.345.678 and 0712-345-678; but 1300000.01 is money and 5000-6000 a range."""
    if "." not in group and "-" not in group:
        return True
    parts = re.split(r"[-.]", group)
    is_grouped = group.startswith(("+", "0")) or all(len(part) <= 4 for part in parts)
    return is_grouped and len(digits) >= 9 and not _DECIMAL.fullmatch(group)


_DECIMAL = re.compile(r"\d+\.\d{1,2}")


def _phone_at(run: Sequence[_Group], at: int, country: str) -> tuple[int, FoundPhone | None, int]:
    """How many groups a telephone number takes from here, the number, and what it cost to know."""
    first = run[at]
    calling_code = country_named(country).calling_code
    is_international = "+" in first.text or first.digits.startswith("00")
    is_national = not is_international and first.digits.startswith("0")
    is_bare_international = first.digits.startswith(calling_code) or len(first.digits) >= 11
    is_weak = not (is_international or is_national or is_bare_international)
    if is_weak and not _weak_start(run, at):
        return 1, None, 0
    tried = 0
    digits = ""
    for length, group in enumerate(run[at : at + _GROUPS_MAX], start=1):
        if length > 1 and "+" in group.text:
            break
        digits += group.digits
        if len(digits) > _DIGITS_MAX:
            break
        if len(digits) < (9 if is_weak else 7):
            continue
        tried += 1
        dialled = digits
        if is_international:
            dialled = "+" + digits.removeprefix("00") if "+" not in first.text else "+" + digits
        elif is_bare_international and not is_national:
            dialled = "+" + digits
        e164 = valid(dialled, country)
        if e164 is not None:
            return length, FoundPhone(first.start, group.end, e164, is_weak), tried
        if is_weak:
            break
    if is_international or is_national or _looks_bare(first, calling_code):
        return (*_broken(run, at), tried)
    return 1, None, tried


def _weak_start(run: Sequence[_Group], at: int) -> bool:
    """712345678 or 712 345 678, and no round number."""
    if len(run[at].digits) not in {3, 9}:
        return False
    three = run[at : at + 3]
    is_whole = len(run[at].digits) == 9
    is_grouped = len(three) == 3 and all(len(g.digits) == 3 for g in three)
    digits = run[at].digits if is_whole else "".join(g.digits for g in three)
    return (is_whole or is_grouped) and not digits.endswith("0000")


def _looks_bare(group: _Group, calling_code: str) -> bool:
    return group.digits.startswith(calling_code) and len(group.digits) in {11, 13}


def _broken(run: Sequence[_Group], at: int) -> tuple[int, FoundPhone | None]:
    """What begins like a number and is none: short groups together, a long one alone."""
    first = run[at]
    end, digits, length = first.end, len(first.digits), 1
    for group in run[at + 1 : at + _GROUPS_MAX]:
        if len(first.digits) >= 7 or len(group.digits) > 4 or digits + len(group.digits) > 10:
            break
        end, digits, length = group.end, digits + len(group.digits), length + 1
    if digits < 6:
        return 1, None
    return length, FoundPhone(first.start, end, None)


@lru_cache(maxsize=4096)
def valid(dialled: str, country: str) -> str | None:
    """E.164, when there can be such a number."""
    try:
        number = phonenumbers.parse(dialled, country.upper())
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
