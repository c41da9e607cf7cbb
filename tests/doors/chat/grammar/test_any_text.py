"""Whatever is typed: nothing raises, nothing takes many steps, no money is made up."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hesabu.doors.chat.grammar.parser import parse, to_json
from hesabu.doors.chat.grammar.text import clean
from hesabu.doors.chat.grammar.types import Intent, Understood

TODAY = date(2026, 11, 23)
STEPS_EACH = 120
"""Calls of functions for a letter of the longest message; the worst known needs half as many."""
STEPS_BASE = 20_000


def steps_of(text: str, **known: Any) -> int:
    """How many functions are called to read a text: the same on every machine, unlike seconds."""
    steps = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal steps
        steps += event == "call"

    sys.setprofile(count)
    try:
        parse(text, today=TODAY, **known)
    finally:
        sys.setprofile(None)
    return steps


PIECES = [
    "invoice", "Invoice", "inv", "bill", "Jane", "Wanjiku", "jane", "Formal Wear Ltd", "May Due", "Friday Okon", "0712 345 678",
    "+254712345678", "712345678", "07123", "75,000", "75000", "75k", "1.5m", "500.50", "KES", "Ksh.", "$", "USD", "/=", "5 thousand",
    "one hundred and fifty", "half a million", "-500", "0", "nan", "inf", "1e9", "12.3456789012", "75.000", "75 000", "2 x", "x", "3 bags",
    "at 850", "@", "each", "for", "to", "and", ",", ";", "\n", ":", "-", "=", "+", "%", "10%", "less", "discount", "off", "plus VAT", "VAT",
    "inclusive", "no VAT", "total", "due", "by", "Friday", "next", "in 7 days", "30/11", "30/11/2026", "30 Nov", "15th", "end of month",
    "yesterday", "logo design", "for logo", "paid", "INV-0007", "inv 7", "#7", "cash", "mpesa", "SKL4T7QX2P", "Confirmed.", "sent to",
    "received", "till", "paybill", "123456", "account", "remind", "status", "change", "make it", "who owes me", "please", "hi", "?", "🎉",
    "name:", "phone:", "O'Brien", "ابو", "٣٥٠٠", "½", "\u202e", "\x00", "'", '"', "(", ")", "*", "_",
]  # fmt: skip

messages = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="0123456789 .,-+/%kKmx@=#$\n", max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=24).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=24).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=16).map(
        lambda some: "Invoice Jane " + " ".join(some)
    ),
)
countries = st.sampled_from(["KE", "NG", "UG", "MK", "ZW", "XX", ""])


def _amounts(understood: Understood) -> list[Decimal]:
    amounts = [line.unit_price for line in understood.lines]
    amounts.append(understood.total.amount if understood.total else None)
    amounts.append(understood.discount.amount if understood.discount else None)
    amounts.append(understood.deposit.amount if understood.deposit else None)
    amounts.append(understood.payment.amount if understood.payment else None)
    return [a for a in amounts if a is not None]


@settings(max_examples=1500, deadline=None)
@given(text=messages, country=countries)
@example(text="Invoice Jane -500 for logo", country="KE")
@example(text="\ud800 invoice", country="KE")
@example(text="Invoice Jane 99999999999999999999999999999999999999999k", country="KE")
@example(text="Invoice Jane ٣٥٠٠ for logo", country="KE")
def test_no_text_raises_or_makes_money_up(text: str, country: str) -> None:
    understood = parse(text, today=TODAY, country=country)

    for amount in _amounts(understood):
        assert amount.is_finite()
        assert amount > 0
    for line in understood.lines:
        assert line.quantity > 0
        assert line.quantity.is_finite()
    if understood.due_on is not None:
        assert TODAY <= understood.due_on <= TODAY + timedelta(days=366)
    shape = to_json(understood)
    assert json.loads(json.dumps(shape)) == shape
    json.dumps(shape, ensure_ascii=False).encode()


@settings(max_examples=600, deadline=None)
@given(text=messages)
def test_an_invoice_has_a_total_only_when_every_part_of_it_is_certain(text: str) -> None:
    understood = parse("Invoice " + text, today=TODAY)
    if understood.intent is not Intent.INVOICE:
        return

    assert ("amount" in understood.missing) == (understood.total is None)
    assert ("customer" in understood.missing) == (understood.customer.name is None)
    doubts = [
        p
        for p in understood.problems
        if p.code.startswith(
            ("amount", "price", "lines", "total", "quantity", "discount", "currency")
        )
    ]
    if understood.total is None:
        return
    assert not doubts
    gross = sum((line.quantity * (line.unit_price or 0) for line in understood.lines), Decimal(0))
    if understood.discount is None:
        assert understood.total.amount == round(gross + Decimal("0.0000001"), 2)
    else:
        assert understood.total.amount < gross


@settings(max_examples=400, deadline=None)
@given(text=messages)
def test_reading_what_was_cleaned_or_reading_twice_changes_nothing(text: str) -> None:
    understood = parse(text, today=TODAY)

    assert parse(text, today=TODAY) == understood
    assert clean(clean(text)) == clean(text)
    assert parse(clean(text), today=TODAY) == understood


@settings(max_examples=400, deadline=None)
@given(
    amount=st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999999.99"), places=2),
    name=st.sampled_from(
        ["Jane Wanjiku", "Formal Wear Ltd", "May Due", "O'Brien & Sons", "Friday Okon"]
    ),
    has_marks=st.booleans(),
    lead=st.sampled_from(["", "KES ", "Ksh", "ksh. "]),
)
def test_an_honest_amount_is_read_exactly(
    amount: Decimal, name: str, has_marks: bool, lead: str
) -> None:
    written = f"{amount:,.2f}" if has_marks else f"{amount:.2f}"

    understood = parse(f"Invoice {name} {lead}{written} for logo design", today=TODAY)

    assert understood.problems == ()
    assert understood.total is not None
    assert understood.total.amount == amount
    assert understood.customer.name == name


@settings(max_examples=300, deadline=None)
@given(
    counts=st.lists(
        st.tuples(
            st.integers(1, 99),
            st.integers(1, 99_999),
            st.sampled_from(["bags", "wig", "hats", "tins"]),
        ),
        min_size=1,
        max_size=6,
    ),
    separator=st.sampled_from([", ", "\n", "; ", " and "]),
)
def test_lines_with_a_price_for_each_add_up(
    counts: list[tuple[int, int, str]], separator: str
) -> None:
    written = separator.join(f"{count} {what} at {price} each" for count, price, what in counts)

    understood = parse(f"Invoice Jane {written}", today=TODAY)

    assert [(line.quantity, line.unit_price) for line in understood.lines] == [
        (count, price) for count, price, _ in counts
    ]
    total = sum(count * price for count, price, _ in counts)
    if total <= 999_999_999:
        assert understood.total is not None
        assert understood.total.amount == total


AROUND = [
    "logo", "cards", "for", "to", "and", "at", "each", "x", "@", "less", "discount", "total", "plus VAT", "due Friday", "in 7 days",
    "bags", "room", "(", ")", "-", ":", "=", "?", ".", "/", "&", "+", "per", "of", "one", "*", "only", "KES", "name:", "with", "the",
    "off", "deposit", "paid", "0712345678", "hundred", "thousand", ",", ";", "\n",
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

    understood = parse("Invoice Jane " + " ".join(words), today=TODAY)

    if understood.intent is not Intent.INVOICE or understood.total is None:
        return
    texts = " ".join(line.description or "" for line in understood.lines)
    taken = set(_amounts(understood))
    taken.add(
        sum((line.quantity * (line.unit_price or 0) for line in understood.lines), Decimal(0))
    )
    for amount in amounts:
        assert Decimal(amount) in taken or f"{amount:,}" in texts
    in_words = {Decimal(100), Decimal(1000)} if "one" in around else set()
    for line in understood.lines:
        assert line.unit_price in set(map(Decimal, amounts)) | in_words


REPEATED = [
    "a ", "0 ", "1 ", "0712 ", "0712 345 678 ", "and ", "and 5000 ", "For A ", "for 5000 ", "3 x ", "due ", "due Friday ", "in 7 days ",
    "less 10% ", "plus vat ", "A", "1", "1.", "1,", "-", "\n", "a\n", "a,", "a.a", "a@", "+2547 ", "00000000 ", "5000 logo, ", "Friday ",
    "one hundred and ", "KES5 ", "$", "😀", "=", "(", "@5 ", "each 5 ", "the end of ", "INV-1 ", "SKL4T7QX2P Confirmed. sent to ",
    "SKL4T7QX2P Confirmed. Ksh5 sent to a for account b ", "Name: a\n", "1/1 ", "1st ", "room 12 ", "100 100 ", "712345678 ", "please ",
    "hi ", "invoice ", "e\u0301", "deposit 5 ", "50% deposit ", "half upfront ", "half off ", "10 percent ", "add ", "remove the ", "Jane's invoice ",
    "by sms ", "about 5000 ", "and invoice Mary 5 ", "and invoice Mary 5000 ", "or ", "due Mondy ", "one fifty thousand ", "same again ",
    "elfu tano ", "kwa ", "mifuko 3 ya ", "mia ", "laki ", "nusu ", "5000 deposit ", "5000 advance x ", "with ", "5000-", "5^", "*a* ", "*", "_",
]  # fmt: skip


@pytest.mark.parametrize("lead", ["", "Invoice Jane 5000 for ", "add "])
@pytest.mark.parametrize("unit", REPEATED, ids=repr)
def test_the_longest_message_of_anything_repeated_is_read_in_few_steps(
    lead: str, unit: str
) -> None:
    text = (lead + unit * 4096)[:4096]

    assert steps_of(text) < STEPS_EACH * len(text) + STEPS_BASE


def test_a_message_too_long_to_be_read_to_its_end_has_no_total() -> None:
    understood = parse("Invoice Jane 5000 for logo " + "very " * 2000, today=TODAY)

    assert understood.total is None
    assert "amount" in understood.missing
    assert "text_too_long" in [p.code for p in understood.problems]


def test_a_problem_points_at_text_of_the_message() -> None:
    for text in (
        "Invoice Jane -500 for logo",
        "Invoice Jane 75.000 for logo due 31/2",
        "Invoice Jane 0712 345 67 $200 for logo less 200%",
        "Invoice Jane 3 bags 850, 1e9 hats",
    ):
        problems = parse(text, today=TODAY).problems
        assert problems
        assert all(p.at and p.at in text for p in problems), (text, problems)
