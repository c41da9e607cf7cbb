"""Where an embedded server lives, and by which passwords it is reached. Starts nothing."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROLES = ("admin", "owner", "app", "staff")
SOCKET_PATH_BYTES_MAX = 103
"""sun_path holds 108 bytes on Linux and 104 on macOS, with its final zero."""


@dataclass(frozen=True, slots=True)
class Urls:
    """Connection addresses by role. `admin` is empty when the server is not ours."""

    app: str
    owner: str
    staff: str
    admin: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The directories of one server."""

    home: Path
    """Directory of this server: record, data, log, socket."""
    passwords_file: Path
    port: int = 5432
    """Part of the socket's name; the TCP port too if `tcp`."""
    tcp: bool = False
    durable: bool = True
    """False only for tests: a crash may lose everything."""
    may_create_databases: bool = False
    """Whether the owner role may, as tests do."""

    @property
    def record_file(self) -> Path:
        return self.home / "cluster.json"

    @property
    def socket_dir(self) -> Path:
        beside = self.home / "run"
        longest = f"{beside}/.s.PGSQL.{self.port}.lock"
        if len(os.fsencode(longest)) <= SOCKET_PATH_BYTES_MAX:
            return beside
        key = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"hesabu-{key}"  # noqa: S108 - its owner and mode are checked

    def data_dir(self, major: int) -> Path:
        return self.home / str(major)

    def log_file(self, major: int) -> Path:
        return self.home / f"{major}.log"

    def record(self) -> dict[str, Any] | None:
        """What wrote the data: {"major", "version", "bin", "source"}; None before there are any."""
        try:
            return dict(json.loads(self.record_file.read_text()))
        except FileNotFoundError:
            return None

    def passwords(self) -> dict[str, str]:
        """Made at the first call; safe when several processes call at once."""
        try:
            return dict(json.loads(self.passwords_file.read_text()))
        except FileNotFoundError:
            made = {role: secrets.token_urlsafe(24) for role in ROLES}
        self.passwords_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.passwords_file.with_name(f".{self.passwords_file.name}.{secrets.token_hex(6)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file, indent=2)
        try:
            os.link(draft, self.passwords_file)
        except FileExistsError:  # another process was first; its passwords hold
            return dict(json.loads(self.passwords_file.read_text()))
        finally:
            draft.unlink()
        return made

    def url(self, role: str, database: str = "hesabu") -> str:
        password = quote(self.passwords()[role], safe="")
        host = quote(str(self.socket_dir), safe="/")
        return f"postgresql://hesabu_{role}:{password}@/{database}?host={host}&port={self.port}"

    def urls(self) -> Urls:
        return Urls(**{role: self.url(role) for role in ROLES})


def place_of(
    var_dir: Path, name: str = "postgres", *, tcp_port: int = 0, production: bool = False
) -> Place:
    """The server called `name` of the installation whose var directory this is."""
    return Place(
        home=_reachable(var_dir) / name,
        passwords_file=var_dir / "keys" / f"{name}.json",
        port=tcp_port or 5432,
        tcp=bool(tcp_port),
        durable=name == "postgres",
        may_create_databases=not production,
    )


def _reachable(var_dir: Path) -> Path:
    """The var directory, or one under /var/lib where root's server user could not reach it."""
    var_dir.mkdir(parents=True, exist_ok=True)
    var_dir = var_dir.resolve()
    if os.geteuid() != 0 or sys.platform == "win32":
        return var_dir
    if all(path.stat().st_mode & 0o001 for path in (var_dir, *var_dir.parents)):
        return var_dir
    key = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path("/var/lib/hesabu") / key
