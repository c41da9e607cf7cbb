"""How a message changes state."""

from __future__ import annotations

from hesabu.kit.moves import Moves
from hesabu.messaging.types import State

TOLD = {
    "pass_on": State.SENT,
    "fail": State.FAILED,
    "deliver": State.DELIVERED,
    "see": State.SEEN,
    "play": State.PLAYED,
}
"""What a provider's status does to a message that nothing more is known of, least telling first."""

_UNTOLD = (State.QUEUED, State.SENDING, State.UNCERTAIN, State.ACCEPTED)
_LADDER = (State.SENT, State.FAILED, State.DELIVERED, State.SEEN, State.PLAYED)

MOVES: Moves[State] = Moves(
    {
        (State.QUEUED, "take"): State.SENDING,
        (State.SENDING, "accept"): State.ACCEPTED,
        (State.SENDING, "put_back"): State.QUEUED,
        (State.SENDING, "lose"): State.UNCERTAIN,
        (State.UNCERTAIN, "accept"): State.ACCEPTED,
        (State.UNCERTAIN, "put_back"): State.QUEUED,
        **{(state, verb): target for state in _UNTOLD for verb, target in TOLD.items()},
        **{
            (state, verb): target
            for place, state in enumerate(_LADDER)
            for verb, target in TOLD.items()
            if _LADDER.index(target) > place
        },
        **{
            (state, "try_again"): State.QUEUED
            for state in (State.SENDING, State.UNCERTAIN, State.ACCEPTED, State.SENT)
        },
        **{(state, "move_on"): State.QUEUED for state in (*_UNTOLD, State.SENT)},
        (State.RECEIVED, "answer"): State.ANSWERED,
    }
)


def after_telling(state: State, verb: str) -> State:
    """Where a status leads; a late or doubled one leads nowhere."""
    return MOVES.after(state, verb) if MOVES.allows(state, verb) else state


def tells_more(state: State, *, than: State) -> bool:
    """Whether a rung that was left got further than the one the message stands on: it arrived, and the other less so."""
    arrived = _LADDER[_LADDER.index(State.DELIVERED) :]
    if state not in arrived:
        return False
    return than not in arrived or arrived.index(state) > arrived.index(than)
