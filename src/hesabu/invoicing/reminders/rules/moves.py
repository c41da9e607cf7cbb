"""The only way a promise changes state. The picture in the sub-room's essay is tested against this table."""

from __future__ import annotations

from hesabu.invoicing.types import PromiseState
from hesabu.kit.moves import Moves

PROMISE_MOVES = Moves(
    {
        (PromiseState.STANDING, "keep"): PromiseState.KEPT,
        (PromiseState.STANDING, "break"): PromiseState.BROKEN,
        (PromiseState.STANDING, "forget"): PromiseState.FORGOTTEN,
        (PromiseState.STANDING, "replace"): PromiseState.REPLACED,
    }
)
