"""The front of the grammar: one message in, what it says out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.changes import read_terms_alone
from hesabu.doors.chat.grammar.commands import read_command
from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.countries import country_named, currency_named
from hesabu.doors.chat.grammar.courtesies import less_courtesies, retyped
from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.invoice import read_invoice
from hesabu.doors.chat.grammar.language import Language, language_named
from hesabu.doors.chat.grammar.mpesa import read_mpesa_message
from hesabu.doors.chat.grammar.names import starts_with_known, tidy_name
from hesabu.doors.chat.grammar.payments import read_paid
from hesabu.doors.chat.grammar.references import code_of, reference_at
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.setup import read_setup
from hesabu.doors.chat.grammar.text import (
    LENGTH_MAX,
    TOKENS_MAX,
    Kind,
    clean,
    said,
    tokens_of,
    words_of,
)
from hesabu.doors.chat.grammar.types import Customer, Intent, Payment, Problem, Understood
from hesabu.doors.chat.grammar.wire import to_json

__all__ = ["parse", "to_json"]

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
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
    known_names: Sequence[str] = (),
) -> Understood:
    """What a message says. Never raises, never guesses money, knows nothing but its arguments."""
    place = country_named(country)
    setting = Setting(
        country=place,
        region=country.upper(),
        currency=currency_named(currency or place.currency),
        language=language_named(language),
        today=today,
        known_names=known_names,
    )
    message = _Message(clean(text), setting)
    understood = replace(message.read(), currency=setting.currency.code)
    is_cut = len(text) > LENGTH_MAX or len(message.tokens) >= TOKENS_MAX
    return _unsure(understood) if is_cut and understood.intent is Intent.INVOICE else understood


def _unsure(understood: Understood) -> Understood:
    """Of a message too long to be read to its end, no sum is certain."""
    needed = {*understood.missing, "amount"}
    return replace(
        understood,
        total=None,
        missing=tuple(one for one in ("customer", "amount", "description") if one in needed),
        problems=(*understood.problems, _TOO_LONG),
    )


class _Message:
    """A cleaned message, and the ways to read it, tried in order."""

    def __init__(self, text: str, setting: Setting) -> None:
        self.text = text
        self.setting = setting
        self.language: Language = setting.language
        self.tokens = tokens_of(text)
        self.start = 0

    def read(self) -> Understood:
        if not self.tokens:
            return Understood(Intent.UNKNOWN)
        for read in (
            self._pasted,
            self._whole_phrase,
            self._bare_number,
            self._bare_reference,
            self._begun,
        ):
            if (understood := read()) is not None:
                return understood
        return Understood(Intent.UNKNOWN)

    # --- whole messages

    def _pasted(self) -> Understood | None:
        if (
            "onfirmed" not in self.text
            and "CONFIRMED" not in self.text
            and "methibit" not in self.text
        ):
            return None
        return read_mpesa_message(self.text, self.setting.currency)

    def _whole_phrase(self) -> Understood | None:
        """The message, or the message less its courtesies, is a phrase of the language."""
        if len(self.tokens) > 24:
            return None
        words = [t.low for t in self.tokens if t.kind not in _MARKS]
        if not words:
            marks = {t.low for t in self.tokens}
            words = list(marks) if len(marks) == 1 else []
        for known in less_courtesies(words, self.language):
            if known and (meaning := self.language.phrases.get(" ".join(known))) is not None:
                return Understood(meaning[0], topic=meaning[1])
        return None

    def _bare_number(self) -> Understood | None:
        text = self.text.strip("().#*-: ")
        if text.isdecimal() and len(text) <= 6 and not (text.startswith("0") and len(text) > 1):
            if self.text.lstrip().startswith("#"):
                return None
            return Understood(Intent.NUMBER, number=int(text))
        return None

    def _bare_reference(self) -> Understood | None:
        tokens = [t for t in self.tokens if t.kind is not Kind.BREAK and t.low not in ".!?"]
        found = reference_at(tokens, 0, self.language)
        if found is not None and found[0] == len(tokens):
            return Understood(Intent.STATUS, reference=found[1])
        if len(tokens) == 1 and (code := code_of(tokens[0].text)):
            return Understood(Intent.HAVE_PAID, payment=Payment(method="mpesa", code=code))
        return None

    # --- messages that begin with what they want

    def _begun(self) -> Understood | None:
        is_known = starts_with_known(self.tokens, self.setting.known_names)
        if is_known and (understood := self._without_verb(is_known=True)) is not None:
            return understood
        self._skip_courtesies()
        words = self._words()
        if not words:
            return self._courtesy_only()
        typed = retyped(words, self.language)
        words = words if typed is None else typed
        for read in (
            self._setup,
            self._invoice,
            self._invoice_around_name,
            self._payment,
            self._promise,
            self._command,
            self._referenced,
            self._somebody_paid,
        ):
            if (understood := read(words)) is not None:
                return understood
        return self._rest(words)

    def _words(self) -> list[str]:
        return words_of(self.tokens[self.start :])

    def _text_from(self, at: int) -> str:
        """The text from that token behind the start."""
        place = self.start + at
        return self.text[self.tokens[place].start :] if place < len(self.tokens) else ""

    def _skip_courtesies(self) -> None:
        """Past "Hi, please"; but never past what may itself be asked for."""
        at = 0
        words = words_of(self.tokens)
        for _ in range(12):
            if at >= len(words):
                break
            if self.tokens[at].kind in {Kind.COMMA, Kind.BREAK} or words[at] in ".!:*_-•":
                at += 1
            elif self._is_wanted(words, at):
                break
            elif taken := self.language.courtesies_before.at(words, at):
                at += taken[0]
            elif words[at] in self.language.greetings:
                at += 1
            else:
                break
        self.start = at

    def _is_wanted(self, words: list[str], at: int) -> bool:
        """Does an invoice or a promise begin right here ("need an invoice", "let me pay")?"""
        return bool(
            self.language.invoice_starts.at(words, at) or self.language.promise_starts.at(words, at)
        )

    def _courtesy_only(self) -> Understood | None:
        first = self.tokens[0].low
        if first in self.language.greetings:
            return Understood(Intent.GREETING)
        return None

    def _setup(self, words: list[str]) -> Understood | None:
        if len(words) > _SHORT_WORDS:
            return None
        return read_setup(self._text_from(0), self.setting)

    def _invoice(self, words: list[str]) -> Understood | None:
        found = self.language.invoice_starts.at(words, 0)
        if found is None:
            return None
        rest = self.tokens[self.start + found[0] :]
        body = self._text_from(found[0])
        if (reference := self._reference_after(found[0])) is not None:
            return reference
        if not rest or not body.strip(" .:!?-"):
            return Understood(Intent.INVOICE, missing=("customer", "amount", "description"))
        return read_invoice(body, self.setting)

    def _invoice_around_name(self, words: list[str]) -> Understood | None:
        """ "send Jane an invoice for 5000", "Jane owes me 5000 for wigs"."""
        for at in range(1, min(len(words), 7)):
            is_given = words[0] in self.language.invoice_givers
            found = self.language.invoice_starts.at(words, at) if is_given else None
            if found is None and (owes := self.language.owes_me.at(words, at)):
                found, is_given = owes, False
                if words[0] in self.language.not_a_customer:
                    return None
            if found is None:
                continue
            tokens = self.tokens[self.start + (1 if is_given else 0) : self.start + at]
            while tokens and tokens[-1].low in self.language.article_words:
                tokens = tokens[:-1]
            name, rest = said(tokens), self._text_from(at + found[0])
            return read_invoice(f"{name} {rest}", self.setting) if rest else None
        return None

    def _reference_after(self, at: int) -> Understood | None:
        """ "invoice INV-0007", "invoice #7 paid cash", "send invoice no. 7": about one that exists."""
        tokens = self.tokens[self.start :]
        found = reference_at(tokens, at, self.language)
        if found is None and at:
            has_number_word = at < len(tokens) and (
                tokens[at].low in self.language.number_words or tokens[at].low == "#"
            )
            found = reference_at(tokens, at, self.language, bare=True) if has_number_word else None
        if found is None:
            return None
        rest = self._text_from(at + found[0])
        first = tokens[0].low
        if any(w.lower().strip(".,!") in self.language.paid_words for w in rest.split()):
            understood = read_paid(rest, self.setting, is_first_person=False, customer=None)
            return replace(understood, intent=Intent.PAID, reference=found[1])
        intent = Intent.RESEND if first in self.language.send_words else Intent.STATUS
        return Understood(intent, reference=found[1])

    def _payment(self, words: list[str]) -> Understood | None:
        """ "paid ...", "I have paid ...", "mark INV-0007 as paid", "received 5000 from Jane"."""
        language = self.language
        at = 0
        while at < len(words) and words[at] in language.i_words and at < 5:
            at += 1
        if at < len(words) and words[at] in language.paid_words:
            is_first_person = (
                any(w in language.first_person for w in words[:at]) or self._was_first_person()
            )
            return read_paid(self._text_from(at + 1), self.setting, is_first_person=is_first_person)
        if at and at < len(words) and words[at] in language.sent_words:
            understood = read_paid(self._text_from(at + 1), self.setting, is_first_person=True)
            return understood if understood.payment is not None else None
        if words[0] in language.mark_words and any(w in language.paid_words for w in words[:12]):
            body = self._without(self._text_from(1), language.paid_words | language.paid_fillers)
            understood = read_paid(body, self.setting, is_first_person=False)
            is_bare = understood.reference is None and understood.customer == Customer()
            missing = ("reference",) if is_bare else ()
            return replace(understood, intent=Intent.PAID, missing=missing)
        if at < len(words) and words[at] in language.payment_words:
            at += 1
        if at + 1 < len(words) and words[at] in language.received_words:
            understood = read_paid(self._text_from(at + 1), self.setting, is_first_person=False)
            if understood.payment is None and understood.reference is None:
                return None
            return replace(understood, intent=Intent.PAID)
        return None

    def _was_first_person(self) -> bool:
        return any(t.low in self.language.first_person for t in self.tokens[: self.start])

    def _without(self, text: str, words: frozenset[str]) -> str:
        return " ".join(w for w in text.split() if w.lower().strip(".,!?") not in words)

    def _promise(self, words: list[str]) -> Understood | None:
        found = self.language.promise_starts.at(words, 0)
        if found is None:
            return None
        tokens = self.tokens[self.start + found[0] :]
        for at in range(min(len(tokens), 12)):
            day = read_day(tokens, at, self.setting.today, self.language, is_led=True)
            if day is not None:
                text = " ".join(said(tokens[at : at + day.length]).split())
                problems = (Problem(day.problem, text),) if day.problem else ()
                return Understood(Intent.PROMISE, due_on=day.on, problems=problems)
        return Understood(Intent.PROMISE, missing=("due",)) if found[1] else None

    def _command(self, words: list[str]) -> Understood | None:
        found = self.language.commands.at(words, 0)
        if found is None:
            return None
        length, (intent, topic) = found
        is_question = words[0] in self.language.question_starts and length == 1
        if is_question and not self._asks_of_payment(words):
            return None
        if len(words) > 14 and intent not in {Intent.CHANGE}:
            return None
        return read_command(intent, topic, self._text_from(length), self.setting)

    def _asks_of_payment(self, words: list[str]) -> bool:
        """ "has Jane paid?", "is INV-0007 paid"."""
        return any(w in self.language.paid_words or w in self.language.pay_words for w in words[1:])

    def _referenced(self, words: list[str]) -> Understood | None:
        """ "INV-0007 paid cash", "INV-0007 resend", "send INV-0007 again"."""
        tokens = self.tokens[self.start :]
        if words[0] in self.language.send_words and (
            found := reference_at(tokens, 1, self.language)
        ):
            return Understood(Intent.RESEND, reference=found[1])
        found = reference_at(tokens, 0, self.language)
        if found is None:
            return None
        if (about := self._reference_after(0)) is not None and about.intent is Intent.PAID:
            return about
        rest = self._text_from(found[0])
        command = self.language.commands.at(words, found[0])
        if command is not None:
            length, (intent, topic) = command
            understood = read_command(
                intent, topic, self._text_from(found[0] + length), self.setting
            )
            if understood is not None:
                return replace(understood, reference=found[1], missing=())
        phrase = self.language.phrases.get(" ".join(rest.lower().split()))
        if phrase is not None:
            return Understood(phrase[0], reference=found[1], topic=phrase[1])
        return Understood(Intent.STATUS, reference=found[1])

    def _somebody_paid(self, words: list[str]) -> Understood | None:
        """ "Jane has paid 5000 cash"."""
        language = self.language
        at = next((i for i, w in enumerate(words[:7]) if w in language.paid_words), 0)
        if not at or words[0] in language.not_a_customer:
            return None
        tokens = self.tokens[self.start : self.start + at]
        while tokens and tokens[-1].low in language.auxiliaries:
            tokens = tokens[:-1]
        name = tidy_name(said(tokens), language)
        if name is None or any(t.kind is not Kind.WORD for t in tokens):
            return None
        understood = read_paid(
            self._text_from(at + 1), self.setting, is_first_person=False, customer=name
        )
        return replace(understood, intent=Intent.PAID)

    # --- the rest

    def _rest(self, words: list[str]) -> Understood | None:
        if (understood := self._without_verb(is_known=False)) is not None:
            return understood
        if words[0] in self.language.question_starts:
            return Understood(Intent.HELP)
        is_short = len(words) <= _SHORT_WORDS
        understood = read_terms_alone(self._text_from(0), self.setting) if is_short else None
        if understood is not None and understood.topic not in {None, "amount", "phone"}:
            return understood
        if self.start and self.tokens[0].low in self.language.greetings and len(words) <= 4:
            return Understood(Intent.GREETING)
        meaning = self.language.phrases.get(words[0])
        if meaning is not None and meaning[0] in {Intent.THANKS, Intent.MENU, Intent.HELP}:
            return Understood(meaning[0])
        return None

    def _without_verb(self, *, is_known: bool) -> Understood | None:
        """ "Jane Wanjiku 0712 345 678 75,000 logo": an invoice if nothing else can be meant: a known
        name and a price, or a name, a telephone number and a price.
        """
        if not is_known and self._words()[0] in self.language.not_a_customer:
            return None
        body = self._text_from(0)
        tokens, phone, _ = read_contacts(body, self.setting)
        has_price = any(is_price_like(t) for t in tokens)
        if not has_price or not (is_known or phone is not None):
            return None
        if any(t.low in self.language.paid_words for t in tokens):
            return None
        if not is_known and tokens[0].kind is not Kind.WORD:
            return None
        understood = read_invoice(body, self.setting)
        if understood.customer == Customer() or understood.customer.name is None:
            return None
        return understood
