"""Messages about a document that exists, named by its number."""

from __future__ import annotations

from dataclasses import replace

from hesabu.doors.chat.grammar.message import Message
from hesabu.doors.chat.grammar.payments import read_paid
from hesabu.doors.chat.grammar.references import reference_at
from hesabu.doors.chat.grammar.types import Intent, Understood


def about_document(message: Message, at: int) -> Understood | None:
    """ "invoice INV-0007", "invoice #7 paid cash", "send invoice no. 7": about one that exists."""
    language, tokens = message.language, message.rest
    found = reference_at(tokens, at, language)
    if found is None and at:
        has_number_word = at < len(tokens) and (
            tokens[at].low in language.number_words or tokens[at].low == "#"
        )
        found = reference_at(tokens, at, language, bare=True) if has_number_word else None
    if found is None:
        return None
    rest = message.text_from(at + found[0])
    if any(w.lower().strip(".,!") in language.paid_words for w in rest.split()):
        understood = read_paid(rest, message.setting, is_first_person=False, customer=None)
        return replace(understood, intent=Intent.PAID, reference=found[1])
    intent = Intent.RESEND if tokens[0].low in language.send_words else Intent.STATUS
    return Understood(intent, reference=found[1])
