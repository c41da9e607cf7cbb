"""What a language must say so that the grammar can read it. Each language is one file of data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from typing import Generic, TypeVar

from hesabu.doors.chat.grammar.types import Intent, TaxMode

Meaning = TypeVar("Meaning")

Words = tuple[str, ...]
"""A phrase in lower case, word by word."""


class Phrasebook(Generic[Meaning]):
    """Phrases and what they mean, found by their first word, the longest first."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self.meanings = dict(meanings)
        table: dict[str, list[Words]] = {}
        for phrase in meanings:
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append(words)
        self._by_first = {
            first: sorted(phrases, key=len, reverse=True) for first, phrases in table.items()
        }

    def at(self, words: Sequence[str], place: int) -> tuple[int, Meaning] | None:
        """How many words the longest phrase at this place takes, and what it means."""
        if place >= len(words):
            return None
        for phrase in self._by_first.get(words[place], ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return len(phrase), self.meanings[" ".join(phrase)]
        return None

    def may_be_in(self, words: Iterable[str]) -> bool:
        """Does any of these words begin a phrase? So that a message that says nothing of it costs nothing."""
        return not self._by_first.keys().isdisjoint(words)

    def get(self, phrase: str) -> Meaning | None:
        return self.meanings.get(phrase)


_SLIP_LETTERS_MIN = 5
"""In a shorter word a slip of the finger may be another word."""
_NO_PHRASES: Phrasebook[bool] = Phrasebook({})
_NO_SHARES: Phrasebook[int] = Phrasebook({})


@dataclass(frozen=True, kw_only=True)
class Language:
    """All words are lower-case. A phrase is a string of words parted by single spaces. A field that a
    language has no use for stays empty.
    """

    code: str

    # --- whole messages and commands
    phrases: Phrasebook[tuple[Intent, str | None]]
    """The whole message, less courtesies → intent and topic."""
    commands: Phrasebook[tuple[Intent, str | None]]
    """How a message begins that goes on with its object: "remind" Jane."""
    courtesies_before: Phrasebook[bool]
    courtesies_after: Phrasebook[bool]
    greetings: frozenset[str]
    question_starts: frozenset[str]
    mistyped: frozenset[str]
    """First words in which a slip of the finger is forgiven."""
    not_mistyped: frozenset[str]
    """True words that merely look like one of them."""
    object_fillers: frozenset[str]
    """Before a command's object: "remind" *customer* Jane."""
    all_words: frozenset[str]

    # --- invoices
    invoice_starts: Phrasebook[bool]
    """Phrases that begin an invoice: "invoice", "send an invoice"."""
    invoice_givers: frozenset[str]
    """"send" Jane an invoice."""
    for_words: frozenset[str]
    to_words: frozenset[str]
    at_words: frozenset[str]
    each_phrases: Phrasebook[bool]
    times_words: frozenset[str]
    and_words: frozenset[str]
    total_phrases: Phrasebook[bool]
    units: frozenset[str]
    """Glued to a number they make it a quantity: 2kg."""
    numbered: frozenset[str]
    """Nouns whose number is a name, not a count: room 12."""
    name_links: frozenset[str]
    """Small words inside a name: Tom *and* Jerry."""
    labels: Mapping[str, str]
    """"name:" → customer, phone, description or "" (dropped)."""
    hesitations: frozenset[str] = frozenset()
    """What a voice typed along: invoice Brian *um* seven thousand."""
    name_leads: Phrasebook[bool] = _NO_PHRASES
    """Before the name, and no part of it: invoice *my customer called* Esther."""
    amount_leads: Phrasebook[bool] = _NO_PHRASES
    """Before a sum, saying nothing else: *the amount is* 5000."""
    phone_labels: frozenset[str]
    polite_lines: frozenset[str]
    not_a_customer: frozenset[str]
    """A message that begins with one of these and has no verb is talk, not an invoice."""
    names_too: frozenset[str] = frozenset()
    """Of those, the ones that with a capital may be a person: Ana, Nina."""

    # --- tax, discount
    tax_phrases: Phrasebook[TaxMode | None]
    """With % where a rate may stand. None: said, but in two ways readable."""
    tax_words: Mapping[str, TaxMode]
    """Enough of an answer when tax was asked about."""
    discount_before: Phrasebook[bool]
    """False: says too little alone, "with a" 10% ..."""
    discount_after: Phrasebook[bool]

    # --- days
    due_leads: Phrasebook[bool]
    """Before a day, these make it the due day."""
    due_words: frozenset[str]
    """Of those, the ones that promise a day: without one we ask."""
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    day_phrases: Phrasebook[str]
    """"end of month" → the name of a rule in ``dates``."""
    in_words: frozenset[str]
    next_words: frozenset[str]
    this_words: frozenset[str]
    last_words: frozenset[str]
    newest_words: frozenset[str] = frozenset()
    """pdf of the *last* invoice."""
    on_words: frozenset[str]
    of_words: frozenset[str]
    spans: Mapping[str, str]
    """days → day, weeks → week, months → month."""
    ordinal_endings: frozenset[str]

    # --- numbers
    small_numbers: Mapping[str, int]
    tens: Mapping[str, int]
    multipliers: Mapping[str, int]
    suffixes: Mapping[str, int]
    """Glued to a number: 75k."""
    half_words: frozenset[str]
    one_words: frozenset[str]
    vague_words: frozenset[str] = frozenset()
    """*about* 5000 is no amount."""
    unreadable: frozenset[str]
    only_words: frozenset[str]

    # --- payments
    methods: Mapping[str, str]
    code_labels: frozenset[str]
    paid_words: frozenset[str]
    received_words: frozenset[str]
    i_words: frozenset[str]
    first_person: frozenset[str]
    setup_words: Phrasebook[str]
    """How a message begins that says where money shall go: till, paybill, phone, bank."""
    setup_fillers: frozenset[str]
    account_words: frozenset[str]
    wants_to_pay: Phrasebook[bool] = _NO_PHRASES
    """Behind who does: Jane *wants to pay* half."""
    promise_starts: Phrasebook[bool]
    """False: a promise only with its day, "to pay" Friday."""
    change_fields: Mapping[str, str]
    languages: Mapping[str, str]
    yes: frozenset[str]
    no: frozenset[str]

    # --- the little words of each kind
    its_words: frozenset[str] = frozenset()
    """send Jane *her* invoice: one that exists."""
    documents_words: frozenset[str] = frozenset()
    """Jane's *invoices*: a list of them."""
    repeat_ends: Phrasebook[bool] = _NO_PHRASES
    """invoice Jane *same as last time*."""
    article_words: frozenset[str] = frozenset()
    """Before a noun, meaning nothing: a, the, new, another."""
    the_words: frozenset[str] = frozenset()
    """Before a day: *the* 15th."""
    day_words: frozenset[str] = frozenset()
    """Before a weekday: *on* Friday."""
    net_words: frozenset[str] = frozenset()
    """net 30: days without the word for them."""
    or_words: frozenset[str] = frozenset()
    """in 7 *or* 8 days: no day."""
    is_words: frozenset[str] = frozenset()
    """Between a word and its number: the total *is* 500, a discount *of* 10%."""
    nobody: frozenset[str] = frozenset()
    """Words that stand for a person and name none: me, him, the customer."""
    owe_words: frozenset[str] = frozenset()
    owes_me: Phrasebook[bool] = _NO_PHRASES
    """Jane *owes me* 500 is an invoice for Jane."""
    document_words: frozenset[str] = frozenset()
    """Before a document's number: *invoice* no. 7."""
    number_words: frozenset[str] = frozenset()
    """Before a document's digits: invoice *no.* 7."""
    after_object: frozenset[str] = frozenset()
    """Behind a command's object: remind Jane *again*."""
    send_words: frozenset[str] = frozenset()
    """*send* INV-0007 to Jane."""
    pay_words: frozenset[str] = frozenset()
    """did Jane *pay*?"""
    sent_words: frozenset[str] = frozenset()
    """I have *sent* 500."""
    mark_words: frozenset[str] = frozenset()
    """*mark* INV-0007 as paid."""
    payment_words: frozenset[str] = frozenset()
    """*payment* received from Jane."""
    not_words: frozenset[str] = frozenset()
    """Between a name and a word of payment: none came. "Jane has *not* paid"."""
    unpaid_words: frozenset[str] = frozenset()
    """The same in one word: "Jane *hajalipa*"."""
    auxiliaries: frozenset[str] = frozenset()
    """Jane *has just* paid."""
    split_verbs: frozenset[str] = frozenset()
    """Beginnings of a verb that are typed apart from it: *nime* lipa."""
    have_words: frozenset[str] = frozenset()
    """Jane *don* pay: she has."""
    waiting_words: frozenset[str] = frozenset()
    """They begin a promise for today, too: *give* me till evening."""
    paid_fillers: frozenset[str] = frozenset()
    """Around a payment, and no one's name: in full, via, your."""
    change_fillers: frozenset[str] = frozenset()
    """change *the* amount."""
    change_links: frozenset[str] = frozenset()
    """change the amount *to* 500."""
    answer_fillers: frozenset[str] = frozenset()
    """Around an amount that was asked for: *it's only* 500."""
    name_fillers: frozenset[str] = frozenset()
    """Before a name that was asked for: *it's for* Jane."""
    description_leads: frozenset[str] = frozenset()
    """Little words left out before a description."""
    description_ends: frozenset[str] = frozenset()
    """Little words left out behind one."""
    possessive_endings: frozenset[str] = frozenset()
    """Jane*'s* invoice."""

    # --- deposits, shares
    deposit_before: Phrasebook[bool] = _NO_PHRASES
    """Before the number: *deposit of* 20k. False: says too little alone, "with a" 50% ..."""
    balance_phrases: Phrasebook[bool] = _NO_PHRASES
    """Beside a deposit, of what is left: *balance on delivery*."""
    deposit_after: Phrasebook[bool] = _NO_PHRASES
    """Behind it: 50% *upfront*."""
    shares: Phrasebook[int] = _NO_SHARES
    """In per cent: *half* upfront → 50."""
    percent_words: Phrasebook[bool] = _NO_PHRASES
    """Behind a number: 10 *per cent*."""
    percent_before: frozenset[str] = frozenset()
    """Before a number, where the language says it so."""

    # --- acts
    correction_leads: Phrasebook[bool] = _NO_PHRASES
    """Before what should have been said: *no, sorry,* 80k."""
    plural_endings: Mapping[str, str] = field(default_factory=dict)
    """What is taken for the same when things sold are looked for by name: wigs, wig."""
    plural_beginnings: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    """*by sms* → sms; whatsapp, email."""
    channel_leads: frozenset[str] = frozenset()
    """resend INV-0007 *by* sms."""
    instead_words: frozenset[str] = frozenset()
    """Around a correction: due Monday *instead*."""
    common_words: frozenset[str] = frozenset()
    """Words so frequent in this language, and in no other we read, that they tell which it is."""

    # --- what is said the other way round: elfu tano, Ijumaa ijayo, tarehe 15, mifuko 3
    leading_multipliers: Mapping[str, int] = field(default_factory=dict)
    """Before their number: *elfu* tano is five thousand."""
    bare_multipliers: frozenset[str] = frozenset()
    """Of those, the ones that say one of it alone: *laki*, a hundred thousand."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Of the multiplier before it: milioni moja na *nusu*. As a decimal."""
    ordinals: Mapping[str, int] = field(default_factory=dict)
    """mwezi wa *kwanza*."""
    date_leads: frozenset[str] = frozenset()
    """Before a day of the month: *tarehe* 15."""
    month_leads: Phrasebook[bool] = _NO_PHRASES
    """Before a month's number: *mwezi wa* tatu."""
    weekday_leads: Phrasebook[bool] = _NO_PHRASES
    """Before a weekday: *siku ya* Ijumaa."""
    while_leads: Phrasebook[bool] = _NO_PHRASES
    """Before a span and its count: *baada ya* siku saba."""
    next_behind: frozenset[str] = frozenset()
    """Behind a day or a span: Ijumaa *ijayo*."""
    this_behind: frozenset[str] = frozenset()
    last_behind: frozenset[str] = frozenset()
    name_days: frozenset[str] = frozenset()
    """Days' words that with a capital may be a person: Leo, Jana."""
    count_leads: frozenset[str] = frozenset()
    """Before how many: wig *qty* 2."""
    behind_count: frozenset[str] = frozenset()
    """Joins a count to what is counted: mifuko 3 *ya* saruji."""
    led_units: frozenset[str] = frozenset()
    """Measures that stand before their number: *kilo* 2."""
    self_paid_words: frozenset[str] = frozenset()
    """The payer inside the word: *nimelipa*, I have paid."""
    self_sent_words: frozenset[str] = frozenset()
    """*nimetuma*, I have sent: money only beside an amount or a code."""
    claim_words: frozenset[str] = frozenset()
    """*namdai* Jane kiasi gani: what does Jane owe me?"""
    how_much: Phrasebook[bool] = _NO_PHRASES
    rent_words: frozenset[str] = frozenset()
    """Tax and rent in one word: *kodi* ya nyumba is no tax."""
    name_heads: frozenset[str] = frozenset()
    """What joins on behind these is their name: *shule* ya msingi."""
    behind_numbers: Mapping[str, int] = field(default_factory=dict)
    """Counts that stand behind their noun: mifuko *mitatu*."""
    price_words: frozenset[str] = frozenset()
    """Before a price, which may be each's or that of all of them: mifuko 3 *kwa* 850."""

    @cached_property
    def day_starts(self) -> frozenset[str]:
        """Every word that can begin a day."""
        return frozenset(
            {*self.months, *self.weekdays, *self.in_words, *self.next_words, *self.this_words}
            | self.last_words
            | self.the_words
            | self.day_words
            | {phrase.split()[0] for phrase in self.day_phrases.meanings}
            | self.date_leads
            | {phrase.split()[0] for phrase in self.weekday_leads.meanings}
            | {phrase.split()[0] for phrase in self.while_leads.meanings}
            | ({*self.spans} if self.next_behind else set())
        )

    @cached_property
    def spoken_multipliers(self) -> frozenset[str]:
        """One of these is in every number that is said in words."""
        return frozenset((*self.multipliers, *self.leading_multipliers, *self.parts))

    @cached_property
    def day_names(self) -> tuple[str, ...]:
        """Names of days in which a slip of the finger is mended."""
        single = (phrase for phrase in self.day_phrases.meanings if " " not in phrase)
        return tuple(name for name in (*self.weekdays, *single) if len(name) > _SLIP_LETTERS_MIN)

    @cached_property
    def folding(self) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """Plural and singular as one, the longest beginning and ending first."""

        def longest_first(table: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
            return tuple(sorted(table.items(), key=lambda pair: -len(pair[0])))

        return longest_first(self.plural_beginnings), longest_first(self.plural_endings)

    @cached_property
    def known_first_words(self) -> frozenset[str]:
        """Every word that begins something we know, and so is no slip of the finger."""
        books = (self.phrases, self.commands, self.invoice_starts, self.courtesies_before)
        words = {phrase.split()[0] for book in books for phrase in book.meanings}
        return frozenset(words) | self.greetings | self.paid_words | self.received_words

    @cached_property
    def payment_verbs(self) -> frozenset[str]:
        """Verbs that say by themselves who paid, or will."""
        promises = {phrase for phrase in self.promise_starts.meanings if " " not in phrase}
        return self.paid_words | self.self_paid_words | self.self_sent_words | frozenset(promises)

    def is_talk(self, text: str) -> bool:
        """Is this first word no customer's name?"""
        low = text.lower()
        return low in self.not_a_customer and not (low in self.names_too and text != low)

    @cached_property
    def each_starts(self) -> frozenset[str]:
        """The words that begin "each": kila moja."""
        return frozenset(phrase.split()[0] for phrase in self.each_phrases.meanings)

    @cached_property
    def before_numbers(self) -> frozenset[str]:
        """Words before a number that end a name."""
        return self.at_words | self.times_words | self.count_leads

    @cached_property
    def small_words(self) -> frozenset[str]:
        """Words around a price that describe nothing."""
        each = {word for phrase in self.each_phrases.meanings for word in phrase.split()}
        around = self.at_words | self.times_words | self.for_words | self.price_words
        return around | self.count_leads | frozenset(each)


@cache
def language_named(code: str) -> Language:
    """The language, or English when we do not have it."""
    known = {"en", "sw"}
    wanted = code.lower().split("-")[0]
    module = import_module(
        f"hesabu.doors.chat.grammar.languages.{wanted if wanted in known else 'en'}"
    )
    language: Language = module.LANGUAGE
    return language
