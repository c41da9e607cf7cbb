"""Restoring somebody who lost all second factors: an operator asks, the person is told at every address of theirs, and a day
later the factors are taken off, unless it was stopped. Whoever still has a factor stops it by showing it: signing in is enough.

Only the factors go. The password, or a code by mail, is still needed to come in; and whoever needs a second factor is led to
set up a new one before anything else.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection

from hesabu.identity.errors import RestorationNotFound
from hesabu.identity.facts import (
    RestorationAsked,
    RestorationDone,
    RestorationStopped,
    SessionsEnded,
)
from hesabu.identity.models import Grant, Person, Restoration, TextFactor
from hesabu.identity.permissions import anybody, inner
from hesabu.identity.types import RestorationView
from hesabu.kit import clock, ids
from hesabu.store import facts, tenancy

WAIT = timedelta(hours=24)


@inner
def ask_restoration(person_id: UUID) -> RestorationView:
    """Begin it; where it is under way, that one. In a house transaction, or its own."""
    now = clock.now()
    with tenancy.house():
        Person.objects.select_for_update().get(id=person_id)
        open_ones = Restoration.objects.filter(person_id=person_id, done_at=None, stopped_at=None)
        row = open_ones.first()
        if row is None:
            row = Restoration(id=ids.new_id(), person_id=person_id, asked_at=now, due_at=now + WAIT)
            row.save(force_insert=True)
            facts.publish(
                RestorationAsked(
                    business_id=tenancy.HOUSE,
                    subject_id=person_id,
                    restoration_id=row.id,
                    due_at=row.due_at,
                )
            )
        return RestorationView(row.id, person_id, row.asked_at, row.due_at)


@anybody("the person it is about, or an operator on the command line")
def stop_restoration(person_id: UUID, why: str) -> bool:
    """Whether one was under way, and is stopped now. In a house transaction, or its own."""
    with tenancy.house():
        row = (
            Restoration.objects.select_for_update()
            .filter(person_id=person_id, done_at=None, stopped_at=None)
            .first()
        )
        if row is None:
            return False
        row.stopped_at = clock.now()
        row.save(update_fields=["stopped_at"])
        facts.publish(
            RestorationStopped(
                business_id=tenancy.HOUSE, subject_id=person_id, restoration_id=row.id, why=why
            )
        )
        return True


@inner
def finish_restoration(restoration_id: UUID) -> UUID:
    """Its day is over, and all their second factors go: the person. Raises RestorationNotFound where it was stopped, done, or is
    not due."""
    row = (
        Restoration.objects.select_for_update()
        .filter(id=restoration_id, done_at=None, stopped_at=None, due_at__lte=clock.now())
        .first()
    )
    if row is None:
        raise RestorationNotFound(str(restoration_id))
    row.done_at = clock.now()
    row.save(update_fields=["done_at"])
    TextFactor.objects.filter(person_id=row.person_id).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mfa_authenticator WHERE user_id = %s", (row.person_id,))
    Grant.objects.filter(person_id=row.person_id, has_factor=True).update(has_factor=False)
    facts.publish(
        RestorationDone(business_id=tenancy.HOUSE, subject_id=row.person_id, restoration_id=row.id)
    )
    return row.person_id


@inner
def note_sessions_ended(person_id: UUID, count: int) -> None:
    """An operator ended them; here is the fact. In a house transaction, or its own."""
    with tenancy.house():
        facts.publish(SessionsEnded(business_id=tenancy.HOUSE, subject_id=person_id, count=count))
