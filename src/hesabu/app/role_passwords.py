"""New passwords for the roles of the database, as often as the house likes.

Each role changes its own, so that no superuser is needed on somebody else's server; only a hash goes over the line. The
embedded server's passwords stand in a file beside the data: the new ones are written there first, then set in one
transaction, then the file takes the place of the old one. Killed in between, the next run finishes what was begun.
Connections that are open stay; new ones need the new words, so every process is to be started again soon after.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hesabu.app import postgres
from hesabu.app.config import Config
from hesabu.app.embedded.place import ROLES, Place

SETTINGS = ("database_url", "owner_database_url", "staff_database_url")


def renew(config: Config) -> Iterator[tuple[str, str]]:
    """(setting, its new address) for each role whose password was changed on a server of the operator's own; the embedded
    server's file is written instead, and nothing is left to set."""
    if config.is_embedded:
        _renew_embedded(postgres.embedded_place(config))
        return
    for setting in SETTINGS:
        if url := getattr(config, setting):
            word = secrets.token_urlsafe(24)
            changed = with_password(url, word)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
                _change(connection, connection.info.user, word)
            yield setting, changed


def with_password(url: str, word: str) -> str:
    """The same address with another password."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(
        parts._replace(netloc=f"{user.partition(':')[0]}:{quote(word, safe='')}@{host}")
    )


def _renew_embedded(place: Place) -> None:
    draft = place.passwords_file.with_name(f"{place.passwords_file.name}.next")
    _finish(place, draft)
    made = {role: secrets.token_urlsafe(24) for role in ROLES}
    _write(draft, made)
    with psycopg.connect(place.url("admin", "postgres")) as admin:
        for role, word in made.items():
            _change(admin, f"hesabu_{role}", word)
    draft.replace(place.passwords_file)


def _finish(place: Place, draft: Path) -> None:
    """What an earlier run began: its words are in force, or they are not."""
    if not draft.is_file():
        return
    word = json.loads(draft.read_text())["admin"]
    try:
        psycopg.connect(with_password(place.url("admin", "postgres"), word)).close()
    except psycopg.OperationalError:
        draft.unlink()
    else:
        draft.replace(place.passwords_file)


def _write(file: Path, made: dict[str, str]) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(made, out, indent=2)
        out.flush()
        os.fsync(out.fileno())


def _change(connection: psycopg.Connection, role: str, word: str) -> None:
    hashed = connection.pgconn.encrypt_password(word.encode(), role.encode(), b"scram-sha-256")
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(hashed.decode())
        )
    )
