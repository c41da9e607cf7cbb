"""The box's own time, and the acts that wait for it.

The clock reads real time plus an offset, so a person can wait, and a test can jump: when it moves
forward by an hour, every act due within that hour happens in order, each at the time it was due.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

log = logging.getLogger("hesabu.sandbox")

Act = Callable[[], Awaitable[None]]
STEP_SECONDS_MAX = 15.0


class Clock:
    def __init__(self, read: Callable[[], float] = time.time) -> None:
        self._read = read
        self._offset = 0.0

    def now(self) -> float:
        return self._read() + self._offset

    def jump_to(self, instant: float) -> None:
        self._offset += max(0.0, instant - self.now())


@dataclass(order=True)
class Ticket:
    """One act on the timetable; cancelling it is the way to change one's mind."""

    at: float
    ordinal: int
    act: Act = field(compare=False)
    is_idle: bool = field(compare=False, default=False)
    """Waits for a person (a ringing prompt), so the box counts as quiet meanwhile."""
    is_sleeper: bool = field(compare=False, default=False)
    """A request sleeps on it: it must be woken even when the world begins again."""
    is_cancelled: bool = field(compare=False, default=False)

    def cancel(self) -> None:
        self.is_cancelled = True


class Timetable:
    """Runs acts when the clock reaches them. One event loop owns it, so it needs no locks."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._heap: list[Ticket] = []
        self._ordinals = itertools.count()
        self._running: set[asyncio.Task[None]] = set()
        self._loop_task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    def after(self, seconds: float, act: Act, *, is_idle: bool = False) -> Ticket:
        ticket = Ticket(self.clock.now() + seconds, next(self._ordinals), act, is_idle)
        heapq.heappush(self._heap, ticket)
        if self._loop_task is None or self._loop_task.done():
            self._loop_task = asyncio.create_task(self._run())
        self._wake.set()
        return ticket

    async def sleep(self, seconds: float) -> None:
        """Sleep by the box's clock: a jump wakes the sleeper."""
        woken = asyncio.Event()

        async def wake() -> None:
            woken.set()

        self.after(seconds, wake, is_idle=True).is_sleeper = True
        await woken.wait()

    async def advance(self, seconds: float) -> None:
        target = self.clock.now() + seconds
        while (due := self._next_due()) is not None and due <= target:
            self.clock.jump_to(due)
            self._start_due()
            await self._settled(STEP_SECONDS_MAX)
        self.clock.jump_to(target)
        self._wake.set()

    async def quiet(self, timeout_seconds: float) -> bool:
        """Wait until nothing runs and nothing waits, except for people."""
        end = time.monotonic() + timeout_seconds
        while self._running or any(not t.is_idle and not t.is_cancelled for t in self._heap):
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.01)
        return True

    def clear(self) -> None:
        for ticket in self._heap:
            if not ticket.is_sleeper:
                ticket.cancel()
        for task in self._running:
            task.cancel()

    async def close(self) -> None:
        self.clear()
        if self._loop_task is not None:
            self._loop_task.cancel()
            await asyncio.gather(self._loop_task, *self._running, return_exceptions=True)

    def _next_due(self) -> float | None:
        while self._heap and self._heap[0].is_cancelled:
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else None

    def _start_due(self) -> None:
        while (due := self._next_due()) is not None and due <= self.clock.now():
            task = asyncio.ensure_future(self._guarded(heapq.heappop(self._heap)))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _guarded(self, ticket: Ticket) -> None:
        try:
            await ticket.act()
        except Exception:
            log.exception("an act of the sandbox failed")

    async def _settled(self, timeout_seconds: float) -> None:
        if self._running:
            await asyncio.wait(set(self._running), timeout=timeout_seconds)

    async def _run(self) -> None:
        while True:
            self._start_due()
            due = self._next_due()
            self._wake.clear()
            wait = None if due is None else max(0.0, due - self.clock.now())
            with contextlib.suppress(TimeoutError):
                # not wait_for, which swallows a cancellation that comes together with the wake
                async with asyncio.timeout(wait):
                    await self._wake.wait()
