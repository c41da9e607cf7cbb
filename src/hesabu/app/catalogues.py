"""Catalogues: what the rooms say, in the languages people read.

Each room keeps its own, `locale/<language>/LC_MESSAGES/django.po`, beside the code whose sentences it holds. They are put
together and compiled once into the var directory, under a digest of their contents, so that nothing is compiled by hand,
nothing stale is ever read, and the installed package may be read-only. Two rooms may say the same sentence; they must then
say it the same way in every language (a test holds them to it).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1]


def files() -> list[Path]:
    """Every catalogue of every room, in a fixed order."""
    return sorted(SOURCE.glob("**/locale/*/LC_MESSAGES/django.po"))


def language_of(po: Path) -> str:
    return po.parents[1].name


def languages() -> list[str]:
    """The languages that any room speaks, English first: it needs no catalogue."""
    return ["en", *sorted({language_of(po) for po in files()} - {"en"})]


def compiled(var_dir: Path) -> Path:
    """A directory for Django's LOCALE_PATHS, made now if this state of the catalogues was never compiled here."""
    found = files()
    digest = hashlib.sha256()
    for po in found:
        digest.update(str(po.relative_to(SOURCE)).encode() + b"\0" + po.read_bytes() + b"\0")
    place = var_dir / "locale" / digest.hexdigest()[:16]
    for language in sorted({language_of(po) for po in found}):
        target = place / language / "LC_MESSAGES" / "django.mo"
        if not target.is_file():
            _write(target, together(language))
    place.mkdir(parents=True, exist_ok=True)
    return place


def together(language: str) -> Catalog:
    """All rooms' sentences in one catalogue."""
    whole = Catalog(locale=language)
    for po in (po for po in files() if language_of(po) == language):
        for message in read(po):
            if message.id and message.string and not message.fuzzy:
                whole.add(message.id, message.string, context=message.context)
    return whole


def read(po: Path) -> Iterator:  # type: ignore[type-arg]
    with po.open("rb") as text:
        yield from read_po(text, locale=language_of(po))


def _write(target: Path, catalogue: Catalog) -> None:
    """Whole or not at all: several processes may start at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as out:
        write_mo(out, catalogue)
    Path(draft).replace(target)
