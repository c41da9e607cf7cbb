"""Days whose words stand the other way round, as in Swahili: "Ijumaa ijayo", "tarehe 15", "baada ya siku saba".

English says the next Friday, the 15th, in seven days; here the noun comes first and what is said of it follows.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from hesabu.doors.chat.grammar.days import (
    IMPOSSIBLE,
    TOO_FAR,
    UNCLEAR,
    Day,
    coming,
    dated,
    month_after,
    months_on,
)
from hesabu.doors.chat.grammar.language import Language

_Words = Sequence[str]
_DAYS_MAX = 1000


def read_turned_day(words: _Words, today: date, language: Language, *, is_led: bool) -> Day | None:
    """The day these words begin with, or None."""
    for read in (_in_a_while, _weekday, _day_of_month, _day_in_month):
        day = read(words, today, language, is_led)
        if day is not None:
            return day
    return None


def count_at(words: _Words, at: int, language: Language) -> tuple[int, int] | None:
    """A number below a hundred in words or digits: how many words, and which: kumi na tano, 15."""
    if at >= len(words):
        return None
    word = words[at]
    digits, _, only = word.partition(" ")
    if digits.isascii() and digits.isdecimal() and len(digits) < 5:
        return (1, int(digits)) if not only or only in language.only_words else None
    if word not in language.tens:
        ones = _ones(word, language)
        return None if ones is None else (1, ones)
    tens = language.tens[word]
    if at + 2 < len(words) and words[at + 1] in language.and_words:
        ones = _ones(words[at + 2], language)
        if ones is not None and 0 < ones < 10:
            return 3, tens + ones
    return 1, tens


def _ones(word: str, language: Language) -> int | None:
    if word in language.small_numbers:
        return language.small_numbers[word]
    return None


# --- in seven days -----------------------------------------------------------------------------------


def _in_a_while(words: _Words, today: date, language: Language, is_led: bool) -> Day | None:
    """baada ya siku saba, ndani ya wiki mbili, siku 7 zijazo; behind "due" also: siku saba."""
    lead = language.while_leads.at(words, 0)
    at = lead[0] if lead else 0
    unit = language.spans.get(words[at]) if at < len(words) else None
    if unit is None:
        return None
    counted = count_at(words, at + 1, language)
    if counted is None:
        return _after(today, 1, unit, at + 1) if lead and not _is_unsure(words, at) else None
    length, count = at + 1 + counted[0], counted[1]
    is_coming = length < len(words) and words[length] in language.next_behind
    if not (lead or is_led or is_coming):
        return None
    if length + 1 < len(words) and words[length] in language.or_words:
        return None
    return _after(today, count, unit, length + is_coming)


def _is_unsure(words: _Words, at: int) -> bool:
    """baada ya siku: after a day, or after the day of something?"""
    return at + 1 < len(words) and words[at + 1][:1].isalnum()


def _after(today: date, count: int, unit: str, length: int) -> Day:
    if count > _DAYS_MAX:
        return Day(length, None, TOO_FAR, is_soft=True)
    if unit in {"month", "year"}:
        return Day(length, months_on(today, count * (12 if unit == "year" else 1)), is_soft=True)
    return Day(length, today + timedelta(days=count * (7 if unit == "week" else 1)), is_soft=True)


# --- Friday next -------------------------------------------------------------------------------------


def _weekday(words: _Words, today: date, language: Language, is_led: bool) -> Day | None:
    """Ijumaa ijayo, Ijumaa hii, siku ya Ijumaa, Ijumaa ya wiki ijayo; Ijumaa tarehe 27."""
    lead = language.weekday_leads.at(words, 0)
    at = lead[0] if lead else 0
    weekday = language.weekdays.get(words[at]) if at < len(words) else None
    if weekday is None:
        return None
    monday = today - timedelta(days=today.weekday())
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    length = at + 1
    week = _span_behind(words, length, "week", language)
    if week is not None:
        taken, weeks = week
        return Day(length + taken, monday + timedelta(days=7 * weeks + weekday))
    behind = words[length] if length < len(words) else ""
    if behind in language.next_behind:
        return Day(length + 1, monday + timedelta(days=7 + weekday))
    if behind in language.this_behind:
        return Day(length + 1, monday + timedelta(days=weekday))
    if behind in language.last_behind:
        return Day(length + 1, today - timedelta(days=7 - ahead if ahead < 7 else 7))
    comma = 1 if behind == "," else 0
    numbered = _day_of_month(words[length + comma :], today, language, False)
    if numbered is not None:
        return _agreeing(numbered, weekday, length + comma)
    return Day(length, today + timedelta(days=ahead)) if lead else None


def _agreeing(day: Day, weekday: int, length: int) -> Day:
    """Weekday and date must say the same day."""
    if day.on is not None and day.on.weekday() != weekday:
        return Day(day.length + length, None, UNCLEAR)
    return Day(day.length + length, day.on, day.problem)


def _span_behind(words: _Words, at: int, unit: str, language: Language) -> tuple[int, int] | None:
    """ "ya wiki ijayo", "wiki hii", "mwezi ujao": how many words, and how many of it ahead."""
    start = at
    while at < len(words) and words[at] in language.of_words:
        at += 1
    if at + 1 >= len(words) or language.spans.get(words[at]) != unit:
        return None
    if words[at + 1] in language.next_behind:
        return at + 2 - start, 1
    if words[at + 1] in language.this_behind:
        return at + 2 - start, 0
    return None


# --- the 15th ----------------------------------------------------------------------------------------


def _day_of_month(words: _Words, today: date, language: Language, is_led: bool) -> Day | None:
    """tarehe 15, tarehe kumi na tano mwezi ujao, tarehe 15 mwezi wa tatu, tarehe 30 Novemba 2026."""
    if not words or words[0] not in language.date_leads:
        return None
    counted = count_at(words, 1, language)
    if counted is None and len(words) > 1 and words[1] in language.ordinals:
        counted = 1, language.ordinals[words[1]]
    if counted is None:
        return None
    length, day = 1 + counted[0], counted[1]
    if not 1 <= day <= 31:
        return Day(length, None, IMPOSSIBLE)
    if (month := _month_at(words, length, language)) is not None:
        return _in_month(day, month[1], words, length + month[0], today)
    if (ahead := _span_behind(words, length, "month", language)) is not None:
        return dated(length + ahead[0], *month_after(today, ahead[1]), day)
    for months in range(3):
        year, of_year = month_after(today, months)
        if day <= calendar.monthrange(year, of_year)[1]:
            on = date(year, of_year, day)
            if on >= today:
                return Day(length, on)
    return Day(length, None, IMPOSSIBLE)


def _day_in_month(words: _Words, today: date, language: Language, is_led: bool) -> Day | None:
    """15 mwezi wa tatu, kumi na tano Desemba."""
    counted = count_at(words, 0, language)
    if counted is None or not 1 <= counted[1] <= 31:
        return None
    month = _month_at(words, counted[0], language)
    if month is None or (month[0] == 1 and (words[0].isdecimal() or not is_led)):
        return None  # 15 Desemba is read like 15 December; "two May tickets" are no day
    return _in_month(counted[1], month[1], words, counted[0] + month[0], today)


def _month_at(words: _Words, at: int, language: Language) -> tuple[int, int] | None:
    """Desemba, ya Desemba, mwezi wa kumi na mbili, mwezi wa 3: how many words, and which month."""
    start = at
    lead = language.month_leads.at(words, at)
    if lead is not None:
        number = count_at(words, at + lead[0], language)
        if number is None and at + lead[0] < len(words):
            ordinal = language.ordinals.get(words[at + lead[0]])
            number = None if ordinal is None else (1, ordinal)
        if number is not None and 1 <= number[1] <= 12:
            return lead[0] + number[0], number[1]
        at += lead[0]
    while at < len(words) and words[at] in language.of_words:
        at += 1
    if at < len(words) and words[at] in language.months:
        return at + 1 - start, language.months[words[at]]
    return None


def _is_year(word: str) -> bool:
    return word.startswith("20") and word.isascii() and word.isdecimal()


def _in_month(day: int, month: int, words: _Words, length: int, today: date) -> Day:
    if length < len(words) and len(words[length]) == 4 and _is_year(words[length]):
        return dated(length + 1, int(words[length]), month, day)
    return coming(length, month, day, today)
