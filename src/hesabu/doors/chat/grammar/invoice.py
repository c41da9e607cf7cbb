"""An invoice from a message: terms cut out, then who, then what; put together and added up.

Whatever is unsure about money empties the total and says "amount" is missing, so no door can send it on.
"""

from __future__ import annotations

from collections.abc import Sequence

from hesabu.doors.chat.grammar.amounts import is_price_like
from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.cutting import cut_terms
from hesabu.doors.chat.grammar.deposits import DEPOSIT_RANGE
from hesabu.doors.chat.grammar.language import Language
from hesabu.doors.chat.grammar.lines import Sheet, total_of, write_lines
from hesabu.doors.chat.grammar.names import Who, find_customer, tidy_name
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.splitting import pieces_of
from hesabu.doors.chat.grammar.terms import Terms
from hesabu.doors.chat.grammar.text import Kind, Token, is_ornament, said, words_of
from hesabu.doors.chat.grammar.types import (
    Customer,
    Discount,
    Intent,
    Line,
    Problem,
    Total,
    Understood,
)

SECOND_INVOICE = "invoice_second"
_SAID_MAX = 60
_START_WORDS_MAX = 4
"""How far behind "and invoice" a name begins."""
_LEAD_WORDS_MAX = 10
_EDGES = {Kind.COMMA, Kind.BREAK, Kind.MARK}
_MONEY_PROBLEMS = ("amount", "discount", "deposit", "percent", "currency", "tax")


def read_invoice(text: str, setting: Setting) -> Understood:
    """Everything an invoice's message says behind its verb."""
    tokens, phone, phone_problems = read_contacts(text, setting)
    terms = cut_terms(Terms(text, setting.language, setting.currency, setting.today, tokens))
    _cut_name_lead(terms)
    who = Who(_labelled(terms))
    _drop_courtesies(terms)
    rest = terms.tokens
    if who.name is None:
        who, rest = find_customer(rest, setting)
    rest = [t.becoming(Kind.GAP) if t.kind is Kind.PHONE else t for t in rest]
    sheet = Sheet(text, setting)
    rest = _first_only(sheet, rest)
    write_lines(sheet, pieces_of(rest, setting.language), terms)
    _check_lines(sheet, who)
    total = total_of(sheet, terms) if not (sheet.has_money_problem or _is_unsure(terms)) else None
    deposit = _honest_deposit(sheet, terms, total)
    total = None if _is_unsure(terms) else total
    problems = [*phone_problems, *([who.problem] if who.problem else []), *sheet.problems]
    return Understood(
        intent=Intent.INVOICE,
        customer=Customer(who.name, phone, terms.email),
        lines=tuple(sheet.lines),
        discount=terms.discount,
        deposit=deposit,
        tax=terms.tax,
        total=total,
        due_on=terms.due_on,
        missing=_missing(who.name, sheet.lines, total),
        problems=tuple(_once([*problems, *terms.problems])),
    )


def _is_unsure(terms: Terms) -> bool:
    return any(problem.code.startswith(_MONEY_PROBLEMS) for problem in terms.problems)


def _honest_deposit(sheet: Sheet, terms: Terms, total: Total | None) -> Discount | None:
    """A deposit is less than the whole; one that is not is asked about."""
    deposit = terms.deposit
    if deposit is None or deposit.amount is None or total is None:
        return deposit
    if deposit.amount < total.amount:
        return deposit
    terms.problems.append(Problem(DEPOSIT_RANGE, terms.deposit_said))
    return None


def _check_lines(sheet: Sheet, who: Who) -> None:
    """ "Jane 5000, Mary 3000": a line that is nothing but another customer's name is another invoice."""
    customers = sheet.setting.customers
    for line in sheet.lines:
        words = (line.description or "").lower().split()
        found = customers.like(words) if customers and words else None
        if found and found.is_exact and found.names[0] != who.name:
            name = line.description or found.names[0]
            sheet.object_to(SECOND_INVOICE, sheet.as_written(name, sheet.text[:_SAID_MAX]))


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


def read_lines(text: str, setting: Setting) -> tuple[list[Line], list[Problem]]:
    """Lines alone, without a customer: what is to be added to an invoice."""
    tokens, _, phone_problems = read_contacts(text, setting)
    terms = cut_terms(Terms(text, setting.language, setting.currency, setting.today, tokens))
    _drop_courtesies(terms)
    sheet = Sheet(text, setting)
    write_lines(sheet, pieces_of(terms.tokens, setting.language), terms)
    return sheet.lines, _once([*phone_problems, *sheet.problems, *terms.problems])


# --- labels and courtesies -------------------------------------------------------------------------


def _cut_name_lead(terms: Terms) -> None:
    """ "my customer called Esther": what only leads to the name is no part of it."""
    language = terms.language
    words = words_of(terms.tokens[:_LEAD_WORDS_MAX])
    for place in range(len(terms.tokens)):
        if terms.tokens[place].text in language.hesitations:
            terms.cut(place, place + 1)
    at = 0
    found = language.name_leads.at(words, at)
    while (
        found is None
        and at < len(words)
        and (words[at] in language.to_words | language.for_words or terms.tokens[at].kind in _EDGES)
    ):
        at += 1
        found = language.name_leads.at(words, at)
    stop = at + found[0] if found is not None else len(terms.tokens)
    if stop < len(terms.tokens) and terms.tokens[stop].kind is Kind.WORD:
        terms.cut(at, stop)


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
            name = tidy_name(said(terms.tokens[colon + 1 : stop]), terms.language)
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
        is_edge = is_edge or (
            token.kind is Kind.MARK and (token.low in ".!?" or is_ornament(token.low))
        )
        if token.low in polite and token.kind is Kind.WORD and at > 0:
            terms.cut(at, at + 1)
        elif not is_edge:
            return
        at -= 1


def _begins_another(
    tokens: Sequence[Token], words: Sequence[str], at: int, language: Language
) -> bool:
    """A line that begins like an invoice; or "... and invoice Mary 3000"."""
    found = language.invoice_starts.at(words, at)
    if found is None:
        return False
    before = tokens[at - 1]
    if before.kind is Kind.BREAK:
        return True
    is_border = before.kind is Kind.COMMA or before.low in language.and_words | {"."}
    if not is_border and not language.courtesies_before.at(words, at - 1):
        return False
    name = tokens[at + found[0] : at + found[0] + 1]
    return bool(name) and name[0].kind is Kind.WORD


def _first_only(sheet: Sheet, tokens: list[Token]) -> list[Token]:
    """A second invoice in the same message is no line of the first."""
    language = sheet.setting.language
    if not language.invoice_starts.may_be_in(t.low for t in tokens):
        return tokens
    words = words_of(tokens)
    prices = [at for at, token in enumerate(tokens) if is_price_like(token)]
    has_capitals = any(token.is_capitalised for token in tokens)
    for at in range(1, len(tokens)):
        if not _begins_another(tokens, words, at, language):
            continue
        has_both = bool(prices) and prices[0] < at <= prices[-1]
        following = tokens[at + 1 : at + _START_WORDS_MAX]
        is_name = not has_capitals or any(t.is_capitalised for t in following)
        if tokens[at - 1].kind is Kind.BREAK or (has_both and is_name):
            line = sheet.text[tokens[at].start :].split("\n")[0]
            sheet.object_to(SECOND_INVOICE, line.strip())
            is_joined = tokens[at - 1].kind is Kind.WORD
            return tokens[: at - 1] if is_joined else tokens[:at]
    return tokens
