"""Changes to what was said before: "make it 80k", "change due to Friday", "add 2 wigs at 500", "remove the delivery"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from hesabu.doors.chat.grammar.alone import day_alone, read_language, read_terms_alone
from hesabu.doors.chat.grammar.answers import parse_quantity
from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.invoice import read_lines
from hesabu.doors.chat.grammar.lines import describe
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.objects import less_possessive
from hesabu.doors.chat.grammar.references import reference_at
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import NUMBERS, Kind, Token, said, tokens_of, words_of
from hesabu.doors.chat.grammar.types import Customer, Intent, Line, Tax, TaxMode, Understood

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}
_LOOKED_AT_MAX = 60
_OWNER_WORDS_MAX = 5
_CORRECTION_WORDS_MAX = 20
ADD, REMOVE = "add", "remove"
"""Topics of a change that is of a line."""


def read_change(rest: str, topic: str | None, setting: Setting) -> Understood | None:
    """What is to be changed, of which document, and to what."""
    rest, reference = _less_reference(rest, setting)
    rest, owner = _less_owner(rest, setting)
    readers = {ADD: _added, REMOVE: _removed}
    if topic in readers:
        understood = readers[topic](rest, setting)
    else:
        understood = _field_changed(rest, setting, topic)
    if understood is None:
        return None
    customer = understood.customer
    if owner is not None and customer.name is None:
        customer = replace(customer, name=owner)
    return replace(understood, reference=reference, customer=customer)


def _less_reference(rest: str, setting: Setting) -> tuple[str, str | None]:
    """The text without a document's number, "of INV-0007", wherever it stands."""
    tokens = tokens_of(rest)[:_LOOKED_AT_MAX]
    language = setting.language
    for at in range(len(tokens)):
        found = reference_at(tokens, at, language)
        if found is None or tokens[at].kind is Kind.CHUNK:
            continue  # a bare 0722 is a telephone number's
        start, stop = at, at + found[0]
        while start and tokens[start - 1].low in language.change_fillers | language.change_links:
            start -= 1
        before = rest[: tokens[start].start]
        return f"{before} {rest[tokens[stop - 1].end :]}", found[1]
    return rest, None


def _less_owner(rest: str, setting: Setting) -> tuple[str, str | None]:
    """ "Jane's invoice due to Monday" → due to Monday, Jane."""
    tokens = tokens_of(rest)[: _OWNER_WORDS_MAX + 2]
    language = setting.language
    start = 0
    while start < len(tokens) and tokens[start].low in language.change_fillers:
        start += 1
    for at in range(start, min(len(tokens), start + _OWNER_WORDS_MAX)):
        if tokens[at].kind is not Kind.WORD:
            break
        bare = less_possessive(tokens[at], language)
        if bare == tokens[at]:
            continue
        stop = at + 1
        while stop < len(tokens) and tokens[stop].low in language.document_words:
            stop += 1
        name = tidy_name(said([*tokens[start:at], bare]), language)
        behind = rest[tokens[stop].start :] if stop < len(tokens) else ""
        return (rest, None) if name is None else (behind, name)
    return rest, None


# --- a field ----------------------------------------------------------------------------------------


def _field_changed(rest: str, setting: Setting, named: str | None = None) -> Understood | None:
    """ "amount to 80k", "due to Friday", "80k"; ``named``: the field that was said before it."""
    language = setting.language
    tokens = tokens_of(rest)
    at = 0
    while at < len(tokens) and (
        tokens[at].kind in {Kind.COMMA, Kind.BREAK} or tokens[at].low in language.change_fillers
    ):
        at += 1
    name_of_field, taken = _field_at(tokens, at, language.change_fields)
    name_of_field = name_of_field or named
    at += taken
    while at < len(tokens) and _is_link(tokens[at], setting):
        at += 1
    if at >= len(tokens):
        return Understood(Intent.CHANGE, topic=name_of_field)
    value = rest[tokens[at].start :].strip()
    if name_of_field == "customer":
        name = tidy_name(value, language)
        return Understood(Intent.CHANGE, customer=Customer(name), topic="customer")
    if name_of_field == "description":
        line = Line(describe(tokens_of(value), language), Decimal(1), None)
        return Understood(Intent.CHANGE, lines=(line,), topic="description")
    if name_of_field == "quantity":
        return _quantity_changed(value, setting)
    if name_of_field == "language":
        return read_language(value, setting)
    changed = read_terms_alone(value, setting, name_of_field)
    return changed or Understood(Intent.CHANGE, topic=name_of_field, missing=("change",))


def _is_link(token: Token, setting: Setting) -> bool:
    """ "to", ":", "="; but the sign of a number or of a currency is no link."""
    if token.kind in _MARKS:
        return token.low not in {"+", "$", "€", "£", "₦"}
    return token.low in setting.language.change_links


def _field_at(
    tokens: Sequence[Token], at: int, fields: Mapping[str, str]
) -> tuple[str | None, int]:
    for length in (2, 1):
        words = " ".join(t.low for t in tokens[at : at + length])
        if words in fields:
            return fields[words], min(length, len(tokens) - at)
    return None, 0


def _quantity_changed(value: str, setting: Setting) -> Understood:
    quantity, problem = parse_quantity(value, language=setting.language.code)
    lines = (Line(None, quantity, None),) if quantity is not None else ()
    problems = (problem,) if problem else ()
    return Understood(Intent.CHANGE, lines=lines, topic="quantity", problems=problems)


# --- a line -----------------------------------------------------------------------------------------


def _added(rest: str, setting: Setting) -> Understood | None:
    """ "add 2 wigs at 500"; "add 10% discount" and "add VAT" are terms."""
    language = setting.language
    tokens, _, _ = read_contacts(rest, setting)
    tokens = [t for t in tokens if t.kind not in {Kind.GAP, *_MARKS}]
    while tokens and tokens[0].low in language.change_fillers | language.article_words:
        tokens = tokens[1:]
    rest = rest[tokens[0].start :] if tokens else ""
    terms = read_terms_alone(f"+ {rest}", setting)  # a tax that is added comes on top
    if terms is not None and terms.topic not in {None, "amount"}:
        return terms
    if not tokens or tokens[0].low in language.nobody:
        return None
    field, _ = _field_at(tokens, 0, language.change_fields)
    if field is not None and not any(t.kind in NUMBERS for t in tokens):
        return Understood(Intent.CHANGE, topic=field if field != "description" else ADD)
    lines, problems = read_lines(rest, setting)
    if not lines and not problems:
        return None
    missing = ("description",) if any(line.description is None for line in lines) else ()
    return Understood(
        Intent.CHANGE, lines=tuple(lines), topic=ADD, missing=missing, problems=tuple(problems)
    )


def _removed(rest: str, setting: Setting) -> Understood | None:
    """ "remove the delivery", "remove line 2"; "remove the discount" and "remove VAT" are terms."""
    language = setting.language
    tokens = tokens_of(rest)
    fillers = language.change_fillers | language.article_words
    while tokens and (tokens[0].low in fillers or tokens[0].kind in _MARKS):
        tokens = tokens[1:]
    while tokens and (tokens[-1].low in language.polite_lines or tokens[-1].kind in _MARKS):
        tokens = tokens[:-1]
    if not tokens:
        return None
    field, taken = _field_at(tokens, 0, language.change_fields)
    if field is not None and taken == len(tokens):
        if field == "tax":
            return Understood(Intent.CHANGE, tax=Tax(TaxMode.NONE), topic="tax")
        if field in {"discount", "deposit", "due", "phone", "email"}:
            return Understood(Intent.CHANGE, topic=f"no_{field}")
    if field == "description" and taken + 1 == len(tokens) and tokens[-1].text.isdecimal():
        number = int(tokens[-1].text) if len(tokens[-1].text) < 4 else None
        return Understood(Intent.CHANGE, number=number, topic=REMOVE)
    lines, problems = read_lines(rest[tokens[0].start : tokens[-1].end], setting)
    if any(problem.code.startswith(("amount", "price", "lines")) for problem in problems):
        return Understood(Intent.CHANGE, topic=REMOVE, missing=("description",))
    kept = tuple(replace(line, unit_price=None) for line in lines if line.description)
    missing = () if kept else ("description",)
    return Understood(Intent.CHANGE, lines=kept, topic=REMOVE, missing=missing)


# --- an answer to one of our messages ---------------------------------------------------------------


def read_correction(text: str, setting: Setting) -> Understood | None:
    """ "80k", "80000", "Monday instead", "no, make it 80k": where it is clear what it is about."""
    language = setting.language
    tokens = tokens_of(text)
    if len(tokens) > _CORRECTION_WORDS_MAX:
        return None
    words, at = words_of(tokens), 0
    while at < len(tokens) and (
        tokens[at].kind in {Kind.COMMA, Kind.BREAK} or language.correction_leads.at(words, at)
    ):
        lead = language.correction_leads.at(words, at)
        at += lead[0] if lead else 1
    if at >= len(tokens):
        return None
    value = text[tokens[at].start :]
    bare, _, _ = read_contacts(value, setting)
    polite = language.polite_lines | language.instead_words | {".", "!", "?"}
    while bare and bare[-1].low in polite:
        bare = bare[:-1]
    if bare and (day := day_alone(value, bare, setting)) is not None:
        return day
    changed = read_terms_alone(value, setting)
    if changed is None or changed.topic is None:
        return None
    is_a_choice = (
        changed.topic == "amount" and at == 0 and changed.total is None and value.isdecimal()
    )
    return None if is_a_choice else changed
