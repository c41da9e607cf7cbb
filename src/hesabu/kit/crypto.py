"""Sealing: fields that identify a person or open an account are unreadable without the keys.

A sealed value is `version(1) · length of key id(1) · key id · nonce(12) · AES-256-GCM ciphertext and tag`. The first key
seals; every key opens, so that keys rotate while old values stay readable. The keys live outside the database and its
backups. Equality look-ups (a telephone number, a name) go by a blind index: HMAC-SHA256 under a key of its own, which
tells nothing but "the same". What a library must find by equality in its own column (the address somebody signs in with) is
*hidden*: AES-SIV under a key derived from the blind index's, the same words giving the same sealed ones. Sources: NIST SP
800-38D; RFC 2104, 5297, 5869.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = 1
HIDDEN = "~1."
"""How hidden text begins, with the version of the hiding."""


class Unreadable(Exception):
    """A sealed value whose key is not at hand, or that was tampered with."""


class Keyring:
    """Keys by id, the first one sealing; and the key of the blind index."""

    def __init__(self, keys: Mapping[str, bytes], blind_key: bytes) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        for key_id, key in keys.items():
            if len(key) != 32 or not 0 < len(key_id) < 32 or not key_id.isascii():
                raise ValueError(
                    f"field key {key_id!r} must be 32 bytes with an id of 1 to 31 ASCII letters"
                )
        if len(blind_key) < 32:
            raise ValueError("the blind index key must have 32 bytes or more")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))
        head = self._current.encode()
        self._header = bytes([_VERSION, len(head)]) + head
        self._blind_key = blind_key
        self._siv = AESSIV(HKDF(SHA256(), 64, None, b"hesabu hidden text").derive(blind_key))

    @property
    def key_ids(self) -> list[str]:
        return list(self._ciphers)

    @property
    def current_id(self) -> str:
        """The key that seals."""
        return self._current

    @property
    def header(self) -> bytes:
        """How every value begins that the first key sealed."""
        return self._header

    def seal(self, plain: bytes) -> bytes:
        nonce = os.urandom(12)
        return (
            self._header + nonce + self._ciphers[self._current].encrypt(nonce, plain, self._header)
        )

    def unseal(self, sealed: bytes) -> bytes:
        end = 2 + sealed[1] if len(sealed) > 1 else 0
        if not end or sealed[0] != _VERSION or len(sealed) < end + 12:
            raise Unreadable("not a sealed value")
        cipher = self._ciphers.get(sealed[2:end].decode("ascii", "replace"))
        if cipher is None:
            raise Unreadable(f"key {sealed[2:end]!r} is not in the keyring")
        try:
            return cipher.decrypt(sealed[end : end + 12], sealed[end + 12 :], sealed[:end])
        except InvalidTag as error:
            raise Unreadable("tampered with, or sealed by another key of the same id") from error

    def key_id_of(self, sealed: bytes) -> str:
        return sealed[2 : 2 + sealed[1]].decode("ascii", "replace")

    def blind(self, text: str) -> bytes:
        return hmac.digest(self._blind_key, text.encode(), "sha256")

    def hide(self, text: str) -> str:
        hidden = self._siv.encrypt(text.encode(), None)
        return HIDDEN + base64.urlsafe_b64encode(hidden).rstrip(b"=").decode()

    def reveal(self, hidden: str) -> str:
        packed = hidden.removeprefix(HIDDEN)
        try:
            raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
            return self._siv.decrypt(raw, None).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable("tampered with, or hidden under another key") from error


_keyring: Keyring | None = None


def configure(keyring: Keyring) -> None:
    """Called once at boot by the app; until then nothing can be sealed."""
    global _keyring
    _keyring = keyring


def keyring() -> Keyring:
    if _keyring is None:
        raise RuntimeError("no keys: crypto.configure has not been called")
    return _keyring


def read_keys(text: str) -> dict[str, bytes]:
    """ "k2:base64,k1:base64" as settings carry it; the first one seals."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key_id, _, encoded = part.partition(":")
        if key_id in keys:
            raise ValueError(f"two field keys are called {key_id!r}")
        keys[key_id] = base64.b64decode(encoded, validate=True)
    return keys


def write_keys(keys: Mapping[str, bytes]) -> str:
    """As settings carry them, the one that seals first."""
    return ",".join(f"{key_id}:{base64.b64encode(key).decode()}" for key_id, key in keys.items())


def seal(plain: bytes) -> bytes:
    return keyring().seal(plain)


def unseal(sealed: bytes) -> bytes:
    return keyring().unseal(sealed)


def blind(text: str) -> bytes:
    """32 bytes that are equal when the texts are, and say nothing else."""
    return keyring().blind(text)


def hide(text: str) -> str:
    """Sealed so that the same text always looks the same: found by equality, and by nothing else. Never empty."""
    return keyring().hide(text)


def reveal(hidden: str) -> str:
    return keyring().reveal(hidden)


def digest(value: bytes | str) -> bytes:
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).digest()


def token(nbytes: int = 16) -> str:
    """Unguessable, safe in a URL."""
    return base64.urlsafe_b64encode(os.urandom(nbytes)).rstrip(b"=").decode()


def mac(purpose: str, text: str, length: int = 16) -> str:
    """A short keyed mark that can be made again from the same words, safe in a URL."""
    raw = keyring().blind(f"{purpose}\x00{text}")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()[:length]


def same_as_one(given: str, expected: Iterable[str]) -> bool:
    """Whether it equals one of these, each compared in constant time and none left out; an empty one equals nothing."""
    found = [same(given.encode("utf-8", "replace"), one.encode()) for one in expected if one]
    return any(found)


def same(left: bytes | str, right: bytes | str) -> bool:
    """Equality in constant time."""
    as_bytes = [v.encode() if isinstance(v, str) else v for v in (left, right)]
    return hmac.compare_digest(*as_bytes)
