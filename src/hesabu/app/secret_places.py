"""Where secrets come from besides the environment: files, a directory of them, or whatever keeps them.

    HESABU_SECRET_KEY_FILE=/run/secrets/secret_key    one secret in one file: so of every setting that is a secret
    HESABU_SECRETS_DIR=/run/secrets                   a directory with a file for each, as Docker, Podman, Kubernetes and
                                                      systemd (LoadCredential=, whose directory is found by itself) lay them
    HESABU_SECRETS_COMMAND=vault kv get …             a command that prints them: {"HESABU_SECRET_KEY": "…"} or NAME=value lines

What the environment says comes first, then a secret's own file, then the directory, then the command; `.env` comes last. The
command is run once when a process begins, as a list of words and without a shell, and only what it prints is read. Nothing of
it is kept, written or logged; what went wrong is told by its kind.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hesabu.app.config_faults import Fault

PREFIX, OF_A_FILE = "HESABU_", "_FILE"
DIRECTORY, COMMAND, OF_SYSTEMD = (
    "HESABU_SECRETS_DIR",
    "HESABU_SECRETS_COMMAND",
    "CREDENTIALS_DIRECTORY",
)
COMMAND_SECONDS = 30
BYTES_MAX = 64 * 1024
"""Of one secret, and of all that a command says."""


@dataclass(slots=True)
class Found:
    """Values by the names of settings, where each came from, and what was wrong."""

    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, name: str, value: str, place: str) -> None:
        """Whoever came first is believed."""
        if value and name not in self.values:
            self.values[name], self.places[name] = value, place


def read(names: Iterable[str], said: Mapping[str, str]) -> Found:
    """The secrets of these names (as in `secret_key`) that the environment does not hold itself."""
    known = [name for name in names if not said.get(_variable(name))]
    found = Found()
    _from_files(known, said, found)
    _from_directory(known, said, found)
    if words := said.get(COMMAND, ""):
        _from_command(known, words, said, found)
    return found


def is_place(variable: str, names: Iterable[str]) -> bool:
    """Whether a variable says where a secret is."""
    return variable in (DIRECTORY, COMMAND) or variable in {
        _variable(name) + OF_A_FILE for name in names
    }


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _from_files(names: Iterable[str], said: Mapping[str, str], found: Found) -> None:
    for name in names:
        variable = _variable(name) + OF_A_FILE
        if path := said.get(variable, ""):
            _take_file(name, Path(path), variable, "a file of its own", found)


def _from_directory(names: Iterable[str], said: Mapping[str, str], found: Found) -> None:
    """Files are called as the setting is, or without its beginning, in capitals or not."""
    variable = DIRECTORY if said.get(DIRECTORY) else OF_SYSTEMD
    if not said.get(variable):
        return
    place = Path(said[variable])
    if not place.is_dir():
        found.faults.append(Fault(variable, "is no directory", "Check where the secrets lie."))
        return
    for name in names:
        called = (_variable(name), _variable(name).lower(), name, name.upper())
        here = next((place / one for one in called if (place / one).is_file()), None)
        if here is not None:
            _take_file(name, here, variable, f"the directory of {variable}", found)


def _take_file(name: str, path: Path, variable: str, place: str, found: Found) -> None:
    try:
        with path.open("rb") as file:
            raw = file.read(BYTES_MAX + 1)
        value = raw.decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        wrong = f"names a file that cannot be read ({type(error).__name__})"
        found.faults.append(Fault(variable, wrong, f"It is to hold {_variable(name)}."))
        return
    if not value or len(raw) > BYTES_MAX:
        wrong = "names a file that is empty" if not value else "names a file that is too large"
        found.faults.append(Fault(variable, wrong, f"It is to hold {_variable(name)}."))
        return
    found.take(name, value, place)


def _from_command(names: Iterable[str], words: str, said: Mapping[str, str], found: Found) -> None:
    try:
        command = shlex.split(words)
        ran = subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            env=dict(said),
            check=True,
        )
        told = _told(ran.stdout)
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        # What it wrote is not repeated: it may hold what it was asked for.
        wrong = f"does not say the secrets: {_kind_of(error)}"
        remedy = "Run it by hand as the same user; it prints JSON, or NAME=value lines."
        found.faults.append(Fault(COMMAND, wrong, remedy))
        return
    for name in names:
        found.take(name, told.get(_variable(name), ""), "the command")


def _kind_of(error: Exception) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"it did not end within {COMMAND_SECONDS} s"
    if isinstance(error, subprocess.CalledProcessError):
        return f"it ended with {error.returncode}"
    return type(error).__name__


def _told(raw: bytes) -> dict[str, str]:
    """Raises ValueError for what is neither JSON nor lines."""
    if len(raw) > BYTES_MAX:
        raise ValueError("too much")
    text = raw.decode()
    if text.lstrip().startswith("{"):
        read_out = json.loads(text)
        # `vault kv get -format=json` says them under data.data, `-field=data` by themselves.
        while isinstance(read_out.get("data"), dict):
            read_out = read_out["data"]
        texts = {name: value for name, value in read_out.items() if isinstance(value, str)}
        return {name.upper(): value.strip() for name, value in texts.items()}
    return lines_of(text)


def lines_of(text: str) -> dict[str, str]:
    """NAME=value, one a line, as a shell or `.env` has them."""
    pairs = (line.partition("=") for line in text.splitlines() if line.strip()[:1] not in ("", "#"))
    return {
        name.removeprefix("export ").strip().upper(): _unquoted(value.strip())
        for name, _, value in pairs
    }


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value
