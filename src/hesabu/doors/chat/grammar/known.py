"""Names that are known: of customers, and of things sold. Found at a place in a message, or by a part of them.

    "Jane"           with Jane Wanjiku known            →  Jane Wanjiku
    "Jane"           with Jane Wanjiku and Jane Atieno  →  which of the two?
    "Jane Wanjku"    with Jane Wanjiku known            →  is it she? (of people, a slip is always asked about)
    "3 wigs", "wgi"  with Wig sold                      →  Wig

An index is built once for a list of names and kept, so a long list costs a message nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hesabu.doors.chat.grammar.text import Kind, Token, clean, tokens_of, words_of
from hesabu.doors.chat.grammar.typos import distance

CHOICES_MAX = 10
"""More candidates than these are a list to read, not a question."""
_LOOKED_AT_MAX = 300
_SLIP_LETTERS_MIN = 5
"""In a shorter word every slip is another word."""
_BORDERS = {Kind.COMMA, Kind.BREAK, Kind.GAP}

Words = tuple[str, ...]
Folding = tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]
"""Beginnings and endings of words, and what stands for each: how "wigs" and "wig" become the same."""
AS_WRITTEN: Folding = ((), ())
_STEM_MIN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The names that a few words may mean."""

    names: tuple[str, ...] = ()
    is_exact: bool = False
    is_slip: bool = False
    """None is written so; these are near."""


class Known:
    """Names, by their first word and by every word."""

    def __init__(self, names: Sequence[str], folding: Folding = AS_WRITTEN) -> None:
        self._folding = folding
        self._names: dict[Words, str] = {}
        self._written: dict[Words, Words] = {}
        self._by_first: dict[str, list[Words]] = {}
        self._by_word: dict[str, list[Words]] = {}
        for name in names:
            written = tuple(words_of(tokens_of(clean(name))))
            words = self._folded(written)
            if not words or words in self._names:
                continue
            self._names[words] = name
            self._written[words] = written
            self._by_first.setdefault(words[0], []).append(words)
            for word in dict.fromkeys(words):
                self._by_word.setdefault(word, []).append(words)
        for longest_first in self._by_first.values():
            longest_first.sort(key=len, reverse=True)

    def __bool__(self) -> bool:
        return bool(self._names)

    def at(self, tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
        """The longest name that is written out at this place."""
        if place >= len(tokens):
            return None
        if " " in tokens[place].low:  # already taken for one word
            whole = self._folded(words_of(tokens_of(tokens[place].low)))
            return (1, self._names[whole]) if whole in self._names else None
        for words in self._by_first.get(self._fold(tokens[place].low), ()):
            here = tokens[place : place + len(words)]
            if self._folded(words_of(here)) == words and not any(t.kind in _BORDERS for t in here):
                return len(words), self._names[words]
        return None

    def anywhere(self, tokens: Sequence[Token]) -> tuple[int, int, str] | None:
        """Where the longest name that is written out begins and ends; of equals the first."""
        best: tuple[int, int, str] | None = None
        for place in range(len(tokens)):
            found = self.at(tokens, place)
            if found is not None and (best is None or found[0] > best[1] - best[0]):
                best = place, place + found[0], found[1]
        return best

    def like(self, words: Sequence[str]) -> Found:
        """Whose name, or part of a name, these words are."""
        words = [part for word in words for part in word.split()]
        wanted = self._folded(words)
        if not wanted:
            return Found()
        if wanted in self._names:
            return Found((self._names[wanted],), is_exact=True)
        holding = self._by_word.get(wanted[0], ())
        within = [self._names[name] for name in holding if _holds(name, wanted)]
        if within:
            return Found(tuple(within[:CHOICES_MAX]))
        near = [
            self._names[name]
            for name in self._beside(wanted)[:_LOOKED_AT_MAX]
            if _is_a_slip(wanted, name) or _is_a_slip(tuple(words), self._written[name])
        ]
        return Found(tuple(near[:CHOICES_MAX]), is_slip=True)

    def _folded(self, words: Sequence[str]) -> Words:
        return tuple(map(self._fold, words))

    def _fold(self, word: str) -> str:
        beginnings, endings = self._folding
        for beginning, stands in beginnings:
            if word.startswith(beginning) and len(word) >= len(beginning) + _STEM_MIN:
                word = stands + word[len(beginning) :]
                break
        for ending, stands in endings:
            if word.endswith(ending) and len(word) >= len(ending) + _STEM_MIN:
                return word[: len(word) - len(ending)] + stands
        return word

    def _beside(self, wanted: Words) -> list[Words]:
        """Names worth comparing: those sharing a word; of a single word, those with its first letter."""
        if len(wanted) > 1:
            sharing = {name: None for word in wanted for name in self._by_word.get(word, ())}
            return list(sharing)
        return [
            name
            for first, names in self._by_first.items()
            if first[:1] in wanted[0][:2]
            for name in names
        ]


def _holds(name: Words, wanted: Words) -> bool:
    return any(name[at : at + len(wanted)] == wanted for at in range(len(name)))


def _is_a_slip(wanted: Words, name: Words) -> bool:
    """The same words but for one, and that one off by a letter."""
    if len(wanted) != len(name):
        return False
    other = [(a, b) for a, b in zip(wanted, name, strict=True) if a != b]
    return len(other) == 1 and _is_near(*other[0])


def _is_near(written: str, meant: str) -> bool:
    if abs(len(written) - len(meant)) > 1 or not (written.isalpha() and meant.isalpha()):
        return False
    if min(len(written), len(meant)) < _SLIP_LETTERS_MIN:
        return sorted(written) == sorted(meant) and len(written) > 2
    return distance(written, meant) == 1


@lru_cache(maxsize=128)
def _indexed(names: Words, folding: Folding) -> Known:
    return Known(names, folding)


def known(names: Sequence[str], folding: Folding = AS_WRITTEN) -> Known:
    return _indexed(tuple(names), folding)
