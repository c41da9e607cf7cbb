"""Restoring somebody who lost all second factors: an operator asks, the person is told at every address of theirs, and a day
later the factors are taken off, unless it was stopped. Whoever still has a factor stops it by showing it: signing in is enough.

Where the platform has two admins or more, an admin other than the person agrees as well, within three days, or nothing is done:
what `approvals` is within a business, here for the house, which has no members to ask.

Only the factors go. The password, or a code by mail, is still needed to come in; and whoever needs a second factor is led to
set up a new one before anything else.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from hesabu.identity.errors import ApprovalIsOwn, RestorationNotFound
from hesabu.identity.facts import (
    RestorationAgreed,
    RestorationAsked,
    RestorationDone,
    RestorationStopped,
    SessionsEnded,
)
from hesabu.identity.models import Grant, Person, PlatformMember, Restoration, TextFactor
from hesabu.identity.permissions import anybody, inner
from hesabu.identity.platform import RESTORATION_AGREE, needs_platform
from hesabu.identity.proofs import has_word, open_restorations, restoration_view
from hesabu.identity.rules import RESTORATION_WAITS
from hesabu.identity.types import PlatformRole, RestorationView
from hesabu.kit import clock, ids
from hesabu.store import facts, tenancy

WAIT = timedelta(hours=24)


@inner
def ask_restoration(person_id: UUID) -> RestorationView:
    """Begin it; where it is under way, that one. In a house transaction, or its own."""
    now = clock.now()
    with tenancy.house():
        Person.objects.select_for_update().get(id=person_id)
        row = open_restorations().filter(person_id=person_id).first()
        if row is None:
            row = Restoration(
                id=ids.new_id(),
                person_id=person_id,
                asked_at=now,
                due_at=now + WAIT,
                needs_word=_admins() >= 2,
            )
            row.save(force_insert=True)
            facts.publish(
                RestorationAsked(
                    business_id=tenancy.HOUSE,
                    subject_id=person_id,
                    restoration_id=row.id,
                    due_at=row.due_at,
                )
            )
        return restoration_view(row)


def _admins() -> int:
    rows = PlatformMember.objects.filter(role=PlatformRole.ADMIN.value)
    return rows.values("person_id").distinct().count()


@needs_platform(RESTORATION_AGREE)
def agree_to_restoration(restoration_id: UUID) -> None:
    """The bound admin knows that it is really the person who asks. Again: nothing changes. Raises RestorationNotFound, and
    ApprovalIsOwn to the person themselves."""
    row = open_restorations().select_for_update().filter(id=restoration_id, needs_word=True).first()
    if row is None:
        raise RestorationNotFound(str(restoration_id))
    admin_id = tenancy.current().actor.id
    if row.person_id == admin_id:
        raise ApprovalIsOwn()
    if row.agreed_at is not None:
        return
    row.agreed_by_id, row.agreed_at = admin_id, clock.now()
    row.save(update_fields=["agreed_by_id", "agreed_at"])
    facts.publish(
        RestorationAgreed(
            business_id=tenancy.HOUSE, subject_id=row.person_id, restoration_id=row.id
        )
    )


@needs_platform(RESTORATION_AGREE)
def refuse_restoration(restoration_id: UUID) -> None:
    """The bound admin says no, also after they agreed. Raises RestorationNotFound."""
    row = open_restorations().filter(id=restoration_id).first()
    if row is None or not stop_restoration(row.person_id, "refused"):
        raise RestorationNotFound(str(restoration_id))


@inner
def lapse_restorations() -> int:
    """Stop those to which nobody agreed in time; how many. In a house transaction, or its own."""
    with tenancy.house():
        late = Restoration.objects.filter(
            needs_word=True, agreed_at=None, asked_at__lte=clock.now() - RESTORATION_WAITS
        )
        return _stop(late, "lapsed")


@anybody("the person it is about, or an operator on the command line")
def stop_restoration(person_id: UUID, why: str) -> bool:
    """Whether one was under way, and is stopped now. In a house transaction, or its own."""
    with tenancy.house():
        return _stop(Restoration.objects.filter(person_id=person_id), why) > 0


def _stop(some: QuerySet[Restoration], why: str) -> int:
    """All of them that are not over: where nobody agreed in time, it may be asked again before the first is seen to lapse."""
    rows = list(some.filter(done_at=None, stopped_at=None).order_by("id").select_for_update())
    for row in rows:
        row.stopped_at = clock.now()
        row.save(update_fields=["stopped_at"])
        facts.publish(
            RestorationStopped(
                business_id=tenancy.HOUSE, subject_id=row.person_id, restoration_id=row.id, why=why
            )
        )
    return len(rows)


@inner
def finish_restoration(restoration_id: UUID) -> UUID:
    """Its day is over, and all their second factors go: the person. Raises RestorationNotFound where it was stopped, done, or is
    not due."""
    row = (
        Restoration.objects.select_for_update()
        .filter(
            has_word(),
            id=restoration_id,
            done_at=None,
            stopped_at=None,
            due_at__lte=clock.now(),
        )
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
