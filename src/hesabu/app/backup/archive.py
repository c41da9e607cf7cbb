"""The file: a tar with the manifest first, then the dump."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
CHUNK_BYTES = 1 << 20


class BackupError(Exception):
    """The backup cannot be made, read or restored; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that sealed something in the database."""

    id: str
    fingerprint: str
    """First 16 hex digits of the SHA-256 of the key; empty when the key was not at hand."""
    sealed_count: int


@dataclass(frozen=True, slots=True)
class Book:
    """The end of a business's chain."""

    business_id: str
    entry_count: int
    head: str


@dataclass(frozen=True, slots=True)
class Census:
    """What the database held at the instant of the snapshot."""

    tables: dict[str, int]
    books: list[Book]
    migrations: dict[str, str]
    """Last migration by app."""
    keys: list[Key]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file says of itself."""

    made_at: str
    hesabu: str
    server: str
    """Version of PostgreSQL that was dumped."""
    client: str
    """Version of the pg_dump that did it."""
    dump_sha256: str
    dump_bytes: int
    census: Census
    blind_key_fingerprint: str
    format: int = FORMAT
    note: str = field(
        default="The keys that open sealed values are not in this file. See docs/operations/backup.md."
    )

    @property
    def row_count(self) -> int:
        return sum(self.census.tables.values())


def write(target: Path, manifest: Manifest, dump: Path) -> None:
    """Whole or not at all, for its owner only, on the disk when this returns."""
    draft = target.with_name(f".{target.name}.part")
    text = json.dumps(asdict(manifest), indent=2, sort_keys=True).encode()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode, head.mtime = len(text), 0o600, int(time.time())
            tar.addfile(head, io.BytesIO(text))
            body = tarfile.TarInfo(DUMP)
            body.size, body.mode, body.mtime = dump.stat().st_size, 0o600, int(time.time())
            with open(dump, "rb") as source:
                tar.addfile(body, source)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def read_manifest(path: Path) -> Manifest:
    try:
        with tarfile.open(path) as tar:
            member = tar.next()
            if member is None or member.name != MANIFEST or not member.isfile():
                raise BackupError(f"{path} is not a backup of Hesabu.")
            source = tar.extractfile(member)
            assert source is not None
            return _manifest(json.loads(source.read()))
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path} is not a backup of Hesabu, or is damaged: {error}") from error


def _manifest(read: dict[str, Any]) -> Manifest:
    if read["format"] != FORMAT:
        raise BackupError(
            f"The backup has format {read['format']}; this version reads {FORMAT}. Use the version that made it: {read['hesabu']}"
        )
    census = read.pop("census")
    return Manifest(
        **read,
        census=Census(
            tables=census["tables"],
            books=[Book(**book) for book in census["books"]],
            migrations=census["migrations"],
            keys=[Key(**key) for key in census["keys"]],
        ),
    )


@contextmanager
def extracted_dump(path: Path, manifest: Manifest, directory: Path) -> Iterator[Path]:
    """The dump as a file, once its hash was found to be what the manifest says."""
    dump = directory / f".{path.name}.{os.getpid()}.dump"
    digest = hashlib.sha256()
    try:
        with (
            tarfile.open(path) as tar,
            open(os.open(dump, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as to,
        ):
            try:
                source = tar.extractfile(DUMP)
                assert source is not None
                while chunk := source.read(CHUNK_BYTES):
                    digest.update(chunk)
                    to.write(chunk)
            except (KeyError, tarfile.TarError) as error:
                raise BackupError(f"{path} is damaged: {error}") from error
        if digest.hexdigest() != manifest.dump_sha256:
            raise BackupError(f"{path} is damaged: the dump's hash is not what the manifest says.")
        yield dump
    finally:
        dump.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
