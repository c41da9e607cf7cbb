"""The doctor on a sound database, and on one with a fault planted for each rule."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from hesabu.app import config as configuration
from hesabu.app.config import Config
from hesabu.app.doctor import database as looks
from hesabu.app.doctor import report, work
from hesabu.app.doctor.findings import Finding


@pytest.fixture
def config(database: str, business_id: object) -> Config:
    return configuration.load(ignore_env_file=True)


def wrong(findings: object) -> list[str]:
    return [one.said for one in findings if one.grade == "wrong"]  # type: ignore[attr-defined]


def test_a_sound_database_has_nothing_wrong(config: Config) -> None:
    findings = list(report.examine(config))
    # the test server forgets on purpose
    assert [one for one in findings if one.grade == "wrong" and one.check != "durability"] == []
    assert {one.check for one in findings} >= {
        *(
            "settings",
            "database",
            "roles",
            "tenancy",
            "clock",
            "migrations",
            "keys",
            "letters",
            "jobs",
        ),
        *("providers", "live", "disk", "backups", "flags"),
    }


def test_everything_that_is_not_fine_says_what_to_do(config: Config) -> None:
    findings = list(report.examine(config))
    assert [one for one in findings if one.grade != "fine" and not one.remedy] == []


def test_a_server_that_may_forget_is_wrong(config: Config) -> None:
    assert "fsync is off: a power cut loses confirmed payments" in wrong(looks.server(config))


def test_a_role_that_can_step_around_the_policies_is_wrong(config: Config, admin_url: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("ALTER ROLE hesabu_staff BYPASSRLS")
        try:
            found = [one for one in looks.roles(config) if one.grade == "wrong"]
        finally:
            admin.execute("ALTER ROLE hesabu_staff NOBYPASSRLS")
    assert found == [
        Finding(
            "roles", "wrong", "hesabu_staff has BYPASSRLS", "ALTER ROLE hesabu_staff NOBYPASSRLS;"
        )
    ]


def test_a_product_that_connects_as_the_owner_is_wrong(config: Config) -> None:
    as_owner = config.model_copy(update={"database_url": config.owner_database_url})
    assert wrong(looks.roles(as_owner)) == ["the product connects as hesabu_owner"]


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([], "planted is not under forced row-level security"),
        (
            ["ALTER TABLE planted ENABLE ROW LEVEL SECURITY"],
            "planted is not under forced row-level security",
        ),
        (
            [
                "ALTER TABLE planted ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE planted FORCE ROW LEVEL SECURITY",
            ],
            "planted has no policy",
        ),
        (
            [
                "ALTER TABLE planted ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE planted FORCE ROW LEVEL SECURITY",
                "CREATE POLICY open ON planted TO hesabu_app USING (true) WITH CHECK (true)",
                "CREATE POLICY owner ON planted TO hesabu_owner USING (true) WITH CHECK (true)",
                "GRANT SELECT ON planted TO hesabu_app",
                "INSERT INTO planted VALUES (gen_random_uuid())",
            ],
            "planted can be read without a business bound",
        ),
    ],
)
def test_a_table_of_a_business_that_is_not_guarded_is_wrong(
    config: Config, owner_url: str, statements: list[str], said: str
) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE planted (business_id uuid)")
        try:
            for statement in statements:
                owner.execute(statement.encode())
            found = wrong(looks.tenancy(config))
        finally:
            owner.execute("DROP TABLE planted")
    assert said in found


def test_a_key_that_is_not_at_hand_is_wrong(config: Config) -> None:
    from hesabu.kit import crypto
    from hesabu.store import letters, tenancy

    with tenancy.house():
        letters.open_endpoint("whatsapp")
    before = crypto.keyring()
    crypto.configure(crypto.Keyring({"k2": os.urandom(32)}, os.urandom(32)))
    try:
        found = wrong(work.keys(config))
    finally:
        crypto.configure(before)
    assert any(said.startswith("store_endpoint.token: ") for said in found)
    assert wrong(work.keys(config)) == []


def test_a_provider_out_of_reach_is_wrong_in_production_only(config: Config) -> None:
    names = ("mpesa", "whatsapp", "africastalking", "mailgun")
    away = config.model_copy(update={f"{name}_base_url": "http://127.0.0.1:9/" for name in names})
    assert [one.grade for one in work.providers(away)] == ["watch"] * len(names)
    assert [one.grade for one in work.providers(away.model_copy(update={"env": "production"}))] == [
        "wrong"
    ] * len(names)


def test_who_may_be_called_is_shown(config: Config) -> None:
    named = config.model_copy(update={"outgoing_hosts": "*.files.kamau.co.ke"})
    (found,) = work.calls(named)
    assert "*.files.kamau.co.ke" in found.said
    assert "127.0.0.1" in found.said


def test_a_switch_that_is_off_is_seen_with_its_reason(config: Config) -> None:
    from hesabu.store import flags, tenancy

    with tenancy.house():
        flags.switch("payments.money_out", on=False, reason="being tested")
    try:
        assert [one.said for one in work.switches(config)] == [
            "payments.money_out is off: being tested"
        ]
    finally:
        with tenancy.house():
            flags.switch("payments.money_out", on=True)


def test_an_old_backup_is_seen_in_production(config: Config, tmp_path: Path) -> None:
    real = config.model_copy(update={"env": "production", "var_dir": tmp_path})
    assert [one.grade for one in work.backups(real)] == ["watch"]
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "hesabu-1.backup").touch()
    assert [one.grade for one in work.backups(real)] == ["fine"]
    os.utime(tmp_path / "backups" / "hesabu-1.backup", (0, 0))
    assert [one.grade for one in work.backups(real)] == ["watch"]


def test_a_check_that_breaks_does_not_hide_the_others(config: Config) -> None:
    lost = config.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:9/nothing"})
    findings = list(report.examine(lost))
    assert any(one.check == "database" and "could not be looked at" in one.said for one in findings)
    assert any(one.check == "disk" and one.grade == "fine" for one in findings)


@pytest.mark.parametrize(
    ("plant", "pull", "said"),
    [
        (
            "CREATE POLICY wide ON ledger_book FOR SELECT TO hesabu_app USING (true)",
            "DROP POLICY wide ON ledger_book",
            "the app sees all by ledger_book.wide",
        ),
        (
            "GRANT TRUNCATE ON ledger_book TO hesabu_app",
            "REVOKE TRUNCATE ON ledger_book FROM hesabu_app",
            "the app may empty ledger_book",
        ),
    ],
)
def test_a_way_around_the_policies_is_wrong(
    config: Config, owner_url: str, plant: str, pull: str, said: str
) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        assert said not in wrong(looks.roles(config))
        owner.execute(plant)
        try:
            assert said in wrong(looks.roles(config))
        finally:
            owner.execute(pull)


def test_a_role_that_may_replicate_is_wrong(config: Config, admin_url: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("ALTER ROLE hesabu_staff REPLICATION")
        try:
            assert "hesabu_staff has REPLICATION" in wrong(looks.roles(config))
        finally:
            admin.execute("ALTER ROLE hesabu_staff NOREPLICATION")
