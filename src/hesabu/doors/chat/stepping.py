"""Stepping up: a telephone that lies on a table is held by anybody. So a chat alone creates, sends and asks; whatever takes
something back, sends money elsewhere, lets somebody in or changes what the business is (`leaves.STEPS`) asks for the PIN
first, and says how long to wait after wrong ones.

    a tap ─▶ `ask`: the PIN ── right ─▶ the same tap once more, stepped up ─▶ done
                            └─ wrong ─▶ nothing; after five the wait doubles, up to a day

Who has no PIN sets it in a browser, where they show by other means who they are: the chat sends a passage there (see
identity's `passages`). Only in the first hour after they became known, on a number that nobody doubts, the chat takes it:
there is nothing yet that another could have been after.

A right PIN opens the till, too (see `till`): for a quarter of an hour nobody at the counter is asked again before money is
counted as received or a price changes. What is asked for here asks each time.

Where a PIN was asked for by a flow, its acts run inside `stepped_up`; `need` stops every other way to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from hesabu.doors.chat import taps, till
from hesabu.doors.chat.leaves import BOUNDS, STEP_TAPS, TAPS, Bound
from hesabu.doors.chat.taps import Tap
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.identity.errors import NotAllowed
from hesabu.identity.permissions import Declared
from hesabu.kit import clock, ids
from hesabu.kit.money import Money

if TYPE_CHECKING:
    from hesabu.doors.chat.desk import Desk
    from hesabu.doors.chat.visit import Visit

FRESH = timedelta(hours=1)
"""How long after somebody became known the chat takes their first PIN."""
PROVED_FOR = timedelta(minutes=10)
_is_stepped_up: ContextVar[bool] = ContextVar("is_stepped_up", default=False)


class StepNeeded(NotAllowed):
    """An act was reached without the PIN that its words or its tap ask for."""

    code = "chat.step_needed"
    title = "That needs your PIN."
    hint = "Ask for it again in words, and give your PIN when I ask for it."


@contextmanager
def stepped_up() -> Iterator[None]:
    """The PIN was asked for, and was right."""
    token = _is_stepped_up.set(True)
    try:
        yield
    finally:
        _is_stepped_up.reset(token)


@contextmanager
def proved(at: str) -> Iterator[None]:
    """The PIN was right at that instant (ISO 8601), in a conversation that went on: for ten minutes it counts there. Raises
    StepNeeded after, so that nobody finishes what another began and left open. "": it was not asked for, and the bound of
    what is done decides."""
    if not at:
        yield
        return
    if clock.now() - datetime.fromisoformat(at) > PROVED_FOR:
        raise StepNeeded(permission="step")
    with stepped_up():
        yield


def is_stepped_up() -> bool:
    return _is_stepped_up.get()


def need() -> None:
    """Called before whatever a chat alone may not do. Raises StepNeeded."""
    if not _is_stepped_up.get():
        raise StepNeeded(permission="step")


def need_for(desk: Desk, permission: Declared, settles: Money | None) -> None:
    """What a chat may do by itself passes; what the till guards, if it `settles` no more than passes without the PIN, or the
    till is open; all else asks. What says nothing of its bound does, too."""
    bound = BOUNDS.get(permission.name, Bound.STEP)
    if bound is Bound.STEP:
        need()
    elif bound is Bound.TILL and asks_for(desk, settles):
        raise StepNeeded(permission="step")


def asks_for(desk: Desk, settles: Money | None) -> bool:
    """Whether the PIN is asked for before that much is counted as received; None asks unless the till is open."""
    return not _is_open_at(desk) and not _passes(desk, settles)


def count(desk: Desk, permission: Declared, settles: Money | None) -> None:
    """It was done: what passed without the PIN is summed."""
    at_till = till.here()
    is_guarded = BOUNDS.get(permission.name) is Bound.TILL
    if at_till is not None and is_guarded and settles and not _is_open_at(desk):
        at_till.count(desk.business(), settles)


def open_till(business_id: UUID, person_id: UUID) -> None:
    """Their PIN was right, just now."""
    at_till = till.here()
    if at_till is not None:
        at_till.open(business_id, person_id)


def _is_open_at(desk: Desk) -> bool:
    at_till = till.here()
    is_open = at_till is not None and at_till.is_open(desk.business_id, desk.person_id)
    return is_open or _is_stepped_up.get()


def _passes(desk: Desk, settles: Money | None) -> bool:
    at_till = till.here()
    if settles is not None and not settles:
        return True  # nobody owes less by it
    if at_till is None or settles is None:
        return False
    return at_till.lets_pass(desk.business(), settles)


def ask(visit: Visit, desk: Desk, tapped: Tap) -> None:
    """Ask for the PIN; then that is taken as tapped once more."""
    button = taps.written(
        tapped.verb, tapped.business_id, tapped.subject_id, tapped.version, tapped.choice
    )
    leave = TAPS.get(tapped.verb)
    at_till = isinstance(leave, Declared) and BOUNDS.get(leave.name) is Bound.TILL
    is_till = at_till and tapped.verb not in STEP_TAPS
    visit.begin("step_up", {**desk.plain(), "tap": button, "is_till": is_till})


_taken: list[Callable[[Visit, Desk, Tap], bool]] = []


def takes_taps(take: Callable[[Visit, Desk, Tap], bool]) -> None:
    """Who takes what was tapped once more: the merchant's side, which stands above this."""
    _taken[:] = [take]


def go_on(visit: Visit, button_id: str) -> None:
    """The PIN was right: what waited for it is taken as tapped once more, at the desk of its business."""
    tapped = taps.read(button_id)
    desk = visit.desk_at(tapped.business_id) if tapped else None
    if tapped is None or desk is None:
        raise StepNeeded(permission="step")
    open_till(desk.business_id, desk.person_id)
    with stepped_up():
        _taken[0](visit, desk, tapped)


def is_new(person_id: UUID) -> bool:
    """Whether they became known just now."""
    return clock.now() - people.person(person_id).created_at <= FRESH


def link_to(person_id: UUID, page: str) -> str:
    """An address for them alone, once, which leads to that page of ours."""
    return f"{settings.CONFIG.public_url}/s/{identity.ask_passage(person_id, page)}"


def page_of(business_id: UUID, page: str) -> str:
    return f"/b/{ids.short(business_id)}/{page}"
