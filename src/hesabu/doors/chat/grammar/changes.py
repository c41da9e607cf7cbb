"""Changes to what was said before: "make it 80k", "change due to Friday", "plus VAT"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import UNCLEAR, is_price_like
from hesabu.doors.chat.grammar.answers import parse_quantity
from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.dates import read_day
from hesabu.doors.chat.grammar.lines import describe
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.payments import honest_amount
from hesabu.doors.chat.grammar.references import reference_at
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.terms import Terms, cut_terms, take_discount
from hesabu.doors.chat.grammar.text import Kind, Token, span, tokens_of
from hesabu.doors.chat.grammar.types import (
    Customer,
    Intent,
    Line,
    Problem,
    Total,
    Understood,
)

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
_NUMBERS = {Kind.NUMBER, Kind.BAD}


def read_change(rest: str, setting: Setting) -> Understood | None:
    """ "change amount to 80k", "change due to Friday", "make it 80k", "change INV-0007"."""
    language = setting.language
    tokens = tokens_of(rest)
    reference = None
    at = _after_marks(tokens, 0)
    while at < len(tokens) and tokens[at].low in language.change_fillers:
        at += 1
    if found := reference_at(tokens, at, language):
        reference, at = found[1], at + found[0]
    name_of_field, taken = _field_at(tokens, at, language.change_fields)
    at += taken
    while at < len(tokens) and (
        tokens[at].kind in _MARKS or tokens[at].low in language.change_links
    ):
        if tokens[at].low in "-+$€£" and tokens[at].kind is Kind.MARK and tokens[at].low != "-":
            break
        at += 1
    if at >= len(tokens):
        return Understood(Intent.CHANGE, reference=reference, topic=name_of_field)
    value = rest[tokens[at].start :].strip()
    if name_of_field == "customer":
        return Understood(
            Intent.CHANGE,
            customer=Customer(tidy_name(value, language)),
            reference=reference,
            topic="customer",
        )
    if name_of_field == "description":
        line = Line(describe(tokens_of(value), language), Decimal(1), None)
        return Understood(Intent.CHANGE, lines=(line,), reference=reference, topic="description")
    if name_of_field == "quantity":
        quantity, problem = parse_quantity(value, language=language.code)
        problems = (problem,) if problem else ()
        lines = (Line(None, quantity, None),) if quantity is not None else ()
        return Understood(
            Intent.CHANGE, lines=lines, reference=reference, topic="quantity", problems=problems
        )
    if name_of_field == "language":
        return read_language(value, setting)
    changed = read_terms_alone(value, setting, name_of_field)
    if changed is None:
        return Understood(
            Intent.CHANGE, reference=reference, topic=name_of_field, missing=("change",)
        )
    return replace(changed, reference=reference)


def _after_marks(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind in {Kind.COMMA, Kind.BREAK}:
        at += 1
    return at


def _field_at(tokens: Sequence[Token], at: int, fields: object) -> tuple[str | None, int]:
    assert isinstance(fields, dict)
    for length in (2, 1):
        words = " ".join(t.low for t in tokens[at : at + length])
        if words in fields:
            return str(fields[words]), length
    return None, 0


def read_terms_alone(
    text: str, setting: Setting, name_of_field: str | None = None
) -> Understood | None:
    """A message that is nothing but a new day, tax, discount, telephone number or amount."""
    tokens, phone, problems = read_contacts(text, setting)
    if name_of_field in {"due", "discount"} and (
        changed := _read_field(text, tokens, setting, name_of_field)
    ):
        return changed
    terms = cut_terms(Terms(text, setting.language, setting.currency, setting.today, tokens))
    problems = [*problems, *terms.problems]
    rest = [t for t in terms.tokens if t.kind not in {Kind.GAP, Kind.PHONE, *_MARKS}]
    rest = [
        t for t in rest if t.low not in setting.language.polite_lines | setting.language.only_words
    ]
    total: Total | None = None
    topic = name_of_field
    if rest:
        if len(rest) > 1 or rest[0].kind not in _NUMBERS:
            return None
        number = rest[0]
        if name_of_field not in {None, "amount"}:
            return None
        if name_of_field is None and not is_price_like(number):
            problems.append(Problem(UNCLEAR, number.text))
        else:
            amount = honest_amount(number, setting, problems)
            total = None if amount is None else Total(amount, setting.currency.code)
        topic = "amount"
    elif terms.due_on is not None:
        topic = "due"
    elif terms.tax is not None:
        topic = "tax"
    elif terms.discount is not None:
        topic = "discount"
    elif phone is not None:
        topic = "phone"
    elif not problems:
        return None
    return Understood(
        Intent.CHANGE,
        customer=Customer(phone=phone),
        discount=terms.discount,
        tax=terms.tax,
        total=total,
        due_on=terms.due_on,
        topic=topic,
        problems=tuple(problems),
    )


def _read_field(
    text: str, tokens: list[Token], setting: Setting, name_of_field: str
) -> Understood | None:
    """A day or a discount whose name was said before it: change due to *Friday*."""
    language = setting.language
    polite = language.polite_lines | language.instead_words | {".", "!"}
    while tokens and tokens[-1].low in polite:
        tokens = tokens[:-1]
    if name_of_field == "due":
        day = read_day(tokens, 0, setting.today, language, is_led=True)
        if day is None or day.length < len(tokens):
            return None
        problems = (Problem(day.problem, span(text, tokens)),) if day.problem else ()
        return Understood(Intent.CHANGE, due_on=day.on, topic="due", problems=problems)
    if len(tokens) != 1 or tokens[0].kind not in {*_NUMBERS, Kind.PERCENT}:
        return None
    terms = Terms(text, language, setting.currency, setting.today, tokens)
    take_discount(terms, tokens[0], 0, 1)
    return Understood(
        Intent.CHANGE,
        discount=terms.discount,
        topic="discount",
        problems=tuple(terms.problems),
    )


def read_language(rest: str, setting: Setting) -> Understood | None:
    words = rest.lower().split()
    known = next(
        (setting.language.languages[w] for w in words if w in setting.language.languages), None
    )
    if known is None:
        return None
    return Understood(Intent.LANGUAGE, topic=known)
