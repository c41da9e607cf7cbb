"""Tables of moves: the only way a state changes.

    MOVES = Moves({(State.DRAFT, "issue"): State.ISSUED, ...})
    state = MOVES.after(state, "issue")

A room declares its table once, draws it in its essay, and a test holds the drawing against the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from hesabu.kit.errors import Refused

State = TypeVar("State", bound=StrEnum)


class MoveRefused(Refused):
    code = "move.refused"
    title = "That can't be done from where it stands."
    hint = "Look at its state first."


class Moves(Generic[State]):
    def __init__(self, table: Mapping[tuple[State, str], State]) -> None:
        self._table = dict(table)

    def after(self, state: State, verb: str) -> State:
        """Where `verb` leads from `state`. Raises MoveRefused where it leads nowhere."""
        try:
            return self._table[(state, verb)]
        except KeyError:
            raise MoveRefused(f"{verb} from {state}", state=str(state), verb=verb) from None

    def allows(self, state: State, verb: str) -> bool:
        return (state, verb) in self._table

    def verbs_from(self, state: State) -> list[str]:
        return sorted(verb for (source, verb) in self._table if source == state)

    @property
    def states(self) -> set[State]:
        return {source for source, _ in self._table} | set(self._table.values())

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter((source, verb, target) for (source, verb), target in self._table.items())
