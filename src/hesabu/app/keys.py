"""The keys that seal: a new one, and the way an old one leaves.

    rotate  ──▶ the new key seals, the old ones still open ──▶ reseal ──▶ retire the old one

In development the keys stand in `var/keys/dev.env`, which is written here, while nothing of ours runs: a process that
does not know the new key could not read what it sealed. In production nobody writes the environment but its owner, and
processes restart one after the other, so it takes two steps: first all processes learn to open with the new key, then it
seals. Both are printed.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from hesabu.app import dev_secrets, processes, supervisor
from hesabu.app.config import Config
from hesabu.kit import crypto
from hesabu.kit.errors import HesabuError


class KeyInUse(HesabuError):
    code, status = "keys.in_use", 409
    title = "This key still opens something."
    hint = "Seal it again first: hesabu keys reseal"


class KeyUnknown(HesabuError):
    code, status = "keys.unknown", 404
    title = "There is no such key in the ring."
    hint = "hesabu keys list"


class StillRunning(HesabuError):
    code, status = "keys.still_running", 409
    title = "The product is running: its processes would not know the new key."
    hint = "Stop it first: hesabu down"


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of it: written to the file of development, or to be set by hand, first this, then that."""

    new_id: str
    is_written: bool
    first: str = ""
    then: str = ""


def rotate(config: Config) -> Rotated:
    """A new key. In development it seals from the next start on."""
    keys = crypto.read_keys(config.field_keys)
    new_id = _next_id(set(keys))
    fresh = {new_id: secrets.token_bytes(32)}
    seals = crypto.write_keys(fresh | keys)
    if not _is_ours_to_write(config):
        return Rotated(new_id, False, crypto.write_keys(keys | fresh), seals)
    require_stopped(config)
    dev_secrets.change(_file(config), field_keys=seals)
    use(config.model_copy(update={"field_keys": seals}))
    return Rotated(new_id, True)


def retire(config: Config, key_id: str) -> Rotated:
    """Take a key out of the ring. Refused while it seals, or any row needs it."""
    from hesabu.store import resealing

    keys = crypto.read_keys(config.field_keys)
    if key_id not in keys:
        raise KeyUnknown(key_id)
    if next(iter(keys)) == key_id:
        raise KeyInUse("It is the one that seals. Make another first: hesabu keys rotate")
    needing = resealing.still_needing(key_id)
    if needing:
        raise KeyInUse(", ".join(f"{column}: {count}" for column, count in needing.items()))
    left = crypto.write_keys({name: key for name, key in keys.items() if name != key_id})
    if not _is_ours_to_write(config):
        return Rotated(key_id, False, left)
    require_stopped(config)
    dev_secrets.change(_file(config), field_keys=left)
    use(config.model_copy(update={"field_keys": left}))
    return Rotated(key_id, True)


def use(config: Config) -> None:
    """This process seals with the first of these keys from here on."""
    keys = crypto.read_keys(config.field_keys)
    crypto.configure(crypto.Keyring(keys, base64.b64decode(config.blind_key)))


def _next_id(taken: set[str]) -> str:
    number = len(taken) + 1
    while f"k{number}" in taken:
        number += 1
    return f"k{number}"


def _file(config: Config) -> Path:
    return config.keys_dir / "dev.env"


def _is_ours_to_write(config: Config) -> bool:
    """In development, unless the keys were given from outside."""
    if config.is_production:
        return False
    return dev_secrets.kept(config.keys_dir / "dev.env").get("field_keys") == config.field_keys


def require_stopped(config: Config) -> None:
    """Raises StillRunning while processes of this installation live that read their secrets when they began."""
    if supervisor.recorded(processes.record_file(config)):
        raise StillRunning()
