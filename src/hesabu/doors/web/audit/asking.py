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
from django.utils.translation import gettext as _

from hesabu.doors.web.audit.changes import Change, changes_of
from hesabu.identity import queries as identity
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
    subject_kind: str
    subject: str
    actor_kind: str
    actor: str
    actor_id: str
    address: str
    said: dict[str, Any]
    before: dict[str, Any]
    changes: list[Change]

    @property
    def short(self) -> str:
        return ids.short(self.id)


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


def rows(acts: Sequence[Act], timezone: str) -> list[Row]:
    """Names come from identity, as they are today; a fact has none. Inside the business's binding."""
    names = identity.names_of_people(
        act.fact.actor_id for act in acts if act.fact.actor_kind in PEOPLE
    )
    keys = {key.id: key.name for key in identity.keys()}  # noqa: SIM118 - a question of identity's
    return [
        Row(
            act.fact.id,
            act.fact.at,
            act.fact.kind,
            act.fact.subject_kind,
            str(act.fact.subject_id),
            act.fact.actor_kind,
            _name(act.fact.actor_kind, act.fact.actor_id, names, keys),
            str(act.fact.actor_id or ""),
            act.address,
            act.fact.payload,
            act.before,
            changes_of(act, timezone),
        )
        for act in acts
    ]


def _name(kind: str, actor_id: UUID | None, names: dict[UUID, str], keys: dict[UUID, str]) -> str:
    if kind in PEOPLE and actor_id is not None:
        return names.get(actor_id) or _("Somebody")
    if kind == "key" and actor_id is not None:
        return keys.get(actor_id, _("A key"))
    return {
        "contact": _("A customer"),
        "provider": _("A provider"),
        "operator": _("Operator"),
        "system": _("Hesabu"),
    }.get(kind, kind)
