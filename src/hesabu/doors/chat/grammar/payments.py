"""What is said of a payment: "paid INV-0007 cash" by the merchant, "I have paid" by the customer."""

from __future__ import annotations

from decimal import Decimal

from hesabu.doors.chat.grammar.amounts import amount_problem
from hesabu.doors.chat.grammar.names import tidy_name
from hesabu.doors.chat.grammar.objects import bare, read_parts
from hesabu.doors.chat.grammar.setting import Setting
from hesabu.doors.chat.grammar.text import Kind, Token, said
from hesabu.doors.chat.grammar.types import (
    Customer,
    Intent,
    Payment,
    Problem,
    Understood,
)

_MARKS = {Kind.MARK, Kind.COMMA, Kind.BREAK}


def read_paid(
    rest: str, setting: Setting, *, is_first_person: bool, customer: str | None = None
) -> Understood:
    """ "paid INV-0007 5000 mpesa SKL4T7QX2P" by the merchant, "I have paid SKL4T7QX2P" by a customer. A
    receipt code without a document's number, or nothing at all, is the customer's way of saying it.
    """
    parts = read_parts(rest, setting, bare=False)
    problems = list(parts.problems)
    words = [t for t in parts.words if t.low not in setting.language.code_labels]
    language = setting.language
    fillers = language.object_fillers | language.i_words | language.paid_fillers
    words, share = _less_share(words, setting) if parts.amount is None else (words, None)
    words = bare(words, fillers, language)
    name = customer or (None if is_first_person else tidy_name(said(words), setting.language))
    amount = honest_amount(parts.amount, setting, problems)
    is_plain = parts.reference is None and name is None
    intent = Intent.HAVE_PAID if is_first_person or is_plain else Intent.PAID
    payment = Payment(
        method=parts.method or ("mpesa" if parts.code else None), amount=amount, code=parts.code
    )
    return Understood(
        intent,
        customer=Customer(name, parts.phone),
        reference=parts.reference,
        payment=None if payment.is_empty else payment,
        topic=None if share is None else f"{share}%",
        problems=tuple(problems),
    )


def _less_share(words: list[Token], setting: Setting) -> tuple[list[Token], int | None]:
    """ "Jane half" → Jane, 50. How much that is, is asked: of the whole, or of what is left?"""
    lows = [token.low for token in words]
    for at in range(len(words)):
        share = setting.language.shares.at(lows, at)
        if share is not None:
            return [*words[:at], *words[at + share[0] :]], share[1]
    return words, None


def honest_amount(token: Token | None, setting: Setting, problems: list[Problem]) -> Decimal | None:
    if token is None:
        return None
    problem = amount_problem(token, setting.currency)
    if problem is not None:
        problems.append(Problem(problem, token.text))
        return None
    return token.value
