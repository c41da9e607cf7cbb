"""How a language's file writes its words down: lists in plain text, a phrase a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hesabu.doors.chat.grammar.language import Phrasebook
from hesabu.doors.chat.grammar.types import Intent

Meaning = tuple[Intent, str | None]


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def phrases_of(text: str) -> tuple[str, ...]:
    """A phrase a line; or several on one, parted by commas with a space."""
    lines = (phrase.strip() for line in text.splitlines() for phrase in line.split(", "))
    return tuple(line for line in lines if line)


def book_of(text: str, *, weak: str = "") -> Phrasebook[bool]:
    """All of them True; the weak ones, which say too little alone, False."""
    return Phrasebook(
        dict.fromkeys(phrases_of(text), True) | dict.fromkeys(phrases_of(weak), False)
    )


def meaning(text: str, intent: Intent, topic: str | None = None) -> dict[str, Meaning]:
    return dict.fromkeys(phrases_of(text), (intent, topic))


def combined(*parts: Sequence[str]) -> tuple[str, ...]:
    """Every phrase that takes one word from each part; an empty one leaves its place out."""
    phrases: Iterable[str] = ("",)
    for part in parts:
        phrases = [f"{phrase} {word}".strip() for phrase in phrases for word in part]
    return tuple(phrases)
