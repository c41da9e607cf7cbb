"""Tenancy: whose rows a transaction may see. Binding opens the transaction.

    with tenancy.bound(business_id, actor=Actor("person", person_id)):
        invoicing.actions.issue(...)

Row-level security compares every row's `business_id` with the set bound here (`hesabu.businesses`, local to the
transaction). Nothing bound means that the query fails. `house()` opens a transaction for tables that belong to no
business; inside it one business may be bound at a time, in the same transaction. `crossing()` is the one named way to act
over every business, for maintenance, and it leaves a fact.

A binding nests only inward: the same businesses or fewer. What is published inside is written when the outermost one
closes (see `facts`), just before the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.db import connection, transaction

log = structlog.get_logger(__name__)
HOUSE = UUID(int=0)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `kind` is person, key, contact, system, provider or operator; `id` is their row, where there is one."""

    kind: str
    id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    """Of a key: what it may do, `resource:action`."""


SYSTEM = Actor("system")


class Unbound(RuntimeError):
    """Something that needs a business was called without one. A mistake in the code, never the user's."""


class Crossing(RuntimeError):
    """A binding reached for a business outside the one it is nested in."""


@dataclass(slots=True)
class Binding:
    """The open transaction: whose rows, who acts, and what is waiting to be written at its end."""

    business_ids: tuple[UUID, ...]
    actor: Actor
    cause_id: UUID | None
    person_id: UUID = NOBODY
    is_house: bool = False
    outer: Binding | None = None
    facts: list[Any] = field(default_factory=list)
    jobs: list[Any] = field(default_factory=list)
    told: tuple[tuple[UUID, ...], UUID] | None = None
    """Of the outermost: whose rows PostgreSQL was last told are seen."""
    read: dict[Any, Any] = field(default_factory=dict)
    """Of the outermost: what was read once and is not read again in this transaction."""
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """Of the outermost: what is done once it is over, whichever way it ended."""

    @property
    def root(self) -> Binding:
        return self if self.outer is None else self.outer.root


Answer = TypeVar("Answer")
_current: ContextVar[Binding | None] = ContextVar("hesabu_binding", default=None)
_before_commit: list[Callable[[Binding], None]] = []


def before_commit(write: Callable[[Binding], None], *, last: bool = False) -> None:
    """Register what is written when the outermost binding closes: facts, and at the very last jobs, since facts make some."""
    if last:
        _before_commit.append(write)
    else:
        _before_commit.insert(0, write)


def afterwards(act: Callable[[], None]) -> None:
    """Do this when the outermost binding is over, committed or taken back, in a transaction of its own. For what is to be on
    record although nothing else of it is: somebody was refused. It must not fail what it comes after, so a fault in it is
    logged and goes no further."""
    current().root.afterwards.append(act)


def current() -> Binding:
    binding = _current.get()
    if binding is None:
        raise Unbound("no business is bound: use tenancy.bound(...) or tenancy.house()")
    return binding


def is_bound() -> bool:
    return _current.get() is not None


def once(key: Any, read: Callable[[], Answer]) -> Answer:
    """Read it, or give what was read before in this transaction. For what is asked again and again and hardly ever changes;
    whoever changes any of it calls `forget_read`."""
    kept = current().root.read
    if key not in kept:
        kept[key] = read()
    found: Answer = kept[key]
    return found


def forget_read() -> None:
    """Something has changed: the next one who asks reads it."""
    current().root.read.clear()


def only() -> UUID:
    """The one bound business."""
    business_ids = current().business_ids
    if len(business_ids) != 1:
        raise Unbound(f"exactly one business must be bound here, not {len(business_ids)}")
    return business_ids[0]


@contextmanager
def bound(
    *business_ids: UUID, actor: Actor | None = None, cause_id: UUID | None = None
) -> Iterator[Binding]:
    """Bind these businesses. Outermost, it opens and commits the transaction."""
    if not business_ids:
        raise Unbound("bound() needs a business")
    outer = _current.get()
    if outer is None:
        with _opened(Binding(business_ids, actor or SYSTEM, cause_id)) as binding:
            yield binding
        return
    if not outer.is_house and not set(business_ids) <= set(outer.business_ids):
        raise Crossing("a binding nests only inward")
    inner = Binding(
        business_ids, actor or outer.actor, cause_id or outer.cause_id, outer.person_id, outer=outer
    )
    with _nested(inner, outer):
        yield inner


@contextmanager
def house(*, actor: Actor | None = None, cause_id: UUID | None = None) -> Iterator[Binding]:
    """A transaction without a business. Nests only in itself."""
    outer = _current.get()
    if outer is None:
        binding = Binding((HOUSE,), actor or SYSTEM, cause_id, is_house=True)
        with _opened(binding):
            yield binding
    elif outer.is_house:
        yield outer
    else:
        raise Crossing("a house transaction does not open inside a business's")


@contextmanager
def as_person(person_id: UUID) -> Iterator[Binding]:
    """A house transaction in which a person may read the rows that are about them (their memberships)."""
    outer = _current.get()
    if outer is None:
        binding = Binding((HOUSE,), Actor("person", person_id), None, person_id, is_house=True)
        with _opened(binding):
            yield binding
        return
    if not outer.is_house:
        raise Crossing("a person is bound outside of any business")
    inner = Binding((HOUSE,), outer.actor, outer.cause_id, person_id, is_house=True, outer=outer)
    with _nested(inner, outer):
        yield inner


@contextmanager
def _opened(binding: Binding) -> Iterator[Binding]:
    try:
        with transaction.atomic(durable=True), connection.execute_wrapper(_seen_rightly):
            token = _current.set(binding)
            try:
                yield binding
                for write in _before_commit:
                    write(binding)
            finally:
                _current.reset(token)
    finally:
        for act in binding.afterwards:
            try:
                act()
            except Exception:
                log.exception("binding.afterwards_failed")


@contextmanager
def _nested(inner: Binding, outer: Binding) -> Iterator[None]:
    """The same transaction, seen more narrowly, until the end of the block, whichever way it ends."""
    inner.facts, inner.jobs = outer.root.facts, outer.root.jobs
    token = _current.set(inner)
    try:
        yield
    finally:
        _current.reset(token)


def only_read() -> None:
    """From here on the open transaction can write nothing: PostgreSQL refuses it."""
    current()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


@contextmanager
def attempt() -> Iterator[None]:
    """What fails in here leaves nothing behind in the open transaction: no rows, facts, jobs or narrower binding."""
    root = current().root
    facts_before, jobs_before = len(root.facts), len(root.jobs)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del root.facts[facts_before:]
        del root.jobs[jobs_before:]
        root.read.clear()
        raise


def settle_view() -> None:
    """Tell PostgreSQL whose rows are seen from here on, if it was told otherwise or nothing yet. Called before every
    statement of a binding, so that a binding that asks nothing costs nothing, and one entered again costs nothing more."""
    binding = _current.get()
    if binding is None:
        return
    view = (binding.business_ids, binding.person_id)
    if binding.root.told == view:
        return
    listed = "{" + ",".join(map(str, binding.business_ids)) + "}"
    with connection.wrap_database_errors:
        connection.connection.execute(
            "SELECT set_config('hesabu.businesses', %s, true), set_config('hesabu.person', %s, true)",
            (listed, str(binding.person_id)),
        )
    binding.root.told = view


_SAVEPOINTS = ("SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ")


def _seen_rightly(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Around every statement on the connection while a binding is open."""
    if not (isinstance(sql, str) and sql.startswith(_SAVEPOINTS)):
        settle_view()
        return execute(sql, params, many, context)
    binding = _current.get()
    if binding is not None and sql.startswith("ROLLBACK"):
        binding.root.told = None  # what was set since the savepoint is taken back with it
    return execute(sql, params, many, context)
