"""An invoice from a message: terms cut out, then who, then what; put together and added up.

Whatever is unsure about money empties the total and says "amount" is missing, so no door can send it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hesabu.doors.chat.grammar.countries import Country, Currency
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.names import find_customer, tidy_name
from hesabu.doors.chat.grammar.numbers import (
    TOO_LARGE,
    UNREADABLE,
    amount_problem,
    read_numbers,
)
from hesabu.doors.chat.grammar.phones import FoundPhone, find_phones
from hesabu.doors.chat.grammar.pieces import (
    LINES_UNCLEAR,
    PRICE_UNCLEAR,
    TOTAL_MISMATCH,
    Draft,
    Piece,
    pieces_of,
    read_piece,
    value_of,
)
from hesabu.doors.chat.grammar.terms import Terms, cut_terms
from hesabu.doors.chat.grammar.text import Kind, Token, said, span, tokens_of, trimmed, words_of
from hesabu.doors.chat.grammar.types import (
    Customer,
    Discount,
    Intent,
    Line,
    Problem,
    Total,
    Understood,
)

PHONE_INVALID = "phone_invalid"
PHONE_OR_AMOUNT = "phone_or_amount"
PHONE_SECOND = "phone_second"
QUANTITY_WRONG = "quantity_wrong"
DISCOUNT_RANGE = "discount_out_of_range"
QUANTITY_MAX = Decimal(1_000_000)
LINES_MAX = 100
_NOT_MONEY = frozenset({PHONE_INVALID, PHONE_SECOND, "name_unclear"})
_NUMBERS = {Kind.NUMBER, Kind.BAD}


@dataclass(frozen=True)
class Setting:
    """What a message is read against."""

    country: Country
    region: str
    """The country's own code, also where we keep no data of it."""
    currency: Currency
    language: Language
    today: date
    known_names: Sequence[str] = ()


@dataclass
class _Sheet:
    """The invoice being written."""

    text: str
    setting: Setting
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_money_problem: bool = False

    def object_to(self, code: str, at: str) -> None:
        self.problems.append(Problem(code, at))
        self.has_money_problem = True


def read_invoice(text: str, setting: Setting) -> Understood:
    """Everything an invoice's message says behind its verb."""
    tokens, phone, phone_problems = read_contacts(text, setting)
    terms = cut_terms(Terms(text, setting.language, setting.currency, setting.today, tokens))
    name = _labelled(terms)
    _drop_courtesies(terms)
    rest = terms.tokens
    if name is None:
        name, rest = find_customer(rest, setting.language, setting.known_names)
    rest = [t.becoming(Kind.GAP) if t.kind is Kind.PHONE else t for t in rest]
    sheet = _Sheet(text, setting)
    _write_lines(sheet, pieces_of(rest, setting.language), terms)
    term_problems = list(terms.problems)
    is_certain = not sheet.has_money_problem and not any(
        p.code.startswith(("amount", "discount", "percent", "currency", "tax"))
        for p in term_problems
    )
    discount = terms.discount
    total = _total(sheet, discount) if is_certain else None
    if total is None and sheet.has_money_problem and discount is not None and not sheet.lines:
        discount = None
    return Understood(
        intent=Intent.INVOICE,
        customer=Customer(name, phone, terms.email),
        lines=tuple(sheet.lines),
        discount=discount,
        tax=terms.tax,
        total=total,
        due_on=terms.due_on,
        missing=_missing(name, sheet.lines, total),
        problems=tuple(_once([*phone_problems, *sheet.problems, *term_problems])),
    )


def _missing(name: str | None, lines: Sequence[Line], total: Total | None) -> tuple[str, ...]:
    missing = []
    if name is None:
        missing.append("customer")
    if total is None:
        missing.append("amount")
    if not lines or any(line.description is None for line in lines):
        missing.append("description")
    return tuple(missing)


def _once(problems: Sequence[Problem]) -> list[Problem]:
    return list(dict.fromkeys(problems))


# --- telephone numbers and amounts -----------------------------------------------------------------


def read_contacts(text: str, setting: Setting) -> tuple[list[Token], str | None, list[Problem]]:
    """The tokens of a text with all numbers read, the first telephone number, and what is wrong."""
    found = find_phones(text, setting.region)
    tokens = _tokens(text, [p for p in found if not p.is_weak], found, setting)
    weak = [p for p in found if p.is_weak]
    if weak:
        has_other = any(
            t.kind in _NUMBERS and not any(p.start <= t.start < p.end for p in weak) for t in tokens
        )
        tokens = _tokens(text, found, found, setting)
        if not has_other:
            spans = {p.start: p for p in weak}
            tokens = [
                replace(t, kind=Kind.BAD, problem=PHONE_OR_AMOUNT) if t.start in spans else t
                for t in tokens
            ]
            found = [p for p in found if not p.is_weak]
    phone: str | None = None
    problems: list[Problem] = []
    for one in found:
        if one.e164 is None:
            problems.append(Problem(PHONE_INVALID, text[one.start : one.end]))
        elif phone is None:
            phone = one.e164
        elif phone != one.e164:
            problems.append(Problem(PHONE_SECOND, text[one.start : one.end]))
    return _without_phone_labels(tokens, setting.language), phone, problems


def _tokens(
    text: str, phones: Sequence[FoundPhone], found: Sequence[FoundPhone], setting: Setting
) -> list[Token]:
    spans = [(p.start, p.end) for p in phones]
    tokens = tokens_of(text, spans)
    tokens = read_numbers(
        tokens, setting.language, setting.country.decimal_mark, setting.currency.code
    )
    if not any(t.kind in _NUMBERS for t in tokens):
        tokens = [_unreadable(t, setting.language) for t in tokens]
    return tokens


def _unreadable(token: Token, language: Language) -> Token:
    """ "nan" where an amount is wanted. "Nan" with a capital is somebody's grandmother."""
    if token.kind is Kind.WORD and token.low in language.unreadable and not token.text.istitle():
        return replace(token, kind=Kind.BAD, problem=UNREADABLE)
    return token


def _without_phone_labels(tokens: list[Token], language: Language) -> list[Token]:
    read = list(tokens)
    for at, token in enumerate(tokens):
        if token.kind is not Kind.PHONE:
            continue
        before = at - 1
        while before >= 0 and (
            read[before].low in language.phone_labels or read[before].low in ":.-("
        ):
            read[before] = read[before].becoming(Kind.GAP)
            before -= 1
        if at + 1 < len(read) and read[at + 1].low == ")":
            read[at + 1] = read[at + 1].becoming(Kind.GAP)
    return read


# --- labels and courtesies -------------------------------------------------------------------------


def _labelled(terms: Terms) -> str | None:
    """ "Name: Jane" and "Item: logo": the label goes, the name is taken."""
    name: str | None = None
    words = words_of(terms.tokens)
    for at, token in enumerate(terms.tokens):
        begins = at == 0 or terms.tokens[at - 1].kind in {Kind.BREAK, Kind.COMMA}
        if not begins or token.kind is not Kind.WORD:
            continue
        colon = next((c for c in range(at + 1, min(at + 4, len(words))) if words[c] == ":"), None)
        if colon is None:
            continue
        role = terms.language.labels.get(" ".join(words[at:colon]))
        if role is None or role == "due":
            continue
        terms.cut(at, colon + 1)
        if role == "customer" and name is None:
            stop = colon + 1
            while stop < len(words) and terms.tokens[stop].kind in {Kind.WORD, Kind.MARK}:
                stop += 1
            name = tidy_name(said(terms.tokens[colon + 1 : stop]))
            if name is not None:
                terms.cut(colon + 1, stop)
    return name


def _drop_courtesies(terms: Terms) -> None:
    """ "... please", "thank you" at the end."""
    at = len(terms.tokens) - 1
    polite = terms.language.polite_lines
    while at >= 0:
        token = terms.tokens[at]
        is_edge = token.kind in {Kind.GAP, Kind.PHONE, Kind.BREAK, Kind.COMMA}
        is_edge = is_edge or (token.kind is Kind.MARK and token.low in ".!?")
        if token.low in polite and token.kind is Kind.WORD and at > 0:
            terms.cut(at, at + 1)
        elif not is_edge:
            return
        at -= 1


# --- lines -----------------------------------------------------------------------------------------


def _write_lines(sheet: _Sheet, pieces: Sequence[Piece], terms: Terms) -> None:
    drafts = _paired(sheet, pieces)
    if terms.total is not None and len(drafts) == 1 and drafts[0].price is None:
        _price_by_total(drafts[0], terms.total)
        stated = None
    else:
        stated = terms.total
    for draft in drafts[:LINES_MAX]:
        line = _line(sheet, draft)
        if line is not None:
            sheet.lines.append(line)
    if len(drafts) > LINES_MAX:
        sheet.object_to("lines_too_many", str(len(drafts)))
    if stated is not None:
        _compare(sheet, stated, terms.discount)


def _paired(sheet: _Sheet, pieces: Sequence[Piece]) -> list[Draft]:
    """Words without a price join a price without words, before it or behind it."""
    drafts: list[Draft] = []
    waiting: Draft | None = None
    language = sheet.setting.language
    for piece in pieces:
        draft = read_piece(piece.tokens, language)
        if draft.is_words_only:
            if not any(t.kind in {Kind.WORD, Kind.NUMBER, Kind.BAD} for t in draft.words):
                continue
            last = drafts[-1] if drafts else None
            if last is not None and last.price is not None and not last.words:
                last.words = draft.words
            elif (
                last is not None and last.price is not None and piece.separator in {"comma", "and"}
            ):
                last.words = [*last.words, *_rejoined(sheet, last, draft)]
            elif waiting is not None:
                waiting.words = [*waiting.words, *_rejoined(sheet, waiting, draft)]
            else:
                waiting = draft
            continue
        last = drafts[-1] if drafts else None
        if _is_text_after_for(draft, last, piece):
            assert last is not None
            last.words = [*last.words, *piece.tokens]
            continue
        if draft.price is not None and not draft.words and draft.problem is None:
            if waiting is not None:
                draft.words, waiting = waiting.words, None
            elif last is not None:
                draft.problem = LINES_UNCLEAR
        elif waiting is not None:
            if draft.words and piece.separator == "comma":
                draft.words = [*waiting.words, *draft.words]
            else:
                drafts.append(waiting)
            waiting = None
        drafts.append(draft)
    if waiting is not None:
        drafts.append(waiting)
    return drafts


def _rejoined(sheet: _Sheet, before: Draft, draft: Draft) -> list[Token]:
    """The words of a list, with the comma or "and" that stood between them."""
    if not before.words or not draft.words:
        return draft.words
    between = sheet.text[before.words[-1].end : draft.words[0].start].strip()
    if between in {",", ";"} and before.words[-1].end < draft.words[0].start:
        end = before.words[-1].end
        return [Token(Kind.COMMA, between, between, end, end + 1), *draft.words]
    return draft.words


def _is_text_after_for(draft: Draft, last: Draft | None, piece: Piece) -> bool:
    """ "5000 for 2 hats, 3 bags": the bags belong to the five thousand."""
    return (
        last is not None
        and last.is_for
        and draft.quantity is not None
        and draft.price is None
        and draft.problem is None
        and piece.separator in {"comma", "and"}
    )


def _price_by_total(draft: Draft, total: Token) -> None:
    """ "3 bags = 2550": the price of all of them, as one line."""
    if draft.quantity is not None:
        draft.words = [draft.quantity, *draft.words]
        draft.quantity = None
    draft.price = total


def _line(sheet: _Sheet, draft: Draft) -> Line | None:
    description = _measured(sheet, draft) or describe(draft.words)
    everything = [*draft.words, *(t for t in (draft.quantity, draft.price) if t is not None)]
    where = span(sheet.text, everything)
    if draft.problem is not None:
        bad = next((t for t in everything if t.kind is Kind.BAD), None)
        if bad is not None:
            sheet.object_to(bad.problem or UNREADABLE, bad.text)
        else:
            sheet.object_to(draft.problem, where)
        return Line(_words_alone(draft) or description, Decimal(1), None)
    quantity = _quantity(sheet, draft)
    if draft.price is None:
        if description is None:
            return None
        return Line(description, quantity or Decimal(1), None)
    problem = amount_problem(draft.price, sheet.setting.currency)
    if problem is not None:
        sheet.object_to(problem, draft.price.text)
        return Line(description, quantity or Decimal(1), None)
    if quantity is None:
        return Line(description, Decimal(1), None)
    price = value_of(draft.price)
    if draft.total is not None and not _agrees(sheet, quantity * price, draft.total):
        sheet.object_to(TOTAL_MISMATCH, span(sheet.text, [*everything, draft.total]))
    return Line(description, quantity, price)


def _measured(sheet: _Sheet, draft: Draft) -> str | None:
    """ "2kg sugar" → "Sugar (kg)"; "bags of cement" and plain "bags" stay as they are."""
    if draft.quantity is None or len(draft.words) < 2:
        return None
    unit, following = draft.words[0], draft.words[1]
    if unit.low not in sheet.setting.language.units or following.kind is not Kind.WORD:
        return None
    if following.low in sheet.setting.language.of_words:
        return None
    what = describe(draft.words[1:])
    return None if what is None else f"{what} ({unit.low})"


def _words_alone(draft: Draft) -> str | None:
    return describe([t for t in draft.words if t.kind not in _NUMBERS])


def _quantity(sheet: _Sheet, draft: Draft) -> Decimal | None:
    if draft.quantity is None:
        return Decimal(1)
    quantity = value_of(draft.quantity)
    if not 0 < quantity <= QUANTITY_MAX or quantity != round(quantity, 3):
        sheet.object_to(QUANTITY_WRONG, draft.quantity.text)
        return None
    return quantity


def describe(tokens: Sequence[Token]) -> str | None:
    """The writer's words, with a capital in front; little words that only led to them left out."""
    kept = list(tokens)
    while kept and (kept[0].low in _LEADING or kept[0].kind is Kind.COMMA):
        kept.pop(0)
    while kept and (kept[-1].low in _TRAILING or kept[-1].kind is Kind.COMMA):
        kept.pop()
    words = trimmed(said(kept))
    if not any(c.isalnum() for c in words):
        return None
    first = words.split()[0]
    return words[:1].upper() + words[1:] if first == first.lower() else words


_LEADING = frozenset({"for", "of", "worth", "being", "is", "and", "&", "+", "to", "-", "as"})
_TRAILING = frozenset({"for", "of", "and", "&", "+", "at", "is", "to", "-", "with", "due"})


# --- sums ------------------------------------------------------------------------------------------


def _total(sheet: _Sheet, discount: Discount | None) -> Total | None:
    """The lines less the discount, rounded to the currency's smallest coin; None unless certain."""
    if not sheet.lines or any(line.unit_price is None for line in sheet.lines):
        return None
    currency = sheet.setting.currency
    gross = sum((_of(line) for line in sheet.lines), Decimal(0))
    net = _less(gross, discount)
    amount = _rounded(net, currency)
    if amount <= 0:
        code = DISCOUNT_RANGE if discount is not None else "amount_not_positive"
        sheet.object_to(code, "" if discount is None else f"{discount.amount or discount.percent}")
        return None
    if gross > currency.largest:
        sheet.object_to(TOO_LARGE, f"{gross:f}")
        return None
    return Total(amount, currency.code)


def _of(line: Line) -> Decimal:
    return line.quantity * (line.unit_price or Decimal(0))


def _less(gross: Decimal, discount: Discount | None) -> Decimal:
    if discount is None:
        return gross
    if discount.percent is not None:
        return gross - gross * discount.percent / 100
    return gross - (discount.amount or Decimal(0))


def _rounded(amount: Decimal, currency: Currency) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-currency.decimals), ROUND_HALF_UP)


def _agrees(sheet: _Sheet, amount: Decimal, stated: Token) -> bool:
    return stated.kind is Kind.NUMBER and _rounded(amount, sheet.setting.currency) == stated.value


def _compare(sheet: _Sheet, stated: Token, discount: Discount | None) -> None:
    """A total said beside the lines must be their sum, with or without the discount."""
    problem = amount_problem(stated, sheet.setting.currency)
    if problem is not None:
        sheet.object_to(problem, stated.text)
        return
    if any(line.unit_price is None for line in sheet.lines) or not sheet.lines:
        return
    gross = sum((_of(line) for line in sheet.lines), Decimal(0))
    if not (_agrees(sheet, gross, stated) or _agrees(sheet, _less(gross, discount), stated)):
        sheet.object_to(TOTAL_MISMATCH, stated.text)


__all__ = ["PRICE_UNCLEAR", "Setting", "describe", "read_contacts", "read_invoice"]
