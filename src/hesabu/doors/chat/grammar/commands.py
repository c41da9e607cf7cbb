"""Everything that is not an invoice: what is asked for, and of which document or person.

A command is a phrase of the language and its object: ``remind`` *Jane*, ``status`` *INV-0007*. The object
is a document's number if there is one, else a telephone number, else a name.
"""

from __future__ import annotations

from hesabu.doors.chat.grammar.changes import read_change, read_language
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.objects import bare, read_parts
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import Kind, said, tokens_of
from hesabu.doors.chat.grammar.types import (
    Customer,
    Intent,
    Understood,
)

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
_NUMBERS = {Kind.NUMBER, Kind.BAD}
_NEEDS_OBJECT = frozenset({Intent.STATUS, Intent.REMIND, Intent.RESEND, Intent.VOID})


def read_command(
    intent: Intent, topic: str | None, rest: str, setting: Setting
) -> Understood | None:
    """ "remind Jane", "status INV-0007". None if the words behind it make no sense as its object."""
    language = setting.language
    if intent is Intent.CHANGE:
        return read_change(rest, setting)
    if intent is Intent.LANGUAGE:
        return read_language(rest, setting)
    if intent in {Intent.HELP, Intent.LIST}:
        return Understood(intent, topic=_topic(rest))
    if intent is Intent.WHO_OWES:
        return _debts_of(rest, setting)
    parts = read_parts(rest, setting, bare=True)
    words = bare(parts.words, language.object_fillers, language)
    if [t.low for t in words] and all(t.low in language.all_words for t in words):
        return Understood(intent, topic="all")
    name = tidy_name(said(words), language) if parts.reference is None else None
    missing: tuple[str, ...] = ()
    if parts.reference is None and name is None and parts.phone is None:
        missing = ("reference",) if intent in _NEEDS_OBJECT else ()
    return Understood(
        intent,
        customer=Customer(name, parts.phone),
        reference=parts.reference,
        number=parts.number,
        topic=topic,
        missing=missing,
        problems=tuple(parts.problems),
    )


def _topic(rest: str) -> str | None:
    words = " ".join(rest.lower().split()).strip(" .!?:")
    return words[:60] or None


def _debts_of(rest: str, setting: Setting) -> Understood | None:
    """ "how much does Jane owe me"."""
    tokens = tokens_of(rest)
    if not any(t.low in setting.language.owe_words for t in tokens):
        return None
    stop = next(i for i, t in enumerate(tokens) if t.low in setting.language.owe_words)
    return Understood(
        Intent.WHO_OWES, customer=Customer(tidy_name(said(tokens[:stop]), setting.language))
    )
