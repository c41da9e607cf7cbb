"""Two languages in one message, as towns speak: "Invoice Jane elfu tano for nywele kesho".

The words of both are united into one language, once, and kept; a message then costs no more to read than in one
language alone. Where both have a phrase and mean different things by it, the first wins. What they
disagree on is listed by ``conflicts``, and the tests give a reason for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from hesabu.doors.chat.grammar.language import Language, Phrasebook, language_named

LANGUAGES = ("en", "sw")
"""The languages that are spoken together."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A phrase that two languages read in two ways."""

    field: str
    phrase: str
    first: object
    second: object


@cache
def spoken_as(code: str) -> Language:
    """The language of that code, with the words of the others it is mixed with."""
    language = language_named(code)
    for other in LANGUAGES:
        if other != language.code:
            language = _united(language, language_named(other))
    return language


@cache
def merged(first: str, second: str) -> Language:
    """Both languages in one; in a conflict, the first one's meaning."""
    return _united(language_named(first), language_named(second))


def _united(first: Language, second: Language) -> Language:
    united: dict[str, Any] = {"code": first.code}
    for field in fields(Language):
        ours, theirs = getattr(first, field.name), getattr(second, field.name)
        if isinstance(ours, Phrasebook):
            united[field.name] = Phrasebook({**theirs.meanings, **ours.meanings})
        elif isinstance(ours, frozenset):
            united[field.name] = ours | theirs
        elif isinstance(ours, Mapping):
            united[field.name] = {**theirs, **ours}
        elif field.name not in united:
            raise TypeError(f"Language.{field.name} is of no kind that can be united")
    return Language(**united)


def conflicts(first: str, second: str) -> Iterator[Conflict]:
    """Every phrase by which the two mean different things."""
    left, right = language_named(first), language_named(second)
    for field in fields(Language):
        ours, theirs = getattr(left, field.name), getattr(right, field.name)
        if isinstance(ours, Phrasebook):
            ours, theirs = ours.meanings, theirs.meanings
        if not isinstance(ours, Mapping):
            continue
        for phrase in sorted(ours.keys() & theirs.keys()):
            if ours[phrase] != theirs[phrase]:
                yield Conflict(field.name, phrase, ours[phrase], theirs[phrase])
