"""Facts: written with what made them true, read at once or once later."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection

from hesabu.kit import clock, ids
from hesabu.kit.money import Money
from hesabu.store import facts, files, reading, tenancy
from hesabu.store.facts import Fact, FactRecord
from hesabu.store.tenancy import Actor, Crossing, Unbound
from hesabu.store.wiring import NotSealed, Wiring, wiring

Wire = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Fact):
    kind: ClassVar[str] = "test.LampLit"
    subject_kind: ClassVar[str] = "lamp"
    title: ClassVar[str] = "A lamp was lit"
    watts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LampDimmed(Fact):
    kind: ClassVar[str] = "test.LampDimmed"
    subject_kind: ClassVar[str] = "lamp"
    title: ClassVar[str] = "A lamp was dimmed"
    share: Any


def lit(business_id: UUID, watts: int = 40) -> LampLit:
    return LampLit(business_id=business_id, subject_id=ids.new_id(), watts=watts)


def told(business_id: UUID) -> list[tuple[str, Any]]:
    """Lamps that were told of, as they were written."""
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, payload::text FROM store_fact WHERE subject_kind = 'lamp' AND business_id = %s"
            " ORDER BY id",
            (business_id,),
        )
        return [(kind, json.loads(payload)) for kind, payload in cursor.fetchall()]


def unread(business_id: UUID) -> list[tuple[str, str]]:
    with tenancy.house(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT reader, error FROM store_unread WHERE business_id = %s", (business_id,)
        )
        return cursor.fetchall()


class Reader:
    """Remembers what it read, and fails for the watts it is told to fail for."""

    def __init__(self, *failing: int, name: str = "reader") -> None:
        self.read: list[int] = []
        self.failing = set(failing)
        self.__module__ = __name__
        self.__qualname__ = f"{name}_{ids.new_id().hex}"

    def __call__(self, found: Sequence[LampLit]) -> None:
        for fact in found:
            if fact.watts in self.failing:
                raise OSError("Jane Wanjiku +254712345678")
            self.read.append(fact.watts)


def test_a_fact_is_a_row_with_who_when_and_why(business_id: UUID, wire: Wire) -> None:
    wire(LampLit)
    person, cause_id = Actor("person", ids.new_id()), ids.new_id()
    instant = datetime(2026, 11, 23, 12, tzinfo=UTC)
    fact = lit(business_id)
    with clock.fixed(instant), tenancy.bound(business_id, actor=person, cause_id=cause_id):
        facts.publish(fact)
    with tenancy.bound(business_id):
        (record,) = facts.timeline(fact.subject_id)
    assert facts.restore(record) == fact
    assert (record.kind, record.subject_kind, record.at) == ("test.LampLit", "lamp", instant)
    assert (record.actor_kind, record.actor_id, record.cause_id) == ("person", person.id, cause_id)
    assert record.payload == {"watts": 40}


def test_a_now_reader_reads_a_batch_at_once_in_the_same_transaction(
    business_id: UUID, wire: Wire
) -> None:
    batches: list[list[int]] = []

    def read(found: Sequence[LampLit]) -> None:
        batches.append([fact.watts for fact in found])
        files.keep(b"%d" % len(found), "text/plain", "lamps.txt")

    wire(LampLit, now=read)
    with tenancy.bound(business_id):
        facts.publish(lit(business_id, 1), lit(business_id, 2))
        assert batches == [[1, 2]], "before publish returns"
        facts.publish(lit(business_id, 3))
    assert batches == [[1, 2], [3]]
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_file WHERE filename = 'lamps.txt'")
        assert cursor.fetchone() == (2,)


def test_an_error_of_a_now_reader_undoes_what_it_reads_of(business_id: UUID, wire: Wire) -> None:
    reader = Reader(13)
    wire(LampLit, now=reader)

    def act() -> None:
        with tenancy.bound(business_id):
            files.keep(b"x", "text/plain", "undone.txt")
            facts.publish(lit(business_id, 12), lit(business_id, 13))

    with pytest.raises(OSError, match="Jane"):
        act()
    assert told(business_id) == []
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_file WHERE filename = 'undone.txt'")
        assert cursor.fetchone() == (0,)


def publish_and_fail(fact: Fact) -> None:
    facts.publish(fact)
    raise KeyError


def test_what_is_rolled_back_is_not_told(business_id: UUID, wire: Wire, job_list: Any) -> None:
    wire(LampLit, later=Reader())
    with pytest.raises(KeyError), tenancy.bound(business_id):
        publish_and_fail(lit(business_id))
    assert told(business_id) == []
    assert job_list(business_id) == []


def test_an_attempt_that_failed_is_not_told(business_id: UUID, wire: Wire, job_list: Any) -> None:
    wire(LampLit, later=Reader())
    with tenancy.bound(business_id):
        facts.publish(lit(business_id, 1))
        with pytest.raises(KeyError), tenancy.attempt():
            publish_and_fail(lit(business_id, 2))
    assert [payload["watts"] for _, payload in told(business_id)] == [1]
    assert [len(job["args"]["facts"]) for job in job_list(business_id)] == [1]


def test_a_later_reader_has_one_job_for_the_whole_transaction(
    business_id: UUID, wire: Wire, job_list: Any, run_jobs: Any
) -> None:
    reader, other = Reader(), Reader()
    wire(LampLit, later=reader)
    wire(LampLit, later=other)
    with tenancy.bound(business_id):
        facts.publish(lit(business_id, 1))
        facts.publish(lit(business_id, 2), lit(business_id, 3))
        assert reader.read == []
    assert len(job_list(business_id)) == 2, "one for each reader"
    assert run_jobs(business_id) == 2
    assert reader.read == other.read == [1, 2, 3]


def test_a_fact_is_read_once_even_when_its_job_runs_twice(
    business_id: UUID, wire: Wire, job_list: Any
) -> None:
    reader = Reader()
    wire(LampLit, later=reader)
    with tenancy.bound(business_id):
        facts.publish(lit(business_id, 1), lit(business_id, 2))
    (job,) = job_list(business_id)
    reading.read(**job["args"])
    reading.read(**job["args"])
    assert reader.read == [1, 2]


def test_a_reader_that_died_before_its_commit_reads_it_again(
    business_id: UUID, wire: Wire, job_list: Any
) -> None:
    """The mark that it was read commits with what reading did, so one without the other cannot be."""
    kept: list[UUID] = []

    def read(found: Sequence[LampLit]) -> None:
        kept.append(files.keep(b"x", "text/plain", "read.txt"))
        if len(kept) == 1:
            raise KeyboardInterrupt

    wire(LampLit, later=read)
    with tenancy.bound(business_id):
        facts.publish(lit(business_id))
    (job,) = job_list(business_id)
    with pytest.raises(KeyboardInterrupt):
        reading.read(**job["args"])
    reading.read(**job["args"])
    with tenancy.bound(business_id):
        with pytest.raises(files.FileNotFound):
            files.read(kept[0])
        assert files.read(kept[1]).content == b"x"


def test_a_fact_whose_reader_fails_is_tried_again_alone_while_the_others_go_on(
    business_id: UUID, wire: Wire, job_list: Any, run_jobs: Any
) -> None:
    reader = Reader(2)
    wire(LampLit, later=reader)
    with tenancy.bound(business_id):
        facts.publish(*[lit(business_id, watts) for watts in (1, 2, 3)])
    before = clock.now()
    run_jobs(business_id)
    assert reader.read == [1, 3]
    (again,) = job_list(business_id)
    assert len(again["args"]["facts"]) == 1
    assert again["args"]["attempt"] == 2
    assert again["at"] > before + timedelta(seconds=1)
    reader.failing.clear()
    run_jobs(business_id)
    assert reader.read == [1, 3, 2]
    assert job_list(business_id) == []


def test_after_the_last_try_it_is_set_aside_for_a_person_without_anybodys_words(
    business_id: UUID, wire: Wire, run_jobs: Any
) -> None:
    reader = Reader(2)
    wire(LampLit, later=reader)
    with tenancy.bound(business_id):
        facts.publish(lit(business_id, 2))
    rounds = 0
    while run_jobs(business_id):
        rounds += 1
    assert rounds == reading.TRIES_MAX
    assert unread(business_id) == [(f"{__name__}.{reader.__qualname__}", "OSError")]


def test_what_a_later_reader_does_names_the_fact_as_its_cause(
    business_id: UUID, wire: Wire, run_jobs: Any
) -> None:
    answer_id = ids.new_id()

    def read(found: Sequence[LampLit]) -> None:
        if found[0].watts < 100:
            facts.publish(LampLit(business_id=business_id, subject_id=answer_id, watts=100))

    wire(LampLit, later=read)
    first = lit(business_id)
    with tenancy.bound(business_id, actor=Actor("person", ids.new_id())):
        facts.publish(first)
    run_jobs(business_id)
    with tenancy.bound(business_id):
        (cause,), (record,) = facts.timeline(first.subject_id), facts.timeline(answer_id)
    assert (record.cause_id, record.actor_kind) == (cause.id, "system")


def test_an_unbound_reader_has_no_transaction_open(
    business_id: UUID, wire: Wire, run_jobs: Any
) -> None:
    found: list[tuple[bool, bool, int]] = []

    def read(told: Sequence[LampLit]) -> None:
        found.append((tenancy.is_bound(), connection.in_atomic_block, told[0].watts))

    wire(LampLit, unbound=read)
    with tenancy.bound(business_id):
        facts.publish(lit(business_id, 7))
    run_jobs(business_id)
    assert found == [(False, False, 7)]


def test_the_house_may_tell_of_several_businesses_in_one_transaction(
    new_business: Callable[..., UUID], wire: Wire, run_jobs: Any
) -> None:
    left, right = new_business(), new_business()
    reader = Reader()
    wire(LampLit, later=reader)
    with tenancy.house():
        for business_id, watts in ((left, 1), (right, 2)):
            with tenancy.bound(business_id):
                facts.publish(lit(business_id, watts))
        facts.publish(lit(tenancy.HOUSE, 3))
    assert [payload["watts"] for _, payload in told(left)] == [1]
    assert [payload["watts"] for _, payload in told(right)] == [2]
    run_jobs(left)
    assert reader.read == [1, 2, 3]


def test_a_business_tells_nothing_of_another(new_business: Callable[..., UUID], wire: Wire) -> None:
    left, right = new_business(), new_business()
    wire(LampLit)
    with pytest.raises(Crossing), tenancy.bound(left):
        facts.publish(lit(right))
    assert told(right) == []


def test_telling_before_all_readers_are_known_is_refused(
    business_id: UUID, unsealed: Wiring
) -> None:
    with pytest.raises(NotSealed), tenancy.bound(business_id):
        facts.publish(lit(business_id))


def test_telling_outside_of_a_binding_is_refused(business_id: UUID, wire: Wire) -> None:
    wire(LampLit)
    with pytest.raises(Unbound):
        facts.publish(lit(business_id))


def test_readers_are_not_added_once_it_is_sealed() -> None:
    with pytest.raises(RuntimeError, match="sealed"):
        wiring.now(LampLit, Reader())


def test_two_facts_of_one_name_are_refused(unsealed: Wiring) -> None:
    said = {"kind": "test.LampLit", "subject_kind": "lamp", "title": "A lamp was lit"}
    twin = type("LampLit", (Fact,), said)
    unsealed.now(LampLit, Reader())
    with pytest.raises(ValueError, match=r"test\.LampLit"):
        unsealed.now(twin, Reader())


def test_a_fact_without_words_for_people_is_refused(unsealed: Wiring) -> None:
    mute = type("LampBroke", (Fact,), {"kind": "test.LampBroke", "subject_kind": "lamp"})
    with pytest.raises(ValueError, match="LampBroke needs its kind, subject_kind and title"):
        unsealed.now(mute, Reader())


@pytest.mark.parametrize("share", [0.5, float("nan"), [1], {"name": "Jane"}, b"x", Money(1, "KES")])
def test_a_fact_carries_whole_numbers_ids_days_and_codes_and_nothing_else(
    business_id: UUID, wire: Wire, share: Any
) -> None:
    wire(LampDimmed)
    with pytest.raises(TypeError, match=type(share).__name__), tenancy.bound(business_id):
        facts.publish(LampDimmed(business_id=business_id, subject_id=business_id, share=share))
    assert told(business_id) == []


def sample(hint: Any) -> Any:
    """Some value of a field's type."""
    types = typing.get_args(hint) or (hint,)
    samples = {UUID: ids.new_id(), date: date(2026, 11, 23), int: 7, bool: True, str: "word"}
    samples[datetime] = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return samples[types[0]]


@pytest.mark.parametrize("kind", sorted(wiring.fact_types), ids=str)
def test_every_fact_comes_back_from_its_row_as_it_was(kind: str) -> None:
    fact_type = wiring.fact_types[kind]
    hints = typing.get_type_hints(fact_type)
    names = [field.name for field in dataclasses.fields(fact_type)]
    fact = fact_type(**{name: sample(hints[name]) for name in names})
    payload = json.loads(json.dumps(fact.payload()))
    record = FactRecord(
        ids.new_id(), kind, fact.subject_kind, fact.subject_id, fact.business_id, clock.now(),
        "system", None, None, payload,
    )  # fmt: skip
    assert facts.restore(record) == fact
    assert [type(v) for v in facts.restore(record).payload().values()] == [
        type(v) for v in fact.payload().values()
    ]


def test_facts_are_neither_changed_nor_removed(business_id: UUID, wire: Wire) -> None:
    from django.db import DatabaseError

    wire(LampLit)
    with tenancy.bound(business_id):
        facts.publish(lit(business_id))
    for statement in ("UPDATE store_fact SET kind = 'x'", "DELETE FROM store_fact"):
        with (
            pytest.raises(DatabaseError),
            tenancy.bound(business_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert len(told(business_id)) == 1
