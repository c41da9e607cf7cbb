"""The board: all open streams of this process, what each has yet to be told, and what ends them.

One task reads what happened, for all streams with one question; another asks whether leaves still stand. Both ask the database
in threads, few at once. A database that is away is asked again, calmly: streams stay open, hear what they missed when it is
back, and those of somebody signed in end when nobody could vouch for them for a minute.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter as Counts
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import Error as DatabaseAway
from prometheus_client import Gauge

from hesabu.doors.web.live import signs
from hesabu.doors.web.live.leave import Watch
from hesabu.doors.web.live.signs import BEHIND, Sign
from hesabu.doors.web.live.stream import Bounds, Stream
from hesabu.kit import clock
from hesabu.store.lately import BACK, Lately
from hesabu.store.tenancy import HOUSE

log = structlog.get_logger(__name__)
STREAMS = Gauge("hesabu_live_streams", "Event streams that are open")
LOOKED_AT = Gauge("hesabu_live_looked_at_seconds", "When the facts were last read, as Unix time")

CHECKS_AT_ONCE = 3
"""One thread is left for whoever opens a stream."""

Read = Callable[[Sequence[UUID], datetime, int], list[Lately]]
WhyOver = Callable[[Watch], str]
InThread = Callable[..., Awaitable[Any]]


class Full(Exception):
    """No room for another stream. `why` is all, address or session."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class Board:
    """Of one event loop. What it asks of the database it is given, with a way to ask in a thread."""

    def __init__(
        self, read: Read, why_over: WhyOver, in_thread: InThread, bounds: Bounds | None = None
    ) -> None:
        self.bounds = bounds or Bounds()
        self._read, self._why_over, self._in_thread = read, why_over, in_thread
        self._streams: dict[UUID, set[Stream]] = {}
        self._counts: Counts[tuple[str, str]] = Counts()
        self._looked_at: datetime | None = None
        self._seen: dict[UUID, set[UUID]] = {}
        """Business → facts of the last look."""
        self._tasks: list[asyncio.Task[None]] = []
        self._emptied = asyncio.Event()
        self.is_closed = False

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._check())]

    async def close(self) -> None:
        """No new stream, and an end to all there are: their readers come back to whoever runs next. Returns when they are told."""
        self.is_closed = True
        for stream in self.streams():
            stream.end("stopped")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._streams:
            await self._emptied.wait()

    def streams(self) -> list[Stream]:
        return [stream for some in self._streams.values() for stream in some]

    # Opening and leaving.

    def require_room(self, address: str) -> None:
        """Before anything is asked of the database. Raises Full."""
        if self.is_closed or self._counts["all", ""] >= self.bounds.streams:
            raise Full("all")
        if self._counts["address", address] >= self.bounds.streams_of_address:
            raise Full("address")

    def open(self, watch: Watch, address: str) -> Stream:
        """Raises Full."""
        self.require_room(address)
        key = ("session", watch.session_key)
        if watch.session_key and self._counts[key] >= self.bounds.streams_of_session:
            raise Full("session")
        at = time.monotonic()
        stream = Stream(
            watch,
            address,
            self.bounds,
            ends_at=at + self.bounds.life_seconds * random.uniform(0.8, 1),
            check_at=at + self.bounds.check_seconds * random.uniform(0.6, 1),
            vouched_at=at,
        )
        self._streams.setdefault(watch.business_id, set()).add(stream)
        self._counts.update(self._keys(stream))
        STREAMS.inc()
        return stream

    def drop(self, stream: Stream) -> None:
        """The reader is gone, or was told the end. Twice is once."""
        here = self._streams.get(stream.watch.business_id, set())
        if stream not in here:
            return
        here.discard(stream)
        if not here:
            del self._streams[stream.watch.business_id]
        self._counts.subtract(self._keys(stream))
        for key in self._keys(stream):
            if self._counts[key] <= 0:
                del self._counts[key]
        STREAMS.dec()
        if self.is_closed and not self._streams:
            self._emptied.set()

    @staticmethod
    def _keys(stream: Stream) -> list[tuple[str, str]]:
        keys = [("all", ""), ("address", stream.address)]
        return [*keys, ("session", stream.watch.session_key)] if stream.watch.session_key else keys

    async def catch_up(self, stream: Stream, after: UUID | None, is_back: bool) -> None:
        """What happened since the last sign they saw, or since their page can have been made. Who `is_back` after a sign that
        is too old, or none of ours, looks at everything again."""
        at = clock.now()
        since = at - BACK
        if is_back:
            seen_at = _made_at(after) if after else None
            if seen_at is None or not at - self.bounds.catch_up <= seen_at <= at + BACK:
                stream.add(Sign(BEHIND))
            else:
                since = min(since, seen_at - BACK)
        if after is not None:
            stream.remembered[after] = None
        try:
            found = await self._asked([stream.watch.business_id], since)
        except DatabaseAway:
            stream.add(Sign(BEHIND))
            return
        if len(found) >= self.bounds.facts_of_business:
            stream.add(Sign(BEHIND))
        for fact in found:
            stream.tell(fact)

    # What happened.

    async def _follow(self) -> None:
        rest = self.bounds.look_seconds
        while True:
            await asyncio.sleep(rest)
            try:
                await self._look()
            except DatabaseAway as error:
                if rest == self.bounds.look_seconds:
                    log.warning("live.database_away", error=type(error).__name__)
                rest = min(rest * 2, self.bounds.away_seconds_most)
                continue
            except Exception:
                log.error("live.look_failed", exc_info=True)
                rest = self.bounds.away_seconds_most
                continue
            if rest > self.bounds.look_seconds:
                log.info("live.database_back")
            rest = self.bounds.look_seconds

    async def _look(self) -> None:
        """Once, for everybody. Since the last time, and a little further back."""
        at = clock.now()
        if self._streams:
            last = max(self._looked_at or at, at - self.bounds.catch_up)
            self._tell(await self._asked([*self._streams, HOUSE], last - BACK))
        self._looked_at = at
        LOOKED_AT.set(at.timestamp())

    async def _asked(self, business_ids: Sequence[UUID], since: datetime) -> list[Lately]:
        most = self.bounds.facts_of_business
        found: list[Lately] = await self._in_thread(self._read, business_ids, since, most)
        return found

    def _tell(self, found: Iterable[Lately]) -> None:
        by_business: dict[UUID, list[Lately]] = {}
        for fact in found:
            by_business.setdefault(fact.business_id, []).append(fact)
        seen, self._seen = self._seen, {}
        for business_id, facts in by_business.items():
            now = self._seen[business_id] = {fact.id for fact in facts}
            is_gap = len(facts) >= self.bounds.facts_of_business and not (
                now & seen.get(business_id, set())
            )
            for fact in facts:
                if fact.kind in signs.LEAVE_CHANGED:
                    self._doubt(business_id, fact)
            for stream in self._streams.get(business_id, ()):
                if is_gap:
                    stream.add(Sign(BEHIND))
                for fact in facts:
                    stream.tell(fact)

    def _doubt(self, business_id: UUID, fact: Lately) -> None:
        """Whoever this is about is asked about at once, wherever they look."""
        some = self.streams() if business_id == HOUSE else self._streams.get(business_id, ())
        for stream in some:
            if stream.watch.person_id == fact.subject_id and fact.id not in stream.remembered:
                stream.remember(fact.id)
                stream.check_at = 0

    # Whether they may go on.

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(self.bounds.look_seconds)
            at = time.monotonic()
            due: dict[Watch, list[Stream]] = {}
            for stream in self.streams():
                if at >= stream.ends_at:
                    stream.end("long")
                elif stream.watch.person_id is not None and at >= stream.check_at:
                    due.setdefault(stream.watch, []).append(stream)
            waiting = sorted(due.items(), key=lambda one: one[1][0].check_at)
            for start in range(0, len(waiting), CHECKS_AT_ONCE):
                few = waiting[start : start + CHECKS_AT_ONCE]
                await asyncio.gather(*(self._checked(watch, some) for watch, some in few))

    async def _checked(self, watch: Watch, some: list[Stream]) -> None:
        """Streams of one session at one business, with one question."""
        at = time.monotonic()
        for stream in some:
            stream.check_at = at + self.bounds.check_seconds
        try:
            why = await self._in_thread(self._why_over, watch)
        except Exception as error:
            if not isinstance(error, DatabaseAway):
                log.error("live.check_failed", exc_info=True)
            for stream in some:
                if at - stream.vouched_at > self.bounds.unvouched_seconds:
                    stream.end("away")
            return
        for stream in some:
            stream.vouched_at = at
            if why:
                stream.end(why)


def _made_at(fact_id: UUID) -> datetime | None:
    """When an id of ours was made; None where it is none."""
    if fact_id.version != 7:
        return None
    return datetime.fromtimestamp((fact_id.int >> 80) / 1000, tz=clock.now().tzinfo)
