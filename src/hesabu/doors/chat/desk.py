"""The desk: one person at one business. What the door does for a merchant, it does from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from hesabu.doors.chat import proof, stepping
from hesabu.identity import permissions
from hesabu.identity import queries as identity
from hesabu.identity.errors import NotAllowed
from hesabu.identity.permissions import Declared
from hesabu.identity.types import Business
from hesabu.kit import clock
from hesabu.kit.money import Money
from hesabu.store import tenancy

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Desk:
    business_id: UUID
    person_id: UUID

    @contextmanager
    def open(self) -> Iterator[None]:
        """Bound to the business, as the person."""
        with tenancy.bound(self.business_id, actor=tenancy.Actor("person", self.person_id)):
            yield

    def require(self, leave: Declared | str | None) -> None:
        """Raises NotAllowed unless the person has it; a reason why none is needed lets everybody pass, and nothing nobody."""
        if isinstance(leave, Declared):
            with self.open():
                permissions.require(leave)
        elif not leave:
            raise NotAllowed(permission="undeclared")

    def may(
        self, what: Declared, run: Callable[[], Answer], *, settles: Money | None = None
    ) -> Answer:
        """Do it, if the person's role allows and it is sure enough that it is they. `settles` is what is owed less by it.
        Raises NotAllowed, Unproven, and StepNeeded where a PIN should have been asked for before."""
        proof.need_for(what)
        stepping.need_for(self, what, settles)
        with self.open():
            permissions.require(what)
            answer = run()
        stepping.count(self, what, settles)
        return answer

    def business(self) -> Business:
        with self.open():
            return identity.business(self.business_id)

    def today(self) -> date:
        return clock.today(self.business().timezone)

    def plain(self) -> dict[str, str]:
        """As a flow carries it."""
        return {"business": self.business_id.hex, "person": self.person_id.hex}


def day_of(instant: datetime, timezone: str) -> date:
    """The calendar day an instant fell on there."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def desk_of(given: Mapping[str, Any]) -> Desk:
    """The desk that `plain` described."""
    return Desk(UUID(given["business"]), UUID(given["person"]))


def attempt(run: Callable[[], Answer]) -> Answer:
    """Run it so that a refusal leaves nothing behind of what it began: neither rows, nor facts, nor jobs, nor a binding.
    Wherever the door catches a refusal and goes on, it does so around this."""
    with tenancy.attempt():
        return run()
