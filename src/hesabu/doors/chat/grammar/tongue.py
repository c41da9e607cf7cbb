"""In which language a message was mostly written, by the words that only one of them has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from hesabu.doors.chat.grammar.language import Language, language_named
from hesabu.doors.chat.grammar.switching import LANGUAGES
from hesabu.doors.chat.grammar.text import Token

_READ_MAX = 80
"""Who writes more than this has said which language it is."""


def written_in(tokens: Sequence[Token]) -> str | None:
    """The language with the most words of its own; None where none leads."""
    counts = dict.fromkeys(LANGUAGES, 0)
    telling = _telling_words()
    for token in tokens[:_READ_MAX]:
        code = telling.get(token.low)
        if code is not None:
            counts[code] += 1
    ranked = sorted(counts.values(), reverse=True)
    if ranked[0] == (ranked[1] if len(ranked) > 1 else 0):
        return None
    return max(counts, key=lambda code: counts[code])


@cache
def _telling_words() -> dict[str, str]:
    """Each word that one language has and no other; its commonest words are its own in any case."""
    spoken = [language_named(code) for code in LANGUAGES]
    words: dict[str, set[str]] = {}
    for language in spoken:
        for word in _vocabulary(language):
            words.setdefault(word, set()).add(language.code)
    telling = {word: codes.pop() for word, codes in words.items() if len(codes) == 1}
    for language in spoken:
        telling.update(dict.fromkeys(language.common_words, language.code))
    return telling


def _vocabulary(language: Language) -> set[str]:
    books = (
        language.phrases,
        language.commands,
        language.invoice_starts,
        language.courtesies_before,
        language.due_leads,
        language.day_phrases,
        language.promise_starts,
    )
    words = {word for book in books for phrase in book.meanings for word in phrase.split()}
    tables = (language.weekdays, language.spans, language.small_numbers, language.tens)
    words.update(*tables, language.multipliers, language.greetings)
    return {word for word in words if word.isalpha()}
