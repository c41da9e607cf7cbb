"""Restoring into the installation's own database."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

from hesabu.app.backup import archive, census, clients
from hesabu.app.backup.archive import BackupError, Manifest
from hesabu.app.backup.create import Say
from hesabu.app.backup.drill import key_faults
from hesabu.app.config import Config

ASIDE = "before_restore"
"""Schema that holds what was there, until the restore is known to be whole."""


def restore(
    config: Config, path: Path, say: Say, *, replace: bool = False, with_keys: bool = True
) -> Manifest:
    """All of it, or the database stays as it was."""
    manifest = archive.read_manifest(path)
    if with_keys and (faults := key_faults(config, manifest)):
        raise BackupError(
            "The restored data could not be read: "
            + "; ".join(faults)
            + ".\nSet HESABU_FIELD_KEYS and HESABU_BLIND_KEY to the keys of that time (docs/operations/backup.md)."
        )
    with psycopg.connect(config.owner_database_url, autocommit=True) as owner:
        refuse_if_busy(owner)
        if _is_cut_off(owner):
            say("An earlier restore was cut off; putting back what was there before it.")
            _swap_back(owner)
        count = table_count(owner)
        if count and not replace:
            raise BackupError(
                f"The database is not empty ({count} tables). Restore into an empty one, or say --replace."
            )
        binaries = clients.fitting(config, int(clients.server_version(owner).split(".")[0]))
        if binaries.major < int(manifest.client.split(".")[0]):
            raise BackupError(
                f"The backup was made by PostgreSQL {manifest.client}; this server is older ({binaries})."
            )
        with archive.extracted_dump(path, manifest, path.parent) as dump_file:
            _swap_out(owner)
            try:
                say(f"Restoring {manifest.row_count} rows with pg_restore {binaries.version} …")
                clients.restore(binaries, config.owner_database_url, dump_file)
                _refuse_differences(manifest, owner)
            except BaseException:
                say("The restore failed; putting back what was there.")
                _swap_back(owner)
                raise
            owner.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(ASIDE)))
            owner.execute("ANALYZE")
    return manifest


def table_count(owner: psycopg.Connection[tuple[str]]) -> int:
    return len(owner.execute(census.TABLES).fetchall())


def refuse_if_busy(owner: psycopg.Connection[tuple[str]]) -> None:
    row = owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'hesabu_app'"
    ).fetchone()
    if row is not None and int(row[0]):
        raise BackupError(
            f"Hesabu is running on this database ({row[0]} connections). Stop it first: hesabu down"
        )


def _refuse_differences(manifest: Manifest, owner: psycopg.Connection[tuple[str]]) -> None:
    faults = list(census.differences(manifest.census, census.take(owner, None)))
    if faults:
        raise BackupError("What was restored is not what was backed up:\n" + "\n".join(faults))


def _is_cut_off(owner: psycopg.Connection[tuple[str]]) -> bool:
    found = owner.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (ASIDE,)).fetchone()
    return found is not None


def _swap_out(owner: psycopg.Connection[tuple[str]]) -> None:
    with owner.transaction():
        owner.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(ASIDE)))
        owner.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
        owner.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


def _swap_back(owner: psycopg.Connection[tuple[str]]) -> None:
    with owner.transaction():
        owner.execute("DROP SCHEMA IF EXISTS public CASCADE")
        owner.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(sql.Identifier(ASIDE)))
