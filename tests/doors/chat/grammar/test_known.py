"""Who and what is known by name, and in which language a message was written."""

from __future__ import annotations

from datetime import date

import pytest

from hesabu.doors.chat.grammar.known import AS_WRITTEN, known
from hesabu.doors.chat.grammar.language import language_named
from hesabu.doors.chat.grammar.pace import MAIN_EXAMPLE, messages_of, parses_per_second
from hesabu.doors.chat.grammar.parser import parse
from hesabu.doors.chat.grammar.types import Intent

TODAY = date(2026, 11, 23)
FOLDING = language_named("en").folding


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("wig", ("Wig",)),
        ("wigs", ("Wig",)),
        ("boxes", ("Box",)),
        ("ladies shoes", ("Lady shoe",)),
        ("watches", ("Watch",)),
        ("dresses", ("Dress",)),
        ("dress", ("Dress",)),
        ("suger", ("Sugar",)),
        ("bus", ()),
        ("", ()),
    ],
)
def test_things_are_found_in_the_plural_and_with_a_slip(
    written: str, names: tuple[str, ...]
) -> None:
    things = known(("Wig", "Box", "Lady shoe", "Watch", "Dress", "Sugar"), FOLDING)

    assert things.like(written.split()).names == names


def test_a_part_of_a_name_finds_all_who_bear_it_and_a_slip_says_that_it_is_one() -> None:
    people = known(("Jane Wanjiku", "Jane Atieno", "Peter Jane"))

    assert people.like(["jane"]).names == ("Jane Wanjiku", "Jane Atieno", "Peter Jane")
    assert people.like(["jane", "wanjiku"]).is_exact
    found = people.like(["jane", "wanjiru"])
    assert (found.names, found.is_slip) == (("Jane Wanjiku",), True)
    assert people.like(["mary"]).names == ()


def test_of_a_thousand_namesakes_only_some_are_offered() -> None:
    many = known(tuple(f"Jane Number{i}" for i in range(1000)))

    assert len(many.like(["jane"]).names) == 10


def test_an_index_is_made_once_for_a_list() -> None:
    names = ("Jane Wanjiku", "Mary")

    assert known(names) is known(list(names))
    assert known(names) is not known(names, FOLDING)
    assert not known((), AS_WRITTEN)


def test_a_telephone_number_tells_two_janes_apart() -> None:
    understood = parse(
        "Invoice Jane 0712345678 500 for tea", today=TODAY, customers=("Jane A", "Jane B")
    )

    assert understood.problems == ()
    assert understood.customer.name == "Jane"
    assert understood.customer.phone == "+254712345678"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Invoice Jane 5000 for logo due Friday", "en"),
        ("who owes me", "en"),
        ("nani ananidai", "sw"),
        ("ankara ya Jane elfu tano kwa nywele kesho", "sw"),
        ("nitalipa Ijumaa", "sw"),
        ("75000", None),
        ("Jane", None),
        ("", None),
    ],
)
def test_a_message_says_in_which_language_it_was_written(text: str, language: str | None) -> None:
    assert parse(text, today=TODAY).language == language
    assert parse(text, today=TODAY, language="sw").language == language


def test_a_number_is_an_amount_only_where_a_message_of_ours_is_quoted() -> None:
    assert parse("80000", today=TODAY).intent is Intent.NUMBER
    assert parse("80k", today=TODAY).intent is Intent.UNKNOWN
    assert parse("80000", today=TODAY, quoted=True).intent is Intent.CHANGE
    assert parse("2", today=TODAY, quoted=True).intent is Intent.NUMBER


def test_the_pace_is_counted_over_a_tables_messages() -> None:
    table = (
        f"| message | intent |\n|---|---|\n| {MAIN_EXAMPLE} | invoice |\n| a \\| b⏎c | unknown |\n"
    )

    assert messages_of(table) == (MAIN_EXAMPLE, "a | b\nc")
    assert parses_per_second(messages_of(table), seconds=0) == 0
