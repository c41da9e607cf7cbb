"""What the platform's people are alarmed by is told of once for each cause, and never by whoever it is about alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from hesabu.identity import actions, queries
from hesabu.identity.errors import NotLetIn, WrongAddress
from hesabu.identity.types import Outcome
from hesabu.kit import clock, ids
from hesabu.store import audit, tenancy

pytestmark = pytest.mark.usefixtures("database")


def told(kind: str, subject_id: UUID, business_id: UUID = tenancy.HOUSE) -> list[Any]:
    def found() -> list[Any]:
        return [
            act.fact for act in audit.acts(audit.Asked(kind=kind, subject_id=subject_id), most=100)
        ]

    if business_id == tenancy.HOUSE:
        with tenancy.house():
            return found()
    with tenancy.bound(business_id):
        return found()


def key_at(business_id: UUID, *addresses: str) -> tuple[UUID, str]:
    with tenancy.bound(business_id):
        owner_id = queries.members(business_id)[0].person_id
    with tenancy.bound(business_id, actor=tenancy.Actor("person", owner_id)):
        return actions.make_key("Till", ["invoice:read"], addresses=list(addresses))


def test_a_key_used_from_elsewhere_is_refused_and_told_of_once_an_hour(business_id: UUID) -> None:
    key_id, secret = key_at(business_id, "192.0.2.0/24")
    for _ in range(3):
        with pytest.raises(WrongAddress):
            actions.let_in(secret, "198.51.100.7")
    kind = "identity.KeyUsedElsewhere"
    assert len(told(kind, key_id, business_id)) == 1
    assert actions.let_in(secret, "192.0.2.9").id == key_id
    with clock.moved(seconds=3600), pytest.raises(WrongAddress):
        actions.let_in(secret, "198.51.100.7")
    assert len(told(kind, key_id, business_id)) == 2


def test_a_key_used_at_its_place_or_a_wrong_secret_alarms_nobody(business_id: UUID) -> None:
    key_id, secret = key_at(business_id, "192.0.2.0/24")
    actions.let_in(secret, "192.0.2.9")
    with pytest.raises(NotLetIn):
        actions.let_in(f"{secret}x", "198.51.100.7")
    assert told("identity.KeyUsedElsewhere", key_id, business_id) == []


def tried(person_id: UUID, account: str, times: int, outcome: Outcome = Outcome.WRONG) -> None:
    for number in range(times):
        actions.note_attempt(
            account,
            f"10.9.{number % 250}.{number // 250}",
            "Firefox",
            way="password",
            outcome=outcome,
            person_id=person_id,
        )


def test_an_account_tried_more_than_a_hundred_times_an_hour_is_told_of_once() -> None:
    person_id = actions.register_person("Jane Wanjiku")
    account = f"jane-{person_id.hex}@example.com"
    tried(person_id, account, 60)
    tried(person_id, account, 40, Outcome.WAITED)
    assert told("identity.AccountBesieged", person_id) == []
    tried(person_id, account, 5)
    [fact] = told("identity.AccountBesieged", person_id)
    assert fact.payload == {"try_count": 101}


def test_a_hundred_tries_over_two_hours_alarm_nobody() -> None:
    person_id = actions.register_person("Jane Wanjiku")
    account = f"jane-{person_id.hex}@example.com"
    tried(person_id, account, 60)
    with clock.moved(seconds=3700):
        tried(person_id, account, 60)
    assert told("identity.AccountBesieged", person_id) == []


def test_a_broken_chain_is_told_of_once_a_day(business_id: UUID) -> None:
    broken = ids.new_id()
    actions.tell_broken(broken, 3)
    actions.tell_broken(broken, 4)
    [fact] = told("identity.ChainBroken", broken)
    assert fact.payload == {"fault_count": 3}
    with clock.moved(days=1):
        actions.tell_broken(broken, 4)
    assert len(told("identity.ChainBroken", broken)) == 2


def test_the_proof_itself_tells_of_what_it_finds(
    business_id: UUID, admin_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import psycopg

    from hesabu.app import verify

    def count_wrongly(by: int) -> None:
        with psycopg.connect(admin_url, autocommit=True) as root:
            root.execute("SET session_replication_role = replica")
            root.execute(
                "UPDATE ledger_book SET entry_count = entry_count + %s WHERE business_id = %s",
                (by, business_id),
            )

    count_wrongly(1)
    try:
        assert verify.main() == 1
    finally:
        count_wrongly(-1)
    assert str(business_id) in capsys.readouterr().out
    assert len(told("identity.ChainBroken", business_id)) == 1


def test_a_person_cannot_raise_the_alarm(business_id: UUID) -> None:
    from hesabu.identity.errors import NotAllowed

    actor = tenancy.Actor("person", actions.register_person("Jane Wanjiku"))
    with tenancy.house(actor=actor), pytest.raises(NotAllowed):
        actions.tell_broken(business_id, 1)
