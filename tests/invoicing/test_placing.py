"""Where money and credit go: always somewhere, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hesabu.invoicing import errors
from hesabu.invoicing.rules.crediting import LeftOfLine, credit, take_back
from hesabu.invoicing.rules.placing import Standing, place
from hesabu.invoicing.types import InvoiceState
from hesabu.kit.moves import MoveRefused

ISSUED = Standing(InvoiceState.ISSUED, 10_000, 0, 0)


def test_the_whole_amount_pays_it() -> None:
    placed = place(10_000, ISSUED)
    assert (placed.applied_minor, placed.credit_minor) == (10_000, 0)
    assert (placed.before, placed.after.state) == (InvoiceState.ISSUED, InvoiceState.PAID)


def test_too_little_leaves_the_rest_owed() -> None:
    placed = place(4_000, ISSUED)
    assert placed.after.state is InvoiceState.PART_PAID
    assert placed.after.owed_minor == 6_000


def test_too_much_is_the_customers_credit() -> None:
    placed = place(12_500, ISSUED)
    assert (placed.applied_minor, placed.credit_minor) == (10_000, 2_500)


@pytest.mark.parametrize("state", ["draft", "paid", "void", "credited"])
def test_money_for_what_owes_nothing_is_all_credit_and_moves_nothing(state: str) -> None:
    standing = Standing(InvoiceState(state), 10_000, 0, 0)
    placed = place(3_000, standing)
    assert (placed.applied_minor, placed.credit_minor, placed.after) == (0, 3_000, standing)


def test_what_was_credited_is_not_owed() -> None:
    placed = place(10_000, Standing(InvoiceState.ISSUED, 10_000, 0, 2_000))
    assert (placed.applied_minor, placed.credit_minor) == (8_000, 2_000)
    assert placed.after.state is InvoiceState.PAID


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_payments_always_add_up_to_what_was_paid_and_what_is_credit(
    total_minor: int, amounts: list[int]
) -> None:
    standing, applied, credited = Standing(InvoiceState.ISSUED, total_minor, 0, 0), 0, 0
    for amount in amounts:
        placed = place(amount, standing)
        assert placed.applied_minor + placed.credit_minor == amount
        standing, applied, credited = (
            placed.after,
            applied + placed.applied_minor,
            credited + placed.credit_minor,
        )
    assert applied + credited == sum(amounts)
    assert standing.paid_minor == applied == min(total_minor, sum(amounts))
    assert (standing.state is InvoiceState.PAID) == (sum(amounts) >= total_minor)


def test_crediting_all_of_an_unpaid_invoice_ends_it_and_leaves_no_credit() -> None:
    credited = credit(ISSUED, 10_000)
    assert (credited.to_owed_minor, credited.to_credit_minor) == (10_000, 0)
    assert credited.after.state is InvoiceState.CREDITED


def test_crediting_a_part_of_a_paid_invoice_gives_the_customer_credit() -> None:
    paid = place(10_000, ISSUED).after
    credited = credit(paid, 3_000)
    assert (credited.to_owed_minor, credited.to_credit_minor) == (0, 3_000)
    assert credited.after.state is InvoiceState.PAID


def test_crediting_what_was_left_of_a_part_paid_invoice_settles_it() -> None:
    part = place(6_000, ISSUED).after
    credited = credit(part, 4_000)
    assert (credited.verb, credited.after.state) == ("pay", InvoiceState.PAID)
    assert credited.after.owed_minor == 0


def test_more_than_the_invoice_cannot_be_credited() -> None:
    with pytest.raises(errors.CreditRefused):
        credit(ISSUED, 10_001)
    with pytest.raises(errors.CreditRefused):
        credit(credit(ISSUED, 6_000).after, 4_001)


@pytest.mark.parametrize("state", ["draft", "void"])
def test_what_was_never_in_the_books_cannot_be_credited(state: str) -> None:
    with pytest.raises(MoveRefused):
        credit(Standing(InvoiceState(state), 10_000, 0, 0), 10_000)


def test_only_lines_that_are_there_can_be_credited() -> None:
    left = [LeftOfLine(0, 8_621, 1_379), LeftOfLine(1, 0, 0)]
    assert [line.gross_minor for line in take_back(left, positions=[0])] == [10_000]
    for positions in ([1], [2], [0, 7]):
        with pytest.raises(errors.CreditRefused):
            take_back(left, positions=positions)
    for amount_minor in (0, -1, 10_001):
        with pytest.raises(errors.CreditRefused):
            take_back(left, amount_minor=amount_minor)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.sampled_from([0, 1_400, 1_600])), min_size=1, max_size=6
    ),
    st.lists(st.integers(1, 10**9), max_size=6),
)
def test_parts_credited_one_after_another_give_back_every_cent(
    lines: list[tuple[int, int]], parts: list[int]
) -> None:
    left = [LeftOfLine(i, net, net * bps // 10_000) for i, (net, bps) in enumerate(lines)]
    whole = sum(line.gross_minor for line in left)
    net_whole, tax_whole = sum(x.net_minor for x in left), sum(x.tax_minor for x in left)
    net_back = tax_back = 0
    for part in [*parts, None]:
        rest = sum(line.gross_minor for line in left)
        if rest == 0:
            break
        taken = take_back(left, amount_minor=min(part, rest) if part else None)
        assert sum(line.gross_minor for line in taken) == (min(part, rest) if part else rest)
        back = {line.position: line for line in taken}
        left = [
            LeftOfLine(
                x.position,
                x.net_minor - back[x.position].net_minor,
                x.tax_minor - back[x.position].tax_minor,
            )
            if x.position in back
            else x
            for x in left
        ]
        assert all(min(line.net_minor, line.tax_minor) >= 0 for line in left)
        net_back += sum(line.net_minor for line in taken)
        tax_back += sum(line.tax_minor for line in taken)
    assert whole == 0 or (net_back, tax_back) == (net_whole, tax_whole)
