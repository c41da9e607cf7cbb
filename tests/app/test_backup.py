"""Backups of a real installation's database: restored, compared, proved, refused."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import secrets
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from hesabu.app import config as configuration
from hesabu.app import dev_secrets
from hesabu.app.backup import archive, census, clients, create, drill, restore
from hesabu.app.backup.archive import BackupError, Manifest
from hesabu.app.config import Config


@pytest.fixture
def config(database: str, business_id: UUID) -> Config:
    """The test database, as an installation would be configured for a server of its own."""
    return configuration.load(ignore_env_file=True)


@pytest.fixture
def made(config: Config, tmp_path: Path) -> tuple[Path, Manifest]:
    return create.create(config, tmp_path, lambda text: None)


@pytest.fixture
def empty(admin_url: str, config: Config) -> Iterator[Config]:
    """The same installation with an empty database."""
    name = f"restored_{secrets.token_hex(4)}"
    database = os.environ["HESABU_DATABASE_URL"].rpartition("/hesabu_test_")[2].partition("?")[0]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER hesabu_owner TEMPLATE template0".encode())
    urls = {
        field: getattr(config, field).replace(f"/hesabu_test_{database}", f"/{name}")
        for field in ("database_url", "owner_database_url", "staff_database_url")
    }
    yield config.model_copy(update=urls)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def rewritten(path: Path, manifest: Manifest, dump: bytes, target: Path) -> Path:
    """A backup with another inside, its hash made right."""
    inside = target.with_name("inside.dump")
    inside.write_bytes(dump)
    changed = dataclasses.replace(manifest, dump_sha256=archive.sha256_of(inside))
    archive.write(target, changed, inside)
    return target


def faults_of(config: Config, path: Path, business_id: UUID) -> list[str]:
    """What the drill finds, but for books that other tests have tampered with."""
    found = drill.verify(config, path, lambda text: None)
    return [one for one in found if not one.startswith("book of ") or str(business_id) in one]


def dump_of(path: Path) -> bytes:
    with tarfile.open(path) as tar:
        source = tar.extractfile(archive.DUMP)
        assert source is not None
        return source.read()


def count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        assert row is not None
        return int(row[0])


def test_a_backup_is_restored_counted_and_its_books_proved(
    config: Config, made: tuple[Path, Manifest], business_id: UUID
) -> None:
    path, manifest = made
    assert faults_of(config, path, business_id) == []
    assert str(business_id) in [book.business_id for book in manifest.census.books]
    assert manifest.row_count > 50
    assert not list(config.var_dir.glob(f"scratch-{os.getpid()}-*"))
    assert not list(config.keys_dir.glob(f"scratch-{os.getpid()}-*"))


def test_it_is_for_its_owner_only_and_holds_no_key(
    config: Config, made: tuple[Path, Manifest]
) -> None:
    path, _ = made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    for text in [config.secret_key, config.blind_key, config.database_url]:
        assert text.encode() not in content
    for part in config.field_keys.split(","):
        assert part.partition(":")[2].encode() not in content
    assert [path.name] == [file.name for file in path.parent.iterdir()]


def test_the_manifest_names_the_keys_that_sealed_something(
    config: Config, made: tuple[Path, Manifest], business_id: UUID
) -> None:
    from hesabu.store import letters, tenancy

    with tenancy.house():
        letters.open_endpoint("whatsapp", secret="a secret of the provider")
    again = create.create(config, made[0].with_name("again.backup"), lambda text: None)[1]
    keys = {key.id: key for key in again.census.keys}
    assert set(keys) == set(census.fingerprints(config))
    before = {key.id: key.sealed_count for key in made[1].census.keys}
    assert sum(key.sealed_count for key in keys.values()) >= sum(before.values()) + 2
    assert keys["k1"].fingerprint == census.fingerprints(config)["k1"]


def test_a_missing_or_another_key_is_a_fault_unless_it_is_waived(
    config: Config, made: tuple[Path, Manifest]
) -> None:
    _, manifest = made
    key = archive.Key("k1", "0" * 16, 3)
    changed = dataclasses.replace(
        manifest, census=dataclasses.replace(manifest.census, keys=[key, archive.Key("k9", "", 5)])
    )
    other = config.model_copy(update={"blind_key": dev_secrets.new_keys()["blind_key"]})
    assert drill.key_faults(other, changed) == [
        "key k1 at hand is another one than the backup's",
        "key k9, which seals 5 values, is not at hand",
        "the blind index key at hand is another one than the backup's",
    ]


def test_a_flipped_byte_is_found(config: Config, made: tuple[Path, Manifest]) -> None:
    path, _ = made
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BackupError, match="is damaged"):
        drill.verify(config, path, lambda text: None)


@pytest.mark.parametrize("keep", [100, 5_000, 20_000])
def test_a_file_that_was_cut_off_is_found(
    config: Config, made: tuple[Path, Manifest], keep: int
) -> None:
    path, _ = made
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BackupError, match=r"is damaged|not a backup"):
        drill.verify(config, path, lambda text: None)


def test_a_file_that_is_no_backup_is_said_to_be_none(config: Config, tmp_path: Path) -> None:
    for name, content in [("text", b"hello"), ("empty", b"")]:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BackupError, match="is not a backup of Hesabu"):
            drill.verify(config, path, lambda text: None)
    stray = tmp_path / "stray.tar"
    with tarfile.open(stray, "w") as tar:
        tar.addfile(tarfile.TarInfo("../../etc/passwd"), io.BytesIO())
    with pytest.raises(BackupError, match="is not a backup of Hesabu"):
        drill.verify(config, stray, lambda text: None)


def test_rows_that_are_not_there_any_more_are_found(
    config: Config, made: tuple[Path, Manifest], tmp_path: Path, business_id: UUID
) -> None:
    path, manifest = made
    tables = manifest.census.tables | {"store_fact": manifest.census.tables["store_fact"] + 1}
    book = dataclasses.replace(manifest.census.books[0], head="11" * 32)
    expected = dataclasses.replace(
        manifest.census, tables=tables, books=[book, *manifest.census.books[1:]]
    )
    changed = dataclasses.replace(manifest, census=expected)
    less = rewritten(path, changed, dump_of(path), tmp_path / "less.backup")
    faults = faults_of(config, less, business_id)
    assert len(faults) == 2
    assert faults[0].startswith("store_fact holds ")
    assert faults[1] == f"the book of {book.business_id} does not end where the backup says"


def test_a_book_that_somebody_rewrote_is_found_in_its_backup(
    config: Config, business_id: UUID, admin_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(admin_url) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE ledger_book SET entry_count = entry_count + 1 WHERE business_id = %s",
            (business_id,),
        )
    try:
        path, _ = create.create(config, tmp_path, lambda text: None)
        faults = faults_of(config, path, business_id)
    finally:
        with psycopg.connect(admin_url) as admin:
            admin.execute("SET session_replication_role = replica")
            admin.execute(
                "UPDATE ledger_book SET entry_count = entry_count - 1 WHERE business_id = %s",
                (business_id,),
            )
    assert faults == [f"book of {business_id}: the book counts 1 entries and has 0"]


def test_a_table_whose_rows_are_hidden_from_the_role_is_refused(
    config: Config, owner_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("CREATE TABLE planted (n int)")
        try:
            owner.execute("ALTER TABLE planted ENABLE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE planted FORCE ROW LEVEL SECURITY")
            with pytest.raises(BackupError, match="does not see every row of: planted"):
                create.create(config, tmp_path, lambda text: None)
        finally:
            owner.execute("DROP TABLE planted")
    assert list(tmp_path.iterdir()) == []


def test_it_is_restored_into_an_empty_database_with_its_policies_and_grants(
    empty: Config, made: tuple[Path, Manifest], business_id: UUID
) -> None:
    path, manifest = made
    restore.restore(empty, path, lambda text: None)
    assert count(empty.owner_database_url, "store_fact") == manifest.census.tables["store_fact"]
    with psycopg.connect(empty.database_url) as app:
        with pytest.raises(psycopg.Error), app.transaction():
            app.execute("SELECT count(*) FROM ledger_book")
        app.execute(
            "SELECT set_config('hesabu.businesses', %s, true)", ("{" + str(business_id) + "}",)
        )
        assert app.execute("SELECT count(*) FROM ledger_book").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
            app.execute("ALTER TABLE ledger_book DISABLE ROW LEVEL SECURITY")


def test_a_full_database_is_left_alone_unless_it_may_be_replaced(
    empty: Config, made: tuple[Path, Manifest]
) -> None:
    path, manifest = made
    with psycopg.connect(empty.owner_database_url) as owner:
        owner.execute("CREATE TABLE precious AS SELECT 1 AS n")
    with pytest.raises(BackupError, match=r"not empty \(1 tables\)"):
        restore.restore(empty, path, lambda text: None)
    assert count(empty.owner_database_url, "precious") == 1
    restore.restore(empty, path, lambda text: None, replace=True)
    with pytest.raises(psycopg.errors.UndefinedTable):
        count(empty.owner_database_url, "precious")
    assert count(empty.owner_database_url, "store_fact") == manifest.census.tables["store_fact"]


def test_a_restore_that_fails_puts_back_what_was_there(
    empty: Config, made: tuple[Path, Manifest], tmp_path: Path
) -> None:
    path, manifest = made
    broken = rewritten(path, manifest, b"PGDMP and nothing more", tmp_path / "broken.backup")
    with psycopg.connect(empty.owner_database_url) as owner:
        owner.execute("CREATE TABLE precious AS SELECT 1 AS n")
    said: list[str] = []
    with pytest.raises(BackupError, match="pg_restore failed"):
        restore.restore(empty, broken, said.append, replace=True)
    assert said[-1] == "The restore failed; putting back what was there."
    assert count(empty.owner_database_url, "precious") == 1


def test_a_restore_that_was_cut_off_is_undone_by_the_next(
    empty: Config, made: tuple[Path, Manifest]
) -> None:
    path, _ = made
    with psycopg.connect(empty.owner_database_url) as owner:
        owner.execute("CREATE TABLE precious AS SELECT 1 AS n")
        owner.execute(f"ALTER SCHEMA public RENAME TO {restore.ASIDE}".encode())
        owner.execute("CREATE SCHEMA public")
        owner.execute("CREATE TABLE half_restored ()")
    with pytest.raises(BackupError, match=r"not empty \(1 tables\)"):
        restore.restore(empty, path, lambda text: None)
    assert count(empty.owner_database_url, "precious") == 1


def test_a_restore_under_a_running_product_is_refused(
    empty: Config, made: tuple[Path, Manifest]
) -> None:
    with (
        psycopg.connect(empty.database_url),
        pytest.raises(BackupError, match="Stop it first: hesabu down"),
    ):
        restore.restore(empty, made[0], lambda text: None)


def test_a_restore_without_the_keys_is_refused(empty: Config, made: tuple[Path, Manifest]) -> None:
    other = empty.model_copy(update=dev_secrets.new_keys())
    with pytest.raises(BackupError, match="could not be read"):
        restore.restore(other, made[0], lambda text: None)
    assert restore.restore(other, made[0], lambda text: None, with_keys=False)


def test_clients_older_than_the_server_are_refused_with_what_to_install(config: Config) -> None:
    with pytest.raises(BackupError, match="apt-get install postgresql-client-99"):
        clients.fitting(config, 99)


def test_an_existing_file_is_never_overwritten(config: Config, made: tuple[Path, Manifest]) -> None:
    with pytest.raises(BackupError, match="is there already"):
        create.create(config, made[0], lambda text: None)


def test_the_command_line_makes_verifies_and_restores_by_itself(
    hesabu: Callable[..., object], var_dir: Path
) -> None:
    assert run(hesabu, "migrate") == 0
    assert run(hesabu, "backup", "create", "--to", str(var_dir / "a.backup")) == 0
    assert run(hesabu, "backup", "verify", str(var_dir / "a.backup")) == 0
    assert run(hesabu, "backup", "restore", str(var_dir / "a.backup")) == 2  # not empty
    with tarfile.open(var_dir / "a.backup") as tar:
        source = tar.extractfile("manifest.json")
        assert source is not None
        assert json.load(source)["format"] == 1
    assert run(hesabu, "down") == 0


def run(hesabu: Callable[..., object], *args: str) -> int:
    ran = hesabu(*args)
    print(ran.stdout, ran.stderr)  # type: ignore[attr-defined]
    return int(ran.returncode)  # type: ignore[attr-defined]
