"""Marks: what tells one person in a text, so that a text which tells of them can be found and forgotten.

A name counts where it stands as whole words, a number in whichever way its digits are set apart, an address as it is. What
is too short to tell anybody (a name of two letters, four digits) counts for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

NAME_LEAST, DIGITS_LEAST = 4, 7


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one person."""

    words: frozenset[str]
    digits: frozenset[str]

    def are_in(self, text: str) -> bool:
        folded = fold(text)
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded) for word in self.words):
            return True
        figures = re.sub(r"(?<=\d)[\s().\-/]+(?=\d)", "", folded)
        return any(number in figures for number in self.digits)

    def are_anywhere_in(self, value: Any) -> bool:
        """In any text of a JSON value."""
        if isinstance(value, str):
            return self.are_in(value)
        if isinstance(value, dict):
            return any(self.are_anywhere_in(one) for one in value.values())
        if isinstance(value, list | tuple):
            return any(self.are_anywhere_in(one) for one in value)
        return isinstance(value, int) and self.are_in(str(value))


def fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def marks_of(*, words: Iterable[str | None] = (), phones: Iterable[str | None] = ()) -> Marks:
    """`words` are names and addresses; of a phone (E.164) the last nine digits count, as people write it without the rest."""
    kept = {fold(word) for word in words if word}
    digits = {re.sub(r"\D", "", phone)[-9:] for phone in phones if phone}
    return Marks(
        frozenset(word for word in kept if len(word) >= NAME_LEAST),
        frozenset(number for number in digits if len(number) >= DIGITS_LEAST),
    )
