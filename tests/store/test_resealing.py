"""Keys rotate: what older keys sealed is sealed again, killed halfway or written in between, and no key leaves too early."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError

from hesabu.app import keys as ring
from hesabu.doors.web.account.adapter import SecondFactorAdapter
from hesabu.identity import actions as identity
from hesabu.identity import queries as people
from hesabu.invoicing import actions as invoicing
from hesabu.invoicing import queries as invoices
from hesabu.invoicing.types import DraftInput, LineInput
from hesabu.kit import crypto
from hesabu.kit.money import Money
from hesabu.store import files, resealing, tenancy

NEW = bytes(range(32))


def configure(keys: dict[str, bytes]) -> None:
    crypto.configure(crypto.Keyring(keys, base64.b64decode(settings.CONFIG.blind_key)))


@pytest.fixture
def old() -> dict[str, bytes]:
    return crypto.read_keys(settings.CONFIG.field_keys)


@pytest.fixture
def rotated(
    database: str, business_id: UUID, old: dict[str, bytes], owner_url: str
) -> Iterator[None]:
    """A new key seals; rows of before are there. At the end everything is sealed by the old one again."""
    with tenancy.house():
        identity.register_person("Wairimu Before")
    forget_strangers(old, owner_url)
    configure({"new": NEW} | old)
    yield
    configure(old | {"new": NEW})
    for _ in resealing.run():
        pass
    assert resealing.still_needing("new") == {}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_secret WHERE name LIKE 'resealed:%'")
    configure(old)


def forget_strangers(old: dict[str, bytes], owner_url: str) -> None:
    """Other tests seal with keys of their own; what cannot be read is replaced by something that can."""
    with psycopg.connect(owner_url) as owner:
        owner.execute("SELECT set_config('hesabu.rewriting', 'sealing again', true)")
        for one in resealing.columns():
            if one.is_json:
                continue
            values = owner.execute(
                f"SELECT {one.key}, {one.column} FROM {one.table} WHERE {one.column} IS NOT NULL"
            ).fetchall()
            for key, value in values:
                try:
                    crypto.unseal(bytes(value))
                except crypto.Unreadable:
                    owner.execute(
                        f"UPDATE {one.table} SET {one.column} = %s WHERE {one.key} = %s",
                        [crypto.seal(b"null"), key],
                    )


def left() -> int:
    return sum(one.left for one in resealing.standings())


def test_every_sealed_column_of_every_model_is_walked() -> None:
    named = {str(column) for column in resealing.columns()}
    assert {
        *("identity_person.name", "invoicing_paper.snapshot", "store_letter.body"),
        *("store_file.content", "mfa_authenticator.data", "messaging_message.content"),
    } <= named
    assert len(named) > 35


def test_old_values_are_readable_before_and_after(
    rotated: None, business_id: UUID, old: dict[str, bytes]
) -> None:
    with tenancy.bound(business_id):
        invoicing.keep_customer("Jane Wanjiku", "0733 111 678")
        before = invoices.customers()
    assert left() > 0
    for _ in resealing.run(batch=7):
        pass
    assert left() == 0
    configure({"new": NEW})  # the old key is not there any more, and nothing misses it
    with tenancy.bound(business_id):
        assert invoices.customers() == before
    configure({"new": NEW} | old)


def test_what_was_issued_is_sealed_again_and_otherwise_the_same(
    rotated: None, business_id: UUID, old: dict[str, bytes]
) -> None:
    configure(old)
    invoice_id = issued(business_id)
    configure({"new": NEW} | old)
    with tenancy.bound(business_id):
        said = invoices.snapshot(invoice_id)
    for _ in resealing.run():
        pass
    with tenancy.bound(business_id), connection.cursor() as cursor:
        assert invoices.snapshot(invoice_id) == said
        cursor.execute("SELECT snapshot FROM invoicing_paper WHERE document_id = %s", [invoice_id])
        assert crypto.keyring().key_id_of(bytes(cursor.fetchone()[0])) == "new"


def issued(business_id: UUID) -> UUID:
    from decimal import Decimal

    with tenancy.bound(business_id):
        customer_id = invoicing.keep_customer("Otieno Ouma", "0733 111 679")
        lines = [LineInput("logo design", Decimal(1), Money.parse("750", "KES"))]
        draft = DraftInput(customer_id=customer_id, lines=lines)
        invoice_id, version = invoicing.draft(draft)
        invoicing.issue(invoice_id, version)
    return invoice_id


def test_killed_halfway_it_goes_on_where_it_stopped(rotated: None) -> None:
    walk = resealing.run(batch=1)
    for _ in range(3):
        next(walk)
    walk.close()
    halfway = left()
    assert halfway > 0
    first = next(resealing.run(batch=1))
    assert first.resealed == 1
    for _ in resealing.run():
        pass
    assert left() == 0


def test_a_write_between_reading_and_writing_is_not_lost(rotated: None, owner_url: str) -> None:
    with tenancy.house():
        person_id = identity.register_person("Written Later")
    with psycopg.connect(owner_url, autocommit=True) as owner:
        column = next(c for c in resealing.columns() if str(c) == "identity_person.name")
        row = owner.execute(
            "SELECT name FROM identity_person WHERE id = %s", [person_id]
        ).fetchone()
        assert row is not None
        read = bytes(row[0])
        again = [(person_id, read, crypto.seal(crypto.unseal(read)))]
        theirs = crypto.seal(b"Somebody Else's Word")
        owner.execute("UPDATE identity_person SET name = %s WHERE id = %s", [theirs, person_id])
    from django.db import connections, transaction

    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        assert resealing._write(cursor, column, again) == 0
    with tenancy.house():
        assert people.person(person_id).name == "Somebody Else's Word"


def test_a_file_is_sealed_again(rotated: None, business_id: UUID, old: dict[str, bytes]) -> None:
    configure(old)
    with tenancy.bound(business_id):
        file_id = files.keep(b"%PDF", "application/pdf", "INV-0001.pdf")
    configure({"new": NEW} | old)
    for _ in resealing.run():
        pass
    configure({"new": NEW})
    with tenancy.bound(business_id):
        assert files.read(file_id).content == b"%PDF"
    configure({"new": NEW} | old)


def test_the_secret_of_a_second_factor_is_sealed_again(
    rotated: None, old: dict[str, bytes]
) -> None:
    from allauth.mfa.models import Authenticator

    from hesabu.identity.models import Person

    configure(old)
    adapter = SecondFactorAdapter()
    with tenancy.house():
        person_id = identity.register_person("With Factor")
        made = Authenticator.objects.create(
            user=Person.objects.get(id=person_id),
            type="totp",
            data={"secret": adapter.encrypt("JBSWY3DPEHPK3PXP")},
        )
    configure({"new": NEW} | old)
    assert "mfa_authenticator.data" in resealing.still_needing(next(iter(old)))
    for _ in resealing.run():
        pass
    configure({"new": NEW})
    made.refresh_from_db()
    assert adapter.decrypt(made.data["secret"]) == "JBSWY3DPEHPK3PXP"
    configure({"new": NEW} | old)


def test_what_the_wrong_key_sealed_is_counted_and_left_alone(
    rotated: None, old: dict[str, bytes], owner_url: str
) -> None:
    stranger = crypto.Keyring({next(iter(old)): os.urandom(32)}, bytes(32))
    with tenancy.house():
        person_id = identity.register_person("Unreadable")
    sealed = stranger.seal(b"nobody knows")
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("UPDATE identity_person SET name = %s WHERE id = %s", [sealed, person_id])
        steps = list(resealing.run())
        assert sum({str(s.column): s.unreadable for s in steps}.values()) == 1
        assert resealing.still_needing(next(iter(old))) == {"identity_person.name": 1}
        kept = owner.execute(
            "SELECT name FROM identity_person WHERE id = %s", [person_id]
        ).fetchone()
        assert kept is not None
        assert bytes(kept[0]) == sealed
        owner.execute(
            "UPDATE identity_person SET name = %s WHERE id = %s", [crypto.seal(b"x"), person_id]
        )


def test_a_key_that_is_needed_does_not_leave(rotated: None, old: dict[str, bytes]) -> None:
    config = settings.CONFIG.model_copy(
        update={"field_keys": crypto.write_keys({"new": NEW} | old)}
    )
    key_id = next(iter(old))
    with pytest.raises(ring.KeyInUse, match=r"identity_person\.name"):
        ring.retire(config, key_id)
    with pytest.raises(ring.KeyInUse, match="the one that seals"):
        ring.retire(config, "new")
    with pytest.raises(ring.KeyUnknown):
        ring.retire(config, "k77")
    for _ in resealing.run():
        pass
    left_over = ring.retire(config, key_id)
    assert crypto.read_keys(left_over.first) == {"new": NEW}


def test_the_job_does_it_by_itself_and_then_rests(rotated: None) -> None:
    assert not resealing.finished()
    resealing.reseal()
    assert left() == 0
    assert resealing.finished()


def test_in_production_the_new_key_first_opens_and_then_seals(old: dict[str, bytes]) -> None:
    config = settings.CONFIG.model_copy(update={"env": "production"})
    made = ring.rotate(config)
    assert not made.is_written
    first, then = crypto.read_keys(made.first), crypto.read_keys(made.then)
    assert list(first) == [*old, made.new_id]
    assert list(then) == [made.new_id, *old]
    assert first == then


@pytest.mark.parametrize("act", ["sealing again", "erasing"])
def test_an_append_only_table_lets_nothing_else_through(
    business_id: UUID, owner_url: str, act: str
) -> None:
    invoice_id = issued(business_id)
    with psycopg.connect(owner_url) as owner:
        change = "UPDATE invoicing_paper SET snapshot = '\\x00' WHERE document_id = %s"
        with pytest.raises(psycopg.Error, match="append-only"):
            owner.execute(change, [invoice_id])
        owner.rollback()
        owner.execute("SELECT set_config('hesabu.rewriting', %s, true)", [act])
        owner.execute(change, [invoice_id])
        with pytest.raises(psycopg.Error, match="append-only"):
            owner.execute(
                "UPDATE invoicing_paper SET document_kind = 'x' WHERE document_id = %s",
                [invoice_id],
            )
        owner.rollback()
        owner.execute("SELECT set_config('hesabu.rewriting', %s, true)", [act])
        with pytest.raises(psycopg.Error, match="does not change"):
            owner.execute(
                "UPDATE invoicing_line SET quantity = 9 WHERE invoice_id = %s", [invoice_id]
            )
        owner.rollback()
        with pytest.raises(psycopg.Error, match="append-only"):
            owner.execute("DELETE FROM invoicing_paper WHERE document_id = %s", [invoice_id])


def test_the_application_cannot_use_that_door(business_id: UUID) -> None:
    invoice_id = issued(business_id)
    for change in (
        "UPDATE invoicing_paper SET snapshot = '' WHERE document_id = %s",
        "UPDATE invoicing_line SET description = '' WHERE invoice_id = %s",
    ):
        with tenancy.bound(business_id), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('hesabu.rewriting', 'erasing', true)")
            with pytest.raises(DatabaseError), tenancy.attempt():
                cursor.execute(change, [invoice_id])
