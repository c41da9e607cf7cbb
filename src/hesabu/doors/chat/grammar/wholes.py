"""Messages that are read whole: a pasted M-PESA message, a phrase, a number, a document's number, a correction."""

from __future__ import annotations

from dataclasses import replace

from hesabu.doors.chat.grammar.changes import read_correction
from hesabu.doors.chat.grammar.courtesies import less_courtesies
from hesabu.doors.chat.grammar.message import Message
from hesabu.doors.chat.grammar.mpesa import read_mpesa_message
from hesabu.doors.chat.grammar.references import code_of, reference_at
from hesabu.doors.chat.grammar.text import Kind
from hesabu.doors.chat.grammar.types import Intent, Payment, Understood

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
_PHRASE_WORDS_MAX = 24
_PASTED = ("onfirmed", "CONFIRMED", "methibit")
"""Without one of these no text is an M-PESA message."""


def read_whole(message: Message) -> Understood | None:
    for read in (_pasted, _phrase, _correction, _bare_number, _bare_reference):
        if (understood := read(message)) is not None:
            return understood
    return None


def _pasted(message: Message) -> Understood | None:
    if not any(mark in message.text for mark in _PASTED):
        return None
    return read_mpesa_message(message.text, message.setting.currency)


def _phrase(message: Message) -> Understood | None:
    """The message, or the message less its courtesies, is a phrase of the language."""
    if len(message.tokens) > _PHRASE_WORDS_MAX:
        return None
    words = [t.low for t in message.tokens if t.kind not in _MARKS]
    if not words:
        marks = {t.low for t in message.tokens}
        words = list(marks) if len(marks) == 1 else []
    for tried in less_courtesies(words, message.language):
        if tried and (meaning := message.language.phrases.get(" ".join(tried))) is not None:
            return Understood(meaning[0], topic=meaning[1])
    return None


def _correction(message: Message) -> Understood | None:
    """ "80k", "no, Monday": only where the message answers one of ours."""
    return read_correction(message.text, message.setting) if message.is_quoting else None


def _bare_number(message: Message) -> Understood | None:
    text = message.text.strip("().#*: ").rstrip("- ")
    if text.isdecimal() and len(text) <= 6 and not (text.startswith("0") and len(text) > 1):
        if message.text.lstrip().startswith("#"):
            return None
        return Understood(Intent.NUMBER, number=int(text))
    return None


def _bare_reference(message: Message) -> Understood | None:
    tokens = [t for t in message.tokens if t.kind is not Kind.BREAK and t.low not in ".!?"]
    found = reference_at(tokens, 0, message.language)
    if found is not None and found[0] == len(tokens):
        return Understood(Intent.STATUS, reference=found[1])
    if len(tokens) == 1 and (code := code_of(tokens[0].text)):
        return replace(Understood(Intent.HAVE_PAID), payment=Payment(method="mpesa", code=code))
    return None
