"""How an invoice is asked for: "invoice Jane ...", "send Jane an invoice ...", "Jane owes me ...", a known name and a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.commands import read_command
from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.documents import about_document
from hesabu.doors.chat.grammar.invoice import read_invoice
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.message import Message
from hesabu.doors.chat.grammar.names import named
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, said
from hesabu.doors.chat.grammar.types import Customer, Intent, Problem, Understood

_NAME_WORDS_MAX = 7
_REPEAT_WORDS_MAX = 12


def invoice_asked_for(message: Message, words: list[str]) -> Understood | None:
    found = message.language.invoice_starts.at(words, 0)
    if found is None:
        return None
    if _is_listed(message, words, found[0]):
        return None
    rest = message.rest[found[0] :]
    body = message.text_from(found[0])
    if (about := about_document(message, found[0])) is not None:
        return about
    if (again := _repeated(message, words, found[0])) is not None:
        return again
    if not rest or not body.strip(" .:!?-"):
        return Understood(Intent.INVOICE, missing=("customer", "amount", "description"))
    return read_invoice(body, message.setting)


def _is_listed(message: Message, words: list[str], length: int) -> bool:
    """ "ankara za Jane" are all of hers, unless a number says what a new one is of."""
    listed = message.language.commands.at(words, 0)
    if listed is None or listed[0] <= length or listed[1] != (Intent.LIST, "customer"):
        return False
    return not any(t.kind is Kind.CHUNK for t in message.rest)


def _repeated(message: Message, words: list[str], at: int) -> Understood | None:
    """ "invoice Jane again", "invoice Jane same as last time": no new amount, so the last one's."""
    if len(words) - at > _REPEAT_WORDS_MAX or not message.language.repeat_ends.may_be_in(words):
        return None
    tokens = message.rest
    while tokens and tokens[-1].kind in {Kind.MARK, Kind.BREAK}:
        tokens = tokens[:-1]
    for place in range(at + 1, len(tokens)):
        found = message.language.repeat_ends.at(words, place)
        if found is None or place + found[0] != len(tokens):
            continue
        who = tokens[at:place]
        if any(t.kind is not Kind.WORD for t in who):
            return None
        name, problem = named(said(who), message.setting)
        problems = (problem,) if problem else ()
        return Understood(Intent.REPEAT, customer=Customer(name), problems=problems)
    return None


def invoice_around_name(message: Message, words: list[str]) -> Understood | None:
    """ "send Jane an invoice for 5000", "Jane owes me 5000 for wigs"; "send Jane her invoice" is a resend."""
    language = message.language
    for at in range(1, min(len(words), _NAME_WORDS_MAX)):
        is_given = words[0] in language.invoice_givers
        found = language.invoice_starts.at(words, at) if is_given else None
        if found is None and (owes := language.owes_me.at(words, at)):
            found, is_given = owes, False
            if language.is_talk(message.rest[0].text) or not (
                owes[1] or _is_sum(message, at + owes[0])
            ):
                return None
        if found is None:
            continue
        tokens = message.rest[1 if is_given else 0 : at]
        rest = message.text_from(at + found[0])
        if (
            is_given
            and tokens
            and tokens[-1].low in language.its_words
            and words[0] in language.send_words
        ):
            return _sent_again(message, at, found[0])
        left_out = language.article_words if is_given else language.auxiliaries
        while len(tokens) > 1 and tokens[-1].low in left_out:
            tokens = tokens[:-1]
        if rest and is_given and words[at + found[0]] in language.of_words - language.for_words:
            rest = message.text_from(at + found[0] + 1)  # "send Jane an invoice of 5000"
        if tokens and all(t.low in language.after_object for t in tokens):
            return None  # "tuma tena ankara ya Jane" sends again, to nobody called Tena
        return read_invoice(f"{said(tokens)} {rest}", message.setting) if rest else None
    return None


def _is_sum(message: Message, at: int) -> bool:
    """ "Jane owes 500", with a number right behind; "what Jane owes" is a question."""
    tokens, _, _ = read_contacts(message.text_from(at), message.setting)
    return bool(tokens) and tokens[0].kind in NUMBERS


def _sent_again(message: Message, at: int, length: int) -> Understood | None:
    name = said(message.rest[1 : at - 1])
    rest = message.text_from(at + length)
    return read_command(Intent.RESEND, None, f"{name} {rest}", message.setting) if name else None


NAME_GUESSED = "customer_guessed"
_NEW_NAME_MAX = 3
_NEW_WORDS_MAX = 12


def invoice_of_new_name(message: Message) -> Understood | None:
    """ "Otis 5k photoshoot": a name with a capital that nobody bears yet, right behind it a number that shows that it is
    money, and words for what it is. The name is a guess, and says so: the sum is what is written, or it is none of these.
    """
    language = message.language
    if not 3 <= len(message.tokens) <= _NEW_WORDS_MAX or message.is_quoting or message.start:
        return None
    tokens, _, _ = read_contacts(message.text_from(0), message.setting)
    at = 0
    while at < len(tokens) and tokens[at].kind is Kind.WORD and tokens[at].is_capitalised:
        at += 1
    behind = tokens[at + 1 :]
    if not 0 < at <= _NEW_NAME_MAX or at >= len(tokens) or not tokens[at].is_marked:
        return None
    if any(not _may_be_name(token, message) for token in tokens[:at]):
        return None
    is_told = any(t.low in _told_words(language) or t.low == "?" for t in tokens)
    if is_told or not behind or not _may_be_sold(behind, language):
        return None
    understood = read_invoice(message.text_from(0), message.setting)
    name = said(tokens[:at])
    if understood.missing or understood.problems or understood.customer.name != name:
        return None
    return replace(understood, problems=(Problem(NAME_GUESSED, name),))


def _may_be_name(token: Token, message: Message) -> bool:
    """Is it no word of ours? "Balance 5k ..." and "Friday 5k ..." are about something else."""
    language, low = message.language, token.low
    is_ours = (
        language.is_talk(token.text)
        or low in language.common_words
        or low in language.nobody
        or low in language.units
        or low in language.numbered
        or low in language.methods
        or low in language.weekdays
        or low in language.months
        or low in language.small_numbers
        or low in language.greetings
    )
    books = (
        language.phrases,
        language.commands,
        language.courtesies_before,
        language.due_leads,
        language.deposit_before,
        language.discount_before,
        language.balance_phrases,
        language.setup_words,
        language.amount_leads,
        language.total_phrases,
        language.tax_phrases,
        language.day_phrases,
    )
    return not is_ours and not any(book.at([low], 0) for book in books)


def _may_be_sold(tokens: Sequence[Token], language: Language) -> bool:
    """ "5k photoshoot", "5k for a photoshoot"; but "5k still owes" and "5k balance" say what is left."""
    token = tokens[0]
    if token.low in language.for_words:
        return True
    is_left = token.low in language.owe_words | language.auxiliaries or language.is_talk(token.low)
    is_ours = len(tokens) == 1 and language.phrases.at([token.low], 0) is not None
    return token.kind is Kind.WORD and not (is_left or is_ours)


def _told_words(language: Language) -> frozenset[str]:
    """Words of what happened, which begin no invoice: money that came, or went."""
    told = language.payment_verbs | language.received_words | frozenset(language.methods)
    return told | language.sent_words


def invoice_without_verb(message: Message, *, is_known: bool) -> Understood | None:
    """ "Jane Wanjiku 0712 345 678 75,000 logo": an invoice if nothing else can be meant: a known
    name and a price, or a name, a telephone number and a price.
    """
    language = message.language
    if not is_known and language.is_talk(message.rest[0].text):
        return None
    body = message.text_from(0)
    tokens, phone, _ = read_contacts(body, message.setting)
    has_price = any(is_price_like(t) for t in tokens)
    if not has_price or not (is_known or phone is not None):
        return None
    if any(t.low in language.paid_words for t in tokens):
        return None
    if not is_known and tokens[0].kind is not Kind.WORD:
        return None
    understood = read_invoice(body, message.setting)
    return understood if understood.customer.name is not None else None
