"""One thing about an invoice, said alone: a new day, amount, tax, discount, deposit, telephone number or e-mail."""

from __future__ import annotations

from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import UNCLEAR, is_price_like
from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.cutting import cut_terms
from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.deposits import take_deposit
from hesabu.doors.chat.grammar.discounts import take_discount
from hesabu.doors.chat.grammar.payments import honest_amount
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, span, words_of
from hesabu.doors.chat.grammar.types import (
    Customer,
    Discount,
    Intent,
    Problem,
    Tax,
    Total,
    Understood,
)

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
_SAID_WORDS_MAX = 8


def read_terms_alone(
    text: str, setting: Setting, name_of_field: str | None = None
) -> Understood | None:
    """A message that is nothing but one thing about an invoice. With the name of that thing, its bare value is enough."""
    language = setting.language
    tokens, phone, problems = read_contacts(text, setting)
    if name_of_field in _READ_FIELDS:
        changed = _READ_FIELDS[name_of_field](text, _bare(tokens, setting), setting)
        if changed is not None:
            return changed
    terms = cut_terms(Terms(text, language, setting.currency, setting.today, tokens))
    problems = [*problems, *terms.problems]
    rest = [t for t in terms.tokens if t.kind not in {Kind.GAP, Kind.PHONE, *_MARKS}]
    polite = language.polite_lines | language.only_words | language.instead_words
    rest = [t for t in rest if t.low not in polite]
    total: Total | None = None
    topic = name_of_field
    if rest:
        if len(rest) > 1 or rest[0].kind not in NUMBERS or name_of_field not in {None, "amount"}:
            return None
        if name_of_field is None and not is_price_like(rest[0]):
            problems.append(Problem(UNCLEAR, rest[0].text))
        else:
            amount = honest_amount(rest[0], setting, problems)
            total = None if amount is None else Total(amount, setting.currency.code)
        topic = "amount"
    else:
        topic = _said(terms, phone) or topic
        if topic is None and not problems:
            return None
    return Understood(
        Intent.CHANGE,
        customer=Customer(phone=phone, email=terms.email),
        discount=terms.discount,
        deposit=terms.deposit,
        tax=terms.tax,
        total=total,
        due_on=terms.due_on,
        topic=topic,
        problems=tuple(problems),
    )


def _said(terms: Terms, phone: str | None) -> str | None:
    """Which of its terms a message spoke of."""
    said = {
        "due": terms.due_on,
        "tax": terms.tax,
        "discount": terms.discount,
        "deposit": terms.deposit,
        "phone": phone,
        "email": terms.email,
    }
    return next((topic for topic, value in said.items() if value is not None), None)


def _bare(tokens: list[Token], setting: Setting) -> list[Token]:
    """Without the courtesies behind it."""
    polite = setting.language.polite_lines | setting.language.instead_words | {".", "!"}
    while tokens and tokens[-1].low in polite:
        tokens = tokens[:-1]
    return tokens


# --- a value whose name was said before it: change due to *Friday* ----------------------------------


def day_alone(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    day = read_day(tokens, 0, setting.today, setting.language, is_led=True)
    if day is None or day.length < len(tokens):
        return None
    problems = (Problem(day.problem, span(text, tokens)),) if day.problem else ()
    return Understood(Intent.CHANGE, due_on=day.on, topic="due", problems=problems)


def _part_alone(
    text: str, tokens: list[Token], setting: Setting, *, is_deposit: bool
) -> Understood | None:
    share = setting.language.shares.at(words_of(tokens[:_SAID_WORDS_MAX]), 0)
    terms = Terms(text, setting.language, setting.currency, setting.today, list(tokens))
    take = take_deposit if is_deposit else take_discount
    if share is not None and share[0] == len(tokens):
        value: Token | Discount = Discount(percent=Decimal(share[1]))
    elif len(tokens) == 1 and tokens[0].kind in {*NUMBERS, Kind.PERCENT}:
        value = tokens[0]
    else:
        return None
    take(terms, value, 0, len(tokens))
    return Understood(
        Intent.CHANGE,
        discount=terms.discount,
        deposit=terms.deposit,
        topic="deposit" if is_deposit else "discount",
        problems=tuple(terms.problems),
    )


def _discount_alone(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    return _part_alone(text, tokens, setting, is_deposit=False)


def _deposit_alone(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    return _part_alone(text, tokens, setting, is_deposit=True)


def _tax_alone(text: str, tokens: list[Token], setting: Setting) -> Understood | None:
    """ "change VAT to inclusive"."""
    modes = {
        setting.language.tax_words[t.low] for t in tokens if t.low in setting.language.tax_words
    }
    if len(modes) != 1 or len(tokens) > _SAID_WORDS_MAX // 2:
        return None
    return Understood(Intent.CHANGE, tax=Tax(modes.pop()), topic="tax")


_READ_FIELDS = {
    "due": day_alone,
    "discount": _discount_alone,
    "deposit": _deposit_alone,
    "tax": _tax_alone,
}


def read_language(rest: str, setting: Setting) -> Understood | None:
    words = rest.lower().split()
    known = next(
        (setting.language.languages[w] for w in words if w in setting.language.languages), None
    )
    return None if known is None else Understood(Intent.LANGUAGE, topic=known)
