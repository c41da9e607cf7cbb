"""The database server: the one that `DATABASE_URL` names, else an embedded one that is started when needed."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil

from hesabu.app.config import Config
from hesabu.app.embedded import binaries, server
from hesabu.app.embedded.binaries import PostgresError
from hesabu.app.embedded.place import Place, Urls, place_of

__all__ = [
    "PostgresError",
    "described",
    "embedded_place",
    "ensure_running",
    "is_alive",
    "stop",
    "test_server",
    "urls",
]


def ensure_running(config: Config) -> Urls:
    """Addresses of a server that answers. Idempotent; costs one connection when it runs already."""
    if not config.is_embedded:
        return urls(config)
    place = embedded_place(config)
    server.ensure(place, config.postgres)
    return place.urls()


def urls(config: Config) -> Urls:
    """The addresses, whether or not anything listens there."""
    if config.is_embedded:
        return embedded_place(config).urls()
    return Urls(config.database_url, config.owner_database_url, config.staff_database_url)


def stop(config: Config) -> bool:
    """Stop the embedded server; False when there was nothing to stop."""
    return config.is_embedded and server.stop(embedded_place(config))


def is_alive(config: Config) -> bool:
    return config.is_embedded and server.is_alive(embedded_place(config))


def described(config: Config) -> str:
    """Which server it is, for people."""
    if not config.is_embedded:
        return "at HESABU_DATABASE_URL"
    place = embedded_place(config)
    record = place.record() or {"version": "?", "source": "?"}
    return f"{record['version']} ({record['source']}), {place.home}"


def embedded_place(config: Config) -> Place:
    return place_of(
        config.var_dir, tcp_port=config.postgres_tcp_port, production=config.is_production
    )


def test_server(config: Config) -> Urls:
    """A throw-away server for tests, shared by all test processes of this checkout; the last to end stops it."""
    place = place_of(config.var_dir, "postgres-test")
    with server.held(place, "users.lock.turn"):
        users = os.open(place.home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        _forget_other_major(place, config.postgres, users)
        fcntl.flock(users, fcntl.LOCK_SH)
        server.ensure(place, config.postgres)

    def leave() -> None:
        with contextlib.suppress(OSError), server.held(place, "users.lock.turn"):
            fcntl.flock(users, fcntl.LOCK_UN)
            fcntl.flock(
                users, fcntl.LOCK_EX | fcntl.LOCK_NB
            )  # somebody else uses it: BlockingIOError
            server.stop(place)

    atexit.register(leave)
    return place.urls()


def _forget_other_major(place: Place, choice: str, users: int) -> None:
    """Tests on another version than last time start from nothing; there is nothing to keep."""
    record = place.record()
    if record is None or record["major"] == binaries.find(choice).major:
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PostgresError(
            f"Tests are running on PostgreSQL {record['major']}; wait for them."
        ) from None
    server.stop(place)
    shutil.rmtree(place.data_dir(record["major"]))
    place.record_file.unlink()


test_server.__test__ = False  # type: ignore[attr-defined]
