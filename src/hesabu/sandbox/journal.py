"""What happened, in order: every request answered, every webhook tried, every act of a person.

The journal is bounded, holds no credentials, and is also the source of the live events that the
phone page listens to.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any, Literal

from hesabu.sandbox.clock import Clock

ENTRIES_MAX = 2_000
BODY_CHARACTERS_MAX = 8_000
SUBSCRIBER_EVENTS_MAX = 500

Kind = Literal["request", "webhook", "act", "fault"]


@dataclass(frozen=True)
class Entry:
    seq: int
    at: float
    kind: Kind
    provider: str
    summary: str
    method: str = ""
    url: str = ""
    status: int | None = None
    request: str = ""
    response: str = ""
    fault: str = ""
    """The dial that had its way with this one, if any."""
    attempt: int = 0
    took_ms: int = 0


class Journal:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=ENTRIES_MAX)
        self._subscribers: set[asyncio.Queue[tuple[str, dict[str, Any]]]] = set()
        self._seq = 0

    def record(self, kind: Kind, provider: str, summary: str, **more: Any) -> Entry:
        self._seq += 1
        for name in ("request", "response"):
            if name in more:
                more[name] = str(more[name])[:BODY_CHARACTERS_MAX]
        entry = Entry(self._seq, self._clock.now(), kind, provider, summary, **more)
        self._entries.append(entry)
        self.publish("log", {"seq": entry.seq})
        return entry

    def since(self, seq: int, limit: int) -> list[dict[str, Any]]:
        return [asdict(e) for e in self._entries if e.seq > seq][:limit]

    def latest(self, limit: int) -> list[Entry]:
        return list(self._entries)[-limit:]

    def clear(self) -> None:
        self._entries.clear()
        self._seq = 0

    def publish(self, kind: str, payload: dict[str, Any]) -> None:
        for queue in self._subscribers:
            if not queue.full():  # a page that stopped reading loses events, not the box its memory
                queue.put_nowait((kind, payload))

    def subscribe(self) -> asyncio.Queue[tuple[str, dict[str, Any]]]:
        queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(SUBSCRIBER_EVENTS_MAX)
        self._subscribers.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[tuple[str, dict[str, Any]]]) -> None:
        self._subscribers.discard(queue)
