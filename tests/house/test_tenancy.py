"""Tenancy cannot be forgotten: every table, policy and key is walked, as the roles that the product uses."""

from __future__ import annotations

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import DatabaseError

from hesabu.kit import ids
from hesabu.store import tenancy

FLOORS = [
    "kit",
    "store",
    "identity",
    "messaging",
    "ledger",
    "payments",
    "invoicing",
    "web",
    "hesabu",
]
HOUSE_TABLES = {
    "identity_app": "an app is found before anybody knows who asks; its secret is hashed",
    "identity_grant": "a token is found before anybody knows whose it is; it is hashed",
    "identity_invitation": "an invitation is found before anybody knows whose it is; it is hashed",
    "identity_key": "a key is found before anybody knows whose it is; it is hashed",
    "identity_listing": "the platform sees that a business is there, its country and its day, and nothing inside",
    "identity_notice": "the platform's people are told of businesses; it carries ids, a kind and an instant",
    "invoicing_turn": "whoever looks whose turn it is does not know yet whose; it carries ids and an instant",
    "store_endpoint": "letters and endpoints belong to the house; the body is sealed",
    "store_letter": "letters and endpoints belong to the house; the body is sealed",
    "store_link": "a link is followed before anybody knows whose it is; it is hashed",
    "store_unread": "what a person of the house has to look at",
    "messaging_conversation": "a conversation is between a person and the house; the column only says which business they speak for",
    "messaging_dispatch": "a status finds its message by the provider's id before anybody knows whose it is",
}
"""Tables that have a business_id and yet no tenant policy, each with its reason."""


def tables_with_business() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public' AND a.attname = 'business_id'"
            " AND NOT a.attisdropped ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def unguarded() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY(%s)"
            " AND NOT (relrowsecurity AND relforcerowsecurity)",
            (tables_with_business(),),
        )
        return [row[0] for row in cursor.fetchall() if row[0] not in HOUSE_TABLES]


def test_every_business_owned_table_is_under_forced_row_level_security(database: str) -> None:
    assert len(tables_with_business()) > 20
    assert unguarded() == []


def test_a_table_without_a_policy_is_caught(database: str, owner_url: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE planted (business_id uuid)")
        try:
            assert unguarded() == ["planted"]
        finally:
            owner.execute("DROP TABLE planted")


def test_every_policy_is_the_bound_one(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, policyname, qual, cmd FROM pg_policies WHERE 'hesabu_app' = ANY(roles)"
        )
        policies = cursor.fetchall()
    assert len(policies) > 20
    others = [one for one in policies if "hesabu.businesses" not in one[2]]
    assert {name for _, name, _, _ in others} == {
        "identity_business_also",
        "identity_membership_also",
    }
    assert all("hesabu.person" in qual and command == "SELECT" for _, _, qual, command in others)


def test_the_application_cannot_step_around_it(database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname IN ('hesabu_owner', 'hesabu_app', 'hesabu_staff')"
            " AND (rolsuper OR rolbypassrls)"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("hesabu_app",)
        cursor.execute("SELECT tablename FROM pg_tables WHERE tableowner = 'hesabu_app'")
        assert cursor.fetchall() == []


def test_an_unbound_read_fails_on_every_tenant_table(database: str, business_id) -> None:  # type: ignore[no-untyped-def]
    read = []
    for table in tables_with_business():
        if table in HOUSE_TABLES:
            continue
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT count(*) FROM {table} WHERE business_id = %s", (business_id,)
                )
                if cursor.fetchone() != (0,):
                    read.append(table)
        except DatabaseError:
            continue
    assert read == []


def test_an_unbound_read_fails_rather_than_returns_nothing(database: str, business_id) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_book")


def test_another_business_is_not_there(database: str, business_id, new_business) -> None:  # type: ignore[no-untyped-def]
    other_id = new_business()
    with tenancy.bound(business_id), connection.cursor() as cursor:
        for table in tables_with_business():
            if table not in HOUSE_TABLES:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE business_id = %s", (other_id,))
                assert cursor.fetchone() == (0,), table


def test_a_row_for_another_business_is_refused(database: str, business_id, new_business) -> None:  # type: ignore[no-untyped-def]
    other_id = new_business()
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        tenancy.bound(business_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO store_idempotency (id, business_id, scope, key, request_hash, answer, created_at)"
            " VALUES (%s, %s, 's', 'k', '\\x00', '{}', now())",
            (ids.new_id(), other_id),
        )


def test_a_binding_does_not_outlive_its_transaction(database: str, business_id) -> None:  # type: ignore[no-untyped-def]
    with tenancy.bound(business_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_book")
        assert cursor.fetchone() == (1,)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_book")


def test_staff_may_read_and_not_write(database: str, staff_url: str, business_id) -> None:  # type: ignore[no-untyped-def]
    with psycopg.connect(staff_url) as staff:
        found = staff.execute(
            "SELECT count(*) FROM ledger_book WHERE business_id = %s", (business_id,)
        ).fetchone()
        assert found == (1,)
        with pytest.raises(psycopg.Error):
            staff.execute("UPDATE ledger_book SET entry_count = 9")


def upward_keys() -> list[str]:
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("hesabu."):
            continue
        here = FLOORS.index(model._meta.app_label)
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            is_ours = field.concrete and target and target.__module__.startswith("hesabu.")
            if is_ours and FLOORS.index(target._meta.app_label) > here:
                found.append(f"{model.__name__}.{field.name}")
    return found


def test_no_foreign_key_points_up(database: str) -> None:
    assert upward_keys() == []


def test_keys_between_rows_of_money_carry_their_business(database: str) -> None:
    """A plain key from one business-owned table to another could point into another business."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c
            JOIN pg_class f ON f.oid = c.confrelid JOIN pg_class t ON t.oid = c.conrelid
            WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 1
            AND f.relname = ANY(%s) AND t.relname = ANY(%s) AND f.relname <> ALL(%s)
            AND NOT (SELECT attname = 'business_id' FROM pg_attribute WHERE attrelid = t.oid AND attnum = c.conkey[1])
            """,
            (tables_with_business(), tables_with_business(), list(HOUSE_TABLES)),
        )
        assert cursor.fetchall() == []
