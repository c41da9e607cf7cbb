"""Tables of moves: what is not in the table is refused, by name."""

from __future__ import annotations

from enum import StrEnum

import pytest

from hesabu.kit.moves import MoveRefused, Moves


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


MOVES = Moves(
    {
        (Door.OPEN, "shut"): Door.SHUT,
        (Door.SHUT, "open"): Door.OPEN,
        (Door.SHUT, "lock"): Door.LOCKED,
    }
)


def test_a_move_leads_where_the_table_says() -> None:
    assert MOVES.after(Door.OPEN, "shut") is Door.SHUT
    assert MOVES.allows(Door.SHUT, "lock")


def test_a_move_that_is_not_there_is_refused_with_where_it_stands() -> None:
    assert not MOVES.allows(Door.LOCKED, "open")
    with pytest.raises(MoveRefused) as refused:
        MOVES.after(Door.LOCKED, "open")
    assert refused.value.status == 409
    assert refused.value.problem()["state"] == "locked"
    assert refused.value.problem()["verb"] == "open"


def test_the_table_tells_its_states_and_verbs() -> None:
    assert MOVES.states == set(Door)
    assert MOVES.verbs_from(Door.SHUT) == ["lock", "open"]
    assert MOVES.verbs_from(Door.LOCKED) == []
    assert (Door.OPEN, "shut", Door.SHUT) in set(MOVES)


def test_a_table_does_not_change_with_the_one_it_was_made_from() -> None:
    table = {(Door.OPEN, "shut"): Door.SHUT}
    made = Moves(table)
    table.clear()
    assert made.after(Door.OPEN, "shut") is Door.SHUT
