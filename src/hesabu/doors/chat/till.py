"""The till: what settles or lowers what somebody owes, and what things cost. A telephone that lies on a counter is held by
anybody, and "Jane paid 5000 cash" forgives a debt as surely as a credit note does.

    a right PIN ─▶ the till of that business is open for this person on this number, a quarter of an hour
    closed ──────▶ money is counted as received up to what the business lets pass without (`pin_above`, in a day), and asks
                   for the PIN beyond; a changed price always asks

It closes by itself, by "lock", when the number changes hands, and when somebody else is known to be behind it. What takes
money back, sends it elsewhere or lets somebody in asks each time, open or not (see `stepping`).

What passed without the PIN is summed over a day, of all numbers and channels of a person together, so that a debt cannot be
paid off in small coins that nobody gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hesabu.identity.types import Business
from hesabu.kit import clock, crypto
from hesabu.kit.money import Money
from hesabu.messaging.types import Contact, Inbound

OPEN_FOR = timedelta(minutes=15)
SUMMED_OVER = timedelta(hours=24)
PASSED_MAX = 40
"""So many payments are remembered; whoever takes more in a day without the PIN is asked for it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The till of a business, opened by the PIN of a person."""

    business_id: UUID
    person_id: UUID
    until: datetime
    mark: str
    """Of the telephone it was opened from (see `mark_of`)."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Money that was counted as received without the PIN, in minor units of the business's currency."""

    business_id: UUID
    at: datetime
    minor: int


@dataclass(slots=True)
class Till:
    """What one contact's memory keeps of it."""

    opened: list[Opened] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    mark: str = ""
    """Of the telephone that writes now; it is not kept."""
    elsewhere: Callable[[], Sequence[Passed]] = field(default=tuple, compare=False, repr=False)
    """What passed on their other numbers and channels; asked for where it matters, and not kept."""

    def plain(self) -> dict[str, Any]:
        return {
            "opened": [
                [one.business_id.hex, one.person_id.hex, one.until.isoformat(), one.mark]
                for one in self.opened
            ],
            "passed": [[one.business_id.hex, one.at.isoformat(), one.minor] for one in self.passed],
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Till:
        opened = [
            Opened(UUID(business), UUID(person), datetime.fromisoformat(until), mark)
            for business, person, until, mark in plain["opened"]
        ]
        passed = [
            Passed(UUID(business), datetime.fromisoformat(at), minor)
            for business, at, minor in plain["passed"]
        ]
        return cls(opened, passed)

    def is_open(self, business_id: UUID, person_id: UUID) -> bool:
        now = clock.now()
        return any(
            (one.business_id, one.person_id, one.mark) == (business_id, person_id, self.mark)
            # a clock that was set back opens nothing for longer
            and now < one.until <= now + OPEN_FOR
            for one in self.opened
        )

    def open(self, business_id: UUID, person_id: UUID) -> None:
        """Anew from now; what has closed by itself is forgotten."""
        now = clock.now()
        others = [one for one in self.opened if one.business_id != business_id and one.until > now]
        self.opened = [*others, Opened(business_id, person_id, now + OPEN_FOR, self.mark)]

    def close(self) -> bool:
        """Every one of them; False where none was open."""
        was_open = any(clock.now() < one.until for one in self.opened)
        self.opened = []
        return was_open

    def lets_pass(self, business: Business, amount: Money) -> bool:
        """Whether that much more may be counted as received today without the PIN."""
        most = business.pin_above
        if most is None:
            return True
        recent = self._recent()
        if (
            not most
            or amount.minor < 0
            or amount.currency != most.currency
            or amount.minor > most.minor
            or len(recent) >= PASSED_MAX
        ):
            return False
        all_of_them = [*recent, *_lately(self.elsewhere())]
        before = sum(one.minor for one in all_of_them if one.business_id == business.id)
        return before + amount.minor <= most.minor

    def count(self, business: Business, amount: Money) -> None:
        """It was counted as received without the PIN."""
        if amount.currency == business.currency:
            self.passed = [*self._recent(), Passed(business.id, clock.now(), amount.minor)][
                -PASSED_MAX:
            ]

    def _recent(self) -> list[Passed]:
        return _lately(self.passed)


def _lately(passed: Sequence[Passed]) -> list[Passed]:
    since = clock.now() - SUMMED_OVER
    return [one for one in passed if one.at > since]


def mark_of(contact: Contact, message: Inbound) -> str:
    """Of the telephone that wrote: its channel, its number, and the sign by which WhatsApp tells one device from the next. A
    till that was opened from one is closed on another."""
    device = str(message.more.get("device") or "")
    return crypto.digest(f"{message.channel}|{contact.phone}|{device}").hex()[:24]


_till: ContextVar[Till | None] = ContextVar("till", default=None)


@contextmanager
def at(till: Till, mark: str, elsewhere: Callable[[], Sequence[Passed]] = tuple) -> Iterator[None]:
    """While one message is heard: the till is its writer's."""
    till.mark, till.elsewhere = mark, elsewhere
    token = _till.set(till)
    try:
        yield
    finally:
        _till.reset(token)


def here() -> Till | None:
    """The till of whoever wrote; None where nobody did."""
    return _till.get()
