"""Money that came, went or will: "paid INV-0007 cash", "Jane has paid", "received 5000 from Jane", "I'll pay Friday"."""

from __future__ import annotations

from dataclasses import replace

from hesabu.doors.chat.grammar.commands import read_command
from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.message import Message
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.payments import honest_amount, read_paid
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, said
from hesabu.doors.chat.grammar.types import Customer, Intent, Payment, Problem, Understood

_LEAD_WORDS_MAX = 5
_NAME_WORDS_MAX = 7
_PROMISE_WORDS_MAX = 16


def payment_told(message: Message, words: list[str]) -> Understood | None:
    """ "paid ...", "I have paid ...", "mark INV-0007 as paid", "received 5000 from Jane"."""
    language, setting = message.language, message.setting
    at = 0
    while at < len(words) and words[at] in language.i_words and at < _LEAD_WORDS_MAX:
        at += 1
    if at < len(words) and words[at] in language.self_paid_words | language.self_sent_words:
        understood = read_paid(message.text_from(at + 1), setting, is_first_person=True)
        is_sure = words[at] in language.self_paid_words or understood.payment is not None
        return understood if is_sure else None
    if at < len(words) and words[at] in language.paid_words:
        is_first_person = (
            any(w in language.first_person for w in words[:at]) or message.is_first_person()
        )
        return read_paid(message.text_from(at + 1), setting, is_first_person=is_first_person)
    if at and at < len(words) and words[at] in language.sent_words:
        understood = read_paid(message.text_from(at + 1), setting, is_first_person=True)
        return understood if understood.payment is not None else None
    if words[0] in language.mark_words and any(w in language.paid_words for w in words[:12]):
        return _marked(message)
    if at < len(words) and words[at] in language.payment_words:
        at += 1
    if at + 1 < len(words) and words[at] in language.received_words:
        understood = read_paid(message.text_from(at + 1), setting, is_first_person=False)
        if understood.payment is None and understood.reference is None:
            return None
        return replace(understood, intent=Intent.PAID)
    return None


def _marked(message: Message) -> Understood:
    language = message.language
    dropped = language.paid_words | language.paid_fillers
    body = " ".join(
        w for w in message.text_from(1).split() if w.lower().strip(".,!?") not in dropped
    )
    understood = read_paid(body, message.setting, is_first_person=False)
    is_bare = understood.reference is None and understood.customer == Customer()
    missing = ("reference",) if is_bare else ()
    return replace(understood, intent=Intent.PAID, missing=missing)


def somebody_paid(message: Message, words: list[str]) -> Understood | None:
    """ "Jane has paid 5000 cash"."""
    language = message.language
    near = words[:_NAME_WORDS_MAX]
    at = next((i for i, w in enumerate(near) if w in language.paid_words), 0)
    is_sent = not at
    if is_sent:
        at = next((i for i, w in enumerate(near) if _is_sent(near, i, language)), 0)
    if not at or language.is_talk(message.rest[0].text):
        return None
    tokens = message.rest[:at]
    while len(tokens) > 1 and tokens[-1].low in language.auxiliaries:
        tokens = tokens[:-1]
    name = tidy_name(said(tokens), language)
    if name is None or any(t.kind is not Kind.WORD for t in tokens):
        return None
    if message.text.endswith("?"):
        return Understood(Intent.STATUS, customer=Customer(name))
    understood = read_paid(
        message.text_from(at + 1), message.setting, is_first_person=False, customer=name
    )
    is_money = understood.payment is not None and understood.payment.amount is not None
    if is_sent and not is_money and words[at] not in language.pay_words:
        return None  # "Jane sent a message"
    return replace(understood, intent=Intent.PAID)


def nobody_paid(message: Message, words: list[str]) -> Understood | None:
    """ "Jane has not paid", "Juma hajalipa 500": no money came, so how it stands with them is what is meant."""
    language = message.language
    near = words[:_NAME_WORDS_MAX]
    paid = language.paid_words | language.sent_words | language.pay_words
    at = next((i for i, w in enumerate(near) if w in language.unpaid_words), 0)
    if not at:
        told = next((i for i, w in enumerate(near) if i and w in paid), 0)
        at = next((i for i, w in enumerate(near[:told]) if i and w in language.not_words), 0)
    tokens = message.rest[:at]
    if not at or language.is_talk(message.rest[0].text):
        return None
    while len(tokens) > 1 and tokens[-1].low in language.auxiliaries:
        tokens = tokens[:-1]
    about = read_command(Intent.STATUS, None, said(tokens), message.setting)
    if about is not None and about.reference:
        return about
    name = tidy_name(said(tokens), language)
    if name is None or any(t.kind is not Kind.WORD for t in tokens):
        return None
    return Understood(Intent.STATUS, customer=Customer(name))


def _is_sent(words: list[str], at: int, language: Language) -> bool:
    """ "Jane sent 500", "Jane has brought 500", and "Jane don pay", as one says in Lagos."""
    if words[at] in language.sent_words:
        return True
    return words[at] in language.pay_words and at > 1 and words[at - 1] in language.have_words


def part_wanted(message: Message, words: list[str]) -> Understood | None:
    """ "Jane wants to pay half", "customer wants to pay 2000 first": who, and how much where it says so."""
    language = message.language
    if not language.wants_to_pay.may_be_in(words) or words[0] in language.not_a_customer - {"the"}:
        return None
    for at in range(1, min(len(words), _NAME_WORDS_MAX)):
        found = language.wants_to_pay.at(words, at)
        if found is None:
            continue
        who = [t for t in message.rest[:at] if t.kind is Kind.WORD]
        if len(who) != at or any(t.low in language.first_person for t in who):
            return None
        is_nobody = all(t.low in language.nobody | language.object_fillers for t in who)
        name = None if is_nobody else tidy_name(said(who), language)
        rest = message.text_from(at + found[0])
        wanted = read_command(Intent.PAY, None, rest, message.setting)
        return (
            None
            if wanted is None
            else replace(wanted, customer=Customer(name, wanted.customer.phone))
        )
    return None


def _wanted_now(message: Message, before: list[Token], behind: list[Token]) -> Understood | None:
    """ "can I pay half now" is no promise: they want to pay."""
    return read_command(Intent.PAY, None, said([*before, *behind]), message.setting)


def promise(message: Message, words: list[str]) -> Understood | None:
    """ "I'll pay Friday", "can I pay half on the 15th": when, and how much where it says so."""
    found = message.language.promise_starts.at(words, 0)
    if found is None:
        return None
    length, is_enough = found
    tokens, _, _ = read_contacts(message.text_from(length), message.setting)
    tokens = tokens[:_PROMISE_WORDS_MAX]
    for at in range(len(tokens)):
        day = read_day(tokens, at, message.setting.today, message.language, is_led=True)
        if day is None:
            continue
        if (
            day.on == message.setting.today
            and not is_enough
            and words[0] not in message.language.waiting_words
        ):
            return _wanted_now(message, tokens[:at], tokens[at + day.length :])
        text = said(tokens[at : at + day.length])
        problems = [Problem(day.problem, text)] if day.problem else []
        others = [*tokens[:at], *tokens[at + day.length :]]
        number = next((t for t in others if t.kind in NUMBERS), None)
        amount = honest_amount(number, message.setting, problems)
        return Understood(
            Intent.PROMISE,
            due_on=day.on,
            payment=None if amount is None else Payment(amount=amount),
            problems=tuple(problems),
        )
    return Understood(Intent.PROMISE, missing=("due",)) if is_enough else None
