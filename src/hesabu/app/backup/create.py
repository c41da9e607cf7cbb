"""Making a backup."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import psycopg

from hesabu.app.backup import archive, census, clients
from hesabu.app.backup.archive import BackupError, Manifest
from hesabu.app.config import Config
from hesabu.kit import clock

Say = Callable[[str], None]


def create(config: Config, target: Path | None, say: Say) -> tuple[Path, Manifest]:
    """One file with everything but the keys. `target` may be a file or a directory."""
    path = _place_for(config, target)
    dump_file = path.with_name(f".{path.name}.dump")
    dump_file.touch(mode=0o600)
    try:
        with psycopg.connect(config.owner_database_url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            census.refuse_hidden_rows(connection)
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            server = clients.server_version(connection)
            binaries = clients.fitting(config, int(server.split(".")[0]))
            say(f"Dumping PostgreSQL {server} with pg_dump {binaries.version} …")
            clients.dump(binaries, config.owner_database_url, dump_file, row[0])
            say("Counting rows, heads of books and keys in the same snapshot …")
            counted = census.take(connection, config)
        lost = [key.id for key in counted.keys if not key.fingerprint]
        if lost:
            say(
                f"WARNING: no key {', '.join(lost)} is at hand, and it sealed values in this database."
            )
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"),
            hesabu=metadata.version("hesabu"),
            server=server,
            client=binaries.version,
            dump_sha256=archive.sha256_of(dump_file),
            dump_bytes=dump_file.stat().st_size,
            census=counted,
            blind_key_fingerprint=census.blind_fingerprint(config),
        )
        archive.write(path, manifest, dump_file)
    finally:
        dump_file.unlink(missing_ok=True)
    return path, manifest


def _place_for(config: Config, target: Path | None) -> Path:
    name = f"hesabu-{clock.now():%Y%m%dT%H%M%SZ}.backup"
    path = target or config.var_dir / "backups"
    if target is None:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.is_dir():
        path = path / name
    if path.exists():
        raise BackupError(f"{path} is there already.")
    if not os.access(path.parent, os.W_OK):
        raise BackupError(f"{path.parent} is not a directory that can be written to.")
    return path
