"""One reader, what waits for them, and how much of everything there may be."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from prometheus_client import Counter

from hesabu.doors.web.live import signs
from hesabu.doors.web.live.leave import Watch
from hesabu.doors.web.live.signs import BEHIND, Sign
from hesabu.store.lately import Lately

SIGNS = Counter("hesabu_live_signs", "Signs handed to streams")
ENDED = Counter("hesabu_live_ended", "Streams that this side ended or refused", ["why"])


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of everything. Of one process."""

    streams: int = 2000
    streams_of_session: int = 12
    streams_of_address: int = 200
    signs_waiting: int = 64
    signs_remembered: int = 512
    facts_of_business: int = 200
    """So many of the newest are read at once; where all of them are new there may be more, and the page is behind."""
    look_seconds: float = 0.3
    heartbeat_seconds: float = 15
    slow_seconds: float = 20
    """Whoever takes nothing for so long is dropped."""
    check_seconds: float = 15
    unvouched_seconds: float = 60
    """How long somebody's stream goes on while the database cannot be asked about them."""
    life_seconds: float = 3600
    """Then it is opened again, by the front door."""
    catch_up: timedelta = timedelta(minutes=10)
    away_seconds_most: float = 5


@dataclass(slots=True, eq=False)
class Stream:
    """One reader, and what waits for them."""

    watch: Watch
    address: str
    bounds: Bounds
    ends_at: float
    check_at: float
    vouched_at: float
    waiting: deque[Sign] = field(default_factory=deque)
    remembered: dict[UUID, None] = field(default_factory=dict)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    over: str = ""
    """Why it ends; empty while it goes on."""
    is_gone: bool = False
    """The reader left."""

    def tell(self, fact: Lately) -> None:
        """If it is theirs to hear, and they have not heard it."""
        if fact.business_id != self.watch.business_id or fact.id in self.remembered:
            return
        if self.watch.invoice_id is not None:
            sign = signs.of_pay_page(fact, self.watch.invoice_id)
        else:
            sign = signs.of_business(fact, self.watch.kinds)
        if sign is not None:
            self.remember(fact.id)
            self.add(sign)

    def add(self, sign: Sign) -> None:
        """Who has too much waiting for them looks at everything again instead."""
        if len(self.waiting) >= self.bounds.signs_waiting:
            self.waiting.clear()
            sign = Sign(BEHIND, "", sign.fact_id)
        self.waiting.append(sign)
        self.awake.set()

    def remember(self, fact_id: UUID) -> None:
        self.remembered[fact_id] = None
        if len(self.remembered) > self.bounds.signs_remembered:
            del self.remembered[next(iter(self.remembered))]

    def end(self, why: str) -> None:
        if not self.over:
            self.over = why
            ENDED.labels(why).inc()
            self.awake.set()

    def leave(self) -> None:
        self.is_gone = True
        self.awake.set()

    def taken(self) -> list[Sign]:
        """All that waits, which then waits no more."""
        found = list(self.waiting)
        self.waiting.clear()
        SIGNS.inc(len(found))
        return found
