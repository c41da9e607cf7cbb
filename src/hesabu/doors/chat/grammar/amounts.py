"""Is this number an honest amount, or a count? And if it is none, which code says why."""

from __future__ import annotations

from decimal import Decimal

from hesabu.doors.chat.grammar.countries import Currency
from hesabu.doors.chat.grammar.text import Kind, Token

UNCLEAR = "amount_unclear"
UNREADABLE = "amount_unreadable"
NOT_POSITIVE = "amount_not_positive"
TOO_LARGE = "amount_too_large"
TOO_PRECISE = "amount_too_precise"
OTHER_CURRENCY = "currency_other"
QUANTITY_WRONG = "quantity_wrong"

COUNT_BELOW = 100
"""A bare whole number below this, before a noun, is a count."""
QUANTITY_MAX = Decimal(1_000_000)
_QUANTITY_DECIMALS = 3


def amount_problem(token: Token, currency: Currency) -> str | None:
    """Why this number is no amount of this currency; None if it is an honest one."""
    if token.currency not in {None, currency.code}:
        return OTHER_CURRENCY
    if token.problem is not None:
        return token.problem
    return value_problem(token.value, currency)


def value_problem(value: Decimal | None, currency: Currency) -> str | None:
    if value is None:
        return UNREADABLE
    if value <= 0:
        return NOT_POSITIVE
    if value > currency.largest:
        return TOO_LARGE
    if value != round(value, currency.decimals):
        return TOO_PRECISE
    return None


def is_price_like(token: Token) -> bool:
    """Would anyone read this as money rather than as a count?"""
    return token.kind is Kind.BAD or (
        token.kind is Kind.NUMBER
        and (token.is_marked or token.value is None or not 0 < token.value < COUNT_BELOW)
    )


def is_count(value: Decimal) -> bool:
    """Can there be so many?"""
    return 0 < value <= QUANTITY_MAX and value == round(value, _QUANTITY_DECIMALS)
