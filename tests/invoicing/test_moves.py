"""The life of an invoice, as the essay draws it and as the table keeps it."""

from __future__ import annotations

import re

import pytest

import hesabu.invoicing
from hesabu.invoicing.rules.moves import MOVES
from hesabu.invoicing.types import InvoiceState
from hesabu.kit.moves import MoveRefused


def test_the_picture_in_the_essay_is_the_table() -> None:
    drawn = set(re.findall(r"^ +(\w+) ── (\w+) ──▶ (\w+)$", hesabu.invoicing.__doc__ or "", re.M))
    assert drawn == {(str(source), verb, str(target)) for source, verb, target in MOVES}


def test_every_state_is_reached_and_every_life_can_end() -> None:
    assert MOVES.states == set(InvoiceState)
    for state in InvoiceState:
        reached, waiting = set(), [state]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting += [MOVES.after(here, verb) for verb in MOVES.verbs_from(here)]
        assert reached & {InvoiceState.VOID, InvoiceState.CREDITED}, f"{state} never ends"


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        (InvoiceState.DRAFT, "pay"),
        (InvoiceState.DRAFT, "void"),
        (InvoiceState.DRAFT, "credit"),
        (InvoiceState.ISSUED, "issue"),
        (InvoiceState.ISSUED, "discard"),
        (InvoiceState.PART_PAID, "void"),
        (InvoiceState.PAID, "void"),
        (InvoiceState.PAID, "pay"),
        (InvoiceState.VOID, "pay"),
        (InvoiceState.VOID, "credit"),
        (InvoiceState.CREDITED, "pay"),
    ],
)
def test_a_move_that_is_not_drawn_is_refused(state: InvoiceState, verb: str) -> None:
    with pytest.raises(MoveRefused):
        MOVES.after(state, verb)
