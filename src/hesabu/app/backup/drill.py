"""Verifying a backup by restoring it: on a throw-away server, which never touches the real one."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from hesabu.app.backup import archive, census, clients
from hesabu.app.backup.archive import BackupError, Manifest
from hesabu.app.backup.create import Say
from hesabu.app.config import Config
from hesabu.app.embedded import server
from hesabu.app.embedded.place import Urls, place_of


def verify(config: Config, path: Path, say: Say, *, with_keys: bool = True) -> list[str]:
    """What is wrong with this backup; an empty list when it can be relied on."""
    manifest = archive.read_manifest(path)
    say(
        f"{path.name}: made {manifest.made_at}, {manifest.row_count} rows, {len(manifest.census.books)} books."
    )
    faults = key_faults(config, manifest) if with_keys else []
    binaries = clients.fitting(config, int(manifest.server.split(".")[0]))
    config.var_dir.mkdir(parents=True, exist_ok=True)
    with archive.extracted_dump(path, manifest, config.var_dir) as dump_file:
        say("The dump's hash is right.")
        with scratch_server(config, str(binaries.directory)) as urls:
            say(f"Restoring on a throw-away PostgreSQL {binaries.version} …")
            clients.restore(binaries, urls.owner, dump_file)
            with psycopg.connect(urls.owner) as connection:
                found = census.take(connection, None)
            faults += census.differences(manifest.census, found)
            say(
                f"{sum(found.tables.values())} rows in {len(found.tables)} tables were counted again."
            )
            if found.books:
                say("Proving every book …")
                faults += book_faults(urls)
    return faults


def key_faults(config: Config, manifest: Manifest) -> list[str]:
    """Keys that the backup needs and that are not at hand, or are others of the same id."""
    at_hand = census.fingerprints(config)
    faults = []
    for key in manifest.census.keys:
        if key.id not in at_hand:
            faults.append(f"key {key.id}, which seals {key.sealed_count} values, is not at hand")
        elif key.fingerprint and key.fingerprint != at_hand[key.id]:
            faults.append(f"key {key.id} at hand is another one than the backup's")
    if manifest.blind_key_fingerprint != census.blind_fingerprint(config):
        faults.append("the blind index key at hand is another one than the backup's")
    return faults


@contextmanager
def scratch_server(config: Config, binaries: str) -> Iterator[Urls]:
    """A server of its own, gone afterwards."""
    place = place_of(config.var_dir, f"scratch-{os.getpid()}-{secrets.token_hex(3)}")
    try:
        server.ensure(place, binaries)
        yield place.urls()
    finally:
        server.stop(place)
        shutil.rmtree(place.socket_dir, ignore_errors=True)
        shutil.rmtree(place.home, ignore_errors=True)
        place.passwords_file.unlink(missing_ok=True)


def book_faults(urls: Urls) -> list[str]:
    """`hesabu verify`, as a process that sees only the restored database."""
    environment = {
        **os.environ,
        "HESABU_DATABASE_URL": urls.app,
        "HESABU_OWNER_DATABASE_URL": urls.owner,
        "HESABU_STAFF_DATABASE_URL": urls.staff,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "hesabu.app.cli", "verify", "--json"],
        env=environment,
        capture_output=True,
        text=True,
    )
    try:
        findings = json.loads(ran.stdout)
    except ValueError as error:
        raise BackupError(
            f"The books could not be proved:\n{ran.stderr.strip()[-2000:]}"
        ) from error
    return [f"book of {one['business_id']}: {fault}" for one in findings for fault in one["faults"]]
