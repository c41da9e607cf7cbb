"""Whose: which of somebody's several businesses their words are about. Proposed from what is known, and where something
would be written and nothing is known, asked: money never goes to a business that was guessed.

    the message that is quoted ─▶ its business
    a number or a customer that only one of them has ─▶ that one
    the one they used within the hour ─▶ that one
    else ─▶ whoever only asks is answered for one, by name; whoever would write something is asked which
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hesabu.doors.chat import lists, words
from hesabu.doors.chat.desk import Desk
from hesabu.doors.chat.grammar.types import Intent, Understood
from hesabu.doors.chat.leaves import Leave
from hesabu.doors.chat.speech import Plain
from hesabu.doors.chat.visit import Visit
from hesabu.identity.permissions import Declared
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.errors import InvoiceNotFound
from hesabu.kit import clock
from hesabu.store import tenancy

RECENT = timedelta(hours=1)
"""How long the business that was used last is still the one that is meant."""
_ASKED = (Intent.VOID,)
"""What has no permission of its own, and yet is about one business's money."""


def desk_meant(visit: Visit, desk: Desk, said: Understood, leave: Leave | None) -> Desk | None:
    """The desk that the words are for; None where it has to be asked."""
    if len(visit.memberships) < 2:
        return desk
    known = _known(visit, said)
    if known is not None:
        return known
    if is_recent(visit):
        return desk
    writes = isinstance(leave, Declared) and not leave.name.endswith(":read")
    return None if writes or said.intent in _ASKED else desk


def is_recent(visit: Visit) -> bool:
    used_at = visit.memory.used_at
    return used_at is not None and clock.now() - used_at <= RECENT


def use(visit: Visit, desk: Desk) -> None:
    """They did something there just now."""
    if len(visit.memberships) > 1:
        visit.memory.business_id, visit.memory.used_at = desk.business_id, clock.now()
        visit.__dict__.pop("desk", None)


def ask(visit: Visit) -> None:
    """Which business? What they wrote is heard once more when they have said it."""
    businesses: list[Plain] = [
        [one.business_id.hex, one.business_name] for one in visit.memberships[: lists.ROWS_MAX]
    ]
    visit.begin(
        "which_business",
        {"words": words.figures.shortened(visit.message.text, 1000), "businesses": businesses},
    )


_heard_again: list[Callable[[Visit], object]] = []


def hears_again(hear: Callable[[Visit], object]) -> None:
    """Who hears the words once more: the merchant's side, which stands above this."""
    _heard_again[:] = [hear]


def go_on(visit: Visit, business_id: UUID, text: str) -> None:
    """They said which: their words are heard once more, for that business."""
    desk = visit.desk_at(business_id)
    if desk is None:
        visit.say(words.talk.nothing_asked())
        return
    use(visit, desk)
    visit.message = replace(visit.message, text=text)
    _heard_again[0](visit)


def _known(visit: Visit, said: Understood) -> Desk | None:
    quoted = visit.quoted()
    if quoted is not None:
        return visit.desk_at(quoted.business_id)
    if said.intent is Intent.UNDO and visit.memory.deeds:
        return visit.desk_at(visit.memory.deeds[-1].business_id)
    is_bare = not (said.reference or said.customer.name or said.customer.phone)
    if is_bare and said.intent in (Intent.CANCEL, Intent.CHANGE) and visit.memory.last_draft:
        return visit.desk_at(visit.memory.last_draft.business_id)
    if is_bare:
        return None
    desks = [visit.desk_at(one.business_id) for one in visit.memberships]
    having = [desk for desk in desks if desk is not None and _has(desk, said)]
    return having[0] if len(having) == 1 else None


def _has(desk: Desk, said: Understood) -> bool:
    """Whether that business has what they name."""
    with desk.open():
        if said.reference:
            return _has_number(said.reference)
        if said.customer.phone and invoices.customer_by_phone(said.customer.phone) is not None:
            return True
        name = said.customer.name
        return bool(name) and any(lists.begins(one, str(name)) for one in invoices.customer_names())


def _has_number(reference: str) -> bool:
    try:
        with tenancy.attempt():
            invoices.by_number(reference)
    except InvoiceNotFound:
        return False
    return True
