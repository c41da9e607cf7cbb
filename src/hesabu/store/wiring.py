"""Wiring: who reads which fact. Filled by the app at boot, then sealed; there is no other place.

    wiring.now(PaymentSettled, invoicing.reactions.allocate)
    wiring.later(InvoiceIssued, invoicing.reactions.send_issued)
    wiring.later(MessageReceived, chat.reactions.answer, unbound=True)

A *now* reader gets the facts of one publish, as a batch, inside the same transaction: only what must never disagree
belongs there. A *later* reader gets one fact at a time inside `bound(fact.business_id)`, once: that it has read the fact
commits together with what it did. An *unbound* later reader talks to the network, so it gets no transaction: it opens its
own, and its own idempotency must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hesabu.store.facts import Fact

Reader = Callable[[Sequence[Any]], None]


@dataclass(frozen=True, slots=True)
class Later:
    """A reader that runs in a job. `name` is module and function, as jobs carry it."""

    name: str
    read: Reader
    is_unbound: bool


class NotSealed(RuntimeError):
    """A fact was published before everybody who reads it was known."""


class Wiring:
    def __init__(self) -> None:
        self._now: dict[type, list[Reader]] = {}
        self._later: dict[type, list[str]] = {}
        self.readers: dict[str, Later] = {}
        self.fact_types: dict[str, type[Fact]] = {}
        self._is_sealed = False

    def now(self, kind: type[Fact], reader: Reader) -> None:
        self._declare(kind)
        self._now.setdefault(kind, []).append(reader)

    def later(self, kind: type[Fact], reader: Reader, *, unbound: bool = False) -> None:
        self._declare(kind)
        name = f"{reader.__module__.removeprefix('hesabu.')}.{reader.__qualname__}"
        self.readers[name] = Later(name, reader, unbound)
        self._later.setdefault(kind, []).append(name)

    def seal(self, fact_types: Sequence[type[Fact]] = ()) -> None:
        """No reader may be added from here on. `fact_types` are those that nobody reads but the timeline."""
        for kind in fact_types:
            self._declare(kind)
        self._is_sealed = True

    def require_sealed(self) -> None:
        if not self._is_sealed:
            raise NotSealed(
                "the wiring is not sealed yet: facts cannot be published at import time"
            )

    def now_readers(self, kind: type[Fact]) -> Sequence[Reader]:
        return self._now.get(kind, ())

    def later_readers(self, kind: type[Fact]) -> Sequence[str]:
        return self._later.get(kind, ())

    def _declare(self, kind: type[Fact]) -> None:
        if self._is_sealed:
            raise RuntimeError("the wiring is sealed")
        if not (kind.kind and kind.subject_kind and kind.title):
            raise ValueError(f"{kind.__name__} needs its kind, subject_kind and title")
        known = self.fact_types.setdefault(kind.kind, kind)
        if known is not kind:
            raise ValueError(f"two facts are called {kind.kind}")


wiring = Wiring()
