"""The published table of phrases is the test: each row is read, and every cell compared."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hesabu.doors.chat.grammar.parser import parse, to_json

TABLE = Path(__file__).parents[4] / "docs" / "phrases" / "en.md"
TODAY = date(2026, 11, 23)
COLUMNS = ["message", "intent", "customer", "lines", "total", "due", "missing", "problems", "also"]
_ALWAYS = ("intent", "customer", "lines", "total", "due_on", "missing", "problems")


class Row(NamedTuple):
    section: str
    number: int
    country: str
    known_names: tuple[str, ...]
    cells: dict[str, str]


def rows() -> list[Row]:
    found: list[Row] = []
    section, country, known = "", "KE", ()
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("## "):
            section, country, known = line[3:], "KE", ()
        elif line.startswith("Country: "):
            country = line.removeprefix("Country: ").strip()
        elif line.startswith("Known names: "):
            known = tuple(line.removeprefix("Known names: ").split("; "))
        elif line.startswith("| ") and not line.startswith("| message "):
            cells = [c.strip().replace("\\|", "|") for c in re.split(r"(?<!\\)\|", line)[1:-1]]
            assert len(cells) == len(COLUMNS), f"line {number} has {len(cells)} cells"
            found.append(
                Row(section, number, country, known, dict(zip(COLUMNS, cells, strict=True)))
            )
    return found


ROWS = rows()


def _customer(cell: str) -> dict[str, str | None]:
    phone = re.search(r"\+\d+$", cell)
    name = cell[: phone.start()].strip() if phone else cell
    return {"name": name or None, "phone": phone[0] if phone else None}


def _line(cell: str) -> dict[str, str | None]:
    quantity, _, rest = cell.partition(" × ")
    price, _, description = rest.partition(" ")
    return {
        "description": None if description == "?" else description,
        "quantity": quantity,
        "unit_price": None if price == "?" else price,
    }


def _problem(cell: str) -> dict[str, str]:
    code, _, at = cell.partition(": ")
    return {"code": code, "at": at}


def _expected(cells: dict[str, str]) -> dict[str, Any]:
    currency, _, amount = cells["total"].partition(" ")
    told: dict[str, Any] = {
        "intent": cells["intent"],
        "customer": _customer(cells["customer"]),
        "lines": [_line(c) for c in cells["lines"].split("; ") if c],
        "discount": None,
        "tax": None,
        "total": {"amount": amount, "currency": currency} if amount else None,
        "due_on": cells["due"] or None,
        "missing": [c for c in cells["missing"].split(", ") if c],
        "problems": [_problem(c) for c in cells["problems"].split("; ") if c],
    }
    return told | json.loads("{" + cells["also"] + "}")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}: {row.cells['message'][:60]}")
def test_a_published_phrase_is_understood_as_published(row: Row) -> None:
    understood = parse(
        row.cells["message"].replace("⏎", "\n"),
        today=TODAY,
        country=row.country,
        known_names=row.known_names,
    )

    assert to_json(understood) == _expected(row.cells)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}: {row.cells['message'][:60]}")
def test_a_published_phrase_survives_spaces_and_courtesies(row: Row) -> None:
    message = row.cells["message"].replace("⏎", "\n")
    known = {"country": row.country, "known_names": row.known_names}

    plain = parse(message, today=TODAY, **known)

    assert parse(f"  {message}  ", today=TODAY, **known) == plain
    assert parse(message.replace(" ", "\u00a0"), today=TODAY, **known) == plain
    assert parse(f"\u200e{message}\u200b", today=TODAY, **known) == plain


def test_the_table_is_as_large_as_it_says_and_names_no_message_twice() -> None:
    messages = [(r.country, r.known_names, r.cells["message"]) for r in ROWS]

    assert len(messages) >= 400
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
