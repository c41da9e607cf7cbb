"""Wiring: the only place that knows everyone. Who reads which fact, which provider's letters are read by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hesabu.store import letters
from hesabu.store.wiring import wiring

_is_connected = False


def connect() -> None:
    """Declare every reader and import every room's jobs, then seal. Doing it again changes nothing."""
    global _is_connected
    if _is_connected:
        return
    _is_connected = True
    import hesabu.store.reading  # noqa: F401  (declares the job that reads facts later)
    from hesabu.identity.facts import BusinessRegistered
    from hesabu.ledger import reactions as ledger_reactions

    wiring.now(BusinessRegistered, ledger_reactions.open_book)
    wiring.seal()


def intakes() -> Mapping[str, letters.Intake]:
    """How each provider's letters are recognised."""
    return {}


def answers() -> Mapping[str, bytes]:
    """What each provider wants to hear once its letter is filed."""
    return {"mpesa": b'{"ResultCode":0,"ResultDesc":"Accepted"}'}


def drains() -> Mapping[str, Callable[[], int]]:
    """What a worker empties, by name: each takes a batch and says how many it took."""
    return {}
