"""Refused acts: on record, and so that nobody can flood the record.

    refused ──▶ counted: one row for who, what, why and which minute (identity_refusal)
                                └─ the minute is over ──▶ ActRefused, a fact like any other: sealed, searched, exported

Whoever is refused takes their whole transaction back, so the count is written once it is over, in one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import connection, connections

from hesabu.identity.facts import ActRefused
from hesabu.identity.models import Refusal
from hesabu.identity.permissions import anybody, inner, when_refused
from hesabu.kit import clock, crypto, ids
from hesabu.store import facts, origins, tenancy

NOT_ALLOWED, NOT_PROVED, FROZEN, ELSEWHERE = "not_allowed", "not_proved", "frozen", "elsewhere"
OWN, UNKNOWN_PARTNER, NO_CONSENT = "own", "unknown_partner", "no_consent"
TOLD_AT_ONCE = 500


@anybody("whoever was refused")
def note_refusal(
    what: str,
    why: str = NOT_ALLOWED,
    *,
    actor: tenancy.Actor | None = None,
    business_id: UUID | None = None,
) -> None:
    """Count it: for the bound actor and business, or those given. Inside of a binding, once it is over."""
    if not tenancy.is_bound():
        _count(what, why, actor or tenancy.SYSTEM, business_id or tenancy.HOUSE)
        return
    binding = tenancy.current()
    who = actor or binding.actor
    where = business_id or (
        binding.business_ids[0] if len(binding.business_ids) == 1 else tenancy.HOUSE
    )
    tenancy.afterwards(lambda: _count(what, why, who, where))


def _count(what: str, why: str, actor: tenancy.Actor, business_id: UUID) -> None:
    minute = clock.now().replace(second=0, microsecond=0)
    with _at(business_id), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_refusal AS r (id, business_id, actor_kind, actor_id, permission, why, minute, count,"
            " address) VALUES (%s, %s, %s, %s, %s, %s, %s, 1, %s)"
            " ON CONFLICT (business_id, actor_kind, actor_id, permission, why, minute) DO UPDATE SET count = r.count + 1",
            (
                *(ids.new_id(), business_id, actor.kind, actor.id or tenancy.NOBODY),
                *(what[:100], why, minute, crypto.seal(origins.address().encode())),
            ),
        )


when_refused(note_refusal)


@contextmanager
def _at(business_id: UUID, actor: tenancy.Actor | None = None) -> Iterator[None]:
    if business_id == tenancy.HOUSE:
        with tenancy.house(actor=actor):
            yield
    else:
        with tenancy.bound(business_id, actor=actor):
            yield


@inner
def tell_refusals() -> int:
    """Make facts of those whose minute is over; how many. Each in a transaction of its own, so it may be stopped anywhere."""
    before = clock.now() - timedelta(minutes=1)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT id, business_id FROM identity_refusal WHERE minute <= %s ORDER BY minute LIMIT %s",
            (before, TOLD_AT_ONCE),
        )
        waiting = cursor.fetchall()
    return sum(_tell(refusal_id, business_id) for refusal_id, business_id in waiting)


def _tell(refusal_id: UUID, business_id: UUID) -> bool:
    with _at(business_id):
        row = Refusal.objects.select_for_update().filter(id=refusal_id).first()
    if row is None:
        return False
    actor_id = None if row.actor_id == tenancy.NOBODY else row.actor_id
    with (
        origins.came_from(row.address or ""),
        _at(business_id, tenancy.Actor(row.actor_kind, actor_id)),
    ):
        count, _ = Refusal.objects.filter(id=refusal_id).delete()
        if count:
            facts.publish(
                ActRefused(
                    business_id=business_id,
                    subject_id=business_id,
                    permission=row.permission,
                    why=row.why,
                    count=row.count,
                    since=row.minute,
                )
            )
    return bool(count)
