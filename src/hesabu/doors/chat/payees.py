"""Whom a pasted M-PESA message names as paid, and whether that may be the seller.

A till's name is whatever Safaricom was told, so a name that differs proves nothing, and nothing is decided here: a message
in which neither the name nor the number is one of the seller's is pointed out to both.
"""

from __future__ import annotations

from collections.abc import Iterable

from hesabu.doors.chat import readings
from hesabu.doors.chat.grammar.types import Intent, Payment
from hesabu.identity import queries as identity
from hesabu.kit.countries import country as country_of
from hesabu.payments import queries as collected
from hesabu.payments.types import Method
from hesabu.store import tenancy

_LETTERS_MIN = 3
_SAYS_NOTHING = frozenset(
    [
        "and",
        "the",
        "for",
        "ltd",
        "limited",
        "plc",
        "company",
        "enterprises",
        "enterprise",
        "traders",
        "stores",
        "store",
        "shop",
        "services",
        "supplies",
        "group",
        "investments",
        "agencies",
        "international",
        "kenya",
        "till",
        "paybill",
        "mpesa",
    ]
)
"""Words that half of all businesses have in their names."""


def other_than_seller(payment: Payment | None) -> str | None:
    """The payee in the message, where it does not look like the bound business; None where it does, or names none."""
    if payment is None or payment.code is None or not (payment.payee or payment.phone):
        return None
    business = identity.business(tenancy.only())
    ways = collected.ways_to_pay()
    known = {way.number for way in ways} | {way.account for way in ways} | {business.phone}
    if {payment.phone, payment.account, payment.number} & (known - {None, ""}):
        return None
    if payment.payee and known & set(payment.payee.split()):
        return None  # "paid to TILL 123456"
    names = [business.name, business.legal_name, *(way.label for way in ways)]
    names += [identity.person(one.person_id).name for one in identity.members(business.id)]
    if payment.payee and _telling(payment.payee.split()) & _telling(
        word for name in names for word in name.split()
    ):
        return None
    return payment.payee or payment.phone


def way_claimed(said: str, country: str) -> Method | None:
    """How a customer says that they paid; where no M-PESA is taken, a bank. None: the seller's likeliest way is meant."""
    told = named_in(said, country)
    if told is not None and told.code is None and told.method in _TOLD:
        return _TOLD[told.method]
    return None if country_of(country).takes("till") else Method.BANK


_TOLD = {"cash": Method.CASH, "bank": Method.BANK}


def named_in(said: str, country: str) -> Payment | None:
    """What a pasted message says of the payment; None for any other words."""
    found = readings.understood(said, country)
    return found.payment if found.intent is Intent.HAVE_PAID else None


def _telling(words: Iterable[str]) -> set[str]:
    plain = {"".join(filter(str.isalnum, word)).casefold() for word in words}
    return {word for word in plain if len(word) >= _LETTERS_MIN} - _SAYS_NOTHING
