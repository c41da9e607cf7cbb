"""The first proof besides the number: whoever holds a phone for a minute can come in by it, and shall not own the account
for good. So what would outlive that minute (a second factor, an address, a password, another way to sign in) waits:

    asked ── a day, told at every number and address ──▶ may be set up, for a week ── the first is ──▶ used
      └── stopped, by the link that went along or on the page ──▶ stopped ◀── by the link, for a week ──┘

It is told again when the day is over: whoever borrowed the phone is not there to delete that. Who lost nothing is not held up
for longer than the day, and who can show something else (`rules.is_number_all`) not at all.

A first PIN that was set by the number alone waits in the same way. It is asked for at once, but proves nothing besides the number:

    set ── told ── a day ── told again ──▶ it counts
     ├── set or changed by who shows something else ──▶ it counts at once
     └── stopped, by the link ──▶ taken away

Whoever stops it by the link says that it was not them: so what was made since then by whoever had the phone is taken back in the
same transaction (`undo`): the PIN, the ways in, sessions, keys, invitations, what apps were let do. What there was before stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from hesabu.identity.actions.undoing import undo
from hesabu.identity.actions.ways import has_new, ways_of
from hesabu.identity.facts import (
    FirstPinSet,
    FirstProofAsked,
    FirstProofStopped,
    FirstProofUsed,
)
from hesabu.identity.models import FirstProof, Person
from hesabu.identity.permissions import anybody, inner
from hesabu.identity.proofs import PIN, WAY, open_first_proofs
from hesabu.identity.rules import FIRST_PROOF_STAYS, FIRST_PROOF_WAIT
from hesabu.identity.types import FirstProofToTell, FirstProofView, Stopped
from hesabu.kit import clock, ids
from hesabu.store import facts, tenancy


@anybody("the person themselves, who came in by their number")
def ask_first_proof(person_id: UUID) -> tuple[FirstProofView, bool]:
    """Begin to wait; where they do already, that. And whether it was begun now. In a house transaction, or its own."""
    with tenancy.house():
        Person.objects.select_for_update().get(id=person_id)
        row = open_first_proofs().filter(person_id=person_id).first()
        if row is not None:
            return _view(row), False
        row = _begun(person_id, WAY)
        row.told_at = row.asked_at
        row.save(force_insert=True)
        facts.publish(
            FirstProofAsked(
                business_id=tenancy.HOUSE,
                subject_id=person_id,
                first_proof_id=row.id,
                due_at=row.due_at,
            )
        )
        return _view(row), True


def doubt_pin(person_id: UUID, *, in_chat: bool) -> None:
    """Their first PIN was set just now, by the number alone. With the person's row held."""
    row = _begun(person_id, PIN)
    row.save(force_insert=True)
    facts.publish(
        FirstPinSet(
            business_id=tenancy.HOUSE,
            subject_id=person_id,
            first_proof_id=row.id,
            in_chat=in_chat,
        )
    )


def trust_pin(person_id: UUID) -> None:
    """It was set or changed by who showed something else. With the person's row held."""
    rows = FirstProof.objects.filter(person_id=person_id, what=PIN, stopped_at=None, used_at=None)
    rows.update(used_at=clock.now())


def _begun(person_id: UUID, what: str) -> FirstProof:
    row = FirstProof(id=ids.new_id(), person_id=person_id, what=what, asked_at=clock.now())
    _count_from(row, row.asked_at)
    return row


def _count_from(row: FirstProof, at: datetime) -> None:
    row.due_at = at + FIRST_PROOF_WAIT
    row.ends_at = row.due_at + FIRST_PROOF_STAYS


@inner
def take_first_pin(first_proof_id: UUID) -> UUID | None:
    """Whom to tell that a first PIN was set: once, and nobody where that is over. The day begins now. In the house transaction
    in which they are told."""
    row = _untold(first_proof_id, told_at=None)
    if row is None:
        return None
    row.told_at = clock.now()
    _count_from(row, row.told_at)
    row.save(update_fields=["told_at", "due_at", "ends_at"])
    return row.person_id


@inner
def take_first_proof(first_proof_id: UUID) -> UUID | None:
    """Whom to tell that their day is over; once, and nobody where it was stopped or used. In the house transaction in which they
    are told."""
    row = _untold(first_proof_id, reminded_at=None, told_at__isnull=False)
    if row is None:
        return None
    row.reminded_at = clock.now()
    row.save(update_fields=["reminded_at"])
    return row.person_id


def _untold(first_proof_id: UUID, **told: Any) -> FirstProof | None:
    rows = FirstProof.objects.select_for_update()
    return rows.filter(id=first_proof_id, stopped_at=None, used_at=None, **told).first()


@anybody("the browser's door, about the person who is signed in there")
def begin_use(person_id: UUID) -> dict[str, Any]:
    """Before something is set up by who waited for it: what there is, for `end_use`. In the house transaction of all of it; nobody
    else sets anything up for them, or stops it, until that is over."""
    Person.objects.select_for_update().get(id=person_id)
    return ways_of(person_id)


@anybody("the browser's door, about the person who is signed in there")
def end_use(person_id: UUID, known: dict[str, Any]) -> UUID | None:
    """After it: where something was set up, it is what they waited for, and told. In the same transaction."""
    if not has_new(known, ways_of(person_id)):
        return None
    row = open_first_proofs().filter(person_id=person_id).select_for_update().first()
    if row is None:
        return None
    row.used_at, row.known = clock.now(), known
    row.save(update_fields=["used_at", "known"])
    facts.publish(
        FirstProofUsed(business_id=tenancy.HOUSE, subject_id=person_id, first_proof_id=row.id)
    )
    return row.id


@inner
def first_proof_to_tell(first_proof_id: UUID) -> FirstProofToTell:
    """Whose it is, and the addresses that they had before. In a house transaction."""
    row = FirstProof.objects.get(id=first_proof_id)
    addresses = (row.known or {}).get("addresses", [])
    return FirstProofToTell(row.person_id, tuple(one[0] for one in addresses if one[1]))


@anybody("signed in as them, on the page where they wait")
def stop_first_proof(first_proof_id: UUID) -> UUID | None:
    """The person, where they waited and do no more. In a house transaction, or its own."""
    with tenancy.house():
        row = FirstProof.objects.select_for_update().filter(id=first_proof_id, what=WAY).first()
        if row is None or row.stopped_at or row.used_at or row.ends_at <= clock.now():
            return None
        _stop(row, "asked", ())
        return row.person_id


@anybody("whoever has the link that went to the person; it only takes something back")
def say_not_me(first_proof_id: UUID) -> Stopped | None:
    """It was not the person: all that waits for them is stopped, and what was made meanwhile is undone. None where that link
    stops nothing any more. The door ends their sessions in the same house transaction."""
    asked = FirstProof.objects.filter(id=first_proof_id).first()
    if asked is None:
        return None
    person = Person.objects.select_for_update().get(id=asked.person_id)
    rows = list(
        FirstProof.objects.select_for_update()
        .filter(person_id=person.id, stopped_at=None)
        .order_by("id")
    )
    living = [row for row in rows if _is_living(row)]
    if first_proof_id not in [row.id for row in living]:
        return None
    undone = undo(person, living)
    for row in living:
        _stop(row, "link", undone)
    return Stopped(person.id, undone)


def _is_living(row: FirstProof) -> bool:
    """Whether its link stops something: while it waits, and for a week after something was set up. A PIN that proved itself
    otherwise is nothing to stop."""
    if row.used_at is None:
        return row.ends_at > clock.now()
    return row.what == WAY and row.used_at + FIRST_PROOF_STAYS > clock.now()


def _stop(row: FirstProof, why: str, undone: tuple[str, ...]) -> None:
    row.stopped_at = clock.now()
    row.save(update_fields=["stopped_at"])
    facts.publish(
        FirstProofStopped(
            business_id=tenancy.HOUSE,
            subject_id=row.person_id,
            first_proof_id=row.id,
            why=why,
            undone=",".join(undone),
        )
    )


def _view(row: FirstProof) -> FirstProofView:
    return FirstProofView(row.id, row.person_id, row.due_at, row.ends_at)
