"""Published phrases, broken as fingers and telephones break them: still no money that is not in the text."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from doors.chat.grammar.table import PHRASES, Row, rows_of
from doors.chat.grammar.test_any_text import STEPS_BASE, STEPS_EACH, steps_of
from hesabu.doors.chat.grammar.language import language_named
from hesabu.doors.chat.grammar.parser import parse
from hesabu.doors.chat.grammar.switching import LANGUAGES
from hesabu.doors.chat.grammar.text import LENGTH_MAX, TOKENS_MAX, clean, tokens_of
from hesabu.doors.chat.grammar.types import Intent, Understood

TODAY = date(2026, 11, 23)
ROWS = rows_of(PHRASES / "en.md")
STRAYS = [
    "😀", "👍🏾", "\u200f", "\u202e", "\u200b", "مرحبا", "שלום", "\n", "\t", "  ", ",", ".", "-", "'", "%", "/=", "@", "x", "k", "0", "5",
    "500", "1,000", "and", "for", "due", "less", "deposit", "Invoice", "no", "not", "\x00", "½", "٣", "e\u0301", "*", "_", "=", "+",
]  # fmt: skip
MONEY = ("amount", "price", "lines", "total", "quantity", "discount", "deposit", "currency", "tax")
MONEY_TOO = ("percent", "which_item", "invoice_second", "text_too_long")


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Row, str]:
    """A row, and its message with a few slips in it."""
    row: Row = draw(st.sampled_from(ROWS))
    text = row.message
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        slip = draw(st.sampled_from(["drop", "double", "swap", "insert", "case", "cut", "join"]))
        if slip == "drop":
            text = text[:at] + text[at + 1 :]
        elif slip == "double":
            text = text[:at] + text[at : at + 1] + text[at:]
        elif slip == "swap":
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        elif slip == "insert":
            text = text[:at] + draw(st.sampled_from(STRAYS)) + text[at:]
        elif slip == "case":
            text = text[:at] + text[at:].swapcase()
        elif slip == "cut":
            text = text[:at]
        else:
            text = text[:at] + " " + draw(st.sampled_from(ROWS)).message
    return row, text


def _said_in(text: str) -> set[Decimal]:
    """Every value that digits of the text can stand for, read without the grammar: with or without cents, times a
    thousand, a hundred thousand, a million, a milliard.
    """
    values: set[Decimal] = set()
    cleaned = clean(text)
    for run in re.findall(r"\d[\d.,' ]*", cleaned):
        groups = re.findall(r"\d+", run)
        for first in range(len(groups)):
            for last in range(first, min(first + 8, len(groups))):
                values.add(Decimal("".join(groups[first : last + 1])))
                if last > first:
                    values.add(Decimal("".join(groups[first:last]) + "." + groups[last]))
        values.update(Decimal(f"0.{group}") for group in groups)
    scales = (1, 100, 1000, 10**5, 10**6, 10**9)
    return {value * scale for value in values for scale in scales}


def _has_number_words(text: str) -> bool:
    words = {token.low for token in tokens_of(clean(text))}
    return any(
        not words.isdisjoint(
            {*one.small_numbers, *one.tens, *one.multipliers, *one.leading_multipliers, *one.parts}
            | one.half_words
        )
        for one in map(language_named, LANGUAGES)
    ) or any("-" in word for word in words)


def _amounts(understood: Understood) -> set[Decimal]:
    found = {line.unit_price for line in understood.lines}
    found.update(part.amount for part in (understood.discount, understood.deposit) if part)
    found.add(understood.payment.amount if understood.payment else None)
    if understood.intent is Intent.CHANGE and understood.total:
        found.add(understood.total.amount)
    return {amount for amount in found if amount is not None}


@settings(max_examples=1500, deadline=None)
@given(mutated())
def test_no_slip_makes_an_amount_that_the_text_does_not_hold(one: tuple[Row, str]) -> None:
    row, text = one

    understood = parse(text, today=TODAY, **row.known)

    assert all(amount.is_finite() and amount > 0 for amount in _amounts(understood))
    if not _has_number_words(text):
        assert _amounts(understood) <= _said_in(text)


@settings(max_examples=1500, deadline=None)
@given(mutated())
def test_no_invoice_has_a_total_while_money_is_in_doubt(one: tuple[Row, str]) -> None:
    row, text = one

    understood = parse(text, today=TODAY, **row.known)

    if understood.intent is not Intent.INVOICE:
        return
    assert ("amount" in understood.missing) == (understood.total is None)
    if understood.total is None:
        return
    assert not [p for p in understood.problems if p.code.startswith(MONEY + MONEY_TOO)]
    gross = sum((line.quantity * (line.unit_price or 0) for line in understood.lines), Decimal(0))
    assert understood.total.amount <= round(gross, 2) + Decimal("0.01")
    if understood.deposit is not None and understood.deposit.amount is not None:
        assert 0 < understood.deposit.amount < understood.total.amount


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_a_problem_is_about_the_very_text(one: tuple[Row, str]) -> None:
    row, text = one

    understood = parse(text, today=TODAY, **row.known)

    written = clean(text)
    for problem in understood.problems:
        if problem.code not in {"lines_too_many", "amount_too_large"}:
            assert all(word in written for word in problem.at.split())
        assert problem.choices == () or problem.code.startswith("which_")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*STRAYS, *(row.message for row in ROWS)]), min_size=1, max_size=12),
    st.integers(1, 40),
    st.booleans(),
)
def test_the_longest_message_of_phrases_is_read_in_few_steps(
    pieces: list[str], times: int, is_quoting: bool
) -> None:
    text = (" ".join(pieces) * times)[:LENGTH_MAX]
    known = {"customers": ("Jane Wanjiku", "Jane Atieno"), "items": ("Wig", "Hair spray")}

    assert len(tokens_of(clean(text * 3))) <= TOKENS_MAX
    assert steps_of(text, quoted=is_quoting, **known) < STEPS_EACH * len(text) + STEPS_BASE


def test_a_thousand_customers_and_items_cost_a_message_nothing_more() -> None:
    many = tuple(f"Customer Number{i} Kamau" for i in range(1000))
    items = tuple(f"Item{i} of soap" for i in range(1000))
    message = "Invoice Jane Wanjiku 3 wigs at 500, 2 shoes at 300 due Friday"
    parse(message, today=TODAY, customers=many, items=items)

    few = steps_of(message, customers=many[:1], items=items[:1])
    assert steps_of(message, customers=many, items=items) < 3 * few
