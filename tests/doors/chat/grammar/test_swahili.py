"""Swahili, alone and mixed with English: the published table, numbers in words, days, and what the two disagree on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doors.chat.grammar.table import PHRASES, Row, promised, rows_of
from hesabu.doors.chat.grammar import answers
from hesabu.doors.chat.grammar.numbers import read_numbers
from hesabu.doors.chat.grammar.parser import parse, to_json
from hesabu.doors.chat.grammar.switching import conflicts, merged, spoken_as
from hesabu.doors.chat.grammar.text import Kind, tokens_of
from hesabu.doors.chat.grammar.types import Intent, Tax, TaxMode

TODAY = date(2026, 11, 23)
SWAHILI = rows_of(PHRASES / "sw.md")
ENGLISH = rows_of(PHRASES / "en.md")


# --- the tables


@pytest.mark.parametrize("language", ["sw", "en"])
@pytest.mark.parametrize("row", SWAHILI, ids=lambda row: row.name)
def test_a_published_phrase_is_understood_as_published_whichever_language_is_likelier(
    row: Row, language: str
) -> None:
    understood = parse(row.message, today=TODAY, language=language, **row.known)

    expected = promised(row.cells)
    if language == "en" and row.message in READ_OTHERWISE_IN_ENGLISH:
        expected["intent"] = READ_OTHERWISE_IN_ENGLISH[row.message]
    assert to_json(understood) == expected


READ_OTHERWISE_IN_ENGLISH = {"poa": "greeting"}


@pytest.mark.parametrize("row", SWAHILI, ids=lambda row: row.name)
def test_a_published_phrase_survives_spaces(row: Row) -> None:
    plain = parse(row.message, today=TODAY, language="sw", **row.known)

    for text in (
        f"  {row.message}  ",
        row.message.replace(" ", "\u00a0"),
        f"\u200e{row.message}\u200b",
    ):
        assert parse(text, today=TODAY, language="sw", **row.known) == plain


@pytest.mark.parametrize("row", ENGLISH, ids=lambda row: row.name)
def test_no_english_phrase_changes_its_meaning_for_a_speaker_of_swahili(row: Row) -> None:
    understood = parse(row.message, today=TODAY, language="sw", **row.known)

    assert to_json(understood) == promised(row.cells)


def test_the_table_is_as_large_as_it_says_and_names_no_message_twice() -> None:
    messages = [(str(row.known), row.message) for row in SWAHILI]

    assert len(messages) >= 450
    assert len(messages) == len(set(messages))


def test_what_the_english_table_can_do_the_swahili_table_can_do() -> None:
    assert {row.cells["intent"] for row in SWAHILI} == {row.cells["intent"] for row in ENGLISH}


# --- two languages in one


def test_what_the_two_languages_disagree_on_is_known_and_has_its_reason() -> None:
    reasons = {
        (
            "phrases",
            "poa",
        ): "a greeting in English messages; the answer 'fine' of a Swahili speaker",
    }

    assert {(one.field, one.phrase) for one in conflicts("sw", "en")} == set(reasons)


def test_a_united_language_is_made_once() -> None:
    assert spoken_as("sw") is spoken_as("sw")
    assert merged("sw", "en") is merged("sw", "en")


def test_the_first_language_wins_and_the_second_is_understood() -> None:
    both, reverse = merged("sw", "en"), merged("en", "sw")

    assert (both.code, reverse.code) == ("sw", "en")
    assert both.phrases.get("poa") == (Intent.YES, None)
    assert reverse.phrases.get("poa") == (Intent.GREETING, None)
    assert both.months["desemba"] == reverse.months["december"] == 12


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Tuma ankara kwa Jane 5000 ya nembo", "sw"),
        ("nani hajalipa", "sw"),
        ("Send an invoice to Jane for 5000", "en"),
        ("who owes me", "en"),
        ("Invoice Jane elfu tano kwa nywele kesho", "sw"),
        ("5000", None),
        ("INV-0007", None),
        ("habari", None),
    ],
)
def test_the_language_of_a_message_is_told_by_words_that_only_one_has(
    text: str, language: str | None
) -> None:
    assert parse(text, today=TODAY, language="en").language == language
    assert parse(text, today=TODAY, language="sw").language == language


# --- numbers in words

ONES = ["", "moja", "mbili", "tatu", "nne", "tano", "sita", "saba", "nane", "tisa"]
TENS = ["", "kumi", "ishirini", "thelathini", "arobaini", "hamsini", "sitini", "sabini", "themanini", "tisini"]  # fmt: skip


def _below_hundred(number: int) -> str:
    tens, ones = TENS[number // 10], ONES[number % 10]
    return f"{tens} na {ones}" if tens and ones else tens or ones


def _in_words(number: int) -> str:
    """As it is said: milioni, laki, elfu, mia, and "na" before what is left."""
    said = []
    for name, worth, below in (("milioni", 1_000_000, 100), ("laki", 100_000, 10), ("elfu", 1000, 100), ("mia", 100, 10)):  # fmt: skip
        count = number // worth % below
        if count:
            said.append(f"{name} {_below_hundred(count)}")
        number %= worth
    rest = _below_hundred(number)
    return " na ".join([" ".join(said), rest]) if said and rest else " ".join(said) or rest


def _read(text: str) -> tuple[Kind, Decimal | None]:
    tokens = read_numbers(tokens_of(text), spoken_as("sw"), ".")
    assert len(tokens) == 1, tokens
    return tokens[0].kind, tokens[0].value


@settings(max_examples=400, deadline=None)
@given(number=st.integers(100, 99_999_999))
def test_a_number_in_words_is_that_number_or_it_is_asked_about(number: int) -> None:
    words = _in_words(number)
    ones = number % 10
    # "elfu kumi na moja" is eleven thousand; nobody says 10,001 so.
    meant = next(
        (n for w in (1000, 1_000_000) if _in_words(n := number - ones + ones * w) == words), number
    )

    kind, value = _read(words)

    assert (kind, value) == (Kind.NUMBER, Decimal(meant)) or kind is Kind.BAD


@settings(max_examples=400, deadline=None)
@given(
    number=st.one_of(
        st.integers(1, 99_999).map(lambda n: n * 1000),
        st.integers(1, 999).map(lambda n: n * 100),
        st.integers(1, 1999).map(lambda n: n * 50),
    )
)
def test_the_numbers_of_the_market_are_never_asked_about(number: int) -> None:
    if number >= 100:
        words = _in_words(number)
        if number > 100_000 and number % 1000:
            return
        assert _read(words) == (Kind.NUMBER, Decimal(number)), words


# --- days

WEEKDAYS = ["Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"]
MONTHS = ["Januari", "Februari", "Machi", "Aprili", "Mei", "Juni", "Julai", "Agosti", "Septemba", "Oktoba", "Novemba", "Desemba"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(today=st.dates(date(2020, 1, 1), date(2080, 12, 31)), ahead=st.integers(1, 366))
def test_every_date_of_the_coming_year_is_read_as_it_is_written(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)

    for written in (
        f"tarehe {day.day} {MONTHS[day.month - 1]} {day.year}",
        f"tarehe {_below_hundred(day.day)} {MONTHS[day.month - 1]} {day.year}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        f"tarehe {day.day} mwezi wa {day.month} {day.year}",
        f"baada ya siku {ahead}",
    ):
        assert answers.parse_due(written, today, language="sw") == (day, None), written


@settings(max_examples=200, deadline=None)
@given(today=st.dates(date(2020, 1, 1), date(2080, 12, 31)), weekday=st.integers(0, 6))
def test_a_weekday_is_within_seven_days_and_ijayo_is_of_next_week(
    today: date, weekday: int
) -> None:
    monday = today - timedelta(days=today.weekday())

    day, problem = answers.parse_due(WEEKDAYS[weekday], today, language="sw")
    following, _ = answers.parse_due(f"{WEEKDAYS[weekday]} ijayo", today, language="sw")

    assert problem is None
    assert day is not None
    assert day.weekday() == weekday
    assert 1 <= (day - today).days <= 7
    assert following == monday + timedelta(days=7 + weekday)


# --- answers


@pytest.mark.parametrize("language", ["sw", "en"])
def test_answers_are_taken_in_swahili(language: str) -> None:
    assert answers.parse_money("elfu tano", language=language) == (Decimal(5000), None)
    assert answers.parse_money("ni shilingi elfu tano tu", language=language) == (
        Decimal(5000),
        None,
    )
    assert answers.parse_money("laki moja na nusu", language=language) == (Decimal(150_000), None)
    assert answers.parse_due("kesho", TODAY, language=language) == (date(2026, 11, 24), None)
    assert answers.parse_due("alipe Ijumaa ijayo", TODAY, language=language) == (
        date(2026, 12, 4),
        None,
    )
    assert answers.parse_name("ni ya Jane Wanjiku", language=language) == ("Jane Wanjiku", None)
    assert answers.parse_name("jina lake ni Jane", language=language) == ("Jane", None)
    assert answers.parse_quantity("tatu", language=language) == (Decimal(3), None)
    assert answers.parse_quantity("kumi na mbili", language=language) == (Decimal(12), None)
    assert answers.parse_yes_no("ndiyo", language=language) == (True, None)
    assert answers.parse_yes_no("sawa tuma", language=language) == (True, None)
    assert answers.parse_yes_no("hapana", language=language) == (False, None)
    assert answers.parse_tax("bila kodi", language=language) == (Tax(TaxMode.NONE), None)
    assert answers.parse_tax("juu", language=language) == (Tax(TaxMode.EXCLUSIVE), None)
    assert answers.parse_tax("ndani", language=language) == (Tax(TaxMode.INCLUSIVE), None)
    assert answers.parse_due("ruka", TODAY, language=language) == (None, None)


def test_what_is_owed_by_the_writer_is_no_invoice() -> None:
    """ "Jane ananidai" says that I owe Jane."""
    for text in ("Jane ananidai 5000", "ananidai 5000", "Jane ananidai 5000 ya wigi"):
        assert parse(text, today=TODAY, language="sw").intent is not Intent.INVOICE


# --- any words

AROUND = [
    "nembo", "kadi", "ya", "za", "kwa", "na", "bei", "kila moja", "kila mmoja", "x", "@", "punguzo", "punguza", "jumla", "ongeza VAT", "kodi",
    "alipe Ijumaa", "baada ya siku 7", "mifuko", "mifuko mitatu", "kilo", "tatu", "chumba", "(", ")", "-", ":", "=", "?", ".", "moja", "tu",
    "KES", "shilingi", "jina:", "pamoja na", "amelipa", "0712345678", ",", ";", "\n", "tarehe 15", "nusu", "saruji", "siku",
]  # fmt: skip


@settings(max_examples=800, deadline=None)
@given(
    amounts=st.lists(st.integers(1000, 999_999), min_size=1, max_size=4),
    around=st.lists(st.sampled_from(AROUND), max_size=9),
    shuffled=st.randoms(use_true_random=False),
)
def test_with_a_total_no_amount_was_dropped_and_none_is_new(
    amounts: list[int], around: list[str], shuffled: Random
) -> None:
    words = [f"{amount:,}" for amount in amounts] + around
    shuffled.shuffle(words)

    understood = parse("Ankara Jane " + " ".join(words), today=TODAY, language="sw")

    if understood.intent is not Intent.INVOICE or understood.total is None:
        return
    texts = " ".join(line.description or "" for line in understood.lines)
    prices = [line.unit_price for line in understood.lines]
    taken = {*prices, sum((one.quantity * (one.unit_price or 0) for one in understood.lines), Decimal(0))}  # fmt: skip
    for part in (understood.discount, understood.deposit):
        taken.add(part.amount if part else None)
    for amount in amounts:
        assert Decimal(amount) in taken or f"{amount:,}" in texts
    is_money = {"KES", "shilingi"} & set(around)
    dated = {Decimal(15), Decimal(7)} if is_money else set()  # "tarehe 15 KES": then it is money
    for price in prices:
        assert price in set(map(Decimal, amounts)) | dated


@settings(max_examples=400, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            [*AROUND, *ONES[1:], *TENS[1:], "elfu", "mia", "laki", "milioni", "5", "75,000"]
        ),
        max_size=30,
    )
)
def test_no_words_raise(words: list[str]) -> None:
    for text in (" ".join(words), "Ankara Jane " + " ".join(words)):
        understood = parse(text, today=TODAY, language="sw")
        for line in understood.lines:
            assert line.quantity > 0
            assert line.unit_price is None or line.unit_price > 0
        assert understood == parse(text, today=TODAY, language="sw")
