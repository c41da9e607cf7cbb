"""The lines of an invoice, and what they come to.

Whatever is unsure about money is objected to, and the sheet then has no total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from hesabu.doors.chat.grammar.amounts import (
    NOT_POSITIVE,
    QUANTITY_WRONG,
    TOO_LARGE,
    UNREADABLE,
    amount_problem,
    is_count,
)
from hesabu.doors.chat.grammar.countries import Currency
from hesabu.doors.chat.grammar.discounts import DISCOUNT_RANGE
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.pieces import (
    LINES_UNCLEAR,
    PRICE_UNCLEAR,
    TOTAL_MISMATCH,
    Draft,
    read_piece,
    value_of,
)
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.splitting import Piece
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import (
    NUMBERS,
    Kind,
    Token,
    said,
    span,
    tokens_of,
    trimmed,
    words_of,
)
from hesabu.doors.chat.grammar.types import Discount, Line, Problem, Total

WHICH_ITEM = "which_item"
LINES_TOO_MANY = "lines_too_many"
LINES_MAX = 100


@dataclass
class Sheet:
    """The invoice being written."""

    text: str
    setting: Setting
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_money_problem: bool = False

    def object_to(self, code: str, at: str, choices: tuple[str, ...] = ()) -> None:
        self.problems.append(Problem(code, at, choices))
        self.has_money_problem = True

    def as_written(self, words: str, otherwise: str) -> str:
        """Words of a description as they stand in the message, where they stand there together."""
        found = re.search(re.escape(words), self.text, re.IGNORECASE)
        return found[0] if found else otherwise


def write_lines(sheet: Sheet, pieces: Sequence[Piece], terms: Terms) -> None:
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
        sheet.object_to(LINES_TOO_MANY, str(len(drafts)))
    if stated is not None:
        _compare(sheet, stated, terms.discount)


def _paired(sheet: Sheet, pieces: Sequence[Piece]) -> list[Draft]:
    """Words without a price join a price without words, before it or behind it."""
    drafts: list[Draft] = []
    waiting: Draft | None = None
    language = sheet.setting.language
    for piece in pieces:
        draft = read_piece(piece.tokens, language)
        if draft.is_words_only and _is_sold(sheet, draft):
            draft.is_item = True
        if draft.is_words_only:
            if not any(t.kind in {Kind.WORD, Kind.NUMBER, Kind.BAD} for t in draft.words):
                continue
            last = drafts[-1] if drafts else None
            if last is not None and last.price is not None and not last.words:
                last.words = draft.words
            elif (
                last is not None and last.price is not None and piece.separator in {"comma", "and"}
            ):
                last.words = [*last.words, *_rejoined(last, draft, piece)]
            elif waiting is not None:
                waiting.words = [*waiting.words, *_rejoined(waiting, draft, piece)]
            else:
                waiting = draft
            continue
        last = drafts[-1] if drafts else None
        if _is_text_after_for(draft, last, piece):
            assert last is not None
            last.words = [*last.words, *_rejoined(last, Draft(list(piece.tokens)), piece)]
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


def _is_sold(sheet: Sheet, draft: Draft) -> bool:
    """ "wig, shoe": two things that are sold, each a line of its own."""
    found = sheet.setting.items.like([t.low for t in draft.words])
    return found.is_exact


def _rejoined(before: Draft, draft: Draft, piece: Piece) -> list[Token]:
    """The words of a list, with the comma that stood between them."""
    if not before.words or not draft.words or piece.separator != "comma":
        return draft.words
    end = before.words[-1].end
    return [Token(Kind.COMMA, ",", ",", end, end + 1), *draft.words]


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


def _line(sheet: Sheet, draft: Draft) -> Line | None:
    language = sheet.setting.language
    is_counted = draft.quantity is not None
    description = _counted(sheet, draft.words) if is_counted else describe(draft.words, language)
    everything = [*draft.words, *(t for t in (draft.quantity, draft.price) if t is not None)]
    where = span(sheet.text, everything)
    if draft.problem is not None:
        bad = next((t for t in everything if t.kind is Kind.BAD), None)
        if bad is not None:
            sheet.object_to(bad.problem or UNREADABLE, bad.text)
        else:
            sheet.object_to(draft.problem, where)
        count = value_of(draft.quantity)
        words = [t for t in draft.words if t.kind not in NUMBERS]
        description = _counted(sheet, words) if is_counted else describe(words, language)
        return Line(description, count if is_count(count) else Decimal(1), None)
    quantity = _quantity(sheet, draft)
    if draft.price is None:
        if description is None:
            sheet.object_to(PRICE_UNCLEAR, where)
            return None
        return Line(_as_sold(sheet, description, where), quantity or Decimal(1), None)
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


def _as_sold(sheet: Sheet, description: str, where: str) -> str:
    """The name under which it is sold; of several that may be meant, none."""
    items = sheet.setting.items
    if not items:
        return description
    tokens = tokens_of(description)
    found = items.like(words_of(tokens))
    bracket = next((at for at, t in enumerate(tokens) if t.low == "("), 0)
    if bracket and not found.names:
        found = items.like(words_of(tokens[:bracket]))
    if len(found.names) == 1 and (found.is_exact or found.is_slip):
        return found.names[0]
    if found.names:
        sheet.object_to(WHICH_ITEM, sheet.as_written(description, where), found.names)
    return description


def _counted(sheet: Sheet, words: Sequence[Token]) -> str | None:
    """What is counted: "2kg sugar" → "Sugar (kg)"; "bags of cement" and plain "bags" stay as they are."""
    language = sheet.setting.language
    if len(words) > 1 and words[0].low in language.units and words[1].kind is Kind.WORD:
        what = None if words[1].low in language.of_words else describe(words[1:], language)
        if what is not None:
            return f"{what} ({words[0].low})"
    return describe(words, language)


def _quantity(sheet: Sheet, draft: Draft) -> Decimal | None:
    if draft.quantity is None:
        return Decimal(1)
    quantity = value_of(draft.quantity)
    if not is_count(quantity):
        sheet.object_to(QUANTITY_WRONG, draft.quantity.text)
        return None
    return quantity


def describe(tokens: Sequence[Token], language: Language) -> str | None:
    """The writer's words, with a capital in front; little words that only led to them left out."""
    kept = sorted(tokens, key=lambda token: token.start)
    while kept and (kept[0].low in language.description_leads or kept[0].kind is Kind.COMMA):
        kept.pop(0)
    while kept and (kept[-1].low in language.description_ends or kept[-1].kind is Kind.COMMA):
        kept.pop()
    words = trimmed(said(kept))
    if not any(c.isalnum() for c in words):
        return None
    first = words.split()[0]
    return words[:1].upper() + words[1:] if first == first.lower() else words


# --- sums ------------------------------------------------------------------------------------------


def total_of(sheet: Sheet, terms: Terms) -> Total | None:
    """The lines less the discount, rounded to the currency's smallest coin; None unless certain."""
    if not sheet.lines or any(line.unit_price is None for line in sheet.lines):
        return None
    currency = sheet.setting.currency
    gross = sum((_of(line) for line in sheet.lines), Decimal(0))
    amount = _rounded(_less(gross, terms.discount), currency)
    if amount <= 0:
        sheet.object_to(DISCOUNT_RANGE if terms.discount else NOT_POSITIVE, terms.discount_said)
        terms.discount = None
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


def _agrees(sheet: Sheet, amount: Decimal, stated: Token) -> bool:
    return stated.kind is Kind.NUMBER and _rounded(amount, sheet.setting.currency) == stated.value


def _compare(sheet: Sheet, stated: Token, discount: Discount | None) -> None:
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
