"""Facts: what happened, past tense, a row in the transaction of the action that made it true.

A room declares its facts as small frozen dataclasses and publishes them from its actions. Two kinds of readers exist, both
declared in the app's wiring and nowhere else: *now* readers run at once, in the same transaction; *later* readers run in a
job, one job per reader and transaction. Facts carry ids, whole numbers and short codes, never personal data: they are kept
for ever, and erasing a person must not mean rewriting history.
"""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hesabu.kit import clock, ids
from hesabu.store import jobs, origins, sql, tenancy
from hesabu.store.wiring import wiring


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The root of all facts. Subclasses set `kind` ("invoicing.InvoiceIssued"), `subject_kind` ("invoice") and `title`."""

    kind: ClassVar[str] = ""
    subject_kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    """What happened, in a short sentence for people, without a full stop; translated where it is shown."""
    business_id: UUID
    subject_id: UUID

    def payload(self) -> dict[str, Any]:
        """The other fields, as they are kept."""
        return {name: _plain(getattr(self, name)) for name in _fields_of(type(self))}


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A fact as it was written."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    business_id: UUID
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    cause_id: UUID | None
    payload: dict[str, Any]


@dataclass(slots=True)
class _Waiting:
    fact: Fact
    id: UUID
    actor: tenancy.Actor
    cause_id: UUID | None


AnyFact = TypeVar("AnyFact", bound=Fact)
_field_names: dict[type, tuple[str, ...]] = {}


def _fields_of(kind: type) -> tuple[str, ...]:
    names = _field_names.get(kind)
    if names is None:
        own = (f.name for f in dataclasses.fields(kind))
        names = tuple(n for n in own if n not in ("business_id", "subject_id"))
        _field_names[kind] = names
    return names


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(
        f"a fact carries ids, whole numbers, days and short codes, not {type(value).__name__}"
    )


def publish(*facts: Fact) -> None:
    """Tell it. *Now* readers run before this returns; the rows and the jobs of *later* readers are written once, when the
    outermost binding closes. Refused before the wiring is sealed and outside of a binding."""
    wiring.require_sealed()
    binding = tenancy.current()
    waiting = binding.root.facts
    by_kind: dict[type[Fact], list[Fact]] = {}
    for fact in facts:
        waiting.append(_Waiting(fact, ids.new_id(), binding.actor, binding.cause_id))
        by_kind.setdefault(type(fact), []).append(fact)
    for kind, some in by_kind.items():
        for reader in wiring.now_readers(kind):
            reader(some)


def _write(binding: tenancy.Binding) -> None:
    waiting: list[_Waiting] = binding.facts
    if not waiting:
        return
    at = clock.now()
    _widen(binding, waiting)
    with sql.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_fact (id, business_id, kind, subject_kind, subject_id, payload,"
            " actor_kind, actor_id, cause_id, at)"
            " SELECT id, b, k, sk, s, p::jsonb, ak, a, c, %s FROM unnest(%b::uuid[], %b::uuid[], %b::text[],"
            " %b::text[], %b::uuid[], %b::text[], %b::text[], %b::uuid[], %b::uuid[])"
            " AS t (id, b, k, sk, s, p, ak, a, c)",
            (
                at,
                [w.id for w in waiting],
                [w.fact.business_id for w in waiting],
                [w.fact.kind for w in waiting],
                [w.fact.subject_kind for w in waiting],
                [w.fact.subject_id for w in waiting],
                [json.dumps(w.fact.payload(), separators=(",", ":")) for w in waiting],
                [w.actor.kind for w in waiting],
                [w.actor.id for w in waiting],
                [w.cause_id for w in waiting],
            ),
        )
    origins.note([(w.id, w.fact.business_id) for w in waiting])
    for name, told in _later(waiting).items():
        for start in range(0, len(told), 500):
            chunk = told[start : start + 500]
            jobs.defer_into(
                binding,
                "store.read",
                reader=name,
                facts=[[str(w.fact.business_id), str(w.id)] for w in chunk],
            )


def _widen(binding: tenancy.Binding, waiting: Iterable[_Waiting]) -> None:
    """Facts of a house transaction may belong to several businesses that were bound one after another."""
    business_ids = {w.fact.business_id for w in waiting}
    if not business_ids <= set(binding.business_ids):
        if not binding.is_house:
            raise tenancy.Crossing("a fact about a business that is not bound")
        binding.business_ids = (*binding.business_ids, *business_ids)


def _later(waiting: Iterable[_Waiting]) -> dict[str, list[_Waiting]]:
    told: dict[str, list[_Waiting]] = {}
    for one in waiting:
        for name in wiring.later_readers(type(one.fact)):
            told.setdefault(name, []).append(one)
    return told


tenancy.before_commit(_write)


def restore(record: FactRecord) -> Fact:
    """The fact again, from its row, as its class."""
    kind = wiring.fact_types[record.kind]
    values: dict[str, Any] = {}
    hints = typing.get_type_hints(kind)
    for name in _fields_of(kind):
        values[name] = _typed(hints[name], record.payload.get(name))
    return kind(business_id=record.business_id, subject_id=record.subject_id, **values)


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    types = (hint, *typing.get_args(hint))
    if UUID in types:
        return UUID(value)
    if datetime in types:
        return datetime.fromisoformat(value)
    if date in types:
        return date.fromisoformat(value)
    return value


_COLUMNS = "id, kind, subject_kind, subject_id, business_id, at, actor_kind, actor_id, cause_id, payload::text"


def _records(where: str, values: Sequence[Any]) -> list[FactRecord]:
    with sql.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM store_fact WHERE {where} ORDER BY id", values)
        return [FactRecord(*(*row[:-1], json.loads(row[-1]))) for row in cursor.fetchall()]


def records(fact_ids: Sequence[UUID]) -> list[FactRecord]:
    """Facts by id, in the order they happened. Inside a binding."""
    return _records("id = ANY(%s)", (list(fact_ids),))


def timeline(subject_id: UUID) -> list[FactRecord]:
    """All that happened to one thing, in order. Inside its business's binding."""
    return _records(
        "business_id = ANY(%s) AND subject_id = %s",
        (list(tenancy.current().business_ids), subject_id),
    )
