"""Answers to one asked-for thing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hesabu.doors.chat.grammar import answers
from hesabu.doors.chat.grammar.types import Tax, TaxMode

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("75000", "75000"),
        ("75,000", "75000"),
        ("75k", "75000"),
        ("it's KES 500.50", "500.50"),
        ("Ksh.1,000/=", "1000"),
        ("five thousand", "5000"),
        ("5 thousand shillings only", "5000"),
        ("50", "50"),
        ("712345678", "712345678"),
    ],
)
def test_an_amount_is_taken(text: str, amount: str) -> None:
    assert answers.parse_money(text, "KES") == (Decimal(amount), None)


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("-500", "amount_not_positive", "-500"),
        ("0", "amount_not_positive", "0"),
        ("nan", "amount_unreadable", "nan"),
        ("inf", "amount_unreadable", "inf"),
        ("1e9", "amount_unreadable", "1e9"),
        ("12.3456789012", "amount_too_precise", "12.3456789012"),
        ("$200", "currency_other", "$200"),
        ("75.000", "amount_unclear", "75.000"),
        ("5000 or 6000", "amount_unclear", "5000 or 6000"),
        ("about 5000", "amount_unclear", "about 5000"),
        ("lots", "amount_unreadable", "lots"),
        ("", "amount_unreadable", ""),
        ("99999999999999", "amount_too_large", "99999999999999"),
    ],
)
def test_what_is_no_honest_amount_is_pointed_at(text: str, code: str, at: str) -> None:
    amount, problem = answers.parse_money(text, "KES")

    assert amount is None
    assert problem is not None
    assert (problem.code, problem.at) == (code, at)


def test_an_amount_is_read_in_the_currency_that_was_asked_for() -> None:
    assert answers.parse_money("1.500,50", "MKD") == (Decimal("1500.50"), None)
    assert answers.parse_money("$200", "USD") == (Decimal(200), None)
    amount, problem = answers.parse_money("500.50", "UGX")
    assert amount is None
    assert problem is not None
    assert problem.code == "amount_too_precise"


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("0712345678", "+254712345678"),
        ("0712 345 678", "+254712345678"),
        ("712345678", "+254712345678"),
        ("254712345678", "+254712345678"),
        ("her number is +254 712-345-678", "+254712345678"),
        ("+44 7911 123456", "+447911123456"),
    ],
)
def test_a_telephone_number_is_taken(text: str, e164: str) -> None:
    assert answers.parse_phone(text, "KE") == (e164, None)


@pytest.mark.parametrize("text", ["0712", "07123456789", "Jane", "", "0712345678 0722000111"])
def test_what_is_no_single_telephone_number_is_a_problem(text: str) -> None:
    phone, problem = answers.parse_phone(text, "KE")

    assert phone is None
    assert problem is not None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Friday", date(2026, 11, 27)),
        ("due Friday", date(2026, 11, 27)),
        ("on Friday.", date(2026, 11, 27)),
        ("next Friday", date(2026, 12, 4)),
        ("tomorrow", date(2026, 11, 24)),
        ("in 7 days", date(2026, 11, 30)),
        ("7 days", date(2026, 11, 30)),
        ("30/11", date(2026, 11, 30)),
        ("the 15th", date(2026, 12, 15)),
        ("end of month", date(2026, 11, 30)),
        ("2026-11-30", date(2026, 11, 30)),
        ("on receipt", TODAY),
    ],
)
def test_a_day_is_taken(text: str, day: date) -> None:
    assert answers.parse_due(text, TODAY) == (day, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yesterday", "date_past"),
        ("31/2", "date_impossible"),
        ("30/11/2030", "date_too_far"),
        ("whenever", "date_unclear"),
        ("Friday or Saturday", "date_unclear"),
        ("", "date_unclear"),
    ],
)
def test_a_day_that_will_not_do_is_a_problem(text: str, code: str) -> None:
    day, problem = answers.parse_due(text, TODAY)

    assert day is None
    assert problem is not None
    assert problem.code == code


def test_a_name_is_taken_as_it_is_written() -> None:
    assert answers.parse_name("Jane Wanjiku") == ("Jane Wanjiku", None)
    assert answers.parse_name("jane wanjiku") == ("Jane Wanjiku", None)
    assert answers.parse_name("it's for Jane Wanjiku.") == ("Jane Wanjiku", None)
    assert answers.parse_name("O'Brien & Sons Ltd.") == ("O'Brien & Sons Ltd.", None)
    assert answers.parse_name("Friday Okon") == ("Friday Okon", None)
    for text in ("", "0712345678", "!!!", "x" * 100, "me"):
        assert answers.parse_name(text)[0] is None


def test_a_count_is_taken() -> None:
    assert answers.parse_quantity("3") == (Decimal(3), None)
    assert answers.parse_quantity("2.5 hours") == (Decimal("2.5"), None)
    assert answers.parse_quantity("two") == (Decimal(2), None)
    for text in ("0", "-1", "nan", "many", "KES 3", "9999999999", ""):
        assert answers.parse_quantity(text)[0] is None


@pytest.mark.parametrize(
    "text", ["yes", "Y", "ok", "OK!", "sure", "yes please", "👍", "1", "send it"]
)
def test_yes_is_yes(text: str) -> None:
    assert answers.parse_yes_no(text) == (True, None)


@pytest.mark.parametrize("text", ["no", "N", "nope", "no thanks", "👎", "2", "not yet"])
def test_no_is_no(text: str) -> None:
    assert answers.parse_yes_no(text) == (False, None)


@pytest.mark.parametrize("text", ["", "maybe", "yes and no", "75000"])
def test_what_is_neither_yes_nor_no_is_asked_again(text: str) -> None:
    value, problem = answers.parse_yes_no(text)

    assert value is None
    assert problem is not None


def test_how_prices_stand_to_tax_is_taken() -> None:
    assert answers.parse_tax("plus VAT") == (Tax(TaxMode.EXCLUSIVE), None)
    assert answers.parse_tax("on top") == (Tax(TaxMode.EXCLUSIVE), None)
    assert answers.parse_tax("inclusive") == (Tax(TaxMode.INCLUSIVE), None)
    assert answers.parse_tax("it is included") == (Tax(TaxMode.INCLUSIVE), None)
    assert answers.parse_tax("no") == (Tax(TaxMode.NONE), None)
    assert answers.parse_tax("plus 16% VAT") == (Tax(TaxMode.EXCLUSIVE, Decimal(16)), None)
    for text in ("yes", "maybe", "", "with VAT"):
        assert answers.parse_tax(text)[0] is None


def test_skip_leaves_it_out() -> None:
    assert answers.parse_phone("skip", "KE") == (None, None)
    assert answers.parse_due("Skip", TODAY) == (None, None)
    assert answers.parse_money("skip", "KES") == (None, None)


@settings(max_examples=400, deadline=None)
@given(text=st.one_of(st.text(max_size=80), st.text(alphabet="0123456789 .,-+/%k@$", max_size=30)))
def test_no_answer_raises(text: str) -> None:
    amount, problem = answers.parse_money(text, "KES")
    assert amount is None or (amount.is_finite() and amount > 0 and problem is None)
    answers.parse_phone(text, "KE")
    day, _ = answers.parse_due(text, TODAY)
    assert day is None or day >= TODAY
    answers.parse_name(text)
    count, _ = answers.parse_quantity(text)
    assert count is None or count > 0
    answers.parse_yes_no(text)
    answers.parse_tax(text)
