"""The fact log is chained: what was changed, taken out or slipped in by the database's own owner is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest
from django.db.utils import DatabaseError

from hesabu.app import verify as verifying
from hesabu.identity import actions as identity
from hesabu.kit import ids
from hesabu.store import seals, tenancy
from steady import seal_all

Owner = psycopg.Connection[tuple[object, ...]]


def proved(business_id: UUID) -> seals.Chain:
    with tenancy.bound(business_id):
        return seals.verify(business_id)


def told(business_id: UUID, times: int = 3) -> None:
    for number in range(times):
        with tenancy.bound(business_id):
            identity.update_business(business_id, name=f"Kamau {number} {ids.short(ids.new_id())}")


@pytest.fixture
def sealed(business_id: UUID) -> UUID:
    """A business whose facts stand in two seals."""
    told(business_id)
    seal_all()
    told(business_id)
    seal_all()
    return business_id


@pytest.fixture
def owner(owner_url: str) -> Iterator[Owner]:
    """The owner of the database, with the triggers off, until the end of the test; then all is as it was."""
    with psycopg.connect(owner_url) as connection:
        for table in ("store_fact", "store_seal"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        connection.commit()
        yield connection
        connection.rollback()
        for table in ("store_fact", "store_seal"):
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.commit()


def test_every_fact_is_counted_once_and_the_chain_holds(sealed: UUID) -> None:
    chain = proved(sealed)
    assert chain.faults == []
    assert chain.seal_count == 2
    assert chain.fact_count >= 6
    assert len(chain.head) == 64


def test_nothing_new_makes_no_seal(sealed: UUID) -> None:
    before = proved(sealed)
    seal_all()
    assert proved(sealed) == before


def test_small_windows_make_the_same_chain_in_more_seals(business_id: UUID) -> None:
    seal_all()
    told(business_id, 7)
    seal_all(window=2)
    chain = proved(business_id)
    assert chain.faults == []
    assert chain.seal_count >= 4


def test_a_changed_fact_is_found(sealed: UUID, owner: Owner) -> None:
    owner.execute(
        'UPDATE store_fact SET payload = \'{"changed": "nothing"}\' WHERE id ='
        " (SELECT to_id FROM store_seal WHERE business_id = %s AND seq = 1)",
        [sealed],
    )
    owner.commit()
    assert proved(sealed).faults == ["facts of seal 1: the hash does not fit"]


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 microsecond'",
        "actor_kind = 'operator'",
        "actor_id = gen_random_uuid()",
        "subject_id = gen_random_uuid()",
        "kind = 'identity.PinSet'",
        "cause_id = gen_random_uuid()",
    ],
)
def test_whatever_of_a_fact_is_changed_is_found(sealed: UUID, owner: Owner, change: str) -> None:
    which = "(SELECT from_id FROM store_seal WHERE business_id = %s AND seq = 2)"
    owner.execute(f"UPDATE store_fact SET {change} WHERE id = {which}", [sealed])
    owner.commit()
    assert proved(sealed).faults == ["facts of seal 2: the hash does not fit"]


def test_a_fact_that_was_taken_out_is_found(sealed: UUID, owner: Owner) -> None:
    owner.execute(
        "DELETE FROM store_fact WHERE id = (SELECT from_id FROM store_seal WHERE business_id = %s AND seq = 2)",
        [sealed],
    )
    owner.commit()
    assert [one.split(":")[0] for one in proved(sealed).faults] == ["facts of seal 2"]


def test_a_fact_that_was_slipped_in_is_found(sealed: UUID, owner: Owner) -> None:
    owner.execute(
        "INSERT INTO store_fact SELECT (r).* FROM (SELECT jsonb_populate_record(f, jsonb_build_object('id',"
        " overlay(f.id::text placing '0000' from 15 for 4))) AS r FROM store_fact f WHERE id ="
        " (SELECT to_id FROM store_seal WHERE business_id = %s AND seq = 2)) AS made",
        [sealed],
    )
    owner.commit()
    assert len(proved(sealed).faults) == 1


def test_a_fact_slipped_in_behind_the_last_seal_is_found(sealed: UUID, owner: Owner) -> None:
    row = owner.execute(
        "SELECT to_id FROM store_seal WHERE business_id = %s AND seq = 2", [sealed]
    ).fetchone()
    assert row is not None
    after = UUID(int=row[0].int + 1)  # type: ignore[attr-defined]
    owner.execute(
        "INSERT INTO store_fact SELECT (r).* FROM (SELECT jsonb_populate_record(f, jsonb_build_object('id', %s::text))"
        " AS r FROM store_fact f WHERE id = %s) AS made",
        [str(after), row[0]],
    )
    owner.commit()
    assert "in no seal" in proved(sealed).faults[0]


def test_a_seal_that_was_taken_out_or_changed_is_found(sealed: UUID, owner: Owner) -> None:
    owner.execute("DELETE FROM store_seal WHERE business_id = %s AND seq = 1", [sealed])
    owner.commit()
    assert any("missing" in fault for fault in proved(sealed).faults)


def test_the_last_seal_taken_out_leaves_its_facts_uncounted(sealed: UUID, owner: Owner) -> None:
    owner.execute("DELETE FROM store_seal WHERE business_id = %s AND seq = 2", [sealed])
    owner.commit()
    assert "in no seal" in proved(sealed).faults[0]


def test_a_seal_made_to_fit_a_changed_fact_does_not_fit_the_next(
    sealed: UUID, owner: Owner
) -> None:
    owner.execute(
        "UPDATE store_seal SET hash = sha256(hash) WHERE business_id = %s AND seq = 1", [sealed]
    )
    owner.commit()
    assert "facts of seal 2: it does not go on from the seal before it" in proved(sealed).faults


def test_the_owner_and_the_application_are_refused_without_that(
    sealed: UUID, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute("UPDATE store_seal SET count = 9 WHERE business_id = %s", [sealed])
    from django.db import connection

    with pytest.raises(DatabaseError, match="permission denied"), tenancy.bound(sealed):
        connection.cursor().execute("DELETE FROM store_seal")


def test_what_an_open_transaction_may_still_write_is_waited_for(
    business_id: UUID, database: str
) -> None:
    """Otherwise a late fact would stand behind the seal, and honest work would look like a forgery."""
    told(business_id)
    with psycopg.connect(database) as slow:
        slow.execute("SELECT 1")
        late = ids.new_id()
        told(business_id)
        seal_all()
        slow.execute("SELECT set_config('hesabu.businesses', %s, true)", [f"{{{business_id}}}"])
        slow.execute(
            "INSERT INTO store_fact (id, business_id, kind, subject_kind, subject_id, payload, actor_kind, at)"
            " VALUES (%s, %s, 'identity.PinSet', 'person', %s, '{}', 'system', now())",
            [late, business_id, business_id],
        )
        slow.commit()
    seal_all()
    assert proved(business_id).faults == []


def test_another_business_is_not_touched(
    sealed: UUID, owner: Owner, new_business: Callable[..., UUID]
) -> None:
    other = new_business()
    seal_all()
    owner.execute("UPDATE store_fact SET actor_kind = 'x' WHERE business_id = %s", [sealed])
    owner.commit()
    assert len(proved(sealed).faults) == 2
    assert proved(other).faults == []


def test_the_great_verification_covers_it(sealed: UUID, owner: Owner) -> None:
    assert verifying.verify_one(sealed).faults == []
    owner.execute("UPDATE store_fact SET actor_kind = 'x' WHERE business_id = %s", [sealed])
    owner.commit()
    assert "facts of seal 1: the hash does not fit" in verifying.verify_one(sealed).faults
