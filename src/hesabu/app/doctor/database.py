"""Is the database what the laws of the house lean on?"""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg

from hesabu.app.config import Config
from hesabu.app.doctor.findings import Finding, Grade

OLDEST_SERVER = 150000
SKEW_WATCH_SECONDS, SKEW_WRONG_SECONDS = 1.0, 5.0
ROLES_SQL = "docs/operations/postgres.md has the statements for the three roles."
HOUSE_TABLES = frozenset(
    {
        "identity_app",
        "identity_grant",
        "identity_invitation",
        "identity_key",
        "identity_listing",
        "identity_notice",
        "invoicing_turn",
        "messaging_conversation",
        "messaging_dispatch",
        "store_endpoint",
        "store_letter",
        "store_link",
        "store_unread",
    }
)
"""Tables of the house whose rows may name a business; any other table with a business_id is a business's own."""
TENANT_TABLES = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 'hesabu_app'::regrole = ANY (p.polroles)
               AND pg_get_expr(p.polqual, p.polrelid) LIKE '%hesabu.businesses%')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'business_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""


TOO_WIDE = """
SELECT tablename || '.' || policyname FROM pg_policies WHERE schemaname = 'public'
AND (roles && ARRAY['hesabu_app', 'public']::name[]) AND qual !~ 'hesabu\\.(businesses|person)' ORDER BY 1
"""
"""Policies that show the app rows whoever is bound."""
MAY_EMPTY = """
SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = 'public' AND relkind IN ('r', 'p')
AND has_table_privilege('hesabu_app', c.oid, 'truncate') ORDER BY 1
"""


def server(config: Config) -> Iterator[Finding]:
    """It answers, is new enough, and does not forget what it has confirmed."""
    with psycopg.connect(config.database_url, connect_timeout=5) as connection:
        version = connection.info.server_version
        said = f"PostgreSQL {version // 10000}.{version % 10000} answers"
        yield Finding("database", "fine", said)
        if version < OLDEST_SERVER:
            yield Finding("database", "wrong", "it is older than 15", "Upgrade PostgreSQL.")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            value = _one(connection, f"SHOW {setting}")
            if value == "off":
                yield Finding(
                    "durability",
                    "wrong",
                    f"{setting} is off: a power cut loses confirmed payments",
                    f"ALTER SYSTEM SET {setting} = on; then restart PostgreSQL.",
                )
        if _one(connection, "SHOW data_checksums") == "off":
            remedy = "Stop PostgreSQL and run: pg_checksums --enable -D <data directory>"
            yield Finding("durability", "watch", "data checksums are off", remedy)


def roles(config: Config) -> Iterator[Finding]:
    """No role the product uses may step over row-level security."""
    with psycopg.connect(config.owner_database_url, connect_timeout=5) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication FROM pg_roles"
            " WHERE rolname IN ('hesabu_owner', 'hesabu_app', 'hesabu_staff') ORDER BY 1"
        ).fetchall()
        found = {row[0]: row[1:] for row in rows}
        for name in ("hesabu_app", "hesabu_owner", "hesabu_staff"):
            if name not in found:
                yield Finding("roles", "wrong", f"there is no role {name}", ROLES_SQL)
                continue
            can = [
                word
                for word, able in zip(
                    ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION"),
                    found[name],
                    strict=True,
                )
                if able
            ]
            if can:
                remedy = f"ALTER ROLE {name} {' '.join('NO' + word for word in can)};"
                yield Finding("roles", "wrong", f"{name} has {', '.join(can)}", remedy)
        owned = _column(
            connection,
            "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE nspname = 'public' AND relkind IN ('r', 'p')"
            " AND pg_get_userbyid(relowner) IN ('hesabu_app', 'hesabu_staff')",
        )
        if owned:
            remedy = "ALTER TABLE … OWNER TO hesabu_owner; an owner can lift its own policies."
            yield Finding("roles", "wrong", f"the app owns {', '.join(owned)}", remedy)
        wide = _column(connection, TOO_WIDE)
        if wide:
            remedy = "Drop it: it shows every business's rows to whoever works for one."
            yield Finding("roles", "wrong", f"the app sees all by {', '.join(wide)}", remedy)
        emptied = _column(connection, MAY_EMPTY)
        if emptied:
            remedy = "Revoke that right from hesabu_app: no policy is asked before it."
            yield Finding("roles", "wrong", f"the app may empty {', '.join(emptied)}", remedy)
        members = _column(
            connection,
            "SELECT roleid::regrole::text FROM pg_auth_members"
            " WHERE member::regrole::text IN ('hesabu_app', 'hesabu_staff')",
        )
        if members:
            yield Finding(
                "roles",
                "wrong",
                f"the app may act as {', '.join(members)}",
                f"REVOKE {members[0]} FROM hesabu_app, hesabu_staff;",
            )
    with psycopg.connect(config.database_url, connect_timeout=5) as connection:
        who = _one(connection, "SELECT current_user")
        if who != "hesabu_app":
            remedy = "Let HESABU_DATABASE_URL connect as hesabu_app."
            yield Finding("roles", "wrong", f"the product connects as {who}", remedy)
        else:
            yield Finding("roles", "fine", "the product connects as hesabu_app, without privileges")


def tenancy(config: Config) -> Iterator[Finding]:
    """Row-level security is forced on every table of a business, and an unbound query fails."""
    with psycopg.connect(config.owner_database_url, connect_timeout=5) as connection:
        tables = [
            row
            for row in connection.execute(TENANT_TABLES).fetchall()
            if row[0] not in HOUSE_TABLES
        ]
    remedy = "Run: hesabu migrate. If it stays, a migration lacks tenant_table()."
    for name, is_forced, has_policy in tables:
        if not is_forced or not has_policy:
            lacks = "is not under forced row-level security" if not is_forced else "has no policy"
            yield Finding("tenancy", "wrong", f"{name} {lacks}", remedy)
    with psycopg.connect(config.database_url, connect_timeout=5, autocommit=True) as connection:
        for name, _, _ in tables:
            try:
                rows = connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1')
                if rows.fetchone() is None:  # empty: the policy was never asked
                    continue
            except psycopg.Error:
                continue
            said = f"{name} can be read without a business bound"
            yield Finding("tenancy", "wrong", said, remedy)
    yield Finding("tenancy", "fine", f"{len(tables)} tables of businesses were looked at")


def clock(config: Config) -> Iterator[Finding]:
    """The database and this host agree on the time."""
    with psycopg.connect(config.database_url, connect_timeout=5) as connection:
        before = time.time()
        there = float(_one(connection, "SELECT extract(epoch FROM clock_timestamp())"))
        here = (before + time.time()) / 2
    skew = abs(there - here)
    grade: Grade = "fine"
    if skew > SKEW_WATCH_SECONDS:
        grade = "wrong" if skew > SKEW_WRONG_SECONDS else "watch"
    remedy = "" if grade == "fine" else "Run NTP on both machines (timedatectl set-ntp true)."
    said = f"this host and the database differ by {skew * 1000:.0f} ms"
    yield Finding("clock", grade, said, remedy)


def _one(connection: psycopg.Connection[tuple[str]], question: str) -> str:
    row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def _column(connection: psycopg.Connection[tuple[str]], question: str) -> list[str]:
    return [row[0] for row in connection.execute(question)]
