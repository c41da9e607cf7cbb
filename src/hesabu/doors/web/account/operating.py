"""What an operator does about somebody's way in: look at their sessions and end them, and restore who lost all second factors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from hesabu.doors.web.account import letters, life
from hesabu.doors.web.account.kept_sessions import SessionStore
from hesabu.identity import actions as identity
from hesabu.identity import queries
from hesabu.identity.errors import RestorationNotFound
from hesabu.identity.types import PlatformRole, RestorationView, TakingView
from hesabu.store import tenancy

log = structlog.get_logger(__name__)
WALK = 500
PAGE = "/platform/members"
"""Where admins stop the taking of a role."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where somebody is signed in."""

    since: datetime
    last_seen_at: datetime
    address: str
    agent: str


def sessions_of(person_id: UUID) -> list[Seen]:
    rows = UserSession.objects.filter(user_id=person_id).order_by("-last_seen_at")
    return [
        Seen(row.created_at, row.last_seen_at, row.ip, row.user_agent)
        for row in rows
        if row.exists()
    ]


def end_sessions(person_id: UUID) -> int:
    """All of them; how many there were. A fact says so."""
    count = _ended(person_id)
    identity.note_sessions_ended(person_id, count)
    return count


def _ended(person_id: UUID) -> int:
    rows = list(UserSession.objects.filter(user_id=person_id))
    count = sum(bool(row.exists()) for row in rows)
    for row in rows:
        row.end()
    return count


def begin_restoration(person_id: UUID) -> RestorationView:
    """In a day their second factors go. They are told at every address of theirs."""
    begun = queries.restoration_of(person_id)
    if begun is not None:
        return begun
    begun = identity.ask_restoration(person_id)
    letters.write_everywhere(person_id, "account/restoration_asked", str(begun.id))
    return begun


def begin_taking(person_id: UUID) -> TakingView | None:
    """In a day their role of admin goes; None where they have none. All admins are told at every address and number of theirs, in
    the same transaction. Raises LastAdmin."""
    with tenancy.house():
        found = identity.ask_taking(person_id)
        if found is None:
            return None
        begun, is_new = found
        admins = [one for one in queries.platform_places() if one.role is PlatformRole.ADMIN]
        names = {one.person_id: one.name for one in admins}
        told = {"name": names[person_id], "page": settings.CONFIG.public_url + PAGE}
        for admin_id in names if is_new else ():
            letters.write_everywhere(admin_id, "account/admin_taking", str(begun.id), told)
        return begun


def finish_takings() -> int:
    """Those whose day is over; how many roles went."""
    done = 0
    for one in queries.takings():
        with tenancy.house(actor=tenancy.Actor("operator")):
            done += identity.finish_taking(one.id) is not None
    return done


def finish_restorations() -> int:
    """Those whose day is over, and that an admin agreed to where one has to; how many."""
    identity.lapse_restorations()
    done = 0
    for one in queries.due_restorations():
        try:
            with tenancy.house():
                person_id = identity.finish_restoration(one.id)
        except RestorationNotFound:
            continue  # stopped at the last moment
        _ended(person_id)
        letters.write_everywhere(person_id, "account/restoration_done", str(one.id))
        done += 1
    return done


def end_old_sessions() -> int:
    """Delete those whose time is over; how many. Nobody can come back by them: `life` refuses them already."""
    count = 0
    for row in _walked():
        if life.is_over(SessionStore().decode(row.session_data)):
            row.delete()
            count += 1
    SessionStore.clear_expired()
    for seen in UserSession.objects.iterator(chunk_size=WALK):
        seen.purge()
    return count


def _walked() -> Iterator[Session]:
    return Session.objects.iterator(chunk_size=WALK)
