"""Questions about what somebody shows to come in, who tried, and what is under way about it. Asked through `queries`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from hesabu.identity import models, rules
from hesabu.identity.types import (
    AttemptView,
    FirstProofView,
    Outcome,
    RestorationView,
    Role,
    TakingView,
)
from hesabu.kit import clock, crypto
from hesabu.store import tenancy

WAY, PIN = "way", "pin"
"""What a first proof is about."""


def text_factor_of(person_id: UUID) -> str | None:
    """The number that a person's codes by text message go to; None where they have none. In any binding, or none."""
    with tenancy.house():
        row = models.TextFactor.objects.filter(person_id=person_id).first()
        return row.number if row else None


def needs_first_proof(person_id: UUID, *, has_shown_pin: bool) -> bool:
    """Whether somebody who came in by their number, and showed their PIN or not, has to wait before they set up a proof of their
    own: they have shown nothing else, and no day of waiting is over. In a house transaction, or its own."""
    with tenancy.house():
        row = models.Person.objects.get(id=person_id)
        now = clock.now()
        is_shown = has_shown_pin and not is_pin_doubted(person_id)
        if not rules.is_number_all(row.created_at, row.pin_set_at, now, has_shown_pin=is_shown):
            return False
        waits = first_proof_of(person_id)
        return waits is None or not waits.is_open(now)


def is_pin_doubted(person_id: UUID) -> bool:
    """Whether their PIN was first set by the number alone, and proves nothing besides it yet: its day is not over, or they were not
    told. In any binding, or its own house transaction."""
    return pin_counts_from(person_id) is not None


def pin_counts_from(person_id: UUID) -> datetime | None:
    """From when on a doubted PIN counts, as far as that is known; None of one that does. An account that is not a day old has
    nobody else's to lose. In any binding, or its own house transaction."""
    if not tenancy.is_bound():
        with tenancy.house():
            return pin_counts_from(person_id)
    now = clock.now()
    rows = _pins().filter(person_id=person_id)
    waiting = rows.exclude(told_at__isnull=False, reminded_at__isnull=False, due_at__lte=now)
    due_at = waiting.order_by("id").values_list("due_at", flat=True).first()
    if due_at is None:
        return None
    known_since = models.Person.objects.values_list("created_at", flat=True).get(id=person_id)
    is_new = now - known_since < rules.FIRST_PROOF_WAIT
    return None if is_new else max(due_at, now)


def first_proof_of(person_id: UUID) -> FirstProofView | None:
    """What a person waits for, or may do now. In a house transaction, or its own."""
    with tenancy.house():
        row = open_first_proofs().filter(person_id=person_id).first()
        return _first_proof(row) if row else None


def due_first_proofs() -> list[FirstProofView]:
    """Those whose day is over, and who were not told so yet, of PINs too. In a house transaction, or its own."""
    with tenancy.house():
        pins = _pins().filter(told_at__isnull=False)
        rows = (pins | open_first_proofs()).filter(due_at__lte=clock.now(), reminded_at=None)
        return [_first_proof(row) for row in rows.order_by("due_at")]


def open_first_proofs() -> QuerySet[models.FirstProof]:
    """Of those who wait to set up a way in."""
    return models.FirstProof.objects.filter(
        what=WAY, stopped_at=None, used_at=None, ends_at__gt=clock.now()
    )


def _pins() -> QuerySet[models.FirstProof]:
    """First PINs that nobody stopped and nothing else confirmed; however late they are told, they wait for it."""
    return models.FirstProof.objects.filter(what=PIN, stopped_at=None, used_at=None)


def untold_first_pins() -> list[UUID]:
    """Those that were set an hour ago or earlier, and whose reader has still told nobody. In a house transaction, or its own."""
    with tenancy.house():
        late = _pins().filter(told_at=None, asked_at__lte=clock.now() - rules.TOLD_WITHIN)
        return list(late.order_by("asked_at").values_list("id", flat=True))


def _first_proof(row: models.FirstProof) -> FirstProofView:
    return FirstProofView(row.id, row.person_id, row.due_at, row.ends_at, row.what == PIN)


def fellow_owners_of(person_id: UUID) -> list[UUID]:
    """Who else owns a business that the person belongs to. In a house transaction, or its own."""
    with tenancy.house():
        with tenancy.as_person(person_id), connection.cursor() as cursor:
            cursor.execute(
                "SELECT business_id FROM identity_membership WHERE person_id = %s ORDER BY business_id",
                (person_id,),
            )
            business_ids = [row[0] for row in cursor.fetchall()]
        if not business_ids:
            return []
        with tenancy.bound(*business_ids):
            rows = models.Member.objects.filter(
                business_id__in=business_ids, role=Role.OWNER.value
            ).exclude(person_id=person_id)
            return sorted(set(rows.values_list("person_id", flat=True)))


def takings() -> list[TakingView]:
    """Roles of admins that are to be taken, oldest first. In a house transaction, or its own."""
    with tenancy.house():
        rows = models.Taking.objects.filter(stopped_at=None, done_at=None).order_by("asked_at")
        return [TakingView(row.id, row.person_id, row.due_at) for row in rows]


def restoration_of(person_id: UUID) -> RestorationView | None:
    """What an operator began for a person and is neither done nor stopped. In a house transaction, or its own."""
    with tenancy.house():
        found = open_restorations().filter(person_id=person_id).order_by("-asked_at").first()
        return restoration_view(found) if found else None


def restorations_waiting() -> list[RestorationView]:
    """Those that an admin of the platform has yet to agree to, oldest first. In a house transaction, or its own."""
    with tenancy.house():
        rows = open_restorations().filter(needs_word=True, agreed_at=None).order_by("asked_at")
        return [restoration_view(row) for row in rows]


def due_restorations() -> list[RestorationView]:
    """Those whose day is over, and that were agreed to where they had to be. In a house transaction, or its own."""
    with tenancy.house():
        rows = open_restorations().filter(has_word(), due_at__lte=clock.now())
        return [restoration_view(row) for row in rows.order_by("due_at")]


def has_word() -> Q:
    """Nobody has to agree, or somebody did."""
    return Q(needs_word=False) | Q(agreed_at__isnull=False)


def open_restorations() -> QuerySet[models.Restoration]:
    """Neither done nor stopped, nor left without the word that they needed for too long."""
    in_time = Q(asked_at__gt=clock.now() - rules.RESTORATION_WAITS)
    return models.Restoration.objects.filter(has_word() | in_time, done_at=None, stopped_at=None)


def restoration_view(row: models.Restoration) -> RestorationView:
    waits = row.needs_word and row.agreed_at is None
    return RestorationView(row.id, row.person_id, row.asked_at, row.due_at, waits)


def attempts_of(person_id: UUID, limit: int = 50) -> list[AttemptView]:
    """Tries to sign in as this person, newest first. In a house transaction, or its own."""
    with tenancy.house():
        rows = models.Attempt.objects.filter(person_id=person_id).order_by("-at", "-id")[:limit]
        return [
            AttemptView(row.at, row.way, Outcome(row.outcome), row.address, row.agent)
            for row in rows
        ]


def has_come_from(person_id: UUID, address: str) -> bool:
    """Whether the person signed in from that address within the days that tries are kept. In a house transaction, or its own."""
    with tenancy.house():
        return models.Attempt.objects.filter(
            person_id=person_id,
            address_index=crypto.blind(f"address:{address}"),
            outcome=Outcome.IN,
        ).exists()
