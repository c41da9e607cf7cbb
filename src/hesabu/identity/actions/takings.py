"""Taking an admin's role on the command line. Whoever reaches the machine could take the other admin's role away first, and then
restore somebody alone; so it waits, as restorations do, and all admins are told:

    asked ── a day ──▶ taken
      └── stopped, by any admin on the page of members, or by an operator ──▶ stopped

An admin who takes another's role on that page is one of two people already, and waits for nothing. The last admin's role is not
taken at all.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from hesabu.identity.actions.platform import require_another_admin, take_platform
from hesabu.identity.errors import LastAdmin, TakingNotFound
from hesabu.identity.facts import PlatformTakingAsked, PlatformTakingStopped
from hesabu.identity.models import PlatformMember, Taking
from hesabu.identity.permissions import inner
from hesabu.identity.platform import MEMBER_KEEP, needs_platform
from hesabu.identity.rules import TAKING_WAIT
from hesabu.identity.types import PlatformRole, TakingView
from hesabu.kit import clock, ids
from hesabu.store import facts, tenancy


@inner
def ask_taking(person_id: UUID) -> tuple[TakingView, bool] | None:
    """Begin it; where it is under way, that one. And whether it was begun now. None for who is no admin. In a house transaction.
    Raises LastAdmin."""
    require_another_admin(person_id)
    if not PlatformMember.objects.filter(person_id=person_id, role=PlatformRole.ADMIN).exists():
        return None
    row = _open().filter(person_id=person_id).first()
    if row is not None:
        return _view(row), False
    now = clock.now()
    row = Taking(id=ids.new_id(), person_id=person_id, asked_at=now, due_at=now + TAKING_WAIT)
    row.save(force_insert=True)
    facts.publish(
        PlatformTakingAsked(
            business_id=tenancy.HOUSE, subject_id=person_id, taking_id=row.id, due_at=row.due_at
        )
    )
    return _view(row), True


@needs_platform(MEMBER_KEEP)
def stop_taking(taking_id: UUID) -> None:
    """The bound admin says no; also whom it is about. Raises TakingNotFound."""
    row = _open().select_for_update().filter(id=taking_id).first()
    if row is None:
        raise TakingNotFound(str(taking_id))
    row.stopped_by_id = tenancy.current().actor.id
    _stop(row, "admin")


@inner
def drop_taking(person_id: UUID) -> bool:
    """An operator does not want it after all: whether one was under way. In a house transaction."""
    rows = list(_open().select_for_update().filter(person_id=person_id).order_by("id"))
    for row in rows:
        _stop(row, "operator")
    return bool(rows)


@inner
def finish_taking(taking_id: UUID) -> UUID | None:
    """Its day is over: whose role was taken. None where it was stopped, done, or is not due; one that has become the last admin's
    is stopped. In a house transaction."""
    due = _open().select_for_update().filter(id=taking_id, due_at__lte=clock.now())
    row = due.first()
    if row is None:
        return None
    try:
        take_platform(row.person_id, PlatformRole.ADMIN)
    except LastAdmin:
        _stop(row, "last")
        return None
    row.done_at = clock.now()
    row.save(update_fields=["done_at"])
    return row.person_id


def _open() -> QuerySet[Taking]:
    return Taking.objects.filter(stopped_at=None, done_at=None)


def _stop(row: Taking, why: str) -> None:
    row.stopped_at = clock.now()
    row.save(update_fields=["stopped_at", "stopped_by_id"])
    facts.publish(
        PlatformTakingStopped(
            business_id=tenancy.HOUSE, subject_id=row.person_id, taking_id=row.id, why=why
        )
    )


def _view(row: Taking) -> TakingView:
    return TakingView(row.id, row.person_id, row.due_at)
