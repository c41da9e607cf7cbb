"""Days, as people say them, counted from today.

A weekday is the next one after today. "next Friday" is the Friday of next week (Monday to Sunday), "this Friday" the one of
this week. A day without a year is the coming one; if that lies so far ahead that the one just passed
is likelier meant, the writer is asked. Nothing past, and nothing more than a year ahead, is taken.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from hesabu.doors.chat.grammar.days import (
    AHEAD_MAX_DAYS,
    IMPOSSIBLE,
    PAST,
    TOO_FAR,
    UNCLEAR,
    Day,
    coming,
    dated,
    last_of,
    month_after,
    months_on,
)
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.noun_first import read_turned_day
from hesabu.doors.chat.grammar.text import Kind, Token, words_of
from hesabu.doors.chat.grammar.typos import is_slip_of

_RETYPED_WORDS = 4
_RETYPED_LETTERS = 5


def read_day(
    tokens: Sequence[Token], at: int, today: date, language: Language, *, is_led: bool = False
) -> Day | None:
    """The day said at this place, or None. ``is_led``: after "due", where "7 days" and "15" do."""
    if at >= len(tokens):
        return None
    first = tokens[at].low
    if not is_led and not first[0].isdecimal() and first not in language.day_starts:
        return None
    words = words_of(tokens[at : at + 12])
    if is_led:
        words = _retyped(words, language)
    skipped = 0
    while skipped < len(words) and words[skipped] in language.on_words and is_led:
        skipped += 1
    turned = read_turned_day(words[skipped:], today, language, is_led=is_led)
    if turned is not None:
        return _within_reach(turned, skipped, today)
    for read in (
        _weekday_of_next_week,
        _phrase,
        _in_a_while,
        _relative,
        _numeric,
        _month_day,
        _day_month,
        _ordinal,
    ):
        day = read(tokens[at + skipped : at + 12], words[skipped:], today, language, is_led)
        if day is not None:
            return _within_reach(day, skipped, today)
    return None


def _retyped(words: list[str], language: Language) -> list[str]:
    """ "due Mondy", "due tomorw": behind "due" a slip in a day's name can be nothing else."""
    for at, word in enumerate(words[:_RETYPED_WORDS]):
        if len(word) < _RETYPED_LETTERS or not word.isalpha() or word in language.day_starts:
            continue
        if word in language.months or word in language.spans:
            continue
        near = [name for name in language.day_names if is_slip_of(word, name)]
        if len({language.weekdays.get(name, name) for name in near}) == 1:
            return [*words[:at], near[0], *words[at + 1 :]]
    return words


def _within_reach(day: Day, skipped: int, today: date) -> Day:
    problem = day.problem
    if day.on is not None:
        if day.on < today:
            problem = PAST
        elif (day.on - today).days > AHEAD_MAX_DAYS:
            problem = TOO_FAR
    on = None if problem else day.on
    return Day(day.length + skipped, on, problem, day.is_soft, day.is_named)


_Words = Sequence[str]


def _weekday_of_next_week(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    """next week Friday, wiki ijayo Ijumaa."""
    phrase = language.day_phrases.at(words, 0)
    if phrase is None or phrase[1] != "next_week":
        return None
    at = phrase[0]
    while at < len(words) and words[at] in language.day_words:
        at += 1
    weekday = language.weekdays.get(words[at]) if at < len(words) else None
    if weekday is None:
        return None
    monday = today - timedelta(days=today.weekday())
    return Day(at + 1, monday + timedelta(days=7 + weekday), is_soft=True)


def _phrase(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    phrase = language.day_phrases.at(words, 0)
    if phrase is None:
        return None
    length, rule = phrase
    if rule == "end_of":
        rest = words[length:]
        if rest and rest[0] in language.months:
            month = language.months[rest[0]]
            year = today.year + (month < today.month)
            return Day(length + 1, last_of(year, month), is_soft=True)
        return None
    sunday = today + timedelta(days=6 - today.weekday())
    known = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "day_after_tomorrow": today + timedelta(days=2),
        "third_day": today + timedelta(days=3),
        "fourth_day": today + timedelta(days=4),
        "yesterday": today - timedelta(days=1),
        "day_before_yesterday": today - timedelta(days=2),
        "end_of_month": last_of(today.year, today.month),
        "end_of_next_month": last_of(*month_after(today, 1)),
        "end_of_year": date(today.year, 12, 31),
        "end_of_week": sunday,
        "next_week": today + timedelta(days=7),
        "fortnight": today + timedelta(days=14),
        "next_month": months_on(today, 1),
        "first_of_next_month": date(*month_after(today, 1), 1),
    }
    is_named = tokens[0].text.istitle() and words[0] in language.name_days
    return Day(length, known[rule], is_soft=not is_named, is_named=is_named)


def _in_a_while(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    """in 7 days, within two weeks, net 30, after a month; after "due" also: 7 days."""
    at = 0
    if words and words[0] in language.in_words:
        at = 1
    elif not is_led:
        return None
    is_net = at == 1 and words[0] in language.net_words
    if at >= len(words):
        return None
    count = _count(tokens[at], language)
    if count is None:
        return None
    at += 1
    if at < len(words) and words[at] in language.or_words and at + 1 < len(words):
        return None
    unit = language.spans.get(words[at]) if at < len(words) else None
    if unit is None:
        return Day(at, today + timedelta(days=count), is_soft=True) if is_net else None
    return _after(today, count, unit, at + 1)


def _after(today: date, count: int, unit: str, length: int) -> Day:
    if count > 1000:
        return Day(length, None, TOO_FAR, is_soft=True)
    if unit == "month":
        return Day(length, months_on(today, count), is_soft=True)
    if unit == "year":
        return Day(length, months_on(today, 12 * count), is_soft=True)
    days = count * (7 if unit == "week" else 1)
    return Day(length, today + timedelta(days=days), is_soft=True)


def _count(token: Token, language: Language) -> int | None:
    if token.kind in {Kind.NUMBER, Kind.CHUNK} and token.text.isdecimal() and len(token.text) < 5:
        return int(token.text)
    if token.low in language.one_words:
        return 1
    if token.low in language.small_numbers:
        return language.small_numbers[token.low]
    return language.tens.get(token.low)


def _relative(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    """Friday, next Friday, this Friday, last Friday; Friday next week."""
    if not words:
        return None
    lead = words[0]
    is_next, is_this = lead in language.next_words, lead in language.this_words
    is_last = lead in language.last_words
    at = 1 if is_next or is_this or is_last or lead in language.day_words else 0
    if at >= len(words) or words[at] not in language.weekdays:
        return None
    weekday = language.weekdays[words[at]]
    monday = today - timedelta(days=today.weekday())
    length = at + 1
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    on = today + timedelta(days=ahead)
    if is_next or _next_week_follows(words, length, language):
        on = monday + timedelta(days=7 + weekday)
        length += 0 if is_next else 2
    elif is_this:
        on = monday + timedelta(days=weekday)
    elif is_last:
        on = today - timedelta(days=7 - ahead if ahead < 7 else 7)
    day_after = _numbered_day(tokens, words, length, today, language)
    if day_after is not None:
        return _agreeing(day_after, weekday, length)
    return Day(length, on, is_named=at == 0)


def _next_week_follows(words: _Words, at: int, language: Language) -> bool:
    return (
        at + 1 < len(words)
        and words[at] in language.next_words
        and language.spans.get(words[at + 1]) == "week"
    )


def _numbered_day(
    tokens: Sequence[Token], words: _Words, at: int, today: date, language: Language
) -> Day | None:
    """The rest of "Friday 27 Nov" or "Friday, 27/11"."""
    if at < len(words) and tokens[at].kind is Kind.COMMA:
        at += 1
        extra = 1
    else:
        extra = 0
    rest, rest_words = tokens[at:], words[at:]
    for read in (_numeric, _month_day, _day_month, _ordinal):
        day = read(rest, rest_words, today, language, False)
        if day is not None:
            return Day(day.length + extra, day.on, day.problem)
    return None


def _agreeing(day: Day, weekday: int, length: int) -> Day:
    """Weekday and date must say the same day."""
    if day.on is not None and day.on.weekday() != weekday:
        return Day(day.length + length, None, UNCLEAR)
    return Day(day.length + length, day.on, day.problem)


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DMY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_DM = re.compile(r"(\d{1,2})/(\d{1,2})")
_DM_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})")


def _numeric(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    """2026-11-30, 30/11/2026, 30-11-26, 30/11. The day comes before the month, as here it does."""
    if not words:
        return None
    word = words[0]
    if match := _ISO.fullmatch(word):
        year, month, day = map(int, match.groups())
        return dated(1, year, month, day)
    if match := _DMY.fullmatch(word):
        day, month = int(match[1]), int(match[2])
        year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
        return dated(1, year, month, day)
    if match := _DM.fullmatch(word):
        return coming(1, int(match[2]), int(match[1]), today)
    if tokens[0].kind is Kind.WORD and (match := _DM_DOTTED.fullmatch(word)):
        return coming(1, int(match[2]), int(match[1]), today)
    return None


def _month_day(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    """Nov 30, November 30th, 2026."""
    if len(words) < 2 or words[0] not in language.months:
        return None
    day = _day_number(words[1], language)
    if day is None:
        return None
    year, length = _year_after(words, 2)
    if year is None:
        return coming(2, language.months[words[0]], day, today)
    return dated(length, year, language.months[words[0]], day)


def _day_month(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    """30 Nov, the 30th of November 2026."""
    at = 1 if words and words[0] in language.the_words else 0
    if at >= len(words):
        return None
    day = _day_number(words[at], language)
    if day is None:
        return None
    at += 1
    if at < len(words) and words[at] in language.of_words:
        at += 1
    if at >= len(words) or words[at] not in language.months:
        return None
    month = language.months[words[at]]
    year, length = _year_after(words, at + 1)
    if year is None:
        return coming(at + 1, month, day, today)
    return dated(length, year, month, day)


def _year_after(words: _Words, at: int) -> tuple[int | None, int]:
    if at < len(words) and words[at] in {",", "."}:
        at += 1
    if at < len(words) and re.fullmatch(r"20\d\d", words[at]):
        return int(words[at]), at + 1
    return None, at


def _day_number(word: str, language: Language) -> int | None:
    match = re.fullmatch(r"(\d{1,2})([a-z]{0,3})", word)
    if match is None or (match[2] and match[2] not in language.ordinal_endings):
        return None
    return int(match[1]) if 1 <= int(match[1]) <= 31 else None


def _ordinal(
    tokens: Sequence[Token], words: _Words, today: date, language: Language, is_led: bool
) -> Day | None:
    """the 15th, 15th; "the 15th of next month" is the month's, this month's otherwise the coming."""
    at = 1 if words and words[0] in language.the_words else 0
    if at >= len(words):
        return None
    match = re.fullmatch(r"(\d{1,2})([a-z]{1,3})", words[at])
    if match is None or match[2] not in language.ordinal_endings:
        return None
    day, length = int(match[1]), at + 1
    if not 1 <= day <= 31:
        return Day(length, None, IMPOSSIBLE)
    rest = list(words[length : length + 3])
    if rest and rest[0] in language.of_words:
        rest = rest[1:]
        skipped = 1
    else:
        skipped = 0
    if len(rest) > 1 and language.spans.get(rest[1]) == "month":
        if rest[0] in language.next_words:
            return dated(length + skipped + 2, *month_after(today, 1), day)
        if rest[0] in language.this_words:
            return dated(length + skipped + 2, today.year, today.month, day)
    for ahead in range(3):
        year, month = month_after(today, ahead)
        if day <= calendar.monthrange(year, month)[1]:
            on = date(year, month, day)
            if on >= today:
                return Day(length, on)
    return Day(length, None, IMPOSSIBLE)
