"""What is kept so long is then forgotten, in batches, whoever is killed; what is kept for ever is not touched."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from hesabu.app import retention
from hesabu.app.config import Config
from hesabu.identity import actions as identity
from hesabu.identity.models import Attempt, Entry, Invitation, Notice, NoticeWaiting
from hesabu.identity.types import InvitationWay, Outcome, Role
from hesabu.kit import clock, ids
from hesabu.store import idempotency, origins, tenancy
from steady import seal_all

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations" / "retention.md"


@pytest.fixture
def config(database: str) -> Config:
    return settings.CONFIG  # type: ignore[no-any-return]


def tried(times: int) -> UUID:
    person_id = identity.register_person("Jane Wanjiku")
    for _ in range(times):
        identity.note_attempt(
            *(f"{person_id}@example.com", "10.1.2.3", "Firefox"),
            way="password",
            outcome=Outcome.IN,
            person_id=person_id,
        )
    return person_id


def named(name: str) -> retention.Period:
    return next(period for period in retention.PERIODS if period.name == name)


def test_every_period_has_a_setting_or_a_law_and_a_reason(config: Config) -> None:
    for period in retention.PERIODS:
        assert period.why.endswith("."), period.name
        assert period.setting in Config.model_fields or period.name == "papers"
        if period.setting:
            assert (period.days(config) or 0) >= 0
    of_config = {name for name in Config.model_fields if re.match(r"keep_\w+_days$", name)}
    assert of_config == {period.setting for period in retention.PERIODS if period.setting}


def test_every_period_is_told_of_with_its_setting_and_default() -> None:
    text = PAGE.read_text()
    for period in retention.PERIODS:
        assert f"| {period.name} |" in text, period.name
        if period.setting:
            default = Config.model_fields[period.setting].default
            assert f"`HESABU_{period.setting.upper()}` | {default} |" in text, period.name
    for name, _, _ in retention.KEPT:
        assert f"| {name} |" in text


def test_a_dry_run_counts_what_a_run_forgets_and_changes_nothing(config: Config) -> None:
    list(retention.run(config))
    person_id = tried(7)
    with clock.moved(days=config.keep_attempts_days + 1):
        before = retention.over(config)
        assert before["attempts"] >= 7
        assert retention.over(config) == before
        assert Attempt.objects.filter(person_id=person_id).count() == 7
        done = {period.name: 0 for period in retention.PERIODS}
        for step in retention.run(config):
            done[step.period.name] += step.count
        assert done == before
        assert retention.over(config) == dict.fromkeys(before, 0)
    assert not Attempt.objects.filter(person_id=person_id).exists()


def test_what_is_younger_stays(config: Config) -> None:
    person_id = tried(3)
    with clock.moved(days=config.keep_attempts_days - 1):
        list(retention.run(config))
    assert Attempt.objects.filter(person_id=person_id).count() == 3


def test_killed_between_two_batches_the_next_run_goes_on(config: Config) -> None:
    list(retention.run(config))
    person_id = tried(10)
    with clock.moved(days=config.keep_attempts_days + 1):
        total = named("attempts").count(config, clock.now())
        steps = named("attempts").forget(config, clock.now(), 4)
        assert next(steps) == 4
        steps.close()  # the process is gone
        assert named("attempts").count(config, clock.now()) == total - 4
        assert sum(named("attempts").forget(config, clock.now(), 4)) == total - 4
    assert not Attempt.objects.filter(person_id=person_id).exists()


def test_two_at_once_forget_each_thing_once(config: Config) -> None:
    list(retention.run(config))
    tried(6)
    with clock.moved(days=config.keep_attempts_days + 1):
        total = named("attempts").count(config, clock.now())
        one = named("attempts").forget(config, clock.now(), 2)
        other = named("attempts").forget(config, clock.now(), 2)
        counts = [next(one), next(other), next(one), *other]
    assert sum(counts) == total >= 6


def test_invitations_links_and_answers_go_when_they_are_over(
    config: Config, business_id: UUID
) -> None:
    with tenancy.bound(business_id):
        from hesabu.identity import queries as people

        owner = people.members(business_id)[0].person_id
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner)):
        made = identity.invite(Role.SELLER, InvitationWay.EMAIL, "akinyi@example.com")
    with tenancy.bound(business_id):
        idempotency.once("test.answer", str(ids.new_id()), {"a": 1}, lambda: {"b": 2})
    entry = Entry.objects.create(
        token_hash=ids.new_id().bytes,
        browser_hash=b"x",
        code_hash=b"x",
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(minutes=10),
    )
    list(retention.run(config))
    assert Invitation.objects.filter(id=made.id).exists()
    assert Entry.objects.filter(id=entry.id).exists()
    with clock.moved(days=60):
        list(retention.run(config))
    assert not Invitation.objects.filter(id=made.id).exists()
    assert not Entry.objects.filter(id=entry.id).exists()
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM store_idempotency")
        assert cursor.fetchone() == (0,)


def test_notices_go_and_so_does_what_waits_of_them_for_a_digest_that_nobody_gets(
    config: Config, business_id: UUID
) -> None:
    list(retention.run(config))
    reader = identity.register_person("Asha Mwangi")
    with tenancy.house():
        for _ in range(3):
            row = Notice.objects.create(
                id=ids.new_id(),
                business_id=business_id,
                kind="business.new",
                subject_kind="business",
                subject_id=business_id,
                at=clock.now(),
            )
            NoticeWaiting.objects.create(id=ids.new_id(), notice=row, person_id=reader, way="email")
    mine = Notice.objects.filter(business_id=business_id)
    with clock.moved(days=config.keep_notices_days - 1):
        list(retention.run(config))
        assert mine.count() == 3
    with clock.moved(days=config.keep_notices_days + 1):
        assert retention.over(config)["notices"] == 3
        assert list(named("notices").forget(config, clock.now(), 2)) == [2, 1]
    assert not mine.exists()
    assert not NoticeWaiting.objects.filter(person_id=reader).exists()


def test_facts_books_and_seals_are_never_touched(
    config: Config, business_id: UUID, owner_url: str
) -> None:
    from hesabu.app import verify as verifying

    with origins.came_from("196.201.214.7"), tenancy.bound(business_id):
        identity.update_business(business_id, name="Kamau Prints")
    seal_all()

    def kept() -> tuple[object, ...]:
        with psycopg.connect(owner_url) as owner:
            row = owner.execute(
                "SELECT (SELECT count(*) FROM store_fact WHERE business_id = %(b)s),"
                " (SELECT count(*) FROM store_seal WHERE business_id = %(b)s),"
                " (SELECT count(*) FROM ledger_entry WHERE business_id = %(b)s)",
                {"b": business_id},
            ).fetchone()
        assert row is not None
        return tuple(row)

    before = kept()
    with clock.moved(days=40_000):
        list(retention.run(config))
    assert kept()[1:] == before[1:]
    assert kept()[0] >= before[0]  # type: ignore[operator]
    assert verifying.verify_one(business_id).faults == []


@pytest.mark.slow
def test_an_operator_sees_counts_first(
    hesabu: Callable[..., object], installation: Config, var_dir: Path
) -> None:
    assert hesabu("migrate").returncode == 0  # type: ignore[attr-defined]
    said = hesabu("retention", "--dry-run")
    assert said.returncode == 0, said.stderr  # type: ignore[attr-defined]
    assert "would be forgotten" in said.stdout  # type: ignore[attr-defined]
    assert "for ever" in said.stdout  # type: ignore[attr-defined]
    done = hesabu("retention", "--json")
    assert '"letters": 0' in done.stdout  # type: ignore[attr-defined]
