"""What is merely polite around a message, and a slip of the finger in its first word."""

from __future__ import annotations

from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.typos import nearest

_TYPED_MAX = 20


def less_courtesies(words: list[str], language: Language) -> list[list[str]]:
    """The words as they are, then with less and less of what is merely polite."""
    tries = [words]
    if (typed := retyped(words, language)) is not None:
        tries.append(typed)
    bare = list(words)
    while bare and (taken := language.courtesies_before.at(bare, 0)):
        bare = bare[taken[0] :]
        tries.append(bare)
    greeted = 0
    while greeted < len(bare) and bare[greeted] in language.greetings:
        greeted += 1
    bare = bare[greeted:]
    while bare and (taken := language.courtesies_before.at(bare, 0)):
        bare = bare[taken[0] :]
    tries.append(bare)
    for length in (3, 2, 1) * 2:
        if len(bare) > length and language.courtesies_after.get(" ".join(bare[-length:])):
            bare = bare[:-length]
            tries.append(bare)
    return tries


def retyped(words: list[str], language: Language) -> list[str] | None:
    """With a slip of the finger in the first word mended; None where there is none to mend."""
    if not words or not 4 <= len(words[0]) < _TYPED_MAX or not words[0].isalpha():
        return None
    if words[0] in language.known_first_words or words[0] in language.not_mistyped:
        return None
    meant = nearest(words[0], language.mistyped)
    return None if meant is None else [meant, *words[1:]]
