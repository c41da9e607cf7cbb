"""The front of the grammar: one message in, what it says out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hesabu.doors.chat.grammar.alone import read_terms_alone
from hesabu.doors.chat.grammar.commands import (
    claim_asked_for,
    command_given,
    document_named,
    owned,
)
from hesabu.doors.chat.grammar.countries import country_named, currency_named
from hesabu.doors.chat.grammar.courtesies import retyped
from hesabu.doors.chat.grammar.invoicing import (
    invoice_around_name,
    invoice_asked_for,
    invoice_of_new_name,
    invoice_without_verb,
)
from hesabu.doors.chat.grammar.known import known
from hesabu.doors.chat.grammar.message import Message
from hesabu.doors.chat.grammar.paying import (
    nobody_paid,
    part_wanted,
    payment_told,
    promise,
    somebody_paid,
)
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.setup import read_setup
from hesabu.doors.chat.grammar.switching import spoken_as
from hesabu.doors.chat.grammar.text import LENGTH_MAX, TOKENS_MAX, clean, tokens_of, words_of
from hesabu.doors.chat.grammar.tongue import written_in
from hesabu.doors.chat.grammar.types import Intent, Problem, Understood
from hesabu.doors.chat.grammar.wholes import read_whole
from hesabu.doors.chat.grammar.wire import to_json

__all__ = ["begins_invoice", "parse", "to_json"]

_SHORT_WORDS = 30
"""A till's number, or a change of terms, is said in fewer."""
_TOO_LONG = Problem("text_too_long", "")


def parse(
    text: str,
    *,
    today: date,
    country: str = "KE",
    language: str = "en",
    currency: str | None = None,
    customers: Sequence[str] = (),
    items: Sequence[str] = (),
    quoted: bool = False,
) -> Understood:
    """What a message says. Never raises, never guesses money, knows nothing but its arguments.

    ``customers``, ``items``: the names that are known. ``language``: the likelier one; the others are understood too.
    ``quoted``: it answers one of our messages about a document, so "80k" and "due Monday" change that.
    """
    place = country_named(country)
    spoken = spoken_as(language)
    setting = Setting(
        country=place,
        region=country.upper(),
        currency=currency_named(currency or place.currency),
        language=spoken,
        today=today,
        customers=known(customers),
        items=known(items, spoken.folding),
    )
    message = Message(clean(text), setting, is_quoting=quoted)
    understood = replace(
        _read(message), currency=setting.currency.code, language=written_in(message.tokens)
    )
    is_cut = len(text) > LENGTH_MAX or len(message.tokens) >= TOKENS_MAX
    return _unsure(understood) if is_cut and understood.intent is Intent.INVOICE else understood


def begins_invoice(text: str, language: str = "en") -> bool:
    """Whether it begins with the word for it, so that it can be meant as nothing else."""
    words = words_of(tokens_of(clean(text)))
    return spoken_as(language).invoice_starts.at(words, 0) is not None


def _unsure(understood: Understood) -> Understood:
    """Of a message too long to be read to its end, no sum is certain."""
    needed = {*understood.missing, "amount"}
    return replace(
        understood,
        total=None,
        missing=tuple(one for one in ("customer", "amount", "description") if one in needed),
        problems=(*understood.problems, _TOO_LONG),
    )


def _read(message: Message) -> Understood:
    """The ways to read a message, tried in order."""
    if not message.tokens:
        return Understood(Intent.UNKNOWN)
    return read_whole(message) or _begun(message) or Understood(Intent.UNKNOWN)


_READERS = (
    claim_asked_for,
    invoice_asked_for,
    invoice_around_name,
    payment_told,
    promise,
    command_given,
    nobody_paid,
    document_named,
    somebody_paid,
    owned,
)


def _begun(message: Message) -> Understood | None:
    """A message that begins with what it wants."""
    if (wanted := part_wanted(message, words_of(message.rest))) is not None:
        return wanted
    is_known = message.setting.customers.at(message.tokens, 0) is not None
    if is_known and (understood := invoice_without_verb(message, is_known=True)) is not None:
        return understood
    message.skip_courtesies()
    words = words_of(message.rest)
    if not words:
        is_greeting = message.tokens[0].low in message.language.greetings
        return Understood(Intent.GREETING) if is_greeting else None
    if len(words) <= _SHORT_WORDS and message.language.setup_words.may_be_in(words):
        setup = read_setup(message.text_from(0), message.setting)
        if setup is not None:
            return setup
    words = retyped(words, message.language) or words
    for read in _READERS:
        if (understood := read(message, words)) is not None:
            return understood
    return _otherwise(message, words)


def _otherwise(message: Message, words: list[str]) -> Understood | None:
    """What may still be meant when nothing begins a message that we know."""
    language = message.language
    if (understood := invoice_without_verb(message, is_known=False)) is not None:
        return understood
    if words[0] in language.question_starts:
        return Understood(Intent.HELP)
    if len(words) <= _SHORT_WORDS:
        understood = read_terms_alone(message.text_from(0), message.setting)
        if understood is not None and understood.topic not in {None, "amount", "phone"}:
            return understood
    if message.start and message.tokens[0].low in language.greetings and len(words) <= 2:
        return Understood(Intent.GREETING)
    meaning = language.phrases.get(words[0])
    if meaning is not None and meaning[0] in {Intent.THANKS, Intent.MENU, Intent.HELP}:
        return Understood(meaning[0])
    return invoice_of_new_name(message)
