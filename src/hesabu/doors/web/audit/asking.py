"""What somebody looks for in the audit, from the address; and facts as they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict

from hesabu.doors.web.audit import words
from hesabu.doors.web.audit.changes import Change, before_of, changes_of
from hesabu.doors.web.audit.names import Names, said_of, short
from hesabu.kit import ids
from hesabu.kit.errors import Invalid
from hesabu.store.audit import Act, Asked

PEOPLE = frozenset({"person", "app"})
"""Kinds of actor that are somebody: an app acts for a person, whose id it carries."""


class NotAsked(Invalid):
    code = "audit.not_understood"
    title = "We could not read what you are looking for."
    hint = "Days are written 2026-11-21; references and network addresses are copied whole."


@dataclass(frozen=True, slots=True)
class Row:
    """One act, as the page and the files show it."""

    id: UUID
    at: datetime
    kind: str
    what: str
    """The kind, in words."""
    subject_kind: str
    subject: str
    about: str
    """The subject by its name, else what such a thing is called."""
    actor_kind: str
    actor: str
    actor_id: str
    address: str
    said: dict[str, Any]
    before: dict[str, Any]
    changes: list[Change]
    """What the fact says, in words."""

    @property
    def short(self) -> str:
        return ids.short(self.id)

    @property
    def subject_end(self) -> str:
        """The end of the subject's id."""
        return short(UUID(self.subject))

    @property
    def actor_end(self) -> str:
        return short(UUID(self.actor_id)) if self.actor_id else ""


def asked(query: QueryDict, timezone: str) -> Asked:
    """Raises NotAsked."""
    zone = ZoneInfo(timezone)
    since, until = _day(query.get("from", "")), _day(query.get("to", ""))
    kind = query.get("kind", "").strip()[:100]
    if not kind.isprintable():
        raise NotAsked()
    return Asked(
        kind=kind or None,
        actor_id=_reference(query.get("person", "")),
        subject_id=_reference(query.get("subject", "")),
        since=datetime.combine(since, time.min, zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
        address=_address(query.get("address", "")),
    )


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip())) if text.strip() else None
    except ValueError as error:
        raise NotAsked() from error


def reference(text: str) -> UUID | None:
    """Raises NotAsked."""
    return _reference(text)


def _reference(text: str) -> UUID | None:
    text = text.strip()
    if not text:
        return None
    try:
        return UUID(text) if len(text) in (32, 36) else ids.read_short(text.rpartition("_")[2])
    except (ValueError, ids.BadId) as error:
        raise NotAsked() from error


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise NotAsked() from error
    if found is not None and not 2000 <= found.year <= 2999:
        raise NotAsked()
    return found


def rows(acts: Sequence[Act], timezone: str, names: Names, *, sees_personal: bool) -> list[Row]:
    """Names are as they are today; a fact has none."""
    return [
        Row(
            id=act.fact.id,
            at=act.fact.at,
            kind=act.fact.kind,
            what=words.title(act.fact.kind),
            subject_kind=act.fact.subject_kind,
            subject=str(act.fact.subject_id),
            about=said_of(names, act.fact.subject_kind, act.fact.subject_id),
            actor_kind=act.fact.actor_kind,
            actor=names.who(act.fact.actor_kind, act.fact.actor_id),
            actor_id=str(act.fact.actor_id or ""),
            address=act.address,
            said=act.fact.payload,
            before=before_of(act),
            changes=changes_of(act, timezone, names, sees_personal=sees_personal),
        )
        for act in acts
    ]
