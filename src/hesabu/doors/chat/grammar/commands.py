"""Everything that is not an invoice: what is asked for, and of which document or person.

A command is a phrase of the language and its object: ``remind`` *Jane*, ``status`` *INV-0007*. The object
is a document's number if there is one, else a telephone number, else a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hesabu.doors.chat.grammar.alone import read_language, read_terms_alone
from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.changes import REMOVE, read_change
from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.documents import about_document
from hesabu.doors.chat.grammar.message import Message
from hesabu.doors.chat.grammar.names import named, tidy_name
from hesabu.doors.chat.grammar.objects import Parts, bare, less_possessive, read_parts
from hesabu.doors.chat.grammar.payments import honest_amount
from hesabu.doors.chat.grammar.references import reference_at
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import Kind, Token, said, tokens_of
from hesabu.doors.chat.grammar.types import Customer, Intent, Payment, Problem, Understood

_NEEDS_OBJECT = frozenset({Intent.STATUS, Intent.REMIND, Intent.RESEND, Intent.VOID})
_COMMAND_WORDS_MAX = 14
_TOPIC_MAX = 60
_NAME_WORDS_MAX = 5
_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}


def command_given(message: Message, words: list[str]) -> Understood | None:
    found = message.language.commands.at(words, 0)
    if found is None:
        return None
    length, (intent, topic) = found
    is_question = words[0] in message.language.question_starts and length == 1
    if is_question and not _asks_of_payment(message, words):
        return None
    if len(words) > _COMMAND_WORDS_MAX and intent is not Intent.CHANGE:
        return None
    return read_command(intent, topic, message.text_from(length), message.setting)


def _asks_of_payment(message: Message, words: list[str]) -> bool:
    """ "has Jane paid?", "is INV-0007 paid"."""
    return any(w in message.language.paid_words | message.language.pay_words for w in words[1:])


def document_named(message: Message, words: list[str]) -> Understood | None:
    """ "INV-0007 paid cash", "INV-0007 resend", "INV-0007 due Monday", "send INV-0007 again"."""
    language, tokens = message.language, message.rest
    if words[0] in language.send_words and (found := reference_at(tokens, 1, language)):
        return read_command(Intent.RESEND, None, message.text_from(1), message.setting)
    found = reference_at(tokens, 0, language)
    if found is None:
        return None
    rest = message.text_from(found[0])
    understood = _of_document(message, words, found[0], rest)
    return replace(understood, reference=found[1], missing=())


def _of_document(message: Message, words: list[str], at: int, rest: str) -> Understood:
    language = message.language
    if message.text.endswith("?"):
        return Understood(Intent.STATUS)
    about = about_document(message, 0)
    if about is not None and about.intent is Intent.PAID:
        return about
    command = language.commands.at(words, at)
    if command is not None:
        length, (intent, topic) = command
        understood = read_command(intent, topic, message.text_from(at + length), message.setting)
        if understood is not None:
            return understood
    phrase = language.phrases.get(" ".join(t.low for t in tokens_of(rest) if t.kind not in _MARKS))
    if phrase is not None:
        return Understood(phrase[0], topic=phrase[1])
    changed = read_terms_alone(rest, message.setting) if rest else None
    if changed is not None and changed.topic not in {None, "amount", "phone"}:
        return changed
    return Understood(Intent.STATUS)


def read_command(
    intent: Intent, topic: str | None, rest: str, setting: Setting
) -> Understood | None:
    """ "remind Jane", "status INV-0007". None if the words behind it make no sense as its object."""
    if intent is Intent.CHANGE:
        if topic == REMOVE and (voided := _document_removed(rest, setting)) is not None:
            return voided
        return read_change(rest, topic, setting)
    if intent is Intent.LANGUAGE:
        return read_language(rest, setting)
    if intent is Intent.EXPENSE:
        return Understood(intent)  # no book is kept of it yet, so nothing of it is read
    if intent is Intent.SETTINGS:
        return Understood(
            intent, topic=f"{topic} {' '.join(rest.lower().split())}"[:_TOPIC_MAX].strip(" .!")
        )
    if intent in {Intent.HELP, Intent.LIST, Intent.PRODUCTS}:
        return _listed(intent, topic, rest, setting)
    if intent is Intent.WHO_OWES:
        return _debts_of(rest, setting, is_led=topic == "of")
    return _with_object(intent, topic, rest, setting)


def _with_object(intent: Intent, topic: str | None, rest: str, setting: Setting) -> Understood:
    language = setting.language
    is_of_money = intent in {Intent.PAY, Intent.WRONG_AMOUNT}
    parts = _named_parts(intent, rest, setting) or read_parts(rest, setting, bare=not is_of_money)
    words = parts.words
    if intent in {Intent.RESEND, Intent.REMIND}:
        words, channel = _less_channel(words, setting)
        topic = channel or topic
    due_on: date | None = None
    if intent is Intent.REMIND:
        words, due_on = _less_day(words, setting)
    documents = [t.low for t in words if t.kind is Kind.WORD]
    fillers = language.object_fillers | (language.newest_words if topic == "pdf" else frozenset())
    words = bare(words, fillers, language)
    if words and all(t.low in language.all_words | language.object_fillers for t in words):
        return Understood(intent, topic="all", due_on=due_on)
    if (
        intent is Intent.VIEW
        and topic is None
        and documents
        and documents[-1] in language.documents_words
    ):
        intent = Intent.LIST
    share = language.shares.at([t.low for t in words], 0) if is_of_money else None
    if share is not None:
        words, topic = words[share[0] :], f"{share[1]}%"
    name, problem = None, None
    if parts.reference is None or intent is Intent.REPEAT:
        name = tidy_name(said(words), language)
        if intent is Intent.REPEAT and name is not None:
            name, problem = named(name, setting)
    problems = [*parts.problems, *([problem] if problem else [])]
    missing: tuple[str, ...] = ()
    if parts.reference is None and name is None and parts.phone is None:
        missing = ("reference",) if intent in _NEEDS_OBJECT else ()
    amount = honest_amount(parts.amount, setting, problems) if is_of_money else None
    return Understood(
        intent,
        customer=Customer(name, parts.phone),
        reference=parts.reference,
        number=parts.number,
        payment=None if amount is None else Payment(amount=amount),
        topic=topic,
        due_on=due_on,
        missing=missing,
        problems=tuple(problems),
    )


def _named_parts(intent: Intent, rest: str, setting: Setting) -> Parts | None:
    """ "did Grace pay the 4200": beside a name a large number is a sum, and no document's."""
    if intent not in {Intent.STATUS, Intent.REMIND}:
        return None
    parts = read_parts(rest, setting, bare=False)
    is_of_sum = parts.reference is None and parts.amount is not None
    if not is_of_sum or parts.amount is None or not is_price_like(parts.amount):
        return None
    language = setting.language
    words = bare(parts.words, language.object_fillers, language)
    return parts if any(t.kind is Kind.WORD for t in words) else None


def _less_channel(words: list[Token], setting: Setting) -> tuple[list[Token], str | None]:
    """ "INV-0007 by sms" → INV-0007, sms."""
    language = setting.language
    for at, token in enumerate(words):
        channel = language.channels.get(token.low)
        if channel is None:
            continue
        is_led = at > 0 and words[at - 1].low in language.channel_leads
        is_last = all(t.low in language.polite_lines for t in words[at + 1 :])
        if is_led or (is_last and len(words) == 1):
            start = at - 1 if is_led else at
            return [*words[:start], *words[at + 1 :]], channel
    return words, None


def _less_day(words: list[Token], setting: Setting) -> tuple[list[Token], date | None]:
    """ "Jane on Friday" → Jane, Friday."""
    for at in range(1, len(words)):
        day = read_day(words, at, setting.today, setting.language)
        if day is not None and at + day.length >= len(words) and day.on is not None:
            return words[:at], day.on
    return words, None


def _document_removed(rest: str, setting: Setting) -> Understood | None:
    """ "delete INV-0007", "remove Jane's invoice": the document goes, not a line of it."""
    parts = read_parts(rest, setting, bare=False)
    language = setting.language
    kept = [t for t in parts.words if t.kind is Kind.WORD]
    while kept and kept[0].low in language.the_words | language.article_words:
        kept = kept[1:]
    is_document = bool(kept) and kept[-1].low in language.document_words
    if len(kept) > 2 and kept[1].low in language.for_words | language.to_words | language.of_words:
        is_document = kept[0].low in language.document_words  # "the invoice for Jane"
    if len(kept) > 2 and kept[1].low in language.behind_count:  # "ankara ya Jane"
        is_document = kept[0].low in language.document_words
    words = bare(parts.words, language.object_fillers, language)
    has_line = parts.amount is not None or (bool(kept) and not is_document)
    if parts.reference is not None and not has_line:
        return Understood(Intent.VOID, reference=parts.reference)
    name = tidy_name(said(words), language) if parts.reference is None else None
    if parts.reference is not None or parts.amount is not None:
        return None
    is_known = name is not None and bool(setting.customers.like(name.lower().split()).names)
    if is_document or is_known:
        missing = () if name else ("reference",)
        return Understood(Intent.VOID, customer=Customer(name), missing=missing)
    return None


def _listed(intent: Intent, topic: str | None, rest: str, setting: Setting) -> Understood:
    """ "list drafts", "search wig"; "search Jane" and "invoices for Jane" are of a customer."""
    language = setting.language
    tokens = [t for t in tokens_of(rest) if t.kind is not Kind.BREAK]
    words = bare(tokens, language.object_fillers | language.article_words, language)
    if intent is not Intent.HELP:
        name, problem = named(said(words), setting) if words else (None, None)
        known = setting.customers.like([t.low for t in words])
        if topic == "customer" or known.names:
            problems: Sequence[Problem] = (problem,) if problem else ()
            return Understood(Intent.LIST, customer=Customer(name), problems=tuple(problems))
    told = " ".join(said(words if intent is Intent.PRODUCTS else tokens).lower().split())
    return Understood(intent, topic=told.strip(" .!?:")[:_TOPIC_MAX] or topic)


def claim_asked_for(message: Message, words: list[str]) -> Understood | None:
    """ "namdai Jane kiasi gani?": how much have I to get from Jane?"""
    language = message.language
    words = [word for word in words if word not in {"?", "!", "."}]
    if not words or words[0] not in language.claim_words:
        return _debt_asked_for(message, words)
    for length in (2, 1):
        stop = len(words) - length
        if stop > 0 and language.how_much.get(" ".join(words[stop:])):
            name = tidy_name(said(message.rest[1:stop]), language)
            return Understood(Intent.WHO_OWES, customer=Customer(name))
    return None


def _debt_asked_for(message: Message, words: list[str]) -> Understood | None:
    """ "Neema anadaiwa shilingi ngapi": the name first, and how much at the end."""
    language = message.language
    for at in range(1, min(len(words), _NAME_WORDS_MAX)):
        found = language.owes_me.at(words, at)
        if found is None:
            continue
        rest = words[at + found[0] :]
        if not language.how_much.get(" ".join(rest)):
            return None
        name = tidy_name(said(message.rest[:at]), language)
        return Understood(Intent.WHO_OWES, customer=Customer(name))
    return None


def owned(message: Message, words: list[str]) -> Understood | None:
    """ "Jane's invoices", "Jane's invoice"."""
    language, tokens = message.language, [t for t in message.rest if t.kind not in _MARKS]
    if len(tokens) < 2 or any(t.kind is not Kind.WORD for t in tokens):
        return None
    bare_name = less_possessive(tokens[-2], language)
    is_many = tokens[-1].low in language.documents_words
    if bare_name == tokens[-2] or not (is_many or tokens[-1].low in language.document_words):
        return None
    name = tidy_name(said([*tokens[:-2], bare_name]), language)
    return Understood(Intent.LIST if is_many else Intent.STATUS, customer=Customer(name))


def _debts_of(rest: str, setting: Setting, *, is_led: bool) -> Understood | None:
    """ "how much does Jane owe me"; led, "deni la Jane"."""
    tokens = tokens_of(rest)
    if is_led:
        name = tidy_name(said(tokens), setting.language)
        return Understood(Intent.WHO_OWES, customer=Customer(name)) if name else None
    owing = [i for i, t in enumerate(tokens) if t.low in setting.language.owe_words]
    if not owing:
        return None
    if tokens[0].low in setting.language.first_person:
        return Understood(Intent.I_OWE)
    name = tidy_name(said(tokens[: owing[0]]), setting.language)
    return Understood(Intent.WHO_OWES, customer=Customer(name))
