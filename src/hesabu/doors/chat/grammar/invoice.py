"""An invoice from a message: terms cut out, then who, then what; put together and added up.

Whatever is unsure about money empties the total and says "amount" is missing, so no door can send it on.
"""

from __future__ import annotations

from collections.abc import Sequence

from hesabu.doors.chat.grammar.contacts import read_contacts
from hesabu.doors.chat.grammar.lines import Sheet, total_of, write_lines
from hesabu.doors.chat.grammar.names import find_customer, tidy_name
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.splitting import pieces_of
from hesabu.doors.chat.grammar.terms import Terms, cut_terms
from hesabu.doors.chat.grammar.text import Kind, Token, said, words_of
from hesabu.doors.chat.grammar.types import Customer, Intent, Line, Problem, Total, Understood

SECOND_INVOICE = "invoice_second"
_MONEY_PROBLEMS = ("amount", "discount", "percent", "currency", "tax")


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
    sheet = Sheet(text, setting)
    rest = _first_only(sheet, rest)
    write_lines(sheet, pieces_of(rest, setting.language), terms)
    term_problems = list(terms.problems)
    is_certain = not sheet.has_money_problem and not any(
        p.code.startswith(("amount", "discount", "percent", "currency", "tax"))
        for p in term_problems
    )
    total = total_of(sheet, terms) if is_certain else None
    return Understood(
        intent=Intent.INVOICE,
        customer=Customer(name, phone, terms.email),
        lines=tuple(sheet.lines),
        discount=terms.discount,
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
        is_edge = is_edge or (token.kind is Kind.MARK and token.low in ".!?")
        if token.low in polite and token.kind is Kind.WORD and at > 0:
            terms.cut(at, at + 1)
        elif not is_edge:
            return
        at -= 1


def _first_only(sheet: Sheet, tokens: list[Token]) -> list[Token]:
    """A second invoice in the same message is no line of the first."""
    words = words_of(tokens)
    for at in range(1, len(tokens)):
        if tokens[at - 1].kind is not Kind.BREAK:
            continue
        if sheet.setting.language.invoice_starts.at(words, at):
            line = sheet.text[tokens[at].start :].split("\n")[0]
            sheet.object_to(SECOND_INVOICE, line.strip())
            return tokens[:at]
    return tokens
