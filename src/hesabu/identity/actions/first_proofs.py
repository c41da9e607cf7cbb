"""The first proof besides the number: whoever holds a phone for a minute can come in by it, and shall not own the account
for good. So what would outlive that minute (a second factor, an address, a password, another way to sign in) waits:

    asked ── a day, told at every number and address ──▶ may be set up, for a week ── the first is ──▶ used
      └── stopped, by the link that went along or on the page ──▶ stopped

It is told again when the day is over: whoever borrowed the phone is not there to delete that. Who lost nothing is not held up
for longer than the day, and who can show something else (`rules.is_number_all`) not at all.
"""

from __future__ import annotations

from uuid import UUID

from hesabu.identity.facts import FirstProofAsked, FirstProofStopped
from hesabu.identity.models import FirstProof, Person
from hesabu.identity.permissions import anybody, inner
from hesabu.identity.proofs import open_first_proofs
from hesabu.identity.rules import FIRST_PROOF_STAYS, FIRST_PROOF_WAIT
from hesabu.identity.types import FirstProofView
from hesabu.kit import clock, ids
from hesabu.store import facts, tenancy


@anybody("the person themselves, who came in by their number")
def ask_first_proof(person_id: UUID) -> tuple[FirstProofView, bool]:
    """Begin to wait; where they do already, that. And whether it was begun now. In a house transaction, or its own."""
    now = clock.now()
    with tenancy.house():
        Person.objects.select_for_update().get(id=person_id)
        row = open_first_proofs().filter(person_id=person_id).first()
        if row is not None:
            return _view(row), False
        due_at = now + FIRST_PROOF_WAIT
        row = FirstProof(
            id=ids.new_id(),
            person_id=person_id,
            asked_at=now,
            due_at=due_at,
            ends_at=due_at + FIRST_PROOF_STAYS,
        )
        row.save(force_insert=True)
        facts.publish(
            FirstProofAsked(
                business_id=tenancy.HOUSE,
                subject_id=person_id,
                first_proof_id=row.id,
                due_at=due_at,
            )
        )
        return _view(row), True


@anybody("whoever has the link that went to the person, or is signed in as them")
def stop_first_proof(first_proof_id: UUID, why: str) -> UUID | None:
    """The person, where it was under way and is stopped now. In a house transaction, or its own."""
    with tenancy.house():
        row = FirstProof.objects.select_for_update().filter(id=first_proof_id).first()
        if row is None or row.stopped_at or row.used_at or row.ends_at <= clock.now():
            return None
        row.stopped_at = clock.now()
        row.save(update_fields=["stopped_at"])
        facts.publish(
            FirstProofStopped(
                business_id=tenancy.HOUSE,
                subject_id=row.person_id,
                first_proof_id=row.id,
                why=why,
            )
        )
        return row.person_id


@anybody("the browser's door, about the person who is signed in there")
def use_first_proof(person_id: UUID) -> UUID | None:
    """They set something up: the one that they waited for, if they had to. In a house transaction, or its own."""
    with tenancy.house():
        row = open_first_proofs().filter(person_id=person_id).select_for_update().first()
        if row is None:
            return None
        row.used_at = clock.now()
        row.save(update_fields=["used_at"])
        return row.id


@inner
def take_first_proof(first_proof_id: UUID) -> UUID | None:
    """Whom to tell that their day is over; once, and nobody where it was stopped or used. In the house transaction in which they
    are told."""
    row = (
        FirstProof.objects.select_for_update()
        .filter(id=first_proof_id, reminded_at=None, stopped_at=None, used_at=None)
        .first()
    )
    if row is None:
        return None
    row.reminded_at = clock.now()
    row.save(update_fields=["reminded_at"])
    return row.person_id


def _view(row: FirstProof) -> FirstProofView:
    return FirstProofView(row.id, row.person_id, row.due_at, row.ends_at)
