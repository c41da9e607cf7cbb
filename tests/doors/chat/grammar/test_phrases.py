"""The published table of phrases is the test: each row is read, and every cell compared."""

from __future__ import annotations

from datetime import date

import pytest

from doors.chat.grammar.table import PHRASES, Row, promised, rows_of
from hesabu.doors.chat.grammar.parser import parse, to_json

TODAY = date(2026, 11, 23)
ROWS = rows_of(PHRASES / "en.md")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_published_phrase_is_understood_as_published(row: Row) -> None:
    understood = parse(row.message, today=TODAY, **row.known)

    assert to_json(understood) == promised(row.cells)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_published_phrase_survives_spaces_and_courtesies(row: Row) -> None:
    message = row.message
    known = row.known

    plain = parse(message, today=TODAY, **known)

    assert parse(f"  {message}  ", today=TODAY, **known) == plain
    assert parse(message.replace(" ", "\u00a0"), today=TODAY, **known) == plain
    assert parse(f"\u200e{message}\u200b", today=TODAY, **known) == plain


def test_the_table_is_as_large_as_it_says_and_names_no_message_twice() -> None:
    messages = [(str(r.known), r.cells["message"]) for r in ROWS]

    assert len(messages) >= 650
    assert len(messages) == len(set(messages))


def test_every_intent_but_the_unspoken_is_in_the_table() -> None:
    from hesabu.doors.chat.grammar.types import Intent

    assert {row.cells["intent"] for row in ROWS} == {intent.value for intent in Intent}


def test_the_main_example_is_the_first_row() -> None:
    assert to_json(
        parse(
            "Invoice Jane Wanjiku 0712 345 678 75,000 for logo design due Friday",
            country="KE",
            language="en",
            today=TODAY,
        )
    ) == {
        "intent": "invoice",
        "customer": {"name": "Jane Wanjiku", "phone": "+254712345678"},
        "lines": [{"description": "Logo design", "quantity": "1", "unit_price": "75000.00"}],
        "discount": None,
        "tax": None,
        "total": {"amount": "75000.00", "currency": "KES"},
        "due_on": "2026-11-27",
        "missing": [],
        "problems": [],
    }
    assert ROWS[0].cells["message"].startswith("Invoice Jane Wanjiku 0712 345 678")


def test_amounts_have_their_own_currencys_decimals_even_without_a_total() -> None:
    shape = to_json(parse("Invoice Okello wig 5000, 3 shoe", today=TODAY, country="UG"))

    assert [line["unit_price"] for line in shape["lines"]] == ["5000", None]
    assert shape["total"] is None


def test_the_currency_may_differ_from_the_countrys() -> None:
    shape = to_json(parse("Invoice Jane $200 for logo", today=TODAY, country="KE", currency="USD"))

    assert shape["total"] == {"amount": "200.00", "currency": "USD"}
    assert shape["problems"] == []


def test_an_unknown_language_or_country_is_read_all_the_same() -> None:
    understood = parse("Invoice Jane 5000 for logo", today=TODAY, country="XX", language="zz")

    assert understood.total is not None
    assert understood.problems == ()
